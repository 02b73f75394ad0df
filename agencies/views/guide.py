"""The guide: its chapters for the roles that are held, and one chapter."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agencies import access
from agencies.guide.chapters import chapters_for
from agencies.views.people_frame import frame


@login_required
@require_safe
def contents(request: HttpRequest, institution: str) -> HttpResponse:
    """What the guide holds for the user's roles."""
    standing = access.get_standing(request.user, institution)
    found = chapters_for(standing)
    if not found:
        raise Http404
    return render(request, "agencies/guide/contents.html", frame(standing, chapters=found))


@login_required
@require_safe
def chapter(request: HttpRequest, institution: str, slug: str) -> HttpResponse:
    """One chapter, in the language of the page."""
    standing = access.get_standing(request.user, institution)
    found = chapters_for(standing)
    chosen = next((one for one in found if one.slug == slug), None)
    if chosen is None:
        raise Http404
    text = f"agencies/guide/{chosen.template(get_language() or 'id')}"
    place = found.index(chosen)
    onward = found[place + 1] if place + 1 < len(found) else None
    context = frame(standing, chapter=chosen, chapters=found, text=text, next=onward)
    return render(request, "agencies/guide/chapter.html", context)
