"""Reads the files of tables as whoever downloads them: what stands above, and the table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from python_calamine import CalamineWorkbook


@dataclass(frozen=True)
class Read:
    """A file that was read: the lines above the table, its heads, its rows."""

    above: list[list[Any]]
    heads: list[Any]
    rows: list[list[Any]]

    @property
    def told(self) -> dict[str, str]:
        """What stands above, by name."""
        return {line[0]: line[1] for line in self.above if len(line) > 1 and line[1] != ""}

    def column(self, head: str) -> list[Any]:
        """The cells below a head."""
        place = self.heads.index(head)
        return [row[place] for row in self.rows]


def content(answer: HttpResponseBase) -> bytes:
    """The whole file, streamed or not."""
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]


def from_csv(answer: HttpResponseBase) -> Read:
    """A CSV file as a spreadsheet splits it."""
    text = content(answer).decode("utf-8")
    assert text.startswith("\ufeff")
    return _split(list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";")))


def from_xlsx(answer: HttpResponseBase) -> Read:
    """The first sheet of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(answer)))
    return _split(book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def _split(lines: list[list[Any]]) -> Read:
    """An empty line stands between the block and the table."""
    gap = next(place for place, line in enumerate(lines) if not any(line))
    return Read(lines[:gap], lines[gap + 1], lines[gap + 2 :])
