"""What deciding again found otherwise, in sentences, with what a reader may know of a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from eligibility.arrangements.check_words import KIND_LABELS, STATE_LABELS, check_sentence
from eligibility.arrangements.checks import CheckKind, CheckState
from eligibility.arrangements.records import read_checks
from eligibility.arrangements.refusal_words import INSTRUMENT
from eligibility.arrangements.span_texts import read_fact
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS, value_words
from eligibility.facts import FACTS
from eligibility.rulebook import Bounds, Mode, Verdict
from oversight.models import Difference

Told = Mapping[str, Any]

_PERSON: Final = "employee."


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: `whole` may know which fact or requirement of a person it is."""

    whole: bool


def sentences(difference: Difference, reader: Reader) -> tuple[str, ...]:
    """Everything that differs; what cannot be read says so."""
    content = json.loads(difference.what)
    word = _WORDS.get(content.get("of", ""))
    return tuple(dict.fromkeys(word(content, reader))) if word else (str(difference.get_kind_display()),)


def _outcome(bounds: Sequence[int]) -> str:
    return _(OUTCOME_LABELS[Bounds(Verdict(bounds[0]), Verdict(bounds[1])).outcome])


def _days(told: Told) -> str:
    first, last = (date.fromisoformat(day) for day in told["days"])
    return f"{date_format(first)} – {date_format(last)}"


def _position(told: Told, _reader: Reader) -> Iterator[str]:
    yield from (_again(_("The position"), *mode) for mode in told.get("modes", ()))
    for title, modes, codes in told.get("tasks", ()):
        if modes is None:
            yield _("Task “%(title)s”: the facts of its agency are no longer stored.") % {"title": title}
            continue
        yield from (_again(_("Task “%(title)s”") % {"title": title}, *mode) for mode in modes)
        if codes:
            words = {"title": title, "rules": ", ".join(codes)}
            yield _("Task “%(title)s”: these rules stand otherwise: %(rules)s.") % words
        elif not modes:
            yield _("Task “%(title)s”: the stored reasons are not those of its facts.") % {"title": title}


def _again(subject: str, mode: str, before: Sequence[int], now: Sequence[int]) -> str:
    words = {"subject": subject, "mode": _(MODE_LABELS[Mode(mode)]), "before": _outcome(before), "now": _outcome(now)}
    return _("%(subject)s, %(mode)s: stored as “%(before)s”, decided again as “%(now)s”.") % words


def _span(told: Told, reader: Reader) -> Iterator[str]:
    days = {"days": _days(told)}
    if "bounds" in told:
        before, now = (_outcome(bounds) for bounds in told["bounds"])
        words = {**days, "before": before, "now": now}
        yield _("%(days)s: stored as “%(before)s”, decided again as “%(now)s”.") % words
    if "tasks" in told:
        yield _("%(days)s: the answers for her tasks are not those of the stored facts.") % days
    for kind, name, state, when in told.get("checks", ()):
        yield _check_line(kind, name, state, when, days, reader)
    if not ({"bounds", "tasks", "checks"} & told.keys()):
        yield _("%(days)s: the outcome is not that of the stored facts.") % days


def _check_line(kind: str, name: str, state: str, when: str, days: Mapping[str, str], reader: Reader) -> str:
    named = "" if kind == name or (kind == CheckKind.GATE and not reader.whole) else f" {name}"
    words = {**days, "check": f"{_(KIND_LABELS[CheckKind(kind)])}{named}", "state": _(STATE_LABELS[CheckState(state)])}
    if when == "now":
        return _("%(days)s, decided again: %(check)s: %(state)s.") % words
    return _("%(days)s, as stored: %(check)s: %(state)s.") % words


def _checks(told: Told, reader: Reader) -> Iterator[str]:
    for check in read_checks(told["checks"]):
        words = {"first": date_format(check.starts_on), "last": date_format(check.ends_on)}
        words["sentence"] = check_sentence(check, _, sees_person=reader.whole)
        yield _("%(first)s – %(last)s: %(sentence)s") % words


def _facts(told: Told, reader: Reader) -> Iterator[str]:
    days = _days(told)
    for name, before, now in told.get("facts", ()):
        if name.startswith(_PERSON) and not reader.whole:
            yield _("%(days)s: a fact of the employee differs. Details are with BKPSDM.") % {"days": days}
            continue
        words = {"days": days, "fact": _label(name), "before": _value(name, before), "now": _value(name, now)}
        yield _("%(days)s, %(fact)s: the approval says “%(before)s”, recorded by then was “%(now)s”.") % words


def _label(name: str) -> str:
    own = {
        "posted": _("Holds the position"),
        "active": _("Employment status (kedudukan hukum) is active"),
        "determined": _("Outcome of the Penetapan"),
    }
    return own.get(name) or _(FACTS[name].label)


def _value(name: str, value: Any) -> str:
    if name == "determined":
        return _("None listed it") if value is None else _outcome([int(part) for part in value.split()])
    if name in ("posted", "active"):
        return value_words(INSTRUMENT, value, _)
    return value_words(name, read_fact(name, value), _)


def _law(told: Told, _reader: Reader) -> Iterator[str]:
    for kind, sentence in (
        ("added", _("The law rows give rules that were not decided by: %(rules)s.")),
        ("changed", _("The law rows say something else than was decided by: %(rules)s.")),
        ("gone", _("The law rows no longer give rules that were decided by: %(rules)s.")),
    ):
        if kind in told:
            yield sentence % {"rules": ", ".join(told[kind])}
    if told.get("settings"):
        yield _("The settings that rules read are others than were decided by.")


def _unreadable(_told: Told, _reader: Reader) -> Iterator[str]:
    yield _("What is stored cannot be read, so it cannot be decided again.")


def _uncounted(told: Told, _reader: Reader) -> Iterator[str]:
    yield _("%(days)s: deciding again asks for a count that the approval does not hold.") % {"days": _days(told)}


def _no_law(_told: Told, _reader: Reader) -> Iterator[str]:
    yield _("The law rows give no rule for a day of the period.")


_WORDS: Final[Mapping[str, Callable[[Told, Reader], Iterator[str]]]] = {
    "position": _position,
    "span": _span,
    "checks": _checks,
    "facts": _facts,
    "law": _law,
    "unreadable": _unreadable,
    "uncounted": _uncounted,
    "no_law": _no_law,
}
