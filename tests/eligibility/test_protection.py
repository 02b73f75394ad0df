"""Published law is refused for change by the database; drafts and appended rows are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

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
from tests.factories import InstitutionFactory, UserFactory
from tests.oversight.chains import NOON, unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> RuleVersion:
    """A draft with a criterion, a limit and a lifted rule."""
    owner = InstitutionFactory.create(code="nasional", kind="nasional")
    instrument = Instrument.objects.create(
        code="pp-1", owner=owner, title="PP 1", subject="x", issuer="x", layer=10, known_from=NOON
    )
    provision = Provision.objects.create(instrument=instrument, reference="Pasal 1", summary="x", mark="1")
    office, rule = (Rule.objects.create(code=code, owner=owner) for code in ("office", "rule"))
    version = version_of(rule, provision)
    Criterion.objects.create(version=version, part="applies", fact="task.with_tik", operator="is", operands=[True])
    LimitTerm.objects.create(version=version, quantity="days_per_week", direction="most", value=2)
    RuleLift.objects.create(version=version, lifted=office)
    return version


def version_of(rule: Rule, provision: Provision, number: int = 1) -> RuleVersion:
    return RuleVersion.objects.create(
        rule=rule,
        number=number,
        title="x",
        provision=provision,
        subject="task",
        effect="limit",
        home=True,
        effective_from=date(2025, 1, 1),
        known_from=NOON,
    )


def publish(version: RuleVersion) -> None:
    version.published_at = NOON
    version.save(update_fields=["published_at"])


def add_criterion(version: RuleVersion) -> None:
    Criterion.objects.create(version=version, part="applies", fact="task.local_1", operator="is", operands=[True])


CHANGES: dict[str, Callable[[RuleVersion], object]] = {
    "change the version": lambda version: RuleVersion.objects.filter(pk=version.pk).update(title="y"),
    "unpublish it": lambda version: RuleVersion.objects.filter(pk=version.pk).update(published_at=None),
    "delete it": lambda version: version.delete(),
    "change its criterion": lambda version: version.criteria.update(operands=[False]),
    "delete its criterion": lambda version: version.criteria.all().delete(),
    "add a criterion": add_criterion,
    "change its limit": lambda version: LimitTerm.objects.filter(version=version).update(value=5),
    "delete its limit": lambda version: LimitTerm.objects.filter(version=version).delete(),
    "delete its lift": lambda version: version.lifts.all().delete(),
    "change its provision": lambda version: Provision.objects.filter(pk=version.provision_id).update(summary="y"),
    "change its instrument": lambda version: Instrument.objects.filter(provisions=version.provision).update(title="y"),
    "narrow its scope": lambda version: InstrumentScope.objects.create(
        instrument=version.provision.instrument, agency_code="DLH"
    ),
    "add a lift": lambda version: RuleLift.objects.create(version=version, lifted=version.rule),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_draft_may_change_and_what_is_published_may_not(draft: RuleVersion, name: str) -> None:
    with transaction.atomic():
        CHANGES[name](draft)
        transaction.set_rollback(True)
    draft = RuleVersion.objects.get()
    publish(draft)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        CHANGES[name](draft)


def test_a_criterion_is_moved_neither_into_nor_out_of_a_published_version(draft: RuleVersion) -> None:
    other = version_of(draft.rule, draft.provision, number=2)
    criterion = draft.criteria.get()
    Criterion.objects.filter(pk=criterion.pk).update(version=other)
    Criterion.objects.filter(pk=criterion.pk).update(version=draft)
    publish(draft)
    with pytest.raises(IntegrityError, match="eligibility_criterion: UPDATE refused"), transaction.atomic():
        Criterion.objects.filter(pk=criterion.pk).update(version=other)
    add_criterion(other)
    with pytest.raises(IntegrityError, match="eligibility_criterion: UPDATE refused"), transaction.atomic():
        other.criteria.update(version=draft)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
@pytest.mark.parametrize(
    ("table", "changed"),
    [("eligibility_ruleversion", "published_at"), ("eligibility_criterion", "version_id")],
)
def test_sqlite_cannot_replace_what_is_published_by_a_draft(draft: RuleVersion, table: str, changed: str) -> None:
    other = version_of(draft.rule, draft.provision, number=2)
    publish(draft)
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        value = "NULL" if changed == "published_at" else str(other.pk)
        values = ", ".join(value if column == changed else f'"{column}"' for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        statement = f"REPLACE INTO {table} ({names}) SELECT {values} FROM {table} LIMIT 1"
        with pytest.raises(IntegrityError, match="INSERT refused"), transaction.atomic():
            cursor.execute(statement)
        number_taken = "UPDATE OR REPLACE eligibility_ruleversion SET number = 1 WHERE number = 2"
        with pytest.raises(IntegrityError, match="UPDATE refused"), transaction.atomic():
            cursor.execute(number_taken)
        with unprotected():
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            cursor.execute(statement)


def test_periods_verifications_repeals_and_settings_are_only_ever_added(draft: RuleVersion) -> None:
    instrument, user = draft.provision.instrument, UserFactory.create()
    rows = [
        InstrumentPeriod.objects.create(instrument=instrument, starts_on=date(2025, 1, 1), basis="x", known_from=NOON),
        ProvisionVerification.objects.create(provision=draft.provision, verified_by=user, verified_at=NOON),
        RuleRepeal.objects.create(rule=draft.rule, effective_from=date(2026, 1, 1), basis="x", known_from=NOON),
        InstitutionSetting.objects.create(
            institution=instrument.owner,
            name="x",
            value=1,
            valid_from=date(2025, 1, 1),
            source="x",
            known_from=NOON,
        ),
        SenderKey.objects.create(
            institution=instrument.owner, public_key="k", holder="x", source="x", recorded_at=NOON
        ),
    ]
    for row in rows:
        with pytest.raises(IntegrityError, match="UPDATE refused"), transaction.atomic():
            row.save(force_update=True)
        with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic():
            row.delete()
        row.pk = None
        row.save(force_insert=True)
