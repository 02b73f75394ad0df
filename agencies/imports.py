"""Reads a table of agencies, units, positions, tasks and facts, and finds every error in it.

One row tells of one task, its position, its unit and its agency; what stands in no row is not
touched. An empty cell says nothing: what is recorded stays, what is new is unknown. "?" says that
the answer is unknown. "-" says that there is none (`agency_parent`, `unit_code`). Things are
matched by their codes. Columns may be left out and stand in any order, separated by "," or ";".
Nothing here reads the database; `import_plans` compares with what is recorded.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from agencies import fact_values, facts
from agencies.errors import PortalError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Value = Any
"""What a cell tells: a text, number, truth value or code; None for "?"."""
Told = dict[str, Value]

UNKNOWN: Final = "?"
NONE: Final = "-"
NO_CODE: Final = ""
"""What "-" stands for once read: no parent, no unit."""
MOST_PEOPLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong: where (row 1 is the header), what stands there, and what to do."""

    row: int
    column: str
    value: str
    message: str

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


class _BadCell(Exception):
    """A cell that means nothing; carries what to do."""


Reader = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it belongs to, the field it fills, how a cell is read, and whether "?" and "-" are."""

    name: str
    of: str
    field: str
    read: Reader
    may_be_unknown: bool = False
    may_be_none: bool = False


def _text(longest: int) -> Reader:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise _BadCell(_("Shorten it to at most %(longest)d characters.") % {"longest": longest})
        return cell

    return read


def _number(least: int, most: int) -> Reader:
    def read(cell: str) -> int:
        if not (cell.isascii() and cell.isdecimal() and least <= int(cell) <= most):
            raise _BadCell(_("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return int(cell)

    return read


def _one_of(choices: tuple[facts.Choice, ...]) -> Reader:
    codes = tuple(choice.code for choice in choices)

    def read(cell: str) -> str:
        try:
            return fact_values.choice(codes, cell)
        except ValueError:
            raise _BadCell(_("Write one of: %(words)s.") % {"words": ", ".join(codes)}) from None

    return read


def _fact(fact: facts.Fact) -> Reader:
    def read(cell: str) -> Value:
        try:
            return fact_values.from_text(fact, cell)
        except ValueError:
            words = {"words": fact_values.allowed(fact)}
            raise _BadCell(_("Write one of: %(words)s; or ? for unknown.") % words) from None

    return read


_POSITION_FACTS: Final = {fact.column: _one_of(fact.choices) for fact in facts.POSITION_FACTS}
_TASK_NUMBER: Final = _number(1, 99)

COLUMNS: Final = {
    column.name: column
    for column in (
        Column("agency_code", "agency", "code", _text(40)),
        Column("agency_name", "agency", "name", _text(200)),
        Column("agency_kind", "agency", "kind", _one_of(facts.AGENCY_KINDS)),
        Column("agency_sector", "agency", "sector", _one_of(facts.SECTORS), may_be_unknown=True),
        Column("agency_parent", "agency", "parent", _text(40), may_be_none=True),
        Column("unit_code", "unit", "code", _text(60), may_be_none=True),
        Column("unit_name", "unit", "name", _text(200)),
        Column("unit_kind", "unit", "kind", _one_of(facts.UNIT_KINDS), may_be_unknown=True),
        Column("unit_sector", "unit", "sector", _one_of(facts.SECTORS), may_be_unknown=True),
        Column("position_code", "position", "code", _text(80)),
        Column("position_title", "position", "title", _text(200)),
        Column("jenjang", "position", "jenjang", _text(40)),
        *(Column(name, "position", name, read, may_be_unknown=True) for name, read in _POSITION_FACTS.items()),
        Column("needed", "position", "needed", _number(0, MOST_PEOPLE), may_be_unknown=True),
        Column("filled", "position", "filled", _number(0, MOST_PEOPLE), may_be_unknown=True),
        Column("task_number", "task", "number", _TASK_NUMBER),
        Column("task_title", "task", "title", _text(300)),
        Column("task_share", "task", "share", _number(1, 100), may_be_unknown=True),
        *(Column(fact.column, "facts", fact.column, _fact(fact), may_be_unknown=True) for fact in facts.TASK_FACTS),
        Column("exposure_reason", "task", "exposure_reason", _text(300)),
    )
}
"""Every column that is understood, in the order of a complete table."""


@dataclass(slots=True)
class ToldTask:
    """What a row tells of a task."""

    row: int
    values: Told
    facts: Told


@dataclass(slots=True)
class ToldPosition:
    """What the rows tell of a position; `unit` is None where no row says it, "" for none."""

    row: int
    agency: str
    unit: str | None
    values: Told
    tasks: dict[int, ToldTask] = field(default_factory=dict)


@dataclass(slots=True)
class ToldPart:
    """What the rows tell of an agency or a unit, and which row told each value first."""

    row: int
    values: Told
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """Everything that a table tells, by code, and what is wrong with it."""

    rows: int = 0
    agencies: dict[str, ToldPart] = field(default_factory=dict)
    units: dict[tuple[str, str], ToldPart] = field(default_factory=dict)
    positions: dict[str, ToldPosition] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def wrong(self, row: int, column: str, value: object, message: str) -> None:
        """Note an error."""
        self.errors.append(RowError(row, column, "" if value is None else str(value), message))


def read_table(content: bytes) -> Table:
    """What a CSV file tells. Its errors are all in `errors`; with any, the rest is not complete."""
    table = Table()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        table.wrong(1, "", "", _("Byte %(byte)d is not UTF-8; save the file as CSV UTF-8.") % {"byte": error.start})
        return table
    records = _records(text)
    columns = _header(table, next(records, []))
    if table.errors:
        return table
    reader = _CellReader(columns)
    for number, record in enumerate(records, 2):
        if any(cell.strip() for cell in record):
            table.rows += 1
            _tell(table, number, reader.read(table, number, record))
    return table


def _records(text: str) -> Iterator[list[str]]:
    header = text.partition("\n")[0]
    return csv.reader(io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ",")


def _header(table: Table, names: list[str]) -> list[Column]:
    columns: list[Column] = []
    for name in (name.strip() for name in names):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1) or ["agency_code"]
            table.wrong(1, name, name, _("There is no such column; did you mean %(near)s?") % {"near": near[0]})
        elif COLUMNS[name] in columns:
            table.wrong(1, name, name, _("This column stands here twice; remove one of the two."))
        else:
            columns.append(COLUMNS[name])
    if not table.errors and COLUMNS["agency_code"] not in columns:
        table.wrong(1, "agency_code", "", _("This column is missing; add it: every row needs the agency's code."))
    return columns


class _CellReader:
    """Reads the cells of a row; equal cells of a column are read once, which is most of the speed."""

    def __init__(self, columns: list[Column]) -> None:
        self.columns = columns
        self.known: list[dict[str, Value | _BadCell]] = [{} for _column in columns]

    def read(self, table: Table, row: int, record: list[str]) -> Told:
        """What the row tells, by column; errors go to the table."""
        if len(record) > len(self.columns):
            extra = record[len(self.columns)]
            table.wrong(row, "", extra, _("The row has more cells than the header; put quotes around commas."))
        told: Told = {}
        for column, known, cell in zip(self.columns, self.known, record, strict=False):
            if not cell:
                continue
            if cell not in known:
                known[cell] = _cell(column, cell.strip())
            value = known[cell]
            if isinstance(value, _BadCell):
                table.wrong(row, column.name, cell.strip(), str(value))
            elif value is not _NOTHING:
                told[column.name] = value
        return told


_NOTHING: Final = object()


def _cell(column: Column, cell: str) -> Value | _BadCell:
    if not cell:
        return _NOTHING
    if cell == NONE and column.may_be_none:
        return NO_CODE
    if cell == UNKNOWN:
        return None if column.may_be_unknown else _BadCell(_("This cannot be unknown; write it or leave it empty."))
    try:
        return column.read(cell)
    except _BadCell as problem:
        return problem


def _tell(table: Table, row: int, told: Told) -> None:
    """Add what a row tells to what the rows before it told."""
    agency = told.get("agency_code")
    if agency is None:
        if not _is_wrong(table, row, "agency_code"):
            table.wrong(row, "agency_code", "", _("Write the agency's code."))
        return
    by_part = _by_part(told)
    _merge(table, table.agencies, agency, row, by_part["agency"], "agency")
    unit = told.get("unit_code")
    if unit:
        _merge(table, table.units, (agency, unit), row, by_part["unit"], "unit")
    elif by_part["unit"]:
        column = f"unit_{next(iter(by_part['unit']))}"
        table.wrong(row, column, told[column], _("Write unit_code too, or leave this empty."))
    _tell_position(table, row, told, by_part)


def _is_wrong(table: Table, row: int, column: str) -> bool:
    return bool(table.errors) and any(error.row == row and error.column == column for error in table.errors[-50:])


def _by_part(told: Told) -> Mapping[str, Told]:
    parts: dict[str, Told] = {"agency": {}, "unit": {}, "position": {}, "task": {}, "facts": {}}
    for name, value in told.items():
        column = COLUMNS[name]
        if column.field != "code":
            parts[column.of][column.field] = value
    return parts


def _merge(table: Table, parts: dict[Any, ToldPart], key: object, row: int, values: Told, of: str) -> None:
    part = parts.get(key)
    if part is None:
        parts[key] = ToldPart(row, values, dict.fromkeys(values, row))
        return
    if part.values == values:
        return
    for name, value in values.items():
        if name not in part.values:
            part.values[name] = value
            part.rows[name] = row
        elif part.values[name] != value:
            table.wrong(row, f"{of}_{name}", value, _differs(part.rows[name], part.values[name]))


def _differs(row: int, value: Value) -> str:
    return _("Row %(row)d says “%(value)s”; say the same in both.") % {
        "row": row,
        "value": UNKNOWN if value is None else value,
    }


def _tell_position(table: Table, row: int, told: Told, by_part: Mapping[str, Told]) -> None:
    code = told.get("position_code")
    of_position = by_part["position"] | by_part["task"] | by_part["facts"]
    if code is None:
        if of_position and not _is_wrong(table, row, "position_code"):
            table.wrong(row, "position_code", "", _("Write the position's code, because the row tells of a position."))
        return
    position = table.positions.get(code)
    if position is None:
        position = ToldPosition(row, told["agency_code"], told.get("unit_code"), by_part["position"])
        table.positions[code] = position
    else:
        _tell_again(table, row, told, position, by_part["position"])
    _tell_task(table, row, position, by_part)


def _tell_again(table: Table, row: int, told: Told, position: ToldPosition, values: Told) -> None:
    """A further row of a position must not contradict its first."""
    if position.agency != told["agency_code"]:
        table.wrong(row, "agency_code", told["agency_code"], _differs(position.row, position.agency))
    if position.unit is None:
        position.unit = told.get("unit_code")
    elif position.unit != told.get("unit_code", position.unit):
        table.wrong(row, "unit_code", told["unit_code"], _differs(position.row, position.unit or NONE))
    for name, value in values.items():
        if position.values.setdefault(name, value) != value:
            column = "position_title" if name == "title" else name
            table.wrong(row, column, value, _differs(position.row, position.values[name]))


def _tell_task(table: Table, row: int, position: ToldPosition, by_part: Mapping[str, Told]) -> None:
    values, told_facts = by_part["task"], by_part["facts"]
    number = values.pop("number", None)
    if number is None and not values and not told_facts:
        return
    number = number or 1
    earlier = position.tasks.get(number)
    if earlier is not None:
        message = _("Row %(row)d tells of this task already; give each task of the position its own number.")
        table.wrong(row, "task_number", number, message % {"row": earlier.row})
        return
    position.tasks[number] = ToldTask(row, values, told_facts)
