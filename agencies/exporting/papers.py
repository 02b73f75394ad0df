"""An exported table for print: tagged PDF on landscape A4, a long one in parts, so that memory stays bounded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from django.utils import formats
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.exporting.headings import Heading
from agencies.exporting.printing import as_json
from agencies.exporting.tables import Cell, ExportTable
from agencies.exporting.typesetting import typeset_apart

TEMPLATE: Final = Path(__file__).parent / "typst" / "table.typ"

PART: Final = 1000
"""Rows of one PDF. The typesetter holds a file whole, with its tags: about 0.1 MB and 1 ms a row, so a table of a
city (20,000 rows) at once would take 2.3 GB; in parts it takes 0.2 GB however long it is, in a process that ends."""

BREADTH: Final = 320
"""Letters that the columns of a table may be wide together to be squeezed onto one sheet."""
READABLE: Final = 240
"""Letters that stand well on a sheet: of a table that does not go onto one, each is given as many."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of the table for one PDF, and the numbers of the first and the last of them."""

    number: int
    rows: tuple[Sequence[Cell], ...]
    first: int
    last: int


def parts(rows: Iterable[Sequence[Cell]]) -> Iterator[Part]:
    """The rows in parts; an empty table is one part without rows."""
    reading, number = iter(rows), 1
    part = tuple(islice(reading, PART))
    while part or number == 1:
        first = (number - 1) * PART + 1
        yield Part(number, part, first, first + len(part) - 1)
        part, number = tuple(islice(reading, PART)), number + 1


def paper(table: ExportTable, heading: Heading, part: Part, *, alone: bool) -> bytes:
    """A part as a PDF; where it does not stand alone it says which rows it has."""
    return typeset_apart(
        TEMPLATE, {"table": as_json(_told(table, heading, part, alone=alone))}, int(heading.at.timestamp())
    )


def zipped(table: ExportTable, heading: Heading, found: Iterable[Part], stem: str) -> Iterator[bytes]:
    """The PDFs of all parts in one ZIP file, sent part by part."""
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_STORED) as bundle:
        for part in found:
            bundle.writestr(f"{stem}-{part.number:03d}.pdf", paper(table, heading, part, alone=False))
            yield sent.taken()
    yield sent.taken()


class _Sent(io.RawIOBase):
    """A file that is only written to: what was written is taken from it and sent."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, written: object) -> int:
        """Keep the bytes until they are taken."""
        self.waiting.append(bytes(written))  # type: ignore[call-overload]
        return len(self.waiting[-1])

    def taken(self) -> bytes:
        """What was written since the last time."""
        found, self.waiting = b"".join(self.waiting), []
        return found


def _told(table: ExportTable, heading: Heading, part: Part, *, alone: bool) -> dict[str, object]:
    shown = formats.number_format
    rows = _("Rows %(first)s to %(last)s") % {
        "first": shown(part.first, force_grouping=True),
        "last": shown(part.last, force_grouping=True),
    }
    at = heading.at.astimezone(UTC)
    lines = heading.lines if alone else (*heading.lines, (_("Part %(number)s") % {"number": part.number}, rows))
    return {
        "language": get_language() or "id",
        "title": heading.title,
        "author": table.institution.name,
        "day": [at.year, at.month, at.day],
        "mark": heading.mark,
        "lines": lines,
        "bands": [_band(table, part, places) for places in bands([one.width for one in table.columns])],
        "words": {"page": _("Page"), "of": _("of"), "none": _("The table has no rows.")},
    }


def bands(widths: Sequence[int]) -> list[list[int]]:
    """The places of the columns that stand side by side; the first column stands before those of each sheet."""
    if sum(widths) <= BREADTH:
        return [[*range(len(widths))]]
    found: list[list[int]] = [[0]]
    for place, width in enumerate(widths[1:], 1):
        if len(found[-1]) > 1 and sum(widths[one] for one in found[-1]) + width > READABLE:
            found.append([0])
        found[-1].append(place)
    return found


def _band(table: ExportTable, part: Part, places: Sequence[int]) -> dict[str, object]:
    columns = [table.columns[place] for place in places]
    # The first column is named with those of the first sheet alone.
    first = places[0] if places[1:2] == [1] else places[-1] - len(places) + 2
    numbers = {"first": first + 1, "last": places[-1] + 1, "total": len(table.columns)}
    whole = len(places) == len(table.columns)
    return {
        "told": "" if whole else _("Columns %(first)s to %(last)s of %(total)s") % numbers,
        "columns": [[one.label, one.width, one.kind == "number"] for one in columns],
        "rows": [[_words(row[place]) for place in places] for row in part.rows],
    }


def _words(cell: Cell) -> str:
    """A cell as people read it; what is not there is a dash, so that nobody takes it for forgotten."""
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    if isinstance(cell, int | Decimal):
        return str(formats.number_format(cell, use_l10n=True, force_grouping=True))
    if isinstance(cell, date):
        return str(date_format(cell))
    return cell or "–"
