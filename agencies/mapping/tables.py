"""The tables of the mapping to take away: queue, progress, agreement, sheets of an agency. No answer stands in any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.mapping.agency_sheets import LATE, AgencySheets
from agencies.mapping.agreement import Agreement
from agencies.mapping.agreement_table import AgreementTable
from agencies.mapping.progress import progress_of
from agencies.mapping.queue import SETTLING, Queue, QueueGroup, View
from agencies.models import Agency, Institution, Sheet


def queue_table(institution: Institution, found: Queue, on: date) -> ExportTable:
    """What waits for a user in the view that she looks at; "people" is empty where nobody has counted any."""
    columns = (
        Column(_("Task"), width=50),
        Column(_("Position"), width=40),
        Column(_("Agency"), width=36),
        Column(_("Sheets"), "number", 12),
        Column(_("Agencies"), "number", 12),
        Column(_("People"), "number", 12),
        Column(_("All counted"), "yes_no", 14),
        Column(_("Open questions"), "number", 14),
        Column(_("Deadline") if found.settles else _("To be answered by"), "date", 16),
    )
    filters = ((_("What is listed"), _view_words(found.view)),)
    title = _("Mapping sheets that wait for me")
    return ExportTable(
        title, institution, on, filters, None, columns, lambda: (_waiting(one, found.view) for one in found.every())
    )


def _waiting(group: QueueGroup, view: View) -> tuple[Cell, ...]:
    """The agency is named where all sheets are of one; what is settled has no open questions."""
    first, alike = group.first, group.alike
    counted = bool(alike.heads) or not alike.uncounted
    return (
        first.task,
        first.title,
        first.agency if alike.agencies == 1 else None,
        alike.sheets,
        alike.agencies,
        alike.heads if counted else None,
        not alike.uncounted,
        None if view in SETTLING else group.left,
        alike.due_on,
    )


def _view_words(view: View) -> str:
    return {
        View.ANSWER: _("to answer"),
        View.RETURNED: pgettext("sheets", "returned"),
        View.OVERDUE: _("overdue to answer"),
        View.SETTLE: _("to settle"),
        View.SETTLE_OVERDUE: _("overdue to settle"),
    }[view]


def progress_table(institution: Institution, agencies: QuerySet[Agency], on: date) -> ExportTable:
    """How far each agency is."""
    states = (_("Tasks"), _("Agreed"), _("To be settled"), _("Being answered"), _("Not begun"))
    heads = (*states, _("Overdue to answer"), _("Overdue to settle"))
    columns = (Column(_("Agency"), width=44), *(Column(head, "number", 14) for head in heads))
    columns += (Column(_("To be answered by"), "date", 16),)

    def rows() -> Iterator[Sequence[Cell]]:
        for one in progress_of(list(agencies), on):
            numbers = (one.tasks, one.agreed, one.settling, one.answering, one.not_begun)
            yield (one.agency.name, *numbers, one.overdue, one.unsettled, one.due_on)

    return ExportTable(_("Progress of the mapping"), institution, on, (), None, columns, rows)


def agreement_table(institution: Institution, found: AgreementTable, on: date) -> ExportTable:
    """How far reviewers agree, over agencies and then over questions."""
    heads = (
        _("Groups of alike sheets"),
        _("Pairs"),
        _("Differing"),
        _("Questions left out of kappa"),
        _("Kappa"),
        _("From"),
        _("To"),
    )
    columns = (Column(_("Agency or question"), width=60), *(Column(head, "number", 12) for head in heads))

    def rows() -> Iterator[Sequence[Cell]]:
        yield (_("All agencies"), *_numbers(found.total))
        yield from ((one.agency.name, *_numbers(one.found)) for one in found.agencies)
        yield from ((one.question.label, *_numbers(one.found)) for one in found.questions)

    return ExportTable(_("Agreement of reviewers"), institution, on, (), None, columns, rows)


def _numbers(found: Agreement) -> tuple[Cell, ...]:
    counted = (found.groups, found.pairs, found.differing, found.left_out)
    if found.kappa is None:
        few = _("too few to say") if found.few else _("all answers are one and the same: nothing to measure")
        return (*counted, few, None, None)
    return (*counted, *(_rounded(value) for value in (found.kappa, found.low, found.high)))


def _rounded(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.2f}")


def sheets_table(agency: Agency, found: AgencySheets, on: date) -> ExportTable:
    """The tasks of an agency with the state of their sheets."""
    columns = (
        Column(_("Position"), width=40),
        Column(_("Task"), width=50),
        Column(_("Unit"), width=36),
        Column(_("State"), width=18),
        Column(_("Reviewer of the agency"), width=28),
        Column(_("Reviewer of BKPSDM"), width=28),
        Column(_("Submitted"), "number", 12),
        Column(_("To be answered by"), "date", 16),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for line in found.all_lines():
            sheet, unit = line.sheet, line.task.position.unit
            yield (
                str(line.task.position),
                line.task.title,
                unit.name if unit else None,
                str(sheet.get_state_display()) if sheet else _("Not begun"),
                line.reviewer("agency"),
                line.reviewer("bkpsdm"),
                line.submitted,
                sheet.due_on if sheet else None,
            )

    filters = ((_("Agency"), agency.name), *([(_("State"), _state(found.state))] if found.state else []))
    title = _("Mapping sheets of %(agency)s") % {"agency": agency.name}
    return ExportTable(title, agency.institution, on, filters, None, columns, rows)


def _state(code: str) -> str:
    if code in LATE:
        return _("overdue to answer") if LATE[code] == Sheet.State.OPEN else _("overdue to settle")
    return str(Sheet.State(code).label) if code in Sheet.State.values else _("Not begun")
