"""The pages that keep positions."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.actions import positions
from agencies.clock import today
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.forms.structure import ClosingForm, Places, PositionForm
from agencies.models import Position, Unit
from agencies.paging import keyset_page
from agencies.querysets import open_on
from agencies.structure_pages import LATEST_CLOSED, closed_positions, closed_table
from agencies.views.acts import Crumb
from agencies.views.structure import (
    agency_crumbs,
    close,
    closing_lead,
    officer,
    page_of_agency,
    page_of_position,
    save,
    touch_agencies,
    touch_positions,
)


@login_required
@require_safe
def closed(request: HttpRequest, institution: str, agency_code: str) -> HttpResponseBase:
    """Every closed position of an agency, the latest closed first."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    on = today(standing.institution)
    if file := exported(request, partial(closed_table, agency, on), f"jabatan-tutup-{slugify(agency.code)}"):
        return file
    rows = closed_positions(agency, on)
    context = {"standing": standing, "institution": standing.institution, "agency": agency, "total": rows.count()}
    context["page"] = keyset_page(rows.select_related("unit"), request.GET, LATEST_CLOSED)
    context["crumbs"] = agency_crumbs(standing, agency, Crumb(_("Closed positions")))
    return render(request, "agencies/closed_positions.html", context)


@login_required
def add(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """A new position of an agency, with one task, itself."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    day = today(standing.institution)
    units = Unit.objects.filter(open_on(day), agency=agency)
    lead = _("It begins with one task of 100 percent, itself. Answer the facts of the task afterwards, or split it.")
    return save(
        request,
        page_of_agency(standing, agency, _("Add a position"), _("Add the position"), lead),
        PositionForm(posted(request), row=None, places=Places([agency], units), day=day),
        positions.add_position,
        lambda: touch_agencies(standing, agency.pk),
        _("The position is added. Its task is not judged before its facts are answered."),
        institution=standing.institution,
    )


@login_required
def correct(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Title, place, category, echelon and numbers of a position."""
    standing = officer(request, institution)
    position = access.get_position(standing, pk)
    places = _places(standing, position)
    form = PositionForm(posted(request), row=position, places=places, day=today(standing.institution))
    return save(
        request,
        page_of_position(standing, position, _("Correct the position"), _("Save the correction")),
        form,
        positions.correct_position,
        lambda: touch_positions(standing, position.pk),
        _("The correction is saved."),
        position=position,
    )


def _places(standing: Standing, position: Position) -> Places:
    """Where a position may stand: in open units of open agencies in sight, and where it is now."""
    day = today(standing.institution)
    seen = access.visible_agencies(standing)
    agencies = list(seen.filter(open_on(day)) | seen.filter(pk=position.agency_id))
    here = Q(pk__in=[position.unit_id] if position.unit_id else [])
    units = Unit.objects.filter(open_on(day) & Q(agency__in=[agency.pk for agency in agencies]) | here)
    return Places(agencies, units.order_by("agency", "code"))


@login_required
def close_position(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The day from which a position and its tasks count no more, or its opening again."""
    standing = officer(request, institution)
    position = access.get_position(standing, pk)
    return close(
        request,
        page_of_position(
            standing, position, _("Close the position"), _("Save the day"), closing_lead(position.closed_on)
        ),
        ClosingForm(posted(request), closed_on=position.closed_on, day=today(standing.institution)),
        positions.close_position,
        lambda on: touch_positions(standing, position.pk, on=on),
        position=position,
    )
