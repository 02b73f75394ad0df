"""The pages of employees: the list, one file, and the acts on an employee as a whole."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies import access, clock
from agencies.actions import people
from agencies.consequences import Touch
from agencies.exporting.answers import exported_people
from agencies.exporting.tables import PeopleTable
from agencies.forms.frame import posted
from agencies.forms.people import FindForm, IdentityForm, LeaveForm, NewEmployeeForm
from agencies.models import Employee, Posting, Role
from agencies.pages.employee_file import EmployeeFile, employee_file
from agencies.pages.employee_list import employee_list, employee_table
from agencies.pages.employee_table import file_table
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.people_frame import (
    crumbs_of,
    frame,
    note_form,
    reader_of,
    signed_in,
    touch_of,
    view_of,
    without_number,
    writer_of,
)


@login_required
@require_safe
@never_cache
def employees(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The employees in sight, with masked numbers."""
    standing = reader_of(request, institution)
    if elsewhere := without_number(request, "cari"):
        return elsewhere
    on, now = clock.today(standing.institution), timezone.now()
    made = partial(employee_table, standing, request.GET, on, now)
    if file := exported_people(request, standing, ReadPage.LIST, made, "pegawai"):
        return file
    listed = employee_list(standing, request.GET, on, now)
    note_read(reader=signed_in(request), standing=standing, page=ReadPage.LIST, at=now, count=len(listed.rows))
    find = FindForm() if standing.holds(Role.HR_OFFICER) else None
    adds = access.holds_whole(standing, Role.HR_OFFICER)
    return render(request, "agencies/people_list.html", frame(standing, listed=listed, find=find, adds=adds))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def find(request: HttpRequest, institution: str) -> HttpResponse:
    """Open the file of the full number, which HR officers may search for; it stands in no address.

    Who comes back here by a link, for example after signing in again, is shown the list.
    """
    standing = writer_of(request, institution)
    if request.method != "POST":
        return redirect("employees", institution)
    form = FindForm(request.POST)
    if form.is_valid():
        found = access.visible_employees(standing).filter(nip=form.cleaned_data["nip"]).first()
        if found:
            return redirect("employee", institution, found.pk)
        messages.warning(request, _("No employee in your sight has this number. Check all 18 digits."))
    else:
        messages.warning(request, " ".join(map(str, form.errors["nip"])))
    return redirect("employees", institution)


@login_required
@require_safe
@never_cache
def employee(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """The file of one employee, as far as the reader may see it."""
    standing = reader_of(request, institution)
    found = access.get_employee(standing, pk)

    def made() -> PeopleTable:
        return file_table(_seen(request, standing, found, ReadPage.FILE))

    if file := exported_people(request, standing, ReadPage.FILE, made, f"berkas-pegawai-{pk}"):
        return file
    return _file(request, standing, found, ReadPage.FILE)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def full_number(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The file with the full number, for HR officers alone; the read is logged. A mere link shows it masked."""
    standing = writer_of(request, institution)
    found = access.get_employee(standing, pk)
    if request.method != "POST":
        return redirect("employee", institution, found.pk)
    return _file(request, standing, found, ReadPage.NUMBER)


def _file(request: HttpRequest, standing: access.Standing, found: Employee, page: ReadPage) -> HttpResponse:
    note_read(reader=signed_in(request), standing=standing, page=page, at=timezone.now(), employee=found)
    file = _seen(request, standing, found, page)
    reveals = standing.holds(Role.HR_OFFICER)
    return render(request, "agencies/people_file.html", frame(standing, file=file, reveals=reveals))


def _seen(request: HttpRequest, standing: access.Standing, found: Employee, page: ReadPage) -> EmployeeFile:
    return employee_file(
        found,
        on=clock.today(standing.institution),
        all_versions=request.GET.get("versi") == "semua",
        number_shown=page == ReadPage.NUMBER,
        **view_of(standing, found),
    )


@login_required
@never_cache
def add(request: HttpRequest, institution: str) -> HttpResponse:
    """Add an employee with her first employment."""
    standing = writer_of(request, institution, whole=True)
    form = NewEmployeeForm(posted(request))
    listed = reverse("employees", args=[institution])
    page = ActPage(
        standing,
        _("Add an employee"),
        _("Add"),
        (*crumbs_of(standing), Crumb(_("Add an employee"))),
        back=listed,
        lead=_("Only what the portal needs is asked. The posting follows in her file."),
    )
    added: list[Employee] = []

    def act() -> object:
        added.append(people.add_employee(actor=signed_in(request), institution=standing.institution, **form.values()))
        return added[-1]

    answer = act_page(request, page, form, act, done=_("The employee is added. Record her posting now."))
    return redirect("employee", institution, added[-1].pk) if added and answer.status_code == 302 else answer


@login_required
@never_cache
def correct(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Correct number, name and residence."""
    standing = writer_of(request, institution)
    found = access.get_employee(standing, pk)
    note_form(request, standing, found)
    form = IdentityForm(posted(request), employee=found)

    def act() -> object:
        values = form.values()
        values["nip"] = values["nip"] or found.nip
        return people.correct_employee(actor=signed_in(request), employee=found, **values)

    page = _page(standing, found, _("Correct the identity"), _("Save the correction"))
    return act_page(request, page, form, act, done=_("The identity is corrected."))


@login_required
@never_cache
def leave(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Record that an employee left."""
    standing = writer_of(request, institution, whole=True)
    found = access.get_employee(standing, pk)
    note_form(request, standing, found)
    form = LeaveForm(posted(request))

    def act() -> object:
        return people.close_employment(actor=signed_in(request), employee=found, **form.values())

    def touch() -> Touch:
        rows = Posting.objects.current().filter(employee=found)
        return touch_of(standing, found, rows.values_list("position_id", flat=True))

    page = _page(standing, found, _("End the employment"), _("End the employment"))
    return act_page(request, page, form, act, touch=touch, done=_("Postings and additional tasks end with that day."))


def _page(standing: access.Standing, found: Employee, title: str, button: str) -> ActPage:
    back = reverse("employee", args=[standing.institution.code, found.pk])
    return ActPage(standing, title, button, (*crumbs_of(standing, found), Crumb(title)), back=back)
