"""The trail looked through: the entries, verifying the last of them now, and the entries as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies import access as grants
from agencies.access import Standing
from agencies.models import User
from oversight import access
from oversight.actions.trail import check_trail
from oversight.exports import Cell, csv_file
from oversight.pages.trail_browser import filter_of, lines_of, narrowed, trail_browser


def _browsing(request: HttpRequest, institution: str) -> tuple[Standing, User]:
    """The whole chain belongs together: only a grant for the whole institution opens it."""
    standing = grants.get_standing(request.user, institution)
    grants.acting_for_all(standing, *access.READERS)
    assert isinstance(request.user, User)
    return standing, request.user


@login_required
@require_safe
def browse(request: HttpRequest, institution: str) -> HttpResponse:
    """The entries that the address asks for, newest first."""
    standing, user = _browsing(request, institution)
    page = trail_browser(standing.institution, request.GET, lambda keys: access.audited_of(standing, user, keys))
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/trail_browser.html", context)


@login_required
@require_POST
def check(request: HttpRequest, institution: str) -> HttpResponse:
    """Recompute the last entries of the chain now and keep what was found."""
    standing, user = _browsing(request, institution)
    found = check_trail(actor=user, institution=standing.institution)
    if found.is_whole:
        messages.success(request, _("Every entry is as it was written."))
    else:
        messages.warning(request, _("The chain is broken at entry %(number)s.") % {"number": found.broken})
    return redirect("trail_browser", institution)


@login_required
@require_safe
def export(request: HttpRequest, institution: str) -> StreamingHttpResponse:
    """The entries that fit as CSV, all of them, oldest first."""
    standing, _user = _browsing(request, institution)
    owner = standing.institution
    entries = narrowed(owner, filter_of(owner, request.GET).read()).order_by("number")

    def rows() -> Iterator[tuple[Cell, ...]]:
        for entry in entries.iterator(chunk_size=2000):
            (line,) = lines_of([entry], owner)
            told = "; ".join(f"{name}: {value}" for name, value in line.details)
            moment = line.at.isoformat(timespec="seconds")
            yield (line.number, moment, line.actor, line.act, line.subject, line.key, told, line.rows, line.digest)

    header = [_("Number"), _("When"), _("Actor"), _("Act"), _("Subject"), _("Key"), _("Details"), _("Rows")]
    return csv_file(f"jejak-{institution}", [*header, _("Digest (SHA-256)")], rows())
