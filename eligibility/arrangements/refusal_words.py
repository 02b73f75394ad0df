"""Why an approval is stopped, or an arrangement suspended, in words that a superior may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.arrangements.check_words import check_sentence, nearest_sentence, opening_sentences
from eligibility.arrangements.checks import Check, CheckKind
from eligibility.arrangements.examined import Basis, Examined
from eligibility.arrangements.gate_changes import gate_turnings
from eligibility.arrangements.nearest import nearest, standing_against
from eligibility.arrangements.requests import Request
from eligibility.pages.gates import gate_sentence

INSTRUMENT: Final = "agency.implementing_instrument"
"""The fact whose gate has a sentence of its own."""


def refusal_words(institution: Institution, found: Examined, on: date, at: datetime) -> str:
    """Every check that does not pass on the day, each sentence once, and what would pass."""
    examination = found.examination
    stopping = [check for check in examination.checks if not check.passed]
    sentences = check_words(stopping, institution, day_without_basis(Basis(institution, on, at), found))
    other = nearest(found.matter, examination.request)
    against = standing_against(found.matter, examination) if other is None else ()
    opened = opening_sentences(gate_turnings(found.matter, examination), _, sees_person=False)
    return " ".join((*sentences, *_nearest(other, examination.request, against), *opened))


def _nearest(other: Request | None, asked: Request, against: Sequence[Check]) -> Iterator[str]:
    """What would pass; nothing where the plan stands and only an office was not asked."""
    if other != asked:
        yield nearest_sentence(other, asked, _, against)


def check_words(checks: Iterable[Check], institution: Institution, on: date | None = None) -> tuple[str, ...]:
    """A sentence for each check, each once; what a check on the employee has found is not told.

    `on` is the day as of which no implementing instrument is in force, where it is not the first day of the check.
    """
    return tuple(dict.fromkeys(_sentence(check, institution, on) for check in checks))


def day_without_basis(basis: Basis, found: Examined) -> date | None:
    """The day of judgement, where a check on the implementing basis does not pass and none is in force that day.

    None: there is nothing to say of it, or the basis is lacking only on days asked for.
    """
    stopping = (check for check in found.examination.checks if not check.passed)
    return basis.lacking_on(found) if any(map(reads_instrument, stopping)) else None


def _sentence(check: Check, institution: Institution, on: date | None) -> str:
    if reads_instrument(check):
        return gate_sentence(institution, on or check.starts_on, covered=0, total=1)
    return check_sentence(check, _, sees_person=False)


def reads_instrument(check: Check) -> bool:
    """Whether the check is the gate on the implementing basis."""
    if check.kind is not CheckKind.GATE:
        return False
    return any(criterion.fact == INSTRUMENT for rule in check.norms for criterion in rule.criteria())
