"""Cases as they are written in files: what must hold of one, and the case that the engine's side makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from agencies.fact_values import allowed, from_text
from agencies.facts import AGENCY_KINDS, FactValue
from eligibility.casework import WrittenCase
from eligibility.facts import FACTS
from eligibility.models import RuleCase
from eligibility.models.instruments import Layer
from eligibility.rulebook import Mode, Outcome, Place
from eligibility.texts import CaseText, InstrumentText
from eligibility.version_checks import KnownLaw, long_texts, unknown_choice

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "mode": tuple(mode.value for mode in Mode),
    "outcome": tuple(outcome.value for outcome in Outcome),
    "agency_kind": ("", *(choice.code for choice in AGENCY_KINDS)),
}


def check_case(case: CaseText, text: InstrumentText, known: KnownLaw) -> Iterator[str]:
    """Every fault of a case beside a rule of the instrument."""
    yield from (sentence for _field, sentence in long_texts(case, RuleCase))
    for name, codes in _CHOICES.items():
        if getattr(case, name) not in codes:
            yield unknown_choice(name, getattr(case, name), filter(None, codes))
    if case.institution not in known.institutions:
        sentence = _("The institution “%(code)s” is not recorded; record it first or correct “institution”.")
        yield sentence % {"code": case.institution}
    elif text.layer == Layer.LOCAL and case.institution != text.owner:
        sentence = _("The law of %(owner)s does not reach “%(code)s”; leave “institution” out.")
        yield sentence % {"owner": text.owner, "code": case.institution}
    if unknown := sorted(set(case.deciding) - set(known.rules)):
        sentence = _("There is no rule of this code: %(codes)s. Write codes of rules, one a line.")
        yield sentence % {"codes": ", ".join(unknown)}
    if case.unit and not case.agencies:
        yield _("A unit is named without its agency; add “agencies”.")
    yield from _fact_faults(case.facts)


def _fact_faults(facts: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    for name, value in facts:
        if name not in FACTS:
            yield _("The fact “%(name)s” is not known; correct the spelling.") % {"name": name}
        elif value is not None and not _means_something(name, value):
            sentence = _("“%(value)s” is no value of “%(fact)s”; write one of: %(allowed)s.")
            yield sentence % {"value": value, "fact": name, "allowed": allowed(FACTS[name])}


def _means_something(name: str, value: str) -> bool:
    try:
        from_text(FACTS[name], value)
    except ValueError:
        return False
    return True


def written_of(case: CaseText) -> WrittenCase:
    """A case that is without fault as the engine's side reads it."""
    return WrittenCase(
        name=case.title,
        on=case.on,
        mode=Mode(case.mode),
        facts={name: known_value(name, value) for name, value in case.facts},
        outcome=Outcome(case.outcome),
        deciding=frozenset(case.deciding),
        place=Place(case.agency_kind, case.agencies, case.unit),
    )


def known_value(name: str, text: str | None) -> FactValue | None:
    """The value of a fact from its text; None for unknown."""
    return None if text is None else from_text(FACTS[name], text)
