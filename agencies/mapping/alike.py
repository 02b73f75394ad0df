"""Which sheets are alike: those a reviewer may answer together, and those whose differences can be settled together."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from agencies.mapping.comparing import submitted
from agencies.models import Assessment, Sheet, User


def answered_alike(part: Assessment, reader: User, on: date) -> QuerySet[Sheet]:
    """The reader's further sheets of alike tasks that she has still to answer on the same side."""
    waiting = Assessment.objects.waiting_for(reader, on).filter(side=part.side).exclude(pk=part.pk)
    rows = Sheet.objects.filter(institution=part.sheet.institution_id, likeness=part.sheet.likeness)
    return _named(rows.filter(pk__in=waiting.values("sheet")))


def differing_alike(sheet: Sheet, on: date) -> QuerySet[Sheet]:
    """Further sheets of alike tasks whose reviewers differ in the same questions and the same way."""
    alike = Sheet.objects.filter(institution=sheet.institution_id, likeness=sheet.likeness)
    rows = alike.filter(state=Sheet.State.SETTLING).counting(on)
    found = {one.sheet.pk: {fact: one.pair(fact) for fact in one.differing} for one in submitted(list(rows))}
    same = [key for key, pairs in found.items() if key != sheet.pk and pairs == found.get(sheet.pk)]
    return _named(rows.filter(pk__in=same))


def _named(rows: QuerySet[Sheet]) -> QuerySet[Sheet]:
    """With what tells one from another, in the order of agencies."""
    return rows.select_related("task__position__unit", "task__position__agency").order_by("agency__name", "pk")
