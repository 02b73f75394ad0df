"""The fact records of columns that an import changed in rows of the structure, as corrections in the browser write."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Min

from agencies.corrections import FREE_TEXT
from agencies.fact_records import Change, FactAct, changed, former, key_of
from agencies.importing.position_plans import Part, slices
from agencies.models import Basis, FactRecord
from agencies.structure import written

Dated = Mapping[int, Mapping[str, date]]
"""By the key of a row, for each fact that has records the first day on which one holds."""


def column_records(part: Part[Any], act: FactAct, elsewhere: Collection[str]) -> Iterator[Change]:
    """A record of each changed column, led by its former value where that stands in no record yet.

    `elsewhere` are columns that the plan records as facts.
    """
    for fields, rows in part.changed.items():
        columns = [name for name in fields if name not in elsewhere and name not in FREE_TEXT]
        for some in slices(rows) if columns else ():
            dated = _dated(some)
            for row in some:
                for name in columns:
                    yield from _recorded(row, name, part.before[row.pk][name], act, dated.get(row.pk, {}))


def _dated(rows: Collection[Any]) -> Dated:
    level = key_of(next(iter(rows)))
    records = FactRecord.objects.filter(**{f"{level}__in": [row.pk for row in rows]}).order_by()
    found: dict[int, dict[str, date]] = {}
    for key, fact, first in records.values_list(level, "fact").annotate(first=Min("valid_from")):
        found.setdefault(key, {})[fact] = first
    return found


def _recorded(row: Any, name: str, was: object, act: FactAct, dated: Mapping[str, date]) -> Iterator[Change]:
    fact, before = f"{key_of(row)}.{name}", written(was)
    if before is not None and fact not in dated:
        yield former(row, fact, before, min(dated.values(), default=None), act.valid_from)
    yield changed(row, fact, written(getattr(row, name)), Basis.IMPORTED)
