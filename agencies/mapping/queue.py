"""What waits for somebody who maps: sheets to answer, returned, to settle, overdue; alike sheets stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import Count, DateTimeField, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from agencies.access import Standing
from agencies.mapping.access import coordinates
from agencies.mapping.questions import questions_of
from agencies.models import Answer, Assessment, Posting, Sheet, User
from agencies.prepared import prepared

SIZE: Final = 50
"""Groups on one page."""


class View(StrEnum):
    """What the queue shows."""

    ANSWER = "isi"
    RETURNED = "dikembalikan"
    OVERDUE = "terlambat"
    SETTLE = "selesaikan"
    SETTLE_OVERDUE = "terlambat-selesaikan"


_OVERDUE: Final = (View.OVERDUE, View.SETTLE_OVERDUE)
SETTLING: Final = (View.SETTLE, View.SETTLE_OVERDUE)
"""The views of whoever settles; the others are a reviewer's own."""

_GIVEN: Final = Coalesce(Subquery(Answer.objects.number_in(OuterRef("pk"))), 0)
"""Answers of a part; counted for each by its index, where a join would read the answers of everybody."""


class Alike(NamedTuple):
    """Waiting sheets of alike tasks, counted by the database: what their group is sorted by, and how much it decides.

    `heads` are who hold the positions: those counted in each, else those recorded as its holders, of whom there may be
    more; `uncounted` are the sheets of positions nobody counted. `title` and `sheet` are the least of the group, for
    its place alone.
    `answered` are the answers in the sheet that has most. `reminded_at` is when the user was last reminded of any.
    `returned` and `overdue` count sheets; those that wait to be settled are never returned.
    """

    likeness: str
    title: str
    sheet: int
    sheets: int
    agencies: int
    heads: int
    uncounted: int
    due_on: date | None
    reminded_at: datetime | None
    answered: int
    returned: int
    overdue: int


class First(NamedTuple):
    """The sheet that stands for its group: the one with most answers."""

    likeness: str
    sheet: int
    title: str
    task: str
    agency: str
    answered: int


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """Sheets of alike tasks, which can be answered together: the first of them, how many, and how much they decide.

    `left` are the questions still open in the first.
    """

    first: First
    alike: Alike
    left: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one view lists: sheets, or a reviewer's parts of them, and the way from one to its sheet.

    `reminded` is the moment of the user's last reminder of a row.
    """

    rows: QuerySet[Any]
    sheet: str
    questions: int
    on: date
    reminded: Any

    def narrowed(self, view: View) -> Waiting:
        """Those that a view lists; all for the views of what is to be answered, or to be settled."""
        return self if view in (View.ANSWER, View.SETTLE) else replace(self, rows=self.rows.filter(self._listed(view)))

    def _listed(self, view: View) -> Q:
        """A condition on the rows; without a last day nothing is overdue."""
        overdue = Q(**{f"{self.sheet}due_on__lt": self.on})
        return overdue if view in _OVERDUE else Q(state=Assessment.State.RETURNED)

    def alike(self) -> list[Alike]:
        """Every group, the most useful first."""
        return self.sorted(self.grouped())

    def sorted(self, groups: Iterable[tuple[Any, ...]]) -> list[Alike]:
        """Groups in their order: first the one with the most heads decided for each answer still to be given."""
        read = [Alike._make(row) for row in groups]
        return sorted(read, key=lambda one: (-one.heads / max(1, self._left(one)), one.title, one.sheet))

    def grouped(self) -> QuerySet[Any, Any]:
        """Every group as the database counts it."""
        position = f"{self.sheet}task__position"
        held = Subquery(Posting.objects.number_in(OuterRef(position), self.on))
        rows = self.rows.order_by().annotate(held=Coalesce(F(f"{position}__filled"), held), told=self.reminded)
        groups: QuerySet[Any, Any] = rows.values_list(f"{self.sheet}likeness").annotate(**self._counts())
        return groups

    def groups(self, alike: Sequence[Alike]) -> list[QueueGroup]:
        """Some groups with the sheet that stands for each."""
        firsts = self._firsts(alike)
        # Who submits between the two statements takes a group away.
        return [QueueGroup(firsts[one.likeness], one, self._left(one)) for one in alike if one.likeness in firsts]

    def _left(self, one: Alike) -> int:
        return self.questions - one.answered

    def _counts(self) -> dict[str, Any]:
        sheet, position = self.sheet, f"{self.sheet}task__position__"
        of_sheets = {"answered": Value(0), "returned": Value(0)}
        of_parts = {"answered": Max(_GIVEN), "returned": Count("pk", filter=self._listed(View.RETURNED))}
        return {
            "title": Min(f"{position}title"),
            "least": Min(f"{sheet}pk"),
            "sheets": Count("pk"),
            "agencies": Count(f"{sheet}agency", distinct=True),
            "heads": Coalesce(Sum("held"), 0),
            "uncounted": Count("pk", filter=Q(**{f"{position}filled__isnull": True})),
            "due": Min(f"{sheet}due_on"),
            "reminded": Max("told"),
            **(of_parts if sheet else of_sheets),
            "overdue": Count("pk", filter=self._listed(View.OVERDUE)),
        }

    def _firsts(self, alike: Sequence[Alike]) -> dict[str, First]:
        sheet = self.sheet
        # Of all that waits every group may be wanted: then they are not named one by one.
        named = {f"{sheet}likeness__in": [one.likeness for one in alike]} if len(alike) <= SIZE else {}
        rows = self.rows.filter(**named)
        rows = rows.annotate(given=_GIVEN if sheet else Value(0)).order_by(f"{sheet}agency__name", f"{sheet}pk")
        columns = ("likeness", "pk", "task__position__title", "task__title", "agency__name")
        found: dict[str, First] = {}
        for row in map(First._make, rows.values_list(*(f"{sheet}{name}" for name in columns), "given")):
            known = found.get(row.likeness)
            if known is None or row.answered > known.answered:
                found[row.likeness] = row
        return found


@dataclass(frozen=True)
class Queue:
    """One page of the queue: what its view lists, by groups, and how many sheets wait in each view."""

    view: View
    found: Waiting
    alike: Sequence[Alike]
    counts: dict[View, int]
    page: int
    pages: int
    coordinates: bool

    @property
    def settles(self) -> bool:
        """Whether it lists what is to be settled."""
        return self.view in SETTLING

    @property
    def total(self) -> int:
        """How many groups the view has."""
        return len(self.alike)

    @cached_property
    def groups(self) -> Sequence[QueueGroup]:
        """Those of the page."""
        return self.found.groups(self.alike[(self.page - 1) * SIZE : self.page * SIZE])

    def every(self) -> Sequence[QueueGroup]:
        """All of them."""
        return self.found.groups(self.alike)

    @property
    def previous(self) -> int:
        """The number of the page before."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The number of the page after."""
        return self.page + 1


def queue(standing: Standing, user: User, view: str, page: str, on: date) -> Queue:
    """What waits for a user, by groups of alike tasks."""
    questions = len(questions_of(standing.institution))
    own = _hers(user.pk, standing.institution.pk, questions, on)
    settling = Waiting(_to_settle(standing, on), "", questions, on, _reminded_to_settle(user))
    hers = own.sorted(_grouped_for(user.pk, standing.institution.pk, on))
    counts = _counts(hers) | _settling_counts(standing, on)
    chosen = View(view) if view in [*View] else _first(counts)
    found = (settling if chosen in SETTLING else own).narrowed(chosen)
    alike = hers if found is own else found.alike()
    pages = max(1, -(-len(alike) // SIZE))
    number = min(int(page), pages) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1
    return Queue(chosen, found, alike, counts, number, pages, coordinates(standing))


def sheets_waiting(standing: Standing, user: User, on: date) -> int:
    """How many sheets a user has to answer, and to settle where she coordinates."""
    return _own(user.pk, standing.institution.pk, on).count() + _to_settle(standing, on).count()


def _first(counts: dict[View, int]) -> View:
    """What is opened without a choice: what the user has to do."""
    return View.SETTLE if not counts[View.ANSWER] and counts[View.SETTLE] else View.ANSWER


def _hers(user: int, institution: int, questions: int, on: date) -> Waiting:
    """What a user has to answer."""
    return Waiting(_own(user, institution, on), "sheet__", questions, on, F("reminded_at"))


@prepared
def _grouped_for(user: int, institution: int, on: date) -> QuerySet[Any, Any]:
    """Every group of what a user has to answer, as the database counts it: asked whatever she looks at."""
    return _hers(user, institution, 0, on).grouped()


def _own(user: int, institution: int, on: date) -> QuerySet[Assessment]:
    return Assessment.objects.waiting_for(user, on).filter(sheet__institution=institution)


def _to_settle(standing: Standing, on: date) -> QuerySet[Sheet]:
    """What waits for whoever coordinates; nothing for others."""
    return _settling(standing.institution.pk, on) if coordinates(standing) else Sheet.objects.none()


def _settling(institution: int, on: date) -> QuerySet[Sheet]:
    return Sheet.objects.filter(institution=institution, state=Sheet.State.SETTLING).counting(on)


def _settling_counts(standing: Standing, on: date) -> dict[View, int]:
    """How many sheets wait in each view of whoever coordinates."""
    found = _counted_settling(standing.institution.pk, on) if coordinates(standing) else []
    number, late = found[0] if found else (0, 0)
    return {View.SETTLE: number, View.SETTLE_OVERDUE: late}


@prepared
def _counted_settling(institution: int, on: date) -> QuerySet[Any, tuple[int, int]]:
    """How many wait to be settled, and of how many the last day to answer is past; no row for none."""
    counted = _settling(institution, on).order_by().values("institution")
    late = Count("pk", filter=Q(due_on__lt=on))
    return counted.annotate(number=Count("pk"), late=late).values_list("number", "late")


def _reminded_to_settle(user: User) -> Subquery:
    """When a reviewer of BKPSDM was last reminded of the differences of a sheet: once both had submitted."""
    hers = Assessment.objects.settling().filter(sheet=OuterRef("pk"), reviewer=user)
    since = hers.filter(reminded_at__gte=OuterRef("compared_at"))
    return Subquery(since.values("reminded_at")[:1], output_field=DateTimeField())


def _counts(hers: Sequence[Alike]) -> dict[View, int]:
    """How many of a reviewer's sheets wait in each of her views."""
    return {
        View.ANSWER: sum(one.sheets for one in hers),
        View.RETURNED: sum(one.returned for one in hers),
        View.OVERDUE: sum(one.overdue for one in hers),
    }
