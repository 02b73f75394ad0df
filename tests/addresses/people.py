"""The pages about employees."""

from __future__ import annotations

from typing import Any

from agencies.access import PEOPLE_READERS
from agencies.models import Agency, Employee, Objection, Posting, Role
from tests.addresses.address import EVERY_ROLE, Address, Where
from tests.factories import (
    AbsenceFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    ObjectionFactory,
    PositionFactory,
    PostingFactory,
)
from tests.judged_city import JudgedCity

READERS, HR = frozenset(PEOPLE_READERS), frozenset({Role.HR_OFFICER})


def _posting_in(agency: Agency) -> Posting:
    """The posting of the one employee of an agency."""
    made = Posting.objects.filter(position__agency=agency).first()
    if made is None:
        employee = EmployeeFactory.create(institution=agency.institution)
        made = PostingFactory.create(employee=employee, position=PositionFactory.create(agency=agency))
    return made


def _own(part: str) -> Where:
    return lambda city: _at(city, _posting_in(city.cast.agency).employee, part)


def _other(part: str) -> Where:
    return lambda city: _at(city, _posting_in(city.below).employee, part)


def _at(city: JudgedCity, employee: Employee, part: str) -> str:
    return city.url(f"pegawai/{employee.pk}/{part}")


def _row(factory: Any, noun: str, act: str, *, other: bool = False) -> Where:
    def where(city: JudgedCity) -> str:
        employee = _posting_in(city.below if other else city.cast.agency).employee
        found = factory._meta.model.objects.filter(employee=employee).first() or factory.create(employee=employee)
        return _at(city, employee, f"{noun}/{found.pk}/{act}/")

    return where


def _ending(city: JudgedCity, agency: Agency) -> str:
    posting = _posting_in(agency)
    return _at(city, posting.employee, f"penempatan/{posting.pk}/akhiri/")


def _objection(city: JudgedCity, agency: Agency, part: str) -> str:
    employee = _posting_in(agency).employee
    made = Objection.objects.filter(employee=employee).first() or ObjectionFactory.create(employee=employee)
    return city.url(part.format(pk=made.pk))


def _answer(city: JudgedCity) -> str:
    return _objection(city, city.cast.agency, "keberatan-data/{pk}/")


def _answer_elsewhere(city: JudgedCity) -> str:
    return _objection(city, city.below, "keberatan-data/{pk}/")


def _withdrawal(city: JudgedCity) -> str:
    return _objection(city, city.cast.agency, "berkas-saya/keberatan/{pk}/tarik/")


ADDRESSES = [
    Address("employees", READERS, lambda city: city.url("pegawai/")),
    Address("employee_find", HR, lambda city: city.url("pegawai/cari/"), sends=True, reads=False),
    Address("employee_add", HR, lambda city: city.url("pegawai/tambah/"), whole=True, sends=True),
    Address("employee", READERS, _own(""), _other("")),
    Address("employee_nip", HR, _own("nip/"), _other("nip/"), sends=True, reads=False),
    Address("employee_correct", HR, _own("identitas/"), _other("identitas/"), sends=True),
    Address("employee_leave", HR, _own("berhenti/"), whole=True, sends=True),
    Address(
        "posting_end",
        HR,
        lambda city: _ending(city, city.cast.agency),
        lambda city: _ending(city, city.below),
        sends=True,
    ),
    Address("employee_record_add", HR, _own("penempatan/tambah/"), _other("penempatan/tambah/"), sends=True),
    Address("employee_record_add", HR, _own("disiplin/tambah/"), whole=True, sends=True),
    Address("employee_record_add", HR, _own("keadaan-khusus/tambah/"), whole=True, sends=True),
    Address(
        "employee_record_correct",
        HR,
        _row(AbsenceFactory, "cuti-dinas", "koreksi"),
        _row(AbsenceFactory, "cuti-dinas", "koreksi", other=True),
        sends=True,
    ),
    Address("employee_record_correct", HR, _row(DisciplineGateFactory, "disiplin", "koreksi"), whole=True, sends=True),
    Address(
        "employee_record_withdraw",
        HR,
        _row(AbsenceFactory, "cuti-dinas", "batalkan"),
        _row(AbsenceFactory, "cuti-dinas", "batalkan", other=True),
        sends=True,
    ),
    Address("own_file", EVERY_ROLE, lambda city: city.url("berkas-saya/")),
    Address("own_nip", EVERY_ROLE, lambda city: city.url("berkas-saya/nip/"), sends=True, reads=False),
    Address("objection_raise", EVERY_ROLE, lambda city: city.url("berkas-saya/keberatan/"), sends=True),
    # Whatever the role, only the employee herself withdraws her objection.
    Address("objection_withdraw", frozenset(), _withdrawal, sends=True, reads=False),
    Address("objections", HR, lambda city: city.url("keberatan-data/")),
    Address("objection_answer", HR, _answer, _answer_elsewhere, sends=True),
    Address("personal_data_reads", frozenset({Role.DATA_PROTECTION_OFFICER}), lambda city: city.url("pembacaan/")),
]
