"""Tables of every kind of import as Hypothesis draws them: all columns, right values, one wrong value, any file format.

What is drawn right means itself: the cell is the text that the portal gives out again. What is drawn wrong is wrong
whatever stands beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from hypothesis import strategies as st

from agencies import facts
from agencies.coverage.week import time_text
from agencies.facts import Fact, Kind
from agencies.grades import GRADES
from agencies.importing.kinds import KINDS
from agencies.importing.tables import Column
from agencies.models import Employment, Posting
from tests.agencies.importing import workbook as as_workbook

Row = dict[str, str]

_SIGNS: Final = st.text(st.sampled_from("abXYZ éñ&()/.,;:=+-@'\"0189"), max_size=12)
TEXTS: Final = _SIGNS.map(lambda signs: f"N{signs}x")
"""Begins and ends with a letter, so that no spreadsheet and no reader trims or restores anything of it."""
CODES: Final = st.text(st.sampled_from("abXYZ-_.0189"), max_size=8)
YES_NO: Final = st.sampled_from(["ya", "tidak"])


def _choice(choices: Sequence[facts.Choice]) -> st.SearchStrategy[str]:
    return st.sampled_from([choice.code for choice in choices])


def _numbers(least: int, most: int) -> st.SearchStrategy[str]:
    return st.integers(least, most).map(str)


def _days(first: int, last: int) -> st.SearchStrategy[str]:
    return st.dates(date(first, 1, 1), date(last, 12, 31)).map(date.isoformat)


def _fact(fact: Fact) -> st.SearchStrategy[str]:
    if fact.kind is Kind.YES_NO:
        return YES_NO
    return _numbers(0, 7) if fact.kind is Kind.NUMBER else _choice(fact.choices)


_AGENCY: Final = {"agency_name": TEXTS, "agency_kind": _choice(facts.AGENCY_KINDS)} | {
    "agency_sector": _choice(facts.SECTORS),
    "agency_parent": st.sampled_from(["-", "Dinkes"]),
}
_UNIT: Final = {"unit_name": TEXTS, "unit_kind": _choice(facts.UNIT_KINDS), "unit_sector": _choice(facts.SECTORS)}
_POSITION: Final = {
    "position_title": TEXTS,
    "jenjang": TEXTS,
    **{fact.column: _choice(fact.choices) for fact in facts.POSITION_FACTS},
    "needed": _numbers(0, 1_000_000),
    "filled": _numbers(0, 1_000_000),
}
_TASK: Final = {"task_title": TEXTS, "exposure_reason": TEXTS} | {fact.column: _fact(fact) for fact in facts.TASK_FACTS}
_SERVICE: Final = {
    "service_name": TEXTS,
    "service_kind": _choice([choice for choice in facts.SERVICE_KINDS if choice.code != "none"]),
    "hours": TEXTS,
    "staff_on_site": _numbers(0, 10_000),
}


KEYS: Final = ("nip", "agency_code", "unit_code", "position_code", "service_code")
"""Columns by which rows tell of the same thing."""


@dataclass(frozen=True)
class Table:
    """Rows of a kind by column, in the columns that its file has; `wrong` is the row and column of a wrong value.

    A row is found again, once stored, by its cells in `keys`. `tied` are the rows that told of the same thing as the
    wrong one before its key was spoilt: nobody can know any more what was to be told of it.
    """

    kind: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    wrong: tuple[int, str] | None = None
    tied: frozenset[int] = frozenset()

    def tied_to(self, place: int, columns: Sequence[str]) -> frozenset[int]:
        """The other rows that share a key with a row, of those among the columns."""
        named = [(name, self.rows[place].get(name)) for name in columns if name in KEYS]
        others = ((at, row) for at, row in enumerate(self.rows) if at != place)
        return frozenset(at for at, row in others if any(cell and row.get(name) == cell for name, cell in named))

    def cells(self) -> list[list[str]]:
        """The rows, cell by cell."""
        return [[row.get(name, "") for name in self.columns] for row in self.rows]


def _filled(draw: st.DrawFn, values: Mapping[str, st.SearchStrategy[str]], kind: str) -> Row:
    """A cell for each column; now and then what is unknown, or that there is none, where the column knows it."""
    row = {}
    for name, strategy in values.items():
        column, chance = KINDS[kind].columns[name], draw(st.integers(0, 7))
        if chance == 0 and column.may_be_unknown:
            row[name] = "?"
        elif chance == 1 and column.may_be_none:
            row[name] = "-"
        else:
            row[name] = draw(strategy)
    return row


def _left_out(draw: st.DrawFn, optional: Sequence[str], rows: list[Row]) -> tuple[str, ...]:
    """The columns of the file, in any order, some of the optional ones left out."""
    gone = draw(st.sets(st.sampled_from(sorted(optional)), max_size=6))
    named = dict.fromkeys(name for row in rows for name in row if name not in gone)
    return tuple(draw(st.permutations(list(named))))


@st.composite
def positions(draw: st.DrawFn) -> Table:
    """One or two agencies with a unit each, positions in them, one or two tasks in each position."""
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 2))):
        code = f"A{number}{draw(CODES)}"
        agency = {"agency_code": code} | _filled(draw, _AGENCY, "positions")
        unit = {"unit_code": f"U{number}{draw(CODES)}"} | _filled(draw, _UNIT, "positions")
        for place in range(draw(st.integers(1, 2))):
            within = unit if draw(st.booleans()) else {"unit_code": "-"}
            position = {"position_code": f"P{number}{place}{draw(CODES)}"} | _filled(draw, _POSITION, "positions")
            rows += [agency | within | position | task for task in _tasks(draw)]
    optional = [name for name in _OPTIONAL_OF_JOBS if name != "exposure_reason"]
    return Table("positions", ("position_code", "task_number"), _left_out(draw, optional, rows), tuple(rows))


_OPTIONAL_OF_JOBS: Final = [
    *("agency_sector", "agency_parent", "unit_kind", "unit_sector", "jenjang", "needed", "filled"),
    *(fact.column for fact in (*facts.POSITION_FACTS, *facts.TASK_FACTS)),
]


def _tasks(draw: st.DrawFn) -> list[Row]:
    """One task that takes all the time, or two that share it."""
    share = draw(st.integers(1, 99))
    shares = draw(st.sampled_from([("100",), ("?",), (str(share), str(100 - share)), (str(share), "?")]))
    return [
        {"task_number": str(number), "task_share": part, **_filled(draw, _TASK, "positions")}
        for number, part in enumerate(shares, 1)
    ]


@st.composite
def employees(draw: st.DrawFn) -> Table:
    """One to four employees with employment, posting and a predicate; some with a further row for a second one."""
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 4))):
        nip = f"1985031720100119{number + 1:02}"
        kind = draw(st.sampled_from(sorted(GRADES)))
        begins = draw(_days(2010, 2024))
        employee = {
            "nip": nip,
            **_filled(draw, {"name": TEXTS, "residence": TEXTS, "employment_sk": TEXTS}, "employees"),
            "kind": kind,
            "grade": draw(st.sampled_from(GRADES[kind])),
            "standing": draw(st.sampled_from(Employment.Standing.values)),
            "employment_from": begins,
        }
        posting = {
            "position_code": "DISKOMINFO-01",
            "capacity": draw(st.sampled_from(Posting.Capacity.values)),
            "posting_reason": draw(st.sampled_from(Posting.Reason.values)),
            "posting_from": begins,
            **_filled(draw, {"posting_sk": TEXTS, "posting_until": _days(2025, 2030)}, "employees"),
        }
        rows.append(employee | posting | _predicate(draw, 2024))
        if draw(st.booleans()):
            rows.append({"nip": nip, "name": employee["name"], **_predicate(draw, 2023)})
    columns = _left_out(draw, ("residence", "grade", "employment_sk", "posting_sk", "posting_until"), rows)
    return Table("employees", ("nip",), columns, tuple(rows))


def _predicate(draw: st.DrawFn, year: int) -> Row:
    level = draw(_choice(facts.PREDICATES))
    return {"predicate": level, "predicate_from": f"{year}-01-01", "predicate_until": f"{year}-12-31"}


@st.composite
def services(draw: st.DrawFn, unit: str) -> Table:
    """One to four services of a recorded agency, in a unit of it or none, served by its task or by none."""
    rows = []
    for number in range(draw(st.integers(1, 4))):
        row = {"agency_code": "Diskominfo", "service_code": f"S{number}{draw(CODES)}"}
        row |= {"unit_code": draw(st.sampled_from([unit, "-"])), **_filled(draw, _SERVICE, "services")}
        if draw(st.booleans()):
            row |= {"position_code": "DISKOMINFO-01", "task_number": "1"}
        rows.append(row)
    columns = _left_out(draw, ("hours", "staff_on_site", "unit_code"), rows)
    return Table("services", ("service_code",), columns, tuple(rows))


@st.composite
def weeks(draw: st.DrawFn, codes: Sequence[str]) -> Table:
    """The weeks of some recorded services: on some weekdays one span or two that do not overlap."""
    rows = []
    for code in draw(st.sets(st.sampled_from(sorted(codes)), min_size=1)):
        for weekday in draw(st.lists(_choice(facts.WEEKDAYS), min_size=1, max_size=3, unique=True)):
            times = draw(st.lists(st.integers(0, 24 * 60), min_size=2, max_size=4, unique=True).map(sorted))
            for opens, closes in zip(times[::2], times[1::2], strict=False):
                row = {"agency_code": "Diskominfo", "service_code": code, "weekday": weekday}
                row |= {"opens": time_text(opens), "closes": time_text(closes)}
                row["staff"] = draw(_numbers(0, 10_000) | st.just("?"))
                rows.append(row)
    rows = draw(st.permutations(rows))
    keys = ("service_code", "weekday", "opens")
    return Table("service_needs", keys, _left_out(draw, ("staff",), rows), tuple(rows))


_BAD_TEXTS: Final = st.sampled_from(["x" * 500, "N\u200bx"])
_BAD_WORDS: Final = st.sampled_from(["tiada", "42x", "N" * 200])
_BAD_NUMBERS: Final = st.sampled_from(["-1", "1e9", "tiga", "99999999", "1.234,5"])
_BAD_DAYS: Final = st.sampled_from(["2025-02-30", "kemarin", "31/31/2025", "0001-01-01"])
_BAD_TIMES: Final = st.sampled_from(["24.01", "8.3", "pagi", "08.60", "-8", "0.3333", "08:00:30"])
_DAYS_OF: Final = frozenset({"employment_from", "posting_from", "posting_until", "predicate_from", "predicate_until"})
_TEXTS_OF: Final = frozenset({"jenjang", "hours", "residence", "exposure_reason"})
_NUMBERS_OF: Final = frozenset({"needed", "filled", "task_number", "task_share", "staff_on_site", "staff"})
_FACT_KINDS: Final = {fact.column: fact.kind for fact in facts.TASK_FACTS}


def _bad(column: Column) -> st.SearchStrategy[str]:
    """Values that mean nothing in a column."""
    name = column.name
    if name == "nip":
        bad = st.sampled_from(["123", "19850317201001190x", "198513172010011901"])
    elif name in _DAYS_OF:
        bad = _BAD_DAYS
    elif name in {"opens", "closes"}:
        bad = _BAD_TIMES
    elif name in _NUMBERS_OF or _FACT_KINDS.get(name) is Kind.NUMBER:
        bad = _BAD_NUMBERS
    elif name in _TEXTS_OF or name.endswith(("_name", "_title", "_code", "_sk", "_parent")) or name == "name":
        bad = _BAD_TEXTS
    else:
        bad = _BAD_WORDS
    return bad if column.may_be_unknown else bad | st.just("?")


@st.composite
def broken(draw: st.DrawFn, tables: st.SearchStrategy[Table]) -> Table:
    """A table with one value that means nothing."""
    table = draw(tables)
    place = draw(st.integers(0, len(table.rows) - 1))
    name = draw(st.sampled_from([name for name in table.columns if table.rows[place].get(name)]))
    value = draw(_bad(KINDS[table.kind].columns[name]))
    rows = [row | {name: value} if number == place else row for number, row in enumerate(table.rows)]
    return replace(table, rows=tuple(rows), wrong=(place, name), tied=table.tied_to(place, [name]))


@dataclass(frozen=True)
class File:
    """A table as a program wrote it, and the number of each of its rows there."""

    name: str
    content: bytes
    numbers: tuple[int, ...]
    lines: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    """The column that each heading means, empty for one that means none; the headings stand above the first row."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, the line before the first row."""
        return self.lines[self.numbers[0] - 2]

    def cell(self, number: int, column: str) -> str:
        """What the officer wrote in a row, in the column that she means by it."""
        return self.lines[number - 1][self.columns.index(column)]


@st.composite
def written(draw: st.DrawFn, table: Table) -> File:
    """CSV of any separator and encoding that is read, with lines above, empty lines, foreign and repeated columns."""
    lines, numbers = _lines(draw, table)
    out = io.StringIO()
    separator = draw(st.sampled_from([";", ",", "\t"]))
    csv.writer(out, delimiter=separator, quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))).writerows(
        lines
    )
    encodings = ["utf-8", "utf-8-sig", "utf-16"] + ([] if "\u200b" in out.getvalue() else ["cp1252"])
    return File("tabel.csv", out.getvalue().encode(draw(st.sampled_from(encodings))), numbers)


_OWN_WORDS: Final = st.sampled_from(["GOL AKHIR NAMA", "Tmt.", "Nama / Kode", "NIP BARU", "ünor", "Ket (lain)"])


@st.composite
def under_own_headings(draw: st.DrawFn, table: Table, *, workbook: bool = False) -> File:
    """The table under headings that nobody but its officer understands, shuffled among columns that mean nothing."""
    columns = tuple(draw(st.permutations([*table.columns, *[""] * draw(st.integers(0, 3))])))
    headings = tuple(f"{draw(_OWN_WORDS)} {place}x" for place, _column in enumerate(columns))
    lines: list[tuple[str, ...]] = [("Unduhan pegawai",)] if draw(st.booleans()) else []
    lines.append(headings)
    first = len(lines) + 1
    lines += [tuple(row.get(column, "") if column else "=lain" for column in columns) for row in table.rows]
    numbers = tuple(range(first, first + len(table.rows)))
    if workbook:
        return File("unduhan.xlsx", as_workbook(lines), numbers, tuple(lines), columns)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    return File("unduhan.csv", out.getvalue().encode(), numbers, tuple(lines), columns)


def _lines(draw: st.DrawFn, table: Table) -> tuple[list[list[str]], tuple[int, ...]]:
    headings = [name.upper() if draw(st.booleans()) else name.replace("_", " ") for name in table.columns]
    foreign, repeated = draw(st.booleans()), draw(st.booleans())
    lines = [["Daftar", "unduhan"]] if draw(st.booleans()) else []
    lines.append([*headings, *["Catatan"] * foreign, *headings[:1] * repeated])
    numbers = []
    for cells in table.cells():
        lines += [[""] * draw(st.integers(0, 3))] * draw(st.integers(0, 1))
        lines.append([*cells, *["lain"] * foreign, *["salinan"] * repeated])
        numbers.append(len(lines))
    return lines, tuple(numbers)


def stored_as(cell: str) -> str:
    """What the portal gives out again of a cell."""
    return "" if cell in {"?", "-"} else cell


def found_again(row: Row, table: Table, recorded: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The columns, part by part, that no recorded row tells as the row does; none where it is stored as given."""
    same = [one for one in recorded if all(one.get(name) == row[name] for name in table.keys if row.get(name))]
    parts: dict[str, list[str]] = {}
    for name in table.columns:
        if row.get(name) and name != "exposure_reason":
            parts.setdefault(KINDS[table.kind].columns[name].of, []).append(name)
    return [names for names in parts.values() if not any(_tells(one, row, names) for one in same)]


def _tells(one: Mapping[str, Any], row: Row, names: Sequence[str]) -> bool:
    return all(one.get(name, "") == stored_as(row[name]) for name in names)
