"""Signs that nobody sees on screen or paper (pure): they hide what a text says, and no Lampiran can hold them."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Kinds of signs that nobody sees."""

_LINE_BREAKS: Final = frozenset("\r\n\t")


def unseen_sign(text: str, *, lines: bool) -> int:
    """The place, counted from 1, of the first sign that nobody can see; 0 without any. `lines`: it may have several."""
    allowed = _LINE_BREAKS if lines else frozenset()
    places = (n for n, sign in enumerate(text, 1) if sign not in allowed and unicodedata.category(sign) in _UNSEEN)
    return next(places, 0)
