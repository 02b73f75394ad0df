"""Who signed in with a one-time password chooses her own before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

OPEN: Final = frozenset({"password_change", "logout", "set_language", "letter_check"})
"""The addresses that stay open until then."""


class FirstPasswordMiddleware:
    """Leads every other address to the change of password while the account must change it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the decision needs the address that was found."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """The redirect, where the page is not one of those that stay open."""
        found = request.resolver_match
        if found is not None and found.url_name in OPEN and not found.app_name:
            return None
        if not getattr(request.user, "must_change_password", False):
            return None
        return redirect("password_change")
