"""The tasks of one agency, each with the sheet that was opened last: a page of them, or all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Case, OuterRef, Prefetch, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.models import Agency, Assessment, Sheet, Task
from agencies.paging import Page, keyset_page
from agencies.querysets import open_on

NONE: Final = "none"
"""The state of a task without a sheet; a list of these names those too of which every sheet was cancelled."""

LATE: Final[Mapping[str, Sheet.State]] = {"terlambat": Sheet.State.OPEN, "terlambat-selesaikan": Sheet.State.SETTLING}
"""What an address asks for of what is overdue, and the state that those sheets are in."""

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task, its last sheet (None: none was opened), and who answers for either side."""

    task: Task
    sheet: Sheet | None
    parts: tuple[Assessment, ...]

    @property
    def state(self) -> str:
        """Of the sheet."""
        return self.sheet.state if self.sheet else NONE

    def reviewer(self, side: str) -> str:
        """Who answers for a side; empty where nobody is named."""
        user = next((part.reviewer for part in self.parts if part.side == side), None)
        return (user.get_full_name() or user.get_username()) if user else ""

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """What either side is called, and who answers for it."""
        return (_("Reviewer of the agency"), self.reviewer("agency")), (
            _("Reviewer of BKPSDM"),
            self.reviewer("bkpsdm"),
        )

    @property
    def submitted(self) -> int:
        """How many of the two have submitted."""
        return sum(part.state == Assessment.State.SUBMITTED for part in self.parts)


@dataclass(frozen=True)
class AgencySheets:
    """One page of tasks; `all_lines` reads every line that the page was narrowed to."""

    lines: tuple[TaskLine, ...]
    page: Page[Task]
    state: str
    tasks: QuerySet[Task]

    def all_lines(self) -> Iterator[TaskLine]:
        """Every line, read in parts."""
        for task in self.tasks.iterator(chunk_size=_BATCH):
            yield _line(task)


def agency_sheets(agency: Agency, query: QueryDict, on: date) -> AgencySheets:
    """The tasks of an agency itself that the address asks for, in the order of positions."""
    tasks = Task.objects.filter(open_on(on), position__agency=agency)
    tasks = tasks.filter(position__in=agency.positions.filter(open_on(on)).values("pk"))
    wish = query.get("keadaan", "")
    state = wish if wish in (NONE, *Sheet.State.values, *LATE) else ""
    if state:
        tasks = _in_state(tasks, state, on)
    order = ("position__title", "position_id", "number", "pk")
    known = tasks.select_related("position__unit").prefetch_related(_sheets()).order_by(*order)
    page = keyset_page(known, query, order)
    return AgencySheets(tuple(map(_line, page.rows)), page, state, known)


def _in_state(tasks: QuerySet[Task], state: str, on: date) -> QuerySet[Task]:
    """Those whose shown sheet is in a state, or in one after its last day; a sheet without one is never overdue."""
    shown = _sheets_of_a_task().filter(task=OuterRef("pk"))
    tasks = tasks.alias(shown=Coalesce(Subquery(shown.values("state")[:1]), Value(NONE)))
    if state in LATE:
        return tasks.alias(due=Subquery(shown.values("due_on")[:1])).filter(shown=LATE[state], due__lt=on)
    return tasks.filter(shown__in=(NONE, Sheet.State.CANCELLED) if state == NONE else (state,))


def _sheets_of_a_task() -> QuerySet[Sheet]:
    """The one that a task is shown by comes first: the newest that was not cancelled."""
    return Sheet.objects.order_by(Case(When(state=Sheet.State.CANCELLED, then=1), default=0), "-pk")


def _sheets() -> Prefetch[str]:
    parts = Prefetch("assessments", Assessment.objects.current().select_related("reviewer"), to_attr="current_parts")
    rows: Iterable[Sheet] = _sheets_of_a_task().prefetch_related(parts)
    return Prefetch("sheets", rows, to_attr="sheets_in_order")  # type: ignore[arg-type]


def _line(task: Task) -> TaskLine:
    found: list[Sheet] = getattr(task, "sheets_in_order")  # noqa: B009
    sheet = found[0] if found else None
    return TaskLine(task, sheet, tuple(getattr(sheet, "current_parts", ())))
