"""Every norm that speaks to a mode at one place, with how it stands there and why: won, lost, set aside (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from eligibility.decisions import LimitStanding, Reason, State, binding_truth, judge_rule, limit_standings
from eligibility.rulebook import Attach, Case, Limit, Mode, Prohibit, Require, Rule, Rulebook, conjunction_truth


class Standing(StrEnum):
    """How a norm stands at the place; those that decide something first, as they are shown."""

    WINS = "wins"
    HOLDS = "holds"
    DEMANDS = "demands"
    POSSIBLE = "possible"
    BEATEN = "beaten"
    LIFTED = "lifted"
    SOME_UNITS = "some_units"
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
    """What closes a mode at a place, what limits it, and what is demanded of each job: demands hold side by side."""

    mode: Mode
    prohibitions: tuple[StackedNorm, ...]
    limits: tuple[LimitStack, ...]
    demands: tuple[StackedNorm, ...]


def stack_of(rulebook: Rulebook, case: Case, mode: Mode) -> ModeStack:
    """The stack of a mode for a case; facts that are unknown in it leave norms possible."""
    reasons = [judge_rule(rulebook, rule, mode, case) for rule in rulebook.suitability(mode)]

    def of(*effects: type) -> list[Reason]:
        return [reason for reason in reasons if isinstance(reason.rule.effect, effects)]

    return ModeStack(
        mode,
        tuple(_norm(reason, _of_prohibition(reason), case) for reason in of(Prohibit)),
        tuple(_limit_stacks(of(Limit), case)),
        tuple(_norm(reason, _of_demand(rulebook, reason, mode, case), case) for reason in of(Require, Attach)),
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


def _of_demand(rulebook: Rulebook, reason: Reason, mode: Mode, case: Case) -> Standing | None:
    """Whether a demand is made here; whether a job meets it is another question."""
    binds = binding_truth(rulebook, reason.rule, mode, case)
    return {True: Standing.DEMANDS, None: Standing.POSSIBLE}.get(binds)


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
        part = reason.rule.scope.reaches_a_unit_of(case.place)
        return Standing.SOME_UNITS if part else Standing.OUT_OF_SCOPE
    if conjunction_truth(reason.rule.applies, case) is False:
        return Standing.NOT_CONCERNED
    return Standing.LIFTED if reason.lifted_by else Standing.EXCEPTED
