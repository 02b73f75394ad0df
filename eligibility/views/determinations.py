"""The pages of results on their way and of determinations, and the annex as files."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from agencies.access import Standing, acting_as, get_standing, visible_agencies
from agencies.clock import JudgedDay, judged_day
from agencies.exporting.answers import XLSX, exported
from agencies.models import Position
from agencies.querysets import open_on
from agencies.views.documents import attachment, changed_words
from eligibility import access, annex_files
from eligibility.exports.determinations import determination_table, determined_table
from eligibility.loading import NoLawInForce
from eligibility.models import Determination, Verification
from eligibility.pages.annexes import annex_of, in_indonesian
from eligibility.pages.determination import determination_page, determined_page, outcomes_today
from eligibility.pages.determinations import determinations_page
from eligibility.pages.determined_rows import determined_list
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.in_force import changed_positions
from eligibility.pages.reading import Reading, reading_of
from eligibility.pages.verification import verification_page


@login_required
@require_safe
def determinations(request: HttpRequest, institution: str) -> HttpResponseBase:
    """For each agency in sight its determination, its results on their way, and what no longer fits."""
    standing = get_standing(request.user, institution)
    day = judged_day(request, standing.institution)
    agencies = visible_agencies(standing).filter(open_on(day.on)).select_related("parent").order_by("name")
    reading = reading_of(standing.institution, day)
    page = determinations_page(standing, agencies, reading, request.GET)
    if file := exported(request, partial(determination_table, reading, page), "penetapan"):
        return file
    return render(request, "eligibility/determinations.html", frame(standing, day, page))


@login_required
@require_safe
def verification(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """What was sent, its way, and what the user may do next."""
    standing = acting_as(get_standing(request.user, institution), *access.READERS)
    found = access.get_verification(standing, pk)
    day = judged_day(request, standing.institution)
    rows = access.visible_rows(standing, found)
    table = partial(determined_table, standing.institution, found, rows, request.GET, {})
    if file := exported(request, table, f"hasil-verifikasi-{slugify(found.agency.code)}"):
        return file
    page = verification_page(standing, found, gate_of(reading_of(standing.institution, day), found))
    listed = determined_list(found, rows, request.GET, {})
    return render(request, "eligibility/verification.html", frame(standing, day, page, listed=listed))


@login_required
@require_safe
def verified_position(request: HttpRequest, institution: str, pk: int, position: int) -> HttpResponse:
    """A position as it was sent, with every reason and the basis of each fact."""
    standing = acting_as(get_standing(request.user, institution), *access.READERS)
    found = access.get_verification(standing, pk)
    day = judged_day(request, standing.institution)
    page = determined_page(found, access.get_determined_rows(standing, found, position), (), {})
    context = frame(standing, day, page, verification=found, then=replace(day, on=found.judged_on))
    return render(request, "eligibility/determined_position.html", context)


@login_required
@require_safe
def determination(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """The Keputusan, its rows as they were signed, and which of them no longer fit."""
    standing = get_standing(request.user, institution)
    found = access.get_determination(standing, pk)
    day = judged_day(request, standing.institution)
    reading = reading_of(standing.institution, day)
    page = determination_page(standing, found, reading, gate_of(reading, found.verification))
    rows = access.visible_rows(standing, found.verification)
    table = partial(determined_table, standing.institution, found.verification, rows, request.GET, page.changed)
    if file := exported(request, table, f"penetapan-{slugify(found.number)}"):
        return file
    listed = determined_list(found.verification, rows, request.GET, page.changed)
    own = visible_agencies(standing).filter(pk=found.verification.agency_id).exists()
    return render(request, "eligibility/determination.html", frame(standing, day, page, listed=listed, whole=own))


@login_required
@require_safe
def determined_position(request: HttpRequest, institution: str, pk: int, position: int) -> HttpResponse:
    """A position with its signed reasons, beside today's answer where it no longer fits."""
    standing = get_standing(request.user, institution)
    found = access.get_determination(standing, pk)
    rows = access.get_determined_rows(standing, found.verification, position)
    day = judged_day(request, standing.institution)
    reading = reading_of(standing.institution, day)
    changed = _changed(found, reading, position)
    today = outcomes_today(reading, _located(rows[0].position)) if changed else {}
    page = determined_page(found.verification, rows, changed, today)
    then = replace(day, on=found.verification.judged_on)
    context = frame(standing, day, page, verification=found.verification, determination=found, then=then)
    return render(request, "eligibility/determined_position.html", context)


def _changed(found: Determination, reading: Reading, position: int) -> tuple[str, ...]:
    """Why a position no longer fits, while the determination holds."""
    in_force = Determination.objects.in_force(found.institution, reading.on, reading.known_at)
    if not in_force.filter(pk=found.pk).exists():
        return ()
    return changed_positions(found, reading, [position]).get(position, ())


def _located(position: Position) -> Position:
    return Position.objects.select_related("institution", "agency", "unit").get(pk=position.pk)


@login_required
@require_safe
def verification_annex(request: HttpRequest, institution: str, pk: int, kind: str) -> HttpResponse | FileResponse:
    """The results as they were sent, on paper: verified, not determined."""
    standing = acting_as(get_standing(request.user, institution), *access.READERS)
    return _file(access.get_verification(standing, pk), kind)


@login_required
@require_safe
def determination_annex(request: HttpRequest, institution: str, pk: int, kind: str) -> HttpResponse | FileResponse:
    """The annex of the Keputusan."""
    standing = get_standing(request.user, institution)
    return _file(access.get_determination(standing, pk, whole=True).verification, kind)


@login_required
@require_safe
def determination_document(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The signed Keputusan as it was given."""
    standing = get_standing(request.user, institution)
    document = access.get_determination(standing, pk, whole=True).document
    if document is None:
        raise Http404
    answer = attachment(document)
    if answer is None:
        messages.error(request, changed_words(document))
        return redirect("determination", institution, pk)
    return answer


def _file(found: Verification, kind: str) -> FileResponse:
    annex = annex_of(found)
    make, mime = {"pdf": (annex_files.pdf, "application/pdf"), "xlsx": (annex_files.xlsx, XLSX)}[kind]
    name = f"lampiran-{slugify(found.agency.code)}-{slugify(annex.number) or found.pk}.{kind}"
    return FileResponse(BytesIO(make(annex, in_indonesian)), as_attachment=True, filename=name, content_type=mime)


def frame(standing: Standing, day: JudgedDay, page: Any, **more: Any) -> dict[str, Any]:
    """What every template here is given."""
    return {"standing": standing, "institution": standing.institution, "day": day, "page": page, **more}


def gate_of(reading: Reading, found: Verification) -> GateNotice | None:
    """Whether anything may be approved in the agency on the day: suitability may be determined while it may not.

    None on a day on which no law is known.
    """
    try:
        return gate_notice(reading, [found.agency_id])
    except NoLawInForce:
        return None
