"""What stands in the way of publishing drafts: a list of checks, to which other parts of the law add theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from eligibility.case_runs import case_sentence, open_cases, runs_of
from eligibility.checks import check_instruments
from eligibility.loosened_limits import loosened
from eligibility.models import Instrument, RuleVersion
from eligibility.seeds import version_place
from eligibility.stored_texts import instrument_text, known_law, version_text
from eligibility.texts import Fault, RuleText

PublicationCheck = Callable[[Sequence[RuleVersion], datetime], Iterable[Fault]]
"""Gives every fault of drafts that are to be published together at a moment."""


class PublicationRefused(ActRefused):
    """Drafts that cannot be published, with every reason at its place; nothing of them was."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def publication_faults(versions: Sequence[RuleVersion], at: datetime) -> list[Fault]:
    """Every reason why these drafts cannot be published together at the moment."""
    return [fault for check in PUBLICATION_CHECKS for fault in check(versions, at)]


def fault_of(version: RuleVersion, sentence: str) -> Fault:
    """A fault at the place of a version."""
    return Fault(version.provision.instrument.title, version_place(version.rule.code, version.number), sentence)


def _unreviewed(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    for version in versions:
        if version.reviewed_at is None:
            yield fault_of(version, _("Nobody has reviewed it yet; somebody else than who wrote it must."))


def _uncited(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    for version in versions:
        if not version.provision.reference.strip():
            yield fault_of(version, _("It cites no place of its instrument; add the place and cite it."))


def _unsound(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    """What the checks of texts say: facts unknown to the code, values that do not fit, lifts without a basis."""
    by_instrument: dict[Instrument, list[RuleText]] = {}
    for version in versions:
        rule = RuleText(version.rule.code, (version_text(version),))
        by_instrument.setdefault(version.provision.instrument, []).append(rule)
    yield from check_instruments([instrument_text(*found) for found in by_instrument.items()], known_law())


def _still_unknown(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    for version in versions:
        if max(version.known_from, version.provision.instrument.known_from) > at:
            yield fault_of(version, _("The day from which it is known is still to come; publish it then."))


def _hidden_behind_another(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    """A next version that begins before the one there is would never speak."""
    for version in versions:
        later = version.rule.versions.published().filter(effective_from__gt=version.effective_from)
        first = later.order_by("effective_from").first()
        if first is not None:
            sentence = _("Version %(number)d speaks from a later day (%(day)s); begin on that day or after it.")
            yield fault_of(version, sentence % {"number": first.number, "day": first.effective_from})


def _repealed(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    for version in versions:
        repeal = version.rule.repeals.order_by("effective_from").first()
        if repeal is not None:
            sentence = _("The rule is repealed from %(day)s; write a rule of another code.")
            yield fault_of(version, sentence % {"day": repeal.effective_from})


def _loosening(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    for found in loosened(versions, at):
        sentence = _(
            "It allows more than “%(other)s” (%(provision)s), which it may not loosen; keep within it, "
            "or lift it with the provision that allows that."
        )
        named = {"other": found.stricter.title, "provision": str(found.stricter.provision)}
        yield fault_of(found.version, sentence % named)


def _against_cases(versions: Sequence[RuleVersion], at: datetime) -> Iterator[Fault]:
    """Open cases of these rules that would not come as expected."""
    by_rule = {version.rule_id: version for version in versions}
    for run in runs_of(open_cases(by_rule), at, versions):
        if not run.holds:
            yield fault_of(by_rule[run.row.rule_id], case_sentence(run))


PUBLICATION_CHECKS: Final[list[PublicationCheck]] = [
    _unreviewed,
    _uncited,
    _unsound,
    _still_unknown,
    _hidden_behind_another,
    _repealed,
    _loosening,
    _against_cases,
]
"""Every check, in the order in which its faults are shown; an app adds its own when it is ready."""
