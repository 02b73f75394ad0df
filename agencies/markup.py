"""Markup written in one go: what Django's `format_html` does, for pages where it is asked for hundreds of times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe


def escaped(value: Any) -> str:
    """A value as text in which nothing is markup, unless it is markup already."""
    # A text that is still to be translated becomes one first; it may hold markup of its own.
    text = value if isinstance(value, str) else str(value)
    return text if isinstance(text, SafeString) else escape(text)


def markup(template: str, *values: Any) -> SafeString:
    """The template, which is markup, with the values in their places."""
    return mark_safe(template.format(*map(escaped, values)))  # nosec B308 B703 - every value is escaped


def markup_of_rows(between: str, template: str, rows: Iterable[Iterable[Any]]) -> SafeString:
    """The template once for each row of values; `between` is markup too."""
    return mark_safe(between.join(template.format(*map(escaped, row)) for row in rows))  # nosec B308 B703


def labelled(heads: Sequence[str], cells: Sequence[Any]) -> list[Any]:
    """Each cell of a row after the head of its column, which stands beside it where a table is shown as cards."""
    return [part for pair in zip(heads, cells, strict=True) for part in pair]


def attributes(given: Mapping[str, Any]) -> str:
    """Attributes of a tag: one that is True stands by its name alone, one that is False not at all."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in given.items()
        if value is not False
    )
