"""Hides what a number says about a person: only what tells two people apart is left to see (pure)."""

from __future__ import annotations

from typing import Final

SHOWN: Final = 3
"""The sequence at the end; birth date, appointment and sex stand before it."""
_DOT: Final = "•"


def masked_nip(text: str) -> str:
    """A NIP or NI PPPK with all but its last three digits hidden; a shorter text is hidden whole."""
    text = text.strip()
    if len(text) <= SHOWN:
        return _DOT * len(text)
    return _DOT * (len(text) - SHOWN) + text[-SHOWN:]
