"""The pages of the mapping: what waits for the user, how far each agency is, how far reviewers agree, its sheets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.actions import sheets as acts
from agencies.clock import today
from agencies.errors import ActRefused
from agencies.exporting.answers import exported
from agencies.forms.frame import ActForm, posted
from agencies.forms.sheet_choice import ChoiceForm
from agencies.forms.sheets import AssignForm, CancelForm, OpenForm
from agencies.mapping import tables
from agencies.mapping.access import coordinates, coordinator, mapper
from agencies.mapping.agency_sheets import agency_sheets
from agencies.mapping.agreement_table import agreement_table
from agencies.mapping.choosing import Choice, chosen_sheets, live_sheets, named_sheets, offered
from agencies.mapping.other_side import left_out
from agencies.mapping.progress import progress_of
from agencies.mapping.queue import queue
from agencies.mapping.reviewers import reviewers_for
from agencies.mapping.unmapped import unmapped
from agencies.models import Agency, Assessment
from agencies.paging import keyset_page
from agencies.querysets import open_on
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.people_frame import frame, signed_in


@login_required
@require_safe
@never_cache
def show_queue(request: HttpRequest, institution: str) -> HttpResponseBase:
    """What waits for the user, the most useful first."""
    standing = mapper(request, institution)
    on, wish = today(standing.institution), request.GET
    found = queue(standing, signed_in(request), wish.get("tampil", ""), wish.get("halaman", ""), on)
    file = exported(request, tables.queue_table(standing.institution, found, on), "antrean-pemetaan")
    return file or render(request, "agencies/mapping_queue.html", frame(standing, queue=found, on=on))


def _agencies(standing: Standing) -> QuerySet[Agency]:
    return access.visible_agencies(standing).filter(open_on(today(standing.institution))).order_by("name", "pk")


@login_required
@require_safe
def show_progress(request: HttpRequest, institution: str) -> HttpResponseBase:
    """How far each agency is."""
    standing = mapper(request, institution)
    on = today(standing.institution)
    agencies = _agencies(standing)
    if file := exported(request, tables.progress_table(standing.institution, agencies, on), "kemajuan-pemetaan"):
        return file
    page = keyset_page(agencies, request.GET, ("name", "pk"))
    return render(
        request, "agencies/mapping_progress.html", frame(standing, lines=progress_of(page.rows, on), page=page)
    )


@login_required
@require_safe
def show_agreement(request: HttpRequest, institution: str) -> HttpResponseBase:
    """How far reviewers agree, per agency and per question."""
    standing = mapper(request, institution)
    found = agreement_table(standing.institution, list(_agencies(standing)))
    on = today(standing.institution)
    file = exported(request, tables.agreement_table(standing.institution, found, on), "kesepakatan-penilai")
    return file or render(request, "agencies/mapping_agreement.html", frame(standing, found=found))


@login_required
@require_safe
def show_agency(request: HttpRequest, institution: str, agency_code: str) -> HttpResponseBase:
    """The tasks of an agency, each with its sheet."""
    standing = mapper(request, institution)
    agency = access.get_agency(standing, agency_code)
    on = today(standing.institution)
    found = agency_sheets(agency, request.GET, on)
    table = tables.sheets_table(agency, found, on)
    (line,) = progress_of([agency], on)
    context = frame(standing, agency=agency, found=found, line=line, coordinates=coordinates(standing))
    return exported(request, table, "lembar-pemetaan") or render(request, "agencies/mapping_agency.html", context)


def page_of(standing: Standing, agency: Agency, title: str, button: str, **more: Any) -> ActPage:
    """The page of an act on the sheets of an agency."""
    code = standing.institution.code
    back = reverse("agency_sheets", args=[code, agency.code])
    crumbs = (
        Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}"),
        Crumb(_("Mapping"), reverse("mapping_queue", args=[code])),
        Crumb(agency.name, back),
        Crumb(title),
    )
    return ActPage(standing, title, button, crumbs, back, **more)


def _coordinated(request: HttpRequest, institution: str, agency_code: str) -> tuple[Standing, Agency]:
    standing = coordinator(request, institution)
    return standing, access.get_agency(standing, agency_code)


def _reviewers(standing: Standing, agency: Agency) -> dict[str, Any]:
    return {side: reviewers_for(side, agency, standing.on) for side in Assessment.Side.values}


@login_required
@never_cache
def open_sheets(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Open sheets for the tasks of an agency and of those below it."""
    standing, agency = _coordinated(request, institution, agency_code)
    on = today(standing.institution)
    form = OpenForm(posted(request), reviewers=_reviewers(standing, agency), tasks=unmapped(agency, on))

    def act() -> object:
        tasks, assignment = form.chosen(), form.assignment()
        return acts.open_sheets(actor=signed_in(request), agency=agency, tasks=tasks, assignment=assignment, on=on)

    lead = _("Each task gets a sheet, which two reviewers answer blind to each other. What lies below is included.")
    page = page_of(standing, agency, _("Open mapping sheets: %(agency)s") % {"agency": agency}, _("Open"), lead=lead)
    return act_page(request, page, form, act, done=_("The sheets are open."))


@login_required
@never_cache
def assign(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Name reviewers of the live sheets that the address chooses, and the day to answer by."""
    standing, agency = _coordinated(request, institution, agency_code)
    form = AssignForm(posted(request), reviewers=_reviewers(standing, agency))
    named, live = request.GET.getlist("lembar"), live_sheets(agency)
    choosing = ChoiceForm(request.GET, offered=offered(live))
    choice = Choice() if named else choosing.choice()
    sheets = list(chosen_sheets(named_sheets(live, named), choice)) if choice is not None else []

    def act() -> object:
        if not sheets:
            raise ActRefused(_("The choice holds no sheet. Choose otherwise."))
        wanted = form.assignment()
        done = acts.assign_sheets(actor=signed_in(request), agency=agency, sheets=sheets, assignment=wanted)
        if number := left_out([sheet.pk for sheet in sheets], wanted.reviewers):
            messages.warning(request, _left_out_words(number))
        return done

    lead = _("For every sheet that is not submitted yet. What a former reviewer wrote stays with her.")
    title = _("Reviewers and deadline: %(agency)s") % {"agency": agency}
    page = page_of(standing, agency, title, _("Save"), lead=lead, template="agencies/sheets_assign.html")
    submitted = Assessment.objects.filter(sheet__in=sheets, state=Assessment.State.SUBMITTED).count()
    more: dict[str, Any] = {"choice": choosing, "named": named, "number": len(sheets), "submitted": submitted}
    return act_page(request, page, form, act, done=_("Reviewers and deadline are saved."), **more)


def _left_out_words(number: int) -> str:
    return ngettext(
        "%(number)d sheet was not given to the reviewer, because she is or was that of its other side."
        " Name somebody else for it.",
        "%(number)d sheets were not given to the reviewer, because she is or was that of their other side."
        " Name somebody else for them.",
        number,
    ) % {"number": number}


@login_required
@never_cache
def remind(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Remind everybody who has still to answer, or to settle."""
    standing, agency = _coordinated(request, institution, agency_code)
    lead = _("Whoever has still to answer, or to settle what differs, is told by e-mail, at most once a day.")
    page = page_of(standing, agency, _("Remind the reviewers: %(agency)s") % {"agency": agency}, _("Remind"), lead=lead)
    form, on = ActForm(posted(request)), today(standing.institution)

    def act() -> object:
        return acts.remind_reviewers(actor=signed_in(request), agency=agency, on=on)

    return act_page(request, page, form, act, done=_("The reviewers are reminded."))


@login_required
@never_cache
def cancel(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Cancel all live sheets of an agency and of those below it, or those that the address names."""
    standing, agency = _coordinated(request, institution, agency_code)
    form = CancelForm(posted(request))
    sheets = list(named_sheets(live_sheets(agency), request.GET.getlist("lembar")))

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return acts.cancel_sheets(actor=signed_in(request), agency=agency, sheets=sheets, reason=reason)

    lead = _("%(number)d sheets are cancelled. What was written is kept, and nothing becomes a fact.")
    title = _("Cancel mapping sheets: %(agency)s") % {"agency": agency}
    page = page_of(standing, agency, title, _("Cancel the sheets"), lead=lead % {"number": len(sheets)})
    return act_page(request, page, form, act, done=_("The sheets are cancelled."))
