"""What was made of the law and of determinations, kept for who asks next as long as no row of theirs was written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Final, TypeVar, cast

from django.db.models import Model, QuerySet

from agencies.models import Institution
from agencies.prepared import Prepared
from agencies.row_versions import row_versions
from eligibility.models import (
    Criterion,
    Determination,
    DeterminationRevocation,
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

_MOST_KEPT: Final = 256
_kept: dict[tuple[object, ...], Any] = {}


def _moments_in(models: Sequence[type[Model]], column: str) -> Prepared[datetime]:
    """Every moment from which some row of these tables is known, as the column says."""

    def build() -> QuerySet[Any, datetime]:
        first, *others = (model._default_manager.order_by().values_list(column, flat=True) for model in models)
        return first.union(*others)

    return Prepared(build)


@dataclass(frozen=True)
class Known:
    """Some tables as they speak for an institution on a day, by what was known at a moment.

    `tables` are all that parts are made of, and `moments` those from which a row of them is known.
    On SQLite, which tells no versions of rows, every part is read each time.
    """

    institution: Institution
    on: date
    known_at: datetime
    tables: ClassVar[tuple[type[Model], ...]]
    moments: ClassVar[Prepared[datetime]]

    def part(self, name: str, read: Callable[[], Part]) -> Part:
        """What `read` makes of the tables alone, by a name of its own; kept, so it is never to be changed."""
        if not self._versions:
            return read()
        key = (name, self._place)
        return cast("Part", _kept[key]) if key in _kept else self._keep(key, read)

    @cached_property
    def _versions(self) -> str:
        return row_versions(self.tables)

    @cached_property
    def _place(self) -> tuple[object, ...]:
        """Between two moments from which rows are known, the same is known."""
        institution = self.institution
        known = bisect_right(self._moments(), self.known_at)
        return self._versions, institution.pk, institution.kind, institution.code, self.on, known

    def _moments(self) -> list[datetime]:
        key = (type(self), self._versions)
        return cast("list[datetime]", _kept[key]) if key in _kept else self._keep(key, lambda: sorted(self.moments()))

    def _keep(self, key: tuple[object, ...], read: Callable[[], Part]) -> Part:
        found = read()
        # Only what was the same before and after is what was read between.
        if row_versions(self.tables) == self._versions:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = found
        return found


class KnownLaw(Known):
    """The law: everything that a rulebook and the gates are made of."""

    tables = (
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
    moments = _moments_in((Instrument, InstrumentPeriod, RuleVersion, RuleRepeal, InstitutionSetting), "known_from")


class KnownDeterminations(Known):
    """The determinations; what they cover is frozen with them, so its rows are not asked for."""

    tables = (Determination, DeterminationRevocation)
    moments = _moments_in(tables, "recorded_at")
