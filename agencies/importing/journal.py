"""The rows that an import wrote, so that it can be undone and told: what was new, what changed, before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from agencies.bulk_rows import insert_rows
from agencies.importing.position_plans import Former, Part
from agencies.models import DataImport, ImportedRow

What = ImportedRow.What


@dataclass(frozen=True, slots=True)
class Written:
    """One row that was written; see `ImportedRow`."""

    what: ImportedRow.What
    part: str
    key: int
    of: int | None = None
    before: str = ""
    after: str = ""


def written_part(part: Part[Any]) -> Iterator[Written]:
    """The rows of a part once it is written: new ones, and changed ones with what stood there."""
    for row in part.created:
        yield Written(What.CREATED, _name(row), row.pk)
    for rows in part.changed.values():
        for row in rows:
            before = part.before[row.pk]
            after = {name: getattr(row, name) for name in before}
            yield Written(What.CHANGED, _name(row), row.pk, None, as_json(before), as_json(after))


def keep(data_import: DataImport, written: Iterable[Written]) -> int:
    """Keep what an import wrote and return how many rows that are."""
    columns = ("data_import", "what", "part", "key", "of", "before", "after")
    rows = ((data_import.pk, w.what.value, w.part, w.key, w.of, w.before, w.after) for w in written)
    return insert_rows(ImportedRow, columns, rows)


def as_json(values: Mapping[str, object] | Former) -> str:
    """Values of fields as text; rows by their keys."""
    return json.dumps({name: _plain(value) for name, value in values.items()}, sort_keys=True)


def _plain(value: object) -> object:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def _name(row: Model) -> str:
    return str(row._meta.model_name)
