"""Turns what two reviewers agreed on into the facts that rules read, with a record of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from agencies.exposure import proposed_exposure
from agencies.fact_records import BEFORE_THE_PORTAL, Change, FactAct
from agencies.fact_values import as_text
from agencies.facts import FACTS
from agencies.importing.position_plans import kinds_served
from agencies.mapping.questions import value_of
from agencies.models import Basis, FactRecord, PublicService, Sheet, TaskProfile
from agencies.querysets import open_on


@dataclass(frozen=True, slots=True)
class Agreed:
    """A task's sheet with the answer to each question and, where they differed or need one, the reason."""

    sheet: Sheet
    values: Mapping[str, str | None]
    reasons: Mapping[str, str]


def write_agreed(found: Collection[Agreed], act: FactAct) -> int:
    """Make the answers the facts of their tasks and return how many records tell it.

    A former value that no record tells is recorded before it. What has the value already, by agreement, is left.
    """
    tasks = [one.sheet.task_id for one in found]
    profiles = {one.pk: one for one in TaskProfile.objects.select_for_update().filter(task__in=tasks)}
    history = _History(tasks)
    changes = [change for one in found for change in _changes(one, profiles[one.sheet.task_id], history, act)]
    _write_profiles(found)
    return act.write(changes)


def _write_profiles(found: Collection[Agreed]) -> None:
    """Give the profiles their values: those that are given the same ones, as alike tasks are, in one statement."""
    alike: dict[frozenset[tuple[str, str | None]], list[int]] = defaultdict(list)
    for one in found:
        alike[frozenset(one.values.items())].append(one.sheet.task_id)
    for values, tasks in alike.items():
        told = {FACTS[fact].column: value_of(fact, text) for fact, text in values}
        TaskProfile.objects.filter(task__in=tasks).update(**told)


class _History:
    """What the records say of some tasks: the last basis of each fact, and the first day of any."""

    def __init__(self, tasks: Collection[int]) -> None:
        self.basis: dict[tuple[int, str], str] = {}
        self.first: dict[int, date] = {}
        rows = FactRecord.objects.filter(task__in=tasks).order_by("recorded_at", "pk")
        for task, fact, basis, valid_from in rows.values_list("task", "fact", "basis", "valid_from"):
            self.basis[task, fact] = basis
            self.first[task] = min(valid_from, self.first.get(task, valid_from))


def _changes(one: Agreed, profile: TaskProfile, history: _History, act: FactAct) -> Iterable[Change]:
    task = profile.pk
    for fact, text in one.values.items():
        before = as_text(getattr(profile, FACTS[fact].column))
        basis = history.basis.get((task, fact))
        if before == text and basis == Basis.AGREED:
            continue
        if basis is None and before is not None:
            since = min(history.first.get(task, date.max), act.valid_from - timedelta(days=1))
            yield Change(fact, before, Basis.IMPORTED.value, "", task, valid_from=since, source=BEFORE_THE_PORTAL)
        yield Change(fact, text, Basis.AGREED.value, one.reasons.get(fact, ""), task)


def kinds_of_services(tasks: Collection[int], on: date) -> dict[int, list[str]]:
    """The kinds of the services that tasks, given by their keys, serve; a task that serves none is left out."""
    kinds: dict[int, list[str]] = defaultdict(list)
    served = PublicService.objects.filter(open_on(on), tasks__in=tasks).order_by()
    for task, kind in served.values_list("tasks", "kind"):
        kinds[task].append(kind)
    return kinds


def exposure_wanted(served: list[str], service_kind: str | None) -> str:
    """The exposure that the services served propose; without any, the kind of service answered for the task."""
    return proposed_exposure(kinds_served(TaskProfile(service_kind=service_kind), served))


def exposure_needs_reason() -> str:
    """What is asked where an exposure differs from the proposed one."""
    return _("The services served propose another exposure. Write in the note why it differs.")
