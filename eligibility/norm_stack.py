"""Every norm that speaks to a mode at one place, with how it stands there and why: won, lost, set aside (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from eligibility.decisions import LimitStanding, Reason, State, judge_rule, limit_standings
from eligibility.rulebook import Case, Limit, Mode, Prohibit, Rule, Rulebook, conjunction_truth


class Standing(StrEnum):
    """How a norm stands at the place."""

    WINS = "wins"
    BEATEN = "beaten"
    HOLDS = "holds"
    POSSIBLE = "possible"
    LIFTED = "lifted"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_CONCERNED = "not_concerned"
    EXCEPTED = "excepted"


@dataclass(frozen=True, slots=True)
class StackedNorm:
    """A norm with its standing; `lifts` are those that set it aside, or may."""

    rule: Rule
    standing: Standing
    lifts: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitStack:
    """All norms that limit one quantity, counted alike; `limit` is the sure one that is left (None: none is sure)."""

    limit: Limit | None
    norms: tuple[StackedNorm, ...]


@dataclass(frozen=True, slots=True)
class ModeStack:
    """What closes a mode and what limits it at a place."""

    mode: Mode
    prohibitions: tuple[StackedNorm, ...]
    limits: tuple[LimitStack, ...]


def stack_of(rulebook: Rulebook, case: Case, mode: Mode) -> ModeStack:
    """The stack of a mode for a case; facts that are unknown in it leave norms possible."""
    rules = [rule for rule in rulebook.suitability(mode) if isinstance(rule.effect, Prohibit | Limit)]
    reasons = [judge_rule(rulebook, rule, mode, case) for rule in rules]
    limiting = [reason for reason in reasons if isinstance(reason.rule.effect, Limit)]
    prohibiting = [reason for reason in reasons if isinstance(reason.rule.effect, Prohibit)]
    return ModeStack(
        mode,
        tuple(_norm(reason, _of_prohibition(reason), case) for reason in prohibiting),
        tuple(_limit_stacks(limiting, case)),
    )


def _limit_stacks(reasons: list[Reason], case: Case) -> Iterable[LimitStack]:
    groups: dict[tuple[str, ...], list[Reason]] = {}
    for reason in reasons:
        assert isinstance(reason.rule.effect, Limit)
        groups.setdefault((*reason.rule.effect.group, reason.rule.effect.direction), []).append(reason)
    for members in groups.values():
        left = next(iter(limit_standings(members)), None)
        norms = tuple(_norm(reason, _of_limit(reason, left), case) for reason in members)
        yield LimitStack(left.limit if left else None, norms)


def _of_prohibition(reason: Reason) -> Standing | None:
    return {State.FAILED: Standing.HOLDS, State.UNKNOWN: Standing.POSSIBLE}.get(reason.state)


def _of_limit(reason: Reason, left: LimitStanding | None) -> Standing | None:
    """None for a norm that does not speak to the case."""
    if reason.state is State.UNKNOWN:
        return Standing.POSSIBLE
    if reason.state is State.PASSED or left is None:
        return None
    return Standing.WINS if reason.rule in left.norms else Standing.BEATEN


def _norm(reason: Reason, standing: Standing | None, case: Case) -> StackedNorm:
    lifts = reason.lifted_by or (reason.open_lifts if standing is Standing.POSSIBLE else ())
    return StackedNorm(reason.rule, standing or _silent(reason, case), lifts)


def _silent(reason: Reason, case: Case) -> Standing:
    """Why a norm does not speak to the case."""
    if not reason.rule.scope.reaches(case.place):
        return Standing.OUT_OF_SCOPE
    if conjunction_truth(reason.rule.applies, case) is False:
        return Standing.NOT_CONCERNED
    return Standing.LIFTED if reason.lifted_by else Standing.EXCEPTED
