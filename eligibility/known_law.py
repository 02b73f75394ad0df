"""What was made of the law, kept for the next one who asks as long as no row of the law was written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from django.db.models import Model, QuerySet

from agencies.models import Institution
from agencies.prepared import prepared
from agencies.row_versions import row_versions
from eligibility.models import (
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    ProvisionVerification,
    Rule,
    RuleLift,
    RuleRepeal,
    RuleVersion,
)

Part = TypeVar("Part")

TABLES: Final[tuple[type[Model], ...]] = (
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    Provision,
    ProvisionVerification,
    Rule,
    RuleVersion,
    RuleRepeal,
    Criterion,
    LimitTerm,
    RuleLift,
    InstitutionSetting,
)
"""Everything that a rulebook and the gates are made of."""

_MOST_KEPT: Final = 256
_kept: dict[tuple[object, ...], Any] = {}


@dataclass(frozen=True)
class KnownLaw:
    """The law for an institution on a day, as known at a moment.

    On SQLite, which tells no versions of rows, everything is read each time.
    """

    institution: Institution
    on: date
    known_at: datetime

    def part(self, name: str, read: Callable[[], Part]) -> Part:
        """What `read` makes of the law alone, by a name of its own; kept, so it is never to be changed."""
        if not self._versions:
            return read()
        key = (name, self._place)
        if key not in _kept:
            return self._keep(key, read)
        return cast("Part", _kept[key])

    @cached_property
    def _versions(self) -> str:
        return row_versions(TABLES)

    @cached_property
    def _place(self) -> tuple[object, ...]:
        """Between two moments at which something of the law came to be known, the same is known of it."""
        moments = self._keep_moments()
        known = bisect_right(moments, self.known_at)
        return self._versions, self.institution.pk, self.institution.kind, self.institution.code, self.on, known

    def _keep_moments(self) -> list[datetime]:
        key = ("moments", self._versions)
        return _kept[key] if key in _kept else self._keep(key, lambda: sorted(_moments()))

    def _keep(self, key: tuple[object, ...], read: Callable[[], Part]) -> Part:
        found = read()
        # Only what was the same before and after is what was read between.
        if row_versions(TABLES) == self._versions:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = found
        return found


@prepared
def _moments() -> QuerySet[Any, datetime]:
    """When something of the law came to be known: every moment that reads of it are compared with."""
    dated = (Instrument, InstrumentPeriod, RuleVersion, RuleRepeal, InstitutionSetting)
    first, *others = (model._default_manager.order_by().values_list("known_from", flat=True) for model in dated)
    return first.union(*others)
