"""What would make it yes, in words (pure): every function takes the translation as an argument."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from agencies.facts import Changeable, Level, gettext_noop
from eligibility.changes import Change, ChangeSet, Turning
from eligibility.explanations import VERDICT_LABELS, Translate, value_words
from eligibility.facts import FACTS

_N = gettext_noop

CHANGE_PHRASES: Final = {
    Changeable.CORRECTION: _N("the record is corrected so that “%(fact)s” is %(then)s (now: %(now)s)"),
    Changeable.REDESIGN: _N("the work is redesigned so that “%(fact)s” is %(then)s (now: %(now)s)"),
}
_BECOMES = _N("“%(fact)s” becomes %(then)s (now: %(now)s)")
_LEVEL_PHRASES: Final = {
    Level.INSTITUTION: _BECOMES,
    Level.AGENCY: _BECOMES,
    Level.ARRANGEMENT: _N("the request is changed so that “%(fact)s” is %(then)s (now: %(now)s)"),
}
"""Of what is no part of the job; the others by who changes them."""

_ANSWER = _N("the answer to “%(question)s” is %(then)s")


@dataclass(frozen=True, slots=True)
class ChangedFactWords:
    """One fact of a change: what it is now, and the values that will do."""

    fact: str
    label: str
    now: str
    value: str


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """Facts that, changed together, would open the mode; the provisions of the rules that are turned.

    `fact` and `value` are those of the first of `facts`.
    """

    sentence: str
    fact: str
    value: str
    tasks: tuple[str, ...]
    facts: tuple[ChangedFactWords, ...]
    outcome_label: str
    provisions: tuple[str, ...]


def _then_words(change: Change, translate: Translate) -> str:
    """The values a fact may take; for a number between or beyond what rules name, its bounds."""
    bounds = []
    if change.above is not None:
        words = {"value": value_words(change.fact, change.above, translate)}
        bounds.append(translate(_N("more than %(value)s")) % words)
    if change.below is not None:
        words = {"value": value_words(change.fact, change.below, translate)}
        bounds.append(translate(_N("less than %(value)s")) % words)
    values = (value_words(change.fact, value, translate) for value in change.then)
    return ", ".join(bounds) or f" {translate(_N('or'))} ".join(values)


def _changed_fact(change: Change, translate: Translate) -> ChangedFactWords:
    return ChangedFactWords(
        change.fact,
        translate(FACTS[change.fact].label),
        value_words(change.fact, change.now, translate),
        _then_words(change, translate),
    )


def _change_phrase(change: Change, translate: Translate) -> str:
    words = {
        "fact": translate(FACTS[change.fact].label),
        "question": translate(FACTS[change.fact].question),
        "now": value_words(change.fact, change.now, translate),
        "then": _then_words(change, translate),
    }
    if change.is_answer:
        return translate(_ANSWER) % words
    return translate(_LEVEL_PHRASES.get(FACTS[change.fact].level) or CHANGE_PHRASES[change.by]) % words


def change_phrases(changes: Iterable[Change], translate: Translate) -> str:
    """Changes of one set, joined."""
    return f" {translate(_N('and'))} ".join(_change_phrase(change, translate) for change in changes)


def _outcome_then(one: ChangeSet, translate: Translate) -> str:
    """The outcome after the change; where facts stay unknown, the least that it will be."""
    worst = translate(VERDICT_LABELS[one.bounds.worst])
    if one.bounds.worst is one.bounds.best:
        return worst
    return translate(_N("at least %(outcome)s")) % {"outcome": worst}


def _change_words(one: ChangeSet, tasks: tuple[str, ...], translate: Translate) -> ChangeWords:
    facts = tuple(_changed_fact(change, translate) for change in one.changes)
    outcome = _outcome_then(one, translate)
    provisions = tuple(dict.fromkeys(str(rule.citation) for rule in one.turned))
    words = {
        "changes": change_phrases(one.changes, translate),
        "outcome": outcome,
        "provisions": "; ".join(provisions),
    }
    sentence = translate(_N("If %(changes)s, the result becomes: %(outcome)s (%(provisions)s).")) % words
    return ChangeWords(sentence, facts[0].fact, facts[0].value, tasks, facts, outcome, provisions)


def word_changes(sets: Iterable[ChangeSet], translate: Translate) -> tuple[ChangeWords, ...]:
    """The smallest sets in words; the same set of several tasks once, naming them."""
    alike: dict[tuple[object, ...], list[ChangeSet]] = {}
    for one in sets:
        alike.setdefault((one.changes, one.turned, one.bounds), []).append(one)
    return tuple(_change_words(same[0], tuple(c.task.title for c in same), translate) for same in alike.values())


def changes_note(turning: Turning, translate: Translate) -> str:
    """What the search says besides the sets it found: that there is none, or that it stopped before the end."""
    if turning.sets:
        return ""
    if turning.unturnable:
        return translate(_N("No change opens this form: rules stand against it that read what nobody can change."))
    if not turning.stopped:
        return translate(_N("No change of up to five facts opens this form."))
    words = {"number": turning.searched}
    return (
        translate(
            _N("No change of up to %(number)s facts opens this form. Larger sets are too many and were not examined.")
        )
        % words
    )
