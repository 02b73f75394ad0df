"""Reads stored instruments and rules back as texts, so that a file can be compared with what was published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace

from django.db.models import QuerySet

from agencies.models import Institution
from eligibility.models import (
    Criterion,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    RuleLift,
    RuleRepeal,
    RuleVersion,
)
from eligibility.models.rules import Effect
from eligibility.querysets import RuleVersionQuerySet
from eligibility.rulebook import Mode
from eligibility.texts import (
    CriterionText,
    InstrumentText,
    LiftText,
    LimitText,
    PeriodText,
    ProvisionText,
    RepealText,
    RuleText,
    ScopeText,
    VersionText,
)
from eligibility.version_checks import KnownLaw, KnownRule


def period_text(row: InstrumentPeriod) -> PeriodText:
    """A stored period."""
    return PeriodText(row.kind, row.starts_on, row.ends_on, row.basis, row.open_note, row.known_from)


def scope_text(row: InstrumentScope) -> ScopeText:
    """A stored line of a scope."""
    return ScopeText(
        institution_kind=row.institution_kind,
        institution_code=row.institution_code,
        agency_kind=row.agency_kind,
        agency_code=row.agency_code,
        with_subtree=row.with_subtree,
        unit_code=row.unit_code,
    )


def provision_text(row: Provision) -> ProvisionText:
    """A stored provision."""
    return ProvisionText(row.reference, row.summary, row.mark, row.open_note, row.quote, row.url)


def version_text(row: RuleVersion) -> VersionText:
    """A stored version of a rule with all its parts."""
    criteria = list(row.criteria.all())
    return VersionText(
        number=row.number,
        title=row.title,
        provision=row.provision.reference,
        subject=row.subject,
        effect=row.effect,
        modes=tuple(mode.value for mode in Mode if getattr(row, mode.value)),
        effective_from=row.effective_from,
        known_from=row.known_from,
        applies=_criteria(c for c in criteria if c.part == Criterion.Part.APPLIES),
        requires=_criteria(c for c in criteria if c.part == Criterion.Part.REQUIRES),
        exceptions=_exceptions([c for c in criteria if c.part == Criterion.Part.EXCEPTION]),
        required_count=row.required_count,
        required_count_setting=row.required_count_setting,
        condition_kind=row.condition_kind,
        condition_text=row.condition_text,
        condition_approver=row.condition_approver,
        limit=_limit(_limit_row(row)),
        lifts=tuple(sorted((_lift(one) for one in row.lifts.all()), key=lambda lift: lift.rule)),
    )


def _criteria(rows: Iterable[Criterion]) -> tuple[CriterionText, ...]:
    ordered = sorted(rows, key=lambda row: row.order)
    return tuple(CriterionText(c.fact, c.operator, tuple(c.operands), c.setting) for c in ordered)


def _exceptions(rows: list[Criterion]) -> tuple[tuple[CriterionText, ...], ...]:
    groups = sorted({row.group for row in rows})
    return tuple(_criteria(row for row in rows if row.group == group) for group in groups)


def _limit_row(row: RuleVersion) -> LimitTerm | None:
    """Its limit, as it was read with the version or as it is stored now."""
    if "limit" in row._state.fields_cache:
        return getattr(row, "limit", None)
    return LimitTerm.objects.filter(version=row).first()


def _limit(row: LimitTerm | None) -> LimitText | None:
    if row is None:
        return None
    return LimitText(
        quantity=row.quantity,
        direction=row.direction,
        value=row.value,
        members=tuple(row.members),
        together=tuple(row.together),
        population=row.population,
        per=row.per,
        counting=row.counting,
    )


def _lift(row: RuleLift) -> LiftText:
    enabling = row.enabling_provision
    if enabling is None:
        return LiftText(row.lifted.code)
    return LiftText(row.lifted.code, enabling.instrument.code, enabling.reference)


def differing(mine: object, stored: object, names: Iterable[str]) -> list[str]:
    """The names of the fields in which two texts differ."""
    return [name for name in names if getattr(mine, name) != getattr(stored, name)]


INSTRUMENT_FIELDS = (
    *("title", "subject", "issuer", "layer", "implementing", "number", "issued_on", "url", "open_note", "known_from"),
)
"""The fields that an instrument's text and its row have alike."""


def instrument_text(row: Instrument, rules: Iterable[RuleText] = ()) -> InstrumentText:
    """A stored instrument with its periods, scopes and provisions, and the rules given."""
    own = {name: getattr(row, name) for name in INSTRUMENT_FIELDS}
    return InstrumentText(
        source=row.title,
        code=row.code,
        owner=row.owner.code,
        periods=tuple(map(period_text, row.periods.all())),
        scopes=tuple(map(scope_text, row.scopes.all())),
        provisions=tuple(map(provision_text, row.provisions.all())),
        rules=tuple(rules),
        **own,
    )


def says_so(row: Instrument, text: InstrumentText) -> bool:
    """Whether a stored draft is what the text says; the name of the text's source counts for nothing."""
    same = replace(text, source=row.title, code=row.code, owner=row.owner.code, rules=())
    return _in_order(instrument_text(row)) == _in_order(same)


def _in_order(text: InstrumentText) -> InstrumentText:
    """The same with its parts in one order: in which they were written down is no difference."""
    periods = tuple(sorted(text.periods, key=lambda one: one.starts_on))
    scopes = tuple(sorted(text.scopes, key=astuple))
    return replace(text, periods=periods, scopes=scopes)


def published_texts(rows: QuerySet[Instrument]) -> list[InstrumentText]:
    """The instruments with the published versions of their rules; drafts of rules are left out."""
    instruments = list(rows.select_related("owner").prefetch_related("periods", "scopes", "provisions"))
    found: dict[int, dict[str, list[VersionText]]] = {}
    versions = RuleVersion.objects.published().filter(provision__instrument__in=instruments)
    for version in _with_parts(versions):
        of_instrument = found.setdefault(version.provision.instrument_id, {})
        of_instrument.setdefault(version.rule.code, []).append(version_text(version))
    repeals = repeals_of({code for rules in found.values() for code in rules})
    return [instrument_text(row, _rules(found.get(row.pk, {}), repeals)) for row in instruments]


def _rules(versions: Mapping[str, list[VersionText]], repeals: Mapping[str, list[RepealText]]) -> list[RuleText]:
    return [
        RuleText(code, tuple(sorted(texts, key=lambda t: t.number)), tuple(repeals.get(code, ())))
        for code, texts in sorted(versions.items())
    ]


def repeals_of(codes: Iterable[str]) -> dict[str, list[RepealText]]:
    """The stored repeals of the rules of the given codes, in the order of their days."""
    found: dict[str, list[RepealText]] = {}
    rows = RuleRepeal.objects.filter(rule__code__in=list(codes)).select_related("rule")
    for row in rows.order_by("effective_from", "pk"):
        found.setdefault(row.rule.code, []).append(RepealText(row.effective_from, row.basis, row.known_from))
    return found


def _with_parts(rows: RuleVersionQuerySet) -> RuleVersionQuerySet:
    return rows.select_related("rule", "provision__instrument", "limit").prefetch_related(
        "criteria", "lifts__lifted", "lifts__enabling_provision__instrument"
    )


def instruments_by_code(codes: Iterable[str]) -> dict[str, Instrument]:
    """The stored instruments of the given codes with all that hangs on them."""
    rows = Instrument.objects.filter(code__in=list(codes)).select_related("owner")
    return {row.code: row for row in rows.prefetch_related("periods", "scopes", "provisions")}


def versions_by_identity(codes: Iterable[str]) -> dict[tuple[str, int], RuleVersion]:
    """The stored versions of the rules of the given codes, by code and number."""
    rows = _with_parts(RuleVersion.objects.filter(rule__code__in=list(codes)))
    return {(row.rule.code, row.number): row for row in rows}


def versions_in_words() -> RuleVersionQuerySet:
    """The published versions, each rule's in the order in which they hold, with all that their texts read."""
    rows = RuleVersion.objects.published().select_related("rule__owner", "provision__instrument", "limit")
    parts = rows.prefetch_related(
        "criteria",
        "lifts__lifted",
        "lifts__enabling_provision__instrument",
        "provision__instrument__scopes",
        "provision__instrument__periods",
    )
    return parts.order_by("rule", "effective_from", "recorded_at", "number")


def known_law() -> KnownLaw:
    """What is stored already, as far as texts may refer to it."""
    rules: dict[str, KnownRule] = {}
    for code, layer, effect in RuleVersion.objects.order_by("number").values_list(
        "rule__code", "provision__instrument__layer", "effect"
    ):
        rules[code] = KnownRule(layer, effect == Effect.LIFT)
    provisions = {
        (code, reference): layer
        for code, reference, layer in Provision.objects.values_list(
            "instrument__code", "reference", "instrument__layer"
        )
    }
    return KnownLaw(rules, provisions, frozenset(Institution.objects.values_list("code", flat=True)))
