"""The one way to results on their way and to determinations: by the agencies in sight. Unknown looks like forbidden."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from agencies.access import Standing, holds_whole, visible_agencies
from agencies.models import Agency, Role
from eligibility.models import Determination, DeterminedGround, DeterminedPosition, PublishedMap, Verification
from eligibility.querysets import PublishedMapQuerySet

READERS = (Role.HR_OFFICER, Role.AGENCY_HEAD, Role.INSPECTOR, Role.OUTSIDE_READER, Role.RULES_ADMINISTRATOR)
"""Who may read results before they are determined; a Penetapan is open to everybody with a grant."""


def visible_determinations(standing: Standing) -> QuerySet[Determination]:
    """The determinations that cover an agency in sight."""
    found = Determination.objects.filter(institution=standing.institution)
    if standing.sees_all:
        return found
    covered = DeterminedGround.objects.filter(
        verification=OuterRef("verification"), unit__isnull=True, agency__in=_keys(standing)
    )
    return found.filter(Exists(covered))


def get_verification(standing: Standing, pk: int) -> Verification:
    """The results of that key; Http404 where they are unknown or of an agency out of sight."""
    found = Verification.objects.filter(institution=standing.institution, pk=pk)
    if not standing.sees_all:
        found = found.filter(agency__in=_keys(standing))
    verification = found.select_related("institution", "agency", "rulebook", "determination").first()
    if verification is None:
        raise Http404
    return verification


def get_determination(standing: Standing, pk: int, *, whole: bool = False) -> Determination:
    """The determination of that key; Http404 where it is unknown or covers no agency in sight.

    `whole`: the agency it was made for must itself be in sight, not only one below it.
    """
    found = visible_determinations(standing)
    if whole and not standing.sees_all:
        found = found.filter(verification__agency__in=_keys(standing))
    related = ("institution", "verification__agency", "verification__rulebook", "revocation", "document", "supersedes")
    determination = found.select_related(*related).filter(pk=pk).first()
    if determination is None:
        raise Http404
    return determination


def visible_rows(standing: Standing, verification: Verification) -> QuerySet[DeterminedPosition]:
    """The rows of positions in sight."""
    rows = DeterminedPosition.objects.filter(verification=verification)
    return rows if standing.sees_all else rows.filter(agency__in=_keys(standing))


def get_determined_rows(standing: Standing, verification: Verification, position: int) -> list[DeterminedPosition]:
    """The rows of a position, one for each form; Http404 without any in sight."""
    rows = list(visible_rows(standing, verification).filter(position=position).select_related("position", "agency"))
    if not rows:
        raise Http404
    return rows


def _keys(standing: Standing) -> QuerySet[Agency]:
    return visible_agencies(standing).values("pk")  # type: ignore[return-value]


MAP_READERS = (Role.HR_OFFICER, Role.AGENCY_HEAD, Role.INSPECTOR, Role.RULES_ADMINISTRATOR)
"""Who maps jobs, and so compares her institution with what other institutions have published."""


def visible_maps(standing: Standing) -> PublishedMapQuerySet:
    """The newest published map of every institution unless withdrawn, and all of the reader's own that are not.

    Her own that are withdrawn are for its HR officer.
    """
    found = PublishedMap.objects.select_related("institution", "withdrawal").order_by("-published_at", "-pk")
    own = Q(institution=standing.institution)
    if not holds_whole(standing, Role.HR_OFFICER):
        own &= Q(withdrawal__isnull=True)
    return found.filter(own | Q(pk__in=PublishedMap.objects.shown().order_by().values("pk")))


def get_published_map(standing: Standing, pk: int, *, own: bool = False) -> PublishedMap:
    """The published map of that key; Http404 where it is out of sight. `own`: of no other institution."""
    found = visible_maps(standing).filter(pk=pk)
    row: PublishedMap | None = (found.filter(institution=standing.institution) if own else found).first()
    if row is None:
        raise Http404
    return row
