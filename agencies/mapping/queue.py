"""What waits for somebody who maps: sheets to answer, returned, overdue, to settle; alike sheets stand together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery

from agencies.access import Standing
from agencies.mapping.access import coordinates
from agencies.mapping.questions import questions_of
from agencies.models import Assessment, Sheet, User

SIZE: Final = 50
"""Groups on one page."""


class View(StrEnum):
    """What the queue shows."""

    ANSWER = "isi"
    RETURNED = "dikembalikan"
    OVERDUE = "terlambat"
    SETTLE = "selesaikan"


class Waiting(NamedTuple):
    """One sheet that waits, as far as groups are made of it. `heads` are who holds the position (None: not counted)."""

    sheet: int
    likeness: str
    title: str
    task: str
    agency: str
    heads: int | None
    due_on: date | None
    returned: bool
    reminded_at: datetime | None
    answered: int


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """Sheets of alike tasks, which can be answered together: the first of them, how many, and how much they decide.

    `reminded_at` is when the user was last reminded of any of them.

    `left` are the questions still open in the first; `heads` who is decided on by answering them.
    """

    first: Waiting
    sheets: int
    agencies: int
    heads: int
    uncounted: bool
    due_on: date | None
    reminded_at: datetime | None
    left: int

    @property
    def worth(self) -> float:
        """Heads decided for each answer that is still to be given."""
        return self.heads / max(1, self.left)


@dataclass(frozen=True)
class Queue:
    """One page of the queue, every group of its view, and how many sheets wait in each view."""

    view: View
    groups: tuple[QueueGroup, ...]
    all_groups: tuple[QueueGroup, ...]
    counts: dict[View, int]
    page: int
    pages: int
    coordinates: bool

    @property
    def previous(self) -> int:
        """The number of the page before."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The number of the page after."""
        return self.page + 1


def queue(standing: Standing, user: User, view: str, page: str, on: date) -> Queue:
    """What waits for a user; the most useful group first, the one with the most heads decided for each answer."""
    own = list(_own(user, standing, on))
    by_view = {
        View.ANSWER: own,
        View.RETURNED: [one for one in own if one.returned],
        View.OVERDUE: [one for one in own if one.due_on is not None and one.due_on < on],
    }
    counts = {one: len(rows) for one, rows in by_view.items()}
    counts[View.SETTLE] = _to_settle(standing, on).count() if coordinates(standing) else 0
    chosen = View(view) if view in [*View] else _first(counts)
    rows = by_view[chosen] if chosen in by_view else _settling(standing, on)
    groups = _grouped(rows, len(questions_of(standing.institution)))
    pages = max(1, -(-len(groups) // SIZE))
    number = min(int(page), pages) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1
    shown = tuple(groups[(number - 1) * SIZE : number * SIZE])
    return Queue(chosen, shown, tuple(groups), counts, number, pages, coordinates(standing))


def sheets_waiting(standing: Standing, user: User, on: date) -> int:
    """How many sheets a user has to answer, and to settle where she coordinates."""
    own = Assessment.objects.waiting_for(user, on).filter(sheet__institution=standing.institution).count()
    if not coordinates(standing):
        return own
    return own + _to_settle(standing, on).count()


def _first(counts: dict[View, int]) -> View:
    """What is opened without a choice: what the user has to do."""
    return View.SETTLE if not counts[View.ANSWER] and counts[View.SETTLE] else View.ANSWER


_COLUMNS: Final = ("pk", "likeness", "task__position__title", "task__title", "agency__name", "task__position__filled")

_GIVEN: Final = Subquery(
    Assessment.objects.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(n=Count("answers")).values("n")
)
"""Answers of a part; counted for each by its index, where a join would read the answers of everybody."""


def _to_settle(standing: Standing, on: date) -> QuerySet[Sheet]:
    return Sheet.objects.filter(institution=standing.institution, state=Sheet.State.SETTLING).counting(on)


def _own(user: User, standing: Standing, on: date) -> Iterable[Waiting]:
    rows = Assessment.objects.waiting_for(user, on).filter(sheet__institution=standing.institution)
    counted = rows.annotate(answered=_GIVEN).order_by("sheet__agency__name", "sheet")
    columns = [f"sheet__{name}" for name in _COLUMNS]
    for row in counted.values_list(*columns, "sheet__due_on", "state", "reminded_at", "answered"):
        yield Waiting._make((*row[:-3], row[-3] == Assessment.State.RETURNED, *row[-2:]))


def _settling(standing: Standing, on: date) -> Iterable[Waiting]:
    if not coordinates(standing):
        return
    for row in _to_settle(standing, on).order_by("agency__name", "pk").values_list(*_COLUMNS, "due_on"):
        yield Waiting._make((*row, False, None, 0))


def _grouped(rows: Iterable[Waiting], questions: int) -> list[QueueGroup]:
    alike: dict[str, list[Waiting]] = defaultdict(list)
    for row in rows:
        alike[row.likeness].append(row)
    groups = [_group(of, questions) for of in alike.values()]
    return sorted(groups, key=lambda group: (-group.worth, group.first.title, group.first.sheet))


def _group(rows: list[Waiting], questions: int) -> QueueGroup:
    first = max(rows, key=lambda row: row.answered)
    return QueueGroup(
        first=first,
        sheets=len(rows),
        agencies=len({row.agency for row in rows}),
        heads=sum(row.heads or 0 for row in rows),
        uncounted=any(row.heads is None for row in rows),
        due_on=min((row.due_on for row in rows if row.due_on), default=None),
        reminded_at=max((row.reminded_at for row in rows if row.reminded_at), default=None),
        left=questions - first.answered,
    )
