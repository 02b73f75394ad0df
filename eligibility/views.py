"""The pages that show outcomes: home, the city at a glance, an agency, a position, the rules in force."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from agencies import access
from agencies.access import Standing
from agencies.clock import judged_day
from eligibility.pages.agency import agency_page, position_list
from eligibility.pages.gates import gate_notice
from eligibility.pages.home import home_page
from eligibility.pages.matrix import BY_NAME, build_matrix
from eligibility.pages.position import position_page
from eligibility.pages.reading import Reading, read
from eligibility.pages.rules import rules_page


class HtmxRequest(HttpRequest):
    """A request that went through the htmx middleware."""

    htmx: HtmxDetails


def _reading(request: HttpRequest, standing: Standing) -> Reading:
    return read(standing.institution, judged_day(request, standing.institution))


def _frame(standing: Standing, reading: Reading, page: Any) -> dict[str, Any]:
    """What every template here is given."""
    return {
        "standing": standing,
        "institution": standing.institution,
        "day": reading.day,
        "page": page,
    }


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What matters to the user's role, in the institution that the address names or the first."""
    held = access.standings(request.user)
    if not held:
        return render(request, "agencies/without_grant.html")
    code = request.GET.get("instansi")
    standing = access.get_standing(request.user, code) if code else held[0]
    reading = _reading(request, standing)
    page = home_page(reading, standing, list(access.visible_agencies(standing)))
    return render(request, "eligibility/home.html", _frame(standing, reading, page))


@login_required
@require_safe
def matrix(request: HttpRequest, institution: str) -> HttpResponse:
    """Every agency in sight with its positions by mode and outcome."""
    standing = access.get_standing(request.user, institution)
    reading = _reading(request, standing)
    agencies = list(access.visible_agencies(standing))
    in_sight = {agency.pk for agency in agencies}
    counts = [count for count in reading.counts() if count.agency_id in in_sight]
    order, opened = request.GET.get("urut", BY_NAME), request.GET.getlist("buka")
    context = _frame(standing, reading, build_matrix(agencies, counts, order, opened))
    context["gate"] = gate_notice(reading, in_sight)
    context["as_table"] = request.GET.get("tampilan") == "tabel"
    return render(request, "eligibility/matrix.html", context)


@login_required
@require_safe
def agency(request: HtmxRequest, institution: str, agency_code: str) -> HttpResponse:
    """An agency and its positions; htmx is given the list alone."""
    standing = access.get_standing(request.user, institution)
    chosen = access.get_agency(standing, agency_code)
    reading = _reading(request, standing)
    listed = position_list(reading, chosen, request.GET)
    if request.htmx and not request.htmx.history_restore_request:
        context = _frame(standing, reading, None) | {"agency": chosen, "listed": listed}
        response = render(request, "eligibility/_position_list.html", context)
    else:
        page = agency_page(reading, chosen, list(access.visible_agencies(standing)))
        context = _frame(standing, reading, page) | {"agency": chosen, "listed": listed}
        response = render(request, "eligibility/agency.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


@login_required
@require_safe
def position(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The answer card of a position."""
    standing = access.get_standing(request.user, institution)
    chosen = access.get_position(standing, pk)
    reading = _reading(request, standing)
    return render(
        request,
        "eligibility/position.html",
        _frame(standing, reading, position_page(reading, chosen)),
    )


@login_required
@require_safe
def rules(request: HttpRequest, institution: str) -> HttpResponse:
    """The rules in force on the day, and what the institution has set where the law is open."""
    standing = access.get_standing(request.user, institution)
    reading = _reading(request, standing)
    return render(request, "eligibility/rules.html", _frame(standing, reading, rules_page(reading)))
