"""The annex as PDF and workbook: readable by machines and people alike, literal, and the same bytes each time."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Final
from xml.etree import ElementTree

from agencies.exporting.printing import printable
from eligibility import annex_files
from eligibility.annex import (
    Annex,
    AnnexAnswer,
    AnnexFact,
    AnnexPosition,
    AnnexProvision,
    AnnexTask,
)
from tests import pdf_text

MARK: Final = "DATA SINTETIS. Bukan dokumen resmi."
NASTY: Final = "Arsiparis #set *tebal* $x^2$ _miring_ @acuan <label> `kode` \\ [isi] // #panic(1) “q” &amp; <b>"
CITED, OPEN = "Pasal 24 PermenPANRB 4/2025", "Pasal 13 ayat (1) PermenPANRB 4/2025"


def position(number: int, title: str) -> AnnexPosition:
    facts = (
        AnnexFact("Dapat dikerjakan di luar kantor", "ya", "diimpor", "ABK 2025"),
        AnnexFact("Memakai TIK", "ya", "diimpor", "ABK 2025"),
        AnnexFact("Tatap muka", "minimal", "disepakati", "Lembar 12"),
    )
    answers = (
        AnnexAnswer(("Di kantor lain", "Di rumah"), "conditional", "Dapat bersyarat", ("Melapor dahulu",), (OPEN,)),
        AnnexAnswer(("Sif",), "not_eligible", "Tidak dapat", (), (CITED,)),
        AnnexAnswer(("Dinamis",), "eligible", "Dapat", (), ()),
    )
    tasks = (AnnexTask("=1+1", Decimal(60), facts), AnnexTask("Menyusun laporan", None, ()))
    return AnnexPosition(title, f"KODE-{number}", "Bidang Arsip", tasks, answers)


def annex(*titles: str) -> Annex:
    return Annex(
        heading=("LAMPIRAN", "KEPUTUSAN WALI KOTA CONTOH", "NOMOR 100/1/2025", "TANGGAL 1 Juli 2025"),
        number="100/1/2025",
        subject="DAFTAR JABATAN",
        issuer="Kota Contoh",
        agency="Dinas Komunikasi",
        particulars=(("Dinilai per", "1 Juli 2025"), ("Jejak", "nomor 12")),
        positions=tuple(position(number, title) for number, title in enumerate(titles, 1)),
        provisions=(AnnexProvision(OPEN, verified=False), AnnexProvision(CITED, verified=True, note="Penomoran")),
        signature=("Wali Kota Contoh,", "Belum bertanda tangan elektronik tersertifikasi."),
        notes=("Catatan.",),
        mark=MARK,
        at=datetime(2025, 7, 1, 3, tzinfo=UTC),
    )


def squeezed(text: str) -> str:
    """Without the places where lines break."""
    return "".join(text.split())


def pdf_pages(one: Annex) -> list[str]:
    return [squeezed(page) for page in pdf_text.pages(annex_files.pdf(one, str))]


def sheets(one: Annex) -> dict[str, ElementTree.Element]:
    """The parts of the workbook as XML."""
    with zipfile.ZipFile(BytesIO(annex_files.xlsx(one, str))) as book:
        return {name: ElementTree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xml")}


def cells(parts: dict[str, ElementTree.Element], number: int) -> dict[str, str | float]:
    """The cells of a sheet by their place: texts as texts, numbers as numbers."""
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    shared = ["".join(one.itertext()) for one in parts["xl/sharedStrings.xml"].findall("x:si", space)]
    found: dict[str, str | float] = {}
    for cell in parts[f"xl/worksheets/sheet{number}.xml"].iterfind(".//x:c", space):
        value = cell.findtext("x:v", default="", namespaces=space)
        found[cell.attrib["r"]] = shared[int(value)] if cell.get("t") == "s" else float(value or 0)
    return found


def test_what_is_written_like_markup_comes_out_as_it_was_written() -> None:
    page = "".join(pdf_pages(annex(NASTY)))
    assert squeezed(NASTY) in page
    assert "=1+1" in page
    assert squeezed("diimpor (ABK 2025): Dapat dikerjakan di luar kantor: ya; Memakai TIK: ya") in page, "told once"
    assert squeezed("disepakati (Lembar 12): Tatap muka: minimal") in page
    assert squeezed(f"{OPEN} *)") in page, "what nobody compared is starred"
    assert squeezed(f"{CITED} *)") not in page


def test_signs_without_a_shape_in_the_fonts_stand_as_their_code() -> None:
    assert printable("Kasubbag\x0b 漢 é → ≥\u200b") == "Kasubbag  [U+6F22] é → ≥"
    assert "[U+6F22][U+1F600]" in "".join(pdf_pages(annex("漢😀")))


def test_every_page_bears_the_mark_its_number_and_the_head_of_the_table() -> None:
    pages = pdf_pages(annex(*("Arsiparis" for _ in range(30))))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert squeezed(MARK) in page
        assert f"Page{number}of{len(pages)}" in page
    assert all("Tasksandtheircharacteristics" in page for page in pages[:-1])
    unmarked = pdf_pages(replace(annex("Arsiparis"), mark=""))
    assert not any(squeezed(MARK) in page for page in unmarked)


def test_the_file_is_tagged_archivable_and_says_its_language_and_title() -> None:
    made = annex_files.pdf(annex("Arsiparis"), str)
    for sign in (b"pdfaid:part>2<", b"pdfaid:conformance>A<", b"pdfuaid:part>1<", b"/Marked true", b"/S/TH"):
        assert sign in made, sign
    assert b"/Lang(id-ID)" in made
    assert b"LAMPIRAN KEPUTUSAN WALI KOTA CONTOH" in made


def test_the_same_annex_gives_the_same_bytes_and_another_one_others() -> None:
    one, other = annex("Arsiparis"), annex("Analis")
    assert annex_files.pdf(one, str) == annex_files.pdf(one, str) != annex_files.pdf(other, str)
    assert annex_files.xlsx(one, str) == annex_files.xlsx(one, str) != annex_files.xlsx(other, str)


def test_no_text_of_the_workbook_is_a_formula_and_numbers_are_numbers() -> None:
    parts = sheets(annex("=1+1", "@SUM(A1)", "https://contoh.go.id", "007"))
    rows, facts = cells(parts, 1), cells(parts, 4)
    assert [rows[f"B{row}"] for row in (2, 5, 8, 11)] == ["=1+1", "@SUM(A1)", "https://contoh.go.id", "007"]
    assert (rows["A2"], rows["A5"]) == (1.0, 2.0)
    assert (facts["D2"], facts["E2"], facts["F2"], facts["G2"]) == (
        "=1+1",
        60.0,
        "Dapat dikerjakan di luar kantor",
        "ya",
    )
    assert "E5" not in facts, "an unknown share is an empty cell, not zero"
    text = b"".join(ElementTree.tostring(part) for part in parts.values())
    assert b":f>" not in text, "no formula"
    assert b"hyperlink" not in text


def test_the_workbook_has_its_four_sheets_with_filters_and_a_head_that_stays() -> None:
    parts = sheets(annex("Arsiparis"))
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    assert len(parts["xl/workbook.xml"].findall(".//x:sheet", space)) == 4
    for number, filtered in ((1, "A1:I4"), (3, "A1:C3"), (4, "A1:I5")):
        sheet = parts[f"xl/worksheets/sheet{number}.xml"]
        found = sheet.find("x:autoFilter", space)
        assert found is not None
        assert found.attrib["ref"] == filtered
        pane = sheet.find(".//x:pane", space)
        assert pane is not None
        assert (pane.attrib["ySplit"], pane.attrib["state"]) == ("1", "frozen")
    block = list(cells(parts, 2).values())
    assert "NOMOR 100/1/2025" in block
    assert MARK in block
    assert cells(parts, 3)["C3"] == "compared with the official text. Penomoran"


def test_six_hundred_positions_take_seconds_only() -> None:
    one = annex(*(f"Arsiparis {number}" for number in range(600)))
    started = time.perf_counter()
    made = annex_files.pdf(one, str)
    annex_files.xlsx(one, str)
    assert time.perf_counter() - started < 20
    assert "Arsiparis599" in "".join(map(squeezed, pdf_text.pages(made)))
