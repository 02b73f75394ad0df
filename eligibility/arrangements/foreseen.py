"""Which arrangements an act would suspend: looked at after the act was tried."""

from __future__ import annotations

from django.utils.translation import ngettext

from agencies.consequences import SHOWN, Afterwards, Consequence, Touch
from eligibility.models import ArrangementStep


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
