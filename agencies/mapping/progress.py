"""How far the mapping has come: per agency, how many tasks are agreed, being answered, to be settled, not begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Min, Q, QuerySet

from agencies.models import Agency, Assessment, Sheet, Task
from agencies.querysets import open_on

State = Sheet.State


@dataclass(frozen=True, slots=True)
class Progress:
    """One agency without what lies below it: its open tasks by how far they are, and what hurries.

    `overdue` are still to be answered after their last day, `unsettled` still to be settled after it. `unnamed` are
    live sheets that lack a reviewer; `due_on` is the earliest day set for a live one.
    """

    agency: Agency
    tasks: int
    agreed: int
    answering: int
    settling: int
    overdue: int
    unsettled: int
    unnamed: int
    due_on: date | None

    @property
    def begun(self) -> int:
        """Tasks that have a sheet, live or agreed."""
        return self.agreed + self.answering + self.settling

    @property
    def not_begun(self) -> int:
        """Tasks that nobody has opened a sheet for."""
        return max(0, self.tasks - self.begun)

    @property
    def share(self) -> int:
        """Whole percent of the tasks that are agreed; rounded down, so that 100 is all."""
        return self.agreed * 100 // self.tasks if self.tasks else 0


def progress_of(agencies: Collection[Agency], on: date) -> list[Progress]:
    """The progress of each agency, in their order; three statements for any number of them."""
    keys = [agency.pk for agency in agencies]
    open_tasks = Task.objects.filter(open_on(on), position__agency__in=keys).filter(_of_open_positions(on))
    tasks = _counted(open_tasks.values_list("position__agency").annotate(number=Count("pk")).order_by())
    sheets = Sheet.objects.counting(on).filter(task__position__agency__in=keys).order_by()
    begun = _begun(sheets, on)
    unnamed = _counted(_unnamed(sheets.live()))
    return [
        Progress(
            agency=agency,
            tasks=tasks[agency.pk],
            unnamed=unnamed[agency.pk],
            **begun.get(agency.pk, _NOTHING),  # type: ignore[arg-type]
        )
        for agency in agencies
    ]


_LATE: Final[Mapping[str, Sheet.State]] = {"overdue": State.OPEN, "unsettled": State.SETTLING}
"""What is counted of each kind after its last day, and the state in which it still is then."""
_NOTHING: Mapping[str, object] = {"agreed": 0, "answering": 0, "settling": 0, "due_on": None, **dict.fromkeys(_LATE, 0)}
_LIVE: Final = Q(state__in=(State.OPEN, State.SETTLING))


def _begun(sheets: QuerySet[Sheet], on: date) -> dict[int, Mapping[str, object]]:
    """By agency; a task that was agreed on and has a live sheet again is not agreed."""
    agencies: QuerySet[Sheet, Any] = sheets.exclude(state=State.CANCELLED).values("task__position__agency")
    counted = agencies.annotate(
        agreed=Count("task", distinct=True) - Count("task", distinct=True, filter=_LIVE),
        answering=Count("pk", filter=Q(state=State.OPEN)),
        settling=Count("pk", filter=Q(state=State.SETTLING)),
        **{name: Count("pk", filter=Q(state=state, due_on__lt=on)) for name, state in _LATE.items()},
        due_on=Min("due_on", filter=_LIVE),
    )
    return {row.pop("task__position__agency"): row for row in counted}


def _unnamed(sheets: QuerySet[Sheet]) -> object:
    nobodys = Assessment.objects.current().filter(reviewer__isnull=True).values("sheet")
    rows = sheets.filter(pk__in=nobodys)
    return rows.values_list("task__position__agency").annotate(number=Count("pk"))


def _of_open_positions(on: date) -> Q:
    """A null day of closing is no closing."""
    return Q(position__closed_on__isnull=True) | Q(position__closed_on__gt=on)


def _counted(rows: object) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    found.update(rows)  # type: ignore[call-overload]
    return found
