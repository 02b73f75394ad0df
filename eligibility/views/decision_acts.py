"""The forms of those who decide: endorse, return, consult, approve, refuse, answer, suspend, resume, end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.access import Standing, get_standing
from agencies.forms.frame import posted
from agencies.models import Role, User
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.people_frame import signed_in
from eligibility.actions import approvals, endings
from eligibility.arrangement_access import IN_CHARGE, get_arrangement
from eligibility.arrangements.open_requests import in_the_way, open_beside
from eligibility.arrangements.stands import Stands, over_words, stands
from eligibility.forms.decisions import (
    AnswerForm,
    ConsultForm,
    EndForm,
    FromDayForm,
    NoFieldsForm,
    RefuseForm,
    RemarkForm,
    ReturnForm,
    SuspendForm,
)
from eligibility.models import Arrangement
from eligibility.pages.decision import DecisionPage, MayDo, checks_to_resume, decision_page, may_do

form_view = require_http_methods(["GET", "HEAD", "POST"])

DECIDERS: Final = (Role.AGENCY_HEAD,)
TEMPLATE: Final = "eligibility/arrangement_act.html"


@dataclass(frozen=True)
class Desk:
    """The request that the address names, who sits before it, and the day."""

    standing: Standing
    user: User
    arrangement: Arrangement
    on: date
    may: MayDo

    @property
    def back(self) -> str:
        """The page of the request."""
        return reverse("arrangement", args=[self.standing.institution.code, self.arrangement.pk])

    def page(self, title: str, button: str, lead: str = "") -> ActPage:
        """What surrounds the form."""
        institution = self.standing.institution
        crumbs = [Crumb(institution.name, f"{reverse('home')}?instansi={institution.code}")]
        if self.standing.holds(*IN_CHARGE):
            listed = reverse("arrangements", args=[institution.code])
            crumbs.append(Crumb(_("Flexible work (Fleksibilitas Kerja)"), listed))
        crumbs += [Crumb(self.arrangement.employee.name, self.back), Crumb(title)]
        return ActPage(self.standing, title, button, tuple(crumbs), self.back, lead=lead, template=TEMPLATE)

    def seen(self) -> DecisionPage:
        """What was asked, as it stands beside the form."""
        return decision_page(self.standing, self.user, self.arrangement, self.on, timezone.now(), again=False)

    def seen_to_resume(self, on: date) -> DecisionPage:
        """The same, with the checks of what is left from the day on which it is to hold again."""
        checks = checks_to_resume(self.standing, self.user, self.arrangement, on, timezone.now())
        return replace(self.seen(), now=checks)

    def elsewhere(self, request: HttpRequest, *roles: Role) -> HttpResponse:
        """The way out when this is not to be done here; for who never does it, the page is not there."""
        if not self.standing.holds(*roles) and self.user.employee_id != self.arrangement.employee_id:
            raise Http404
        over = stands(self.arrangement, self.on) is Stands.EXPIRED
        otherwise = _("This is not for you to do now; here is where the request stands.")
        messages.info(request, over_words(self.arrangement) if over else otherwise)
        return redirect(self.back)


def _desk(request: HttpRequest, institution: str, pk: int) -> Desk:
    """The request of the address for who may open it; opening a form about it is logged."""
    standing, user, now = get_standing(request.user, institution), signed_in(request), timezone.now()
    found, on = get_arrangement(standing, user, pk, now), clock.today(standing.institution)
    if request.method != "POST":
        note_read(reader=user, standing=standing, page=ReadPage.ARRANGEMENT, at=now, employee=found.employee)
    return Desk(standing, user, found, on, may_do(standing, user, found, on, now))


@login_required
@form_view
@never_cache
def endorse(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Support the request; it goes on to the next office."""
    desk = _desk(request, institution, pk)
    if not desk.may.endorse:
        return desk.elsewhere(request, *DECIDERS)
    form = RemarkForm(posted(request))

    def act() -> object:
        text = form.cleaned_data["text"]
        return approvals.endorse_request(actor=desk.user, arrangement=desk.arrangement, text=text, on=desk.on)

    lead = _("It goes on to the next office, which sees your remark.")
    if desk.may.decide:
        lead = _(
            "A provision asks for the approval of an office that was not asked. With your endorsement the request goes "
            "on to that office, which sees your remark; then it comes back to you to be decided."
        )
    page = desk.page(_("Endorse the request"), _("Endorse"), lead)
    return act_page(request, page, form, act, done=_("The request was endorsed and goes on."), seen=desk.seen())


@login_required
@form_view
@never_cache
def give_back(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Give the request back to be mended."""
    desk = _desk(request, institution, pk)
    if not desk.may.give_back:
        return desk.elsewhere(request, *DECIDERS)
    form = ReturnForm(posted(request))

    def act() -> object:
        text = form.cleaned_data["text"]
        return approvals.return_request(actor=desk.user, arrangement=desk.arrangement, text=text, on=desk.on)

    lead = _("The employee mends what you name and submits it again; it then passes every office anew.")
    page = desk.page(_("Return the request"), _("Return with the reason"), lead)
    return act_page(request, page, form, act, done=_("The request was returned."), seen=desk.seen())


@login_required
@form_view
@never_cache
def consult(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Record a talk with the employee."""
    desk = _desk(request, institution, pk)
    if not desk.may.consult:
        return desk.elsewhere(request, *DECIDERS)
    form = ConsultForm(posted(request), initial={"held_on": desk.on})

    def act() -> object:
        typed = form.cleaned_data
        words = {"held_on": typed["held_on"], "text": typed["text"]}
        return approvals.record_consultation(actor=desk.user, arrangement=desk.arrangement, on=desk.on, **words)

    lead = _("Only after a recorded consultation can a request be refused. It may still be approved or endorsed.")
    page = desk.page(_("Record a consultation"), _("Record the consultation"), lead)
    return act_page(request, page, form, act, done=_("The consultation was recorded."), seen=desk.seen())


@login_required
@form_view
@never_cache
def approve(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Approve the request, if every check holds at that moment; else each that does not is told."""
    desk = _desk(request, institution, pk)
    if not desk.may.decide:
        return desk.elsewhere(request, *DECIDERS)
    form = NoFieldsForm(posted(request))

    def act() -> object:
        return approvals.approve_request(actor=desk.user, arrangement=desk.arrangement, on=desk.on)

    lead = _("Every check is made once more at the moment of your approval and kept with it; the letter follows.")
    page = desk.page(_("Approve the request"), _("Approve"), lead)
    return act_page(request, page, form, act, done=_("The request was approved."), seen=desk.seen())


@login_required
@form_view
@never_cache
def refuse(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Refuse the request with a ground and a reason."""
    desk = _desk(request, institution, pk)
    if not desk.may.refuse:
        return desk.elsewhere(request, *DECIDERS)
    form = RefuseForm(posted(request))

    def act() -> object:
        typed = form.cleaned_data
        words = {"ground": typed["ground"], "text": typed["text"]}
        return approvals.refuse_request(actor=desk.user, arrangement=desk.arrangement, on=desk.on, **words)

    lead = _(
        "The request ends here: the employee goes on working at the office. She reads ground and reason, and may "
        "raise an objection (keberatan) to the next level once."
    )
    page = desk.page(_("Refuse the request"), _("Refuse the request"), lead)
    return act_page(request, page, form, act, done=_("The request was refused."), seen=desk.seen())


@login_required
@form_view
@never_cache
def answer(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Answer the objection to a refusal."""
    desk = _desk(request, institution, pk)
    if not desk.may.answer:
        return desk.elsewhere(request, *DECIDERS)
    form = AnswerForm(posted(request))

    def act() -> object:
        granted, words = form.cleaned_data["granted"] == "yes", form.cleaned_data["answer"]
        parts = {"granted": granted, "answer": words}
        return approvals.answer_objection(actor=desk.user, arrangement=desk.arrangement, on=desk.on, **parts)

    lead = _(
        "It is answered once. If you grant it, the request is open again: it comes before your office, before those "
        "that a condition names if they were not asked yet, and before those that decide after you."
    )
    other = open_beside(desk.arrangement)
    told = f"{lead} {in_the_way(other)}" if other else lead
    page = desk.page(_("Answer the objection"), _("Answer"), told)
    return act_page(request, page, form, act, done=_("The objection was answered."), seen=desk.seen())


@login_required
@form_view
@never_cache
def suspend(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Suspend a granted arrangement from a day on."""
    desk = _desk(request, institution, pk)
    if not desk.may.suspend:
        return desk.elsewhere(request, *IN_CHARGE)
    form = SuspendForm(posted(request), today=desk.on, ends_on=desk.arrangement.ends_on)

    def act() -> object:
        typed = form.cleaned_data
        words = {"on": typed["on"], "ground": typed["ground"], "text": typed["text"]}
        return endings.suspend_arrangement(actor=desk.user, arrangement=desk.arrangement, **words)

    lead = _(
        "From that day the employee works at the office. Her letter no longer holds, and its QR page says so. She and "
        "her superior are told. It can be resumed."
    )
    page = desk.page(_("Suspend the arrangement"), _("Suspend"), lead)
    return act_page(request, page, form, act, done=_("The arrangement was suspended."), seen=desk.seen())


@login_required
@form_view
@never_cache
def resume(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Let a suspended arrangement hold again, if every check of what is left holds."""
    desk = _desk(request, institution, pk)
    if not desk.may.resume:
        return desk.elsewhere(request, *IN_CHARGE)
    form = FromDayForm(posted(request), today=desk.on, ends_on=desk.arrangement.ends_on)

    def act() -> object:
        on = form.cleaned_data["on"]
        return endings.resume_arrangement(actor=desk.user, arrangement=desk.arrangement, on=on)

    lead = _("What is left of the period is checked once more as at an approval.")
    page = desk.page(_("Resume the arrangement"), _("Resume"), lead)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else desk.on
    done, seen = _("The arrangement holds again."), desk.seen_to_resume(day)
    return act_page(request, page, form, act, done=done, seen=seen, resumed_on=day)


@login_required
@form_view
@never_cache
def end(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """End a granted arrangement from a day on; the employee may end her own."""
    desk = _desk(request, institution, pk)
    if not desk.may.end:
        return desk.elsewhere(request, *IN_CHARGE)
    form = EndForm(posted(request), today=desk.on, ends_on=desk.arrangement.ends_on)

    def act() -> object:
        typed = form.cleaned_data
        words = {"on": typed["on"], "reason": typed["reason"]}
        return endings.end_arrangement(actor=desk.user, arrangement=desk.arrangement, **words)

    lead = _(
        "From that day the work is done at the office and the letter no longer holds. This cannot be undone: for a "
        "further period a new request is needed."
    )
    page = desk.page(_("End the arrangement"), _("End it"), lead)
    return act_page(request, page, form, act, done=_("The arrangement was ended."), seen=desk.seen())
