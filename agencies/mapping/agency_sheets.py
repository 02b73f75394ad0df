"""The tasks of one agency, each with the sheet that was opened last: a page of them, or all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.models import Agency, Assessment, Sheet, Task
from agencies.paging import Page, keyset_page
from agencies.querysets import open_on

NONE: Final = "none"
"""The state of a task that nobody has opened a sheet for."""

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
    state = query.get("keadaan", "")
    if state == NONE:
        tasks = tasks.filter(sheets__isnull=True)
    elif state in Sheet.State.values:
        tasks = tasks.filter(pk__in=Sheet.objects.filter(agency=agency, state=state).values("task"))
    else:
        state = ""
    order = ("position__title", "position_id", "number", "pk")
    known = tasks.select_related("position__unit").prefetch_related(_sheets()).order_by(*order)
    page = keyset_page(known, query, order)
    return AgencySheets(tuple(map(_line, page.rows)), page, state, known)


def _sheets() -> Prefetch[str]:
    parts = Prefetch("assessments", Assessment.objects.current().select_related("reviewer"), to_attr="current_parts")
    rows: Iterable[Sheet] = Sheet.objects.order_by("-pk").prefetch_related(parts)
    return Prefetch("sheets", rows, to_attr="sheets_newest_first")  # type: ignore[arg-type]


def _line(task: Task) -> TaskLine:
    newest: list[Sheet] = getattr(task, "sheets_newest_first")  # noqa: B009
    sheet = newest[0] if newest else None
    return TaskLine(task, sheet, tuple(getattr(sheet, "current_parts", ())))
