"""What one request that only reads asks for several times is read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agencies.access import read_once

_READING: Final = frozenset({"GET", "HEAD"})


class ReadOnceMiddleware:
    """Lets the standings of the account be read once where a page is only read: its view and its frame both ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; who it is was found out by then."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Before the view asks."""
        if request.method in _READING:
            read_once(request.user)
