"""The acts on employees, on dated rows about them, and on their objections."""

from __future__ import annotations

from datetime import date

from agencies.actions import objections, people, personal_records
from agencies.models import Absence, Employee, Objection, Posting
from tests.base import Cast
from tests.factories import AbsenceFactory, EmployeeFactory, ObjectionFactory, PostingFactory

LAST_DAY = date(2025, 6, 30)


def _employee(cast: Cast) -> Employee:
    """The one employee of the table, who holds the cast's position."""
    found = Employee.objects.filter(institution=cast.institution).first()
    if found is None:
        found = EmployeeFactory.create(institution=cast.institution)
        PostingFactory.create(employee=found, position=cast.position)
    return found


def _absence(cast: Cast) -> Absence:
    employee = _employee(cast)
    return Absence.objects.current().filter(employee=employee).first() or AbsenceFactory.create(employee=employee)


def _objection(cast: Cast) -> Objection:
    employee = _employee(cast)
    cast.employee.employee = employee
    cast.employee.save(update_fields=["employee"])
    made = Objection.objects.filter(employee=employee).first()
    return made or ObjectionFactory.create(employee=employee, raised_by=cast.employee)


def add_employee(cast: Cast) -> object:
    return people.add_employee(
        actor=cast.hr_officer,
        institution=cast.institution,
        nip="199001012015011901",
        name="Sari Wulandari",
        kind="pns",
        grade="III/a",
        effective_from=date(2015, 1, 1),
    )


def correct_employee(cast: Cast) -> object:
    found = _employee(cast)
    return people.correct_employee(
        actor=cast.hr_officer, employee=found, nip=found.nip, name="Sari W.", residence=found.residence
    )


def close_employment(cast: Cast) -> object:
    return people.close_employment(actor=cast.hr_officer, employee=_employee(cast), last_day=LAST_DAY)


def record_row(cast: Cast) -> object:
    row = Absence(employee=_employee(cast), kind="travel", starts_on=date(2025, 7, 1), ends_on=date(2025, 7, 2))
    return personal_records.record_row(actor=cast.hr_officer, row=row)


def correct_row(cast: Cast) -> object:
    wrong = _absence(cast)
    right = Absence(employee=wrong.employee, kind="leave", starts_on=wrong.starts_on, ends_on=wrong.starts_on)
    return personal_records.correct_row(actor=cast.hr_officer, wrong=wrong, right=right)


def withdraw_row(cast: Cast) -> object:
    _absence(cast)
    row = Absence.objects.order_by("pk").first()
    return personal_records.withdraw_row(actor=cast.hr_officer, row=row)


def end_posting(cast: Cast) -> object:
    posting = Posting.objects.current().get(employee=_employee(cast))
    return personal_records.end_posting(actor=cast.hr_officer, posting=posting, last_day=LAST_DAY)


def raise_objection(cast: Cast) -> object:
    employee = _employee(cast)
    cast.employee.employee = employee
    cast.employee.save(update_fields=["employee"])
    return objections.raise_objection(
        actor=cast.employee, employee=employee, about="name", statement="Nama saya Sari Wulandari."
    )


def accept_objection(cast: Cast) -> object:
    return objections.accept_objection(actor=cast.hr_officer, objection=_objection(cast))


def refuse_objection(cast: Cast) -> object:
    return objections.refuse_objection(actor=cast.hr_officer, objection=_objection(cast), answer="KK belum berubah.")


def withdraw_objection(cast: Cast) -> object:
    found = _objection(cast)
    return objections.withdraw_objection(actor=cast.employee, objection=found)


ACTS = {
    "agencies.actions.people.add_employee": add_employee,
    "agencies.actions.people.correct_employee": correct_employee,
    "agencies.actions.people.close_employment": close_employment,
    "agencies.actions.personal_records.record_row": record_row,
    "agencies.actions.personal_records.correct_row": correct_row,
    "agencies.actions.personal_records.withdraw_row": withdraw_row,
    "agencies.actions.personal_records.end_posting": end_posting,
    "agencies.actions.objections.raise_objection": raise_objection,
    "agencies.actions.objections.accept_objection": accept_objection,
    "agencies.actions.objections.refuse_objection": refuse_objection,
    "agencies.actions.objections.withdraw_objection": withdraw_objection,
}
REPEATABLE = {"agencies.actions.people.add_employee"}  # done again it is refused: the number is recorded already
