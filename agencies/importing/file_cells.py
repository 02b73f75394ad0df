"""Faults told at an officer's own cells: her heading, the letters of its column and the row, and what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.utils.translation import gettext as _

from agencies.importing.differences import Difference, FaultTold, What
from agencies.importing.grids import Grid
from agencies.importing.kinds import Kind, column_label, valid_values
from agencies.importing.tables import BadCell, RowError, Sheet, printable
from agencies.importing.workbooks import column_name

_LENGTH_OF_A_KIND = 16


@dataclass(frozen=True)
class FileCells:
    """A file, and which column of the portal each of its columns means; `for_new` is said of everything new instead."""

    grid: Grid
    header_row: int
    columns: Sequence[str]
    kind: Kind
    for_new: Mapping[str, str]

    def at(self, column: str, row: int | None = None) -> str:
        """Heading and cell as she sees them, such as GOL AKHIR NAMA (D2); without a row those of the column."""
        place = self._places.get(column)
        if place is None:
            return self._elsewhere(column) if column in self.kind.columns else column
        cell = f"{column_name(place)}{row or ''}"
        heading = printable(self._headings[place])
        return f"{heading} ({cell})" if heading else cell

    def stands(self, row: int, column: str, value: str) -> str:
        """What she wrote in that cell; else the value, which comes from another row or from what is recorded."""
        text = self._text(row, column)
        if text and column in self.kind.columns:
            return printable(self.kind.columns[column].shown(text)) or _("not shown: it is about a person")
        if value and column in self._places:
            return _("%(value)s (not from this cell)") % {"value": value}
        return value

    def told(self, error: RowError) -> FaultTold:
        """The fault as she can find it."""
        sentence = error.said(lambda column: self.at(column, error.row))
        if self._is_lacking(error.column):
            lacking = _("No heading of the file means this column: assign one, or add the column to the file.")
            sentence = f"{sentence} {lacking}"
        return FaultTold(
            self.at(error.column, error.row),
            self.stands(error.row, error.column, error.value),
            sentence,
            self.at(error.column),
            error.kind(self.at),
        )

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.columns) if name}

    @cached_property
    def _headings(self) -> list[str]:
        headings = self.grid.headings(self.header_row)
        return headings + [""] * (len(self.columns) - len(headings))

    def _is_lacking(self, column: str) -> bool:
        return column in self.kind.columns and column not in self._places and not self.for_new.get(column)

    def _elsewhere(self, name: str) -> str:
        """A column for which the file has no heading."""
        words = {"label": column_label(self.kind.columns[name]), "name": name}
        if value := self.for_new.get(name):
            said = dict(valid_values(self.kind.columns[name])).get(value, value)
            return _("%(label)s (%(name)s; said for everything new: %(value)s)") % (words | {"value": said})
        return _("%(label)s (%(name)s; not in this file)") % words

    def _text(self, row: int, column: str) -> str:
        place = self._places.get(column)
        cells = self.grid.rows[row - 1] if 0 < row <= len(self.grid.rows) else []
        if place is None or place >= len(cells):
            return ""
        cell = cells[place]
        return (cell.text if isinstance(cell, BadCell) else cell).strip()


def refusals(sheet: Sheet, cells: FileCells) -> list[Difference]:
    """Every fault of a file that is listed, in the order of its rows; faults of one kind have the same part."""
    told = ((one, cells.told(one)) for one in sorted(sheet.errors, key=lambda error: error.row))
    return [Difference(What.REFUSED, one.row, _kind_of(fault), one.column, (fault,)) for one, fault in told]


def _kind_of(fault: FaultTold) -> str:
    """What is the same for all faults that say the same of one column."""
    return sha256(f"{fault.of}\n{fault.kind}".encode()).hexdigest()[:_LENGTH_OF_A_KIND]
