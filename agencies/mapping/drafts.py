"""What a reviewer writes before she submits: saved answer by answer, hers alone, and no act yet.

Submitting is the act. Until then the trail is not told, because an entry would tell others what she thinks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.bulk_rows import insert_objects
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
    value, note = _text(fact, written.value), written.note.strip()
    with transaction.atomic():
        held = writable(reviewer, assessment)
        row = Answer.objects.filter(assessment=held, fact=fact.name).first()
        if row is not None and seen not in (None, row.version) and (row.value, row.note) != (value, note):
            raise AnsweredMeanwhile(row)
        if row is None:
            row = Answer(assessment=held, fact=fact.name, version=0)
        row.value, row.note, row.evidence = value, note, written.evidence
        row.version, row.saved_at = row.version + 1, at
        checked(row).save()
        if row.evidence is not None:
            held.documents.add(row.evidence)
        return row


def writable(reviewer: User, assessment: Assessment) -> Assessment:
    """The assessment, locked, where the reviewer may write in it. Raises ActRefused, which says why not."""
    return all_writable(reviewer, [assessment])[0]


def all_writable(reviewer: User, assessments: Collection[Assessment]) -> list[Assessment]:
    """The assessments, locked, in their order, where the reviewer may write in all. Raises ActRefused for the first
    in which she may not."""
    keys = [one.pk for one in assessments]
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("sheet__task").in_bulk(keys)
    for row in rows.values():
        _refuse_reading_only(reviewer, row)
    return [rows[key] for key in keys]


def _refuse_reading_only(reviewer: User, row: Assessment) -> None:
    if row.reviewer_id != reviewer.pk or row.state == State.REPLACED:
        raise ActRefused(set_aside_words())
    if row.state == State.SUBMITTED:
        raise ActRefused(_("You have submitted this sheet. Take it back first, as long as that is possible."))
    if row.sheet.state not in (Sheet.State.OPEN, Sheet.State.SETTLING):
        raise ActRefused(_("This sheet is closed: %(state)s.") % {"state": row.sheet.get_state_display()})


def set_aside_words() -> str:
    """What is told to a reviewer in whose place another came."""
    return _(
        "Another reviewer was named for this sheet, so this is not saved any more."
        " What was saved before is kept with you; nobody else reads it."
    )


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
        rows = all_writable(reviewer, list(targets))
        given = list(Answer.objects.disclosed_to(reviewer).filter(assessment=source).order_by("pk"))
        there: dict[int, dict[str, str | None]] = {row.pk: {} for row in rows}
        for key, fact, value in Answer.objects.filter(assessment__in=rows).values_list("assessment", "fact", "value"):
            there[key][fact] = value
        insert_objects([_copy(one, row, at) for row in rows for one in given if one.fact not in there[row.pk]])
        return [_copied(row, given, there[row.pk]) for row in rows]


def _copy(one: Answer, target: Assessment, at: datetime) -> Answer:
    return Answer(assessment=target, fact=one.fact, value=one.value, note=one.note, saved_at=at)


def _copied(target: Assessment, given: Collection[Answer], there: Mapping[str, str | None]) -> Copied:
    kept = [one.fact for one in given if one.fact in there and there[one.fact] != one.value]
    taken = sum(one.fact not in there for one in given)
    return Copied(target, taken, tuple(str(FACTS[fact].label) for fact in kept))
