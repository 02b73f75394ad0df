"""The pages about an institution itself: its stage, places of work and own criteria."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.actions import places
from agencies.clock import today
from agencies.consequences import Touch
from agencies.exporting.answers import exported
from agencies.forms.frame import ActForm, posted
from agencies.forms.places import ClosingForm, LocalCriterionForm, StageForm, WorkplaceForm
from agencies.models import Role, User
from agencies.pages.institution_tables import criterion_table, stage_table, workplace_table
from agencies.views.acts import ActPage, Crumb, act_page

LOCAL_CRITERIA = range(1, 5)
"""The numbers of an institution's own task criteria."""


def frame(standing: Standing, **more: Any) -> dict[str, Any]:
    """What every template here is given; `writes`: the user may change what the page shows."""
    writes = access.holds_whole(standing, Role.HR_OFFICER)
    return {"standing": standing, "institution": standing.institution, "writes": writes, **more}


def officer(request: HttpRequest, institution: str) -> tuple[Standing, User]:
    """The HR officer of the whole institution and her standing; Http404 for everybody else."""
    standing = access.get_standing(request.user, institution)
    access.acting_for_all(standing, Role.HR_OFFICER)
    assert isinstance(request.user, User)
    return standing, request.user


def given(form: ActForm) -> dict[str, Any]:
    """What was typed into a valid form."""
    return {name: value for name, value in form.cleaned_data.items() if name != "previewed"}


def touch_from(standing: Standing, valid_from: date, **what: Any) -> Touch:
    """What an act may change, told for today, or for the later day from which it holds."""
    return Touch(standing.institution, max(today(standing.institution), valid_from), **what)


def page_under(standing: Standing, title: str, button: str, parent: tuple[str, str], **more: Any) -> ActPage:
    """The page of a form that leads back to the page `parent`: its name and its title, then the agency's code."""
    code = standing.institution.code
    back = reverse(parent[0], args=[code, *more.pop("args", [])])
    home = Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}")
    return ActPage(standing, title, button, (home, Crumb(parent[1], back), Crumb(title)), back, **more)


@login_required
@require_safe
def policy_stages(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The stance of the institution today and over time."""
    standing = access.get_standing(request.user, institution)
    on, stages = today(standing.institution), standing.institution.policy_stages
    rows = stages.order_by("-valid_from", "-recorded_at", "-pk")
    if file := exported(request, stage_table(standing.institution, rows, on), "tahap-kebijakan"):
        return file
    context = frame(standing, now=stages.in_force(on), rows=rows, on=on)
    return render(request, "agencies/policy_stages.html", context)


@login_required
def policy_stage_record(request: HttpRequest, institution: str) -> HttpResponse:
    """Record a new stance."""
    standing, user = officer(request, institution)
    form = StageForm(posted(request))
    parent = ("policy_stages", _("Policy stage"))
    return act_page(
        request,
        page_under(standing, _("Record a policy stage"), _("Record the stage"), parent),
        form,
        lambda: places.record_policy_stage(actor=user, institution=standing.institution, **given(form)),
        touch=lambda: touch_from(standing, form.cleaned_data["valid_from"], everything=True),
        done=_("The policy stage is recorded."),
    )


@login_required
@require_safe
def workplaces(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The register of offices and other places."""
    standing = access.get_standing(request.user, institution)
    rows, on = standing.institution.workplaces.select_related("agency"), today(standing.institution)
    if file := exported(request, workplace_table(standing.institution, rows, on), "tempat-kerja"):
        return file
    return render(request, "agencies/workplaces.html", frame(standing, rows=rows, on=on))


@login_required
def workplace_add(request: HttpRequest, institution: str) -> HttpResponse:
    """Add a place to the register."""
    standing, user = officer(request, institution)
    form = WorkplaceForm(posted(request), institution=standing.institution, on=today(standing.institution))
    return act_page(
        request,
        page_under(standing, _("Add a place of work"), _("Add the place"), ("workplaces", _("Places of work"))),
        form,
        lambda: places.add_workplace(actor=user, institution=standing.institution, values=form.values()),
        done=_("The place is in the register."),
    )


@login_required
def workplace_correct(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Correct what the register says of a place."""
    standing, user = officer(request, institution)
    place = access.get_workplace(standing, pk)
    owner = standing.institution
    form = WorkplaceForm(posted(request), institution=owner, on=today(owner), workplace=place)
    title = _("Correct: %(name)s") % {"name": place.name}
    return act_page(
        request,
        page_under(standing, title, _("Save the correction"), ("workplaces", _("Places of work"))),
        form,
        lambda: places.correct_workplace(actor=user, workplace=place, values=form.values()),
        done=_("The correction is saved; what stood there before is kept in the trail."),
    )


@login_required
def workplace_close(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Close a place from a day on."""
    standing, user = officer(request, institution)
    place = access.get_workplace(standing, pk)
    form = ClosingForm(posted(request), initial={"closed_on": place.closed_on})
    title = _("Close: %(name)s") % {"name": place.name}
    return act_page(
        request,
        page_under(standing, title, _("Close the place"), ("workplaces", _("Places of work"))),
        form,
        lambda: places.close_workplace(actor=user, workplace=place, closed_on=form.cleaned_data["closed_on"]),
        touch=lambda: touch_from(standing, form.cleaned_data["closed_on"]),
        done=_("The place is closed from that day."),
    )


@login_required
@require_safe
def local_criteria(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The four own task criteria, named or not."""
    standing = access.get_standing(request.user, institution)
    kept = standing.institution.local_criteria.all()
    table = criterion_table(standing.institution, kept, today(standing.institution))
    if file := exported(request, table, "kriteria-lokal"):
        return file
    named = {row.number: row for row in kept}
    rows = [(number, named.get(number)) for number in LOCAL_CRITERIA]
    return render(request, "agencies/local_criteria.html", frame(standing, rows=rows))


@login_required
def local_criterion(request: HttpRequest, institution: str, number: int) -> HttpResponse:
    """Say what one of them is called and asks."""
    standing, user = officer(request, institution)
    if number not in LOCAL_CRITERIA:
        raise Http404
    form = LocalCriterionForm(
        posted(request), criterion=standing.institution.local_criteria.filter(number=number).first()
    )
    title = _("Own criterion %(number)s") % {"number": number}
    return act_page(
        request,
        page_under(standing, title, _("Save the criterion"), ("local_criteria", _("Own task criteria"))),
        form,
        lambda: places.name_local_criterion(actor=user, institution=standing.institution, number=number, **given(form)),
        touch=lambda: Touch(standing.institution, today(standing.institution)),
        done=_("The criterion is saved."),
    )
