"""Turns rows into what the engine reads: the rulebook in force, the facts above the position, the cases of tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple, Self

from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.errors import PortalError
from agencies.facts import AGENCY_FACTS, POSITION_FACTS, TASK_FACTS, FactValue, Level
from agencies.models import Agency, AgencyReview, Institution, PolicyStage, Position, Task, TaskProfile, Unit
from agencies.prepared import Prepared, prepared
from agencies.querysets import lineages_of, open_on
from eligibility import rulebook as engine
from eligibility.decisions import JudgedTask
from eligibility.facts import FACTS
from eligibility.known import KnownLaw
from eligibility.local_settings import SETTINGS, SettingsInForce, plain
from eligibility.models import (
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentScope,
    LimitTerm,
    Provision,
    ProvisionVerification,
    Rule,
    RuleLift,
    RuleVersion,
)
from eligibility.texts import typed

ROW_FACTS = (*POSITION_FACTS, *TASK_FACTS)
"""The facts that stand on a task's row."""


def settings_in_force(institution: Institution, on: date, known_at: datetime) -> SettingsInForce:
    """Every setting of the closed list: the institution's own value, else the portal's default."""
    values = dict(_settings_begun(institution.pk, on, known_at))
    return SettingsInForce(
        (name, typed(setting.kind, values[name]) if name in values else setting.default_for(institution.kind))
        for name, setting in SETTINGS.items()
    )


@prepared
def _settings_begun(institution: int, on: date, known_at: datetime) -> QuerySet[Any, tuple[str, Any]]:
    """Name and value of the settings begun by the day; of several of one name the last holds."""
    rows = InstitutionSetting.objects.filter(institution_id=institution, valid_from__lte=on, known_from__lte=known_at)
    return rows.order_by("valid_from", "recorded_at", "pk").values_list("name", "value")


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
        kind = engine.ConditionKind(version.condition_kind)
        return engine.Attach(kind, version.condition_text, version.condition_approver)
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


@prepared
def _versions(on: date, known_at: datetime) -> QuerySet[RuleVersion]:
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
    return rulebook_of(KnownLaw(institution, on, known_at))


def rulebook_of(law: KnownLaw) -> engine.Rulebook:
    """The same of a law that parts are kept of."""
    return law.part("rulebook", lambda: _told_rulebook(law.institution, law.on, law.known_at))


def _told_rulebook(institution: Institution, on: date, known_at: datetime) -> engine.Rulebook:
    """The rulebook that was made of the same texts before, if there is one."""
    settings = settings_in_force(institution, on, known_at)
    told = _told(institution, settings, on, known_at)
    found = _KNOWN.get(told)
    if found is None:
        found = _rulebook(institution, settings, on, known_at)
        # Only what was the same before and after is what was read between.
        if told == _told(institution, settings, on, known_at):
            if len(_KNOWN) >= _MOST_KNOWN:
                _KNOWN.clear()
            _KNOWN[told] = found
    return found


_KNOWN: Final[dict[str, engine.Rulebook]] = {}
"""Rulebooks by everything that they are made of, as text: keys would not do, an act that is rolled back gives them
again."""

_MOST_KNOWN: Final = 64


def _told(institution: Institution, settings: SettingsInForce, on: date, known_at: datetime) -> str:
    """Everything a rulebook is made of: settings, versions of rules with their parts, scopes, who verified."""
    rows = _version_values(on, known_at)
    versions = sorted({row[0] for row in rows})
    parts = [part(versions) for part in _PARTS] if versions else []
    stated = [(name, value is None, plain(value)) for name, value in settings.items()]
    return repr((institution.kind, institution.code, stated, sorted(_verified()), rows, parts))


@prepared
def _version_values(on: date, known_at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """The versions that speak, with rule, provision and instrument: every column of them."""
    columns = [
        f"{path}{field.attname}"
        for path, model in (
            ("", RuleVersion),
            ("rule__", Rule),
            ("provision__", Provision),
            ("provision__instrument__", Instrument),
        )
        for field in model._meta.concrete_fields
    ]
    rows = RuleVersion.objects.speaking(on, known_at).order_by("provision__instrument__layer", "pk")
    return rows.values_list(*columns)


def _part(model: type[Model], path: str, *further: str) -> Prepared[tuple[Any, ...]]:
    """The rows of a table that belong to versions: all columns, and those of other tables."""

    def build(versions: Sequence[int]) -> QuerySet[Any, tuple[Any, ...]]:
        columns = [field.attname for field in model._meta.concrete_fields]
        rows = model._default_manager.filter(**{f"{path}__in": versions}).order_by("pk")
        return (rows.distinct() if "__" in path else rows).values_list(*columns, *further)

    return Prepared(build)


_PARTS: Final = (
    _part(Criterion, "version"),
    _part(LimitTerm, "version"),
    _part(
        RuleLift,
        "version",
        "lifted__code",
        "enabling_provision__reference",
        "enabling_provision__instrument__title",
    ),
    _part(InstrumentScope, "instrument__provisions__rule_versions"),
)


@prepared
def _verified() -> QuerySet[Any, int]:
    return ProvisionVerification.objects.order_by().values_list("provision_id", flat=True)


def _rulebook(institution: Institution, settings: SettingsInForce, on: date, known_at: datetime) -> engine.Rulebook:
    verified = set(_verified())
    rules = []
    for version in _versions(on, known_at):
        scope = scope_for(list(version.provision.instrument.scopes.all()), institution)
        if scope is not None:
            rules.append(rule_of(version, scope, settings, verified))
    if not rules:
        raise NoLawInForce(on)
    return _of_rules(tuple(rules), settings)


def _of_rules(rules: tuple[engine.Rule, ...], settings: SettingsInForce) -> engine.Rulebook:
    days = settings["working_days_per_week"]
    return engine.Rulebook(rules, Decimal(str(days)), settings.judging)


def empty_rulebook(institution: Institution, on: date, known_at: datetime) -> engine.Rulebook:
    """The settings of the institution without any rule, for drafts to be read into."""
    return _of_rules((), settings_in_force(institution, on, known_at))


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


@dataclass(frozen=True)
class Footing:
    """What an institution is judged on: a day, and the law and the facts above the position known of it at a moment.

    Each part is loaded when it is first asked for, and once; so what is recorded afterwards is not seen.
    """

    institution: Institution
    on: date
    known_at: datetime
    agencies: frozenset[int] | None = field(default=None, kw_only=True)
    """The agencies whose grounds are read; None: all."""

    def within(self, agencies: Collection[int]) -> Self:
        """The same with the grounds of some agencies alone, for what is asked of a job there; its rules are kept."""
        found = replace(self, agencies=frozenset(agencies))
        vars(found).update(rulebook=self.rulebook, law=self.law)
        return found

    def judged_by(self, rulebook: engine.Rulebook) -> Self:
        """The same judged by another rulebook, such as one with drafts."""
        found = replace(self)
        vars(found).update(rulebook=rulebook)
        return found

    @cached_property
    def law(self) -> KnownLaw:
        """The law, of which what was made before is kept."""
        return KnownLaw(self.institution, self.on, self.known_at)

    @cached_property
    def stance(self) -> PolicyStage | None:
        """The institution's stance on flexible work; None where none is recorded."""
        return stance_of(self.institution, self.on)

    @cached_property
    def implementing(self) -> Implementing:
        """The implementing instruments in force, with their scopes in the institution."""
        return implementing_of(self.law)

    @cached_property
    def rulebook(self) -> engine.Rulebook:
        """The rules in force. Raises NoLawInForce when there is none."""
        return rulebook_of(self.law)

    @cached_property
    def grounds(self) -> Grounds:
        """The facts above the position."""
        return grounds_of(self.law, self.stance, self.agencies)

    def parts(self) -> tuple[engine.Rulebook, Grounds]:
        """Both, loaded by now. Raises NoLawInForce."""
        return self.rulebook, self.grounds


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
