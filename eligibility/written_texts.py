"""Writes texts of instruments and rules as rows; the acts that do so hold what they write and record it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields
from typing import Any

from agencies.checking import checked
from agencies.digests import canonical_json
from agencies.fact_values import as_text
from eligibility.casework import WrittenCase
from eligibility.models import (
    Criterion,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    Rule,
    RuleLift,
    RuleVersion,
)
from eligibility.rulebook import Mode
from eligibility.stored_texts import INSTRUMENT_FIELDS
from eligibility.texts import (
    CriterionText,
    InstrumentText,
    PeriodText,
    ProvisionText,
    ScopeText,
    VersionText,
)

_OF_VERSION = (
    *("title", "subject", "effect", "required_count", "required_count_setting"),
    *("condition_kind", "condition_text", "condition_approver", "effective_from", "known_from"),
)
"""The fields that a version's text and its row have alike."""


Written = tuple[RuleVersion, VersionText]
"""A version as a row, and what it is to say."""


def write_version(version: RuleVersion, text: VersionText, rules: Mapping[str, Rule]) -> None:
    """Store a draft as the text says; parts that stood there before go. `rules` are those that lifts may name."""
    _say(version, text)
    version.save()
    version.criteria.all().delete()
    version.lifts.all().delete()
    LimitTerm.objects.filter(version=version).delete()
    _write_parts([(version, text)], rules)


def write_new_versions(written: Sequence[Written], rules: Mapping[str, Rule]) -> None:
    """Store versions that are not there yet as their texts say, by as many statements for many as for one."""
    for version, text in written:
        _say(version, text)
    RuleVersion.objects.bulk_create([version for version, _text in written])
    _write_parts(written, rules)


def _say(version: RuleVersion, text: VersionText) -> None:
    for name in _OF_VERSION:
        setattr(version, name, getattr(text, name))
    for mode in Mode:
        setattr(version, mode.value, mode in text.modes)


def _write_parts(written: Sequence[Written], rules: Mapping[str, Rule]) -> None:
    Criterion.objects.bulk_create(row for version, text in written for row in _criterion_rows(text, version))
    limits = [(version, text.limit) for version, text in written if text.limit is not None]
    LimitTerm.objects.bulk_create(
        LimitTerm(version=version, **{field.name: getattr(limit, field.name) for field in fields(limit)})
        for version, limit in limits
    )
    lifts = [(version, lift) for version, text in written for lift in text.lifts]
    enabling = _enabling({lift.instrument for _version, lift in lifts if lift.instrument})
    RuleLift.objects.bulk_create(
        RuleLift(
            version=version,
            lifted=rules[lift.rule],
            enabling_provision=enabling.get((lift.instrument, lift.reference)),
        )
        for version, lift in lifts
    )


def _enabling(instruments: Set[str]) -> dict[tuple[str, str], Provision]:
    """The places of some instruments, by the code of the instrument and their own."""
    if not instruments:
        return {}
    rows = Provision.objects.filter(instrument__code__in=instruments).select_related("instrument")
    return {(row.instrument.code, row.reference): row for row in rows}


def _criterion_rows(text: VersionText, version: RuleVersion) -> Iterator[Criterion]:
    yield from _rows_of(version, Criterion.Part.APPLIES, 0, text.applies)
    yield from _rows_of(version, Criterion.Part.REQUIRES, 0, text.requires)
    for group, exception in enumerate(text.exceptions, 1):
        yield from _rows_of(version, Criterion.Part.EXCEPTION, group, exception)


def _rows_of(
    version: RuleVersion, part: Criterion.Part, group: int, criteria: Sequence[CriterionText]
) -> Iterator[Criterion]:
    for order, criterion in enumerate(criteria):
        yield Criterion(
            version=version,
            part=part,
            group=group,
            order=order,
            fact=criterion.fact,
            operator=criterion.operator,
            operands=list(criterion.operands),
            setting=criterion.setting,
        )


def write_instrument(instrument: Instrument, text: InstrumentText) -> None:
    """Store the instrument's own fields as the text says."""
    for name in INSTRUMENT_FIELDS:
        setattr(instrument, name, getattr(text, name))
    instrument.save()


def write_scopes(instrument: Instrument, scopes: Iterable[ScopeText]) -> None:
    """Store lines of a scope."""
    InstrumentScope.objects.bulk_create(
        InstrumentScope(instrument=instrument, **{field.name: getattr(scope, field.name) for field in fields(scope)})
        for scope in scopes
    )


def period_row(text: PeriodText, instrument: Instrument) -> InstrumentPeriod:
    """A period as a row, not stored yet."""
    own = {field.name: getattr(text, field.name) for field in fields(text)}
    return InstrumentPeriod(instrument=instrument, **own)


def provision_row(text: ProvisionText, instrument: Instrument) -> Provision:
    """A provision as a row, not stored yet."""
    own = {field.name: getattr(text, field.name) for field in fields(text)}
    return Provision(instrument=instrument, **own)


def write_provision(row: Provision, text: ProvisionText) -> None:
    """Store a citable place as the text says. Raises ValuesRefused, by field, for what cannot be."""
    for field in fields(text):
        setattr(row, field.name, getattr(text, field.name))
    checked(row).save()


def case_columns(case: WrittenCase) -> dict[str, Any]:
    """The columns of a case that say what is known and what is expected."""
    place = {"agency_kind": case.place.agency_kind, "lineage": list(case.place.lineage), "unit": case.place.unit}
    return {
        "title": case.name,
        "on": case.on,
        "mode": case.mode.value,
        "facts": canonical_json({name: as_text(value) for name, value in case.facts.items()}),
        "place": canonical_json(place),
        "outcome": case.outcome.value,
        "deciding": "\n".join(sorted(case.deciding)),
    }
