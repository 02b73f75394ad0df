"""A table comes away whole: as workbook, CSV and PDF, each with what it is above it, and none runs anything."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from agencies.csv_files import csv_lines, defused, restored
from agencies.exporting import papers, workbooks
from agencies.exporting.answers import exported
from agencies.exporting.tables import Cell, Column, ExportTable
from tests import pdf_text
from tests.base import Cast
from tests.exported import content, from_csv, from_xlsx

TRAPS = ("=1+1", "+62", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", " =1", "＝1", '=HYPERLINK("http://x";"y")')
COLUMNS = (Column("Nama"), Column("Jumlah", "number", 8), Column("Sejak", "date"), Column("Aktif", "yes_no"))
DAY = date(2025, 7, 1)


def table_of(cast: Cast, *rows: Sequence[Cell]) -> ExportTable:
    filters = (("Perangkat daerah", "Dinas Komunikasi"),)
    return ExportTable("Daftar [uji]", cast.institution, DAY, filters, "ab" * 32, COLUMNS, lambda: iter(rows))


def asked(cast: Cast, kind: str) -> HttpRequest:
    request = RequestFactory().get("/", {"unduh": kind} if kind else {})
    request.user = cast.hr_officer
    return request


def answered(cast: Cast, table: ExportTable, kind: str) -> HttpResponseBase:
    answer = exported(asked(cast, kind), table, "daftar")
    assert answer is not None
    return answer


ROWS: tuple[Sequence[Cell], ...] = (
    ("Arsip", -5, date(2024, 2, 29), True),
    ('Loket; "depan"', Decimal("12.5"), None, False),
    ("", None, None, None),
)


def test_a_page_is_no_file_and_an_unknown_kind_is_the_page(cast: Cast) -> None:
    assert exported(asked(cast, ""), table_of(cast), "daftar") is None
    assert exported(asked(cast, "docx"), table_of(cast), "daftar") is None


def test_a_workbook_says_what_it_is_and_keeps_numbers_and_days(cast: Cast) -> None:
    answer = answered(cast, table_of(cast, *ROWS), "xlsx")
    assert 'filename="daftar-kota-contoh-2025-07-01.xlsx"' in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    read = from_xlsx(answer)
    assert read.above[0][0] == "Daftar [uji]"
    assert read.told["Instansi pemerintah"] == "Kota Contoh"
    assert read.told["Per"] == "1 Juli 2025"
    assert read.told["Perangkat daerah"] == "Dinas Komunikasi"
    assert read.told["Kumpulan aturan (SHA-256)"] == "ab" * 32
    assert "Petugas kepegawaian" in read.told["Dibuat oleh"]
    assert read.heads == ["Nama", "Jumlah", "Sejak", "Aktif"]
    assert read.rows[0] == ["Arsip", -5.0, date(2024, 2, 29), "Ya"]
    assert read.rows[1] == ['Loket; "depan"', 12.5, "", "Tidak"]


def test_a_csv_file_says_the_same_with_commas_for_decimals(cast: Cast) -> None:
    read = from_csv(answered(cast, table_of(cast, *ROWS), "csv"))
    assert read.told["Per"] == "1 Juli 2025"
    assert read.told["Kumpulan aturan (SHA-256)"] == "ab" * 32
    assert read.rows[:2] == [["Arsip", "-5", "2024-02-29", "Ya"], ['Loket; "depan"', "12,5", "", "Tidak"]]
    whole = from_csv(answered(cast, replace(table_of(cast), filters=(), fingerprint=None), "csv"))
    assert whole.told["Dipersempit dengan"] == "tidak ada: tabel lengkap"
    assert whole.told["Kumpulan aturan (SHA-256)"] == "Portal tidak mengenal aturan yang berlaku pada hari ini."
    assert whole.rows == []


def test_texts_that_look_like_formulas_run_nowhere(cast: Cast) -> None:
    table = table_of(cast, *((trap, 1, None, None) for trap in TRAPS))
    answer = content(answered(cast, table, "xlsx"))
    with zipfile.ZipFile(io.BytesIO(answer)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    cells = from_csv(answered(cast, table, "csv")).column("Nama")
    assert all(cell.startswith("'") for cell in cells)
    assert [restored(cell) for cell in cells] == list(TRAPS)


@given(st.text())
def test_what_was_defused_is_restored_exactly(text: str) -> None:
    assert restored(defused(text)) == text
    assert not defused(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_pdf_is_tagged_for_screen_readers_and_shows_every_row(cast: Cast, settings: Settings) -> None:
    settings.DEMO = True
    answer = answered(cast, table_of(cast, *ROWS), "pdf")
    made = content(answer)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid" in made
    text = " ".join(pdf_text.pages(made)[0].split())
    for words in ("Daftar [uji]", "DATA SINTETIS. Bukan dokumen resmi.", "1 Juli 2025", "Arsip", "-5", "12,5", "Ya"):
        assert words in text
    empty = content(answered(cast, table_of(cast), "pdf"))
    assert "Tabel ini tidak berisi baris." in " ".join(pdf_text.pages(empty)[0].split())


def test_a_table_wider_than_a_sheet_goes_on_on_further_sheets_behind_its_first_column(cast: Cast) -> None:
    columns = (Column("Nama", width=40), *(Column(f"Kolom{number:02d}", "number", 20) for number in range(2, 26)))
    rows: list[tuple[Cell, ...]] = [
        (f"baris{row}", *(100 * row + number for number in range(2, 26))) for row in range(2)
    ]
    wide = replace(table_of(cast), columns=columns, rows=lambda: rows)
    sheets = [" ".join(page.split()) for page in pdf_text.pages(content(answered(cast, wide, "pdf")))]
    assert len(sheets) == 3
    assert all("baris0" in sheet and "baris1" in sheet and "Nama" in sheet for sheet in sheets)
    told = [re.findall(r"Kolom (\d+ sampai \d+) dari 25", sheet) for sheet in sheets]
    assert told == [["1 sampai 11"], ["12 sampai 21"], ["22 sampai 25"]]
    together = " ".join(sheets)
    assert all(f"Kolom{number:02d}" in together and str(100 + number) in together for number in range(2, 26))
    assert "sampai" not in " ".join(pdf_text.pages(content(answered(cast, table_of(cast, *ROWS), "pdf"))))


def test_a_long_table_is_printed_in_parts_without_losing_a_row(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "PART", 40)
    table = table_of(cast, *((f"baris{number:03d}", number, None, None) for number in range(1, 102)))
    answer = answered(cast, table, "pdf")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(content(answer))) as bundle:
        files = [pdf_text.pages(bundle.read(name)) for name in bundle.namelist()]
    assert len(files) == 3
    texts = [" ".join(" ".join(pages).split()) for pages in files]
    assert "Baris 81 sampai 101" in texts[2]
    found = [number for number in range(1, 102) if f"baris{number:03d}" in "".join(texts)]
    assert found == [*range(1, 102)]
    exactly = content(answered(cast, table_of(cast, *[("x", 1, None, None)] * 40), "pdf"))
    assert exactly.startswith(b"%PDF")


def test_rows_beyond_a_sheet_go_on_on_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "ROWS", 300)
    table = table_of(cast, *((str(number), number, None, None) for number in range(700)))
    made = content(answered(cast, table, "xlsx"))
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3


def test_a_csv_file_is_sent_while_its_rows_are_read(cast: Cast) -> None:
    read: list[int] = []

    def rows() -> Iterator[Sequence[Cell]]:
        for number in range(10_000):
            read.append(number)
            yield ("x", number, None, None)

    answer = answered(cast, replace(table_of(cast), rows=rows), "csv")
    assert read == []
    next(iter(answer))
    assert 0 < len(read) < 1000


def test_the_mark_of_synthetic_data_stands_in_every_file(cast: Cast, settings: Settings) -> None:
    settings.DEMO = True
    for kind, read in (("csv", from_csv), ("xlsx", from_xlsx)):
        assert any("DATA SINTETIS" in line[0] for line in read(answered(cast, table_of(cast), kind)).above)
    settings.DEMO = False
    assert not any("SINTETIS" in line[0] for line in from_csv(answered(cast, table_of(cast), "csv")).above)


def test_a_line_of_csv_holds_numbers_as_numbers() -> None:
    assert "".join(csv_lines(["a"], [[-1, Decimal("-0.50"), None, "-"]])).splitlines()[1] == "-1;-0,50;;'-"
