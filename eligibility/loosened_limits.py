"""Limits of drafts that allow more than a limit of a higher norm which holds wherever they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from eligibility.models import RuleVersion
from eligibility.models.rules import Effect
from eligibility.stored_texts import scope_text, version_text
from eligibility.texts import LimitText, ScopeText, VersionText


@dataclass(frozen=True, slots=True)
class Loosened:
    """A draft and the published version of a higher norm that it would loosen."""

    version: RuleVersion
    stricter: RuleVersion


@dataclass(frozen=True, slots=True)
class _Spoken:
    row: RuleVersion
    text: VersionText
    layer: int
    scopes: frozenset[ScopeText]


def loosened(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Loosened]:
    """Each draft beside each limit that speaks on its first day, as known at the moment."""
    lifted = {lift.lifted.code for version in versions for lift in version.lifts.select_related("lifted")}
    for version in versions:
        if version.effect == Effect.LIMIT:
            draft = _spoken(version)
            rows = RuleVersion.objects.speaking(version.effective_from, at).filter(effect=Effect.LIMIT)
            rows = rows.exclude(rule=version.rule).exclude(rule__code__in=lifted | _lifted(version, at))
            for row in rows.select_related("rule", "provision__instrument"):
                if _loosens(draft, _spoken(row)):
                    yield Loosened(version, row)


def _lifted(version: RuleVersion, at: datetime) -> set[str]:
    """The rules that some lift sets aside on the draft's first day: whether they hold there is no longer sure."""
    rows = RuleVersion.objects.speaking(version.effective_from, at).filter(lifts__isnull=False)
    return set(rows.values_list("lifts__lifted__code", flat=True))


def _spoken(row: RuleVersion) -> _Spoken:
    instrument = row.provision.instrument
    return _Spoken(row, version_text(row), instrument.layer, frozenset(map(scope_text, instrument.scopes.all())))


def _loosens(draft: _Spoken, other: _Spoken) -> bool:
    """Whether the other is a higher norm that holds wherever the draft does, and is stricter."""
    mine, its = draft.text, other.text
    if other.layer >= draft.layer or mine.limit is None or its.limit is None:
        return False
    everywhere = set(its.applies) <= set(mine.applies) and not its.exceptions
    reaches = not other.scopes or draft.scopes <= other.scopes
    return everywhere and reaches and set(mine.modes) <= set(its.modes) and _allows_more(mine.limit, its.limit)


def _allows_more(mine: LimitText, its: LimitText) -> bool:
    if _measure(mine) != _measure(its) or not set(mine.together) <= set(its.together):
        return False
    if mine.direction == "set":
        return not set(mine.members) <= set(its.members)
    assert mine.value is not None, "a most or least has a number"
    assert its.value is not None, "a most or least has a number"
    return mine.value > its.value if mine.direction == "most" else mine.value < its.value


def _measure(limit: LimitText) -> tuple[str, ...]:
    return (limit.quantity, limit.direction, limit.population, limit.per, limit.counting)
