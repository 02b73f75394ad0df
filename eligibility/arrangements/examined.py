"""A stored arrangement examined by what is known at a moment: may it be approved, does it still hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Final

from agencies.models import Institution
from eligibility.arrangements.checks import Check, CheckKind, Examination
from eligibility.arrangements.counting import PeopleCounts
from eligibility.arrangements.examination import examine, readings_of
from eligibility.arrangements.gathering import Asked, asked_of, gather
from eligibility.arrangements.matters import Matter
from eligibility.decisions import Reason, State
from eligibility.loading import scope_for
from eligibility.models import Arrangement, ArrangementStep, Instrument
from eligibility.rulebook import Attach, Place, Rulebook, Verdict


@dataclass(frozen=True, slots=True)
class Examined:
    """What was gathered of an arrangement, and what it is found to be."""

    matter: Matter
    examination: Examination


def asked_on(rows: Collection[Arrangement], otherwise: date) -> dict[int, date]:
    """The day on which each was submitted, by key; `otherwise` for one that was not."""
    keys = [row.pk for row in rows]
    steps = ArrangementStep.objects.filter(arrangement__in=keys, what=ArrangementStep.What.SUBMITTED)
    found = dict(steps.order_by("at", "pk").values_list("arrangement", "on"))
    return {key: found.get(key, otherwise) for key in keys}


def examined(row: Arrangement, *, on: date, at: datetime) -> Examined:
    """The whole period as asked for, beside everything granted by now. Raises NoLawInForce."""
    asked = asked_of(row, asked_on=asked_on([row], on)[row.pk])
    return _examined(row.institution, [asked], at)[row.pk]


def examined_together(
    rows: Sequence[Arrangement], institution: Institution, *, on: date, at: datetime
) -> dict[int, Examined]:
    """The same of several, in as many reads for many as for one. Raises NoLawInForce."""
    days = asked_on(rows, on)
    asked = [asked_of(row, asked_on=days[row.pk]) for row in rows]
    return _examined(institution, asked, at) if asked else {}


def examined_again(
    rows: Sequence[Arrangement],
    institution: Institution,
    *,
    on: date,
    at: datetime,
    until: date = date.max,
    rulebook: Rulebook | None = None,
) -> dict[int, Examined]:
    """What is left of the period of each granted arrangement from a day on, beside those granted before it.

    So of several that no longer fit together those approved last give way. `until` is the last day looked at;
    `rulebook` stands for the rules in force. Raises NoLawInForce.
    """
    days = asked_on(rows, on)
    lasting = [row for row in rows if row.ends_on >= on and row.starts_on <= until]
    asked = [_rest(asked_of(row, asked_on=days[row.pk]), on, until) for row in lasting]
    moments = {row.pk: row.approved_at for row in rows}
    ordered = [replace(one, before=(moment, one.key)) for one in asked if (moment := moments[one.key])]
    return _examined(institution, ordered, at, rulebook) if ordered else {}


def examined_to_resume(row: Arrangement, *, on: date, at: datetime) -> Examined:
    """What is left of the period, beside everything that is granted now. Raises NoLawInForce."""
    asked = _rest(asked_of(row, asked_on=asked_on([row], on)[row.pk]), on)
    return _examined(row.institution, [asked], at)[row.pk]


def judged_by(found: Examined, rulebook: Rulebook) -> Examination:
    """What was gathered once, judged by other rules; only where these count over the same groups of people."""
    spans = tuple(replace(span, rulebook=rulebook) for span in found.matter.spans)
    return examine(replace(found.matter, spans=spans), found.examination.request)


def _rest(asked: Asked, on: date, until: date = date.max) -> Asked:
    request = asked.request
    left = replace(request, starts_on=max(request.starts_on, on), ends_on=min(request.ends_on, until))
    return replace(asked, request=left)


def _examined(
    institution: Institution, asked: Sequence[Asked], at: datetime, rulebook: Rulebook | None = None
) -> dict[int, Examined]:
    matters = gather(institution, asked, known_at=at, rulebook=rulebook)
    return {one.key: Examined(matters[one.key], examine(matters[one.key], one.request)) for one in asked}


TOLERATED: Final = frozenset({CheckKind.STALE})
"""What does not end an arrangement that is lived by: a Penetapan that would be decided otherwise holds until it is."""


def no_longer_held(examination: Examination) -> tuple[Check, ...]:
    """The checks that surely fail and for which a granted arrangement is suspended; what is unknown suspends nobody."""
    return tuple(check for check in examination.failed if check.kind not in TOLERATED)


def conditions_of(examination: Examination, matter: Matter | None = None) -> tuple[Attach, ...]:
    """The conditions that may apply to one of her tasks that may be open, each once.

    With the matter also those that rules on the person or the request attach.
    """
    decided = (task for span in examination.spans for _title, task in span.tasks)
    opened = (task.reasons for task in decided if task.bounds.best > Verdict.NOT_ELIGIBLE)
    found: dict[Attach, None] = {}
    for reason in chain(*opened, _gates(examination, matter) if matter else ()):
        if isinstance(reason.rule.effect, Attach) and reason.state in (State.CONDITION, State.UNKNOWN):
            found[reason.rule.effect] = None
    return tuple(found)


def _gates(examination: Examination, matter: Matter) -> Iterator[Reason]:
    for reading in readings_of(matter, examination.request, PeopleCounts(matter.employee)):
        yield from reading.gates


def implementing_norm(institution: Institution, place: Place, on: date, known_at: datetime) -> Instrument | None:
    """The implementing instrument in force on a day that reaches a place, the institution's own first; else None."""
    rows = Instrument.objects.in_force(on, known_at).filter(implementing=True).prefetch_related("scopes")
    reaching = []
    for row in rows.order_by("-issued_on", "-pk"):
        scope = scope_for(list(row.scopes.all()), institution)
        if scope is not None and scope.reaches(place):
            reaching.append(row)
    own = [row for row in reaching if row.owner_id == institution.pk]
    return next(iter((*own, *reaching)), None)
