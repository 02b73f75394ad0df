"""A few invented changes of the fictional city before it is shown: names, and a need that was told late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final

from agencies.demonstration.staff_loading import SOURCE
from agencies.fact_records import Change, FactAct, changed
from agencies.models import Basis, Institution, Position

CITY: Final = "kota-contoh"
RENAMED: Final = "Penelaah Teknis Kebijakan"
FORMERLY: Final = "Analis Rencana Program dan Kegiatan"
SO_MANY: Final = 5
"""Positions that have a past."""

FIRST: Final = (date(2023, 1, 2), datetime(2023, 1, 10, 2, tzinfo=UTC))
NEW_NAMES: Final = (date(2024, 7, 1), datetime(2024, 7, 4, 2, tzinfo=UTC))
TOLD_LATE: Final = (date(2025, 1, 1), datetime(2025, 5, 20, 2, tzinfo=UTC))
"""From which day something holds, and when it was recorded."""


def write_past(institution: Institution, positions: Sequence[Position]) -> None:
    """Record what some positions were called before, and that their need was counted anew."""
    if institution.code != CITY:
        return
    shown = [one for one in positions if one.title == RENAMED][:SO_MANY]
    for (valid_from, at), said in ((FIRST, _first), (NEW_NAMES, _new_names), (TOLD_LATE, _need)):
        for one in shown:
            FactAct(institution, SOURCE, valid_from, at).write(said(one))


def _first(one: Position) -> Iterator[Change]:
    yield changed(one, "position.code", one.code, Basis.IMPORTED)
    yield changed(one, "position.title", FORMERLY, Basis.IMPORTED)
    yield changed(one, "position.needed", str((one.needed or 1) + 1), Basis.IMPORTED)


def _new_names(one: Position) -> Iterator[Change]:
    yield changed(one, "position.title", one.title, Basis.IMPORTED)


def _need(one: Position) -> Iterator[Change]:
    yield changed(one, "position.needed", None if one.needed is None else str(one.needed), Basis.AGREED)
