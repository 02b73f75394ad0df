"""Reads a table of the weeks of public services, and finds every error in it.

One row tells of one span of a weekday with the people needed on site in it; the rows of a service are its whole week,
and a weekday without a row is closed. "-" as the only weekday of a service says that no hours are recorded any more. A
row that names a service and nothing else says nothing. Nothing here reads the database; `need_plans` compares.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from agencies.coverage.week import CODES, NeedSpan, in_order, read_time, time_text
from agencies.importing.cell_readers import read_choice, read_number, read_text
from agencies.importing.tables import NO_CODE, NONE, BadCell, Column, Record, Sheet, Told, told_rows

NEEDED: Final = "agency_code"
"""The column without which no row can be understood."""

_WORDS: Final[Mapping[str, str]] = {
    **dict(zip(("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"), CODES, strict=True)),
    "jum'at": "friday",
    "ahad": "sunday",
}
_CLOCK: Final = re.compile(r"(\d{1,2}:\d{2}):00")
"""A time of the day as a spreadsheet keeps it."""


def _read_time(cell: str) -> int:
    clock = _CLOCK.fullmatch(cell)
    try:
        return read_time(clock[1] if clock else cell)
    except ValueError:
        message = _("Write a time of the day like 08.00 or 15.30, 24.00 at the latest, in a cell formatted as text.")
        raise BadCell(message) from None


COLUMNS: Final = {
    column.name: column
    for column in (
        Column("agency_code", "agency", "code", read_text(40)),
        Column("service_code", "service", "code", read_text(60)),
        Column("weekday", "need", "weekday", read_choice(CODES, _WORDS), may_be_none=True),
        Column("opens", "need", "opens", _read_time, as_text=True),
        Column("closes", "need", "closes", _read_time, as_text=True),
        Column("staff", "need", "staff", read_number(0, 10_000), may_be_unknown=True),
    )
}
"""Every column that is understood, in the order of a complete table."""

_OF_SPAN: Final = ("opens", "closes", "staff")


class _ToldSpan(NamedTuple):
    """A span of a weekday, and the row that tells of it first."""

    opens: int
    closes: int
    row: int
    staff: int | None

    @property
    def hours(self) -> str:
        return f"{time_text(self.opens)}–{time_text(self.closes)}"


@dataclass(slots=True)
class ToldWeek:
    """What the rows tell of the week of a service; `row` is the first of them.

    `none_row` is the one that says that no hours are recorded any more.
    """

    row: int
    days: dict[str, list[_ToldSpan]] = field(default_factory=dict)
    none_row: int | None = None

    @property
    def says_something(self) -> bool:
        """Whether any row tells of more than which service it is."""
        return bool(self.days) or self.none_row is not None

    @property
    def spans(self) -> tuple[NeedSpan, ...]:
        """The week by weekday and hour."""
        return in_order(
            NeedSpan(weekday, one.opens, one.closes, one.staff) for weekday, told in self.days.items() for one in told
        )


@dataclass(slots=True)
class Needs(Sheet):
    """Everything that a table tells, by the codes of agency and service, and what is wrong with it."""

    weeks: dict[tuple[str, str], ToldWeek] = field(default_factory=dict)


def needs_of(records: Iterable[Record], columns: Sequence[Column | None]) -> Needs:
    """What records tell whose columns are known. Errors are all in `errors`; with any, the rest is not complete."""
    needs = Needs()
    for row, told in told_rows(needs, records, columns):
        _tell(needs, row, told)
    for week in needs.weeks.values():
        if week.none_row is not None and week.days:
            message = _("Other rows name weekdays of this service; remove this row, or those.")
            needs.wrong(week.none_row, "weekday", NONE, message)
    return needs


def _tell(table: Needs, row: int, told: Told) -> None:
    """Add what a row tells to what the rows before it told."""
    for needed in ("agency_code", "service_code"):
        if told.get(needed) is None:
            if not table.is_wrong(row, needed):
                table.wrong(row, needed, "", _("Fill this cell: codes of agency and service find a service."))
            return
    week = table.weeks.setdefault((told["agency_code"], told["service_code"]), ToldWeek(row))
    weekday = told.get("weekday")
    of_span = [name for name in _OF_SPAN if name in told]
    if weekday is None:
        if of_span and not table.is_wrong(row, "weekday"):
            table.wrong(
                row, "weekday", "", _("Say of which weekday; or leave %(opens)s, %(closes)s and %(staff)s empty.")
            )
    elif weekday != NO_CODE:
        _tell_span(table, row, week, told)
    elif of_span:
        table.wrong(row, of_span[0], "", _("“-” says that no hours are recorded; leave this empty, or name a weekday."))
    else:
        week.none_row = row


def _tell_span(table: Needs, row: int, week: ToldWeek, told: Told) -> None:
    missing = {"opens": _("Say from when; or empty the whole row."), "closes": _("Say until when; or empty the row.")}
    for name, message in missing.items():
        if name not in told:
            if not table.is_wrong(row, name):
                table.wrong(row, name, "", message)
            return
    span = _ToldSpan(told["opens"], told["closes"], row, told.get("staff"))
    if span.closes <= span.opens:
        sentence = _("It ends after it begins. Write a span over midnight as two, on both weekdays.")
        table.wrong(row, "closes", time_text(span.closes), sentence)
        return
    _add(table, week.days.setdefault(told["weekday"], []), span)


def _add(table: Needs, known: list[_ToldSpan], span: _ToldSpan) -> None:
    """Put a span among those of its weekday; the same told again is one, and another that overlaps is wrong."""
    place = bisect(known, span)
    for one in known[max(place - 1, 0) : place + 1]:
        if (one.opens, one.closes, one.staff) == (span.opens, span.closes, span.staff):
            return
        if one.opens < span.closes and span.opens < one.closes:
            message = _("Row %(row)d says %(hours)s of this weekday; let one end before the other begins.")
            table.wrong(span.row, "opens", time_text(span.opens), message, {"row": one.row, "hours": one.hours})
            return
    known.insert(place, span)
