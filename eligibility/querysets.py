"""Reads of the law: what is in force on a day with what was known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from eligibility.models import (  # noqa: F401
        InstitutionSetting,
        Instrument,
        Provision,
        RuleVersion,
    )


def in_force(on: date, known_at: datetime, outer: str) -> Q:
    """A condition: some period of the instrument at path `outer` includes the day and has not been ended by then.

    A null last day is no last day. An end reaches the periods known before it that began before it,
    so that an ended circular can be brought back by a further period.
    """
    from eligibility.models import InstrumentPeriod

    known = InstrumentPeriod.objects.filter(known_from__lte=known_at, starts_on__lte=on)
    ended = known.filter(
        kind="ends",
        instrument=OuterRef("instrument"),
        starts_on__gte=OuterRef("starts_on"),
        known_from__gte=OuterRef("known_from"),
    )
    running = known.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), instrument=OuterRef(outer), kind="in_force")
    return Q(Exists(running.filter(~Q(Exists(ended)))))


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    """Instruments."""

    def in_force(self, on: date, known_at: datetime) -> Self:
        """Those in force on the day, as known at the moment."""
        return self.filter(in_force(on, known_at, "pk"), known_from__lte=known_at)


class ProvisionQuerySet(models.QuerySet["Provision"]):
    """Provisions."""

    def with_verification(self) -> Self:
        """Each with `is_verified`: whether someone compared it with the official text."""
        from eligibility.models import ProvisionVerification

        return self.annotate(is_verified=Exists(ProvisionVerification.objects.filter(provision=OuterRef("pk"))))


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    """Rule versions."""

    def published(self) -> Self:
        """Those that have been published; drafts have no date of publication."""
        return self.filter(published_at__isnull=False)

    def speaking(self, on: date, known_at: datetime) -> Self:
        """The published version of each rule that speaks on the day, its instrument in force, not repealed.

        Among those known by then and effective by the day: the greatest effective date, then the
        latest recorded.
        """
        from eligibility.models import RuleRepeal, RuleVersion

        known = RuleVersion.objects.published().filter(known_from__lte=known_at, effective_from__lte=on)
        latest = known.filter(rule=OuterRef("rule")).order_by("-effective_from", "-recorded_at", "-number")
        repealed = RuleRepeal.objects.filter(rule=OuterRef("rule"), known_from__lte=known_at, effective_from__lte=on)
        return self.filter(
            in_force(on, known_at, "provision__instrument"),
            ~Q(Exists(repealed)),
            pk=latest.values("pk")[:1],
        )


class InstitutionSettingQuerySet(models.QuerySet["InstitutionSetting"]):
    """Settings of institutions."""

    def in_force(self, on: date, known_at: datetime) -> dict[str, InstitutionSetting]:
        """The row of each setting that holds on the day: the latest begun, then the latest recorded."""
        rows = self.filter(valid_from__lte=on, known_from__lte=known_at)
        return {row.name: row for row in rows.order_by("valid_from", "recorded_at", "pk")}
