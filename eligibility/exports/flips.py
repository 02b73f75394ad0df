"""The rows behind the numbers of who flips as tables to take away; jobs, agencies and services, nobody's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _

from agencies.exporting.tables import Cell, Column, ExportTable
from eligibility.pages.flip_lists import ArrangedList, DeterminedList, FlipList, PositionList, StaffedList

Rows = Iterable[Sequence[Cell]]


def flip_table(listed: FlipList, drafts: str) -> ExportTable:
    """Every row of the list that the page shows."""
    flips = listed.flips
    columns, rows = _table(listed)
    return ExportTable(
        title=_("Who flips: draft beside no draft"),
        institution=flips.institution,
        on=flips.span.on,
        filters=((_("Drafts"), drafts), (_("List"), listed.title)),
        fingerprint=flips.span.after.fingerprint,
        columns=columns,
        rows=rows,
    )


def _table(listed: FlipList) -> tuple[tuple[Column, ...], Callable[[], Rows]]:
    match listed:
        case PositionList():
            return _position_columns(), lambda: _position_rows(listed)
        case DeterminedList():
            return _determined_columns(), lambda: _determined_rows(listed)
        case ArrangedList():
            return _arranged_columns(), lambda: _arranged_rows(listed)
        case StaffedList():
            return _staffed_columns(), lambda: _staffed_rows(listed)


def _job() -> tuple[Column, Column]:
    return Column(_("Agency"), width=40), Column(_("Position"), width=40)


def _outcomes() -> tuple[Column, Column]:
    return Column(_("Without the draft"), width=24), Column(_("With the draft"), width=24)


def _position_columns() -> tuple[Column, ...]:
    return (*_job(), *_outcomes())


def _position_rows(listed: PositionList) -> Rows:
    return ((row.position.agency.name, str(row.position), row.before, row.after) for row in listed.every_row())


def _determined_columns() -> tuple[Column, ...]:
    form = Column(_("Form of flexible work"), width=24)
    more = (Column(_("Determined"), width=24), *_outcomes(), Column(_("What changes"), width=40))
    return (Column(_("Determination (Keputusan)"), width=24), *_job(), form, *more)


def _determined_rows(listed: DeterminedList) -> Rows:
    for one in listed.every_row():
        number, agency = one.row.verification.determination.number, one.row.agency.name
        mode = one.row.get_mode_display()
        yield number, agency, str(one.row), mode, one.determined, one.before, one.after, one.changes


def _arranged_columns() -> tuple[Column, ...]:
    period = (Column(_("First day"), "date", 14), Column(_("Last day"), "date", 14))
    kept = (Column(_("Still holds"), "yes_no", 12), Column(_("Why not"), width=60))
    return (*_job(), Column(_("Form of flexible work"), width=24), *period, *kept)


def _arranged_rows(listed: ArrangedList) -> Rows:
    for one in listed.every_row():
        row = one.arrangement
        yield row.agency.name, str(row.position), one.mode, row.starts_on, row.ends_on, not one.why, " ".join(one.why)


def _staffed_columns() -> tuple[Column, ...]:
    numbers = (
        _("Highest need"),
        _("Left on site without the draft"),
        _("Back on site"),
        _("Left on site with the draft"),
        _("May then go too"),
        _("Left if all of them go"),
    )
    first = (Column(_("Agency"), width=40), Column(_("Service"), width=40), Column(_("Weekday"), width=12))
    met = (Column(_("Need met with the draft"), width=40), Column(_("Need met if all of them go"), width=40))
    return (*first, *(Column(label, "number", 12) for label in numbers), *met)


def _staffed_rows(listed: StaffedList) -> Rows:
    agency = listed.agency.agency.name
    for service in listed.agency.services:
        for day in service.days:
            left = (day.before.left, day.back, day.after.left, day.may_go, day.left_if_all_go)
            met = (day.after.word, day.if_all_go.word)
            yield agency, service.service.name, day.after.label, day.after.needed, *left, *met
