"""The letters of an arrangement with how each stands, and what the public page says of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.facts import WEEKDAYS
from agencies.masking import masked_nip
from agencies.models import User
from eligibility.arrangement_parts import approvals_of, letters_of
from eligibility.arrangements.letter_basis import hindrance, period_over
from eligibility.arrangements.letter_signing import may_issue
from eligibility.arrangements.letters import LetterContent, read_letter
from eligibility.arrangements.validity import LetterStanding, standing_of
from eligibility.explanations import MODE_LABELS
from eligibility.models import Approval, Arrangement, ArrangementState, Letter


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter and how it stands."""

    letter: Letter
    standing: LetterStanding


@dataclass(frozen=True, slots=True)
class LettersPart:
    """The letters of an arrangement, the latest first; `waits`: the last approval has none; who reads may give it.

    `hindrance` says to who may give it why one of today would be refused, in the words of the refusal. To know all of
    that takes an examination, so where it was not `looked` at only a period that is over is told.
    """

    rows: tuple[LetterRow, ...]
    waits: bool
    may_issue: bool
    hindrance: str = ""
    looked: bool = False


def letters_part(
    user: User, arrangement: Arrangement, approvals: Sequence[Approval], on: date, known_at: datetime, *, look: bool
) -> LettersPart:
    """What `eligibility/_letters_of_arrangement.html` shows as `letters`; `approvals` are those of `approvals_of`."""
    last = _waiting(arrangement, approvals)
    issues = last is not None and may_issue(user, last, on, known_at)
    told = ""
    if last is not None and issues:
        told = hindrance(last, on, known_at) if look else period_over(last, on)
    return LettersPart(letter_rows(arrangement, approvals, on, known_at), last is not None, issues, told, look)


def letter_rows(
    arrangement: Arrangement, approvals: Sequence[Approval], on: date, known_at: datetime
) -> tuple[LetterRow, ...]:
    """Its letters, the latest first; looked for only where an approval has one."""
    if not any(hasattr(one, "letter") for one in approvals):
        return ()
    rows = []
    for letter in letters_of(arrangement.pk):
        letter.approval.arrangement = arrangement
        rows.append(LetterRow(letter, standing_of(letter, on, known_at)))
    return tuple(rows)


def waiting_approval(arrangement: Arrangement) -> Approval | None:
    """The last approval, where the arrangement is approved and it has no letter yet."""
    if arrangement.state != ArrangementState.APPROVED:
        return None
    return _waiting(arrangement, approvals_of(arrangement.pk))


def _waiting(arrangement: Arrangement, approvals: Sequence[Approval]) -> Approval | None:
    last = approvals[-1] if approvals else None
    if arrangement.state != ArrangementState.APPROVED or last is None or hasattr(last, "letter"):
        return None
    last.arrangement = arrangement
    return last


@dataclass(frozen=True, slots=True)
class CheckedLetter:
    """Exactly what a letter says, in the language of the reader, the number of the employee masked; nothing else."""

    standing: LetterStanding
    on: date
    content: LetterContent
    nip: str
    mode: str
    weekdays: str
    place: str


def checked_letter(letter: Letter, on: date, known_at: datetime) -> CheckedLetter:
    """What the public page says of a letter."""
    content = read_letter(letter.content)
    days = {choice.code: choice.label for choice in WEEKDAYS}
    return CheckedLetter(
        standing=standing_of(letter, on, known_at),
        on=on,
        content=content,
        nip=masked_nip(content.recipient.nip),
        mode=_(MODE_LABELS[content.mode]),
        weekdays=", ".join(_(days[day]) for day in content.weekdays),
        place=_place(letter, content),
    )


def _place(letter: Letter, content: LetterContent) -> str:
    """The kind of place that was approved, without an address, and another office by its name; none of time alone."""
    arrangement = letter.approval.arrangement
    kind = str(arrangement.get_place_display()) if arrangement.place else ""
    return f"{kind}: {content.office}" if content.office else kind
