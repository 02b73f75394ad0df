"""The pages of studies: all agencies side by side, one agency over periods, one study, its draft and its signature."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.actions import studies as acts
from agencies.clock import judged_day, today
from agencies.exporting.answers import exported
from agencies.forms.frame import ActForm, posted
from agencies.forms.studies import ComparedForm, StudyDraftForm, StudySigningForm
from agencies.keys import is_key
from agencies.models import Agency, AgencyReview, User
from agencies.pages.studies import compared, shared_frame, study_page
from agencies.studies.exports import compared_export, signed_export, study_export
from agencies.studies.over_time import over_time
from agencies.studies.recorded import Recorded, recorded
from agencies.studies.values import StudyValues
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.places import officer, touch_from


@login_required
@require_safe
def studies(request: HttpRequest, institution: str) -> HttpResponseBase:
    """All agencies in sight with their studies side by side."""
    standing = access.acting_as(access.get_standing(request.user, institution), *access.STUDY_READERS)
    day = judged_day(request, standing.institution)
    page = compared(standing, day.on, request.GET)
    form = ComparedForm(request.GET, periods=[(choice.code, choice.label) for choice in page.periods])
    form.is_valid()
    table = compared_export(page.table, standing.institution, day.on, page.filters, day.known_at)
    if file := exported(request, table, "kajian-perangkat-daerah"):
        return file
    context = {"standing": standing, "institution": standing.institution, "day": day, "page": page, "form": form}
    return render(request, "agencies/studies.html", context)


@login_required
@require_safe
def agency_reviews(request: HttpRequest, institution: str, agency_code: str) -> HttpResponseBase:
    """The signed studies of an agency over time, and to its writers the draft."""
    standing = access.get_standing(request.user, institution)
    agency, on = access.get_agency(standing, agency_code), today(standing.institution)
    rows, found = AgencyReview.objects.filter(agency=agency), over_time(agency)
    signed = rows.signed().order_by("-valid_from", "-signed_at", "-pk")
    speaking = {one.pk for one in found.studies}
    if file := exported(request, partial(signed_export, signed, speaking, agency, on), f"kajian-{agency.code}"):
        return file
    writes = access.writes_study(standing, agency.pk)
    context = shared_frame(standing, agency) | {
        "now": rows.in_force(on).get(agency.pk),
        "rows": signed,
        "draft": rows.drafts().first() if writes else None,
        "over_time": found,
        "writes": writes,
        "on": on,
    }
    return render(request, "agencies/agency_reviews.html", context)


@login_required
@require_safe
def study(request: HttpRequest, institution: str, agency_code: str, pk: int) -> HttpResponseBase:
    """One signed study in full, with what does not fit together."""
    standing = access.get_standing(request.user, institution)
    agency = access.get_agency(standing, agency_code)
    found = access.get_study(standing, agency, pk)
    page = study_page(found, _recorded_of(found))
    if file := exported(request, study_export(page, found.valid_from), f"kajian-{agency.code}-{pk}"):
        return file
    context = shared_frame(standing, agency) | {"page": page, "writes": access.writes_study(standing, agency.pk)}
    return render(request, "agencies/study.html", context)


@login_required
def study_draft(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Begin the draft of a study or go on with it; `dari` names a signed one to begin from."""
    standing, agency, user = _writer(request, institution, agency_code)
    draft = AgencyReview.objects.filter(agency=agency).drafts().first()
    begun_from = None if draft else _begun_from(request, standing, agency)
    shown = draft or begun_from
    found = _recorded_of(shown) if shown else None
    form = StudyDraftForm(posted(request), draft=draft, begun_from=begun_from, recorded=found)
    seen = str(form["seen"].value() or "")
    return act_page(
        request,
        _page(standing, agency, _("Draft of the study"), _("Save the draft"), template="agencies/study_draft.html"),
        form,
        lambda: acts.save_study_draft(actor=user, agency=agency, values=form.values(), seen=seen),
        done=_("The draft is saved. BKPSDM signs it; until then no rule reads it."),
        study=study_page(draft, found) if draft else None,
    )


@login_required
def study_discard(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Discard the draft of a study."""
    standing, agency, user = _writer(request, institution, agency_code)
    lead = _("The draft is removed with everything typed into it. Signed studies stay as they are.")
    return act_page(
        request,
        _page(standing, agency, _("Discard the draft"), _("Discard the draft"), lead=lead),
        ActForm(posted(request)),
        lambda: acts.discard_study_draft(actor=user, agency=agency),
        done=_("The draft is discarded."),
    )


@login_required
def study_sign(request: HttpRequest, institution: str, agency_code: str) -> HttpResponse:
    """Sign the draft of a study as BKPSDM."""
    standing, user = officer(request, institution)
    agency = access.get_agency(standing, agency_code)
    draft = AgencyReview.objects.filter(agency=agency).drafts().first()
    if draft is None:
        return redirect("agency_reviews", institution, agency.code)
    seen = StudyValues.of(draft).digest
    initial = {"seen": seen, "valid_from": today(standing.institution)}
    form = StudySigningForm(posted(request), initial=initial)
    return act_page(
        request,
        _page(standing, agency, _("Sign the study"), _("Sign the study"), template="agencies/study_sign.html"),
        form,
        lambda: acts.sign_study(
            actor=user, agency=agency, judgement=form.judgement(), seen=form.cleaned_data["seen"] or None
        ),
        touch=lambda: touch_from(standing, form.cleaned_data["valid_from"], agencies=[agency.pk]),
        done=_("The study is signed. From its day on the rules read it, and nobody can change it."),
        study=study_page(draft, _recorded_of(draft)),
    )


def _writer(request: HttpRequest, institution: str, code: str) -> tuple[Standing, Agency, User]:
    """Who writes drafts of the agency; Http404 for everybody else."""
    standing = access.acting_as(access.get_standing(request.user, institution), *access.STUDY_WRITERS)
    assert isinstance(request.user, User)
    return standing, access.get_agency(standing, code), request.user


def _begun_from(request: HttpRequest, standing: Standing, agency: Agency) -> AgencyReview | None:
    """The signed study that a new draft repeats so that it can be corrected."""
    key = request.GET.get("dari", "")
    if not is_key(key):
        return None
    return access.get_study(standing, agency, int(key))


def _recorded_of(found: AgencyReview) -> Recorded | None:
    """What the portal has recorded for the period of a study, as known now."""
    if found.period_starts_on is None or found.period_ends_on is None:
        return None
    return recorded(found.agency, found.period_starts_on, found.period_ends_on, timezone.now())


def _page(standing: Standing, agency: Agency, title: str, button: str, **more: Any) -> ActPage:
    """The page of a form that leads back to the studies of the agency."""
    code = standing.institution.code
    back = reverse("agency_reviews", args=[code, agency.code])
    crumbs = (
        Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}"),
        Crumb(agency.name, reverse("agency", args=[code, agency.code])),
        Crumb(_("Studies of the agency"), back),
        Crumb(title),
    )
    return ActPage(standing, f"{title}: {agency.name}", button, crumbs, back, **more)
