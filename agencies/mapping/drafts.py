"""What a reviewer writes before she submits: saved answer by answer, hers alone, and no act yet.

Submitting is the act. Until then the trail is not told, because an entry would tell others what she thinks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.fact_values import allowed, as_text, from_text
from agencies.facts import FACTS, Fact
from agencies.models import Answer, Assessment, Document, Sheet, User

State = Assessment.State


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it was typed: its text ("" or None: not known yet), a note and a document."""

    value: str | None
    note: str = ""
    evidence: Document | None = None


class AnsweredMeanwhile(ActRefused):
    """Somebody who uses the same account has answered in another window; `answer` is what stands there now."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(
            _("This was answered in another window in the meantime. Both answers stand here; choose one and save.")
        )
        self.answer = answer


def save_answer(
    *, reviewer: User, assessment: Assessment, fact: Fact, written: Written, seen: int | None, at: datetime
) -> Answer:
    """Save one answer of a reviewer; `seen` is the version she saw (0: none; None: whatever stands there).

    Raises ActRefused where it is not hers to answer or not any more, for a value the question does not take, and
    AnsweredMeanwhile where another version stands there now.
    """
    value = _text(fact, written.value)
    with transaction.atomic():
        held = writable(reviewer, assessment)
        row = Answer.objects.filter(assessment=held, fact=fact.name).first()
        if row is not None and seen is not None and row.version != seen and row.value != value:
            raise AnsweredMeanwhile(row)
        if row is None:
            row = Answer(assessment=held, fact=fact.name, version=0)
        row.value, row.note, row.evidence = value, written.note.strip(), written.evidence
        row.version, row.saved_at = row.version + 1, at
        checked(row).save()
        return row


def writable(reviewer: User, assessment: Assessment) -> Assessment:
    """The assessment, locked, where the reviewer may write in it. Raises ActRefused, which says why not."""
    row = Assessment.objects.select_for_update().select_related("sheet").get(pk=assessment.pk)
    if row.reviewer_id != reviewer.pk:
        raise ActRefused(_("Another reviewer was named for this sheet; what you wrote is kept with you."))
    if row.state == State.SUBMITTED:
        raise ActRefused(_("You have submitted this sheet. Take it back first, as long as that is possible."))
    if row.state == State.REPLACED:
        raise ActRefused(_("These answers were set aside when another reviewer was named."))
    if row.sheet.state not in (Sheet.State.OPEN, Sheet.State.SETTLING):
        raise ActRefused(_("This sheet is closed: %(state)s.") % {"state": row.sheet.get_state_display()})
    return row


def _text(fact: Fact, typed: str | None) -> str | None:
    if not typed or not typed.strip():
        return None
    try:
        return as_text(from_text(fact, typed.strip()))
    except ValueError:
        message = _("“%(value)s” is no answer to this question; write one of: %(words)s.")
        raise ActRefused(message % {"value": typed.strip()[:40], "words": allowed(fact)}, "value") from None


@dataclass(frozen=True, slots=True)
class Copied:
    """How a further sheet took the answers over: how many, and which questions keep another answer of hers."""

    assessment: Assessment
    taken: int
    kept: tuple[str, ...]


def copy_answers(*, reviewer: User, source: Assessment, targets: Iterable[Assessment], at: datetime) -> list[Copied]:
    """Give a reviewer's answers to her other sheets of alike tasks; a question answered there already stays as it is.

    Evidence belongs to one task and is not copied. Raises ActRefused where one of them is not hers to answer.
    """
    with transaction.atomic():
        given = list(Answer.objects.disclosed_to(reviewer).filter(assessment=source).order_by("pk"))
        return [_copied(writable(reviewer, target), given, at) for target in targets]


def _copied(target: Assessment, given: Collection[Answer], at: datetime) -> Copied:
    there = {row.fact: row for row in target.answers.all()}
    new = [
        Answer(assessment=target, fact=one.fact, value=one.value, note=one.note, saved_at=at)
        for one in given
        if one.fact not in there
    ]
    Answer.objects.bulk_create(new)
    kept = [one.fact for one in given if one.fact in there and there[one.fact].value != one.value]
    return Copied(target, len(new), tuple(str(FACTS[fact].label) for fact in kept))
