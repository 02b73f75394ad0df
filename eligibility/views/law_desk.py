"""The way from the portal into the administration of the law."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from agencies.access import acting_for_all, get_standing
from agencies.models import Role


@login_required
@require_safe
def law_desk(request: HttpRequest, institution: str) -> HttpResponse:
    """Lead who writes the institution's rules to where they are written."""
    acting_for_all(get_standing(request.user, institution), Role.RULES_ADMINISTRATOR)
    return redirect("admin:index")
