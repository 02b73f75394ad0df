"""Turns rows into the facts above the position and into the cases that the engine judges."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from agencies.facts import AGENCY_FACTS, POSITION_FACTS, TASK_FACTS, FactValue, Level
from agencies.models import Agency, AgencyReview, Institution, PolicyStage, Position, Task, TaskProfile, Unit
from agencies.prepared import prepared
from agencies.querysets import lineages_of, open_on
from eligibility import rulebook as engine
from eligibility.decisions import JudgedTask
from eligibility.known import KnownLaw
from eligibility.loading import scope_for
from eligibility.models import Instrument, InstrumentScope

ROW_FACTS = (*POSITION_FACTS, *TASK_FACTS)
"""The facts that stand on a task's row."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The known facts above the position, and the place, shared by all jobs of an agency or unit."""

    values: dict[str, FactValue | None]
    place: engine.Place
    on: date | None = None


@dataclass(frozen=True)
class Grounds:
    """The ground of every agency and unit of an institution on a day, by key.

    What is closed on the day `on` is judged no more (None: what was ever closed); `closed` are the
    agencies that count no more.
    """

    agencies: dict[int, Ground]
    units: dict[int, Ground]
    on: date | None = None
    closed: frozenset[int] = frozenset()
    partial: bool = False
    """Whether they are those of some agencies alone: what is judged on them is asked of these."""

    def of(self, agency: int, unit: int | None) -> Ground:
        """The ground of a job in the agency and, if it has one, the unit."""
        return self.agencies[agency] if unit is None else self.units[unit]

    def only(self, agencies: Collection[int], units: Collection[int | None]) -> Grounds:
        """Those of some agencies and units alone."""
        return Grounds(
            {key: ground for key, ground in self.agencies.items() if key in agencies},
            {key: ground for key, ground in self.units.items() if key in units},
            self.on,
            self.closed,
            partial=True,
        )


def review_values(review: AgencyReview | None) -> dict[str, FactValue | None]:
    """Readiness and conclusion of the study in force; without one "no study made" is known, readiness is not."""
    if review is None:
        return {fact.name: fact.missing for fact in AGENCY_FACTS if fact.dated}
    readiness = [fact for fact in AGENCY_FACTS if hasattr(review, fact.column)]
    values: dict[str, FactValue | None] = {fact.name: getattr(review, fact.column) for fact in readiness if fact.dated}
    return values | {"agency.review_conclusion": review.conclusion}


class _AgencyRow(NamedTuple):
    """An agency as far as jobs are judged by it."""

    pk: int
    code: str
    parent_id: int | None
    kind: str
    sector: str
    closed_on: date | None


def _agency_ground(
    agency: _AgencyRow,
    lineage: tuple[str, ...],
    review: AgencyReview | None,
    implementing: Sequence[engine.Scope],
    above: dict[str, FactValue | None],
    on: date,
) -> Ground:
    place = engine.Place(agency.kind, lineage)
    own: dict[str, FactValue | None] = {
        "agency.kind": agency.kind,
        "agency.code": agency.code,
        "agency.sector": agency.sector,
        "agency.implementing_instrument": any(scope.reaches(place) for scope in implementing),
    }
    return Ground(above | review_values(review) | own, place, on)


def _unit_ground(unit: Unit, ground: Ground) -> Ground:
    own: dict[str, FactValue | None] = {"unit.kind": unit.kind, "unit.code": unit.code, "unit.sector": unit.sector}
    place = engine.Place(ground.place.agency_kind, ground.place.lineage, unit.code)
    return Ground(ground.values | own, place, ground.on)


def implementing_scopes(institution: Institution, on: date, known_at: datetime) -> list[engine.Scope]:
    """The scopes, within the institution, of the implementing instruments in force."""
    return [scope for _instrument, scope in implementing_of(KnownLaw(institution, on, known_at))]


Implementing = tuple[tuple[Instrument, engine.Scope], ...]
"""Implementing instruments in force that reach an institution, each with its scope there."""


def implementing_of(law: KnownLaw) -> Implementing:
    """Those of the institution of the law."""
    return law.part("implementing", lambda: tuple(read_implementing(law)))


def read_implementing(law: KnownLaw) -> Iterator[tuple[Instrument, engine.Scope]]:
    """The same read anew, for who keeps the instruments: nobody else holds these rows."""
    instruments = _implementing_in_force(law.on, law.known_at)
    lines: dict[int, list[InstrumentScope]] = {instrument.pk: [] for instrument in instruments}
    for line in _scopes_of(list(lines)):
        lines[line.instrument_id].append(line)
    for instrument in instruments:
        scope = scope_for(lines[instrument.pk], law.institution)
        if scope is not None:
            yield instrument, scope


@prepared
def _implementing_in_force(on: date, known_at: datetime) -> QuerySet[Instrument]:
    return Instrument.objects.in_force(on, known_at).filter(implementing=True)


@prepared
def _scopes_of(instruments: Sequence[int]) -> QuerySet[InstrumentScope]:
    return InstrumentScope.objects.filter(instrument__in=instruments)


def grounds(institution: Institution, on: date, known_at: datetime) -> Grounds:
    """The facts above the position for every agency and unit of the institution on a day."""
    return grounds_of(KnownLaw(institution, on, known_at), stance_of(institution, on))


def grounds_of(law: KnownLaw, stance: PolicyStage | None, within: Collection[int] | None = None) -> Grounds:
    """The same of a law that parts are kept of, where that is the institution's stance; `within`: of some alone."""
    institution, on = law.institution, law.on
    above: dict[str, FactValue | None] = {
        "institution.kind": institution.kind,
        "institution.policy_stage": stance.stage if stance else "none",
    }
    implementing = [scope for _instrument, scope in implementing_of(law)]
    agencies = [_AgencyRow(*row) for row in _agencies(institution.pk)] if within is None else _with_those_above(within)
    lineages = lineages_of((agency.pk, agency.code, agency.parent_id) for agency in agencies)
    closed = frozenset(agency.pk for agency in agencies if agency.closed_on and agency.closed_on <= on)
    found = _reviews(institution.pk, on) if within is None else _reviews_of(within, on)
    reviews = {review.agency_id: review for review in found}
    by_agency = {
        agency.pk: _agency_ground(agency, lineages[agency.pk], reviews.get(agency.pk), implementing, above, on)
        for agency in agencies
        if within is None or agency.pk in within
    }
    units = _units(institution.pk) if within is None else _units_of(within)
    by_unit = {unit.pk: _unit_ground(unit, by_agency[unit.agency_id]) for unit in units}
    return Grounds(by_agency, by_unit, on, closed, within is not None)


def stance_of(institution: Institution, on: date) -> PolicyStage | None:
    """The institution's stance on flexible work: the last begun by the day."""
    return next(iter(_stages(institution.pk, on)), None)


@prepared
def _stages(institution: int, on: date) -> QuerySet[PolicyStage]:
    rows = PolicyStage.objects.filter(institution_id=institution, valid_from__lte=on)
    return rows.order_by("-valid_from", "-recorded_at", "-pk")[:1]


@prepared
def _agencies(institution: int) -> QuerySet[Any, tuple[Any, ...]]:
    return Agency.objects.filter(institution_id=institution).values_list(*_AgencyRow._fields)


def _with_those_above(agencies: Collection[int]) -> list[_AgencyRow]:
    """Some agencies and all above them, two levels at a time: few stand lower."""
    found: dict[int, _AgencyRow] = {}
    missing = set(agencies)
    width = len(_AgencyRow._fields)
    while missing:
        rows = [_AgencyRow(*part) for row in _agencies_of(missing) for part in (row[:width], row[width:])]
        found |= {row.pk: row for row in rows if row.pk is not None}
        missing = {row.parent_id for row in rows if row.parent_id is not None} - found.keys()
    return list(found.values())


@prepared
def _agencies_of(agencies: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """Each with what stands above it, all of it null at the top."""
    columns = _AgencyRow._fields
    return (
        Agency.objects.filter(pk__in=agencies).order_by().values_list(*columns, *(f"parent__{one}" for one in columns))
    )


@prepared
def _units(institution: int) -> QuerySet[Unit]:
    return Unit.objects.filter(agency__institution_id=institution)


@prepared
def _reviews(institution: int, on: date) -> QuerySet[AgencyReview]:
    """The signed studies begun by the day; of several of an agency the last holds."""
    return AgencyReview.objects.filter(agency__institution_id=institution).begun(on)


@prepared
def _units_of(agencies: Sequence[int]) -> QuerySet[Unit]:
    return Unit.objects.filter(agency__in=agencies)


@prepared
def _reviews_of(agencies: Sequence[int], on: date) -> QuerySet[AgencyReview]:
    return AgencyReview.objects.filter(agency__in=agencies).begun(on)


def case_of(profile: TaskProfile | None, ground: Ground) -> engine.Case:
    """A task's row and its ground as a case of the engine; null columns, or no row at all, stay unknown."""
    row = {fact.name: getattr(profile, fact.column, None) for fact in ROW_FACTS}
    return engine.Case(ground.values | row, ground.place)


@prepared
def _open_tasks(position: int, on: date) -> QuerySet[Task]:
    rows = Task.objects.filter(open_on(on), position_id=position)
    return rows.select_related("profile").order_by("number")


@prepared
def _ever_open_tasks(position: int) -> QuerySet[Task]:
    rows = Task.objects.filter(open_on(None), position_id=position)
    return rows.select_related("profile").order_by("number")


def judged_tasks(position: Position, ground: Ground) -> list[JudgedTask]:
    """The position's tasks that count on the ground's day, as the engine sees them; one alone takes all the time."""
    tasks = _ever_open_tasks(position.pk) if ground.on is None else _open_tasks(position.pk, ground.on)
    return [
        JudgedTask(
            key=task.pk,
            title=task.title,
            share=100 if len(tasks) == 1 else task.share,
            case=case_of(getattr(task, "profile", None), ground),
        )
        for task in tasks
    ]


def position_case(position: Position, ground: Ground) -> engine.Case:
    """The position without its tasks and without a person: what the gates can be read on beforehand."""
    row = {fact.name: getattr(position, fact.column) for fact in POSITION_FACTS}
    absent = frozenset({Level.TASK, Level.EMPLOYEE, Level.ARRANGEMENT})
    return engine.Case(ground.values | row, ground.place, absent)
