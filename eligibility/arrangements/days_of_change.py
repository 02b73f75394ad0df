"""Reads the days on which the law, the stance of an institution, its structure or its Penetapan change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from agencies.models import Agency, AgencyReview, Institution, PolicyStage, Position, PublicService, Task, Unit
from agencies.prepared import Prepared, prepared
from eligibility.arrangements.spans import day_after
from eligibility.models import (
    Determination,
    DeterminationRevocation,
    InstitutionSetting,
    InstrumentPeriod,
    RuleRepeal,
    RuleVersion,
)


def institution_days(institution: Institution, positions: Collection[int], last: date, known_at: datetime) -> set[date]:
    """The days up to `last` from which something may be otherwise for holders of the positions, as known at a moment.

    In as many reads for one position as for many. Days on which somebody's own facts change are not among them.
    """
    return {
        *_days_of_the_law(institution, last, known_at),
        *_stages_begun(institution.pk, last),
        *_reviews_begun(positions, last),
        *_days_of_determinations(institution, known_at),
        *_days_of_closing(positions),
    }


def _reaching(kind: str, code: str, path: str) -> Q:
    """A condition: the instrument at the path may reach the institution; one without scope reaches all."""
    scopes = f"{path}__scopes"
    own = Q(**{f"{scopes}__institution_kind__in": ("", kind)}) & Q(**{f"{scopes}__institution_code__in": ("", code)})
    return Q(**{f"{scopes}__isnull": True}) | own


def _days_of_the_law(institution: Institution, last: date, known_at: datetime) -> set[date]:
    """New versions and repeals of rules, begin and end of instruments, settings."""
    law = _law_of(institution.kind, institution.code)
    days = {
        *law.versions(last, known_at),
        *_repeals_begun(last, known_at),
        *_settings_begun(institution.pk, last, known_at),
    }
    for starts_on, ends_on in law.periods(last, known_at):
        days |= {starts_on} | day_after(ends_on)
    return days


@dataclass(frozen=True, slots=True)
class _Law:
    """The queries of the instruments that may reach an institution."""

    versions: Prepared[date]
    periods: Prepared[tuple[date, date | None]]


@lru_cache(maxsize=1024)
def _law_of(kind: str, code: str) -> _Law:
    def versions(last: date, known_at: datetime) -> QuerySet[Any, date]:
        reaching = _reaching(kind, code, "provision__instrument")
        rows = RuleVersion.objects.published().filter(reaching, known_from__lte=known_at)
        return _begun(rows, "effective_from", last)

    def periods(last: date, known_at: datetime) -> QuerySet[Any, tuple[date, date | None]]:
        reaching = _reaching(kind, code, "instrument")
        rows = InstrumentPeriod.objects.filter(reaching, known_from__lte=known_at, starts_on__lte=last)
        return rows.order_by().values_list("starts_on", "ends_on")

    return _Law(Prepared(versions), Prepared(periods))


@prepared
def _repeals_begun(last: date, known_at: datetime) -> QuerySet[Any, date]:
    return _begun(RuleRepeal.objects.filter(known_from__lte=known_at), "effective_from", last)


@prepared
def _settings_begun(institution: int, last: date, known_at: datetime) -> QuerySet[Any, date]:
    rows = InstitutionSetting.objects.filter(institution_id=institution, known_from__lte=known_at)
    return _begun(rows, "valid_from", last)


@prepared
def _stages_begun(institution: int, last: date) -> QuerySet[Any, date]:
    return _begun(PolicyStage.objects.filter(institution_id=institution), "valid_from", last)


@prepared
def _reviews_begun(positions: Collection[int], last: date) -> QuerySet[Any, date]:
    """The signed studies of the agencies of the positions."""
    return _begun(AgencyReview.objects.signed().filter(agency__positions__in=positions), "valid_from", last)


def _days_of_determinations(institution: Institution, known_at: datetime) -> set[date]:
    """Begin, end and revocation of every Penetapan: a later one sets an earlier one aside."""
    days: set[date] = set(_revoked(institution.pk, known_at))
    for effective_from, last_day in _determined(institution.pk, known_at):
        days |= {effective_from} | day_after(last_day)
    return days


@prepared
def _determined(institution: int, known_at: datetime) -> QuerySet[Any, tuple[date, date | None]]:
    known = Determination.objects.filter(institution_id=institution, recorded_at__lte=known_at)
    return known.order_by().values_list("effective_from", "last_day")


@prepared
def _revoked(institution: int, known_at: datetime) -> QuerySet[Any, date]:
    known = Determination.objects.filter(institution_id=institution, recorded_at__lte=known_at)
    rows = DeterminationRevocation.objects.filter(determination__in=known.order_by(), recorded_at__lte=known_at)
    return rows.order_by().values_list("effective_from", flat=True)


def _days_of_closing(positions: Collection[int]) -> set[date]:
    """When the positions, their tasks, agencies, units or services close."""
    return {day for closings in _CLOSINGS for day in closings(positions)}


def _closings(model: type[Model], path: str) -> Prepared[date]:
    def build(positions: Collection[int]) -> QuerySet[Any, date]:
        rows = model._default_manager.filter(**{f"{path}__in": positions}, closed_on__isnull=False)
        return rows.order_by().values_list("closed_on", flat=True)

    return Prepared(build)


_CLOSINGS: Final = (
    _closings(Position, "pk"),
    _closings(Task, "position"),
    _closings(Agency, "positions"),
    _closings(Unit, "positions"),
    _closings(PublicService, "tasks__position"),
)


def _begun(rows: QuerySet[Any], column: str, last: date) -> QuerySet[Any, date]:
    return rows.filter(**{f"{column}__lte": last}).order_by().distinct().values_list(column, flat=True)
