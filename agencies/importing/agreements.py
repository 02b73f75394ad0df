"""Which facts that an import would change were agreed on: what two people worked out is not overwritten unnoticed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from agencies.importing.position_plans import Part, slices
from agencies.models import Basis, FactRecord, Sheet, TaskProfile


@dataclass(frozen=True, slots=True)
class Agreement:
    """The day on which a fact was recorded as agreed, and whether two reviewers of a mapping sheet did so."""

    day: date
    by_reviewers: bool


Agreements = Mapping[int, Mapping[str, Agreement]]
"""By the key of a task, the agreed facts of it by the columns of its profile."""

_LEVEL: Final = "task."


def agreements(profiles: Part[TaskProfile]) -> Agreements:
    """The facts that change though the latest that is recorded of each is an agreement; two queries a slice."""
    found: dict[int, dict[str, Agreement]] = {}
    for keys in slices(list(profiles.before)):
        sheets = Sheet.objects.filter(task__in=keys, state=Sheet.State.AGREED).order_by()
        agreed = set(sheets.values_list("task", "agreed_at"))
        for (task, column), (basis, at, zone) in _latest(profiles, keys).items():
            if basis == Basis.AGREED and column in profiles.before[task]:
                one = Agreement(at.astimezone(ZoneInfo(zone)).date(), (task, at) in agreed)
                found.setdefault(task, {})[column] = one
    return found


def _latest(profiles: Part[TaskProfile], keys: Collection[int]) -> dict[tuple[int, str], tuple[str, datetime, str]]:
    """The last record of each fact that changes in any of the tasks: its basis, its moment and the time zone."""
    facts = {f"{_LEVEL}{name}" for key in keys for name in profiles.before[key]}
    rows = FactRecord.objects.filter(task__in=keys, fact__in=facts).order_by("recorded_at", "pk")
    told = rows.values_list("task", "fact", "basis", "recorded_at", "institution__time_zone")
    return {(task, fact.removeprefix(_LEVEL)): (basis, at, zone) for task, fact, basis, at, zone in told}
