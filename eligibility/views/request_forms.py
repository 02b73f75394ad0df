"""The form of a request with the engine's answer beside it: new, mended, changed, for oneself or for somebody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from agencies import clock
from agencies.access import Standing, holds_whole
from agencies.errors import PortalError
from agencies.models import Employee, Posting, Role, User
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import Crumb
from agencies.views.people_frame import frame
from eligibility.actions.arrangements import save_request
from eligibility.arrangements.open_requests import objection_kept_waiting
from eligibility.forms.requests import PlanForm
from eligibility.models import Arrangement, ArrangementState
from eligibility.pages.requests import Asker, RequestAnswer, nearest_request, request_answer
from eligibility.request_access import definitive_position
from eligibility.views.answers import HtmxRequest


@dataclass(frozen=True)
class Desk:
    """A request being written: for whom, by whom, and which row it mends or takes the place of."""

    standing: Standing
    user: User
    employee: Employee
    title: str
    arrangement: Arrangement | None = None
    amends: Arrangement | None = None
    initial: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=timezone.now)

    @property
    def own(self) -> bool:
        """Whether she asks for herself."""
        return self.user.employee_id == self.employee.pk

    @property
    def today(self) -> date:
        """The business day."""
        return clock.today(self.standing.institution)

    def posting(self) -> Posting | None:
        """Where the employee works today."""
        return definitive_position(self.employee, self.today, self.at)

    def asker(self, posting: Posting) -> Asker:
        """For whom the plan is judged."""
        amended = self.arrangement.amends_id if self.arrangement else self.amends.pk if self.amends else None
        whole = self.own or holds_whole(self.standing, Role.HR_OFFICER)
        key = self.arrangement.pk if self.arrangement else 0
        return Asker(self.employee, posting.position, whole, key, amended)


def write(request: HtmxRequest, desk: Desk) -> HttpResponse:
    """Show the form with the answer, fill in what would pass, or save it and go on; htmx is given the answer alone."""
    sent = request.POST if request.method == "POST" else None
    _note(request, desk)
    form = PlanForm(sent, institution=desk.standing.institution, own=desk.own, initial=desk.initial)
    posting = desk.posting()
    wish = "" if sent is None else sent.get("do", "save")
    if wish == "use" and posting is not None:
        form = _with_nearest(form, desk, posting)
    saved = _saved(form, desk) if wish in ("save", "send") else None
    if saved is not None:
        messages.success(request, _("The draft is saved."))
        if told := objection_kept_waiting(saved):
            messages.warning(request, told)
        onward = "arrangement_submit" if wish == "send" else "arrangement_edit"
        return redirect(onward, desk.standing.institution.code, saved.pk)
    context = frame(desk.standing, desk=desk, form=form, posting=posting, **_beside(desk))
    context["answer"] = _answer(form, desk, posting)
    template = "eligibility/_request_answer.html" if _is_part(request) else "eligibility/arrangement_form.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _is_part(request: HtmxRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


def _saved(form: PlanForm, desk: Desk) -> Arrangement | None:
    """The saved request; None where it was not saved, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return save_request(
            actor=desk.user,
            employee=desk.employee,
            plan=form.plan(),
            arrangement=desk.arrangement,
            amends=desk.amends,
            asked_by_head=not desk.own,
            on=desk.today,
            at=desk.at,
        )
    except PortalError as refusal:
        form.refuse(refusal)
        return None


def _answer(form: PlanForm, desk: Desk, posting: Posting | None) -> RequestAnswer | None:
    """The engine's answer to what stands in the form; None as long as mode, days or period are missing."""
    if posting is None:
        return None
    asked = form.request(desk.today)
    return request_answer(desk.asker(posting), asked, desk.at) if asked else None


def _with_nearest(form: PlanForm, desk: Desk, posting: Posting) -> PlanForm:
    """The form with the nearest plan that passes, and everything else as it was typed."""
    asked = form.request(desk.today)
    found = nearest_request(desk.asker(posting), asked, desk.at) if asked else None
    if found is None:
        return form
    return PlanForm(form.with_request(found), institution=desk.standing.institution, own=desk.own)


def _beside(desk: Desk) -> dict[str, Any]:
    """What the page tells besides the form: the residence, why it was returned, where it stands in the portal."""
    recorded = desk.employee.residence
    reads = desk.own or desk.standing.holds(Role.HR_OFFICER)
    told = recorded if reads else _("recorded") if recorded else ""
    row = desk.arrangement
    gone_back = row.steps.filter(what__in=("returned", "taken_back")) if row else None
    returned = gone_back.last() if row and gone_back and row.state == ArrangementState.RETURNED else None
    return {"crumbs": _crumbs(desk), "residence": told, "residence_missing": not recorded, "returned": returned}


def _note(request: HttpRequest, desk: Desk) -> None:
    """Log that the form about somebody else was opened."""
    if request.method != "POST":
        note_read(
            reader=desk.user, standing=desk.standing, page=ReadPage.ARRANGEMENT, at=desk.at, employee=desk.employee
        )


def _crumbs(desk: Desk) -> tuple[Crumb, ...]:
    code = desk.standing.institution.code
    home = Crumb(desk.standing.institution.name, f"{reverse('home')}?instansi={code}")
    if desk.own:
        return home, Crumb(_("My flexible work"), reverse("my_flexibility", args=[code])), Crumb(desk.title)
    return home, Crumb(_("Fleksibilitas Kerja"), reverse("arrangements", args=[code])), Crumb(desk.title)
