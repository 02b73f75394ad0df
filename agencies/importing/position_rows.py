"""Reads a table of agencies, units, positions, tasks and facts, and finds every error in it.

One row tells of one task, its position, its unit and its agency; what stands in no row is not
touched. An empty cell says nothing: what is recorded stays, what is new is unknown. "?" says that
the answer is unknown. "-" says that there is none (`agency_parent`, `unit_code`). Things are
matched by their codes. Columns may be left out and stand in any order, separated by "," or ";".
Nothing here reads the database; `position_plans` compares with what is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from agencies import fact_values, facts
from agencies.importing.cell_readers import read_choice, read_number, read_text
from agencies.importing.tables import (
    NONE,
    BadCell,
    Column,
    ImportRefused,
    Reader,
    Record,
    RowError,
    Sheet,
    Telling,
    Told,
    Value,
    differs,
    read_rows,
    told_rows,
)

__all__ = ["COLUMNS", "ImportRefused", "RowError", "Table", "Told", "ToldPosition", "ToldTask", "read_table"]

MOST_PEOPLE: Final = 1_000_000
NEEDED: Final = "agency_code"
"""The column without which no row can be understood."""


def _one_of(choices: tuple[facts.Choice, ...], words: Mapping[str, str] | None = None) -> Reader:
    return read_choice(tuple(choice.code for choice in choices), words)


def _fact(fact: facts.Fact) -> Reader:
    def read(cell: str) -> Value:
        try:
            return fact_values.from_text(fact, cell)
        except ValueError:
            words = {"words": fact_values.allowed(fact)}
            raise BadCell(_("Write one of: %(words)s; or ? for unknown.") % words) from None

    return read


_WORDS: Final = {
    "category": {
        "jabatan pimpinan tinggi utama": "jpt_utama",
        "jabatan pimpinan tinggi madya": "jpt_madya",
        "jabatan pimpinan tinggi pratama": "jpt_pratama",
        "jabatan administrator": "administrator",
        "jabatan pengawas": "pengawas",
        "jabatan fungsional": "fungsional",
        "jabatan pelaksana": "pelaksana",
    }
}
"""What other systems write for a value of a fact of positions."""
_POSITION_FACTS: Final = {fact.column: _one_of(fact.choices, _WORDS.get(fact.column)) for fact in facts.POSITION_FACTS}
_TASK_NUMBER: Final = read_number(1, 99)

COLUMNS: Final = {
    column.name: column
    for column in (
        Column("agency_code", "agency", "code", read_text(40)),
        Column("agency_name", "agency", "name", read_text(200)),
        Column("agency_kind", "agency", "kind", _one_of(facts.AGENCY_KINDS)),
        Column("agency_sector", "agency", "sector", _one_of(facts.SECTORS), may_be_unknown=True),
        Column("agency_parent", "agency", "parent", read_text(40), may_be_none=True),
        Column("unit_code", "unit", "code", read_text(60), may_be_none=True),
        Column("unit_name", "unit", "name", read_text(200)),
        Column("unit_kind", "unit", "kind", _one_of(facts.UNIT_KINDS), may_be_unknown=True),
        Column("unit_sector", "unit", "sector", _one_of(facts.SECTORS), may_be_unknown=True),
        Column("position_code", "position", "code", read_text(80)),
        Column("position_title", "position", "title", read_text(200)),
        Column("jenjang", "position", "jenjang", read_text(40)),
        *(Column(name, "position", name, read, may_be_unknown=True) for name, read in _POSITION_FACTS.items()),
        Column("needed", "position", "needed", read_number(0, MOST_PEOPLE), may_be_unknown=True),
        Column("filled", "position", "filled", read_number(0, MOST_PEOPLE), may_be_unknown=True),
        Column("task_number", "task", "number", _TASK_NUMBER),
        Column("task_title", "task", "title", read_text(300)),
        Column("task_share", "task", "share", read_number(1, 100), may_be_unknown=True),
        *(Column(fact.column, "facts", fact.column, _fact(fact), may_be_unknown=True) for fact in facts.TASK_FACTS),
        Column("exposure_reason", "task", "exposure_reason", read_text(300)),
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
class ToldPosition(Telling):
    """What the rows tell of a position; `unit` is None where no row says it, "" for none."""

    agency: str
    unit: str | None
    tasks: dict[int, ToldTask] = field(default_factory=dict)


@dataclass(slots=True)
class Table(Sheet):
    """Everything that a table tells, by code, and what is wrong with it."""

    agencies: dict[str, Telling] = field(default_factory=dict)
    units: dict[tuple[str, str], Telling] = field(default_factory=dict)
    positions: dict[str, ToldPosition] = field(default_factory=dict)


def read_table(content: bytes) -> Table:
    """What a CSV file tells. Its errors are all in `errors`; with any, the rest is not complete."""
    table = Table()
    for row, told in read_rows(table, content, COLUMNS, needed=NEEDED):
        _tell(table, row, told)
    return table


def table_of(records: Iterable[Record], columns: Sequence[Column | None]) -> Table:
    """The same of records whose columns are known."""
    table = Table()
    for row, told in told_rows(table, records, columns):
        _tell(table, row, told)
    return table


def _tell(table: Table, row: int, told: Told) -> None:
    """Add what a row tells to what the rows before it told."""
    agency = told.get("agency_code")
    if agency is None:
        if not table.is_wrong(row, "agency_code"):
            table.wrong(row, "agency_code", "", _("Write the agency's code."))
        return
    by_part = _by_part(told)
    _merge(table, table.agencies, agency, row, by_part["agency"], "agency")
    unit = told.get("unit_code")
    if unit:
        _merge(table, table.units, (agency, unit), row, by_part["unit"], "unit")
    elif by_part["unit"]:
        column = f"unit_{next(iter(by_part['unit']))}"
        table.wrong(row, column, told[column], _("Write %(unit_code)s too, or leave this empty."))
    _tell_position(table, row, told, by_part)


def _by_part(told: Told) -> Mapping[str, Told]:
    parts: dict[str, Told] = {"agency": {}, "unit": {}, "position": {}, "task": {}, "facts": {}}
    for name, value in told.items():
        column = COLUMNS[name]
        if column.field != "code":
            parts[column.of][column.field] = value
    return parts


def _merge(table: Table, parts: dict[Any, Telling], key: object, row: int, values: Told, of: str) -> None:
    part = parts.get(key)
    if part is None:
        parts[key] = Telling(row, values)
        return
    if part.values == values:
        return
    for name, value in values.items():
        if not part.agrees(name, value, row):
            table.wrong(row, f"{of}_{name}", value, *differs(part.row_of(name), part.values[name]))


def _tell_position(table: Table, row: int, told: Told, by_part: Mapping[str, Told]) -> None:
    code = told.get("position_code")
    of_position = by_part["position"] | by_part["task"] | by_part["facts"]
    if code is None:
        if of_position and not table.is_wrong(row, "position_code"):
            table.wrong(row, "position_code", "", _("Write the position's code, because the row tells of a position."))
        return
    position = table.positions.get(code)
    if position is None:
        position = ToldPosition(row, by_part["position"], told["agency_code"], told.get("unit_code"))
        table.positions[code] = position
    else:
        _tell_again(table, row, told, position, by_part["position"])
    _tell_task(table, row, position, by_part)


def _tell_again(table: Table, row: int, told: Told, position: ToldPosition, values: Told) -> None:
    """A further row of a position must not contradict its first."""
    if position.agency != told["agency_code"]:
        table.wrong(row, "agency_code", told["agency_code"], *differs(position.row, position.agency))
        return  # its unit is one of another agency
    if position.unit is None:
        position.unit = told.get("unit_code")
        if position.unit is not None:
            position.told_later("unit", row)
    elif position.unit != told.get("unit_code", position.unit):
        table.wrong(row, "unit_code", told["unit_code"], *differs(position.row_of("unit"), position.unit or NONE))
    for name, value in values.items():
        if not position.agrees(name, value, row):
            column = "position_title" if name == "title" else name
            table.wrong(row, column, value, *differs(position.row_of(name), position.values[name]))


def _tell_task(table: Table, row: int, position: ToldPosition, by_part: Mapping[str, Told]) -> None:
    values, told_facts = by_part["task"], by_part["facts"]
    number = values.pop("number", None)
    if number is None and not values and not told_facts:
        return
    number = number or 1
    earlier = position.tasks.get(number)
    if earlier is not None:
        message = _("Row %(row)d tells of this task already; give each task of the position its own number.")
        table.wrong(row, "task_number", number, message, {"row": earlier.row})
        return
    position.tasks[number] = ToldTask(row, values, told_facts)
