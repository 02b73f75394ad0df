"""The pages that lead to an import: the list, choosing a file, what its headings mean, and the files handed out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access, import_work
from agencies.access import Standing
from agencies.actions import imports
from agencies.clock import today
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.forms.imports import ColumnsForm, ImportFileForm
from agencies.importing import templates
from agencies.importing.examining import file_of
from agencies.importing.first_guess import likely_columns
from agencies.importing.grids import Grid, opened
from agencies.importing.kinds import KINDS, Kind
from agencies.importing.missing import Register
from agencies.models import DataImport, Employee, ImportedFile, ImportKind
from agencies.pages.import_tables import imports_table
from agencies.pages.imports import imports_page, samples
from agencies.personal_data import ReadPage, note_read
from agencies.querysets import open_on
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.places import frame, officer

WORDS: Final = {
    "jabatan": ImportKind.POSITIONS,
    "pegawai": ImportKind.EMPLOYEES,
    "layanan": ImportKind.SERVICES,
    "kebutuhan-layanan": ImportKind.SERVICE_NEEDS,
}
"""How addresses name the kinds."""
ADDRESSED: Final = {kind.value: word for word, kind in WORDS.items()}

SHEET, HEADER = "lembar", "baris"
"""The parts of an address that choose a sheet and the row of its headings."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
@never_cache
def listing(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The imports, the latest first, and what can be imported."""
    standing, _user = officer(request, institution)
    table = partial(imports_table, standing.institution, today(standing.institution))
    if file := exported(request, table, "impor"):
        return file
    page = imports_page(standing.institution, request.GET)
    kinds = [(word, kind.label) for word, kind in WORDS.items()]
    return render(request, "agencies/imports.html", frame(standing, page=page, kinds=kinds))


@login_required
@never_cache
def start(request: HttpRequest, institution: str, word: str) -> HttpResponse:
    """Choose a file of one kind; templates, and what is recorded now, stand beside it."""
    standing, user = officer(request, institution)
    kind = kind_of(word)
    form = ImportFileForm(posted(request), request.FILES or None)
    kept: list[DataImport] = []

    def act() -> object:
        now = timezone.now()
        import_work.give_up_forgotten(standing.institution, now)
        name, content = form.cleaned_data["file"].name, form.content()
        kept.append(
            imports.keep_import_file(
                actor=user, institution=standing.institution, kind=kind.code.value, name=name, content=content, at=now
            )
        )
        return kept[0]

    page = page_of(standing, str(kind.code.label), _("Upload and look"), template="agencies/import_start.html")
    answer = act_page(request, page, form, act, word=word)
    return redirect(_next(institution, kept[0])) if kept else answer


def _next(institution: str, row: DataImport) -> str:
    name = "import_columns" if row.state == DataImport.State.UPLOADED else "data_import"
    return reverse(name, args=[institution, row.pk])


@login_required
@never_cache
def columns(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Say which column each heading means; the dry run follows."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    if not ImportedFile.objects.filter(data_import=row).exists():
        return redirect("data_import", institution, pk)
    kind = KINDS[row.kind]
    grid, header = _chosen(request, row)
    form = _columns_form(request, standing, row, grid, header)

    def act() -> object:
        now = timezone.now()
        imports.assign_columns(
            actor=user,
            data_import=row,
            sheet=grid.sheet,
            header_row=header,
            columns=form.columns(),
            valid_from=form.cleaned_data.get("valid_from"),
            for_new=form.for_new(),
            register=form.register(),
            grid=grid,
            at=now,
        )
        row.refresh_from_db()
        if row.state == DataImport.State.EXAMINING:
            import_work.start_examination(row, now, grid)
        return row

    after = reverse("data_import", args=[institution, pk])
    page = page_of(standing, _("What the headings mean"), _("Look at what would be done"), after=after, row=row)
    if row.kind == ImportKind.EMPLOYEES:
        note_read(reader=user, standing=standing, page=ReadPage.IMPORT, at=timezone.now(), count=2)
    more: dict[str, Any] = {"row": row, "grid": grid, "header": header, "needed": kind.needed}
    shown = samples(grid.rows[header : header + 20], len(form.heading_fields()))
    return act_page(request, page, form, act, **more, headings=list(zip(form.heading_fields(), shown, strict=True)))


def _chosen(request: HttpRequest, row: DataImport) -> tuple[Grid, int]:
    """The sheet and the row of the headings that the address names, else those of the import."""
    sheet, header = request.GET.get(SHEET, row.sheet), request.GET.get(HEADER, "")
    grid = file_of(row)
    if sheet != grid.sheet and sheet in grid.sheets:
        content = ImportedFile.objects.values_list("content", flat=True).get(data_import=row)
        grid = opened(bytes(content), sheet)
    number = int(header) if header.isascii() and header.isdecimal() and len(header) < 7 else row.header_row
    return grid, min(max(number, 1), max(len(grid.rows), 1))


def _columns_form(request: HttpRequest, standing: Standing, row: DataImport, grid: Grid, header: int) -> ColumnsForm:
    kind, headings = KINDS[row.kind], grid.headings(header)
    same = (grid.sheet, header) == (row.sheet, row.header_row)
    said = row.columns if same else likely_columns(row.institution, row.kind, headings)
    day: date | None = (row.valid_from or today(standing.institution)) if kind.dated else None
    more: dict[str, Any] = {}
    if row.kind == ImportKind.EMPLOYEES:
        known = Register.of(row)
        more["said"] = replace(known, on=known.on or today(standing.institution))
        more["agencies"] = row.institution.agencies.filter(open_on(today(standing.institution))).order_by("name")
    return ColumnsForm(
        posted(request), kind=kind, headings=headings, columns=said, day=day, for_new=row.for_new, **more
    )


@login_required
@require_safe
def template(request: HttpRequest, institution: str, word: str, ending: str) -> HttpResponse:
    """An empty file of one kind, with its valid values."""
    officer(request, institution)
    kind = kind_of(word)
    return _file(kind, f"templat-{word}", ending, ())


@login_required
@require_safe
@never_cache
def recorded(request: HttpRequest, institution: str, word: str, ending: str) -> HttpResponse:
    """What is recorded now, in the rows that the import reads."""
    standing, user = officer(request, institution)
    kind, on = kind_of(word), today(standing.institution)
    if kind.code is ImportKind.EMPLOYEES:
        count = Employee.objects.filter(institution=standing.institution).count()
        note_read(reader=user, standing=standing, page=ReadPage.IMPORT, at=timezone.now(), count=count)
    rows = kind.recorded(standing.institution, on)
    return _file(kind, f"{word}-{institution}-{on.isoformat()}", ending, rows)


def _file(kind: Kind, stem: str, ending: str, rows: Iterable[templates.Row]) -> HttpResponse:
    if ending == "xlsx":
        return attachment(templates.as_xlsx(kind, rows), XLSX, f"{stem}.xlsx")
    if ending == "csv":
        return attachment("".join(templates.as_csv(kind, rows)).encode(), "text/csv; charset=utf-8", f"{stem}.csv")
    raise Http404


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to be saved."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def kind_of(word: str) -> Kind:
    """The kind of import that an address names; Http404 for none."""
    if word not in WORDS:
        raise Http404
    return KINDS[WORDS[word].value]


def page_of(
    standing: Standing, title: str, button: str, *, after: str = "", row: DataImport | None = None, template: str = ""
) -> ActPage:
    """What surrounds a form of the wizard."""
    return ActPage(
        standing,
        title,
        button,
        crumbs_of(standing, title, row),
        reverse("data_import", args=[standing.institution.code, row.pk]) if row else _list(standing),
        after,
        template=template or "agencies/import_columns.html",
    )


def crumbs_of(standing: Standing, title: str, row: DataImport | None = None) -> tuple[Crumb, ...]:
    """The way over the list of imports, and over one of them, to a page."""
    code = standing.institution.code
    home = Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}")
    steps = [home, Crumb(_("Imports of files"), _list(standing))]
    if row is not None:
        steps.append(Crumb(row.file_name, reverse("data_import", args=[code, row.pk])))
    return (*steps, Crumb(title))


def _list(standing: Standing) -> str:
    return reverse("imports", args=[standing.institution.code])
