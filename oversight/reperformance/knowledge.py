"""The moments at which something became known that examinations read; between two of them everybody knew the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Model

from agencies.models import (
    AdditionalTask,
    DisciplineGate,
    Employment,
    HolderTask,
    Institution,
    NonAsnStaff,
    Posting,
    Predicate,
    ServiceWeek,
    SpecialCircumstance,
)
from eligibility.models import (
    Approval,
    ArrangementStep,
    Determination,
    DeterminationRevocation,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    RuleRepeal,
    RuleVersion,
)

AT_ONCE: Final = 500
"""Approvals examined together at most, which bounds the memory."""

_What = ArrangementStep.What
_VERSIONED: Final = (
    AdditionalTask,
    DisciplineGate,
    Employment,
    HolderTask,
    NonAsnStaff,
    Posting,
    Predicate,
    ServiceWeek,
    SpecialCircumstance,
)
_SOURCES: Final[tuple[tuple[type[Model], str], ...]] = (
    *((model, name) for model in _VERSIONED for name in ("recorded_at", "superseded_at")),
    (RuleVersion, "known_from"),
    (RuleRepeal, "known_from"),
    (Instrument, "known_from"),
    (InstrumentPeriod, "known_from"),
    (InstitutionSetting, "known_from"),
    (Determination, "recorded_at"),
    (DeterminationRevocation, "recorded_at"),
)


def moments(institution: Institution, first: datetime, last: datetime) -> list[datetime]:
    """The moments after `first` and up to `last`, in their order; those of other institutions do no harm."""
    found: set[datetime] = set()
    for model, name in _SOURCES:
        rows = model._default_manager.filter(**{f"{name}__gt": first, f"{name}__lte": last})
        found |= set(rows.order_by().values_list(name, flat=True).distinct())
    stopping = (_What.SUSPENDED, _What.RESUMED, _What.ENDED)
    steps = ArrangementStep.objects.filter(
        arrangement__institution=institution, what__in=stopping, at__gt=first, at__lte=last
    )
    return sorted(found | set(steps.order_by().values_list("at", flat=True)))


def knowing_alike(approvals: Iterable[Approval], known: Sequence[datetime]) -> Iterator[list[Approval]]:
    """The approvals, in the order of their moments, in groups that knew the same; each arrangement once in a group."""
    group: list[Approval] = []
    arrangements: set[int] = set()
    knew = -1
    for approval in approvals:
        knows = bisect_right(known, approval.at)
        if group and (knows != knew or len(group) >= AT_ONCE or approval.arrangement_id in arrangements):
            yield group
            group, arrangements = [], set()
        knew = knows
        group.append(approval)
        arrangements.add(approval.arrangement_id)
    if group:
        yield group
