"""The offices whose approval conditions ask for: whether each has endorsed a request, is ahead, or was not asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Institution
from eligibility.arrangements.checks import Check, CheckKind, CheckState, Named
from eligibility.arrangements.conditions import approver_of
from eligibility.arrangements.reporting_line import ReportingLines, Station
from eligibility.arrangements.requests import Request
from eligibility.arrangements.stations import route_of
from eligibility.models import Approval, Arrangement, ArrangementStep
from eligibility.rulebook import Rule

Offices = frozenset[int | None]
"""Keys of leading positions; None: the head of the region."""

_What = ArrangementStep.What
_STATES = {Named.GIVEN: CheckState.PASSED, Named.AHEAD: CheckState.PASSED, Named.UNASKED: CheckState.FAILED}


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """An office that conditions name, the rules that name it, and how it stands."""

    station: Station
    rules: tuple[Rule, ...]
    stands: Named


@dataclass(frozen=True)
class Asking:
    """The reporting lines of an institution on a day, and who has endorsed which request since it was submitted."""

    lines: ReportingLines
    endorsed: Mapping[int, Offices]

    @classmethod
    def of(cls, institution: Institution, rows: Collection[Arrangement], on: date, at: datetime) -> Asking:
        """Read them, as known at the moment."""
        return cls(ReportingLines.of(institution, on, at), _endorsed([row.pk for row in rows], at))

    def checks(self, row: Arrangement, rules: Iterable[Rule], request: Request) -> Iterator[Check]:
        """A check for each office that the rules name, but the one that decides anyway."""
        return _checks(self._of_waiting(row, rules), request)

    def missing(self, row: Arrangement, rules: Iterable[Rule]) -> tuple[NamedOffice, ...]:
        """The offices that were not asked."""
        return tuple(one for one in self._of_waiting(row, rules) if one.stands is Named.UNASKED)

    def missed(self, approval: Approval, rules: Iterable[Rule], request: Request) -> list[Check]:
        """The checks that do not hold of an approval as it was given."""
        offices = self._offices(approval.arrangement, rules, approval.office_id, frozenset())
        return [check for check in _checks(offices, request) if not check.passed]

    def _of_waiting(self, row: Arrangement, rules: Iterable[Rule]) -> Sequence[NamedOffice]:
        stations = route_of(row)
        ahead = frozenset(station.position for station in stations[row.station or 0 : -1])
        return self._offices(row, rules, stations[-1].position, ahead)

    def _offices(
        self, row: Arrangement, rules: Iterable[Rule], decider: int | None, ahead: Offices
    ) -> Sequence[NamedOffice]:
        named: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            named[approver_of(rule)].append(rule)
        endorsed = self.endorsed.get(row.pk, frozenset())
        found = []
        for approver, naming in named.items():
            station, offices = self.lines.approver(row.employee_id, approver)
            if decider not in offices:
                given = Named.AHEAD if offices & ahead else Named.UNASKED
                stands = Named.GIVEN if (offices | {None}) & endorsed else given
                found.append(NamedOffice(station, tuple(naming), stands))
        return found


def _checks(offices: Iterable[NamedOffice], request: Request) -> Iterator[Check]:
    for one in offices:
        yield Check(
            CheckKind.APPROVER,
            _STATES[one.stands],
            one.stands,
            request.starts_on,
            request.ends_on,
            norms=one.rules,
            subject=one.station.title,
        )


def _endorsed(keys: Collection[int], at: datetime) -> Mapping[int, Offices]:
    """The offices that endorsed each request since it was last submitted; what was mended is endorsed anew."""
    steps = ArrangementStep.objects.filter(arrangement__in=keys, what__in=(_What.SUBMITTED, _What.ENDORSED), at__lte=at)
    found: dict[int, set[int | None]] = defaultdict(set)
    for key, what, office in steps.order_by("at", "pk").values_list("arrangement", "what", "office"):
        if what == _What.SUBMITTED:
            found[key].clear()
        else:
            found[key].add(office)
    return {key: frozenset(offices) for key, offices in found.items()}
