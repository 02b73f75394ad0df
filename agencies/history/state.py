"""A position as it stood on a day: every column and every fact of its tasks, and what of it is otherwise today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from agencies.fact_values import as_text
from agencies.history.records import Certainty, Key, Ledger
from agencies.history.words import Names, label_of, value_words
from agencies.models import FactRecord, Position, Task
from agencies.structure import written
from agencies.task_pages import GROUPS

COLUMNS: Final = (
    "title",
    "jenjang",
    "agency",
    "unit",
    "category",
    "echelon",
    "job_family",
    "leads",
    "needed",
    "filled",
    "closed_on",
)
"""The columns of a position, in the order in which they are told."""

TASK_COLUMNS: Final = ("title", "share", *(column for columns in GROUPS.values() for column in columns), "closed_on")
IN_REGISTER: Final = frozenset({"title", "share", "closed_on"})
"""Columns of the task itself; the others stand in its profile."""


@dataclass(frozen=True, slots=True)
class Line:
    """One column as it was known for the day; `now` is today's value where that is another."""

    label: str
    value: str
    certainty: Certainty
    record: FactRecord | None
    now: str

    @property
    def unknown(self) -> bool:
        """Whether nothing was known for the day."""
        return self.certainty is Certainty.NOT_YET

    @property
    def undated(self) -> bool:
        """Whether nobody recorded since when it stands so."""
        return self.certainty is Certainty.UNDATED


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task as it stood on the day, and how many of its facts were recorded for it."""

    title: str
    lines: tuple[Line, ...]
    known: int


@dataclass(frozen=True)
class PositionState:
    """A position as it stood on the day; `recorded`: something of it was recorded for that day."""

    lines: tuple[Line, ...]
    tasks: tuple[TaskState, ...]
    recorded: bool


@dataclass(frozen=True)
class Then:
    """A day, the moment up to which records count, and what they are read with."""

    ledger: Ledger
    names: Names
    on: date
    known_at: datetime

    def line(self, key: Key, now: str | None) -> Line:
        """One column of one subject."""
        fact, found = key[2], self.ledger.value(key, now, self.on, self.known_at)
        return Line(
            label=label_of(fact, self.names),
            value=value_words(fact, found.text, self.names),
            certainty=found.certainty,
            record=found.record,
            now=value_words(fact, now, self.names) if now != found.text else "",
        )


def position_state(then: Then, position: Position, tasks: Sequence[Task]) -> PositionState:
    """Put the state together; tasks come with their profiles."""
    values = {column: written(getattr(position, column)) for column in COLUMNS}
    lines = tuple(then.line(("position", position.pk, f"position.{name}"), text) for name, text in values.items())
    found = tuple(_task(then, task) for task in tasks)
    known = [*lines, *(line for task in found for line in task.lines)]
    return PositionState(lines, found, any(line.certainty is Certainty.RECORDED for line in known))


def _task(then: Then, task: Task) -> TaskState:
    """What nobody ever answered of the task is left out: it says nothing of the day."""
    keys = {("task", task.pk, f"task.{name}"): text for name, text in _values(task).items()}
    told = {key: text for key, text in keys.items() if text is not None or then.ledger.of(key)}
    lines = tuple(then.line(key, text) for key, text in told.items())
    return TaskState(lines[0].value, lines, sum(line.certainty is Certainty.RECORDED for line in lines))


def _values(task: Task) -> Mapping[str, str | None]:
    profile = getattr(task, "profile", None)
    return {
        column: written(getattr(task, column)) if column in IN_REGISTER else as_text(getattr(profile, column, None))
        for column in TASK_COLUMNS
    }
