"""An employee's own file: what is recorded of her, who read it, and what she says is wrong in it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import access, clock
from agencies.access import Standing
from agencies.actions import objections
from agencies.errors import PortalError
from agencies.exporting.answers import exported_people
from agencies.exporting.tables import PeopleTable
from agencies.forms.frame import posted
from agencies.forms.objections import ObjectionForm
from agencies.models import Employee, Objection
from agencies.pages.employee_file import EmployeeFile, Sight, Writing, employee_file
from agencies.pages.employee_table import file_table
from agencies.pages.objections import objections_of
from agencies.pages.reads import reads_of
from agencies.personal_data import ReadPage
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.people_frame import frame, signed_in


def _own(request: HttpRequest, institution: str) -> tuple[Standing, Employee | None]:
    """The user's standing and the employee she is in this institution; None where the account is of nobody there."""
    standing = access.get_standing(request.user, institution)
    employee = signed_in(request).employee
    here = employee is not None and employee.institution_id == standing.institution.pk
    return standing, employee if here else None


@login_required
@require_safe
@never_cache
def own_file(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The user's own file, with the number masked."""
    standing, employee = _own(request, institution)
    if employee is not None:
        made = partial(_table, request, standing, employee)
        if file := exported_people(request, standing, ReadPage.FILE, made, "berkas-saya"):
            return file
    return _file(request, standing, employee, number_shown=False)


def _table(request: HttpRequest, standing: Standing, employee: Employee) -> PeopleTable:
    return file_table(_seen(request, standing, employee, number_shown=False))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def own_number(request: HttpRequest, institution: str) -> HttpResponse:
    """The user's own file with the full number, because she asks for it; a mere link shows it masked."""
    if request.method != "POST":
        return redirect("own_file", institution)
    return _file(request, *_own(request, institution), number_shown=True)


def _seen(request: HttpRequest, standing: Standing, employee: Employee, *, number_shown: bool) -> EmployeeFile:
    return employee_file(
        employee,
        sight=Sight.FULL,
        on=clock.today(standing.institution),
        writing=Writing(),
        all_versions=request.GET.get("versi") == "semua",
        number_shown=number_shown,
    )


def _file(request: HttpRequest, standing: Standing, employee: Employee | None, *, number_shown: bool) -> HttpResponse:
    if employee is None:
        return render(request, "agencies/people_no_file.html", frame(standing))
    file = _seen(request, standing, employee, number_shown=number_shown)
    more: dict[str, Any] = {"objections": objections_of(employee), "reads": reads_of(employee, request.GET)}
    return render(request, "agencies/people_own_file.html", frame(standing, file=file, reveals=True, own=True, **more))


@login_required
@never_cache
def object_to(request: HttpRequest, institution: str) -> HttpResponse:
    """Say that something in one's own file is wrong."""
    standing, employee = _own(request, institution)
    if employee is None:
        return render(request, "agencies/people_no_file.html", frame(standing))
    form = ObjectionForm(posted(request))
    back = reverse("own_file", args=[institution])
    title = _("This fact is wrong")
    page = ActPage(
        standing,
        title,
        _("Send to HR"),
        (Crumb(_("My own file"), back), Crumb(title)),
        back=back,
        lead=_("The HR officers of your institution answer. Your file changes only when they correct it."),
    )

    def act() -> object:
        return objections.raise_objection(actor=signed_in(request), employee=employee, **form.values())

    return act_page(request, page, form, act, done=_("Your objection is with the HR officers."))


@login_required
@require_POST
def withdraw(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Take an own objection back."""
    _standing, employee = _own(request, institution)
    if employee is None:
        raise Http404
    found = get_object_or_404(Objection, pk=pk, employee=employee)
    try:
        if objections.withdraw_objection(actor=signed_in(request), objection=found):
            messages.success(request, _("Your objection is withdrawn."))
    except PortalError as refusal:
        messages.warning(request, str(refusal))
    return redirect("own_file", institution)
