"""A law of one row for each table that the trail answers for, written by one recorded act."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Model

from agencies.digests import leaves
from agencies.events import record
from agencies.models import Institution, User
from eligibility.models import (
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    ProvisionVerification,
    Rule,
    RuleLift,
    RuleRepeal,
    RuleVersion,
    SenderKey,
)
from tests.oversight.chains import NOON

DAY: Final = date(2025, 1, 1)

TABLES: Final[dict[type[Model], str]] = {
    Instrument: "title",
    InstrumentScope: "agency_code",
    InstrumentPeriod: "basis",
    Provision: "summary",
    ProvisionVerification: "note",
    RuleVersion: "title",
    Criterion: "fact",
    LimitTerm: "population",
    RuleLift: "enabling_provision_id",
    RuleRepeal: "basis",
    InstitutionSetting: "source",
    SenderKey: "holder",
}
"""Each table with a column of it that raw SQL changes."""


def seal_law(city: Institution, verifier: User) -> dict[type[Model], Model]:
    """Write a row of each table and record the act; the row of each table that is then tampered with."""
    with transaction.atomic():
        rows = {type(row): row for row in _rows(city, verifier)}
        written = [Instrument, InstrumentPeriod, Provision, ProvisionVerification, RuleVersion, RuleRepeal]
        whole = (*written, InstitutionSetting, SenderKey)
        sealed = [leaf for model in whole for leaf in leaves(model._base_manager.all())]
        record(actor=None, action="law.noted", subject=city, at=NOON, leaves=sealed)
    return rows


def _rows(city: Institution, verifier: User) -> list[Model]:
    """Two instruments, of which nothing names the second; one rule whose first version has every part."""
    cited = _instrument(city, "peraturan-1")
    alone = _instrument(city, "peraturan-2")
    provision = Provision.objects.create(instrument=cited, reference="Pasal 1", summary="Kantor.", mark="2+")
    loose = Provision.objects.create(instrument=cited, reference="Pasal 2", summary="Rumah.", mark="2+")
    rule, lifted = (Rule.objects.create(code=code, owner=city) for code in ("aturan-1", "aturan-2"))
    version, _second = (_version(rule, provision, number) for number in (1, 2))
    parts = [
        InstrumentScope(instrument=alone, agency_code="Dinkes"),
        InstrumentPeriod(instrument=cited, starts_on=DAY, basis="SE 1/2025", known_from=NOON),
        ProvisionVerification(provision=provision, verified_by=verifier, verified_at=NOON, note="cocok"),
        Criterion(version=version, part="applies", fact="task.with_tik", operator="is", operands=[True]),
        LimitTerm(version=version, quantity="days_per_week", direction="most", value=2, together=["home"]),
        RuleLift(version=version, lifted=lifted, enabling_provision=provision),
        RuleRepeal(rule=lifted, effective_from=DAY, basis="SE 2/2025", known_from=NOON),
        InstitutionSetting(
            institution=city, name="days", value={"b": [1, "dua"]}, valid_from=DAY, source="SK 1", known_from=NOON
        ),
        SenderKey(institution=city, public_key="k", holder="Menteri", source="Surat 1", recorded_at=NOON),
    ]
    for part in parts:
        part.save()
    RuleVersion.objects.update(published_at=NOON)
    return [alone, loose, version, *parts]


def _instrument(city: Institution, code: str) -> Instrument:
    return Instrument.objects.create(
        code=code, owner=city, title=code, subject="Kantor", issuer="Wali Kota", layer=50, known_from=NOON
    )


def _version(rule: Rule, provision: Provision, number: int) -> RuleVersion:
    return RuleVersion.objects.create(
        rule=rule,
        number=number,
        title="Di kantor",
        provision=provision,
        subject="task",
        effect="prohibit",
        home=True,
        effective_from=DAY,
        known_from=NOON,
    )
