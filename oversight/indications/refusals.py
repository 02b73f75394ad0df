"""Refused without a consultation recorded in the same round before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Exists, OuterRef

from agencies.facts import gettext_noop
from eligibility.models import ArrangementStep
from oversight.indications.definitions import Flag, Ground

_WITHOUT: Final = gettext_noop(
    "Refused on %(day)s; no consultation with the employee was recorded in this round before."
)


def refused_without_consultation(ground: Ground) -> Iterator[Flag]:
    """Refusals before which nothing was discussed, as far as recorded."""
    steps = ArrangementStep.objects
    consulted = steps.filter(
        what=ArrangementStep.What.CONSULTED,
        arrangement=OuterRef("arrangement"),
        round=OuterRef("round"),
        at__lte=OuterRef("at"),
    )
    refused = steps.filter(what=ArrangementStep.What.REFUSED, arrangement__institution=ground.institution)
    rows = refused.filter(~Exists(consulted)).order_by("arrangement_id", "pk")
    found = {
        key: (agency, on) for key, agency, on in rows.values_list("arrangement_id", "arrangement__agency_id", "on")
    }
    for key, (agency, on) in found.items():
        yield Flag(key, agency, _WITHOUT, (("day", on),))
