"""A stored arrangement examined by what is known at a moment: may it be approved, does it still hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from agencies.models import Institution
from eligibility.arrangements.approvers import Asking, NamedOffice
from eligibility.arrangements.checks import Check, CheckKind, Examination
from eligibility.arrangements.conditions import naming_rules
from eligibility.arrangements.examination import examine, merged
from eligibility.arrangements.gathering import Asked, asked_of, gather
from eligibility.arrangements.matters import Matter
from eligibility.arrangements.segments import AS_IN_FORCE, Judging
from eligibility.arrangements.sites import site_asked
from eligibility.grounds import read_implementing
from eligibility.known import KnownLaw
from eligibility.models import Arrangement, ArrangementState, ArrangementStep, Instrument, RuleVersion
from eligibility.rulebook import Place, Rulebook, Scope


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
    """The whole period as asked for, to be decided on a day, beside everything granted by now. Raises NoLawInForce.

    For one that waits for a decision it is also looked at whether every office was asked whose approval a condition
    names as the rules stand now.
    """
    return examined_together([row], row.institution, on=on, at=at)[row.pk]


def examined_together(
    rows: Sequence[Arrangement], institution: Institution, *, on: date, at: datetime
) -> dict[int, Examined]:
    """The same of several, in as many reads for many as for one. Raises NoLawInForce."""
    asked = [replace(one, decided_on=on) for one in _asked(rows, on)]
    found = _examined(institution, asked, at) if asked else {}
    return _with_approvers(rows, institution, found, on, at)


def _asked(rows: Sequence[Arrangement], on: date) -> list[Asked]:
    """What each row asks for, and where; one that was not submitted is asked for on the day."""
    days = asked_on(rows, on)
    return [replace(asked_of(row, asked_on=days[row.pk]), site=site_asked(row)) for row in rows]


def _with_approvers(
    rows: Sequence[Arrangement], institution: Institution, found: Mapping[int, Examined], on: date, at: datetime
) -> dict[int, Examined]:
    """With a check for each office that a condition names; read only where some rule names one."""
    named = {row.pk: naming_rules(found[row.pk].examination, found[row.pk].matter) for row in rows if _waits(row)}
    waiting = [row for row in rows if named.get(row.pk)]
    asking = Asking.of(institution, waiting, on, at) if waiting else None
    checked = dict(found)
    for row in waiting:
        assert asking is not None
        examination = found[row.pk].examination
        checks = asking.checks(row, named[row.pk], examination.request)
        more = replace(examination, checks=merged((*examination.checks, *checks)))
        checked[row.pk] = replace(found[row.pk], examination=more)
    return checked


def _waits(row: Arrangement) -> bool:
    """Whether offices decide on it; an objection has none to be asked yet: granting it writes the way anew."""
    return row.station is not None and row.state != ArrangementState.REFUSED


def unasked(row: Arrangement, *, on: date, at: datetime) -> tuple[NamedOffice, ...]:
    """The offices whose approval a condition in force asks for and that a request which waits does not pass.

    Raises NoLawInForce, but only while some rule names an approver.
    """
    if not RuleVersion.objects.naming_approvers(at).exists():
        return ()
    found = _examined(row.institution, _asked([row], on), at)[row.pk]
    rules = naming_rules(found.examination, found.matter)
    return Asking.of(row.institution, [row], on, at).missing(row, rules) if rules else ()


def examined_again(
    rows: Sequence[Arrangement],
    institution: Institution,
    *,
    on: date,
    at: datetime,
    until: date = date.max,
    rulebook: Rulebook | None = None,
    compares: bool = True,
) -> dict[int, Examined]:
    """What is left of the period of each granted arrangement from a day on, beside those granted before it.

    So of several that no longer fit together those approved last give way. `until` is the last day looked at;
    `rulebook` stands for the rules in force; then, or without `compares`, nothing is stale. Raises NoLawInForce.
    """
    lasting = [row for row in rows if row.ends_on >= on and row.starts_on <= until]
    asked = [_rest(one, on, until) for one in _asked(lasting, on)]
    moments = {row.pk: row.approved_at for row in rows}
    ordered = [replace(one, before=(moment, one.key)) for one in asked if (moment := moments[one.key])]
    by = Judging(rulebook, compares=compares and rulebook is None)
    return _examined(institution, ordered, at, by) if ordered else {}


def examined_to_resume(row: Arrangement, *, on: date, at: datetime) -> Examined:
    """What is left of the period, beside everything that is granted now. Raises NoLawInForce."""
    return _examined(row.institution, [_rest(one, on) for one in _asked([row], on)], at)[row.pk]


def judged_by(found: Examined, rulebook: Rulebook) -> Examination:
    """What was gathered once, judged by other rules; only where these count over the same groups of people."""
    spans = tuple(replace(span, rulebook=rulebook) for span in found.matter.spans)
    return examine(replace(found.matter, spans=spans), found.examination.request)


def _rest(asked: Asked, on: date, until: date = date.max) -> Asked:
    request = asked.request
    left = replace(request, starts_on=max(request.starts_on, on), ends_on=min(request.ends_on, until))
    return replace(asked, request=left)


def _examined(
    institution: Institution, asked: Sequence[Asked], at: datetime, by: Judging = AS_IN_FORCE
) -> dict[int, Examined]:
    matters = gather(institution, asked, known_at=at, by=by)
    return {one.key: Examined(matters[one.key], examine(matters[one.key], one.request)) for one in asked}


TOLERATED: Final = frozenset({CheckKind.STALE})
"""What does not end an arrangement that is lived by: a Penetapan that would be decided otherwise holds until it is."""


def no_longer_held(examination: Examination) -> tuple[Check, ...]:
    """The checks that surely fail and for which a granted arrangement is suspended; what is unknown suspends nobody."""
    return tuple(check for check in examination.failed if check.kind not in TOLERATED)


def implementing_norm(institution: Institution, place: Place, on: date, known_at: datetime) -> Instrument | None:
    """The implementing instrument in force on a day that reaches a place, the institution's own first; else None."""
    return Basis(institution, on, known_at).norm_for(place)


@dataclass(frozen=True)
class Basis:
    """The implementing instruments in force on the day of a judgement, read once for however many requests."""

    institution: Institution
    on: date
    known_at: datetime

    @cached_property
    def _in_force(self) -> list[tuple[Instrument, Scope]]:
        """With their scopes in the institution; the last issued first."""
        found = read_implementing(KnownLaw(self.institution, self.on, self.known_at))
        return sorted(found, key=lambda pair: (pair[0].issued_on or date.min, pair[0].pk), reverse=True)

    def norm_for(self, place: Place) -> Instrument | None:
        """The one that reaches a place, the institution's own first; else None."""
        reaching = [row for row, scope in self._in_force if scope.reaches(place)]
        own = [row for row in reaching if row.owner_id == self.institution.pk]
        return next(iter((*own, *reaching)), None)

    def lacking_on(self, found: Examined) -> date | None:
        """The day, where on it no instrument reaches the place of the request; None where one does."""
        return self.on if self.norm_for(found.matter.spans[0].place) is None else None
