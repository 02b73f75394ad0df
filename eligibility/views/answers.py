"""The pages that show outcomes: home, the city at a glance, an agency, a position, the rules in force."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from agencies import access
from agencies.access import Standing
from agencies.agency_tree import AgencyTree
from agencies.clock import judged_day, today
from agencies.exporting.answers import exported
from agencies.mapping.access import MAPPERS
from agencies.mapping.agreed_sheets import agreed_sheets
from agencies.mapping.queue import sheets_waiting
from agencies.models import Agency, Role
from agencies.querysets import open_on
from agencies.views.people_frame import signed_in
from agencies.xray.page import FoundHere, found_here
from eligibility.exports.law import question_table, rule_table
from eligibility.exports.norms import norm_table
from eligibility.exports.outcomes import answer_table, asked_table, matrix_table, position_table
from eligibility.forms.norms import NormPlaceForm
from eligibility.loading import NoLawInForce
from eligibility.pages.agency import agency_page, position_list
from eligibility.pages.coverage import COVERAGE_READERS
from eligibility.pages.determinations import agency_line
from eligibility.pages.gates import gate_notice
from eligibility.pages.home import home_page
from eligibility.pages.matrix import BY_NAME, build_matrix
from eligibility.pages.norms import norms_page
from eligibility.pages.position import position_page
from eligibility.pages.reading import Reading, read
from eligibility.pages.rule_questions import rules_by_question
from eligibility.pages.rules import rules_page
from eligibility.pages.verification import holds_for


class HtmxRequest(HttpRequest):
    """A request that went through the htmx middleware."""

    htmx: HtmxDetails


def judged(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Make a view of a page of one institution on one day: it is given the standing and the reading.

    Where no law is known for the day nothing is judged, and the page says so.
    """

    @login_required
    @require_safe
    @wraps(page)
    def view(request: HttpRequest, institution: str = "", **parts: Any) -> HttpResponseBase:
        standing = _standing(request, institution or request.GET.get("instansi", ""))
        if standing is None:
            return render(request, "agencies/without_grant.html")
        day = judged_day(request, standing.institution)
        try:
            reading = read(standing.institution, day)
        except NoLawInForce as refusal:
            context = {"standing": standing, "institution": standing.institution, "day": day}
            return render(request, "eligibility/no_law.html", context | {"refusal": refusal})
        return page(request, standing, reading, **parts)

    return view


def _standing(request: HttpRequest, code: str) -> Standing | None:
    """The user's standing where the address says, else in the first institution; None without any grant."""
    if code:
        return access.get_standing(request.user, code)
    return next(iter(access.standings(request.user)), None)


def framed(standing: Standing, reading: Reading, page: Any, **more: Any) -> dict[str, Any]:
    """What every template here is given."""
    institution = standing.institution
    return {"standing": standing, "institution": institution, "day": reading.day, "page": page, **more}


def _agencies(standing: Standing, reading: Reading) -> list[Agency]:
    """The agencies in sight that count on the day."""
    return list(access.visible_agencies(standing).filter(open_on(reading.on)))


def _around(standing: Standing, own: Reading, chosen: Agency, tree: AgencyTree) -> list[Agency]:
    """Those of the agencies in sight that the page of one shows: itself, those above it and those below it."""
    keys = {*tree.above(chosen.pk), *(own.agencies or ())}
    return list(access.visible_agencies(standing).filter(open_on(own.on) | Q(pk=chosen.pk), pk__in=keys))


@judged
def home(request: HttpRequest, standing: Standing, reading: Reading) -> HttpResponseBase:
    """What matters to the user's role, in the institution that the address names or the first."""
    agencies = _agencies(standing, reading)
    if file := exported(request, partial(asked_table, reading, agencies), "belum-dapat-dinilai"):
        return file
    page = home_page(reading, standing, agencies)
    on = today(standing.institution)
    mapping = sheets_waiting(standing, signed_in(request), on) if standing.holds(*MAPPERS) else 0
    return render(request, "eligibility/home.html", framed(standing, reading, page, mapping=mapping))


@judged
def matrix(request: HttpRequest, standing: Standing, reading: Reading) -> HttpResponseBase:
    """Every agency in sight with its positions by mode and outcome."""
    agencies = _agencies(standing, reading)
    order, opened = request.GET.get("urut", BY_NAME), request.GET.getlist("buka")
    page = build_matrix(agencies, reading.counts(agencies), order, opened)
    if file := exported(request, partial(matrix_table, reading, page), "peta"):
        return file
    context = framed(
        standing,
        reading,
        page,
        gate=gate_notice(reading, [agency.pk for agency in agencies]),
        as_table=request.GET.get("tampilan") == "tabel",
    )
    return render(request, "eligibility/matrix.html", context)


@judged
def agency(request: HtmxRequest, standing: Standing, reading: Reading, agency_code: str) -> HttpResponseBase:
    """An agency and its positions; htmx is given the list alone."""
    chosen = access.get_agency(standing, agency_code)
    table = partial(position_table, reading, chosen, request.GET)
    if file := exported(request, table, f"jabatan-{slugify(chosen.code)}"):
        return file
    # Its positions are judged without the grounds of other agencies: a city has hundreds.
    tree = access.tree_of(standing.institution.pk)
    own = reading.within(tree.at_and_below([chosen.pk]))
    context = framed(standing, reading, None, agency=chosen)
    context["keeps"] = access.keeps_structure(standing, chosen.pk)
    template = "eligibility/_position_list.html"
    if not request.htmx or request.htmx.history_restore_request:
        template = "eligibility/agency.html"
        context["page"] = agency_page(own, chosen, _around(standing, own, chosen, tree))
        # Before its list, which then needs no comparison of its own.
        context["line"] = agency_line(standing, chosen, own)
        context["sends"] = holds_for(standing, chosen, Role.HR_OFFICER)
        context["covers"] = holds_for(standing, chosen, *COVERAGE_READERS)
        context["found"] = _found(standing, chosen)
    context["listed"] = position_list(own, chosen, request.GET)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _found(standing: Standing, agency: Agency) -> FoundHere | None:
    """What the look through the data finds in the agency today; None for who does not read its people."""
    if not holds_for(standing, agency, *access.PEOPLE_READERS):
        return None
    reader = access.acting_as(standing, *access.PEOPLE_READERS)
    return found_here(reader, agency, today(standing.institution), timezone.now())


@judged
def position(request: HttpRequest, standing: Standing, reading: Reading, pk: int) -> HttpResponseBase:
    """The answer card of a position."""
    found = access.get_position(standing, pk)
    page = position_page(reading, found, agreed_sheets(standing, found))
    if file := exported(request, partial(answer_table, reading, page), f"jawaban-{slugify(found.code)}"):
        return file
    context = framed(standing, reading, page)
    context["keeps"] = access.keeps_structure(standing, found.agency_id)
    return render(request, "eligibility/position.html", context)


@judged
def rules(request: HttpRequest, standing: Standing, reading: Reading) -> HttpResponseBase:
    """The rules in force on the day, and what the institution has set where the law is open."""
    if request.GET.get("urut") == "pertanyaan":
        return _rules_by_question(request, standing, reading)
    page = rules_page(reading)
    if file := exported(request, partial(rule_table, reading, page), "aturan"):
        return file
    return render(request, "eligibility/rules.html", framed(standing, reading, page))


def _rules_by_question(request: HttpRequest, standing: Standing, reading: Reading) -> HttpResponseBase:
    questions = rules_by_question(reading)
    if file := exported(request, partial(question_table, reading, questions), "aturan-menurut-pertanyaan"):
        return file
    context = framed(standing, reading, None, questions=questions, agencies=_agencies(standing, reading))
    return render(request, "eligibility/rules_by_question.html", context)


@judged
def norms(request: HttpRequest, standing: Standing, reading: Reading, agency_code: str) -> HttpResponseBase:
    """Every norm that speaks to an agency, or to one of its units, on the day, and which of them holds."""
    chosen = access.get_agency(standing, agency_code)
    place = NormPlaceForm(request.GET, agency=chosen, on=reading.on)
    page = norms_page(reading, chosen, place.chosen)
    if file := exported(request, partial(norm_table, reading, page), f"ketentuan-{slugify(chosen.code)}"):
        return file
    return render(request, "eligibility/norms.html", framed(standing, reading, page, place=place))
