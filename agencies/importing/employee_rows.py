"""Reads a table of employees, their employment, postings and predicates, and finds every error in it.

One row tells of one employee (`nip`), one employment, one posting and one predicate; whoever has more of them
stands in several rows. What stands in no row is not touched. Nothing here reads the database;
`employee_plans` compares with what is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from agencies import facts
from agencies.grades import grade_named
from agencies.importing.cell_readers import read_choice, read_day, read_text
from agencies.importing.tables import (
    BadCell,
    Column,
    Record,
    Sheet,
    Telling,
    Told,
    differs,
    hidden,
    read_rows,
    told_rows,
)
from agencies.masking import masked_nip
from agencies.models import Employment, Posting
from agencies.nip import NipFault, parse_nip


def _read_nip(cell: str) -> str:
    try:
        return parse_nip(cell).digits
    except NipFault as fault:
        raise BadCell(_(fault.message), fault.words) from None


def _read_grade(cell: str) -> str:
    try:
        return grade_named(cell)
    except ValueError:
        raise BadCell(_("Write a golongan: I/a to IV/e for PNS and CPNS, I to XVII for PPPK.")) from None


NEEDED: Final = "nip"
"""The column without which no row can be understood."""

_KINDS: Final = read_choice(
    tuple(choice.code for choice in facts.FACTS["employee.kind"].choices), {"pppk paruh waktu": "pppk_part_time"}
)
_STANDINGS: Final = read_choice(
    tuple(Employment.Standing.values),
    {
        "aktif": "active",
        "tugas belajar": "study",
        "cltn": "unpaid_leave",
        "cuti di luar tanggungan negara": "unpaid_leave",
    },
)
_CAPACITIES: Final = read_choice(tuple(Posting.Capacity.values), {"definitif": "definitive"})
_REASONS: Final = read_choice(
    tuple(Posting.Reason.values),
    {
        "formasi": "formation",
        "promosi": "promotion",
        "mutasi": "transfer",
        "rotasi": "rotation",
        "pengukuhan sotk": "reorganisation",
        "kenaikan jenjang": "level",
        "perpanjangan pppk": "renewal",
    },
)
_PREDICATES: Final = read_choice(tuple(choice.code for choice in facts.FACTS["employee.predicate"].choices))

COLUMNS: Final = {
    column.name: column
    for column in (
        Column("nip", "employee", "nip", _read_nip, shown=masked_nip),
        Column("name", "employee", "name", read_text(200), shown=hidden),
        Column(
            "residence", "employee", "residence", read_text(300), may_be_unknown=True, may_be_none=True, shown=hidden
        ),
        Column("kind", "employment", "kind", _KINDS),
        Column("grade", "employment", "grade", _read_grade, may_be_unknown=True, may_be_none=True),
        Column("standing", "employment", "standing", _STANDINGS),
        Column("employment_sk", "employment", "sk_number", read_text(100), may_be_unknown=True, may_be_none=True),
        Column("employment_from", "employment", "effective_from", read_day),
        Column("position_code", "posting", "position", read_text(80)),
        Column("capacity", "posting", "capacity", _CAPACITIES),
        Column("posting_reason", "posting", "reason", _REASONS),
        Column("posting_sk", "posting", "sk_number", read_text(100), may_be_unknown=True, may_be_none=True),
        Column("posting_from", "posting", "effective_from", read_day),
        Column("posting_until", "posting", "effective_until", read_day, may_be_none=True),
        Column("predicate", "predicate", "predicate", _PREDICATES),
        Column("predicate_from", "predicate", "period_starts_on", read_day),
        Column("predicate_until", "predicate", "period_ends_on", read_day),
    )
}
"""Every column that is understood, in the order of a complete table."""

COLUMN_OF: Final[Mapping[tuple[str, str], str]] = {(one.of, one.field): one.name for one in COLUMNS.values()}
"""The column that fills a field, for errors found later."""

_PARTS: Final = {one.name: (one.of, one.field) for one in COLUMNS.values()}
_TEXTS: Final = frozenset({"residence", "grade", "employment_sk", "posting_sk"})
"""Columns whose unknown and none are both kept as an empty text: not recorded."""


class ToldVersion(Telling):
    """What rows tell of an employment, a posting or a predicate, without the keys it is found by."""

    __slots__ = ()


@dataclass(slots=True)
class ToldEmployee(Telling):
    """What the rows tell of an employee.

    Employments are found by their first day, postings by the code of the position and their first day, predicates
    by their period. A first day of None is one that no row says.
    """

    employments: dict[date | None, ToldVersion] = field(default_factory=dict)
    postings: dict[tuple[str, date | None], ToldVersion] = field(default_factory=dict)
    predicates: dict[tuple[date, date], ToldVersion] = field(default_factory=dict)


@dataclass(slots=True)
class People(Sheet):
    """Everything that a table tells, by number, and what is wrong with it."""

    employees: dict[str, ToldEmployee] = field(default_factory=dict)


def read_people(content: bytes) -> People:
    """What a CSV file tells. Its errors are all in `errors`; with any, the rest is not complete."""
    people = People()
    for row, told in read_rows(people, content, COLUMNS, needed=NEEDED):
        _tell(people, row, told)
    return people


def people_of(records: Iterable[Record], columns: Sequence[Column | None]) -> People:
    """The same of records whose columns are known."""
    people = People()
    for row, told in told_rows(people, records, columns):
        _tell(people, row, told)
    return people


def _tell(people: People, row: int, told: Told) -> None:
    """Add what a row tells to what the rows before it told."""
    parts: dict[str, Told] = {"employee": {}, "employment": {}, "posting": {}, "predicate": {}}
    for name, value in told.items():
        part, of = _PARTS[name]
        parts[part][of] = "" if value is None and name in _TEXTS else value
    values = parts["employee"]
    nip = values.pop("nip", None)
    if nip is None:
        if not people.is_wrong(row, "nip"):
            people.wrong(row, "nip", "", _("Write the number (NIP or NI PPPK)."))
        return
    employee = people.employees.get(nip)
    if employee is None:
        people.employees[nip] = employee = ToldEmployee(row, values)
    else:
        _add(people, row, "employee", employee, values)
    if parts["employment"]:
        _tell_employment(people, row, employee, parts["employment"])
    if parts["posting"]:
        _tell_posting(people, row, employee, parts["posting"])
    if parts["predicate"]:
        _tell_predicate(people, row, employee, parts["predicate"])


def _tell_employment(people: People, row: int, employee: ToldEmployee, values: Told) -> None:
    day = values.pop("effective_from", None)
    _note(people, row, "employment", employee.employments, day, values)


def _tell_posting(people: People, row: int, employee: ToldEmployee, values: Told) -> None:
    code = values.pop("position", None)
    if code is None:
        if not people.is_wrong(row, "position_code"):
            column = COLUMN_OF["posting", next(iter(values))]
            people.wrong(row, column, "", _("Write %(position_code)s too, or leave this empty."))
        return
    first = values.pop("effective_from", None)
    if values.get("effective_until") == "":
        values["effective_until"] = None
    last = values.get("effective_until")
    if first is not None and last is not None and last < first:
        message = _("The last day is before %(posting_from)s; correct one of the two.")
        people.wrong(row, "posting_until", last, message)
    _note(people, row, "posting", employee.postings, (code, first), values)


def _tell_predicate(people: People, row: int, employee: ToldEmployee, values: Told) -> None:
    for of in ("predicate", "period_starts_on", "period_ends_on"):
        column = COLUMN_OF["predicate", of]
        if of not in values:
            if not people.is_wrong(row, column):
                message = _(
                    "A predicate needs its period: fill %(predicate)s, %(predicate_from)s and %(predicate_until)s."
                )
                people.wrong(row, column, "", message)
            return
    period = values["period_starts_on"], values["period_ends_on"]
    if period[1] < period[0]:
        message = _("The last day is before %(predicate_from)s; correct one of the two.")
        people.wrong(row, "predicate_until", period[1], message)
    _note(people, row, "predicate", employee.predicates, period, {"predicate": values["predicate"]})


def _note(people: People, row: int, part: str, told: dict[Any, ToldVersion], key: object, values: Told) -> None:
    earlier = told.get(key)
    if earlier is None:
        told[key] = ToldVersion(row, values)
    else:
        _add(people, row, part, earlier, values)


def _add(people: People, row: int, part: str, earlier: Telling, values: Told) -> None:
    """A further row of the same thing must not contradict the first."""
    for of, value in values.items():
        if not earlier.agrees(of, value, row):
            column = COLUMNS[COLUMN_OF[part, of]]
            before = earlier.values[of]
            said = differs(earlier.row_of(of), "" if before is None else before, column.shown)
            people.wrong(row, column.name, column.shown(str(value)), *said)
