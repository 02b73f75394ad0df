"""The trail looked through: the entries, and verifying the last of them now."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies import access as grants
from agencies.access import Standing
from agencies.clock import today
from agencies.exporting.answers import exported
from agencies.models import Role, User
from agencies.personal_data import ReadPage, note_read
from oversight import access
from oversight.actions.trail import check_trail
from oversight.pages.trail_browser import account_of, entry_table, trail_browser
from oversight.recent import verify_recent


def _browsing(request: HttpRequest, institution: str) -> tuple[Standing, User]:
    """The whole chain belongs together: only a grant for the whole institution opens it."""
    standing = grants.get_standing(request.user, institution)
    grants.acting_for_all(standing, *access.READERS)
    assert isinstance(request.user, User)
    return standing, request.user


@login_required
@require_safe
@never_cache
def browse(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The entries that the address asks for, newest first; to look for what one account did is a read of a person."""
    standing, user = _browsing(request, institution)
    account = account_of(standing.institution, request.GET)
    if account is not None and account != user:
        at, employee = timezone.now(), account.employee
        note_read(reader=user, standing=standing, page=ReadPage.TRAIL, at=at, employee=employee)
    table = partial(entry_table, standing.institution, request.GET, account, today(standing.institution))
    if file := exported(request, table, "jejak"):
        return file
    may_open = partial(access.audited_of, standing, user)
    page = trail_browser(standing.institution, request.GET, account, may_open)
    keeps = grants.holds_whole(standing, Role.INSPECTOR)
    # Who only reads has it recomputed too: the page says what was found, and nothing is kept.
    seen = verify_recent(standing.institution) if "periksa" in request.GET and not keeps else None
    context = {"standing": standing, "institution": standing.institution, "page": page, "keeps": keeps, "seen": seen}
    return render(request, "oversight/trail_browser.html", context)


@login_required
@require_POST
def check(request: HttpRequest, institution: str) -> HttpResponse:
    """Recompute the last entries of the chain now and keep what was found: an act of the inspector's alone."""
    standing, user = _browsing(request, institution)
    grants.acting_for_all(standing, Role.INSPECTOR)
    found = check_trail(actor=user, institution=standing.institution)
    if found.is_whole:
        messages.success(request, _("Every entry is as it was written."))
    else:
        messages.warning(request, _("The chain is broken at entry %(number)s.") % {"number": found.broken})
    return redirect("trail_browser", institution)
