"""Turns the pure choices of `facts.py` into translated choices of model and form fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from agencies.facts import Choice

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def translated(choices: Iterable[Choice]) -> list[tuple[str, str | _StrPromise]]:
    """Pairs of code and translated label, in the order of the declaration."""
    return [(choice.code, gettext_lazy(choice.label)) for choice in choices]
