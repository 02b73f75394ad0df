"""Sets pages with the typesetter: tagged, archivable, and without a sign that the embedded fonts lack (pure)."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any, Final, Literal

import typst

STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]
"""Archivable with its structure, and accessible: the pair that the typesetter accepts together."""


def typeset(template: Path, inputs: dict[str, str], timestamp: int) -> bytes:
    """The template as a tagged PDF. Texts go in as data, never as markup; no font or file of the system is read."""
    made = typst.compile(
        template,
        root=template.parent,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[*STANDARDS],
        timestamp=timestamp,
    )
    return made


def as_json(told: Any) -> str:
    """What a template is given: one JSON text, in which every text can be printed."""
    return json.dumps(_all_printable(told), ensure_ascii=False, default=str)


def _all_printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _all_printable(one) for key, one in value.items()}
    return [_all_printable(one) for one in value] if isinstance(value, list | tuple) else value


_FRAMES: Final = (
    (0x0020, 0x024F),
    (0x0370, 0x04FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2044, 0x2052),
    (0x20A0, 0x20BF),
    (0x2190, 0x22FF),
    (0x2500, 0x25FF),
)
"""The blocks that the embedded fonts have; an archive file may not hold a sign without its shape."""


def printable(text: str) -> str:
    """The text with signs that the fonts lack as their code ("[U+6F22]"), line breaks and tabs as spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_printable(sign) for sign in unicodedata.normalize("NFC", text))


def _printable(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign.isspace():
        return " "
    if category in {"Cc", "Cf"}:
        return ""
    known = category[0] != "C" and any(first <= ord(sign) <= last for first, last in _FRAMES)
    return sign if known else f"[U+{ord(sign):04X}]"
