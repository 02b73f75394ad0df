"""The page that keeps when a service is open through the week and how many people it needs on site then."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access
from agencies.actions.service_needs import set_service_needs
from agencies.clock import today
from agencies.coverage.history import recorded_weeks, weeks_table
from agencies.coverage.needs import RecordedNeeds, seen_weeks
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.forms.service_needs import ServiceNeedsForm, slots_for, typed_in
from agencies.models import PublicService
from agencies.views.acts import act_page
from agencies.views.structure import officer, page_of_agency, person, something, touch_positions


@login_required
def show(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """The week of a service as one form, and the weeks that were recorded before."""
    standing = officer(request, institution)
    service = access.get_service(standing, pk)
    weeks = recorded_weeks(service)
    if file := exported(request, weeks_table(service, weeks, today(standing.institution)), f"jam-layanan-{service.pk}"):
        return file
    form = _form(request, service)

    def act() -> object:
        said = {name: form.cleaned_data[name] for name in ("source", "valid_from", "seen")}
        return something(set_service_needs(actor=person(request), service=service, spans=form.spans(), **said))

    title = _("Hours and staff needed: %(service)s") % {"service": service}
    lead = _("A weekday that is left empty is closed. Approvals on a weekday keep its highest need on site.")
    page = page_of_agency(standing, service.agency, title, _("Save the week"), lead)
    page = replace(page, template="agencies/service_needs.html")
    positions = service.tasks.values_list("position_id", flat=True)
    more = {"form_service": service, "weeks": weeks}
    done = _("The week is saved.")
    return act_page(request, page, form, act, touch=lambda: touch_positions(standing, *positions), done=done, **more)


def _form(request: HttpRequest, service: PublicService) -> ServiceNeedsForm:
    """The form as it was sent; with a further span of each weekday where that was asked for."""
    day = today(service.agency.institution)
    week = RecordedNeeds.of([service.pk], timezone.now()).week(service.pk, day)
    spans, sent = week.spans if week else (), posted(request)
    shown = partial(ServiceNeedsForm, spans=spans, seen=seen_weeks(service), day=day, slots=slots_for(spans, sent))
    return shown(typed=typed_in(sent)) if sent is not None and "more" in sent else shown(sent)
