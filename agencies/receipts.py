"""Where acts stand in the trail, for pages and papers that print it; the app with the trail says how to find them."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

from agencies.events import Receipt

Finder = Callable[[Model, str], Receipt | None]

_finders: list[Finder] = []


def find_with(finder: Finder) -> None:
    """Register what finds receipts; the last one registered counts."""
    _finders[:] = [finder]


def receipt_of(subject: Model, action: str) -> Receipt | None:
    """The receipt of the latest act of that name on the subject; None where the trail has none."""
    return _finders[0](subject, action) if _finders else None
