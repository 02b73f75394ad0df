"""The acts on drafts of rules and instruments, on their publication and on what joins them later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from agencies.models import Role, User
from eligibility.actions import drafts, instrument_drafts, publication
from eligibility.models import Instrument, Provision, Rule, RuleVersion
from eligibility.texts import (
    CriterionText,
    InstrumentText,
    PeriodText,
    ProvisionText,
    ScopeText,
    VersionText,
)
from tests.base import Cast, person

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
ISSUED = datetime(2025, 6, 25, tzinfo=UTC)
DAY = date(2025, 7, 1)


def second_administrator(cast: Cast) -> User:
    """Somebody else who writes the rules of the city."""
    kept = User.objects.filter(username="second_administrator").first()
    return kept or person("second_administrator", Role.RULES_ADMINISTRATOR, cast.institution)


def circular_text(**other: object) -> InstrumentText:
    """A circular of the mayor for four days, with one place."""
    values: dict[str, object] = {
        "source": "",
        "code": "SE-9-2025",
        "owner": "kota-contoh",
        "title": "SE Wali Kota 9/2025",
        "subject": "Penyesuaian sistem kerja",
        "issuer": "Wali Kota Contoh",
        "layer": 50,
        "number": "9/2025",
        "issued_on": date(2025, 6, 25),
        "known_from": ISSUED,
        "periods": (PeriodText("in_force", DAY, date(2025, 7, 4), "SE 9/2025", "", ISSUED),),
        "scopes": (ScopeText(institution_code="kota-contoh"),),
        "provisions": (ProvisionText("Angka 1", "Loket tetap di kantor.", "1"),),
    }
    return InstrumentText(**(values | other))  # type: ignore[arg-type]


def counter_text(**other: object) -> VersionText:
    """Who serves at a counter stays at the office."""
    values: dict[str, object] = {
        "number": 1,
        "title": "Petugas loket tetap di kantor",
        "provision": "Angka 1",
        "subject": "task",
        "effect": "prohibit",
        "modes": ("home",),
        "effective_from": DAY,
        "known_from": ISSUED,
        "applies": (CriterionText("task.exposure", "is", ("direct",)),),
    }
    return VersionText(**(values | other))  # type: ignore[arg-type]


def circular(cast: Cast) -> Instrument:
    """The circular as a draft that no act of the test wrote."""
    kept = Instrument.objects.filter(code="SE-9-2025").first()
    return kept or instrument_drafts.draft_instrument(
        actor=cast.rules_administrator, institution=cast.institution, text=circular_text(), at=NOON
    )


def drafted(cast: Cast) -> RuleVersion:
    """The draft of its rule."""
    kept = RuleVersion.objects.filter(rule__code="LOKET").first()
    return kept or drafts.draft_version(
        actor=cast.rules_administrator, instrument=circular(cast), code="LOKET", text=counter_text(), at=NOON
    )


def reviewed(cast: Cast) -> RuleVersion:
    """The draft, reviewed by somebody else."""
    row = drafted(cast)
    drafts.review_version(actor=second_administrator(cast), version=row, at=NOON)
    row.refresh_from_db()
    return row


def published(cast: Cast) -> RuleVersion:
    """The rule as it was published."""
    row = RuleVersion.objects.published().filter(rule__code="LOKET").first()
    if row is None:
        row = reviewed(cast)
        publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
        row.refresh_from_db()
    return row


def draft_instrument(cast: Cast) -> object:
    text = circular_text(code="SE-10-2025")
    return instrument_drafts.draft_instrument(
        actor=cast.rules_administrator, institution=cast.institution, text=text, at=NOON
    )


def change_instrument(cast: Cast) -> object:
    text = circular_text(subject="Sistem kerja akhir tahun", scopes=(ScopeText("", "kota-contoh", "", "Dinkes"),))
    return instrument_drafts.change_instrument(
        actor=cast.rules_administrator, instrument=circular(cast), text=text, at=NOON
    )


def discard_instrument(cast: Cast) -> object:
    row = Instrument.objects.filter(code="SE-9-2025").first() or Instrument(pk=0, owner=cast.institution)
    return instrument_drafts.discard_instrument(actor=cast.rules_administrator, instrument=row, at=NOON)


def add_provision(cast: Cast) -> object:
    text = ProvisionText("Angka 2", "Lapor sebelum mulai.", "1", quote="Wajib lapor.", url="https://contoh.go.id/se")
    return instrument_drafts.add_provision(
        actor=cast.rules_administrator, instrument=published(cast).provision.instrument, text=text, at=NOON
    )


def verify_provision(cast: Cast) -> object:
    place = Provision.objects.get(instrument=circular(cast))
    return instrument_drafts.verify_provision(
        actor=cast.rules_administrator, provision=place, note="Sesuai naskah", at=NOON
    )


def draft_version(cast: Cast) -> object:
    return drafts.draft_version(
        actor=cast.rules_administrator, instrument=circular(cast), code="LOKET-2", text=counter_text(), at=NOON
    )


def clone_version(cast: Cast) -> object:
    return drafts.clone_version(actor=cast.rules_administrator, version=published(cast), at=NOON)


def change_draft(cast: Cast) -> object:
    row = drafted(cast)
    text = replace(counter_text(), title="Loket tetap di kantor")
    return drafts.change_draft(
        actor=cast.rules_administrator, version=row, instrument=circular(cast), text=text, at=NOON
    )


def discard_draft(cast: Cast) -> object:
    gone = RuleVersion(pk=0, rule=Rule(code="LOKET", owner=cast.institution))
    row = RuleVersion.objects.filter(rule__code="LOKET").first() or gone
    return drafts.discard_draft(actor=cast.rules_administrator, version=row, at=NOON)


def review_version(cast: Cast) -> object:
    return drafts.review_version(actor=second_administrator(cast), version=drafted(cast), at=NOON)


def publish_versions(cast: Cast) -> object:
    row = RuleVersion.objects.get(rule__code="LOKET")
    return publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)


def implementing(cast: Cast) -> Instrument:
    """A circular that opens the gate, as a draft."""
    kept = Instrument.objects.filter(code="SE-11-2025").first()
    return kept or instrument_drafts.draft_instrument(
        actor=cast.rules_administrator,
        institution=cast.institution,
        text=circular_text(code="SE-11-2025", implementing=True),
        at=NOON,
    )


def publish_instrument(cast: Cast) -> object:
    return publication.publish_instrument(
        actor=second_administrator(cast), instrument=Instrument.objects.get(code="SE-11-2025"), at=NOON
    )


def repeal_rule(cast: Cast) -> object:
    return publication.repeal_rule(
        actor=cast.rules_administrator,
        rule=published(cast).rule,
        effective_from=date(2025, 7, 3),
        basis="SE 12/2025",
        at=NOON,
    )


BEFORE = {
    "eligibility.actions.instrument_drafts.change_instrument": circular,
    "eligibility.actions.instrument_drafts.discard_instrument": circular,
    "eligibility.actions.instrument_drafts.add_provision": published,
    "eligibility.actions.instrument_drafts.verify_provision": circular,
    "eligibility.actions.drafts.draft_version": circular,
    "eligibility.actions.drafts.clone_version": published,
    "eligibility.actions.drafts.change_draft": drafted,
    "eligibility.actions.drafts.discard_draft": drafted,
    "eligibility.actions.drafts.review_version": drafted,
    "eligibility.actions.publication.publish_versions": reviewed,
    "eligibility.actions.publication.publish_instrument": implementing,
    "eligibility.actions.publication.repeal_rule": published,
}
ACTS = {
    "eligibility.actions.instrument_drafts.draft_instrument": draft_instrument,
    "eligibility.actions.instrument_drafts.change_instrument": change_instrument,
    "eligibility.actions.instrument_drafts.discard_instrument": discard_instrument,
    "eligibility.actions.instrument_drafts.add_provision": add_provision,
    "eligibility.actions.instrument_drafts.verify_provision": verify_provision,
    "eligibility.actions.drafts.draft_version": draft_version,
    "eligibility.actions.drafts.clone_version": clone_version,
    "eligibility.actions.drafts.change_draft": change_draft,
    "eligibility.actions.drafts.discard_draft": discard_draft,
    "eligibility.actions.drafts.review_version": review_version,
    "eligibility.actions.publication.publish_versions": publish_versions,
    "eligibility.actions.publication.publish_instrument": publish_instrument,
    "eligibility.actions.publication.repeal_rule": repeal_rule,
}
