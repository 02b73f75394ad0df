"""Decided by the employee herself, or by somebody who works under her."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import F, Q

from agencies.facts import gettext_noop
from agencies.models import Agency, Employee, Institution, Position, Posting
from eligibility.loading import settings_in_force
from eligibility.models import Approval, ArrangementStep
from oversight.indications.definitions import Flag, Ground

_BY_HERSELF: Final = gettext_noop("The employee decided on her own request on %(day)s.")
_BY_SUBORDINATE: Final = gettext_noop(
    "Decided on %(day)s in an office below the employee's own: she leads where the office stands."
)
_What = ArrangementStep.What
_DECISIONS: Final = (_What.APPROVED, _What.REFUSED, _What.ENDORSED, _What.RESUMED)


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision: on whose request, by whom, in which office, on which day and at which moment."""

    arrangement: int
    agency: int
    employee: int
    by: int | None
    office: int | None
    on: date
    at: datetime


def decided_by_herself(ground: Ground) -> Iterator[Flag]:
    """Approvals, refusals, endorsements and resumptions by the person of the request, or from below her."""
    institution = ground.institution
    leading = _Leading.of(ground)
    found: dict[int, Flag] = {}
    for one in (*_own_decisions(institution), *_decisions_on(institution, leading.people)):
        if one.by == one.employee:
            found[one.arrangement] = Flag(one.arrangement, one.agency, _BY_HERSELF, (("day", one.on),))
        elif leading.is_above(one):
            flag = Flag(one.arrangement, one.agency, _BY_SUBORDINATE, (("day", one.on),))
            found.setdefault(one.arrangement, flag)
    yield from found.values()


def _own_decisions(institution: Institution) -> Iterator[_Decided]:
    """Decisions by the employee herself, by her file or by her account."""
    own = Q(by_employee=F("arrangement__employee")) | Q(by__employee=F("arrangement__employee"))
    yield from _decisions(institution, own)


def _decisions_on(institution: Institution, employees: Sequence[int]) -> Iterator[_Decided]:
    """Decisions on requests of those who lead something."""
    for start in range(0, len(employees), 500):
        yield from _decisions(institution, Q(arrangement__employee__in=employees[start : start + 500]))


def _decisions(institution: Institution, which: Q) -> Iterator[_Decided]:
    steps = ArrangementStep.objects.filter(which, what__in=_DECISIONS)
    for rows in (steps, Approval.objects.filter(which)):
        found = (
            rows.filter(arrangement__institution=institution)
            .order_by("pk")
            .values_list(
                "arrangement_id",
                "arrangement__agency_id",
                "arrangement__employee_id",
                "by_employee_id",
                "by__employee_id",
                "office_id",
                "on",
                "at",
            )
        )
        for key, agency, employee, by, account, office, on, at in found:
            yield _Decided(key, agency, employee, employee if employee in (by, account) else by, office, on, at)


@dataclass(frozen=True)
class _Leading:
    """Who leads what and when, and where offices stand."""

    postings: Mapping[int, Sequence[Posting]]
    offices: Mapping[int, Position]
    parents: Mapping[int, int | None]
    secretariat: int | None

    @property
    def people(self) -> Sequence[int]:
        """The employees who lead anything at any time."""
        return sorted(self.postings)

    @classmethod
    def of(cls, ground: Ground) -> _Leading:
        """Read it."""
        institution = ground.institution
        code = settings_in_force(institution, ground.on, ground.known_at).text("secretariat_code")
        agencies = Agency.objects.filter(institution=institution).order_by()
        rows = Posting.objects.exclude(position__leads="none").filter(position__institution=institution)
        asking = Employee.objects.filter(arrangements__isnull=False)
        postings: dict[int, list[Posting]] = defaultdict(list)
        for row in rows.filter(employee__in=asking.values("pk")).select_related("position").order_by("pk"):
            postings[row.employee_id].append(row)
        offices = Position.objects.filter(institution=institution).exclude(leads="none")
        return cls(
            postings=postings,
            offices={row.pk: row for row in offices},
            parents=dict(agencies.values_list("pk", "parent_id")),
            secretariat=agencies.filter(code=code).values_list("pk", flat=True).first(),
        )

    def is_above(self, one: _Decided) -> bool:
        """Whether the employee led, that day and as known then, where the deciding office stands."""
        office = self.offices.get(one.office or 0)
        if office is None:
            return False
        held = (row for row in self.postings.get(one.employee, ()) if _holds(row, one))
        return any(self._leads_over(row.position, office) for row in held)

    def _leads_over(self, own: Position, office: Position) -> bool:
        if own.pk == office.pk:
            return False
        if own.leads == "unit":
            return office.leads == "unit" and own.unit_id is not None and office.unit_id == own.unit_id
        if own.agency_id == self.secretariat and office.agency_id != own.agency_id:
            return True
        return own.agency_id in self._upwards(office)

    def _upwards(self, office: Position) -> Iterator[int]:
        """The agencies whose leader is above the office: its own, unless it leads it, and those above."""
        key: int | None = self.parents.get(office.agency_id) if office.leads == "agency" else office.agency_id
        while key is not None:
            yield key
            key = self.parents.get(key)


def _holds(row: Posting, one: _Decided) -> bool:
    """Whether the posting ran on the day of the decision, as known at its moment."""
    known = row.recorded_at <= one.at and (row.superseded_at is None or row.superseded_at > one.at)
    return known and row.effective_from <= one.on and (row.effective_until is None or row.effective_until >= one.on)
