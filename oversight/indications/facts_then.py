"""Decides the tasks of a Penetapan again with what was recorded of them by a later moment, whatever came after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from agencies.fact_values import from_text
from agencies.facts import FACTS, FactValue
from agencies.history.records import Ledger, latest
from agencies.models import FactRecord
from eligibility.determinations.reading import SignedResults
from eligibility.mask_readings import MaskReader
from eligibility.models import Verification
from eligibility.stored_rulebooks import stored_layout

Changes = Mapping[int, Mapping[str, FactValue | None]]
"""By task: the facts of it that were recorded otherwise, with their values."""


def comes_out_otherwise(verification: Verification, position: int, on: date, known_at: datetime) -> bool:
    """Whether some task of the position comes out otherwise by the facts recorded since, up to the moment.

    By the rulebook that it was decided by: here facts are asked about, not the law.
    """
    reader = MaskReader(stored_layout(verification.rulebook))
    for signed in SignedResults(verification).positions([position]):
        changes = _changes([one.judged.key for one in signed.tasks], verification.known_at, on, known_at)
        for one in signed.tasks:
            case = one.judged.case
            then = {**case.values, **changes.get(one.judged.key, {})}
            before, now = reader.masks_of(case.values, case.place), reader.masks_of(then, case.place)
            if before != now and reader.read(*before) != reader.read(*now):
                return True
    return False


def _changes(tasks: list[int], since: datetime, on: date, known_at: datetime) -> Changes:
    """What was recorded of the tasks after `since` and by the moment, and holds on the day."""
    rows = FactRecord.objects.filter(task__in=tasks, recorded_at__lte=known_at)
    ledger, found = Ledger(rows), defaultdict[int, dict[str, FactValue | None]](dict)
    for key in {("task", row.task_id, row.fact) for row in rows if row.recorded_at > since and row.task_id}:
        record = latest(ledger.of(key), on, known_at)
        if record is not None and record.recorded_at > since:
            _level, task, fact = key
            found[task][fact] = None if record.value is None else from_text(FACTS[fact], record.value)
    return found
