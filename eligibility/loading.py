"""Turns rows into the rulebook in force for an institution on a day, as known at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.errors import PortalError
from agencies.facts import FactValue, Level
from agencies.models import Institution
from agencies.prepared import Prepared, prepared
from eligibility import rulebook as engine
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
