"""The golongan of civil servants: I/a to IV/e for PNS and CPNS, I to XVII for PPPK (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_OF_PNS: Final = (
    *(f"{golongan}/{room}" for golongan in ("I", "II", "III") for room in "abcd"),
    *(f"IV/{room}" for room in "abcde"),
)
_TENS: Final = ("", "X")
_ONES: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_OF_PPPK: Final = tuple(ten + one for ten in _TENS for one in _ONES)[1:18]

GRADES: Final[Mapping[str, tuple[str, ...]]] = {
    "pns": _OF_PNS,
    "cpns": _OF_PNS,
    "pppk": _OF_PPPK,
    "pppk_part_time": _OF_PPPK,
}
"""The golongan that each kind of employee (`employee.kind`) may have, lowest first."""

RANKS: Final[Mapping[str, str]] = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}
"""The pangkat of each golongan of PNS (PP 11/2017); PPPK have a golongan only."""

_ROOM: Final = re.compile(r"([IV]+)[/.\s-]?([A-E])")


def grade_named(text: str) -> str:
    """The golongan that a text names: "iii/a", "III.a" and "IIIa" are III/a, "ix" is IX. Raises ValueError."""
    upper = "".join(text.upper().split())
    match = _ROOM.fullmatch(upper)
    grade = f"{match[1]}/{match[2].lower()}" if match else upper
    if grade not in _OF_PNS and grade not in _OF_PPPK:
        raise ValueError(text)
    return grade


def rank_words(grade: str) -> str:
    """Pangkat and golongan as a letter prints them: "Penata Muda (III/a)", "Golongan IX"; empty while not known."""
    if not grade:
        return ""
    return f"{RANKS[grade]} ({grade})" if grade in RANKS else f"Golongan {grade}"
