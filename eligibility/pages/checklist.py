"""The checks of a request as a list to be read: what does not hold first, with what a reader may know of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agencies.facts import Level
from agencies.models import Institution
from eligibility.arrangements.check_words import (
    KIND_LABELS,
    PERSON_STATES,
    STATE_LABELS,
    check_sentence,
    house_sentence,
    is_about_the_person,
    nearest_sentence,
    opening_sentences,
)
from eligibility.arrangements.checks import Check, CheckKind, CheckState
from eligibility.arrangements.examined import Basis, Examined
from eligibility.arrangements.gate_changes import gate_turnings
from eligibility.arrangements.nearest import nearest, standing_against
from eligibility.arrangements.refusal_words import check_words, day_without_basis, reads_instrument
from eligibility.arrangements.requests import Request
from eligibility.explanations import beaten_words

_WORST_FIRST: Final = (CheckState.FAILED, CheckState.UNKNOWN, CheckState.PASSED)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: `whole` may know which condition of the person does not hold (herself, and BKPSDM)."""

    institution: Institution
    whole: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check in words; `period` where it stands for a part of the period only.

    `beaten`: what the norms left that the one of the sentence beat, said once in a group.
    """

    state: CheckState
    sentence: str
    period: str = ""
    beaten: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """How it stands, for who does not see the symbol."""
        return _(STATE_LABELS[self.state])


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The checks of one kind, those that do not hold first."""

    title: str
    lines: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """All checks by kind, kinds with what does not hold first; how many do not hold, and what would."""

    groups: tuple[CheckGroup, ...]
    failed: int
    unknown: int
    total: int
    nearest: str = ""
    openings: tuple[str, ...] = ()
    """What would open the gates that do not pass, and which of them nobody can open."""

    @property
    def passes(self) -> bool:
        """Whether every check surely holds."""
        return not self.failed and not self.unknown

    @property
    def first(self) -> str:
        """The first sentence that stands in the way; empty where none does."""
        lines = sorted((line for group in self.groups for line in group.lines), key=_rank)
        return lines[0].sentence if lines and not self.passes else ""


def checklist(
    reader: Reader,
    checks: Sequence[Check],
    asked: Request,
    hint: str = "",
    openings: tuple[str, ...] = (),
    without_basis_on: date | None = None,
) -> Checklist:
    """The checks of a request in words; `without_basis_on` as `day_without_basis` gives it."""
    lines = [(_(KIND_LABELS[kind]), line) for kind, line in _lines(reader, checks, asked, without_basis_on)]
    found = (
        CheckGroup(title, tuple(_beaten_once(sorted((line for _title, line in of_kind), key=_rank))))
        for title, of_kind in groupby(lines, key=lambda pair: pair[0])
    )
    groups = tuple(sorted(found, key=lambda group: _rank(group.lines[0])))
    states = [line.state for _title, line in lines]
    failed, unknown = states.count(CheckState.FAILED), states.count(CheckState.UNKNOWN)
    return Checklist(groups, failed, unknown, len(lines), hint, openings)


def live_checklist(reader: Reader, found: Examined, basis: Basis) -> Checklist:
    """The checks as they stand now, with what would pass where this one does not.

    `basis` is that of the day of judgement, so that the list names the same day as a refusal does.
    """
    examination, asked = found.examination, found.examination.request
    hint = ""
    if not examination.may_be_approved:
        other = nearest(found.matter, asked)
        against = () if other else standing_against(found.matter, examination)
        # The plan stands, and only an office was not asked: other days would turn nothing.
        hint = "" if other == asked else nearest_sentence(other, asked, _, against)
    without = day_without_basis(basis, found)
    return checklist(reader, examination.checks, asked, hint, openings_of(reader, found), without)


def openings_of(reader: Reader, found: Examined) -> tuple[str, ...]:
    """What would open the gates that do not pass, in sentences."""
    return opening_sentences(gate_turnings(found.matter, found.examination), _, sees_person=reader.whole)


def _beaten_once(lines: Iterable[CheckLine]) -> Iterable[CheckLine]:
    """The lines of a group: a limit is checked for each day and staff, and whom it beats is told at the first."""
    told: set[tuple[str, ...]] = set()
    for line in lines:
        yield replace(line, beaten=()) if line.beaten in told else line
        told.add(line.beaten)


def _rank(line: CheckLine) -> int:
    return _WORST_FIRST.index(line.state)


def _lines(
    reader: Reader, checks: Sequence[Check], asked: Request, without_basis_on: date | None
) -> Iterable[tuple[CheckKind, CheckLine]]:
    of_person = [] if reader.whole else [check for check in checks if is_about_the_person(check)]
    told = False
    for check in checks:
        if check not in of_person:
            sentence, period = _sentence(reader, check, without_basis_on), _period(check, asked)
            yield check.kind, CheckLine(check.state, sentence, period, _beaten(reader, check))
        elif not told:
            told = True
            worst = min((one.state for one in of_person), key=_WORST_FIRST.index)
            yield check.kind, CheckLine(worst, _(PERSON_STATES[worst]))


def _sentence(reader: Reader, check: Check, without_basis_on: date | None) -> str:
    """The whole sentence; that no implementing basis is recorded is told as everywhere in the portal."""
    if not check.passed and reads_instrument(check):
        return check_words([check], reader.institution, without_basis_on)[0]
    if check.kind is CheckKind.HOUSE:
        return capfirst(house_sentence(check, _))
    return check_sentence(check, _, sees_person=reader.whole)


def _beaten(reader: Reader, check: Check) -> tuple[str, ...]:
    """What the beaten norms left; those on the employee herself only for who may know what is asked of her."""
    return beaten_words((rule for rule in check.beaten if reader.whole or rule.subject is not Level.EMPLOYEE), _)


def _period(check: Check, asked: Request) -> str:
    if (check.starts_on, check.ends_on) == (asked.starts_on, asked.ends_on):
        return ""
    if check.starts_on == check.ends_on:
        return date_format(check.starts_on)
    return f"{date_format(check.starts_on)} – {date_format(check.ends_on)}"
