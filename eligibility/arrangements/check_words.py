"""Words for checks and for the nearest request that passes (pure): every function takes the translation."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from agencies.facts import WEEKDAYS, FactValue, Level, gettext_noop
from eligibility.arrangements.checks import Check, CheckKind, CheckState, House, Named, Where
from eligibility.arrangements.gate_changes import GateTurning
from eligibility.arrangements.limit_checks import TOGETHER
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.change_words import change_phrases
from eligibility.decisions import Reason, State
from eligibility.explanations import (
    OUTCOME_LABELS,
    Translate,
    full_sentence,
    number_words,
    reason_sentence,
    value_words,
)
from eligibility.facts import FACTS
from eligibility.rulebook import Attach, Outcome, Quantity, Rule

_N = gettext_noop

KIND_LABELS: Final = {
    CheckKind.DETERMINATION: _N("Penetapan"),
    CheckKind.STALE: _N("Penetapan up to date"),
    CheckKind.SUITABILITY: _N("Suitability of the tasks"),
    CheckKind.GATE: _N("Requirement"),
    CheckKind.LIMIT: _N("Limit"),
    CheckKind.TIME: _N("Working time of the tasks"),
    CheckKind.SHARE: _N("Share of staff"),
    CheckKind.SERVICE: _N("Staff left for the service"),
    CheckKind.PLACE: _N("Place of work"),
    CheckKind.APPROVER: _N("Approval of a named office"),
    CheckKind.HOUSE: _N("Internal provision"),
}
"""What is looked at, as a heading."""

STATE_LABELS: Final = {
    CheckState.PASSED: _N("Check passed"),
    CheckState.FAILED: _N("Check not passed"),
    CheckState.UNKNOWN: _N("Not known yet"),
}

PERSON_STATES: Final = {
    CheckState.PASSED: _N("Employee requirements are met (Pasal 25 ayat (1))."),
    CheckState.FAILED: _N("Employee requirements are not met (Pasal 25 ayat (1)). Details are with BKPSDM."),
    CheckState.UNKNOWN: _N("Employee requirements cannot be judged yet (Pasal 25 ayat (1)). Details are with BKPSDM."),
}
"""What somebody reads of gates on the employee who may not see her file."""

HOUSE_SENTENCES: Final = {
    (House.ACTIVE, CheckState.PASSED): _N("the employment status (kedudukan hukum) is active."),
    (House.ACTIVE, CheckState.FAILED): _N("the employment status (kedudukan hukum) is not active."),
    (House.ACTIVE, CheckState.UNKNOWN): _N("the employment status (kedudukan hukum) is not recorded."),
    (House.POSTED, CheckState.PASSED): _N("the position is held on every day of the period."),
    (House.POSTED, CheckState.FAILED): _N("the position is not held on every day of the period."),
    (House.POSTED, CheckState.UNKNOWN): _N("it is not known whether the position is held on every day of the period."),
    (House.ONE_AT_A_TIME, CheckState.PASSED): _N("no other arrangement in this form overlaps."),
    (House.ONE_AT_A_TIME, CheckState.FAILED): _N(
        "another arrangement in this form overlaps; have it amended or ended."
    ),
    (House.SAME_DAY, CheckState.PASSED): _N("no weekday is taken by another place of work."),
    (House.SAME_DAY, CheckState.FAILED): _N("these weekdays are taken by another place of work: %(asked)s."),
    (House.NOT_PAST, CheckState.PASSED): _N("no day before the decision is asked for."),
    (House.NOT_PAST, CheckState.FAILED): _N(
        "the first day, %(first)s, lies before the day of the decision, and nothing past is approved; the request "
        "is returned, so that a later first day is asked for."
    ),
}

PLACE_SENTENCES: Final[Mapping[str, str]] = {
    Where.OPEN: _N("%(subject)s is in the register of places of work and open."),
    Where.HOME: _N("The residence is recorded in data kepegawaian (Pasal 12 ayat (3))."),
    Where.FREE: _N("The place is named with what it is needed for: %(subject)s."),
    Where.CLOSED: _N("%(subject)s is closed from %(on)s (register of places of work)."),
    Where.NOT_YET: _N("%(subject)s is allowed only from %(on)s (register of places of work)."),
    Where.NO_RESIDENCE: _N(
        "No residence is recorded in data kepegawaian, so it is not known where the work would be done (Pasal 12 ayat "
        "(3)). BKPSDM records it."
    ),
    Where.UNNAMED: _N("It is not known where the work would be done: no place is named. Return the request."),
    Where.OTHERWISE: _N(
        "%(subject)s is recorded as another kind of place than was asked for, so it is not known whether it may be "
        "worked at in this form. Return the request, or have the register corrected."
    ),
}

APPROVER_SENTENCES: Final[Mapping[str, str]] = {
    Named.GIVEN: _N("The approval of %(subject)s is required (%(norms)s) and was given."),
    Named.OVERRULED: _N(
        "The approval of %(subject)s is required (%(norms)s). That office refused, and a granted objection set its "
        "refusal aside."
    ),
    Named.AHEAD: _N("The approval of %(subject)s is required (%(norms)s); the request passes that office."),
    Named.UNASKED: _N(
        "The approval of %(subject)s is required (%(norms)s), and that office was not asked. The last office endorses "
        "the request; it then goes on to %(subject)s and comes back to be decided."
    ),
}

LIMIT_CHECKS: Final[Mapping[str, str]] = {
    Quantity.DAYS_PER_WEEK: _N("%(asked)s days a week are asked for; at most %(allowed)s (%(norms)s)."),
    Quantity.DAYS_PER_MONTH: _N("%(asked)s days in one month are asked for; at most %(allowed)s (%(norms)s)."),
    Quantity.WEEKDAYS: _N("Asked for: %(asked)s; only on %(allowed)s (%(norms)s)."),
    Quantity.PLACES: _N("Asked for: %(asked)s; only at %(allowed)s (%(norms)s)."),
    Quantity.DURATION_DAYS: _N("%(asked)s days from first to last are asked for; at most %(allowed)s (%(norms)s)."),
    Quantity.NOTICE_DAYS: _N("Asked for %(asked)s days before; at least %(allowed)s days before (%(norms)s)."),
}
_WITH_OTHERS = _N("%(asked)s days a week with the other arrangements; at most %(allowed)s (%(norms)s).")
_MAY_APPLY = _N("%(sentence)s It is not known whether this limit applies, not known: %(facts)s.")

_SHARE = _N("%(asked)s of at most %(allowed)s people on %(weekday)s, %(subject)s (%(norms)s).")
_SHARE_HOLDING = _N("%(asked)s of at most %(allowed)s people with an arrangement, %(subject)s (%(norms)s).")
_ON_SITE = _N(
    "%(subject)s: at least %(allowed)s people stay on site (%(norms)s); on %(weekday)s %(asked)s would be left."
)
_ON_SITE_HOLDING = _N("%(subject)s: at least %(allowed)s people stay on site (%(norms)s); %(asked)s would be left.")
_UNCOUNTED = _N("The staff of this limit cannot be counted (%(norms)s).")
_SERVICE = _N("%(subject)s needs %(allowed)s people on site; on %(weekday)s %(asked)s would be left (%(norms)s).")
_SERVICE_UNNAMED = _N(
    "%(subject)s needs %(allowed)s people on site; on %(weekday)s %(asked)s would be left, counting %(unnamed)s filled "
    "places of positions in which nobody is named (%(norms)s)."
)
_SERVICE_UNCOUNTED = _N(
    "%(subject)s needs %(allowed)s people on site; on %(weekday)s %(asked)s of those known would be left. Nobody is "
    "named in another position that serves it and its filled places (bezetting) are not recorded, so it is not known "
    "whether more are there; record one of the two (%(norms)s)."
)
_SERVICE_UNKNOWN = _N("%(subject)s: nobody has stated how many people must be on site (%(norms)s).")
_SERVICE_UNKNOWN_ON = _N("%(subject)s: nobody has stated how many people must be on site on %(weekday)s (%(norms)s).")
_TIME = _N("%(asked)s days a week are asked for; the tasks that may be done this way fill %(allowed)s (%(norms)s).")
_TIME_UNKNOWN = _N(
    "%(asked)s days a week are asked for; the tasks that may be done this way surely fill only %(allowed)s, as the "
    "share of working time of a task is not known (%(norms)s)."
)
_INTERNAL_LAYER: Final = 60
"""`Layer.INTERNAL` of the models, which this module does not read."""

_OF_THE_HOUSE: Final = frozenset({CheckKind.TIME, CheckKind.SERVICE})
"""Checks of the portal itself that rest on no rule; they say so where others cite theirs."""

_PENETAPAN_PROVISION: Final = "Pasal 8 Perpres 21/2023"
"""PPK sets the kinds of work and the employees. That it is to be up to date is asked for by the portal alone."""

_UNLISTED = _N("No Penetapan in force lists the position in this form of flexible work (%(norms)s).")
_LISTED = _N("The Penetapan in force says of the position in this form: %(outcome)s (%(norms)s).")
_INTERNAL = _N("Internal provision: %(sentence)s")
_CITED = _N("%(sentence)s (%(norms)s)")
_NEAREST = _N("Nearest request that would pass: %(plan)s.")
_NOTHING_NEAR = _N("No other weekdays and no shorter period would pass.")
_STANDS_AGAINST = _N("What stands against it whatever the days: %(kinds)s.")
_OPENED = _N("The requirement is met if %(changes)s (%(norms)s).")
_UNOPENED = _N("Nobody can change what this requirement reads: %(rules)s.")
_UNOPENED_PERSON = _N("Nobody can change what the employee requirements read. Details are with BKPSDM.")
_AS_ASKED = _N("The request passes as it is asked for.")


def check_sentence(check: Check, translate: Translate, *, sees_person: bool = True) -> str:
    """One check in one or two sentences, with what was measured and the provision.

    `sees_person` False: the reader, a head for example, is told that a requirement on the employee is not met, but
    not which, and no fact of hers is named.
    """
    if check.kind is CheckKind.GATE and not sees_person and is_about_the_person(check):
        return translate(PERSON_STATES[check.state])
    return _SENTENCES[check.kind](check, translate, sees_person)


def is_about_the_person(check: Check) -> bool:
    """Whether the check is a gate on the employee herself."""
    return check.kind is CheckKind.GATE and any(rule.subject is Level.EMPLOYEE for rule in check.norms)


def nearest_sentence(
    request: Request | None, asked: Request, translate: Translate, against: Sequence[Check] = ()
) -> str:
    """What would pass instead of what is asked for: weekdays, and the dates where they differ.

    None: nothing near passes; then `against` are the checks that stand against every plan (`nearest.standing_against`).
    """
    if request is None:
        kinds = dict.fromkeys(translate(KIND_LABELS[check.kind]) for check in against)
        stands = translate(_STANDS_AGAINST) % {"kinds": ", ".join(kinds)} if kinds else ""
        return f"{translate(_NOTHING_NEAR)} {stands}".rstrip()
    if request == asked:
        return translate(_AS_ASKED)
    parts = [weekday_words(request.weekdays, translate)]
    if (request.starts_on, request.ends_on) != (asked.starts_on, asked.ends_on):
        words = {"first": day_words(request.starts_on, translate), "last": day_words(request.ends_on, translate)}
        parts.append(translate(_N("from %(first)s to %(last)s")) % words)
    return translate(_NEAREST) % {"plan": ", ".join(parts)}


def opening_sentences(
    turnings: Iterable[GateTurning], translate: Translate, *, sees_person: bool = True
) -> tuple[str, ...]:
    """What would open the gates, a sentence for each smallest set, and which of them nobody can open.

    `sees_person` False: gates on the employee are not named.
    """
    told: dict[str, None] = {}
    for turning in turnings:
        provisions = norm_words(turning.turned, translate)
        for changes in turning.sets:
            words = {"changes": change_phrases(changes, translate), "norms": provisions}
            told[translate(_OPENED) % words] = None
        named = [rule for rule in turning.unturnable if sees_person or rule.subject is not Level.EMPLOYEE]
        if named:
            titles = (f"{rule.title.rstrip('.')} ({norm_words([rule], translate)})" for rule in named)
            told[translate(_UNOPENED) % {"rules": "; ".join(titles)}] = None
        if len(named) < len(turning.unturnable):
            told[translate(_UNOPENED_PERSON)] = None
    return tuple(told)


def weekday_words(weekdays: Iterable[str], translate: Translate) -> str:
    """Weekdays by name in the order of the week."""
    chosen = frozenset(weekdays)
    return ", ".join(translate(choice.label) for choice in WEEKDAYS if choice.code in chosen)


def day_words(day: date, translate: Translate) -> str:
    """A date with the name of its month, which the framework's own catalogue translates."""
    return f"{day.day} {translate(month_name[day.month])} {day.year}"


def norm_words(norms: Iterable[Rule], translate: Translate) -> str:
    """The provisions of rules, each once; a rule of the portal is called what it is, without one."""
    internal = translate(KIND_LABELS[CheckKind.HOUSE])
    sources = (internal if rule.citation.layer == _INTERNAL_LAYER else str(rule.citation) for rule in norms)
    return "; ".join(dict.fromkeys(sources))


def _fact_labels(names: Iterable[str], translate: Translate, sees_person: bool) -> str:
    """Facts by their labels; those of the employee only for who may see her file."""
    shown = (name for name in names if sees_person or not name.startswith(f"{Level.EMPLOYEE}."))
    labels = [translate(FACTS[name].label) if name in FACTS else name for name in shown]
    return "; ".join(labels) or translate(_N("details are with BKPSDM"))


def _value(check: Check, value: FactValue | None, translate: Translate) -> str:
    if isinstance(value, Decimal):
        return number_words(value, translate)
    if check.name == Quantity.PLACES:
        return value_words("arrangement.place", value, translate)
    if isinstance(value, frozenset):
        return weekday_words(value, translate) if value <= set(DAYS_OF_WEEK) else ", ".join(sorted(value))
    return translate(_N("not known yet")) if value is None else str(value)


def _words(check: Check, translate: Translate) -> dict[str, str]:
    return {
        "first": day_words(check.starts_on, translate),
        "on": day_words(check.on, translate) if check.on else "",
        "asked": _value(check, check.asked, translate),
        "allowed": _value(check, check.allowed, translate),
        "norms": _provisions(check, translate),
        "subject": check.subject,
        "weekday": weekday_words({check.weekday}, translate),
    }


def _provisions(check: Check, translate: Translate) -> str:
    internal = translate(KIND_LABELS[CheckKind.HOUSE])
    return internal if check.kind in _OF_THE_HOUSE else norm_words(check.norms, translate)


def _determination(check: Check, translate: Translate, sees_person: bool) -> str:
    words = {"norms": _PENETAPAN_PROVISION}
    if check.asked is None:
        return translate(_UNLISTED) % words
    words["outcome"] = translate(OUTCOME_LABELS[Outcome(str(check.asked))])
    return translate(_LISTED) % words


def _stale(check: Check, translate: Translate, sees_person: bool) -> str:
    words = {"norms": f"{_PENETAPAN_PROVISION}; {translate(KIND_LABELS[CheckKind.HOUSE])}"}
    if check.passed:
        return translate(_N("The Penetapan would be decided the same way today (%(norms)s).")) % words
    words["notes"] = " ".join(check.notes)
    return translate(_N("The Penetapan would not be decided the same way today (%(norms)s). %(notes)s")) % words


def _suitability(check: Check, translate: Translate, sees_person: bool) -> str:
    if check.state is CheckState.UNKNOWN:
        words = {"facts": _fact_labels(check.missing, translate, sees_person)}
        return (
            translate(_N("It cannot be judged yet whether the tasks may be done this way, not known: %(facts)s."))
            % words
        )
    if check.state is CheckState.FAILED:
        titles = (f"{rule.title.rstrip('.')} ({rule.citation})" for rule in check.norms)
        return translate(_N("None of the tasks may be done this way: %(rules)s.")) % {"rules": "; ".join(titles)}
    if check.asked == Outcome.NEEDS_INFORMATION:
        return translate(
            _N("System result for the tasks in this form: possible, whatever the facts not known yet say.")
        )
    words = {"outcome": translate(OUTCOME_LABELS[Outcome(str(check.asked))])}
    return translate(_N("System result for the tasks in this form: %(outcome)s.")) % words


_REASON_STATES: Final = {
    CheckState.PASSED: State.PASSED,
    CheckState.FAILED: State.FAILED,
    CheckState.UNKNOWN: State.UNKNOWN,
}


def _gate(check: Check, translate: Translate, sees_person: bool) -> str:
    rule = check.norms[0]
    state = State.CONDITION if isinstance(rule.effect, Attach) else _REASON_STATES[check.state]
    sentence = reason_sentence(Reason(rule, state, check.facts), translate)
    return full_sentence(translate(_CITED) % {"sentence": sentence.rstrip("."), "norms": norm_words([rule], translate)})


def _limit(check: Check, translate: Translate, sees_person: bool) -> str:
    template = _WITH_OTHERS if check.subject == TOGETHER else LIMIT_CHECKS[check.name]
    sentence = translate(template) % _words(check, translate)
    return _perhaps(check, sentence, translate, sees_person)


def _perhaps(check: Check, sentence: str, translate: Translate, sees_person: bool) -> str:
    if check.state is not CheckState.UNKNOWN or check.asked is None:
        return sentence
    words = {"sentence": sentence, "facts": _fact_labels(check.missing, translate, sees_person)}
    return translate(_MAY_APPLY) % words


def _time(check: Check, translate: Translate, sees_person: bool) -> str:
    template = _TIME_UNKNOWN if check.state is CheckState.UNKNOWN else _TIME
    return translate(template) % _words(check, translate)


def _share(check: Check, translate: Translate, sees_person: bool) -> str:
    if check.asked is None:
        return translate(_UNCOUNTED) % _words(check, translate)
    of_staff = check.name == Quantity.SHARE_OF_STAFF
    holding = _SHARE_HOLDING if of_staff else _ON_SITE_HOLDING
    template = (_SHARE if of_staff else _ON_SITE) if check.weekday else holding
    return _perhaps(check, translate(template) % _words(check, translate), translate, sees_person)


def _service(check: Check, translate: Translate, sees_person: bool) -> str:
    return translate(_service_template(check)) % {**_words(check, translate), "unnamed": check.unnamed}


def _service_template(check: Check) -> str:
    if check.asked is None:
        return _SERVICE_UNKNOWN_ON if check.weekday else _SERVICE_UNKNOWN
    if check.state is CheckState.UNKNOWN:
        return _SERVICE_UNCOUNTED
    return _SERVICE_UNNAMED if check.unnamed else _SERVICE


def house_sentence(check: Check, translate: Translate) -> str:
    """An internal provision for a list that calls it so in its heading already."""
    return translate(HOUSE_SENTENCES[House(check.name), check.state]) % _words(check, translate)


def _place(check: Check, translate: Translate, sees_person: bool) -> str:
    return translate(PLACE_SENTENCES[check.name]) % _words(check, translate)


def _approver(check: Check, translate: Translate, sees_person: bool) -> str:
    return translate(APPROVER_SENTENCES[check.name]) % _words(check, translate)


def _house(check: Check, translate: Translate, sees_person: bool) -> str:
    return translate(_INTERNAL) % {"sentence": house_sentence(check, translate)}


_SENTENCES: Final[Mapping[CheckKind, Callable[[Check, Translate, bool], str]]] = {
    CheckKind.DETERMINATION: _determination,
    CheckKind.STALE: _stale,
    CheckKind.SUITABILITY: _suitability,
    CheckKind.GATE: _gate,
    CheckKind.LIMIT: _limit,
    CheckKind.TIME: _time,
    CheckKind.SHARE: _share,
    CheckKind.SERVICE: _service,
    CheckKind.PLACE: _place,
    CheckKind.APPROVER: _approver,
    CheckKind.HOUSE: _house,
}


def check_sentences(checks: Sequence[Check], translate: Translate, *, sees_person: bool = True) -> tuple[str, ...]:
    """The sentences of checks, each once, in their order."""
    return tuple(dict.fromkeys(check_sentence(check, translate, sees_person=sees_person) for check in checks))
