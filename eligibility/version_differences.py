"""What a version of a rule says, part by part in words, and in which parts two versions differ (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.facts import gettext_noop
from eligibility.explanations import (
    COMPARISONS,
    MODE_LABELS,
    PER_SENTENCES,
    Translate,
    criterion_words,
    limit_words,
)
from eligibility.facts import FACTS
from eligibility.local_settings import SETTINGS
from eligibility.rulebook import Mode, Operator
from eligibility.text_rules import Settings, criterion_of, limit_of
from eligibility.texts import CriterionText, LiftText, LimitText, VersionText

_N = gettext_noop

DayWords = Callable[[date], str]

SUBJECT_LABELS: Final = {
    "institution": _N("Institution"),
    "agency": _N("Agency"),
    "unit": _N("Unit"),
    "position": _N("Position"),
    "task": _N("Task"),
    "employee": _N("Employee (checked when approving)"),
    "arrangement": _N("Request (checked when approving)"),
}
EFFECT_LABELS: Final = {
    "require": _N("Requires"),
    "prohibit": _N("Prohibits"),
    "attach": _N("Attaches a condition"),
    "limit": _N("Limits"),
    "lift": _N("Lifts"),
}
CONDITION_LABELS: Final = {
    "approver_role": _N("Somebody's approval"),
    "report": _N("Reporting before the start"),
    "presence": _N("Presence"),
    "place": _N("Place"),
    "schedule": _N("Schedule"),
    "text": _N("Another condition"),
}
APPROVER_LABELS: Final = {
    "sekda": _N("Regional secretary (Sekda)"),
    "personnel_head": _N("Head of BKPSDM"),
    "head_of_region": _N("Head of the region"),
}
POPULATION_LABELS: Final = {"all": _N("All staff"), "subject": _N("Staff the rule applies to")}
COUNTING_LABELS: Final = {"any_day": _N("on any one day"), "holding": _N("by who holds an arrangement")}
SHARES: Final = frozenset({"share_of_staff", "share_on_site"})
"""Quantities that are counted among people."""

_SETTING = _N("%(fact)s: compared with the setting “%(setting)s” (%(operator)s)")
_LIFT = _N("%(rule)s (enabled by %(provision)s)")
_ALL = _N("all of them")
_COUNT_SETTING = _N("as many as the setting “%(setting)s” says")
OPERATOR_LABELS: Final = {
    Operator.IS: _N("is"),
    Operator.IS_NOT: _N("is not"),
    Operator.AT_LEAST: _N("at least"),
    Operator.AT_MOST: _N("at most"),
    Operator.MORE_THAN: _N("more than"),
    Operator.ONE_OF: _N("is one of"),
    Operator.NONE_OF: _N("is none of"),
}
assert OPERATOR_LABELS.keys() == COMPARISONS.keys()


@dataclass(frozen=True, slots=True)
class PartWords:
    """One part of a version in words: its name, and its lines (none: the version does not have it)."""

    name: str
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A part in which two versions differ: what went, what came, what stayed."""

    name: str
    label: str
    gone: tuple[str, ...]
    new: tuple[str, ...]
    kept: tuple[str, ...]


def version_parts(
    text: VersionText, settings: Settings, translate: Translate, day: DayWords = date.isoformat
) -> tuple[PartWords, ...]:
    """Every part of the sentence in words, in the order in which it is read; `day` words a date."""

    def part(name: str, label: str, lines: Iterable[str]) -> PartWords:
        return PartWords(name, translate(label), tuple(line for line in lines if line))

    def criteria(texts: Sequence[CriterionText]) -> list[str]:
        return [_criterion(one, settings, translate) for one in texts]

    return (
        part("title", _N("In one sentence"), [text.title]),
        part("provision", _N("Provision"), [text.provision]),
        part("effective_from", _N("Effective from"), [day(text.effective_from)]),
        part("subject", _N("About"), [translate(SUBJECT_LABELS.get(text.subject, text.subject))]),
        part("modes", _N("Forms of flexible work"), _modes(text.modes, translate)),
        part("applies", _N("If"), criteria(text.applies)),
        part("effect", _N("Then"), [translate(EFFECT_LABELS.get(text.effect, text.effect))]),
        part("requires", _N("Required"), criteria(text.requires)),
        part("required_count", _N("How many must hold"), _count(text, translate)),
        part("condition", _N("Condition"), _condition(text, translate)),
        part("limit", _N("Limit"), _limit(text.limit, translate)),
        part("lifts", _N("Rules set aside"), [_lift(lift, translate) for lift in text.lifts]),
        part("exceptions", _N("Unless"), [" · ".join(criteria(group)) for group in text.exceptions]),
    )


def differences(
    before: VersionText, after: VersionText, settings: Settings, translate: Translate, day: DayWords = date.isoformat
) -> tuple[Difference, ...]:
    """The parts in which two versions differ, each with its lines that went, came and stayed."""
    return part_differences(*(version_parts(text, settings, translate, day) for text in (before, after)))


def part_differences(before: Iterable[PartWords], after: Iterable[PartWords]) -> tuple[Difference, ...]:
    """The same of two sentences whose parts are in words, in the same order."""
    return tuple(
        Difference(
            old.name,
            old.label,
            gone=tuple(line for line in old.lines if line not in new.lines),
            new=tuple(line for line in new.lines if line not in old.lines),
            kept=tuple(line for line in new.lines if line in old.lines),
        )
        for old, new in zip(before, after, strict=True)
        if old.lines != new.lines
    )


def _criterion(text: CriterionText, settings: Settings, translate: Translate) -> str:
    """A criterion as a phrase; one whose fact the code no longer knows by its name."""
    if text.fact not in FACTS or text.operator not in list(Operator):
        return f"{text.fact} {text.operator} {text.setting or ', '.join(map(str, text.operands))}"
    if text.setting:
        words = {
            "fact": translate(FACTS[text.fact].label),
            "setting": translate(SETTINGS[text.setting].label) if text.setting in SETTINGS else text.setting,
            "operator": translate(OPERATOR_LABELS[Operator(text.operator)]),
        }
        return translate(_SETTING) % words
    return criterion_words(criterion_of(text, settings), translate)


def _modes(modes: Sequence[str], translate: Translate) -> list[str]:
    return [translate(MODE_LABELS[Mode(mode)]) for mode in modes if mode in list(Mode)]


def _count(text: VersionText, translate: Translate) -> list[str]:
    if text.effect != "require":
        return []
    if text.required_count_setting:
        name = text.required_count_setting
        label = translate(SETTINGS[name].label) if name in SETTINGS else name
        return [translate(_COUNT_SETTING) % {"setting": label}]
    return [translate(_ALL) if text.required_count is None else str(text.required_count)]


def _condition(text: VersionText, translate: Translate) -> list[str]:
    kind = CONDITION_LABELS.get(text.condition_kind, text.condition_kind)
    approver = APPROVER_LABELS.get(text.condition_approver, text.condition_approver)
    return [translate(one) if one else "" for one in (kind, approver)] + [text.condition_text]


def _limit(text: LimitText | None, translate: Translate) -> list[str]:
    if text is None:
        return []
    lines = [limit_words(limit_of(text), translate)]
    if text.quantity in SHARES:
        lines.append(translate(POPULATION_LABELS.get(text.population, text.population)))
    if text.per in PER_SENTENCES:
        lines.append(translate(COUNTING_LABELS.get(text.counting, text.counting)))
    return lines


def _lift(lift: LiftText, translate: Translate) -> str:
    if not lift.instrument:
        return lift.rule
    return translate(_LIFT) % {"rule": lift.rule, "provision": f"{lift.reference} {lift.instrument}".strip()}
