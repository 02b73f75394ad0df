"""The pages of one import: its dry run or what it did, carrying it out, giving it up, undoing it, its faults."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies import access, import_work
from agencies.access import Standing
from agencies.actions import imports
from agencies.clock import today
from agencies.errors import PortalError
from agencies.exporting.answers import exported, exported_people
from agencies.forms.frame import posted
from agencies.forms.imports import UndoForm
from agencies.importing.examining import file_of
from agencies.importing.files_back import csv_with_faults, workbook_with_faults
from agencies.importing.kinds import KINDS
from agencies.importing.resting import made_from, resting_on
from agencies.models import DataImport, ImportKind
from agencies.pages.import_faults import KIND, faults_by_row
from agencies.pages.import_tables import dry_run_table, result_table
from agencies.pages.imports import WHAT, dry_run, kind_words, result_lines, working
from agencies.personal_data import ReadPage, note_read
from agencies.receipts import receipt_of
from agencies.views.acts import act_page
from agencies.views.imports import XLSX, crumbs_of, page_of
from agencies.views.places import frame, officer

State = DataImport.State


@login_required
@require_safe
@never_cache
def show(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """One import at its present stage."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    if file := _file_of(request, standing, row):
        return file
    context = frame(standing, row=row, crumbs=crumbs_of(standing, row.file_name), kind=KINDS[row.kind])
    if row.works():
        context["working"] = working(row, timezone.now())
    elif row.state == State.EXAMINED:
        found = context["run"] = dry_run(row, request.GET)
        if row.kind == ImportKind.EMPLOYEES:
            shown = len(found.lines)
            note_read(reader=user, standing=standing, page=ReadPage.IMPORT, at=timezone.now(), count=shown)
    elif row.state in {State.APPLIED, State.UNDONE}:
        context["lines"] = result_lines(row)
        context["receipt"] = receipt_of(row, KINDS[row.kind].action)
    context["missing"] = row.missing.count() if row.tells_missing() else None
    response = render(request, "agencies/import.html", context)
    if request.headers.get("HX-Request") and not row.works():
        response["HX-Refresh"] = "true"  # the page that asked shows a progress bar, and that is over
    return response


def _file_of(request: HttpRequest, standing: Standing, row: DataImport) -> HttpResponseBase | None:
    """The table of the page as the file that the address asks for: the dry run, or what was done."""
    if row.state in {State.APPLIED, State.UNDONE}:
        return exported(request, result_table(row, today(standing.institution)), f"hasil-impor-{row.pk}")
    return _dry_run_file(request, standing, row) if row.state == State.EXAMINED else None


def _dry_run_file(request: HttpRequest, standing: Standing, row: DataImport) -> HttpResponseBase | None:
    """The dry run as the file that the address asks for; one of employees is a read of each of them."""
    asked, kind = request.GET.get(WHAT, ""), request.GET.get(KIND, "")
    made = partial(dry_run_table, row, asked, kind, today(standing.institution))
    stem = f"uji-impor-{row.pk}"
    if row.kind == ImportKind.EMPLOYEES:
        return exported_people(request, standing, ReadPage.IMPORT, made, stem)
    return exported(request, lambda: made().table, stem)


@login_required
@require_POST
def apply(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Carry an import out, or have the worker do it."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    try:
        if import_work.start_application(row, user, timezone.now()):
            messages.success(request, _("The import is carried out."))
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect("data_import", institution, pk)


@login_required
@require_POST
def again(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Have the dry run made anew, or what was cut off done again."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    try:
        if row.state == State.APPLYING:
            import_work.start_application(row, user, timezone.now())
        elif row.state == State.UNDOING:
            import_work.undo_again(row, timezone.now())
        elif row.may_become(State.EXAMINED):
            import_work.start_examination(row, timezone.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect("data_import", institution, pk)


@login_required
@require_POST
def abandon(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Give an import up; its file is deleted."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    try:
        imports.abandon_import(actor=user, data_import=row)
        messages.success(request, _("The import is given up and its file deleted. Nothing was changed."))
    except PortalError as refusal:
        messages.error(request, str(refusal))
    return redirect("imports", institution)


@login_required
@never_cache
def undo(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Undo an import on which nothing rests; else the page names what does."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    if row.state != State.APPLIED:
        return redirect("data_import", institution, pk)
    form = UndoForm(posted(request))
    page = page_of(standing, _("Undo the import"), _("Undo the import"), row=row, template="agencies/import_undo.html")
    waits = row.rows > import_work.AT_ONCE
    return act_page(
        request,
        page,
        form,
        lambda: import_work.start_undo(row, user, form.cleaned_data["reason"], timezone.now()),
        done="" if waits else _("The import is undone: what stood there before is recorded again."),
        row=row,
        resting=resting_on(row),
        stays=made_from(row),
        remains=kind_words()[row.kind],
    )


@login_required
@require_safe
@never_cache
def faults(request: HttpRequest, institution: str, pk: int, ending: str) -> HttpResponseBase:
    """The rows of the file with a column that says what is wrong in each, as the dry run found it."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    if row.state != State.EXAMINED or ending not in {"xlsx", "csv"}:
        raise Http404
    grid = file_of(row)
    if row.kind == ImportKind.EMPLOYEES:
        note_read(reader=user, standing=standing, page=ReadPage.IMPORT, at=timezone.now(), count=row.rows)
    name, said = f"kesalahan-impor-{row.pk}.{ending}", faults_by_row(row)
    if ending == "xlsx":
        content = workbook_with_faults(grid, row.header_row, said)
        return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)
    lines = (line.encode() for line in csv_with_faults(grid, row.header_row, said))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
