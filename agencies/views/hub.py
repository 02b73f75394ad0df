"""The page that lists all else that the user's roles open."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies import access, hub


@login_required
@require_safe
def show(request: HttpRequest, institution: str) -> HttpResponse:
    """The links by group."""
    standing = access.get_standing(request.user, institution)
    context = {"standing": standing, "institution": standing.institution, "sections": hub.sections(standing)}
    return render(request, "agencies/hub.html", context)
