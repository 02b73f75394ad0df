"""What the pages of indications show: all of them with their numbers, and the rows of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.access import Standing, holds_whole
from agencies.exporting.parts import in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.models import Role, User
from agencies.paging import AFTER, BEFORE, SIZE
from agencies.templatetags.portal import moment
from eligibility.models import Arrangement
from eligibility.pages.arrangements import weekdays_of
from oversight import indications
from oversight.attention import Severity
from oversight.indications import Flag, Indication, Look
from oversight.indications.looking import AT_ONCE, Count, Readable
from oversight.work import LOOKING, Work, broken_off, work_of


@dataclass(frozen=True)
class IndicationList:
    """Every indication with its number: those not looked at yet first, then those that point at something.

    `work` is the looking in the background, where it goes on; `broken_off` says when it broke off.
    """

    rows: tuple[Count, ...]
    may_have_looked: bool
    work: Work | None
    broken_off: datetime | None

    @property
    def pointing(self) -> int:
        """How many indications point at something."""
        return sum(1 for one in self.rows if one.number)

    @property
    def not_looked(self) -> int:
        """At how many nobody has looked yet."""
        return sum(1 for one in self.rows if one.number is None)

    @property
    def unexamined(self) -> bool:
        """Whether candidates of some wait to be examined."""
        return any(one.waiting for one in self.rows)


def indication_list(standing: Standing, user: User, on: date, known_at: datetime) -> IndicationList:
    """All of them for what the user audits: unknown first, then exceptions, the weightiest first among each."""
    found = indications.counts(standing.institution, Readable.by(standing, user), on, known_at)
    rows = sorted(found, key=lambda one: (one.number is not None, one.number == 0, one.indication.severity))
    inspects = holds_whole(standing, Role.INSPECTOR)
    asked = (LOOKING, standing.institution, known_at)
    return IndicationList(tuple(rows), inspects, work_of(*asked), broken_off(*asked))


@dataclass(frozen=True, slots=True)
class IndicationRow:
    """One row: why it is pointed at, and its arrangement (None: it is no longer there)."""

    told: str
    case: Arrangement | None
    days: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The rows before and after a page, by the keys that it begins and ends with."""

    previous: int | None
    next: int | None


@dataclass(frozen=True)
class IndicationPage:
    """One page of the rows of an indication, when it was looked, and how far its candidates were examined.

    `left_out` counts rows that are kept from the reader, because she has a part of her own in them.
    """

    indication: Indication
    rows: tuple[IndicationRow, ...]
    page: Turn
    total: int
    look: Look
    left_out: int
    inspects: bool

    @property
    def examined(self) -> int:
        """How many candidates were examined."""
        return self.look.candidates - self.look.waiting

    @property
    def next_examined(self) -> int:
        """How many the next examination takes."""
        return min(AT_ONCE, self.look.waiting)


def indication_page(
    standing: Standing, user: User, indication: Indication, query: QueryDict, on: date, known_at: datetime
) -> IndicationPage:
    """The page that the address asks for, of the agencies that the user audits."""
    look, readable = indications.look(indication, standing.institution, on, known_at), Readable.by(standing, user)
    flags = _newest_first(readable.of(look))
    part, turn = _part(flags, query)
    inspects = standing.holds(Role.INSPECTOR)
    rows = tuple(_rows(part, inspects))
    return IndicationPage(indication, rows, turn, len(flags), look, readable.left_out(look), inspects)


def _newest_first(flags: Sequence[Flag]) -> Sequence[Flag]:
    """The newest arrangement first, then what is gone."""
    return sorted(flags, key=lambda flag: -(flag.arrangement or 0))


def _part(flags: Sequence[Flag], query: QueryDict) -> tuple[Sequence[Flag], Turn]:
    """The rows of the page: the newest arrangement first, what is gone last; a row is named by its arrangement."""
    keys = [flag.arrangement or 0 for flag in flags]
    first = 0
    if (after := _named(query.get(AFTER), keys)) is not None:
        first = after + 1
    elif (before := _named(query.get(BEFORE), keys)) is not None:
        first = max(0, before - SIZE)
    part = flags[first : first + SIZE]
    more = first + SIZE < len(flags)
    return part, Turn(keys[first] if first and part else None, keys[first + SIZE - 1] if more else None)


def _named(text: str | None, keys: Sequence[int]) -> int | None:
    """Where the row that the address names stands; None where it is not there."""
    key = int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
    return keys.index(key) if key in keys else None


def _rows(flags: Sequence[Flag], sees_person: bool) -> Iterator[IndicationRow]:
    related = ("employee", "position", "agency")
    cases = Arrangement.objects.select_related(*related).in_bulk([f.arrangement for f in flags if f.arrangement])
    for flag in flags:
        case = cases.get(flag.arrangement or 0)
        yield IndicationRow(
            indications.told(flag, sees_person=sees_person), case, weekdays_of(case.days) if case else ""
        )


def indication_list_table(standing: Standing, page: IndicationList, on: date) -> ExportTable:
    """Every indication with its definition and number."""

    def told(count: Count) -> tuple[Cell, ...]:
        one = count.indication
        when = moment(count.at, standing.institution) if count.at else _("not looked at yet")
        told = (str(one.name), str(one.definition), str(one.provision), _severity(one.severity))
        return (*told, count.number, when, count.waiting)

    return ExportTable(
        title=_("Indications"),
        institution=standing.institution,
        on=on,
        filters=(),
        fingerprint=None,
        columns=(
            Column(_("Indication"), width=36),
            Column(_("Definition"), width=60),
            Column(_("Provision"), width=44),
            Column(_("Severity"), width=16),
            Column(_("Cases"), "number", 12),
            Column(_("Looked at"), width=30),
            Column(_("Not examined yet"), "number", 14),
        ),
        rows=lambda: map(told, page.rows),
    )


def _severity(severity: Severity) -> str:
    words = {
        Severity.HIGH: pgettext("severity", "High"),
        Severity.MEDIUM: pgettext("severity", "Medium"),
        Severity.LOW: pgettext("severity", "Low"),
    }
    return words[severity]


def indication_table(
    standing: Standing, user: User, indication: Indication, on: date, known_at: datetime
) -> PeopleTable:
    """Every row of an indication: the case, its employee by name, agency, position, period, why."""
    look = indications.look(indication, standing.institution, on, known_at)
    flags = _newest_first(Readable.by(standing, user).of(look))
    sees_person = standing.holds(Role.INSPECTOR)
    table = ExportTable(
        title=_("Indication, needs clarification"),
        institution=standing.institution,
        on=on,
        filters=(
            (_("Indication"), str(indication.name)),
            (_("Provision"), str(indication.provision)),
            (_("Looked at"), moment(look.at, standing.institution)),
            *(((_("Not examined yet"), str(look.waiting)),) if look.waiting else ()),
        ),
        fingerprint=None,
        columns=(
            Column(_("Case"), "number", 10),
            Column(_("Employee"), width=28),
            Column(_("Agency"), width=36),
            Column(_("Position"), width=32),
            Column(_("First day"), "date", 14),
            Column(_("Last day"), "date", 14),
            Column(_("Why"), width=60),
        ),
        rows=lambda: (_cells(row) for part in in_parts(flags) for row in _rows(part, sees_person)),
    )
    return PeopleTable(table, len(flags))


def _cells(row: IndicationRow) -> tuple[Cell, ...]:
    case = row.case
    if case is None:
        return (None, None, None, None, None, None, row.told)
    named = (case.pk, case.employee.name, case.agency.name, str(case.position))
    return (*named, case.starts_on, case.ends_on, row.told)
