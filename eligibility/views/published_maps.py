"""The pages of the maps that governments show to one another: the list, one beside the own, publishing, withdrawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access as agency_access
from agencies.access import Standing
from agencies.clock import judged_day, today
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.models import Role
from agencies.views.acts import ActPage, act_page
from agencies.views.places import officer, page_under
from eligibility import access
from eligibility.actions import published_maps as acts
from eligibility.footing import Footing
from eligibility.forms.published_maps import PublishForm, WithdrawForm
from eligibility.pages.published_maps import chosen, column_of, comparison, live_column, own_column
from eligibility.published_maps.exports import comparison_export, maps_export
from eligibility.published_maps.texts import digest_of, written

_PUBLISH: Final = "eligibility/map_publish.html"


def _reader(request: HttpRequest, institution: str) -> Standing:
    """Who maps in this institution; Http404 for everybody else."""
    return agency_access.acting_as(agency_access.get_standing(request.user, institution), *access.MAP_READERS)


def _frame(standing: Standing, **more: Any) -> dict[str, Any]:
    publishes = agency_access.holds_whole(standing, Role.HR_OFFICER) and standing.institution.kind != "nasional"
    return {"standing": standing, "institution": standing.institution, "publishes": publishes, **more}


def _under_list(standing: Standing, title: str, button: str) -> ActPage:
    return page_under(standing, title, button, ("published_maps", _("Results of other governments")))


def _footing(standing: Standing) -> Footing:
    """The institution today, as known now."""
    return Footing(standing.institution, today(standing.institution), timezone.now())


@login_required
@require_safe
def published_maps(request: HttpRequest, institution: str) -> HttpResponseBase:
    """What governments have published, the newest first."""
    standing = _reader(request, institution)
    rows = list(access.visible_maps(standing).defer("content"))
    file = exported(request, maps_export(standing.institution, rows, today(standing.institution)), "daftar-peta")
    return file or render(request, "eligibility/published_maps.html", _frame(standing, rows=rows))


@login_required
@require_safe
def published_map(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """One published map beside the reader's own."""
    standing = _reader(request, institution)
    found = access.get_published_map(standing, pk)
    theirs = column_of(found)
    ours = None if found.institution == standing.institution else own_column(standing, _footing(standing))
    columns = (ours, theirs) if ours else (theirs,)
    page = comparison(columns, *chosen(request.GET))
    table = comparison_export(page, standing.institution, today(standing.institution))
    if file := exported(request, table, "peta-pemerintah-lain"):
        return file
    context = _frame(standing, found=found, ours=ours, page=page)
    return render(request, "eligibility/published_map.html", context)


@login_required
def map_publish(request: HttpRequest, institution: str) -> HttpResponse:
    """Publish the map of the day just as this page shows it."""
    standing, user = officer(request, institution)
    day = judged_day(request, standing.institution)
    # What is published is what is so now: whoever presses the button is shown no older map.
    column = live_column(Footing(standing.institution, day.on, timezone.now()), anew=request.method == "POST")
    form = PublishForm(posted(request), initial={"seen": digest_of(written(column.content)) if column else ""})

    def act() -> object:
        typed = {"note": form.cleaned_data["note"], "seen": form.cleaned_data["seen"] or None}
        return acts.publish_map(actor=user, institution=standing.institution, judged_on=day.on, **typed)

    return act_page(
        request,
        replace(_under_list(standing, _("Publish the map"), _("Publish this map")), template=_PUBLISH),
        form,
        act,
        done=_("The map is published. Who maps in other governments sees it beside her own."),
        shown=comparison((column,), *chosen(request.GET)) if column else None,
        day=day,
    )


@login_required
def map_withdraw(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Withdraw a map that the institution has published."""
    standing, user = officer(request, institution)
    found = access.get_published_map(standing, pk, own=True)
    form = WithdrawForm(posted(request))
    lead = _("From now on no other government sees this map. What was seen before cannot be taken back.")
    return act_page(
        request,
        replace(_under_list(standing, _("Withdraw the map"), _("Withdraw the map")), lead=lead),
        form,
        lambda: acts.withdraw_map(actor=user, published_map=found, reason=form.cleaned_data["reason"]),
        done=_("The map is withdrawn."),
    )
