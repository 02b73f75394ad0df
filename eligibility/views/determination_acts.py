"""The forms from checked results to a Penetapan: send, pass on, return, withdraw, record, revoke."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import Standing, acting_as, get_agency, get_standing
from agencies.actions.documents import add_document
from agencies.clock import JudgedDay, judged_day, today
from agencies.forms.frame import posted
from agencies.models import Agency, Role, User
from agencies.querysets import open_on
from agencies.views.acts import ActPage, Crumb, act_page
from eligibility import access
from eligibility.actions import determinations as acts
from eligibility.actions import results
from eligibility.forms.determinations import (
    PassForm,
    RecordForm,
    ReturnForm,
    RevokeForm,
    SendForm,
    WithdrawForm,
    starting_values,
)
from eligibility.loading import NoLawInForce
from eligibility.models import Determination, Step, Verification
from eligibility.pages.determination import revocable
from eligibility.pages.reading import read
from eligibility.pages.verification import may_do, results_to_send

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def send(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """The results of an agency to be checked, and the button that sends them upwards."""
    standing = acting_as(get_standing(request.user, institution), Role.HR_OFFICER)
    agency, day = get_agency(standing, agency_code), judged_day(request, standing.institution)
    try:
        reading = read(standing.institution, day)
    except NoLawInForce as refusal:
        return _without_law(request, standing, day, refusal)
    has_below = Agency.objects.filter(open_on(day.on), parent=agency).exists()
    form = SendForm(posted(request), has_below=has_below)
    sent: list[Verification] = []

    def act() -> object:
        send_now = partial(results.send_results, actor=_actor(request), agency=agency, judged_on=day.on)
        sent.append(send_now(known_at=day.known_at, with_subtree=form.cleaned_data.get("with_subtree", False)))
        return sent[-1]

    page = _page(
        standing,
        agency,
        title=_("Check and send the results of %(agency)s") % {"agency": agency.name},
        button=_("Send the verification result"),
        back=reverse("agency", args=[institution, agency.code]),
        template="eligibility/verification_send.html",
    )
    answer = act_page(
        request,
        page,
        form,
        act,
        done=_("The results were sent. They wait for the first step of their way."),
        day=day,
        **results_to_send(reading, agency, request.GET),
    )
    return redirect("verification", institution, sent[0].pk) if sent else answer


def _without_law(request: HttpRequest, standing: Standing, day: JudgedDay, refusal: NoLawInForce) -> HttpResponse:
    context = {"standing": standing, "institution": standing.institution, "day": day, "refusal": refusal}
    return render(request, "eligibility/no_law.html", context)


@login_required
@form_view
def pass_on(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Record that the step the results wait at was passed."""
    standing, found = _found(request, institution, pk)
    if not may_do(standing, found).pass_step:
        return _elsewhere(request, found)
    form = PassForm(posted(request), initial=starting_values(_today(found)))
    step = Step(found.step)

    def act() -> object:
        return results.pass_step(actor=_actor(request), verification=found, step=step, signed=form.signature())

    page = _step_page(standing, found, title=_("Record the step: %(step)s") % {"step": step.label}, button=_("Pass on"))
    return act_page(request, page, form, act, done=_("The step was recorded."))


@login_required
@form_view
def give_back(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Record that the step the results wait at returned them."""
    standing, found = _found(request, institution, pk)
    if not may_do(standing, found).give_back:
        return _elsewhere(request, found)
    form = ReturnForm(posted(request), initial=starting_values(_today(found)))
    step = Step(found.step)

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return results.return_results(
            actor=_actor(request), verification=found, step=step, signed=form.signature(), reason=reason
        )

    page = _step_page(
        standing,
        found,
        title=_("Return the results: %(step)s") % {"step": step.label},
        button=_("Return with the reason"),
        lead=_("BKPSDM mends what is named and sends the results again; the way then begins anew."),
    )
    return act_page(request, page, form, act, done=_("The results were returned."))


@login_required
@form_view
def withdraw(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Take results back."""
    standing, found = _found(request, institution, pk, Role.HR_OFFICER)
    if not may_do(standing, found).withdraw:
        return _elsewhere(request, found)
    form = WithdrawForm(posted(request))

    def act() -> object:
        return results.withdraw_results(actor=_actor(request), verification=found, reason=form.cleaned_data["reason"])

    page = _step_page(
        standing,
        found,
        title=_("Withdraw the results"),
        button=_("Withdraw"),
        lead=_("The results end here and cannot be taken up again; new ones can be sent afterwards."),
    )
    return act_page(request, page, form, act, done=_("The results were withdrawn."))


@login_required
@form_view
def record(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Record the Keputusan on results that have passed every step before it."""
    standing, found = _found(request, institution, pk, Role.HR_OFFICER)
    if not may_do(standing, found).record:
        return _elsewhere(request, found)
    earlier = Determination.objects.filter(verification__agency=found.agency, superseded_by__isnull=True)
    starting = starting_values(_today(found)) | {"effective_from": _today(found)}
    form = RecordForm(posted(request), request.FILES or None, earlier=earlier, initial=starting)
    recorded: list[Determination] = []

    def act() -> object:
        made = _recorded(_actor(request), found, form)
        recorded.extend([made] if made else [])
        return made

    page = _step_page(
        standing,
        found,
        title=_("Record the Keputusan for %(agency)s") % {"agency": found.agency.name},
        button=_("Record the Keputusan"),
        lead=_("From then on the rows are frozen: no one can change them, and the annex bears this number."),
    )
    answer = act_page(request, page, form, act, done=_("The Keputusan was recorded."))
    return redirect("determination", institution, recorded[0].pk) if recorded else answer


@transaction.atomic
def _recorded(actor: User, found: Verification, form: RecordForm) -> Determination | None:
    """The Keputusan with its document; if it is refused, the document is not kept either."""
    typed = form.cleaned_data
    file = typed["document"]
    document = add_document(actor=actor, institution=found.institution, name=file.name[-200:], file=file)
    return acts.record_determination(
        actor=actor,
        verification=found,
        signed=form.signature(),
        effective_from=typed["effective_from"],
        last_day=typed["last_day"],
        supersedes=typed["supersedes"],
        document=document,
    )


@login_required
@form_view
def revoke(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Record that a Keputusan no longer holds from a day on."""
    standing = acting_as(get_standing(request.user, institution), Role.HR_OFFICER)
    found = access.get_determination(standing, pk, whole=True)
    back = reverse("determination", args=[institution, pk])
    if not revocable(found, today(found.institution)):
        messages.info(request, _("This Keputusan no longer holds, so there is nothing to revoke."))
        return redirect(back)
    form = RevokeForm(posted(request), initial=starting_values(_today(found.verification)))

    def act() -> object:
        typed = form.cleaned_data
        return acts.revoke_determination(
            actor=_actor(request),
            determination=found,
            signed=form.signature(),
            effective_from=typed["effective_from"],
            reason=typed["reason"],
        )

    page = _page(
        standing,
        found.verification.agency,
        title=_("Revoke the Keputusan %(number)s") % {"number": found.number},
        button=_("Revoke"),
        back=back,
        lead=_("Its rows stay readable for ever; from the day named they no longer hold."),
    )
    return act_page(request, page, form, act, done=_("The revocation was recorded."))


def _found(request: HttpRequest, institution: str, pk: int, *roles: Role) -> tuple[Standing, Verification]:
    """The results of the address, for who may record steps; a head only her own agency's proposal."""
    standing = acting_as(get_standing(request.user, institution), *(roles or (Role.HR_OFFICER, Role.AGENCY_HEAD)))
    return standing, access.get_verification(standing, pk)


def _elsewhere(request: HttpRequest, found: Verification) -> HttpResponse:
    """The way out when the results do not stand where the form is about."""
    messages.info(request, _("The results do not wait for this; here is where they stand."))
    return redirect("verification", found.institution.code, found.pk)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _today(found: Verification) -> date:
    return today(found.institution)


def _page(standing: Standing, agency: Agency, **parts: Any) -> ActPage:
    code = standing.institution.code
    crumbs = (
        Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}"),
        Crumb(_("Determinations"), reverse("determinations", args=[code])),
        Crumb(agency.name, reverse("agency", args=[code, agency.code])),
        Crumb(parts["title"]),
    )
    return ActPage(standing=standing, crumbs=crumbs, **parts)


def _step_page(standing: Standing, found: Verification, **parts: Any) -> ActPage:
    back = reverse("verification", args=[standing.institution.code, found.pk])
    return _page(standing, found.agency, back=back, **parts)
