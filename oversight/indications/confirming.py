"""Examines an approved arrangement once more by what was known at its approval: which checks failed then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from agencies.models import Institution
from eligibility.arrangements.checks import Check
from eligibility.arrangements.examination import examine
from eligibility.arrangements.examined import asked_on
from eligibility.arrangements.gathering import asked_of, gather
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement
from oversight.indications.definitions import Flag

MOST: Final = 400
"""Arrangements examined once more in one look, about a tenth of a second each; the others wait for the next."""


def failing(row: Arrangement, known_at: datetime) -> tuple[Check, ...]:
    """The checks that surely failed at the moment, beside what had been approved before it."""
    asked = asked_of(row, asked_on=asked_on([row], row.starts_on)[row.pk])
    asked = replace(asked, before=(known_at, row.pk))
    try:
        matter = gather(row.institution, [asked], known_at=known_at)[row.pk]
    except NoLawInForce:
        return ()
    return examine(matter, asked.request).failed


def confirmed(
    institution: Institution, keys: Iterable[int], counts: Callable[[Check], bool], sentence: str
) -> Iterator[Flag]:
    """A flag for each of these approved arrangements of which a check that counts failed at its approval."""
    rows = Arrangement.objects.filter(institution=institution, pk__in=sorted(set(keys))[:MOST])
    for row in rows.select_related("institution").order_by("pk"):
        assert row.approved_at is not None
        checks = tuple(check for check in failing(row, row.approved_at) if counts(check))
        if checks:
            yield Flag(row.pk, row.agency_id, sentence, (("approved", row.approved_at),), checks[:1])
