"""What every page's frame needs: the user's standings, whether this is a demonstration, which theme of words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from agencies import access


def portal(request: HttpRequest) -> dict[str, Any]:
    """`demo`, `opened_at`, `standings` (read when first used), and the user's `standing` where the page is.

    A view that knows the institution gives its own `standing`, which wins.
    """
    # Error pages of middleware come before the user is known.
    user = getattr(request, "user", None)
    held: Any = SimpleLazyObject(lambda: access.standings(user) if user else [])
    return {"demo": settings.DEMO, "opened_at": timezone.now(), "standings": held}
