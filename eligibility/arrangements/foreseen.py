"""Which arrangements an act would suspend: looked at after the act was tried."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import ngettext

from agencies.consequences import SHOWN, Afterwards, Consequence, Touch
from eligibility.arrangements.reexamination import living
from eligibility.models import ArrangementStep, Reexamination

Cause = Reexamination.Cause


def foresee_suspensions(touch: Touch) -> Afterwards:
    """The foreseer of suspensions; see `agencies.consequences`. What only the watcher will find is not foreseen."""
    last = ArrangementStep.objects.order_by("pk").values_list("pk", flat=True).last() or 0

    def tell() -> list[Consequence]:
        steps = ArrangementStep.objects.filter(
            pk__gt=last, what=ArrangementStep.What.SUSPENDED, arrangement__institution=touch.institution
        )
        found = list(steps.select_related("arrangement__employee"))
        if not found:
            return []
        count = len(found)
        sentence = ngettext(
            "%(count)d arrangement (Fleksibilitas Kerja) is suspended.",
            "%(count)d arrangements (Fleksibilitas Kerja) are suspended.",
            count,
        )
        items = tuple(str(step.arrangement) for step in found[:SHOWN])
        return [Consequence(sentence % {"count": count}, items, count, weighty=True)]

    return tell


def foresee_waiting(touch: Touch) -> Afterwards:
    """The foreseer of what is left to the watcher, because rules, settings, gates or staff of many would change."""
    before = set(_waiting(touch))

    def tell() -> list[Consequence]:
        if before.issuperset(_waiting(touch)):
            return []
        count = living(touch.institution, touch.on).count()
        sentence = ngettext(
            "%(count)d arrangement (Fleksibilitas Kerja) waits for the watcher, which suspends it if it fails.",
            "%(count)d arrangements (Fleksibilitas Kerja) wait for the watcher, which suspends those that fail.",
            count,
        )
        return [Consequence(sentence % {"count": count}, (), count)] if count else []

    return tell


def _waiting(touch: Touch) -> QuerySet[Reexamination, tuple[int, datetime]]:
    rows = Reexamination.objects.filter(institution=touch.institution, cause__in=(Cause.RULES, Cause.STRUCTURE))
    return rows.filter(done_at__isnull=True).values_list("pk", "asked_at")
