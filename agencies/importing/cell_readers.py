"""How cells of columns are read: texts, numbers, choices and days, each with what to do about a bad one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from agencies import fact_values
from agencies.importing.tables import UNSEEN, BadCell, Reader

_DAY_FIRST: Final = re.compile(r"[^/]+/[^/]+/[^/]+|\d{1,2}-\d{1,2}-\d{4}")
EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2999
"""Years of days; another is a slip of the keyboard."""


def read_text(longest: int) -> Reader:
    """A text of at most so many characters, without control signs and signs that some program could not read."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(_("Shorten it to at most %(longest)d characters.") % {"longest": longest})
        if not cell.isprintable() or UNSEEN in cell:
            raise BadCell(_("Remove line breaks and signs that cannot be seen."))
        return cell

    return read


def read_number(least: int, most: int) -> Reader:
    """A whole number within bounds."""

    def read(cell: str) -> int:
        short = cell.isascii() and cell.isdecimal() and len(cell) <= len(str(most))
        if not (short and least <= int(cell) <= most):
            raise BadCell(_("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return int(cell)

    return read


def read_choice(codes: tuple[str, ...], words: Mapping[str, str] | None = None) -> Reader:
    """One of these codes, or a word in use that stands for one; capitals and idle spaces make no difference."""
    meant = words or {}

    def read(cell: str) -> str:
        word = " ".join(cell.lower().split())
        try:
            return meant[word] if word in meant else fact_values.choice(codes, word)
        except ValueError:
            raise BadCell(_("Write one of: %(words)s.") % {"words": ", ".join(codes)}) from None

    return read


def read_day(cell: str) -> date:
    """A day as 2025-07-01 or, as people here and SIASN write it, 1/7/2025 or 01-07-2025."""
    parts = re.split("[/-]", cell) if _DAY_FIRST.fullmatch(cell) else []
    try:
        day = date(int(parts[2]), int(parts[1]), int(parts[0])) if len(parts) == 3 else date.fromisoformat(cell)
    except (ValueError, OverflowError):
        day = None
    if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise BadCell(_("Write a day as 2025-07-01 or 1/7/2025 (day/month/year)."))
    return day
