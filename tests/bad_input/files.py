"""Good files of both imports, and all the ways in which spreadsheets, hands and programs spoil one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

Rows = list[list[str]]

HUGE: Final = "x" * 100_000
_TEXT: Final = ("one\ntwo", "a\x00b", "a\x1bb", "\u202etxt", "\u200bx", "a\ufeffb", HUGE, "a\x7fb", "a\u2028b")
_DAY: Final = (
    "2025-02-30",
    "31/04/2025",
    "0000-01-01",
    "9999-12-31",
    "0001-01-01",
    "besok",
    "45000",
    "2025-7-1x",
    HUGE,
)
_CHOICE: Final = ("tiada", "x" * 500, "ya;tidak", "💼", "\x00", "<b>PNS</b>", "=1+1", "NULL")
_NUMBER: Final = ("-1", "1,5", "1e9", "9" * 30, "9" * 5000, "tiga", "½", "²", "٣", "0x10", "1 2", "\x001", str(2**63))
_DECIMAL: Final = ("-1", "1e9", "9" * 30, "tiga", "½", "7,5,5", "7.555", "NaN", "Infinity", "-0,1", "\x00", "25h")
_NIP: Final = (
    *("19850317201001190", "1985031720100119011", "198513172010011901", "1.98503E+17", "198503172010011000"),
    *("198503172010019901x", "١٩٨٥٠٣١٧٢٠١٠٠١١٩٠١", "198503172010011901;", "\x00198503172010011901", "-", "?", "0" * 18),
    *("9" * 400, "198503172010013901", "290003172010011901"),
)
_CODE: Final = ("x" * 500, "tak-ada\x00", "a\nb", "\u202e")


@dataclass(frozen=True)
class Spoilt:
    """A file, and what is wrong with it."""

    what: str
    content: bytes


EMPLOYEES: Final = (
    *("nip", "name", "residence", "kind", "grade", "standing", "employment_sk", "employment_from", "position_code"),
    *("capacity", "posting_reason", "posting_sk", "posting_from", "posting_until"),
    *("predicate", "predicate_from", "predicate_until"),
)
POSITIONS: Final = (
    *("agency_code", "agency_name", "agency_kind", "agency_sector", "unit_code", "unit_name", "position_code"),
    *(
        "position_title",
        "jenjang",
        "category",
        "echelon",
        "needed",
        "filled",
        "task_number",
        "task_title",
        "task_share",
    ),
    *("outside_office", "face_to_face", "hours_per_day"),
)
_BAD: Final = {
    "nip": _NIP,
    **dict.fromkeys(("name", "residence", "employment_sk", "posting_sk", "agency_name", "unit_name"), _TEXT),
    **dict.fromkeys(("position_title", "jenjang", "task_title"), _TEXT),
    **dict.fromkeys(("agency_code", "unit_code", "position_code"), _CODE),
    **dict.fromkeys(("employment_from", "posting_from", "posting_until", "predicate_from", "predicate_until"), _DAY),
    **dict.fromkeys(("kind", "grade", "standing", "capacity", "posting_reason", "predicate", "agency_kind"), _CHOICE),
    **dict.fromkeys(("agency_sector", "category", "echelon", "outside_office", "face_to_face"), _CHOICE),
    **dict.fromkeys(("needed", "filled", "task_number", "task_share"), _NUMBER),
    "hours_per_day": _DECIMAL,
}
"""Cells that no import takes, by column."""


def people(count: int = 30) -> Rows:
    """Employees with employment, posting and predicate."""
    rows = [list(EMPLOYEES)]
    for n in range(count):
        nip = f"1985031720100119{n + 1:02}" if n % 2 else f"1986041820110219{n + 1:02}"
        row = [nip, f"Pegawai {n}", f"Jalan {n}", "PNS", "III/a", "aktif", f"SK-{n}", "1/1/2011", "DISKOMINFO-01"]
        row += ["Definitif", "Mutasi", f"SP-{n}", "2024-02-01", "2027-01-31", "Baik", "2024-01-01", "2024-12-31"]
        rows.append(row)
    return rows


def jobs(count: int = 30) -> Rows:
    """Positions in units of one agency, each with one task."""
    rows = [list(POSITIONS)]
    for n in range(count):
        row = ["Bappeda", "Badan Perencanaan", "badan", "planning", f"u{n % 3}", f"Bidang {n % 3}", f"B-{n}"]
        row += [f"Jabatan {n}", "Ahli Muda", "fungsional", "none", "3", "2", "1", f"Tugas {n}", "100"]
        rows.append([*row, "ya", "minimal", "7,5"])
    return rows


def written(rows: Rows, separator: str = ",", ending: str = "\r\n") -> bytes:
    """The rows as CSV."""
    lines = (separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    return ending.join(lines).encode("utf-8", "surrogatepass")


def spoilt(good: Callable[[], Rows], draw: random.Random, count: int) -> Iterator[Spoilt]:
    """So many files, each spoilt in its own way; the whole ways once each, then one to three cells at a time."""
    made = list(_whole_files(good))
    yield from made
    for _number in range(count - len(made)):
        rows, told = good(), []
        for _cell in range(draw.choice((1, 1, 1, 2, 3))):
            row, column = draw.randrange(1, len(rows)), draw.randrange(len(rows[0]))
            cell = draw.choice(_BAD[rows[0][column]])
            rows[row][column] = cell
            told.append(f"row {row + 1}, {rows[0][column]}: {cell[:30]!r}")
        separator, ending = draw.choice(",;"), draw.choice(("\n", "\r\n"))
        yield Spoilt("; ".join(told), draw.choice((b"", b"\xef\xbb\xbf")) + written(rows, separator, ending))


def _whole_files(good: Callable[[], Rows]) -> Iterator[Spoilt]:
    rows = good()
    text = written(rows)
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        yield Spoilt(encoding, text.decode().encode(encoding))
    yield Spoilt("Latin-1", text.replace(b"Ahli", b"\xc4hli").replace(b"Jalan", b"J\xe4lan"))
    yield Spoilt("half a surrogate", text.replace(b"Ahli", b"\xed\xa0\xbd").replace(b"Jalan", b"\xed\xa0\xbd"))
    for what, content in {
        "empty": b"",
        "blank lines": b"\r\n\r\n",
        "zeros": bytes(4000),
        "a workbook": b"PK\x03\x04" + bytes(range(256)) * 8,
        "a PDF": b"%PDF-1.7\n" + bytes(range(256)),
        "HTML": b"<html><body><table><tr><td>nip</td></tr></table></body></html>",
        "JSON": b'[{"nip": "198503172010011901"}]' * 20,
        "tabs": text.replace(b'","', b'"\t"'),
        "bars": text.replace(b'","', b'"|"'),
        "an open quotation mark": text + b'\r\n"' + b"x" * 200_000,
        "a cell beyond what can be read": text + b'\r\n"' + b"x" * 200_000 + b'"',
        "only quotation marks": b'"' * 5001,
        "commas only": b"," * 5000,
        "one line of 10,000 columns": b",".join(b"nip" for _ in range(10_000)),
        "no header": written(rows[1:]),
        "header in the second row": written([["Daftar"] + [""] * (len(rows[0]) - 1), *rows]),
    }.items():
        yield Spoilt(what, content)
    for place, name in enumerate(rows[0]):
        yield Spoilt(
            f"header {name} misspelt", written([[*rows[0][:place], f"{name}x", *rows[0][place + 1 :]], *rows[1:]])
        )
        yield Spoilt(f"{name} twice", written([[*row, row[place]] for row in rows]))
    yield Spoilt("cells moved by one", written([rows[0], *([row[-1], *row[:-1]] for row in rows[1:])]))
    yield Spoilt("a cell too many", written([rows[0], *([*row, "lebih"] for row in rows[1:])]))
    for way in (list(reversed(rows[0])), rows[0][1:] + rows[0][:1]):
        yield Spoilt("columns named in another order", written([way, *rows[1:]]))
