"""The one way to sheets: who maps an agency sees its sheets; BKPSDM coordinates all."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from agencies import access
from agencies.access import Standing, acting_as, get_standing, holds_whole, visible_agencies
from agencies.models import Agency, Answer, Assessment, Institution, Role, Sheet, User
from agencies.prepared import prepared

MAPPERS = (Role.HR_OFFICER, Role.AGENCY_HEAD)
"""Who takes part in the mapping: BKPSDM, the personnel clerk of an agency, its head."""


READERS = (*MAPPERS, Role.INSPECTOR)
"""Who reads sheets once both reviewers have submitted; an inspector reads, and takes no part."""

_COMPARED = (Sheet.State.SETTLING, Sheet.State.AGREED)


def mapper(request: HttpRequest, institution: str) -> Standing:
    """The user as one who takes part in the mapping; Http404 for others."""
    return acting_as(get_standing(request.user, institution), *MAPPERS)


def coordinator(request: HttpRequest, institution: str) -> Standing:
    """The user as BKPSDM, which opens sheets, names reviewers and settles; Http404 for others."""
    standing = mapper(request, institution)
    access.acting_for_all(standing, Role.HR_OFFICER)
    return standing


def coordinates(standing: Standing) -> bool:
    """Whether the user opens sheets, names reviewers and settles."""
    return holds_whole(standing, Role.HR_OFFICER)


def get_sheet(standing: Standing, pk: int) -> Sheet:
    """The sheet of that key; Http404 where it is unknown or of an agency out of sight."""
    sheet = _in_sight(standing, pk)
    if sheet is None:
        raise Http404
    return sheet


def _in_sight(standing: Standing, pk: int) -> Sheet | None:
    sheet = next((_placed(row, standing.institution) for row in _sheets(standing.institution.pk, pk)), None)
    return sheet if sheet is not None and sees(standing, sheet.agency) else None


def get_sheet_to_read(request: HttpRequest, institution: str, pk: int) -> tuple[Standing, Sheet]:
    """The sheet for who maps its agency, or for an inspector: for her only while it is compared or agreed.

    The standing is the one that opens it. Http404 where neither does.
    """
    standing = get_standing(request.user, institution)
    if standing.holds(*MAPPERS):
        mapping = acting_as(standing, *MAPPERS)
        sheet = _in_sight(mapping, pk)
        if sheet is not None:
            return mapping, sheet
    inspecting = acting_as(standing, Role.INSPECTOR)
    sheet = get_sheet(inspecting, pk)
    if sheet.state not in _COMPARED:
        raise Http404
    return inspecting, sheet


@prepared
def _sheets(institution: int, pk: int) -> QuerySet[Any, Sheet]:
    found = Sheet.objects.filter(institution_id=institution, pk=pk).order_by()
    return found.select_related("agency", "task__position__unit")


def _placed(sheet: Sheet, institution: Institution) -> Sheet:
    """The sheet told which institution it is of, and its position where that is."""
    position = sheet.task.position
    sheet.institution = position.institution = institution
    if position.agency_id == sheet.agency_id:
        position.agency = sheet.agency
    return sheet


def sees(standing: Standing, agency: Agency) -> bool:
    """Whether an agency is in sight."""
    return standing.sees_all or visible_agencies(standing).filter(pk=agency.pk).exists()


def own_part(user: User, sheet: Sheet) -> Assessment | None:
    """The part of a sheet that a user answers; None where she is not its reviewer."""
    part = next(iter(_parts(sheet.pk, user.pk)), None)
    if part is not None:
        part.sheet, part.reviewer = sheet, user
    return part


@prepared
def _parts(sheet: int, reviewer: int) -> QuerySet[Any, Assessment]:
    return Assessment.objects.current().filter(sheet_id=sheet, reviewer_id=reviewer).order_by("pk")


def get_own_part(user: User, sheet: Sheet) -> Assessment:
    """The part of a sheet that a user answers, else the one that was set aside when another took her place.

    So she is told why what she sends is not saved. Http404 where she never was its reviewer.
    """
    part = own_part(user, sheet)
    if part is None:
        part = Assessment.objects.filter(sheet=sheet, reviewer=user).order_by("-pk").first()
        if part is None:
            raise Http404
        part.sheet, part.reviewer = sheet, user
    return part


def get_evidence(user: User, sheet: Sheet, fact: str, side: str) -> Answer:
    """An answer with a document that the user may see; Http404 where there is none, or not for her yet."""
    found = Answer.objects.disclosed_to(user).filter(
        assessment__sheet=sheet, assessment__side=side, fact=fact, evidence__isnull=False
    )
    answer = found.exclude(assessment__state="replaced").select_related("evidence").first()
    if answer is None:
        raise Http404
    return answer
