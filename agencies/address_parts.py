"""What may stand in an address for a row: a key that a database can hold, or a code; anything else is not there."""

from __future__ import annotations

from django.urls import register_converter


class Key:
    """The key of a row. Django's own `int` takes numbers that no column holds, and databases fail on them."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The number in digits."""
        return str(value)


class Code:
    """The code of an agency. Django's own `str` takes the sign NUL, which PostgreSQL refuses in any text."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        """The code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The code as it stands."""
        return value


def register() -> None:
    """Make `<key:…>` and `<code:…>` known to all addresses."""
    register_converter(Key, "key")
    register_converter(Code, "code")
