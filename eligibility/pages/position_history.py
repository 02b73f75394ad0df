"""The history of a position: its state on a day, and the line of time with facts, holders, determinations, requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import Standing, acting_as
from agencies.clock import JudgedDay, zone
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.history.holders import Holders, Sight, holders_of, sight_of
from agencies.history.postings import posting_moments
from agencies.history.records import Ledger
from agencies.history.state import PositionState, Then, position_state
from agencies.history.timeline import FactLine, Moment, newest_first
from agencies.history.words import names_in
from agencies.mapping.agreed_sheets import AgreedSheets, agreed_sheets
from agencies.models import FactRecord, Position, Posting, Task
from agencies.prepared import prepared
from eligibility.arrangement_access import IN_CHARGE, charged_in_position
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.models import Arrangement, Determination, DeterminedPosition
from eligibility.pages.arrangements import weekdays_of
from eligibility.rulebook import Mode

ON_A_PAGE: Final = 50
"""Entries on one page of the line."""


@dataclass(frozen=True)
class PositionHistory:
    """Everything of the page; `named` is how many people it names, `sheets` those that the reader may open."""

    position: Position
    state: PositionState
    holders: Holders
    moments: tuple[Moment, ...]
    part: Page[Moment]
    named: int
    sheets: AgreedSheets


def position_history(standing: Standing, position: Position, query: QueryDict, day: JudgedDay) -> PositionHistory:
    """The state on the day, by what was recorded at its moment, and the whole line by what is recorded today."""
    records, tasks, postings = _records(position.pk), _tasks(position.pk), _postings(position.pk)
    ledger, names = Ledger(records), names_in(position.institution, records, [position.agency])
    sheets = agreed_sheets(standing, position)
    facts = FactLine(position.institution, ledger, names, {task.pk: task.title for task in tasks}, sheets)
    sight = sight_of(standing, {one.employee_id for one in postings})
    arrangements = list(_arrangements(standing, position))
    moments = newest_first(
        [
            *facts.moments(records),
            *posting_moments(position.institution, postings, sight),
            *_determinations(standing, position),
            *(_arranged(standing, one, sight) for one in arrangements),
        ]
    )
    return PositionHistory(
        position=position,
        state=position_state(Then(ledger, names, day.on, day.known_at), position, tasks),
        holders=holders_of(position.pk, sight, day.on, day.known_at),
        moments=tuple(moments),
        part=Paginator(moments, ON_A_PAGE).get_page(query.get("halaman")),
        named=len(sight.seen),
        sheets=sheets,
    )


@prepared
def _records(position: int) -> QuerySet[Any, FactRecord]:
    return FactRecord.objects.filter(Q(position_id=position) | Q(task__position_id=position))


@prepared
def _tasks(position: int) -> QuerySet[Any, Task]:
    return Task.objects.filter(position_id=position).select_related("profile").order_by("number")


@prepared
def _postings(position: int) -> QuerySet[Any, Posting]:
    return Posting.objects.filter(position_id=position).select_related("employee")


@prepared
def _determined_rows(position: int) -> QuerySet[Any, DeterminedPosition]:
    return DeterminedPosition.objects.filter(position_id=position).order_by("pk")


@prepared
def _signed(verifications: Collection[int]) -> QuerySet[Any, Determination]:
    rows = Determination.objects.filter(verification__in=verifications)
    return rows.select_related("revocation").order_by("pk")


def _determinations(standing: Standing, position: Position) -> Iterator[Moment]:
    """Each Keputusan that determined the position, with what it said, and its revocation."""
    by_verification: dict[int, list[DeterminedPosition]] = {}
    for row in _determined_rows(position.pk):
        by_verification.setdefault(row.verification_id, []).append(row)
    for determination in _signed(list(by_verification)):
        yield from _determined(standing, determination, by_verification[determination.verification_id])


def _determined(standing: Standing, one: Determination, rows: list[DeterminedPosition]) -> Iterator[Moment]:
    code = standing.institution.code
    said = (f"{_(MODE_LABELS[Mode(row.mode)])}: {_(OUTCOME_LABELS[row.outcome])}" for row in rows)
    yield Moment(
        on=one.effective_from,
        recorded_at=one.recorded_at,
        title=_("Determined by Keputusan %(number)s") % {"number": one.number},
        note="; ".join(said),
        address=reverse("determined_position", args=[code, one.pk, rows[0].position_id]),
    )
    revocation = getattr(one, "revocation", None)
    if revocation is not None:
        yield Moment(
            on=revocation.effective_from,
            recorded_at=revocation.recorded_at,
            title=_("Keputusan %(number)s revoked") % {"number": one.number},
            address=reverse("determination", args=[code, one.pk]),
        )


def _arrangements(standing: Standing, position: Position) -> Iterable[Arrangement]:
    """What was ever approved in the position, for those who read requests there; for others nothing."""
    if not standing.holds(*IN_CHARGE):
        return ()
    return charged_in_position(acting_as(standing, *IN_CHARGE), position.pk)


def _arranged(standing: Standing, one: Arrangement, sight: Sight) -> Moment:
    assert one.approved_at is not None
    name = one.employee.name if one.employee_id in sight.seen else _("An employee")
    return Moment(
        on=one.approved_at.astimezone(zone(standing.institution)).date(),
        recorded_at=one.approved_at,
        title=_("Fleksibilitas Kerja of %(name)s approved") % {"name": name},
        note=f"{one.get_mode_display()}: {weekdays_of(one.days)}" if one.days else one.get_mode_display(),
        address=reverse("arrangement", args=[standing.institution.code, one.pk]),
    )


def history_table(standing: Standing, page: PositionHistory, on: date) -> PeopleTable:
    """The line of time, to take away: a row for each fact of each entry."""
    table = ExportTable(
        title=_("History of the position"),
        institution=standing.institution,
        on=on,
        filters=((_("Position"), f"{page.position} ({page.position.code})"), (_("Agency"), page.position.agency.name)),
        fingerprint=None,
        columns=(
            Column(_("Valid from"), "date", 14),
            Column(_("What happened"), width=36),
            Column(_("Fact"), width=36),
            Column(_("Before"), width=28),
            Column(_("Since then"), width=28),
            Column(_("Note"), width=48),
            Column(_("Source"), width=40),
            Column(_("Basis"), width=14),
            Column(_("Recorded"), "date", 14),
        ),
        rows=lambda: (row for one in page.moments for row in _cells(one, standing)),
    )
    return PeopleTable(table, page.named)


def _cells(one: Moment, standing: Standing) -> Iterator[tuple[Cell, ...]]:
    recorded = one.recorded_at.astimezone(zone(standing.institution)).date()
    end = (one.source, one.basis, recorded)
    note = " ".join(filter(None, (one.note, one.late)))
    if not one.changes:
        yield (one.on, one.title, None, None, None, note, *end)
    for change in one.changes:
        told = " ".join(filter(None, (note, change.corrected)))
        yield (one.on, one.title, change.label, change.before, change.after, told, *end)
