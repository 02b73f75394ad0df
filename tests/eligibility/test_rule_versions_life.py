"""The life of a version: drafted, reviewed by somebody else, published, superseded, repealed; what hinders it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Institution, Role
from eligibility.actions import drafts, instrument_drafts, instruments, publication
from eligibility.loading import NoLawInForce, rulebook
from eligibility.models import Criterion, Instrument, InstrumentPeriod, Rule, RuleVersion
from eligibility.models.rules import VersionState
from eligibility.periods import Span
from eligibility.publication import PublicationRefused, publication_faults
from eligibility.texts import CriterionText, LiftText, LimitText, PeriodText, ProvisionText, ScopeText
from oversight.verification import verify_all
from tests.acts.drafts import (
    DAY,
    ISSUED,
    NOON,
    circular,
    circular_text,
    counter_text,
    drafted,
    published,
    reviewed,
    second_administrator,
)
from tests.base import Cast, person
from tests.factories import InstitutionFactory

LATER = datetime(2025, 8, 1, 5, tzinfo=UTC)


def test_a_draft_decides_nothing_and_a_published_version_from_its_first_day(cast: Cast) -> None:
    row = reviewed(cast)
    with pytest.raises(NoLawInForce):
        rulebook(cast.institution, DAY, NOON)
    assert not Instrument.objects.in_force(DAY, NOON).exists()
    publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    assert [rule.code for rule in rulebook(cast.institution, DAY, NOON).rules] == ["LOKET"]
    assert [rule.code for rule in rulebook(cast.institution, date(2025, 7, 4), NOON).rules] == ["LOKET"]
    for outside in (date(2025, 6, 30), date(2025, 7, 5)):
        with pytest.raises(NoLawInForce):
            rulebook(cast.institution, outside, NOON)


def test_states_follow_from_reviews_versions_and_repeals_day_by_day(cast: Cast) -> None:
    row = drafted(cast)
    assert row.state_on(DAY, NOON) is VersionState.DRAFT
    assert reviewed(cast).state_on(DAY, NOON) is VersionState.REVIEWED
    first = published(cast)
    assert first.state_on(date(2025, 6, 1), NOON) is VersionState.PUBLISHED, "still to come"
    text = replace(counter_text(), effective_from=date(2025, 7, 3), known_from=NOON, title="Loket dan kasir")
    second = drafts.draft_version(
        actor=cast.rules_administrator, instrument=circular(cast), code="LOKET", text=text, at=NOON
    )
    assert second.number == 2
    drafts.review_version(actor=second_administrator(cast), version=second, at=NOON)
    publication.publish_versions(actor=cast.rules_administrator, versions=[second], at=NOON)
    assert first.state_on(date(2025, 7, 2), NOON) is VersionState.PUBLISHED
    assert first.state_on(date(2025, 7, 3), NOON) is VersionState.SUPERSEDED
    publication.repeal_rule(
        actor=cast.rules_administrator, rule=first.rule, effective_from=date(2025, 7, 4), basis="SE 12/2025", at=NOON
    )
    second.refresh_from_db()
    assert second.state_on(date(2025, 7, 3), NOON) is VersionState.PUBLISHED
    assert second.state_on(date(2025, 7, 4), NOON) is VersionState.REPEALED


def test_four_eyes_and_a_change_takes_the_review_back(cast: Cast) -> None:
    row = drafted(cast)
    with pytest.raises(ActRefused, match=r"second administrator|pengelola aturan kedua"):
        drafts.review_version(actor=cast.rules_administrator, version=row, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=row.pk).update(reviewed_by=cast.rules_administrator, reviewed_at=NOON)
    reviewed(cast)
    text = replace(counter_text(), title="Diubah")
    drafts.change_draft(actor=cast.rules_administrator, version=row, instrument=circular(cast), text=text, at=NOON)
    row.refresh_from_db()
    assert row.reviewed_at is None
    with pytest.raises(PublicationRefused):
        publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    drafts.review_version(actor=second_administrator(cast), version=row, at=NOON)
    changed = circular_text(subject="Diubah pula")
    instrument_drafts.change_instrument(
        actor=cast.rules_administrator, instrument=circular(cast), text=changed, at=NOON
    )
    row.refresh_from_db()
    assert row.reviewed_at is None, "what it rests on has changed"


def test_what_is_published_is_frozen_for_acts_for_the_orm_and_for_raw_sql(cast: Cast) -> None:
    row = published(cast)
    text = replace(counter_text(), title="Diubah")
    for act in (
        lambda: drafts.change_draft(
            actor=cast.rules_administrator, version=row, instrument=circular(cast), text=text, at=NOON
        ),
        lambda: drafts.discard_draft(actor=cast.rules_administrator, version=row, at=NOON),
        lambda: instrument_drafts.change_instrument(
            actor=cast.rules_administrator, instrument=circular(cast), text=circular_text(subject="Lain"), at=NOON
        ),
        lambda: instrument_drafts.discard_instrument(
            actor=cast.rules_administrator, instrument=circular(cast), at=NOON
        ),
    ):
        with pytest.raises(ActRefused):
            act()
    period = InstrumentPeriod.objects.get(instrument=row.provision.instrument)
    for change in (
        lambda: RuleVersion.objects.filter(pk=row.pk).update(title="Diubah"),
        lambda: Criterion.objects.filter(version=row).delete(),
        lambda: InstrumentPeriod.objects.filter(pk=period.pk).update(ends_on=date(2026, 1, 1)),
        lambda: Instrument.objects.filter(pk=row.provision.instrument_id).update(published_at=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert verify_all(cast.institution).is_whole


def test_publication_says_every_reason_at_its_place(cast: Cast) -> None:
    row = drafted(cast)
    Criterion.objects.filter(version=row).update(fact="task.forgotten")
    nowhere = replace(circular_text().provisions[0], reference="")
    text = circular_text(provisions=(*circular_text().provisions, nowhere), known_from=LATER)
    instrument_drafts.change_instrument(actor=cast.rules_administrator, instrument=circular(cast), text=text, at=NOON)
    uncited = drafts.draft_version(
        actor=cast.rules_administrator,
        instrument=circular(cast),
        code="TANPA-RUJUKAN",
        text=replace(counter_text(), provision=""),
        at=NOON,
    )
    rows = list(RuleVersion.objects.filter(pk__in=[row.pk, uncited.pk]).select_related("rule", "provision__instrument"))
    told = [str(fault) for fault in publication_faults(rows, NOON)]
    assert sum("LOKET" in sentence for sentence in told) >= 3
    for word in ("task.forgotten", "TANPA-RUJUKAN"):
        assert any(word in sentence for sentence in told), word
    with pytest.raises(PublicationRefused) as refused:
        publication.publish_versions(actor=cast.rules_administrator, versions=rows, at=NOON)
    assert [str(fault) for fault in refused.value.faults] == told
    assert not RuleVersion.objects.published().exists(), "all of it or nothing"


def test_a_city_may_not_loosen_a_higher_limit_unless_it_is_lifted(cast: Cast) -> None:
    nation = _nation()
    _national_limit(nation)
    limit = LimitText("days_per_week", "most", value=Decimal(3), together=("home",))
    text = replace(counter_text(), effect="limit", applies=(), limit=limit)
    row = drafts.draft_version(
        actor=cast.rules_administrator, instrument=circular(cast), code="TIGA-HARI", text=text, at=NOON
    )
    drafts.review_version(actor=second_administrator(cast), version=row, at=NOON)
    with pytest.raises(PublicationRefused) as refused:
        publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    told = str(refused.value)
    assert "TIGA-HARI" in told
    assert "Paling banyak dua hari" in told, "both are named"
    fewer = replace(text, limit=replace(limit, value=Decimal(2)))
    drafts.change_draft(actor=cast.rules_administrator, version=row, instrument=circular(cast), text=fewer, at=NOON)
    row.refresh_from_db()
    drafts.review_version(actor=second_administrator(cast), version=row, at=NOON)
    publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)


def test_a_city_writes_its_own_law_only(cast: Cast) -> None:
    cases = {
        "layer": circular_text(layer=30),
        "scopes": circular_text(scopes=()),
        "scopes.0": circular_text(scopes=(ScopeText(institution_code="kota-lain"),)),
        "periods.1": circular_text(periods=(*circular_text().periods, *circular_text().periods)),
        "periods": circular_text(periods=()),
    }
    for place, text in cases.items():
        with pytest.raises(ValuesRefused) as refused:
            instrument_drafts.draft_instrument(
                actor=cast.rules_administrator, institution=cast.institution, text=text, at=NOON
            )
        assert place in refused.value.faults, place
    lift = replace(counter_text(), effect="lift", lifts=(LiftText("KANTOR"),))
    _office(_nation())
    with pytest.raises(ValuesRefused) as refused:
        drafts.draft_version(actor=cast.rules_administrator, instrument=circular(cast), code="BUKA", text=lift, at=NOON)
    assert "lifts.0" in refused.value.faults, "a lower norm lifts with an enabling provision only"


def test_an_extension_leaves_what_was_known_before_as_it_was(cast: Cast) -> None:
    row = published(cast)
    instruments.extend_instrument(
        actor=cast.rules_administrator,
        instrument=row.provision.instrument,
        period=Span(date(2025, 7, 7), date(2025, 7, 8)),
        basis="SE 10/2025",
        known_from=NOON + timedelta(days=2),
        at=LATER,
    )
    with pytest.raises(NoLawInForce):
        rulebook(cast.institution, date(2025, 7, 7), NOON + timedelta(days=1))
    assert rulebook(cast.institution, date(2025, 7, 7), LATER).rules
    with pytest.raises(ActRefused):
        instruments.extend_instrument(
            actor=cast.rules_administrator,
            instrument=row.provision.instrument,
            period=Span(date(2025, 9, 1)),
            basis="SE 11/2025",
            known_from=ISSUED,
            at=LATER,
        )


def test_drafts_are_changed_and_discarded_and_leave_nothing_but_the_trail(cast: Cast) -> None:
    row = drafted(cast)
    drafts.discard_draft(actor=cast.rules_administrator, version=row, at=NOON)
    assert not Rule.objects.filter(code="LOKET").exists()
    text = circular_text(
        periods=(PeriodText("in_force", date(2025, 7, 9), None, "SE 9/2025", "", ISSUED),),
        provisions=(ProvisionText("Angka 3", "Lain.", "1", quote="Kutipan.", url="https://contoh.go.id"),),
    )
    instrument_drafts.change_instrument(actor=cast.rules_administrator, instrument=circular(cast), text=text, at=NOON)
    assert verify_all(cast.institution).is_whole
    instrument_drafts.discard_instrument(actor=cast.rules_administrator, instrument=circular(cast), at=NOON)
    assert not Instrument.objects.exists()
    assert verify_all(cast.institution).is_whole


def test_the_next_version_is_a_clone_and_a_rule_has_one_draft_at_a_time(cast: Cast) -> None:
    row = published(cast)
    clone = drafts.clone_version(actor=cast.rules_administrator, version=row, at=LATER)
    assert clone.number == 2
    with pytest.raises(ValuesRefused):
        drafts.draft_version(
            actor=cast.rules_administrator,
            instrument=circular(cast),
            code="LOKET",
            text=replace(counter_text(), title="Ketiga"),
            at=LATER,
        )
    criteria = (CriterionText("task.exposure", "is", ("direct",)), CriterionText("task.with_tik", "is", (True,)))
    drafts.change_draft(
        actor=cast.rules_administrator,
        version=clone,
        instrument=circular(cast),
        text=replace(counter_text(), number=2, effective_from=date(2025, 7, 3), applies=criteria),
        at=LATER,
    )
    assert clone.criteria.count() == 2


def _nation() -> Institution:
    return InstitutionFactory.create(code="nasional", name="Nasional", kind="nasional")


def _national(nation: Institution, code: str, **other: object) -> None:
    writer = person(f"writer-{code}", Role.RULES_ADMINISTRATOR, nation)
    reviewer = person(f"reviewer-{code}", Role.RULES_ADMINISTRATOR, nation)
    text = circular_text(code=f"UU-{code}", owner="nasional", layer=10, scopes=(), title="UU 1/2020")
    instrument = instrument_drafts.draft_instrument(actor=writer, institution=nation, text=text, at=NOON)
    row = drafts.draft_version(
        actor=writer, instrument=instrument, code=code, text=counter_text(applies=(), **other), at=NOON
    )
    drafts.review_version(actor=reviewer, version=row, at=NOON)
    publication.publish_versions(actor=writer, versions=[row], at=NOON)


def _national_limit(nation: Institution) -> None:
    limit = LimitText("days_per_week", "most", value=Decimal(2), together=("other_office", "home"))
    _national(nation, "DUA-HARI", title="Paling banyak dua hari", effect="limit", limit=limit)


def _office(nation: Institution) -> None:
    _national(nation, "KANTOR", title="Bekerja di kantor")
