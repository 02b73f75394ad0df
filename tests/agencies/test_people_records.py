"""What is recorded about an employee: corrections supersede, contradictions are refused, nobody writes of herself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agencies.actions.people import add_employee, close_employment, correct_employee
from agencies.actions.personal_records import correct_row, end_posting, record_row, withdraw_row
from agencies.errors import ActRefused, PortalError, ValuesRefused
from agencies.models import (
    Absence,
    AdditionalTask,
    DisciplineGate,
    Employee,
    Employment,
    HolderTask,
    Posting,
    Predicate,
    SpecialCircumstance,
    User,
)
from oversight.models import TrailEntry
from tests.base import Cast
from tests.factories import (
    AbsenceFactory,
    AdditionalTaskFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    EmploymentFactory,
    PositionFactory,
    PostingFactory,
    PredicateFactory,
    SpecialCircumstanceFactory,
    TaskFactory,
)

NOW = datetime(2025, 7, 1, 5, tzinfo=UTC)
DAY = date(2025, 7, 1)


@pytest.fixture
def employee(cast: Cast) -> Employee:
    """A PNS of the cast's institution without a posting."""
    found = EmployeeFactory.create(institution=cast.institution)
    EmploymentFactory.create(employee=found)
    return found


def added(cast: Cast, **changes: Any) -> Employee:
    values: dict[str, Any] = {"nip": "199001012015011901", "name": "Sari", "kind": "pns", "grade": "III/a"}
    values |= {"effective_from": DAY, **changes}
    return add_employee(actor=cast.hr_officer, institution=cast.institution, at=NOW, **values)


def test_an_employee_is_added_once_with_a_number_that_can_be_one(cast: Cast) -> None:
    made = added(cast)
    assert (made.nip, Employment.objects.get(employee=made).kind) == ("199001012015011901", "pns")
    for changes, field in [
        ({}, "nip"),
        ({"nip": "199013012015011902"}, "nip"),
        ({"nip": "199001012015211903"}, "nip"),
        ({"nip": "199001012015011904", "grade": "IX"}, "grade"),
    ]:
        with pytest.raises(PortalError) as refusal:
            added(cast, **changes)
        assert refusal.value.field == field
        assert str(changes.get("nip", "199001012015011901")) not in str(refusal.value)
    with pytest.raises(ValuesRefused) as faults:
        added(cast, nip="199001012015011905", name=" ", kind="honorer")
    assert set(faults.value.faults) >= {"kind"}
    assert Employee.objects.count() == 1
    assert added(cast, nip="199001012015211903", kind="pppk", grade="IX").pk, "digits 13 and 14 of a PPPK are no month"


def test_a_corrected_identity_stands_in_the_trail_without_a_name(cast: Cast, employee: Employee) -> None:
    other = EmployeeFactory.create(institution=cast.institution)
    with pytest.raises(ActRefused) as refusal:
        correct_employee(
            actor=cast.hr_officer, employee=employee, nip=other.nip, name=employee.name, residence="", at=NOW
        )
    assert refusal.value.field == "nip"
    correct_employee(
        actor=cast.hr_officer, employee=employee, nip=employee.nip, name="Nama Betul", residence="Jalan Baru 2", at=NOW
    )
    employee.refresh_from_db()
    assert (employee.name, employee.residence) == ("Nama Betul", "Jalan Baru 2")
    entry = TrailEntry.objects.latest("number")
    assert entry.action == "employee_corrected"
    assert not [word for word in ("Nama", "Jalan", employee.nip) if word in entry.body]


@pytest.mark.parametrize(
    ("factory", "change"),
    [
        (AbsenceFactory, {"ends_on": date(2025, 7, 8)}),
        (DisciplineGateFactory, {"ends_on": date(2025, 12, 31)}),
        (SpecialCircumstanceFactory, {"ends_on": date(2025, 9, 30)}),
        (PredicateFactory, {"predicate": "kurang"}),
        (AdditionalTaskFactory, {"title": "Pengurus barang"}),
        (EmploymentFactory, {"grade": "III/b"}),
    ],
)
def test_a_correction_supersedes_and_both_can_be_told(
    cast: Cast, employee: Employee, factory: Any, change: dict[str, object]
) -> None:
    Employment.objects.filter(employee=employee).update(superseded_at=NOW - timedelta(days=400))
    wrong = factory.create(employee=employee)
    right = type(wrong).objects.get(pk=wrong.pk)
    right.pk = None
    for name, value in change.items():
        setattr(right, name, value)
    correct_row(actor=cast.hr_officer, wrong=wrong, right=right, at=NOW)
    rows = type(wrong).objects.filter(employee=employee)
    assert rows.known(NOW - timedelta(seconds=1)).get() == wrong
    assert rows.known(NOW).get() == rows.current().get() != wrong
    assert {name: getattr(rows.current().get(), name) for name in change} == change
    with pytest.raises(ActRefused):
        correct_row(actor=cast.hr_officer, wrong=wrong, right=right, at=NOW)


def test_what_states_the_same_writes_nothing(cast: Cast, employee: Employee) -> None:
    row = AbsenceFactory.create(employee=employee)
    same = Absence(employee=employee, kind=row.kind, starts_on=row.starts_on, ends_on=row.ends_on)
    assert record_row(actor=cast.hr_officer, row=same) is None
    assert correct_row(actor=cast.hr_officer, wrong=row, right=same) is None
    assert withdraw_row(actor=cast.hr_officer, row=row) is not None
    assert withdraw_row(actor=cast.hr_officer, row=row) is None
    assert TrailEntry.objects.count() == 1


def test_nobody_records_her_own_discipline_predicate_or_keadaan_khusus(cast: Cast, employee: Employee) -> None:
    cast.hr_officer.employee = employee
    cast.hr_officer.save()
    about_her = [
        DisciplineGate(employee=employee, kind="light", basis="pp_94_2021", starts_on=DAY),
        SpecialCircumstance(employee=employee, starts_on=DAY, ends_on=DAY),
        Predicate(employee=employee, period_starts_on=DAY, period_ends_on=DAY, predicate="sangat_baik"),
    ]
    for row in about_her:
        with pytest.raises(ActRefused):
            record_row(actor=cast.hr_officer, row=row, at=NOW)
    gate = DisciplineGateFactory.create(employee=employee)
    with pytest.raises(ActRefused):
        withdraw_row(actor=cast.hr_officer, row=gate)
    assert DisciplineGate.objects.current().count() == 1
    assert record_row(actor=cast.hr_officer, row=Absence(employee=employee, kind="leave", starts_on=DAY, ends_on=DAY))
    another = EmployeeFactory.create(institution=cast.institution)
    about_another = DisciplineGate(employee=another, kind="light", basis="pp_94_2021", starts_on=DAY)
    assert record_row(actor=cast.hr_officer, row=about_another, at=NOW)


def posting(cast: Cast, employee: Employee, **changes: Any) -> Posting:
    values: dict[str, Any] = {"position": cast.position, "reason": "transfer", "effective_from": DAY}
    return Posting(employee=employee, **(values | changes))


def test_two_definitive_postings_never_share_a_day_but_plt_may(cast: Cast, employee: Employee) -> None:
    held = PostingFactory.create(employee=employee, position=PositionFactory.create(agency=cast.agency))
    with pytest.raises(ActRefused) as refusal:
        record_row(actor=cast.hr_officer, row=posting(cast, employee), at=NOW)
    assert (refusal.value.field, held.position.title in str(refusal.value)) == ("effective_from", True)
    assert record_row(actor=cast.hr_officer, row=posting(cast, employee, capacity="plt"), at=NOW)
    assert end_posting(actor=cast.hr_officer, posting=held, last_day=DAY - timedelta(days=1), at=NOW)
    assert record_row(actor=cast.hr_officer, row=posting(cast, employee), at=NOW)
    assert Posting.objects.current().filter(employee=employee).count() == 3
    with pytest.raises(ActRefused):
        end_posting(actor=cast.hr_officer, posting=held, last_day=DAY)


def test_a_posting_is_in_an_open_position_of_the_same_institution(cast: Cast, employee: Employee) -> None:
    closed = PositionFactory.create(agency=cast.agency, closed_on=DAY)
    for position in (closed, PositionFactory.create()):
        with pytest.raises(ActRefused) as refusal:
            record_row(actor=cast.hr_officer, row=posting(cast, employee, position=position), at=NOW)
        assert refusal.value.field == "position"
    earlier = posting(
        cast, employee, position=closed, effective_from=date(2025, 1, 1), effective_until=date(2025, 6, 30)
    )
    assert record_row(actor=cast.hr_officer, row=earlier, at=NOW)
    with pytest.raises(ValuesRefused):
        record_row(actor=cast.hr_officer, row=posting(cast, employee, effective_until=date(2025, 6, 1)), at=NOW)


def test_rows_that_contradict_the_kind_of_employee_or_each_other_are_refused(cast: Cast, employee: Employee) -> None:
    PredicateFactory.create(employee=employee)
    task = TaskFactory.create(position=PositionFactory.create(agency=cast.agency))
    for row, field in [
        (DisciplineGate(employee=employee, kind="light", basis="pppk", starts_on=DAY), "basis"),
        (Employment(employee=employee, kind="pppk", grade="III/b", effective_from=DAY), "grade"),
        (Employment(employee=employee, kind="pns", effective_from=date(2024, 1, 1)), "effective_from"),
        (
            Predicate(
                employee=employee,
                predicate="kurang",
                period_starts_on=date(2024, 1, 1),
                period_ends_on=date(2024, 12, 31),
            ),
            "period_starts_on",
        ),
        (HolderTask(employee=employee, task=task), "task"),
    ]:
        with pytest.raises(PortalError) as refusal:
            record_row(actor=cast.hr_officer, row=row, at=NOW)
        assert refusal.value.field == field
    PostingFactory.create(employee=employee, position=task.position)
    assert record_row(actor=cast.hr_officer, row=HolderTask(employee=employee, task=task), at=NOW)


def test_who_left_holds_nothing_beyond_the_last_day_and_the_past_stays(cast: Cast, employee: Employee) -> None:
    running = PostingFactory.create(employee=employee, position=cast.position)
    PostingFactory.create(employee=employee, position=cast.position, capacity="plh", effective_from=date(2025, 8, 1))
    AdditionalTaskFactory.create(employee=employee)
    assert close_employment(actor=cast.hr_officer, employee=employee, last_day=DAY, at=NOW)
    assert Posting.objects.current().get(employee=employee).effective_until == DAY
    assert AdditionalTask.objects.current().get(employee=employee).ends_on == DAY
    assert Posting.objects.known(NOW - timedelta(seconds=1)).get(pk=running.pk).effective_until is None
    assert close_employment(actor=cast.hr_officer, employee=employee, last_day=DAY, at=NOW) is None
    assert TrailEntry.objects.count() == 1


def test_the_trail_does_not_tell_of_which_kind_a_row_about_a_person_is(cast: Cast, employee: Employee) -> None:
    row = DisciplineGate(employee=employee, kind="heavy", basis="pp_94_2021", starts_on=DAY)
    record_row(actor=cast.hr_officer, row=row, at=NOW)
    entry = TrailEntry.objects.latest("number")
    assert (entry.action, entry.subject_id, entry.body) == ("employee_record_added", str(employee.pk), "{}")


def test_nobody_ends_or_moves_her_own_posting_but_another_officer_does(cast: Cast, employee: Employee) -> None:
    own = PostingFactory.create(employee=employee, position=cast.position)
    cast.hr_officer.employee = employee
    cast.hr_officer.save(update_fields=["employee"])
    moved = Posting(
        employee=employee, position=own.position, reason="reorganisation", effective_from=own.effective_from
    )
    active = Employment(employee=employee, kind="pns", standing="study", effective_from=DAY)
    acts: list[Callable[[User], object]] = [
        lambda actor: record_row(actor=actor, row=active, at=NOW),
        lambda actor: correct_row(actor=actor, wrong=own, right=moved, at=NOW),
        lambda actor: end_posting(actor=actor, posting=Posting.objects.current().get(), last_day=DAY, at=NOW),
        lambda actor: withdraw_row(actor=actor, row=Posting.objects.current().get(), at=NOW),
    ]
    for act in acts:
        with pytest.raises(ActRefused, match="tentang dirinya sendiri"):
            act(cast.hr_officer)
        assert act(cast.system_administrator)
    PostingFactory.create(employee=employee, position=cast.position)
    with pytest.raises(ActRefused, match="tentang dirinya sendiri"):
        close_employment(actor=cast.hr_officer, employee=employee, last_day=DAY, at=NOW)
