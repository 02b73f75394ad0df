"""The pages of whoever asks: my flexible work, the form of a request, and the acts on one's own requests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.access import Standing, get_standing
from agencies.forms.frame import posted
from agencies.models import User
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.people_frame import frame, signed_in
from eligibility.actions.arrangements import object_to_refusal, submit_request, take_back_request, withdraw_request
from eligibility.arrangements.gathering import asked_of
from eligibility.arrangements.open_requests import in_the_way, open_beside
from eligibility.arrangements.stands import over_words
from eligibility.forms.requests import KeberatanForm, SendForm, TakeBackForm, WithdrawForm, typed_plan
from eligibility.models import Arrangement, ArrangementState
from eligibility.pages.reading import Reading
from eligibility.pages.requests import RequestAnswer, asked_for_words, my_page, request_answer
from eligibility.request_access import (
    employee_here,
    get_arrangement_to_amend,
    get_employee_in_charge,
    get_own_request,
    get_request_to_write,
    is_own,
    own_employee,
)
from eligibility.rulebook import Mode
from eligibility.views.answers import HtmxRequest, judged
from eligibility.views.request_forms import Desk, write

form_view = require_http_methods(["GET", "HEAD", "POST"])
TO_BE_MENDED = (ArrangementState.DRAFT, ArrangementState.RETURNED)
UNDECIDED = (ArrangementState.SUBMITTED, ArrangementState.CONSULTATION)


@never_cache
@judged
def my_flexibility(request: HttpRequest, standing: Standing, reading: Reading) -> HttpResponse:
    """The answer for one's own job, one's requests with what happens next, and one's letters."""
    employee = own_employee(standing, signed_in(request))
    page = my_page(reading, standing, employee, request.GET, clock.today(standing.institution))
    return render(request, "eligibility/my_flexibility.html", frame(standing, page=page, day=reading.day))


@login_required
@form_view
@never_cache
def new(request: HtmxRequest, institution: str) -> HttpResponse:
    """Ask for oneself; `?bentuk=` chooses the form of flexible work beforehand."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    employee = own_employee(standing, user)
    initial = _first_choice(request)
    open_request = _open_request(employee.pk, initial.get("mode", ""))
    if open_request is not None:
        return redirect("arrangement_edit", institution, open_request.pk)
    return write(request, Desk(standing, user, employee, _("Ask for Fleksibilitas Kerja"), initial=initial))


@login_required
@form_view
@never_cache
def new_for(request: HtmxRequest, institution: str, employee: int) -> HttpResponse:
    """Ask for an employee in one's charge; for oneself one asks on the page of one's own."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    found = get_employee_in_charge(standing, employee)
    own = employee_here(standing, user)
    if own is not None and own.pk == found.pk:
        return redirect("arrangement_new", institution)
    title = _("Ask for %(name)s") % {"name": found.name}
    return write(request, Desk(standing, user, found, title, initial=_first_choice(request)))


def _first_choice(request: HttpRequest) -> dict[str, Any]:
    chosen = request.GET.get("bentuk", "")
    return {"mode": chosen} if chosen in {mode.value for mode in Mode} else {}


def _open_request(employee: int, mode: str) -> Arrangement | None:
    """The draft or returned request of that form that one goes on with instead of beginning another."""
    return Arrangement.objects.filter(employee=employee, mode=mode, state__in=TO_BE_MENDED).first()


@login_required
@form_view
@never_cache
def edit(request: HtmxRequest, institution: str, pk: int) -> HttpResponse:
    """Mend a draft, or a request that was returned."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    found = get_request_to_write(standing, user, pk, timezone.now())
    if found.state not in TO_BE_MENDED:
        return _elsewhere(request, found)
    desk = Desk(standing, user, found.employee, _("Request: %(mode)s") % {"mode": found.get_mode_display()}, found)
    return write(request, _with_plan(desk, found))


@login_required
@form_view
@never_cache
def amend(request: HtmxRequest, institution: str, pk: int) -> HttpResponse:
    """Ask for a change of a granted arrangement; until it is approved the old one holds."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    found = get_arrangement_to_amend(standing, user, pk, timezone.now())
    begun = _open_request(found.employee_id, found.mode)
    if begun is not None and (is_own(user, begun) or begun.asked_by_id == user.pk):
        return redirect("arrangement_edit", institution, begun.pk)
    if found.state not in (ArrangementState.APPROVED, ArrangementState.SUSPENDED):
        return _elsewhere(request, found)
    if found.ends_on < clock.today(standing.institution):
        return _elsewhere(request, found, over_words(found))
    desk = Desk(standing, user, found.employee, _("Change of an arrangement"), amends=found)
    return write(request, _with_plan(desk, found))


def _with_plan(desk: Desk, found: Arrangement) -> Desk:
    return replace(desk, initial=typed_plan(found, own=desk.own))


def _elsewhere(request: HttpRequest, found: Arrangement, why: str = "") -> HttpResponse:
    """Back to the request, which is further on than the page that was asked for."""
    messages.info(request, why or _("This request stands elsewhere by now; here is where."))
    return redirect("arrangement", found.institution.code, found.pk)


@login_required
@form_view
@never_cache
def submit(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Send a request; before that the portal's answer and its way are shown once more."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    found = get_request_to_write(standing, user, pk, timezone.now())
    if found.state not in TO_BE_MENDED:
        return _elsewhere(request, found)
    page = _page(request, standing, found, _("Send the request"), _("Send the request"), "arrangement_submit.html")
    on = clock.today(standing.institution)
    return act_page(
        request,
        page,
        SendForm(posted(request)),
        lambda: submit_request(actor=user, arrangement=found, on=on),
        done=_("The request is sent."),
        answer=_answer_of(standing, user, found),
        arrangement=found,
    )


def _answer_of(standing: Standing, user: User, found: Arrangement) -> RequestAnswer | None:
    """The portal's answer to a stored request."""
    desk = Desk(standing, user, found.employee, "", found)
    posting = desk.posting()
    if posting is None:
        return None
    return request_answer(desk.asker(posting), asked_of(found, asked_on=desk.today).request, desk.at)


@login_required
@form_view
@never_cache
def take_back(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Take back a request that waits for a decision, and go on with it where it was written."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    found = get_request_to_write(standing, user, pk, timezone.now())
    if found.state not in UNDECIDED:
        return _elsewhere(request, found)
    form, on = TakeBackForm(posted(request)), clock.today(standing.institution)

    def act() -> object:
        return take_back_request(actor=user, arrangement=found, text=form.cleaned_data["text"], on=on)

    page = _page(request, standing, found, _("Take the request back to mend it"), _("Take back to mend"))
    what = _("All that is typed stays. It waits for nobody then; once it is sent again it goes its whole way anew.")
    page = replace(page, lead=f"{page.lead} {what}", after=reverse("arrangement_edit", args=[institution, pk]))
    return act_page(request, page, form, act, done=_("The request is yours again: mend it and send it."))


@login_required
@form_view
@never_cache
def withdraw(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Take back a request that is not decided yet; a draft needs no reason."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    found = get_request_to_write(standing, user, pk, timezone.now())
    if not found.may_become(ArrangementState.WITHDRAWN):
        return _elsewhere(request, found)
    form = WithdrawForm(posted(request), is_draft=found.state == ArrangementState.DRAFT)
    on = clock.today(standing.institution)

    def act() -> object:
        return withdraw_request(actor=user, arrangement=found, reason=form.cleaned_data["reason"], on=on)

    page = _page(request, standing, found, _("Withdraw the request"), _("Withdraw"))
    return act_page(request, page, form, act, done=_("The request is withdrawn."))


@login_required
@form_view
@never_cache
def object_to(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Raise an objection (keberatan) against the refusal of one's own request, once."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    found = get_own_request(standing, user, pk, timezone.now())
    if found.state != ArrangementState.REFUSED or found.objections.exists():
        return _elsewhere(request, found)
    form = KeberatanForm(posted(request))
    on = clock.today(standing.institution)

    def act() -> object:
        return object_to_refusal(actor=user, arrangement=found, statement=form.cleaned_data["statement"], on=on)

    page = _page(request, standing, found, _("Raise an objection (keberatan)"), _("Send the objection"))
    if other := open_beside(found):
        page = replace(page, lead=f"{page.lead} {in_the_way(other)}")
    return act_page(request, page, form, act, done=_("The objection is before the next level."))


def _page(
    request: HttpRequest, standing: Standing, found: Arrangement, title: str, button: str, template: str = ""
) -> ActPage:
    """A form about one request; the employee comes back to her own page, others to the request."""
    code, user = standing.institution.code, signed_in(request)
    if request.method != "POST":
        note_read(reader=user, standing=standing, page=ReadPage.ARRANGEMENT, at=timezone.now(), employee=found.employee)
    own = is_own(user, found)
    mine, seen = reverse("my_flexibility", args=[code]), reverse("arrangement", args=[code, found.pk])
    parent = Crumb(_("My flexible work"), mine) if own else Crumb(str(found.employee), seen)
    home = Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}")
    return ActPage(
        standing,
        title,
        button,
        (home, parent, Crumb(title)),
        back=mine if own else seen,
        lead=asked_for_words(found) if own else f"{found.employee}: {asked_for_words(found)}",
        template=f"eligibility/{template}" if template else "agencies/act_page.html",
    )
