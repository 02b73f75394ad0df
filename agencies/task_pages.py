"""The facts of a task by what they are about, each with where it comes from, for the page on which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from agencies.exposure import proposed_exposure
from agencies.fact_values import as_text
from agencies.facts import EXPOSURES, FACTS, Fact, FactValue, Kind
from agencies.importing.position_plans import kinds_served
from agencies.local_criteria import local_criteria_of
from agencies.models import Employee, FactRecord, HolderTask, Institution, PublicService, Task, TaskProfile
from agencies.querysets import open_on

GROUPS: Final[Mapping[str, Sequence[str]]] = {
    gettext_noop("Place of work"): (
        "outside_office",
        "work_place",
        "special_workspace",
        "with_tik",
        "confidential_material",
    ),
    gettext_noop("Function and service to the public"): ("function", "service_kind", "exposure", "face_to_face"),
    gettext_noop("Supervision and output"): ("continuous_supervision", "output_measurable"),
    gettext_noop("Working time"): ("hours_per_day", "days_per_week", "hours_per_week", "agency_hours"),
    gettext_noop("Criteria of the institution itself"): ("local_1", "local_2", "local_3", "local_4"),
}
"""Every fact of a task, by what it is about."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as it is now; without a record nobody has told where it comes from."""

    column: str
    label: str
    value: str
    known: bool
    record: FactRecord | None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts about one thing."""

    title: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True)
class TaskPage:
    """Everything kept of a task; without holders it is the task of all who hold the position."""

    task: Task
    groups: tuple[FactGroup, ...]
    services: tuple[PublicService, ...]
    holders: tuple[Employee, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class FactWords:
    """What a fact is called and how it is asked for."""

    label: str
    question: str


def fact_words(institution: Institution, fact: Fact) -> FactWords:
    """The words of a fact; the institution's own for its own criteria."""
    if fact.column.startswith("local_"):
        own = institution.local_criteria.filter(number=int(fact.column.removeprefix("local_"))).first()
        if own is not None:
            return FactWords(own.label, own.question)
    return FactWords(_(fact.label), _(fact.question))


def task_page(task: Task, on: date) -> TaskPage:
    """Read the facts of a task and what it is tied to."""
    profile = TaskProfile.objects.get(task=task)
    records = FactRecord.objects.filter(task=task).latest_by_fact()
    named = {f"local_{one.number}": one.label for one in local_criteria_of(task.position.institution_id)}
    groups = tuple(
        FactGroup(_(title), tuple(_row(task, profile, column, records, named) for column in columns))
        for title, columns in GROUPS.items()
    )
    holders = HolderTask.objects.current().filter(task=task).select_related("employee").order_by("employee__name")
    return TaskPage(
        task=task,
        groups=groups,
        services=tuple(task.services.filter(open_on(on)).select_related("agency")),
        holders=tuple(one.employee for one in holders),
        unknown=sum(not row.known for group in groups for row in group.rows),
    )


def _row(
    task: Task,
    profile: TaskProfile,
    column: str,
    records: Mapping[tuple[int | None, str], FactRecord],
    named: Mapping[str, str],
) -> FactRow:
    fact = FACTS[f"task.{column}"]
    value: FactValue | None = getattr(profile, column)
    label = named.get(column) or _(fact.label)
    return FactRow(column, label, in_words(fact, value), value is not None, records.get((task.pk, fact.name)))


def in_words(fact: Fact, value: FactValue | None) -> str:
    """A value as people read it; unknown is said, never left blank."""
    return text_in_words(fact, as_text(value))


def text_in_words(fact: Fact, text: str | None) -> str:
    """A recorded value as people read it."""
    if text is None:
        return pgettext("answer", "Not known yet")
    if fact.kind is Kind.YES_NO:
        return _("Yes") if text == "yes" else _("No")
    labels = {choice.code: choice.label for choice in fact.choices}
    if text in labels:
        return _(labels[text])
    return f"{text.replace('.', ',')} {_(fact.unit)}" if fact.unit else text


@dataclass(frozen=True, slots=True)
class FactVersion:
    """One entry of a fact's history."""

    value: str
    record: FactRecord


def fact_history(task: Task, fact: Fact) -> tuple[FactVersion, ...]:
    """Every value that was ever recorded of a fact, the latest first."""
    records: Iterable[FactRecord] = FactRecord.objects.filter(task=task, fact=fact.name).order_by("-recorded_at", "-pk")
    return tuple(FactVersion(text_in_words(fact, record.value), record) for record in records)


def exposure_lead(task: Task, on: date) -> str:
    """Which exposure the services served propose, and from what."""
    served = list(task.services.filter(open_on(on)).values_list("kind", flat=True))
    profile = TaskProfile.objects.get(task=task)
    proposed = proposed_exposure(kinds_served(profile, served))
    label = next(choice.label for choice in EXPOSURES if choice.code == proposed)
    return _("The services this task serves propose: “%(exposure)s”.") % {"exposure": _(label)}
