"""A process of its own that reads one sheet of a workbook within bounds of memory and time.

`python -m agencies.importing.workbook_reader sheet NAME MOST_ROWS MOST_COLUMNS MOST_CELLS` takes the workbook from the
standard input and writes JSON lines: first what the workbook is, then each row. `beginnings NUMBER` in the place of
`sheet NAME` writes the first rows of so many sheets, a line for each. A library that runs out of memory ends its
process; so it must not be one that serves pages. Imports no Django.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

MEMORY: Final = 1536 * 1024 * 1024
"""Bytes of address space."""
SECONDS: Final = 40
"""Of the processor."""
LONGEST: Final = 2_000
"""Signs of a cell; none of our columns takes so many, so what is cut off is refused all the same. One sign more is
handed over of a cell that was cut, so that it can be told from one that was not."""
MOST_SIGNS: Final = 30_000_000
"""Signs of all cells together, numbers as they are written."""
BEGINNING: Final = 20
"""Rows of a beginning, among which the headings are looked for."""

TOO_LARGE, NOT_READ, NO_SHEET = 3, 4, 5
"""How the process ends where it gives no rows."""

LONG_NUMBER: Final = "long"
FORMULA: Final = "formula"
FAULT: Final = "fault"
"""Why a cell cannot be handed over as it was meant; beside it what stands there."""
Cell = str | list[str]

_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')
_EMPTY_FORMULA: Final = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>([^<]*)</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_FAULTY: Final = re.compile(
    rb'<c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?\s*(?:<v>([^<]*)</v>)?',
)
_ELSEWHERE: Final = "…"
"""A formula that stands once for many cells, and not in this one."""
_FIRST_EXACT: Final = 1e15
"""From here on a number of a spreadsheet has lost digits, or may have."""


class TooLarge(Exception):
    """A sheet with more rows, columns or signs than are read."""


@dataclass(frozen=True)
class Bounds:
    """How many rows, columns and cells of a sheet are read."""

    rows: int
    columns: int
    cells: int

    def check(self, end: tuple[int, int] | None) -> None:
        """Raise TooLarge where the last cell, counted from 0, lies beyond."""
        rows, columns = (end[0] + 1, end[1] + 1) if end is not None else (0, 0)
        if rows > self.rows or columns > self.columns or rows * columns > self.cells:
            raise TooLarge


def main(sheet: str, bounds: Bounds, beginnings: int = 0) -> int:
    """Read the workbook and return how that ended."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import python_calamine  # after the bounds are set

    content = sys.stdin.buffer.read()
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [one.name for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
        chosen = sheet if sheet in names else next(iter(names), "")
        if not chosen or (sheet and chosen != sheet):
            return NO_SHEET
        whole = not beginnings
        lines = _sheet(book, chosen, content, bounds) if whole else _beginnings(book, names[:beginnings], bounds)
        _write({"sheets": names, "sheet": chosen}, lines)
    except TooLarge:
        return TOO_LARGE
    except (python_calamine.CalamineError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        sys.stderr.write(f"{type(problem).__name__}\n")
        return NOT_READ
    return 0


def _write(about: dict[str, Any], lines: Iterable[Any]) -> None:
    out = sys.stdout
    out.write(json.dumps(about) + "\n")
    for line in lines:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
    out.flush()


def _beginnings(book: Any, names: Iterable[str], bounds: Bounds) -> Iterator[Any]:
    """The first rows of each sheet that holds any."""
    left = [MOST_SIGNS]
    for name in names:
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False, nrows=BEGINNING) if sheet.end is not None else []
        yield [name, [[_cell(value, left) for value in row[: bounds.columns]] for row in rows]]


def _sheet(book: Any, name: str, content: bytes, bounds: Bounds) -> Iterator[Any]:
    """What is merged, then every row from the first on; rows and columns before the data are empty."""
    sheet = book.get_sheet_by_name(name)
    bounds.check(sheet.end)
    yield [[list(first), list(last)] for first, last in sheet.merged_cell_ranges or ()]
    unread = _unread(content, name, bounds.columns)
    left = [MOST_SIGNS]
    rows = sheet.to_python(skip_empty_area=False) if sheet.end is not None else []
    for number, row in enumerate(rows):
        cells = [_cell(value, left) for value in row]
        for column, why in unread.get(number, ()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = why
        yield cells


def _cell(value: Any, left: list[int]) -> Cell:
    cell = _told(value)
    left[0] -= len(cell if isinstance(cell, str) else cell[-1])
    if left[0] < 0:
        raise TooLarge
    return cell


def _told(value: Any) -> Cell:
    match value:
        case str():
            return value[: LONGEST + 1]
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return ""


def _number(value: float) -> Cell:
    """A whole number without a point; one that has lost digits is none."""
    if not -_FIRST_EXACT < value < _FIRST_EXACT:
        return [LONG_NUMBER, repr(float(value))]
    return str(int(value)) if value == int(value) else format(value, ".15g")


def _unread(content: bytes, name: str, most_columns: int) -> dict[int, list[tuple[int, list[str]]]]:
    """Row and column, both from 0, of cells that the library hands over as empty and that are not, and why.

    A formula was never worked out by a program, or it came to a fault.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        path = _path_of(archive, name)
        xml = archive.read(path) if path in archive.namelist() else b""
    found: dict[int, list[tuple[int, list[str]]]] = {}
    for sign, pattern, why in ((b"<f", _EMPTY_FORMULA, FORMULA), (b't="e"', _FAULTY, FAULT)):
        for match in pattern.finditer(xml) if sign in xml else ():
            column = _place(match[1])
            if column < most_columns:
                found.setdefault(int(match[2]) - 1, []).append((column, [why, _written(why, match[3])]))
    return found


def _written(why: str, xml: bytes | None) -> str:
    """What stands in such a cell: the formula, or the sign of a spreadsheet that it has no value."""
    text = _unescaped((xml or b"").decode("utf-8", "replace"))[:LONGEST]
    return f"={text or _ELSEWHERE}" if why == FORMULA else text


def _place(letters: bytes) -> int:
    """The place of a column, from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _path_of(archive: zipfile.ZipFile, name: str) -> str:
    """The part of the archive that holds the sheet of that name; empty where the workbook does not say."""
    sheets = _elements(archive.read("xl/workbook.xml"), b"sheet")
    number = next((one.get("r:id") for one in sheets if _unescaped(one.get("name", "")) == name), None)
    targets = _elements(archive.read("xl/_rels/workbook.xml.rels"), b"Relationship")
    target = next((one.get("Target", "") for one in targets if one.get("Id") == number), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _elements(xml: bytes, tag: bytes) -> list[dict[str, str]]:
    found = re.findall(rb"<(?:\w+:)?" + tag + rb"\b([^>]*)>", xml)
    return [{k.decode(): v.decode("utf-8", "replace") for k, v in _ATTRIBUTE.findall(one)} for one in found]


def _unescaped(text: str) -> str:
    for name, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(name, sign)
    return text


if __name__ == "__main__":
    _what, _which, *_most = sys.argv[1:]
    _bounds = Bounds(*map(int, _most))
    sys.exit(main(_which, _bounds) if _what == "sheet" else main("", _bounds, int(_which)))
