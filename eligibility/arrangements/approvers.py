"""The offices whose approval conditions ask for: each has endorsed, was overruled, is ahead, or was not asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
_PASSING = frozenset({Named.GIVEN, Named.OVERRULED, Named.AHEAD})


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """An office that conditions name, the rules that name it, and how it stands."""

    station: Station
    rules: tuple[Rule, ...]
    stands: Named


@dataclass(frozen=True, slots=True)
class Said:
    """The offices that have endorsed a request since it was submitted, and those whose refusal was set aside."""

    endorsed: set[int | None] = field(default_factory=set)
    overruled: set[int | None] = field(default_factory=set)

    def of(self, offices: Offices) -> Named | None:
        """What an office has said, by the keys of its holders' positions; the head of the region speaks for all."""
        if (offices | {None}) & self.endorsed:
            return Named.GIVEN
        return Named.OVERRULED if offices & self.overruled else None


@dataclass(frozen=True)
class Asking:
    """The reporting lines of an institution on a day, and who has said what of which request since it was submitted."""

    lines: ReportingLines
    said: Mapping[int, Said]

    @classmethod
    def of(cls, institution: Institution, rows: Collection[Arrangement], on: date, at: datetime) -> Asking:
        """Read them, as known at the moment."""
        return cls(ReportingLines.of(institution, on, at), _said([row.pk for row in rows], at))

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
        said = self.said.get(row.pk, Said())
        found = []
        for approver, naming in named.items():
            station, offices = self.lines.approver(row.employee_id, approver)
            if decider not in offices:
                asked = Named.AHEAD if offices & ahead else Named.UNASKED
                found.append(NamedOffice(station, tuple(naming), said.of(offices) or asked))
        return found


def _checks(offices: Iterable[NamedOffice], request: Request) -> Iterator[Check]:
    for one in offices:
        yield Check(
            CheckKind.APPROVER,
            CheckState.PASSED if one.stands in _PASSING else CheckState.FAILED,
            one.stands,
            request.starts_on,
            request.ends_on,
            norms=one.rules,
            subject=one.station.title,
        )


_TELLING = (_What.SUBMITTED, _What.ENDORSED, _What.REFUSED, _What.OBJECTION_GRANTED)


def _said(keys: Collection[int], at: datetime) -> Mapping[int, Said]:
    """What offices said of each request since it was last submitted; what was mended is endorsed anew."""
    steps = ArrangementStep.objects.filter(arrangement__in=keys, what__in=_TELLING, at__lte=at)
    found: dict[int, Said] = defaultdict(Said)
    refused: dict[int, int | None] = {}
    for key, what, office in steps.order_by("at", "pk").values_list("arrangement", "what", "office"):
        if what == _What.SUBMITTED:
            found[key] = Said()
        elif what == _What.ENDORSED:
            found[key].endorsed.add(office)
        elif what == _What.REFUSED:
            refused[key] = office
        elif key in refused:
            found[key].overruled.add(refused[key])
    return found
