"""Reads a CSV file cell by cell and notes every error in it: what all imports have in common.

An empty cell says nothing. "?" says that the answer is unknown, "-" that there is none, where a
column understands them. Columns may be left out and stand in any order, separated by "," or ";".
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.csv_files import restored
from agencies.errors import PortalError
from agencies.importing.refusals import MOST_FAULTS
from agencies.masking import masked_nip

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Value = Any
"""What a cell tells: a text, number, truth value, day or code; None for "?"."""
Told = dict[str, Value]

UNKNOWN: Final = "?"
NONE: Final = "-"
NO_CODE: Final = ""
"""What "-" stands for once read: no parent, no unit, no residence."""

_PERSONS_NUMBER: Final = re.compile(r"\d[\d ]{13,}\d")
"""So many digits are a NIP, perhaps one mistyped or beside its column."""

_PLACE: Final = re.compile(r"%\((\w+)\)[sd]")
"""A place of a sentence for a word, or for the name of a column."""
_NO_WORDS: Final[Mapping[str, object]] = {}
_ANY_WORD: Final = "…"

UNSEEN: Final = "\ufffd"
"""What stands for a sign that cannot be seen, or that some program could not read."""
_LONGEST_SHOWN: Final = 80
"""Signs of a cell; the row and the column say which it is."""


def filled(sentence: str, word: Callable[[str], object]) -> str:
    """The sentence with a word in each of its places."""
    return _PLACE.sub(lambda found: str(word(found[1])), sentence)


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong: where (row 1 is the header), what stands there, and what to do.

    The sentence has places for its words, and for columns: those are named as the file that is told of names them.
    """

    row: int
    column: str
    value: str
    sentence: str
    words: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """The sentence, with columns by their own names."""
        return self.said(str)

    def said(self, named: Callable[[str], str]) -> str:
        """The sentence, with columns as they are named there."""
        return filled(self.sentence, lambda name: self.words[name] if name in self.words else named(name))

    def kind(self, named: Callable[[str], str]) -> str:
        """What all faults of this kind say, whatever the words of each."""
        return filled(self.sentence, lambda name: _ANY_WORD if name in self.words else named(name))

    def __str__(self) -> str:
        return _("Row %(row)d, %(column)s, “%(value)s”: %(message)s") % {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
        }


class ImportRefused(PortalError):
    """Nothing was imported, because of these errors."""

    def __init__(self, message: str | _StrPromise, errors: list[RowError]) -> None:
        super().__init__(message)
        self.errors = errors


class BadCell(Exception):
    """A cell that means nothing: what to do, as a sentence with its words, and what stands there.

    `number` is one that has lost digits: as a text it would pass for one that is whole.
    """

    def __init__(
        self,
        sentence: str,
        words: Mapping[str, object] = _NO_WORDS,
        *,
        text: str = "",
        number: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.words, self.text, self.number = sentence, words, text, number

    def __str__(self) -> str:
        return filled(self.sentence, self.words.__getitem__)


Cell = str | BadCell
"""What stands in a cell, or why a program could not hand it over as it was meant."""
Record = tuple[int, Sequence[Cell]]
"""The number of a row, which people see beside it, and its cells."""


Reader = Callable[[str], Value]


def _as_it_stands(cell: str) -> str:
    return cell


def hidden(cell: str) -> str:
    """Nothing: what a cell of personal data shows of itself in an error."""
    return ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it belongs to, the field it fills, how a cell is read, and whether "?" and "-" are.

    `shown` is how a cell appears in the list of errors, which may be printed and kept. `as_text` is written into
    workbooks as a text though its field holds a number, as a time of the day is.
    """

    name: str
    of: str
    field: str
    read: Reader
    may_be_unknown: bool = False
    may_be_none: bool = False
    shown: Callable[[str], str] = _as_it_stands
    as_text: bool = False


def printable(text: str) -> str:
    """What a list of errors may repeat of a file: no number of a person, in whatever column it stands, and no novel.

    A sign that cannot be seen is shown as one that can.
    """
    seen = text if text.isprintable() else "".join(sign if sign.isprintable() else UNSEEN for sign in text)
    shown = _PERSONS_NUMBER.sub(lambda found: masked_nip(found[0]), seen)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Errors that are counted and no longer listed: how many, and the first and the last row in which they stand."""

    number: int
    first: int
    last: int

    def __str__(self) -> str:
        told = {"number": self.number, "first": self.first, "last": self.last}
        shown = {name: number_format(value, force_grouping=True) for name, value in told.items()}
        return _("%(number)s further faults are not listed; they stand in rows %(first)s to %(last)s.") % shown


@dataclass(slots=True)
class Sheet:
    """How many rows a file has, and what is wrong with them.

    `errors` are the first of them, as many as are listed of a file; what follows is `unlisted`. `wrong_rows` are all
    rows with an error. `for_new` is what an officer said of everything new, by the part and the field that it fills;
    what a row says itself, and what stands recorded, goes before it. `valid_from` is the day from which the rows hold,
    of a kind that has one.
    """

    rows: int = 0
    errors: list[RowError] = field(default_factory=list)
    unlisted: Unlisted | None = None
    wrong_rows: set[int] = field(default_factory=set)
    just_now: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=50))
    for_new: Mapping[str, Told] = field(default_factory=dict)
    valid_from: date | None = None

    @property
    def faults(self) -> int:
        """How many errors there are, listed or not."""
        return len(self.errors) + (self.unlisted.number if self.unlisted else 0)

    def wrong(
        self, row: int, column: str, value: object, sentence: str, words: Mapping[str, object] = _NO_WORDS
    ) -> None:
        """Note an error; the sentence may have places for words, and for columns by their names."""
        self.wrong_rows.add(row)
        self.just_now.append((row, column))
        if len(self.errors) < MOST_FAULTS:
            text = "" if value is None else str(value)
            self.errors.append(RowError(row, printable(column), printable(text), sentence, words))
        else:
            self._leave_out(Unlisted(1, row, row))

    def is_wrong(self, row: int, column: str) -> bool:
        """Whether an error of this cell was noted just now."""
        return (row, column) in self.just_now

    def take_over(self, other: Sheet) -> None:
        """Add the errors that another reading of the same file found."""
        self.wrong_rows |= other.wrong_rows
        room = MOST_FAULTS - len(self.errors)
        self.errors += other.errors[:room]
        for error in other.errors[room:]:
            self._leave_out(Unlisted(1, error.row, error.row))
        if other.unlisted:
            self._leave_out(other.unlisted)

    def _leave_out(self, more: Unlisted) -> None:
        left = self.unlisted or Unlisted(0, more.first, more.last)
        self.unlisted = Unlisted(left.number + more.number, min(left.first, more.first), max(left.last, more.last))

    def refuse(self) -> None:
        """Raise ImportRefused, with the errors that are listed in the order of the rows, if there is any."""
        if self.errors:
            message = _("Nothing was imported: %(count)d errors. Correct them and import the file again.")
            said = [message % {"count": self.faults}, *([str(self.unlisted)] if self.unlisted else [])]
            raise ImportRefused(" ".join(said), sorted(self.errors, key=lambda error: error.row))


@dataclass(slots=True)
class Telling:
    """What rows tell of one thing: the first of them, the values, and which later row told a value first."""

    row: int
    values: Told
    later: dict[str, int] | None = field(default=None, kw_only=True)

    def row_of(self, name: str) -> int:
        """The row that told a value first."""
        return self.later.get(name, self.row) if self.later else self.row

    def agrees(self, name: str, value: Value, row: int) -> bool:
        """Whether a further row says nothing else; what no row before it told is taken from it."""
        if name not in self.values:
            self.values[name] = value
            self.told_later(name, row)
        return bool(self.values[name] == value)

    def told_later(self, name: str, row: int) -> None:
        """Note that it was a further row that told this first."""
        self.later = (self.later or {}) | {name: row}


def read_rows(sheet: Sheet, content: bytes, columns: Mapping[str, Column], needed: str) -> Iterator[tuple[int, Told]]:
    """The number of each row that is not empty, and what it tells by the names of columns; errors go to the sheet.

    `needed` is the column without which no row can be understood.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sheet.wrong(1, "", "", _("Byte %(byte)d is not UTF-8; save the file as CSV UTF-8.") % {"byte": error.start})
        return
    records = _records(sheet, text)
    found = _header(sheet, next(records, (1, []))[1], columns, needed)
    if sheet.errors:
        return
    yield from told_rows(sheet, records, found)


def told_rows(sheet: Sheet, records: Iterable[Record], columns: Sequence[Column | None]) -> Iterator[tuple[int, Told]]:
    """The number of each row that is not empty, and what it tells; cells of a column that is None are left out."""
    reader = _CellReader(columns)
    for number, record in records:
        if any(record) and any(isinstance(cell, BadCell) or cell.strip() for cell in record):
            sheet.rows += 1
            yield number, reader.read(sheet, number, record)


def _records(sheet: Sheet, text: str) -> Iterator[tuple[int, list[str]]]:
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    number = 0
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            yield number, record
    except csv.Error as problem:
        message = _("The file cannot be read from here on (%(reason)s); look for a quotation mark without its second.")
        sheet.wrong(number + 1, "", "", message % {"reason": problem})


def _header(sheet: Sheet, names: list[str], columns: Mapping[str, Column], needed: str) -> list[Column]:
    found: list[Column] = []
    for name in (name.strip() for name in names):
        if name not in columns:
            near = difflib.get_close_matches(name[:100], columns, n=1) or [needed]
            sheet.wrong(1, name, name, _("There is no such column; did you mean %(near)s?") % {"near": near[0]})
        elif columns[name] in found:
            sheet.wrong(1, name, name, _("This column stands here twice; remove one of the two."))
        else:
            found.append(columns[name])
    if not sheet.errors and columns[needed] not in found:
        sheet.wrong(1, needed, "", _("This column is missing; add it: every row needs it."))
    return found


class _CellReader:
    """Reads the cells of a row; equal cells of a column are read once, which is most of the speed."""

    def __init__(self, columns: Sequence[Column | None]) -> None:
        self.columns = columns
        self.known: list[tuple[Column | None, dict[str, Value | BadCell]]] = [(column, {}) for column in columns]

    def read(self, sheet: Sheet, row: int, record: Sequence[Cell]) -> Told:
        """What the row tells, by column; errors go to the sheet."""
        if len(record) > len(self.columns):
            message = _("The row has more cells than the header; put quotes around cells with commas or semicolons.")
            sheet.wrong(row, "", "", message)
        told: Told = {}
        for (column, known), cell in zip(self.known, record, strict=False):
            if not cell or column is None:
                continue
            if isinstance(cell, BadCell):
                sheet.wrong(row, column.name, "", cell.sentence, cell.words)
                continue
            if cell not in known:
                known[cell] = _cell(column, restored(cell).strip())
            value = known[cell]
            if isinstance(value, BadCell):
                sheet.wrong(row, column.name, column.shown(cell.strip()), value.sentence, value.words)
            elif value is not _NOTHING:
                told[column.name] = value
        return told


_NOTHING: Final = object()
_GONE_WRONG: Final = frozenset({"#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"})
"""What spreadsheets show, and write into text files, where a formula has no value."""


def gone_wrong(text: str) -> BadCell:
    """A cell whose formula has no value."""
    return BadCell(_("A formula that has gone wrong stands here; put a value in its place."), text=text)


def _cell(column: Column, cell: str) -> Value | BadCell:
    if not cell:
        return _NOTHING
    if cell in _GONE_WRONG:
        return gone_wrong(cell)
    if cell == NONE and column.may_be_none:
        return NO_CODE
    if cell == UNKNOWN:
        return None if column.may_be_unknown else BadCell(_("This cannot be unknown; write it or leave it empty."))
    try:
        return column.read(cell)
    except BadCell as problem:
        return problem


def differs(row: int, value: Value, shown: Callable[[str], str] = _as_it_stands) -> tuple[str, Mapping[str, object]]:
    """The sentence for a row that contradicts an earlier one, and its words."""
    told = UNKNOWN if value is None else NONE if value == NO_CODE else shown(str(value))
    if not told:
        return _("Row %(row)d says something else; say the same in both."), {"row": row}
    return _("Row %(row)d says “%(value)s”; say the same in both."), {"row": row, "value": told}
