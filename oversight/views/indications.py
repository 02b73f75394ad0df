"""The pages of indications: all of them, and the rows of one."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from agencies.access import Standing, acting_for_all, get_standing
from agencies.exporting.answers import exported, exported_people
from agencies.models import Role, User
from agencies.personal_data import ReadPage, note_read
from oversight import access, indications
from oversight.background import start_looking
from oversight.indications import Indication
from oversight.indications.looking import AT_ONCE
from oversight.pages.indications import indication_list, indication_list_table, indication_page, indication_table


@login_required
@require_safe
@never_cache
def listing(request: HttpRequest, institution: str) -> HttpResponseBase:
    """All indications: those not looked at yet first, then those that point at something."""
    standing, user = _reader(request, institution)
    on = clock.today(standing.institution)
    page = indication_list(standing, user, on, timezone.now())
    if file := exported(request, partial(indication_list_table, standing, page, on), "indikasi"):
        return file
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/indications.html", context)


@login_required
@require_safe
@never_cache
def one(request: HttpRequest, institution: str, code: str) -> HttpResponseBase:
    """The rows of an indication, each linking to its case; the read is logged. `lanjut`: examine more candidates."""
    standing, user = _reader(request, institution)
    on, now = clock.today(standing.institution), timezone.now()
    if "lanjut" in request.GET:
        indications.look_anew(_indication(code), standing.institution, on, now, at_most=AT_ONCE)
        return redirect("indication", institution, code)
    made = partial(indication_table, standing, user, _indication(code), on, now)
    if file := exported_people(request, standing, ReadPage.INDICATION, made, f"indikasi-{code}"):
        return file
    page = indication_page(standing, user, _indication(code), request.GET, on, now)
    note_read(reader=user, standing=standing, page=ReadPage.INDICATION, at=now, count=len(page.rows))
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/indication.html", context)


@login_required
@require_POST
def look_at_all(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Have the worker look by every indication; only who inspects the whole institution asks for it."""
    standing = get_standing(request.user, institution)
    acting_for_all(standing, Role.INSPECTOR)
    if start_looking(standing.institution, timezone.now()):
        messages.success(request, _("Everything is looked at in the background; the numbers stand here then."))
    else:
        messages.info(request, _("Everything is being looked at; the numbers stand here then."))
    return redirect("indications", institution)


def _reader(request: HttpRequest, institution: str) -> tuple[Standing, User]:
    assert isinstance(request.user, User)
    return access.auditor(get_standing(request.user, institution)), request.user


def _indication(code: str) -> Indication:
    found = indications.find(code)
    if found is None:
        raise Http404
    return found
