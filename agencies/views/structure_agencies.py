"""The pages that keep agencies, their units and their public services."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.actions import agencies as agency_acts
from agencies.actions import services as service_acts
from agencies.actions import staff_counts
from agencies.actions import units as unit_acts
from agencies.clock import today
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.forms.structure import AgencyForm, ClosingForm, ServiceForm, StaffCountForm, UnitForm
from agencies.models import Agency, Position, PublicService, Unit
from agencies.querysets import open_on
from agencies.structure_pages import structure_page, structure_table
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.structure import (
    agency_crumbs,
    close,
    closing_lead,
    officer,
    page_of_agency,
    person,
    save,
    something,
    touch_agencies,
    touch_positions,
)
from agencies.xray.page import found_here


@login_required
@require_safe
def show(request: HttpRequest, institution: str, agency_code: str) -> HttpResponseBase:
    """Everything an agency consists of, with a way to change each."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    on = today(standing.institution)
    page = structure_page(agency, on)
    if file := exported(request, partial(structure_table, agency, page, on), f"susunan-{slugify(agency.code)}"):
        return file
    context = {"standing": standing, "institution": standing.institution, "agency": agency, "page": page}
    context["found"] = found_here(standing, agency, on, timezone.now())
    context["crumbs"] = (*agency_crumbs(standing, agency)[:-1], Crumb(_("Structure")))
    return render(request, "agencies/structure_agency.html", context)


@login_required
def add_agency(request: HttpRequest, institution: str) -> HttpResponse:
    """A new agency that belongs to none, or to one that is chosen; for officers of the whole institution."""
    standing = officer(request, institution)
    if not standing.sees_all:
        raise Http404
    title, home = _("Add an agency"), reverse("matrix", args=[institution])
    page = ActPage(standing, title, _("Add the agency"), (Crumb(_("Map of agencies"), home), Crumb(title)), home)
    return _add_agency(request, page, AgencyForm(posted(request), row=None, **_offered(standing)))


@login_required
def add_below(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """A new agency below another."""
    standing = officer(request, institution)
    above = access.get_agency(standing, agency_code)
    page = page_of_agency(standing, above, _("Add an agency below"), _("Add the agency"))
    form = AgencyForm(posted(request), row=None, below=above, **_offered(standing))
    return _add_agency(request, page, form)


def _add_agency(request: HttpRequest, page: ActPage, form: AgencyForm) -> HttpResponse:
    return save(
        request,
        page,
        form,
        agency_acts.add_agency,
        lambda: touch_agencies(page.standing),
        _("The agency is added."),
        institution=page.standing.institution,
    )


def _offered(standing: Standing, agency: Agency | None = None) -> dict[str, Any]:
    """The parents that may be chosen, and the day that the form proposes; what is chosen already stays offered."""
    day = today(standing.institution)
    parents = access.visible_agencies(standing)
    if agency is None:
        return {"parents": parents.filter(open_on(day)), "day": day}
    below = Agency.objects.filter(institution=standing.institution).subtree([agency.pk])
    now = parents.filter(pk=agency.parent_id) if agency.parent_id else parents.none()
    return {"parents": parents.filter(open_on(day)).exclude(pk__in=below) | now, "day": day}


@login_required
def correct_agency(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Name, kind, sector and place of an agency in the tree."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    fixed = not standing.sees_all
    form = AgencyForm(posted(request), row=agency, fixed=fixed, **_offered(standing, agency))
    return save(
        request,
        page_of_agency(standing, agency, _("Correct the agency"), _("Save the correction")),
        form,
        agency_acts.correct_agency,
        lambda: touch_agencies(standing, *Agency.objects.subtree([agency.pk])),
        _("The correction is saved."),
        agency=agency,
    )


@login_required
def close_agency(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """The day from which an agency counts no more, or its opening again."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    return close(
        request,
        page_of_agency(standing, agency, _("Close the agency"), _("Save the day"), closing_lead(agency.closed_on)),
        ClosingForm(posted(request), closed_on=agency.closed_on, day=today(standing.institution)),
        agency_acts.close_agency,
        lambda on: touch_agencies(standing, agency.pk, on=on),
        agency=agency,
    )


@login_required
def add_unit(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """A new unit of an agency."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    return save(
        request,
        page_of_agency(standing, agency, _("Add a unit"), _("Add the unit")),
        UnitForm(posted(request), row=None, day=today(standing.institution)),
        unit_acts.add_unit,
        lambda: touch_agencies(standing),
        _("The unit is added."),
        agency=agency,
    )


@login_required
def correct_unit(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Name, kind and sector of a unit."""
    standing = officer(request, institution)
    unit = access.get_unit(standing, pk)
    return save(
        request,
        page_of_agency(
            standing, unit.agency, _("Correct the unit %(unit)s") % {"unit": unit}, _("Save the correction")
        ),
        UnitForm(posted(request), row=unit, day=today(standing.institution)),
        unit_acts.correct_unit,
        lambda: touch_positions(standing, *Position.objects.filter(unit=unit).values_list("pk", flat=True)),
        _("The correction is saved."),
        unit=unit,
    )


@login_required
def close_unit(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The day from which a unit counts no more, or its opening again."""
    standing = officer(request, institution)
    unit = access.get_unit(standing, pk)
    title = _("Close the unit %(unit)s") % {"unit": unit}
    return close(
        request,
        page_of_agency(standing, unit.agency, title, _("Save the day"), closing_lead(unit.closed_on)),
        ClosingForm(posted(request), closed_on=unit.closed_on, day=today(standing.institution)),
        unit_acts.close_unit,
        lambda on: touch_agencies(standing, on=on),
        unit=unit,
    )


@login_required
def add_service(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """A new public service of an agency."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    day = today(standing.institution)
    units = Unit.objects.filter(open_on(day), agency=agency)
    return save(
        request,
        page_of_agency(standing, agency, _("Add a public service"), _("Add the service")),
        ServiceForm(posted(request), row=None, units=units, day=day),
        service_acts.add_service,
        lambda: touch_agencies(standing),
        _("The service is added. Now name the tasks that serve it, each on its page."),
        agency=agency,
    )


@login_required
def correct_service(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Name, kind, unit, hours and staff of a service."""
    standing = officer(request, institution)
    service = access.get_service(standing, pk)
    title = _("Correct the service %(service)s") % {"service": service}
    day = today(standing.institution)
    here = Q(pk__in=[service.unit_id] if service.unit_id else [])
    units = Unit.objects.filter(open_on(day) & Q(agency=service.agency) | here)
    return save(
        request,
        page_of_agency(standing, service.agency, title, _("Save the correction"), _served_by(service)),
        ServiceForm(posted(request), row=service, units=units, day=day),
        service_acts.correct_service,
        lambda: touch_positions(standing, *service.tasks.values_list("position_id", flat=True)),
        _("The correction is saved."),
        service=service,
    )


@login_required
def close_service(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The day from which a service counts no more, or its opening again."""
    standing = officer(request, institution)
    service = access.get_service(standing, pk)
    title = _("Close the service %(service)s") % {"service": service}
    lead = f"{closing_lead(service.closed_on)} {_served_by(service)}".strip()
    return close(
        request,
        page_of_agency(standing, service.agency, title, _("Save the day"), lead),
        ClosingForm(posted(request), closed_on=service.closed_on, day=today(standing.institution)),
        service_acts.close_service,
        lambda on: touch_positions(standing, *service.tasks.values_list("position_id", flat=True), on=on),
        service=service,
    )


def _served_by(service: PublicService) -> str:
    """How many tasks it concerns: their exposure was proposed from their services."""
    number = service.tasks.count()
    if not number:
        return _("No task serves it.")
    message = _("Tasks that serve it: %(number)d. Their facts stay as they are; look at their exposure afterwards.")
    return message % {"number": number}


@login_required
def count_staff(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """How many people who are no civil servants work there: a number only, for coverage."""
    standing = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    day = today(standing.institution)
    form = StaffCountForm(posted(request), units=Unit.objects.filter(open_on(day), agency=agency), day=day)

    def act() -> object:
        said = {name: form.cleaned_data[name] for name in ("unit", "count", "counted_on", "source")}
        return something(staff_counts.count_non_asn_staff(actor=person(request), agency=agency, **said))

    title = _("Count non-ASN staff")
    lead = _("A number only, nobody's name: it says who else keeps a service open.")
    page = page_of_agency(standing, agency, title, _("Save the number"), lead)
    touch = touch_agencies(standing)
    return act_page(request, page, form, act, touch=lambda: touch, done=_("The number is saved."))
