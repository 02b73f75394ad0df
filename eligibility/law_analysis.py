"""The analysis of an institution's rulebook with examples from its own data, and the jobs that no norm speaks to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agencies.facts import Changeable, Level
from agencies.models import Institution, Position, TaskProfile
from agencies.querysets import open_on
from eligibility import screening
from eligibility.analysis import Analysis, Finding, analyse
from eligibility.facts import FACTS
from eligibility.grounds import Grounds, case_of
from eligibility.rulebook import Case, Lift, Mode, Outcome, Place, Prohibit, Rule, Rulebook

OFFICE: Final = "OFFICE"
"""The code of the default: the office, until a norm lifts it (Perpres 21/2023)."""

MOST_LOOKED_AT: Final = 20_000
"""Tasks among which examples are looked for."""

_ABOVE: Final = frozenset({Level.INSTITUTION, Level.AGENCY, Level.UNIT})


@dataclass(frozen=True)
class Example:
    """A job in which a finding shows: one of the institution's own, or (None) one made up from the cell."""

    position: Position | None
    cell: Case


@dataclass(frozen=True)
class LawAnalysis:
    """Findings with an example each, and the positions that no norm speaks to, by the modes in which none does."""

    analysis: Analysis
    examples: dict[Finding, Example]
    unspoken: dict[frozenset[Mode], list[Position]]


def analyse_law(institution: Institution, rulebook: Rulebook, grounds: Grounds) -> LawAnalysis:
    """Everything that is wrong with the rulebook on the grounds' day."""
    analysis = analyse(rulebook, _settled(grounds), frozenset({OFFICE}))
    return LawAnalysis(analysis, _examples(institution, analysis, grounds), _unspoken(institution, rulebook, grounds))


def _settled(grounds: Grounds) -> list[Case]:
    """The places of the institution with what nobody can change of them; one without any where it has none."""
    open_agencies = [ground for key, ground in grounds.agencies.items() if key not in grounds.closed]
    found = []
    for ground in (*open_agencies, *grounds.units.values()):
        values = {fact: value for fact, value in ground.values.items() if _is_settled(fact)}
        found.append(Case(values, ground.place))
    return found or [Case({}, Place())]


def _is_settled(fact: str) -> bool:
    return FACTS[fact].level in _ABOVE and FACTS[fact].changeable is Changeable.NOBODY


def _examples(institution: Institution, analysis: Analysis, grounds: Grounds) -> dict[Finding, Example]:
    """For each finding with a cell the first task that lies in it."""
    waiting = [finding for finding in analysis.findings if finding.cell is not None]
    found: dict[Finding, Example] = {}
    rows = TaskProfile.objects.filter(open_on(grounds.on), institution=institution).select_related("position__agency")
    for profile in rows.order_by("pk")[:MOST_LOOKED_AT].iterator(chunk_size=2000):
        if not waiting:
            break
        case = case_of(profile, grounds.of(profile.agency_id, profile.unit_id))
        for finding in [one for one in waiting if one.holds(case)]:
            found[finding] = Example(profile.position, case)
            waiting.remove(finding)
    return found | {finding: Example(None, finding.cell) for finding in waiting if finding.cell is not None}


def _unspoken(institution: Institution, rulebook: Rulebook, grounds: Grounds) -> dict[frozenset[Mode], list[Position]]:
    """The positions that only the office default refuses: it does, and no other rule speaks to any of their tasks."""
    office = [rule for rule in rulebook.rules if rule.code == OFFICE or _lifts(rule, OFFICE)]
    others = [_speaking(rule) for rule in rulebook.rules if rule.code != OFFICE]
    refused = screening.position_bounds(replace(rulebook, rules=tuple(office)), grounds, institution=institution)
    spoken = screening.position_bounds(replace(rulebook, rules=tuple(others)), grounds, institution=institution)
    by_modes: dict[frozenset[Mode], list[int]] = {}
    for key, bounds in refused.items():
        modes = frozenset(
            mode
            for mode in Mode
            if bounds[mode].outcome is Outcome.NOT_ELIGIBLE and spoken[key][mode].outcome is Outcome.ELIGIBLE
        )
        if modes:
            by_modes.setdefault(modes, []).append(key)
    rows = Position.objects.select_related("agency", "unit").in_bulk(
        {key for keys in by_modes.values() for key in keys}
    )
    return {modes: [rows[key] for key in sorted(keys)] for modes, keys in by_modes.items()}


def _lifts(rule: Rule, code: str) -> bool:
    return isinstance(rule.effect, Lift) and code in rule.effect.rules


def _speaking(rule: Rule) -> Rule:
    """The rule as one that refuses wherever it speaks."""
    return rule if isinstance(rule.effect, Lift) else replace(rule, effect=Prohibit())


def read_facts(rules: Iterable[Rule]) -> Sequence[str]:
    """The facts that the rules read, in the order in which facts are declared."""
    read = {criterion.fact for rule in rules for criterion in rule.criteria()}
    return [name for name in FACTS if name in read]
