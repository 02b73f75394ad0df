"""What the views about employees share: who reads and who writes, and what surrounds the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import access, clock
from agencies.access import PEOPLE_READERS, Standing
from agencies.consequences import Touch
from agencies.forms.employee_filter import is_like_a_number
from agencies.models import Employee, Role, User
from agencies.pages.employee_file import Sight, Writing
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import Crumb


def signed_in(request: HttpRequest) -> User:
    """The user of a view that asks for a sign-in."""
    assert isinstance(request.user, User)
    return request.user


def reader_of(request: HttpRequest, institution: str) -> Standing:
    """The user as one who reads employees; Http404 for others."""
    return access.acting_as(access.get_standing(request.user, institution), *PEOPLE_READERS)


def writer_of(request: HttpRequest, institution: str, *, whole: bool = False) -> Standing:
    """The user as HR officer, of the whole institution where `whole`; Http404 for others."""
    standing = access.acting_as(access.get_standing(request.user, institution), Role.HR_OFFICER)
    if whole and not standing.sees_all:
        raise Http404
    return standing


def frame(standing: Standing, **more: Any) -> dict[str, Any]:
    """What every template here is given."""
    return {"standing": standing, "institution": standing.institution, **more}


def crumbs_of(standing: Standing, employee: Employee | None = None) -> tuple[Crumb, ...]:
    """The way to the list of employees, or on to a file."""
    code = standing.institution.code
    home = Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}")
    found = (home, Crumb(_("Employees"), reverse("employees", args=[code])))
    return found if employee is None else (*found, Crumb(employee.name, reverse("employee", args=[code, employee.pk])))


def view_of(standing: Standing, employee: Employee) -> dict[str, Any]:
    """How much of a file the reader sees, and what she may change of it."""
    if access.holds_whole(standing, Role.HR_OFFICER):
        return {"sight": Sight.FULL, "writing": Writing(anything=True, whole=True)}
    inspects = standing.holds(Role.INSPECTOR) and _sees(access.acting_as(standing, Role.INSPECTOR), employee)
    sight = Sight.DATES if inspects else Sight.SUMMARY
    if not standing.holds(Role.HR_OFFICER):
        return {"sight": sight, "writing": Writing()}
    clerk = access.acting_as(standing, Role.HR_OFFICER)
    agencies = frozenset(access.visible_agencies(clerk).values_list("pk", flat=True))
    return {"sight": sight, "writing": Writing(anything=_sees(clerk, employee), agencies=agencies)}


def _sees(standing: Standing, employee: Employee) -> bool:
    return access.visible_employees(standing).filter(pk=employee.pk).exists()


def without_number(request: HttpRequest, name: str) -> HttpResponse | None:
    """A redirect to the same list where somebody's number was typed as a name, so that no link repeats it."""
    if not is_like_a_number(request.GET.get(name, "")):
        return None
    kept = request.GET.copy()
    del kept[name]
    messages.warning(request, _("This looks like a number, and names are searched here. Numbers stand in no address."))
    return redirect(f"{request.path}?{kept.urlencode()}")


def note_form(request: HttpRequest, standing: Standing, employee: Employee) -> None:
    """Log that a form about an employee was opened: it shows what is recorded of her."""
    if request.method != "POST":
        reader = signed_in(request)
        note_read(reader=reader, standing=standing, page=ReadPage.FORM, at=timezone.now(), employee=employee)


def touch_of(
    standing: Standing, employee: Employee, positions: Iterable[int] = (), begins: date | None = None
) -> Touch:
    """What an act on an employee may change, told as of today, or of the later day on which it begins."""
    today = clock.today(standing.institution)
    on = today if begins is None else max(begins, today)
    return Touch(standing.institution, on, positions=frozenset(positions), employees=frozenset([employee.pk]))
