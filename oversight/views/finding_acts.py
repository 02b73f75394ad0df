"""The forms of findings: write, change, issue, withdraw, reply, review."""

from __future__ import annotations

from datetime import date

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
from agencies.models import Agency, User
from agencies.views.acts import ActPage, Crumb, act_page
from oversight import finding_access
from oversight.actions import findings as acts
from oversight.forms.findings import FindingForm, NothingForm, ReplyForm, ReviewForm, WithdrawFindingForm
from oversight.models import Finding, FindingState
from oversight.pages.finding_starts import finding_start
from oversight.provisions import days_measured, provisions_of
from oversight.views.finding_frame import first_crumbs, led_back, opened, page_of, written_by_inspector

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
@never_cache
def add(request: HttpRequest, institution: str) -> HttpResponse:
    """Write a draft: from an indication, from a difference, or by hand."""
    standing, user = get_standing(request.user, institution), request.user
    assert isinstance(user, User)
    agencies, on, now = finding_access.audited_by_inspector(standing, user), _today(standing), timezone.now()
    start = finding_start(standing, user, request.GET, on, now)
    if start.agency is not None and not agencies.filter(pk=start.agency.pk).exists():
        raise Http404
    choices = agencies.order_by("name") if start.agency is None else None
    provisions = provisions_of(days_measured(on, start.origin.arrangement, start.origin.determination), now)
    form = FindingForm(posted(request), initial=start.initial, agencies=choices, provisions=provisions)
    written: list[Finding] = []

    def act() -> object:
        agency = start.agency or form.cleaned_data["agency"]
        owner, values = standing.institution, form.values()
        draft = acts.draft_finding(actor=user, institution=owner, agency=agency, values=values, origin=start.origin)
        written.append(draft)
        return draft

    answer = act_page(request, _add_page(standing, start.agency), form, act, done=_("The draft is kept."))
    return redirect("finding", institution, written[0].pk) if written else answer


def _add_page(standing: Standing, agency: Agency | None) -> ActPage:
    back = reverse("findings", args=[standing.institution.code])
    title = _("Write a finding")
    return ActPage(
        standing=standing,
        title=title,
        button=_("Keep the draft"),
        crumbs=(*first_crumbs(standing), Crumb(title)),
        back=back,
        lead=agency.name if agency else "",
    )


@login_required
@form_view
@never_cache
def change(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Change a draft."""
    standing, user, found = written_by_inspector(request, institution, pk)
    if found.state != FindingState.DRAFT:
        return led_back(request, found)
    initial = {name: getattr(found, name) for name in _WORDS}
    days = days_measured(_today(standing), found.arrangement, found.determination)
    provisions = provisions_of(days, timezone.now(), found.provision)
    form = FindingForm(posted(request), initial=initial, agencies=None, provisions=provisions)

    def act() -> object:
        return acts.change_finding(actor=user, finding=found, values=form.values())

    page = page_of(standing, found, _("Change the draft"), _("Keep the draft"), found.agency.name)
    return act_page(request, page, form, act, done=_("The draft is kept."))


_WORDS = ("title", "condition", "provision", "criterion", "cause", "effect", "recommendation")


@login_required
@form_view
@never_cache
def issue(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Give the finding to the agency."""
    standing, user, found = written_by_inspector(request, institution, pk)
    if found.state != FindingState.DRAFT:
        return led_back(request, found)
    form, on = NothingForm(posted(request)), _today(standing)
    lead = _("%(agency)s then reads it and replies; what it says is not changed any more.")
    title, lead = _("Issue the finding"), lead % {"agency": found.agency.name}
    page = page_of(standing, found, title, _("Issue to the agency"), lead)

    def act() -> object:
        return acts.issue_finding(actor=user, finding=found, on=on)

    return act_page(request, page, form, act, done=_("The finding is issued; the days for the reply run."))


@login_required
@form_view
@never_cache
def withdraw(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Take a finding back."""
    standing, user, found = written_by_inspector(request, institution, pk)
    if not found.may_become(FindingState.WITHDRAWN):
        return led_back(request, found)
    form = WithdrawFindingForm(posted(request))

    def act() -> object:
        return acts.withdraw_finding(actor=user, finding=found, reason=form.cleaned_data["reason"])

    page = page_of(standing, found, _("Withdraw the finding"), _("Withdraw"))
    return act_page(request, page, form, act, done=_("The finding is withdrawn."))


@login_required
@form_view
@never_cache
def reply(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The reply of the audited agency."""
    standing, user, found = opened(request, institution, pk)
    if not finding_access.answers_for(standing, found):
        raise Http404
    if found.state != FindingState.ISSUED:
        return led_back(request, found, replying=True)
    on = _today(standing)
    form = ReplyForm(posted(request), initial={"replied_on": on})

    def act() -> object:
        typed = form.cleaned_data
        return acts.reply_to_finding(
            actor=user, finding=found, text=typed["text"], replied_on=typed["replied_on"], on=on
        )

    page = page_of(standing, found, _("Reply to the finding"), _("Send the reply"), found.title)
    return act_page(request, page, form, act, done=_("The reply is recorded."))


@login_required
@form_view
@never_cache
def review(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """How what was done is judged."""
    standing, user, found = written_by_inspector(request, institution, pk)
    if found.state != FindingState.ISSUED:
        return led_back(request, found)
    on = _today(standing)
    form = ReviewForm(posted(request), initial={"reviewed_on": on, "status": "not_yet"})

    def act() -> object:
        typed = form.cleaned_data
        return acts.review_follow_up(
            actor=user,
            finding=found,
            status=typed["status"],
            text=typed["text"],
            reviewed_on=typed["reviewed_on"],
            on=on,
        )

    page = page_of(standing, found, _("Review the follow-up"), _("Record the review"), found.title)
    return act_page(request, page, form, act, done=_("The review is recorded."))


def _today(standing: Standing) -> date:
    return clock.today(standing.institution)
