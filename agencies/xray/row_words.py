"""A row that a check found, in words, with the page on which it is looked at or mended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.masking import masked_nip
from agencies.models import (
    Agency,
    DisciplineGate,
    Employee,
    Grant,
    HolderTask,
    Position,
    Posting,
    PublicService,
    Role,
    TaskProfile,
    Unit,
)
from agencies.xray.checks import Check
from agencies.xray.levels import (
    AGENCY,
    EMPLOYEE,
    GATE,
    GRANT,
    HOLDER,
    PAST_POSTING,
    POSITION,
    POSTING,
    SERVICE,
    TASK,
    UNIT,
)


@dataclass(frozen=True, slots=True)
class FoundRow:
    """What is at fault: its name, what tells it apart, its agency (empty: none), and its page (empty: none)."""

    title: str
    detail: str
    agency: str
    address: str


@dataclass(frozen=True)
class Reader:
    """Who reads the rows, the agencies in sight by their keys, and the employees left by an import that was undone."""

    standing: Standing
    agencies: Mapping[int, Agency]
    left_over: Collection[int] = ()

    @property
    def keeps(self) -> bool:
        """Whether she may mend what she reads."""
        return self.standing.holds(Role.HR_OFFICER)

    def at(self, name: str, *parts: object) -> str:
        """The address of a page of her institution."""
        return reverse(name, args=[self.standing.institution.code, *parts])

    def agency_name(self, key: int | None) -> str:
        """The name of an agency in sight."""
        found = self.agencies.get(key or 0)
        return found.name if found else ""


def words_of(check: Check, row: Any, reader: Reader) -> FoundRow:
    """A row that a check found in words."""
    found = _WORDS[check.level.code](row, reader)
    return replace(found, address=reader.at(check.mended_on, row.code)) if check.mended_on else found


def _agency(row: Agency, reader: Reader) -> FoundRow:
    address = reader.at("agency_structure" if reader.keeps else "agency", row.code)
    return FoundRow(row.name, row.get_kind_display(), row.parent.name if row.parent else "", address)


def _unit(row: Unit, reader: Reader) -> FoundRow:
    page = reader.at("unit_correct", row.pk) if reader.keeps else reader.at("agency", row.agency.code)
    return FoundRow(row.name, row.get_kind_display() or "", row.agency.name, page)


def _position(row: Position, reader: Reader) -> FoundRow:
    counted = {"needed": _count(row.needed), "filled": _count(row.filled)}
    told = _("need %(needed)s, filled %(filled)s") % counted
    detail = f"{row.unit.name} · {told}" if row.unit else told
    return FoundRow(str(row), detail, row.agency.name, reader.at("position", row.pk))


def _count(number: int | None) -> str:
    return "?" if number is None else str(number)


def _task(row: TaskProfile, reader: Reader) -> FoundRow:
    page = reader.at("task", row.task_id) if reader.keeps else reader.at("position", row.position_id)
    parts = [] if row.task.title == str(row.position) else [str(row.position)]
    parts += [row.unit.name] if row.unit else []
    return FoundRow(row.task.title, " · ".join(parts), row.agency.name, page)


def _service(row: PublicService, reader: Reader) -> FoundRow:
    page = reader.at("service_needs", row.pk) if reader.keeps else reader.at("coverage", row.agency.code)
    return FoundRow(row.name, row.get_kind_display(), row.agency.name, page)


def _employee(row: Employee, reader: Reader) -> FoundRow:
    agency = reader.agency_name(getattr(row, "at_agency", None))
    left_over = _("came by an import that was undone; nothing holds of her")
    detail = f"{masked_nip(row.nip)} · {left_over}" if row.pk in reader.left_over else masked_nip(row.nip)
    return FoundRow(row.name, detail, agency, reader.at("employee", row.pk))


def _posting(row: Posting, reader: Reader) -> FoundRow:
    detail = f"{masked_nip(row.employee.nip)} · {row.position} · {_days_of(row)}"
    return FoundRow(row.employee.name, detail, row.position.agency.name, reader.at("employee", row.employee_id))


def _days_of(row: Posting) -> str:
    told = {"capacity": row.get_capacity_display(), "day": date_format(row.effective_from)}
    if row.effective_until is None:
        return _("%(capacity)s since %(day)s") % told
    return _("%(capacity)s from %(day)s to %(last)s") % {**told, "last": date_format(row.effective_until)}


def _holder(row: HolderTask, reader: Reader) -> FoundRow:
    position = row.task.position
    page = reader.at("task", row.task_id) if reader.keeps else reader.at("position", position.pk)
    return FoundRow(row.task.title, f"{position} · {row.employee.name}", position.agency.name, page)


def _gate(row: DisciplineGate, reader: Reader) -> FoundRow:
    since = _("since %(day)s") % {"day": date_format(row.starts_on)}
    detail = f"{masked_nip(row.employee.nip)} · {row.get_kind_display()} · {since}"
    agency = reader.agency_name(getattr(row, "at_agency", None))
    return FoundRow(row.employee.name, detail, agency, reader.at("employee", row.employee_id))


def _grant(row: Grant, reader: Reader) -> FoundRow:
    """Accounts are the system administrator's; the file of the employee behind it is HR's."""
    employee = row.user.employee_id
    address = reader.at("employee", employee) if employee else ""
    return FoundRow(row.user.username, row.get_role_display(), row.agency.name if row.agency else "", address)


_WORDS: Final[Mapping[str, Callable[[Any, Reader], FoundRow]]] = {
    AGENCY.code: _agency,
    UNIT.code: _unit,
    POSITION.code: _position,
    TASK.code: _task,
    SERVICE.code: _service,
    EMPLOYEE.code: _employee,
    POSTING.code: _posting,
    PAST_POSTING.code: _posting,
    HOLDER.code: _holder,
    GATE.code: _gate,
    GRANT.code: _grant,
}
