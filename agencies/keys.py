"""What people send in the place of a key."""

from __future__ import annotations


def is_key(text: str) -> bool:
    """Whether a row can have this key: digits, and no more of them than a database can hold."""
    return text.isascii() and text.isdecimal() and len(text) < 19
