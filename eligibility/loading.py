"""Turns rows into what the engine reads: the rulebook in force, the facts above the position, the cases of tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.errors import PortalError
from agencies.facts import AGENCY_FACTS, POSITION_FACTS, TASK_FACTS, FactValue, Kind, Level
from agencies.models import Agency, AgencyReview, Institution, Position, TaskProfile, Unit
from agencies.querysets import open_on
from eligibility import rulebook as engine
from eligibility.decisions import JudgedTask
from eligibility.facts import FACTS
from eligibility.local_settings import SETTINGS, SettingsInForce
from eligibility.models import (
    Criterion,
    Instrument,
    InstrumentScope,
    LimitTerm,
    ProvisionVerification,
    RuleVersion,
)

ROW_FACTS = (*POSITION_FACTS, *TASK_FACTS)
"""The facts that stand on a task's row."""


def typed(kind: Kind, value: object) -> FactValue:
    """A stored operand or setting as a value of the fact's kind."""
    if kind is Kind.NUMBER:
        return Decimal(str(value))
    if kind is Kind.SET and isinstance(value, list | frozenset):
        return frozenset(map(str, value))
    return bool(value) if kind is Kind.YES_NO else str(value)


def settings_in_force(institution: Institution, on: date, known_at: datetime) -> SettingsInForce:
    """Every setting of the closed list: the institution's own value, else the portal's default."""
    rows = institution.settings.in_force(on, known_at)
    return SettingsInForce(
        (name, typed(setting.kind, rows[name].value) if name in rows else setting.default_for(institution.kind))
        for name, setting in SETTINGS.items()
    )


def _criterion(row: Criterion, settings: SettingsInForce) -> engine.Criterion:
    kind = FACTS[row.fact].kind
    operands = (_operand(row.setting, settings),) if row.setting else tuple(typed(kind, o) for o in row.operands)
    return engine.Criterion(row.fact, engine.Operator(row.operator), operands, row.setting)


def _operand(name: str, settings: SettingsInForce) -> FactValue:
    value = settings[name]
    assert value is not None, "rules refer only to settings with a default"
    return value


def _reaches_institution(line: InstrumentScope, institution: Institution) -> bool:
    return line.institution_kind in ("", institution.kind) and line.institution_code in ("", institution.code)


def scope_for(lines: Sequence[InstrumentScope], institution: Institution) -> engine.Scope | None:
    """The part of an instrument's scope that lies in the institution; None when it reaches nothing there."""
    reaching = [line for line in lines if _reaches_institution(line, institution)]
    if not lines or any(not (line.agency_kind or line.agency_code) for line in reaching):
        return engine.Scope()
    if not reaching:
        return None
    whole = [line for line in reaching if not line.unit_code]
    return engine.Scope(
        agency_kinds=frozenset(line.agency_kind for line in whole if line.agency_kind),
        agencies=frozenset(line.agency_code for line in whole if line.agency_code and not line.with_subtree),
        subtrees=frozenset(line.agency_code for line in whole if line.agency_code and line.with_subtree),
        units=frozenset((line.agency_code, line.unit_code) for line in reaching if line.unit_code),
    )


def _limit(term: LimitTerm) -> engine.Limit:
    return engine.Limit(
        quantity=engine.Quantity(term.quantity),
        direction=engine.Direction(term.direction),
        value=term.value,
        members=frozenset(term.members),
        together=frozenset(engine.Mode(mode) for mode in term.together),
        population=term.population,
        per=term.per,
        counting=term.counting,
    )


def _required_count(version: RuleVersion, criteria: engine.Conjunction, settings: SettingsInForce) -> int:
    if version.required_count_setting:
        return int(str(_operand(version.required_count_setting, settings)))
    return len(criteria) if version.required_count is None else version.required_count


def _effect(version: RuleVersion, settings: SettingsInForce) -> engine.Effect:
    if version.effect == "require":
        required = tuple(_criterion(c, settings) for c in version.criteria.all() if c.part == "requires")
        return engine.Require(required, _required_count(version, required, settings))
    if version.effect == "attach":
        return engine.Attach(engine.ConditionKind(version.condition_kind), version.condition_text)
    if version.effect == "limit":
        return _limit(version.limit)
    if version.effect == "lift":
        lifts = list(version.lifts.all())
        enabling = sorted({str(lift.enabling_provision) for lift in lifts if lift.enabling_provision})
        return engine.Lift(frozenset(lift.lifted.code for lift in lifts), "; ".join(enabling))
    return engine.Prohibit()


def _exceptions(version: RuleVersion, settings: SettingsInForce) -> tuple[engine.Conjunction, ...]:
    groups: dict[int, list[engine.Criterion]] = {}
    for row in version.criteria.all():
        if row.part == "exception":
            groups.setdefault(row.group, []).append(_criterion(row, settings))
    return tuple(tuple(groups[number]) for number in sorted(groups))


def _citation(version: RuleVersion, verified: set[int]) -> engine.Citation:
    provision = version.provision
    instrument = provision.instrument
    return engine.Citation(
        provision=provision.pk,
        instrument=instrument.code,
        instrument_title=instrument.title,
        reference=provision.reference,
        layer=instrument.layer,
        verified=provision.pk in verified,
        open_note=" ".join(note for note in (provision.open_note, instrument.open_note) if note),
        url=instrument.url,
    )


MODES = tuple(engine.Mode)


def rule_of(version: RuleVersion, scope: engine.Scope, settings: SettingsInForce, verified: set[int]) -> engine.Rule:
    """A stored version as a rule of the engine, the institution's settings put in as operands."""
    return engine.Rule(
        code=version.rule.code,
        version=version.number,
        title=version.title,
        subject=Level(version.subject),
        modes=frozenset(mode for mode in MODES if getattr(version, mode.value)),
        effect=_effect(version, settings),
        citation=_citation(version, verified),
        applies=tuple(_criterion(c, settings) for c in version.criteria.all() if c.part == "applies"),
        exceptions=_exceptions(version, settings),
        scope=scope,
    )


def _versions(on: date, known_at: datetime) -> Iterable[RuleVersion]:
    return (
        RuleVersion.objects.speaking(on, known_at)
        .select_related("rule", "provision__instrument", "limit")
        .prefetch_related(
            "criteria", "lifts__lifted", "lifts__enabling_provision__instrument", "provision__instrument__scopes"
        )
        .order_by("provision__instrument__layer", "provision__instrument__code", "pk")
    )


class NoLawInForce(PortalError):
    """No rule is known for the day: without the office as the default every job would look open."""

    def __init__(self, on: date) -> None:
        message = _("The portal knows no rule in force on %(day)s, so it cannot judge that day; choose a later one.")
        super().__init__(message % {"day": date_format(on)})


def rulebook(institution: Institution, on: date, known_at: datetime) -> engine.Rulebook:
    """The rules in force for the institution on a day, as known at a moment.

    Raises NoLawInForce when there is none.
    """
    settings = settings_in_force(institution, on, known_at)
    verified = set(ProvisionVerification.objects.values_list("provision_id", flat=True))
    rules = []
    for version in _versions(on, known_at):
        scope = scope_for(list(version.provision.instrument.scopes.all()), institution)
        if scope is not None:
            rules.append(rule_of(version, scope, settings, verified))
    if not rules:
        raise NoLawInForce(on)
    days = settings["working_days_per_week"]
    return engine.Rulebook(tuple(rules), Decimal(str(days)), settings.judging)


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

    def of(self, agency: int, unit: int | None) -> Ground:
        """The ground of a job in the agency and, if it has one, the unit."""
        return self.agencies[agency] if unit is None else self.units[unit]


def _review_values(review: AgencyReview | None) -> dict[str, FactValue | None]:
    """Readiness and conclusion of the study in force; without one "no study made" is known, readiness is not."""
    if review is None:
        return {fact.name: fact.missing for fact in AGENCY_FACTS if fact.dated}
    readiness = [fact for fact in AGENCY_FACTS if hasattr(review, fact.column)]
    values: dict[str, FactValue | None] = {fact.name: getattr(review, fact.column) for fact in readiness if fact.dated}
    return values | {"agency.review_conclusion": review.conclusion}


def _agency_ground(
    agency: Agency,
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
    return Ground(above | _review_values(review) | own, place, on)


def _unit_ground(unit: Unit, ground: Ground) -> Ground:
    own: dict[str, FactValue | None] = {"unit.kind": unit.kind, "unit.code": unit.code, "unit.sector": unit.sector}
    place = engine.Place(ground.place.agency_kind, ground.place.lineage, unit.code)
    return Ground(ground.values | own, place, ground.on)


def implementing_scopes(institution: Institution, on: date, known_at: datetime) -> list[engine.Scope]:
    """The scopes, within the institution, of the implementing instruments in force."""
    instruments = Instrument.objects.in_force(on, known_at).filter(implementing=True).prefetch_related("scopes")
    scopes = (scope_for(list(instrument.scopes.all()), institution) for instrument in instruments)
    return [scope for scope in scopes if scope is not None]


def grounds(institution: Institution, on: date, known_at: datetime) -> Grounds:
    """The facts above the position for every agency and unit of the institution on a day."""
    stage = institution.policy_stages.in_force(on)
    above: dict[str, FactValue | None] = {
        "institution.kind": institution.kind,
        "institution.policy_stage": stage.stage if stage else "none",
    }
    implementing = implementing_scopes(institution, on, known_at)
    agencies = Agency.objects.filter(institution=institution)
    lineages = agencies.lineages()
    closed = frozenset(agency.pk for agency in agencies if agency.closed_on and agency.closed_on <= on)
    reviews = AgencyReview.objects.filter(agency__institution=institution).in_force(on)
    by_agency = {
        agency.pk: _agency_ground(agency, lineages[agency.pk], reviews.get(agency.pk), implementing, above, on)
        for agency in agencies
    }
    units = Unit.objects.filter(agency__institution=institution)
    by_unit = {unit.pk: _unit_ground(unit, by_agency[unit.agency_id]) for unit in units}
    return Grounds(by_agency, by_unit, on, closed)


def case_of(profile: TaskProfile | None, ground: Ground) -> engine.Case:
    """A task's row and its ground as a case of the engine; null columns, or no row at all, stay unknown."""
    row = {fact.name: getattr(profile, fact.column, None) for fact in ROW_FACTS}
    return engine.Case(ground.values | row, ground.place)


def judged_tasks(position: Position, ground: Ground) -> list[JudgedTask]:
    """The position's tasks that count on the ground's day, as the engine sees them; one alone takes all the time."""
    tasks = list(position.tasks.filter(open_on(ground.on)).select_related("profile").order_by("number"))
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
