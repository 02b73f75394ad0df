"""Recognises how a text file is written (encoding, separator) and cuts it into records."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from agencies.importing.refusals import FileRefused

SEPARATORS: Final = (";", ",", "\t")
_HEADINGS: Final = 20
"""Lines from which the separator is told."""
_APOSTROPHE: Final = re.compile(r"^'(?=[=+\-@\t\r])")
"""What our own CSV files put before a text that a spreadsheet would take for a formula."""
NUL: Final = "\x00"
"""A sign that no text file holds: the file is something else."""


@dataclass(frozen=True)
class TextFile:
    """The text of a file, and how it was written."""

    text: str
    encoding: str
    separator: str


def recognised(content: bytes) -> TextFile:
    """The text of a CSV file in UTF-8, UTF-16 with its mark, or Windows-1252. Raises FileRefused for anything else."""
    text, encoding = _decoded(content)
    if NUL in text:
        raise FileRefused(
            _("This is no spreadsheet and no text. Save the table as XLSX, or as “CSV UTF-8”, and choose it again.")
        )
    if re.match(r"\s*(<|\{|\[)", text[:200]):
        raise FileRefused(
            _(
                "This is a web page or a data file of a program, whatever its name says. Open it in a spreadsheet"
                " program and save it as XLSX."
            )
        )
    return TextFile(text, encoding, _separator(text))


def records_of(file: TextFile) -> Iterator[list[str]]:
    """Every record with its cells. Raises FileRefused where a quotation mark is not closed or a cell is endless."""
    number = 0
    try:
        for record in csv.reader(io.StringIO(file.text, newline=""), delimiter=file.separator):
            number += 1
            yield [_APOSTROPHE.sub("", cell) for cell in record]
    except csv.Error as problem:
        message = _("The file cannot be read from row %(row)d on: look for a quotation mark without its second.")
        raise FileRefused(message % {"row": number + 1}) from problem


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16", "UTF-16"), "UTF-16"
    if content.startswith(codecs.BOM_UTF8):
        return _strictly(content, "utf-8-sig", "UTF-8"), "UTF-8"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        # Windows programs of this country write Windows-1252 where they do not write UTF-8.
        return _strictly(content, "cp1252", "Windows-1252"), "Windows-1252"


def _strictly(content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        message = _("Byte %(byte)d is no letter of %(encoding)s; save the file as “CSV UTF-8” and choose it again.")
        raise FileRefused(message % {"byte": error.start, "encoding": name}) from error


def _separator(text: str) -> str:
    """The separator that parts the headings, or else any of the first lines, into most cells."""
    lines = io.StringIO(text[:100_000], newline="")
    beginning = "".join(line for _number, line in zip(range(_HEADINGS), lines, strict=False))
    return max(SEPARATORS, key=lambda separator: _cells(beginning, separator))


def _cells(beginning: str, separator: str) -> tuple[int, int]:
    """Into how many cells the first line that is not empty falls, and the longest."""
    counts: list[int] = []
    try:
        for record in csv.reader(io.StringIO(beginning, newline=""), delimiter=separator):
            counts += [len(record)] if any(record) else []
    except csv.Error:
        pass  # what cannot be read is told when the whole is read
    return next(iter(counts), 0), max(counts, default=0)
