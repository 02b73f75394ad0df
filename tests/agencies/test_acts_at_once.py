"""Acts that meet: what a form holds is read anew, and of two acts at once the second is told what the first did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from agencies.actions.agencies import add_agency, close_agency, correct_agency
from agencies.actions.personal_records import correct_row, record_row
from agencies.actions.positions import close_position
from agencies.actions.services import add_service
from agencies.actions.units import close_unit
from agencies.actions.users import create_accounts
from agencies.errors import ActRefused, PortalError, ValuesRefused
from agencies.models import Agency, Position, Posting, PublicService, Role, Unit, User
from agencies.new_accounts import NewAccount
from agencies.structure import AgencyValues, ServiceValues
from oversight.models import TrailEntry
from tests.base import Cast, assemble_cast, person
from tests.factories import AgencyFactory, EmployeeFactory, PositionFactory, PostingFactory, UnitFactory

NOW = datetime(2025, 7, 1, 5, tzinfo=UTC)
DAY, CLOSED = date(2025, 7, 1), date(2025, 8, 1)
FACTS: dict[str, Any] = {"source": "SK 9/2025", "valid_from": DAY, "at": NOW}

at_once = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def posting(position: Position, **values: Any) -> Posting:
    """An unsaved posting of somebody new."""
    employee = EmployeeFactory.create(institution=position.institution)
    row = Posting(employee=employee, position=position, reason="transfer", effective_from=DAY)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def meanwhile(first: Callable[[], object], second: Callable[[], object]) -> object:
    """What the second act gives or is refused with, begun in another session before the first one ends."""
    found: list[object] = []

    def act() -> None:
        try:
            found.append(second())
        except PortalError as refusal:
            found.append(refusal)
        finally:
            connections.close_all()

    other = threading.Thread(target=act)
    with transaction.atomic():
        first()
        other.start()
        other.join(timeout=0.7)
    other.join()
    return found[0]


def test_a_posting_ends_before_its_position_is_closed_also_where_the_form_saw_it_open(cast: Cast) -> None:
    seen = PositionFactory.create(agency=cast.agency)
    close_position(
        actor=cast.hr_officer, position=Position.objects.get(pk=seen.pk), closed_on=CLOSED, source="SK", at=NOW
    )
    for values, field in [
        ({}, "effective_until"),
        ({"effective_until": CLOSED}, "effective_until"),
        ({"effective_from": CLOSED}, "position"),
    ]:
        with pytest.raises(ActRefused) as refusal:
            record_row(actor=cast.hr_officer, row=posting(seen, **values), at=NOW)
        assert refusal.value.field == field
    held = PostingFactory.create(position=cast.position, effective_from=DAY)
    moved = Posting(employee=held.employee, position=seen, reason="transfer", effective_from=DAY)
    with pytest.raises(ActRefused):
        correct_row(actor=cast.hr_officer, wrong=held, right=moved, at=NOW)
    assert record_row(actor=cast.hr_officer, row=posting(seen, effective_until=date(2025, 7, 31)), at=NOW)


def test_nothing_is_added_below_what_was_closed_since_the_form_was_opened(cast: Cast) -> None:
    parent, unit = AgencyFactory.create(institution=cast.institution), UnitFactory.create(agency=cast.agency)
    Agency.objects.filter(pk=parent.pk).update(closed_on=DAY)
    Unit.objects.filter(pk=unit.pk).update(closed_on=DAY)
    values = AgencyValues(name="UPTD Baru", kind="uptd", parent=parent)
    with pytest.raises(ActRefused) as refusal:
        add_agency(actor=cast.hr_officer, institution=cast.institution, code="UPTD-9", values=values, **FACTS)
    assert refusal.value.field == "parent"
    with pytest.raises(ActRefused):
        add_service(actor=None, agency=cast.agency, code="L9", values=service(unit), **FACTS)
    assert not PublicService.objects.exists()


def service(unit: Unit) -> ServiceValues:
    """A counter of the unit."""
    return ServiceValues(name="Loket", kind="counter", unit=unit)


@pytest.mark.django_db(transaction=True)
@at_once
def test_of_a_posting_and_a_closing_at_once_one_counts() -> None:
    cast = assemble_cast()
    row = posting(cast.position)
    position = Position.objects.get(pk=cast.position.pk)

    def close() -> object:
        return close_position(actor=None, position=position, closed_on=CLOSED, source="SK", at=NOW)

    def post() -> object:
        return record_row(actor=None, row=row, at=NOW)

    refusal = meanwhile(close, post)
    assert isinstance(refusal, ActRefused)
    assert refusal.field == "effective_until"
    close_position(actor=None, position=position, closed_on=None, source="SK", at=NOW)
    assert isinstance(meanwhile(post, close), ActRefused)
    assert (Posting.objects.count(), Position.objects.get(pk=position.pk).closed_on) == (1, None)


@pytest.mark.django_db(transaction=True)
@at_once
def test_two_agencies_put_below_each_other_at_once_make_no_circle() -> None:
    cast = assemble_cast()
    one, two = cast.agency, cast.other_agency

    def below(agency: Agency, parent: Agency) -> object:
        values = AgencyValues(name=agency.name, kind=agency.kind, sector=agency.sector, parent=parent)
        return correct_agency(actor=None, agency=Agency.objects.get(pk=agency.pk), values=values, **FACTS)

    refusal = meanwhile(lambda: below(one, two), lambda: below(two, one))
    assert isinstance(refusal, ActRefused)
    assert Agency.objects.get(pk=two.pk).parent is None


@pytest.mark.django_db(transaction=True)
@at_once
def test_a_unit_does_not_open_again_while_its_agency_is_closed() -> None:
    cast = assemble_cast()
    agency = AgencyFactory.create(institution=cast.institution)
    unit = UnitFactory.create(agency=agency, closed_on=DAY)

    def close() -> object:
        return close_agency(actor=None, agency=agency, closed_on=CLOSED, source="SK", at=NOW)

    def open_again() -> object:
        return close_unit(actor=None, unit=Unit.objects.get(pk=unit.pk), closed_on=None, source="SK", at=NOW)

    assert isinstance(meanwhile(close, open_again), ActRefused)
    assert Unit.objects.get(pk=unit.pk).closed_on == DAY


@pytest.mark.django_db(transaction=True)
@at_once
def test_of_two_institutions_that_give_one_user_name_at_once_the_second_is_told() -> None:
    cast = assemble_cast()
    elsewhere = cast.outsider.grants.get().institution
    other = person("administrator_lain", Role.SYSTEM_ADMINISTRATOR, elsewhere)

    def create(actor: User, institution: Any) -> Callable[[], object]:
        account = NewAccount("sari", Role.INSPECTOR, None, timezone.localdate())
        return lambda: create_accounts(actor=actor, institution=institution, accounts=[account])

    refusal = meanwhile(create(cast.system_administrator, cast.institution), create(other, elsewhere))
    assert isinstance(refusal, ValuesRefused)
    assert list(refusal.faults) == ["username"]
    assert User.objects.filter(username="sari").count() == 1
    assert TrailEntry.objects.filter(action="accounts_created").count() == 1
