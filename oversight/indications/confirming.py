"""Examines an approved arrangement once more by what was known at its approval: which checks failed then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from eligibility.arrangements.checks import Check
from eligibility.arrangements.examination import examine
from eligibility.arrangements.examined import asked_on
from eligibility.arrangements.gathering import asked_of, gather
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement
from oversight.indications.definitions import Flag, Ground
from oversight.indications.examining import Candidate
from oversight.indications.known_above import as_known


def failing(row: Arrangement, known_at: datetime, *, gates: bool = False) -> tuple[Check, ...]:
    """The checks that surely failed at the moment, beside what had been approved before it.

    `gates`: studies and policy stages are read as they were known, too; without it as they stand.
    """
    asked = asked_of(row, asked_on=asked_on([row], row.starts_on)[row.pk])
    asked = replace(asked, before=(known_at, row.pk))
    try:
        matter = gather(row.institution, [asked], known_at=known_at)[row.pk]
    except NoLawInForce:
        return ()
    return examine(as_known(matter, row, known_at) if gates else matter, asked.request).failed


def confirmed(
    ground: Ground,
    candidates: Iterable[Candidate],
    counts: Callable[[Check], bool],
    sentence: str,
    *,
    gates: bool = False,
) -> Iterator[Flag]:
    """A flag for each of these arrangements, by key and approval, of which a check that counts failed then."""

    def examined(candidate: Candidate) -> Flag | None:
        key, approved_at = candidate
        row = Arrangement.objects.select_related("institution").get(pk=key)
        checks = tuple(check for check in failing(row, approved_at, gates=gates) if counts(check))
        return Flag(key, row.agency_id, sentence, (("approved", approved_at),), checks[:1]) if checks else None

    yield from ground.examined(candidates, examined)
