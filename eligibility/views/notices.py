"""The notices of an account: the list, and marking them as read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.access import get_standing
from agencies.keys import is_key
from agencies.views.people_frame import frame, signed_in
from eligibility.pages.notices import notice_list, notices_of


@login_required
@require_safe
@never_cache
def notices(request: HttpRequest, institution: str) -> HttpResponse:
    """The notices, the latest first."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    listed = notice_list(standing, user, request.GET)
    return render(request, "eligibility/notices.html", frame(standing, listed=listed))


@login_required
@require_POST
@never_cache
def mark_read(request: HttpRequest, institution: str) -> HttpResponse:
    """Mark as read: the one of one's own that is named, else all."""
    standing, user = get_standing(request.user, institution), signed_in(request)
    unread = notices_of(standing, user).filter(read_at__isnull=True)
    one = request.POST.get("notice", "")
    if one:
        unread = unread.filter(pk=int(one) if is_key(one) else 0)
    unread.update(read_at=timezone.now())
    return redirect("notices", institution)
