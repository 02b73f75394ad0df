"""How facts are kept: the profile of a task, and the record of each change, written by the act that made it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from agencies.bulk_rows import insert_rows
from agencies.fact_values import as_text
from agencies.facts import FactValue
from agencies.models import (
    Agency,
    Basis,
    FactRecord,
    Institution,
    Position,
    PublicService,
    Task,
    TaskProfile,
    Unit,
)

Subject = Task | Position | Agency | Unit | PublicService
"""What a fact may speak of."""

_KEY_OF: Final[dict[type[Subject], str]] = {
    Task: "task",
    Position: "position",
    Agency: "agency",
    Unit: "unit",
    PublicService: "service",
}
_COLUMNS: Final = (
    "fact",
    "value",
    "basis",
    "reason",
    "valid_from",
    *_KEY_OF.values(),
    "institution",
    "source",
    "recorded_at",
    "act",
)

BEFORE_THE_PORTAL: Final = "Sebelum dicatat di portal"
"""The source of a former value that nobody had recorded: it stands in the data, so it is in the data's language."""


class Change(NamedTuple):
    """One changed fact of one subject, whose key alone is given; a value of None is unknown.

    `valid_from` and `source` are those of the act unless they are said.
    """

    fact: str
    value: str | None
    basis: str
    reason: str
    task: int | None = None
    position: int | None = None
    agency: int | None = None
    unit: int | None = None
    service: int | None = None
    valid_from: date | None = None
    source: str = ""


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
        return insert_rows(FactRecord, _COLUMNS, map(self._row, changes))

    def _row(self, one: Change) -> tuple[object, ...]:
        keys = (one.task, one.position, one.agency, one.unit, one.service)
        said = (one.fact, one.value, one.basis, one.reason, one.valid_from or self.valid_from)
        return (*said, *keys, self.institution.pk, one.source or self.source, self.at, self.number)


def changed(subject: Subject, fact: str, value: FactValue | None, basis: Basis, reason: str = "") -> Change:
    """The change of one fact of a saved subject."""
    return _change(subject, fact, as_text(value), basis, reason)


def corrected(subject: Subject, fact: str, before: str | None, change: Change, valid_from: date) -> list[Change]:
    """The change, led by the former value where that stands in no record yet, so that the past stays told.

    The former value is dated by the first record of the subject, else by the day before the change.
    """
    records = FactRecord.objects.filter(**{key_of(subject): subject.pk})
    if before is None or records.filter(fact=fact).exists():
        return [change]
    first = records.order_by("valid_from").values_list("valid_from", flat=True).first()
    return [former(subject, fact, before, first, valid_from), change]


def former(subject: Subject, fact: str, value: str, first: date | None, valid_from: date) -> Change:
    """A value that was never recorded, before a change on a day; `first` is the day of the subject's first record."""
    since = min(first or date.max, valid_from - timedelta(days=1))
    return _change(subject, fact, value, Basis.IMPORTED)._replace(valid_from=since, source=BEFORE_THE_PORTAL)


def key_of(subject: Subject) -> str:
    """The name of the key by which a fact record names such a subject."""
    return _KEY_OF[type(subject)]


def _change(subject: Subject, fact: str, value: str | None, basis: Basis, reason: str = "") -> Change:
    # By place, because an import makes hundreds of thousands of these.
    if isinstance(subject, Task):
        return Change(fact, value, basis.value, reason, subject.pk)
    if isinstance(subject, Position):
        return Change(fact, value, basis.value, reason, None, subject.pk)
    agency, unit, service = (subject.pk if type(subject) is kind else None for kind in (Agency, Unit, PublicService))
    return Change(fact, value, basis.value, reason, None, None, agency, unit, service)


def new_profile(task: Task, values: Mapping[str, FactValue | None]) -> TaskProfile:
    """The unsaved profile of a new task, carrying its position's columns."""
    profile = TaskProfile(task=task, position=task.position, **values)
    carry(profile)
    profile.closed_on = earlier(task.closed_on, task.position.closed_on)
    return profile


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two days of closing; None is no closing."""
    return min((day for day in (one, other) if day is not None), default=None)


def carry(profile: TaskProfile) -> None:
    """Repeat the position's columns on a profile, as the screening needs and the database demands."""
    position = profile.position
    for column in TaskProfile.CARRIED:
        setattr(profile, column, getattr(position, column))
