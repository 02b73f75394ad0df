"""Objections of employees to their own files, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.forms.objections import part_name
from agencies.models import Employee, Institution, Objection
from agencies.paging import Page, keyset_page

ALL: Final = "semua"
WAITING_LONGEST = ("raised_at", "pk")
NEWEST = ("-raised_at", "-pk")


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection and the name of the part it is about."""

    objection: Objection
    part: str

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self.objection.state == Objection.State.OPEN


@dataclass(frozen=True)
class ObjectionList:
    """One page of objections; of all, or of those that wait, the longest first."""

    lines: tuple[ObjectionLine, ...]
    page: Page[Objection]
    waiting: int
    all_states: bool


def objection_list(seen: QuerySet[Objection], query: QueryDict) -> ObjectionList:
    """The page that the address asks for, of the objections in sight."""
    all_states = query.get("keadaan") == ALL
    waiting = seen.filter(state=Objection.State.OPEN)
    shown = seen if all_states else waiting
    page = keyset_page(shown.select_related("employee"), query, NEWEST if all_states else WAITING_LONGEST)
    return ObjectionList(lines(page.rows), page, waiting.count(), all_states)


def objection_table(institution: Institution, seen: QuerySet[Objection], query: QueryDict, on: date) -> PeopleTable:
    """All objections that the address asks for."""
    all_states = query.get("keadaan") == ALL
    shown = seen if all_states else seen.filter(state=Objection.State.OPEN)
    order = NEWEST if all_states else WAITING_LONGEST
    waiting = (_("State"), str(Objection.State.OPEN.label))
    table = ExportTable(
        title=_("Objections to facts about employees"),
        institution=institution,
        on=on,
        filters=() if all_states else (waiting,),
        fingerprint=None,
        columns=(
            Column(_("Employee"), width=32),
            Column(_("What is wrong"), width=32),
            Column(_("Raised"), "date", 14),
            Column(_("State"), width=18),
        ),
        rows=told_in_parts(shown.select_related("employee").order_by(*order), partial(_cells, institution)),
    )
    return PeopleTable(table, shown.order_by().values("employee").distinct().count())


def _cells(institution: Institution, objections: Iterable[Objection]) -> Iterator[tuple[Cell, ...]]:
    for one in objections:
        raised = one.raised_at.astimezone(zone(institution)).date()
        yield (one.employee.name, part_name(one.about), raised, one.get_state_display())


def objections_of(employee: Employee) -> tuple[ObjectionLine, ...]:
    """All that an employee raised, newest first."""
    return lines(Objection.objects.filter(employee=employee).order_by(*NEWEST))


def lines(objections: Iterable[Objection]) -> tuple[ObjectionLine, ...]:
    """Each with the name of its part."""
    return tuple(ObjectionLine(one, part_name(one.about)) for one in objections)
