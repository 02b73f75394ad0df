"""Reads of the law: what is in force on a day with what was known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When

if TYPE_CHECKING:
    from agencies.models import Institution
    from eligibility.models import (  # noqa: F401
        Arrangement,
        Determination,
        DeterminedGround,
        DeterminedPosition,
        DeterminedTask,
        InstitutionSetting,
        Instrument,
        Provision,
        PublishedMap,
        RuleVersion,
        SenderKey,
        Verification,
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

    def valid(self) -> Self:
        """Those that are no drafts: published, or (nobody drafted them) come with the rules of the portal."""
        return self.filter(Q(published_at__isnull=False) | Q(drafted_by__isnull=True))

    def in_force(self, on: date, known_at: datetime) -> Self:
        """Those in force on the day, as known at the moment; no draft is."""
        return self.valid().filter(in_force(on, known_at, "pk"), known_from__lte=known_at)


class ProvisionQuerySet(models.QuerySet["Provision"]):
    """Provisions."""


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    """Rule versions."""

    def published(self) -> Self:
        """Those that have been published; drafts have no date of publication."""
        return self.filter(published_at__isnull=False)

    def drafts(self) -> Self:
        """Those that may still change, reviewed or not."""
        return self.filter(published_at__isnull=True)

    def with_state(self, on: date, known_at: datetime) -> Self:
        """Each with its `state` on the day, as known at the moment: a code of `VersionState`.

        Repealed is a published version of a rule repealed by then; superseded is one that was effective before
        the version that now is. One still to come is published.
        """
        from eligibility.models import RuleRepeal, RuleVersion
        from eligibility.models.rules import VersionState

        known = RuleVersion.objects.published().filter(known_from__lte=known_at, effective_from__lte=on)
        latest = known.filter(rule=OuterRef("rule")).order_by("-effective_from", "-recorded_at", "-number")
        repealed = RuleRepeal.objects.filter(rule=OuterRef("rule"), known_from__lte=known_at, effective_from__lte=on)
        state = Case(
            When(published_at__isnull=True, reviewed_at__isnull=True, then=Value(VersionState.DRAFT)),
            When(published_at__isnull=True, then=Value(VersionState.REVIEWED)),
            When(Exists(repealed), then=Value(VersionState.REPEALED)),
            When(~Q(pk=Subquery(latest.values("pk")[:1])), effective_from__lte=on, then=Value(VersionState.SUPERSEDED)),
            default=Value(VersionState.PUBLISHED),
            output_field=CharField(),
        )
        return self.annotate(state=state)

    def naming_approvers(self, known_at: datetime) -> Self:
        """Those known at the moment that attach a condition of somebody's approval, whenever they speak."""
        rows = self.published().filter(known_from__lte=known_at, condition_kind="approver_role")
        return rows.exclude(condition_approver="")

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


class SenderKeyQuerySet(models.QuerySet["SenderKey"]):
    """Keys by which files of rules are signed."""

    def said_of(self, public_key: str, owner: Institution) -> SenderKey | None:
        """What was last recorded of a key by the institution, or for everybody by who writes the national law."""
        rows = self.filter(Q(institution=owner) | Q(institution__kind="nasional"), public_key=public_key)
        return rows.select_related("institution").order_by("-recorded_at", "-pk").first()


class ArrangementQuerySet(models.QuerySet["Arrangement"]):
    """Arrangements: requests and what became of them."""

    def granted(self) -> Self:
        """Those granted and not ended, those suspended among them."""
        return self.filter(state__in=("approved", "suspended"))

    def active(self, on: date) -> Self:
        """Those by which somebody works on the day: granted, and neither suspended nor ended by then.

        Nulls: `suspended_on` and `ended_on` are set in just the states that read them here.
        """
        holding = Q(state="approved") | Q(state="suspended", suspended_on__gt=on) | Q(state="ended", ended_on__gt=on)
        return self.filter(holding, starts_on__lte=on, ends_on__gte=on, approved_at__isnull=False)

    def overlapping(self, first: date, last: date) -> Self:
        """Those by which somebody works on a day from `first` to `last`, both included."""
        holding = (
            Q(state="approved") | Q(state="suspended", suspended_on__gt=first) | Q(state="ended", ended_on__gt=first)
        )
        return self.filter(holding, starts_on__lte=last, ends_on__gte=first, approved_at__isnull=False)

    def open_requests(self) -> Self:
        """Requests that wait for somebody, drafts too."""
        return self.filter(state__in=("draft", "submitted", "returned", "consultation"))


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Results on their way to a Penetapan."""

    def open(self) -> Self:
        """Those that still may become a Penetapan: on the way, or returned."""
        return self.filter(state__in=("sent", "returned"))


def _later_than(effective_from: OuterRef, recorded_at: OuterRef, pk: OuterRef) -> Q:
    """A condition on determinations: effective later, then recorded later."""
    return (
        Q(effective_from__gt=effective_from)
        | Q(effective_from=effective_from, recorded_at__gt=recorded_at)
        | Q(effective_from=effective_from, recorded_at=recorded_at, pk__gt=pk)
    )


class DeterminationQuerySet(models.QuerySet["Determination"]):
    """Determinations."""

    def begun(self, on: date, known_at: datetime) -> Self:
        """Those that have come into force by the day, as known at the moment; since when does not matter.

        One that was revoked from its first day on, or before, never has.
        """
        from eligibility.models import DeterminationRevocation

        void = DeterminationRevocation.objects.filter(
            determination=OuterRef("pk"), recorded_at__lte=known_at, effective_from__lte=OuterRef("effective_from")
        )
        return self.filter(~Exists(void), recorded_at__lte=known_at, effective_from__lte=on)

    def running(self, on: date, known_at: datetime) -> Self:
        """Those begun whose last day has not passed (null: none) and that are not revoked on the day."""
        from eligibility.models import DeterminationRevocation

        revoked = DeterminationRevocation.objects.filter(
            determination=OuterRef("pk"), recorded_at__lte=known_at, effective_from__lte=on
        )
        return self.begun(on, known_at).filter(~Exists(revoked), Q(last_day__isnull=True) | Q(last_day__gte=on))

    def in_force(self, institution: Institution | int, on: date, known_at: datetime) -> Self:
        """The institution's determinations that hold on the day for at least one agency, as known at the moment."""
        from eligibility.models import DeterminedGround

        holding = DeterminedGround.objects.holding(institution, on, known_at)
        return self.filter(Exists(holding.filter(verification=OuterRef("verification"))))


class DeterminedGroundQuerySet(models.QuerySet["DeterminedGround"]):
    """The ground of what was sent; a row of an agency says that the results cover it."""

    def of_agencies(self) -> Self:
        """The rows of agencies, without those of their units."""
        return self.filter(unit__isnull=True)

    def holding(self, institution: Institution | int, on: date, known_at: datetime) -> Self:
        """One row for each agency with a determination in force on the day: of that which holds for it.

        A later determination supersedes an earlier one for the agencies it covers, also after it was itself
        revoked or has ended: what it set aside does not come back. One that names the earlier supersedes
        all of it.
        """
        from eligibility.models import Determination

        begun = Determination.objects.filter(institution=institution).begun(on, known_at)
        running = Determination.objects.filter(institution=institution).running(on, known_at)
        path = "verification__determination"
        newer = begun.filter(
            _later_than(*(OuterRef(f"{path}__{name}") for name in ("effective_from", "recorded_at", "pk"))),
            verification__grounds__agency=OuterRef("agency"),
            verification__grounds__unit__isnull=True,
        )
        named = begun.filter(supersedes=OuterRef(path))
        return self.of_agencies().filter(~Exists(newer), ~Exists(named), **{f"{path}__in": running})


class DeterminedTaskQuerySet(models.QuerySet["DeterminedTask"]):
    """Determined tasks."""


class DeterminedPositionQuerySet(models.QuerySet["DeterminedPosition"]):
    """Positions as determined, a row for each form of flexible work."""

    def in_force(self, institution: Institution | int, on: date, known_at: datetime) -> Self:
        """The rows that hold on the day: of each position and mode that of the determination that holds for its agency.

        A position without such a row is not determined.
        """
        from eligibility.models import Determination, DeterminedGround, DeterminedPosition

        holding = DeterminedGround.objects.holding(institution, on, known_at)
        begun = Determination.objects.filter(institution=institution).begun(on, known_at)
        path = "verification__determination"
        # A position that has moved is listed by the determination of its new agency.
        moved = DeterminedPosition.objects.filter(
            _later_row(path), position=OuterRef("position"), mode=OuterRef("mode"), **{f"{path}__in": begun}
        )
        own = holding.filter(verification=OuterRef("verification"), agency=OuterRef("agency"))
        return self.filter(Exists(own), ~Exists(moved))


def _later_row(path: str) -> Q:
    """A condition on determined positions: that of a later determination than the outer one's."""
    effective, recorded, key = (f"{path}__{name}" for name in ("effective_from", "recorded_at", "pk"))
    same_day = Q(**{effective: OuterRef(effective)})
    same_moment = same_day & Q(**{recorded: OuterRef(recorded)})
    return (
        Q(**{f"{effective}__gt": OuterRef(effective)})
        | same_day & Q(**{f"{recorded}__gt": OuterRef(recorded)})
        | same_moment & Q(**{f"{key}__gt": OuterRef(key)})
    )


class PublishedMapQuerySet(models.QuerySet["PublishedMap"]):
    """Published maps."""

    def shown(self) -> Self:
        """Those that other governments may read: of each the newest, unless it is withdrawn; the newest first.

        Two maps of one government beside each other would tell by their difference of single positions. So an older
        one does not come back either when the newest is withdrawn.
        """
        moment = OuterRef("published_at")
        later = Q(published_at__gt=moment) | Q(published_at=moment, pk__gt=OuterRef("pk"))
        newer = self.model._default_manager.filter(later, institution=OuterRef("institution"))
        return self.filter(~Exists(newer), withdrawal__isnull=True).order_by("-published_at", "-pk")
