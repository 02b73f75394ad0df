"""The one way to arrangements: one's own, those of agencies in one's charge, those that wait for one's office."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from agencies import clock
from agencies.access import Standing, holds_whole, tree_of
from agencies.models import Agency, Institution, Posting, Role, User
from agencies.prepared import prepared
from eligibility.models import Arrangement, ArrangementStep
from eligibility.querysets import ArrangementQuerySet

IN_CHARGE = (Role.HR_OFFICER, Role.AGENCY_HEAD)
"""Who reads the requests of others, each within her agencies; inspectors read cases in oversight."""


def visible_arrangements(standing: Standing, user: User, known_at: datetime) -> QuerySet[Arrangement]:
    """The arrangements a user may open: her own, those of agencies in her charge, those that wait for her office.

    A draft is seen by the employee and by whoever writes it for her, by nobody else.
    """
    found = Arrangement.objects.filter(institution=standing.institution)
    asked = Q(asked_by=user) if standing.holds(*IN_CHARGE) else Q(pk__in=[])
    own = Q(employee=user.employee_id) if user.employee_id else Q(pk__in=[])
    return found.filter(own | asked | (_in_charge(standing, user, known_at) & ~Q(state="draft")))


def get_arrangement(standing: Standing, user: User, pk: int, known_at: datetime) -> Arrangement:
    """The arrangement of that key; Http404 where it is unknown or out of sight."""
    arrangement = next(iter(_row(standing.institution.pk, pk)), None)
    if arrangement is None or not _may_open(standing, user, arrangement, known_at):
        raise Http404
    return placed(arrangement, standing.institution)


@prepared
def _row(institution: int, pk: int) -> QuerySet[Any, Arrangement]:
    return Arrangement.objects.filter(institution_id=institution, pk=pk).select_related(*ALWAYS_READ).order_by()


ALWAYS_READ = ("employee", "position", "agency", "unit")
"""What every page of one arrangement reads with it."""


def placed(row: Arrangement, institution: Institution) -> Arrangement:
    """An arrangement read with those of its own, told which institution it is of, and where its position is."""
    row.institution = institution
    if row.position.agency_id == row.agency_id:
        row.position.agency = row.agency
    return row


def _may_open(standing: Standing, user: User, row: Arrangement, known_at: datetime) -> bool:
    """Whether it is among `visible_arrangements`; who plainly sees it need not be looked for."""
    if user.employee_id is not None and row.employee_id == user.employee_id:
        return True
    if row.state != "draft" and any(holds_whole(standing, role) for role in IN_CHARGE):
        return True
    return visible_arrangements(standing, user, known_at).filter(pk=row.pk).exists()


def charged_arrangements(standing: Standing) -> ArrangementQuerySet:
    """The requests of the agencies in charge of a standing narrowed to `IN_CHARGE`, drafts apart."""
    found = Arrangement.objects.filter(institution=standing.institution).exclude(state="draft")
    return found if standing.sees_all else found.filter(agency__in=_charged_agencies(standing))


def charged_in_position(standing: Standing, position: int) -> list[Arrangement]:
    """Those of `charged_arrangements` that were ever approved in a position, with whose they are."""
    found = _approved_in(standing.institution.pk, position)
    if standing.sees_all or not found:
        return found
    keys = _charged_agencies(standing)
    return [one for one in found if one.agency_id in keys]


def _charged_agencies(standing: Standing) -> set[int]:
    """The agencies that its grants name, and all below them."""
    return tree_of(standing.institution.pk).at_and_below(standing.agencies)


@prepared
def _approved_in(institution: int, position: int) -> QuerySet[Any, Arrangement]:
    rows = Arrangement.objects.filter(institution_id=institution, position_id=position, approved_at__isnull=False)
    return rows.exclude(state="draft").select_related("employee").order_by("pk")


def _in_charge(standing: Standing, user: User, known_at: datetime) -> Q:
    if any(holds_whole(standing, role) for role in IN_CHARGE):
        return Q()
    charged = {grant.agency_id for grant in standing.grants if grant.role in IN_CHARGE and grant.agency_id}
    keys = Agency.objects.filter(institution=standing.institution).subtree(charged) if charged else set()
    waiting = Q(waits_for__in=_offices(standing, user, known_at)) if user.employee_id else Q(pk__in=[])
    # What somebody had a say on she may read again, also where it went on to another office.
    return Q(agency__in=keys) | waiting | Q(pk__in=ArrangementStep.objects.filter(by=user).values("arrangement"))


def _offices(standing: Standing, user: User, known_at: datetime) -> QuerySet[Posting]:
    """The leading positions that the user holds today."""
    postings = Posting.objects.in_force(clock.today(standing.institution), known_at)
    held = postings.filter(employee=user.employee_id).exclude(position__leads="none")
    return held.values("position")  # type: ignore[return-value]
