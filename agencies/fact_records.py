"""How facts are kept: the profile of a task, and the record of each change, written by the act that made it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from agencies.bulk_rows import insert_rows
from agencies.fact_values import as_text
from agencies.facts import FactValue
from agencies.models import Basis, FactRecord, Institution, Position, Task, TaskProfile

_COLUMNS: Final = (
    "task",
    "position",
    "fact",
    "value",
    "basis",
    "reason",
    "institution",
    "source",
    "valid_from",
    "recorded_at",
    "act",
)


class Change(NamedTuple):
    """One changed fact of one task or position (the key of the other is None); a value of None is unknown."""

    task: int | None
    position: int | None
    fact: str
    value: str | None
    basis: str
    reason: str


@dataclass(frozen=True)
class FactAct:
    """What the fact records of one act share."""

    institution: Institution
    source: str
    valid_from: date
    at: datetime
    number: uuid.UUID = field(default_factory=uuid.uuid4)

    def write(self, changes: Iterable[Change]) -> int:
        """Append a record for each change and return how many."""
        shared = (self.institution.pk, self.source, self.valid_from, self.at, self.number)
        return insert_rows(FactRecord, _COLUMNS, (change + shared for change in changes))


def changed(subject: Task | Position, fact: str, value: FactValue | None, basis: Basis, reason: str = "") -> Change:
    """The change of one fact of a saved task or position."""
    task, position = (subject.pk, None) if isinstance(subject, Task) else (None, subject.pk)
    return Change(task, position, fact, as_text(value), basis.value, reason)


def new_profile(task: Task, values: Mapping[str, FactValue | None]) -> TaskProfile:
    """The unsaved profile of a new task, carrying its position's columns."""
    profile = TaskProfile(task=task, position=task.position, **values)
    carry(profile)
    return profile


def carry(profile: TaskProfile) -> None:
    """Repeat the position's columns on a profile, as the screening needs and the database demands."""
    position = profile.position
    for column in TaskProfile.CARRIED:
        setattr(profile, column, getattr(position, column))
