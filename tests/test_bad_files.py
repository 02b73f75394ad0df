"""Spoilt files for both imports: every fault is told with row, column and a sentence, and nothing is stored."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from agencies.importing.tables import ImportRefused, RowError
from tests.bad_input import LEAST
from tests.bad_input.files import Rows, Spoilt, jobs, people, spoilt, written
from tests.bad_input.watching import Watch
from tests.base import Cast

SEED: Final = 20_250_702
EACH: Final = LEAST["files of people"] if connection.vendor == "sqlite" else 150

_NUMBER = re.compile(r"\d{17,}")


def load(command: str, path: Path, content: bytes) -> tuple[list[RowError], str]:
    """The faults that the command finds in a file, and everything it printed; no faults where it took the file."""
    path.write_bytes(content)
    out, err = StringIO(), StringIO()
    try:
        call_command(command, "kota-contoh", str(path), stdout=out, stderr=err)
    except CommandError as refusal:
        told = refusal.__cause__
        found = told.errors if isinstance(told, ImportRefused) else []
        return found, f"{out.getvalue()}{err.getvalue()}{refusal}"
    return [], out.getvalue()


def lacking(one: Spoilt, found: list[RowError], printed: str) -> list[str]:
    """What the answer to a spoilt file lacks."""
    problems = [] if found else ["taken"]
    last = one.content.count(b"\n") + one.content.count(b"\r") + 2
    for error in found[:200]:
        if not 1 <= error.row <= last or len(error.message) < 10:
            problems.append(f"tells no row or no sentence: {str(error)[:200]}")
        if error.value and not error.column:
            problems.append(f"tells no column: {error}")
    if _NUMBER.search(printed):
        problems.append(f"prints a number: {_NUMBER.findall(printed)[:2]}")
    if len(printed) > 3_000_000:
        problems.append("prints more than anybody reads")
    return problems


@pytest.mark.parametrize(("command", "good"), [("import_employees", people), ("import_positions", jobs)])
def test_every_spoilt_file_is_told_by_row_and_column_and_stores_nothing(
    cast: Cast, tmp_path: Path, command: str, good: Callable[[], Rows]
) -> None:
    path, watch, wrong = tmp_path / "tabel.csv", Watch(), []
    draw = random.Random(SEED)  # the same files each run
    answered = 0
    for number, one in enumerate(spoilt(good, draw, EACH)):
        point = transaction.savepoint()
        problems = lacking(one, *load(command, path, one.content))
        problems += [f"stored in {table}" for table in watch.changed(deep=number % 100 == 0)]
        answered += not problems
        wrong += [f"{one.what}: {problem}" for problem in problems]
        transaction.savepoint_rollback(point)
    assert not wrong, f"{len(wrong)} of {command} (seed {SEED}):\n" + "\n".join(wrong[:60])
    assert not watch.changed(deep=True)
    assert answered == EACH
    found, printed = load(command, path, written(good()))
    assert not found, f"the unspoilt file is taken: {printed}"
    assert "agencies_position" in watch.changed() or "agencies_employee" in watch.changed()
