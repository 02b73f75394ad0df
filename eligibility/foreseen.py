"""What an act would change in outcomes, answers and gates: looked at before the act and again after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.consequences import SHOWN, Afterwards, Consequence, Touch
from agencies.facts import TASK_FACTS, Level
from agencies.models import Agency, Position, TaskProfile
from agencies.querysets import open_on
from eligibility import screening
from eligibility.decisions import State, decide_gates
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.footing import Footing
from eligibility.grounds import Grounds
from eligibility.loading import NoLawInForce
from eligibility.rulebook import Bounds, Case, Mode, Outcome, Rulebook

ALL_THAT_IS_KNOWN: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""What an act records at this moment must be seen after it, so nothing known is left out."""

_AT_A_TIME: Final = 500
"""Positions asked for in one statement: databases limit how many values one may hold."""
_FEW_AGENCIES: Final = 5
"""More agencies than these are picked from one statement over the institution."""
_BELOW_THE_AGENCY: Final = frozenset({Level.UNIT, Level.POSITION, Level.TASK, Level.EMPLOYEE, Level.ARRANGEMENT})

Outcomes = Mapping[Mode, Outcome]
Gate = tuple[str, str]
"""Code and title of a rule that stands before an approval."""


@dataclass(frozen=True)
class _Sight:
    """How things stand: each position's outcomes, each task's known answers, each agency's closed gates.

    `refusal` says why nothing can be judged; then the rest is empty.
    """

    refusal: str = ""
    outcomes: Mapping[int, Outcomes] = field(default_factory=dict)
    known: Mapping[int, frozenset[str]] = field(default_factory=dict)
    gates: Mapping[int, frozenset[Gate]] = field(default_factory=dict)


def foresee_outcomes(touch: Touch) -> Afterwards:
    """The foreseer of outcomes; see `agencies.consequences`."""
    before = _sight(touch)

    def tell() -> list[Consequence]:
        after = _sight(touch)
        if after.refusal:
            return [Consequence(after.refusal)]
        if before.refusal:
            return [Consequence(_("From now on the portal can judge %(day)s.") % {"day": date_format(touch.on)})]
        return [
            *_changed_outcomes(before.outcomes, after.outcomes),
            *_new_and_gone(before.outcomes, after.outcomes, touch.on),
            *_answers_lost(before.known, after.known),
            *_changed_gates(before.gates, after.gates),
        ]

    return tell


def _sight(touch: Touch) -> _Sight:
    try:
        rulebook, grounds = Footing(touch.institution, touch.on, ALL_THAT_IS_KNOWN).parts()
    except NoLawInForce as refusal:
        return _Sight(str(refusal))
    found = _bounds(touch, rulebook, grounds)
    outcomes = {key: {mode: bounds.outcome for mode, bounds in modes.items()} for key, modes in found.items()}
    return _Sight("", outcomes, _known_answers(touch), _closed_gates(touch, rulebook, grounds))


def _bounds(touch: Touch, rulebook: Rulebook, grounds: Grounds) -> dict[int, dict[Mode, Bounds]]:
    city = touch.institution
    if touch.everything:
        return screening.position_bounds(rulebook, grounds, institution=city)
    found: dict[int, dict[Mode, Bounds]] = {}
    for some in _slices(touch.positions):
        found |= screening.position_bounds(rulebook, grounds, institution=city, positions=some)
    if len(touch.agencies) > _FEW_AGENCIES:
        keys = set(Position.objects.filter(agency__in=touch.agencies).values_list("pk", flat=True))
        everything = screening.position_bounds(rulebook, grounds, institution=city)
        return found | {key: modes for key, modes in everything.items() if key in keys}
    for agency in Agency.objects.filter(pk__in=touch.agencies, institution=city):
        found |= screening.position_bounds(rulebook, grounds, institution=city, agency=agency)
    return found


def _slices(keys: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_A_TIME):
        yield ordered[start : start + _AT_A_TIME]


def _known_answers(touch: Touch) -> dict[int, frozenset[str]]:
    """The facts answered of each touched task; of a whole institution none are read: no act on it answers any."""
    columns = [fact.column for fact in TASK_FACTS]
    found: dict[int, frozenset[str]] = {}
    for some in _slices(touch.positions):
        rows = TaskProfile.objects.filter(open_on(touch.on), position__in=some)
        for key, *values in rows.values_list("pk", *columns):
            pairs = zip(TASK_FACTS, values, strict=True)
            found[key] = frozenset(fact.label for fact, value in pairs if value is not None)
    return found


def _closed_gates(touch: Touch, rulebook: Rulebook, grounds: Grounds) -> dict[int, frozenset[Gate]]:
    """The gates that surely keep every approval in an agency from being given."""
    touched = set(touch.agencies) | set(
        Position.objects.filter(pk__in=list(touch.positions)[:_AT_A_TIME]).values_list("agency_id", flat=True)
    )
    agencies = grounds.agencies.keys() - grounds.closed
    cases = {
        key: Case(grounds.agencies[key].values, grounds.agencies[key].place, _BELOW_THE_AGENCY)
        for key in (agencies if touch.everything else agencies & touched)
    }
    return {key: frozenset(_failed_gates(rulebook, case)) for key, case in cases.items()}


def _failed_gates(rulebook: Rulebook, case: Case) -> Iterator[Gate]:
    for mode in Mode:
        for reason in decide_gates(rulebook, case, mode):
            if reason.state is State.FAILED:
                yield reason.rule.code, reason.rule.title


def _changed_outcomes(before: Mapping[int, Outcomes], after: Mapping[int, Outcomes]) -> Iterator[Consequence]:
    """Per change of outcome the positions it happens to; modes in which it happens to the same ones stand together."""
    changes: dict[tuple[Outcome, Outcome], dict[Mode, set[int]]] = {}
    for key in before.keys() & after.keys():
        for mode in Mode:
            pair = before[key][mode], after[key][mode]
            if pair[0] is not pair[1]:
                changes.setdefault(pair, {}).setdefault(mode, set()).add(key)
    for (former, now), by_mode in sorted(changes.items(), key=lambda item: _place(item[0])):
        for modes, keys in _together(by_mode):
            sentence = ngettext(
                "%(modes)s: %(count)d position changes from “%(before)s” to “%(after)s”.",
                "%(modes)s: %(count)d positions change from “%(before)s” to “%(after)s”.",
                len(keys),
            )
            words = {"modes": modes, "count": len(keys), "before": _label(former), "after": _label(now)}
            yield Consequence(sentence % words, _names(keys), len(keys), weighty=True)


def _place(pair: tuple[Outcome, Outcome]) -> tuple[int, int]:
    order = list(Outcome)
    return order.index(pair[0]), order.index(pair[1])


def _together(by_mode: Mapping[Mode, set[int]]) -> Iterator[tuple[str, set[int]]]:
    """The names of the modes with the same positions, and these."""
    grouped: dict[frozenset[int], list[Mode]] = {}
    for mode in Mode:
        if mode in by_mode:
            grouped.setdefault(frozenset(by_mode[mode]), []).append(mode)
    for keys, modes in grouped.items():
        every = _("In every form") if len(modes) == len(Mode) else ", ".join(_(MODE_LABELS[mode]) for mode in modes)
        yield every, set(keys)


def _new_and_gone(before: Mapping[int, Outcomes], after: Mapping[int, Outcomes], on: date) -> Iterator[Consequence]:
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    if gone:
        sentence = ngettext(
            "On %(day)s %(count)d position counts no more: it is judged no more and stands in no count.",
            "On %(day)s %(count)d positions count no more: they are judged no more and stand in no count.",
            len(gone),
        )
        words = {"day": date_format(on), "count": len(gone)}
        yield Consequence(sentence % words, _names(gone), len(gone), weighty=True)
    by_outcome: dict[Outcome, dict[Mode, set[int]]] = {}
    for key in new:
        for mode, outcome in after[key].items():
            by_outcome.setdefault(outcome, {}).setdefault(mode, set()).add(key)
    for outcome, by_mode in by_outcome.items():
        for modes, keys in _together(by_mode):
            sentence = ngettext(
                "%(modes)s: %(count)d position is judged that was not before, “%(after)s”.",
                "%(modes)s: %(count)d positions are judged that were not before, “%(after)s”.",
                len(keys),
            )
            words = {"modes": modes, "count": len(keys), "after": _label(outcome)}
            yield Consequence(sentence % words, _names(keys), len(keys))


def _answers_lost(before: Mapping[int, frozenset[str]], after: Mapping[int, frozenset[str]]) -> Iterator[Consequence]:
    lost = {key: before[key] - after[key] for key in before.keys() & after.keys() if before[key] - after[key]}
    count = sum(map(len, lost.values()))
    if count:
        titles = dict(TaskProfile.objects.filter(pk__in=list(lost)[:SHOWN]).values_list("pk", "task__title"))
        named = [f"{titles[key]}: {_(label)}" for key in titles for label in sorted(lost[key])]
        sentence = ngettext(
            "%(count)d answer about tasks becomes unknown.", "%(count)d answers about tasks become unknown.", count
        )
        yield Consequence(sentence % {"count": count}, tuple(named[:SHOWN]), count)


def _changed_gates(
    before: Mapping[int, frozenset[Gate]], after: Mapping[int, frozenset[Gate]]
) -> Iterator[Consequence]:
    opened: dict[Gate, set[int]] = {}
    closed: dict[Gate, set[int]] = {}
    for key in before.keys() & after.keys():
        for gate in before[key] - after[key]:
            opened.setdefault(gate, set()).add(key)
        for gate in after[key] - before[key]:
            closed.setdefault(gate, set()).add(key)
    for gate, keys in sorted(opened.items()):
        sentence = ngettext(
            "“%(gate)s” no longer stands before an approval in %(count)d agency.",
            "“%(gate)s” no longer stands before an approval in %(count)d agencies.",
            len(keys),
        )
        yield _of_gate(sentence, gate, keys)
    for gate, keys in sorted(closed.items()):
        sentence = ngettext(
            "“%(gate)s” now stands before every approval in %(count)d agency.",
            "“%(gate)s” now stands before every approval in %(count)d agencies.",
            len(keys),
        )
        yield _of_gate(sentence, gate, keys)


def _of_gate(sentence: str, gate: Gate, keys: Collection[int]) -> Consequence:
    names = Agency.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True)
    words = {"gate": gate[1], "count": len(keys)}
    return Consequence(sentence % words, tuple(names[:SHOWN]), len(keys), weighty=True)


def _names(keys: Iterable[int]) -> tuple[str, ...]:
    """Positions with their agency, as many as are shown, in the order of their titles."""
    some = sorted(keys)[:_AT_A_TIME]
    rows = Position.objects.filter(pk__in=some).select_related("agency").order_by("title", "pk")[:SHOWN]
    return tuple(f"{position}, {position.agency}" for position in rows)


def _label(outcome: Outcome) -> str:
    return _(OUTCOME_LABELS[outcome])
