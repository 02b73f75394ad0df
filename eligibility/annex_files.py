"""An annex as files: PDF for archives and screen readers (PDF/A-2a, PDF/UA-1), and a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agencies.exporting.printing import as_json, typeset
from agencies.exporting.workbooks import CELL, TEXTS_STAY_TEXTS
from eligibility.annex import (
    Annex,
    AnnexFact,
    AnnexPosition,
    AnnexProvision,
    AnnexTask,
    Translate,
    by_origin,
    words,
)

TEMPLATE: Final = Path(__file__).parent / "typst" / "annex.typ"
SIGNS: Final = {"eligible": "●", "conditional": "◐", "not_eligible": "○", "needs_information": "?"}


def pdf(annex: Annex, translate: Translate) -> bytes:
    """The annex as a tagged PDF."""
    return typeset(TEMPLATE, inputs(annex, translate), int(annex.at.timestamp()))


def inputs(annex: Annex, translate: Translate) -> dict[str, str]:
    """What the template of the PDF is given: one JSON text."""
    return {"annex": as_json(_plain(annex, words(translate)))}


def _plain(annex: Annex, heads: dict[str, str]) -> Any:
    open_ones = annex.unverified()
    at = annex.at.astimezone(UTC)
    return {
        "words": heads,
        "title": annex.title,
        "author": annex.issuer,
        "short": " ".join(annex.heading),
        "subject": annex.subject,
        "agency": annex.agency,
        "at": [at.year, at.month, at.day],
        "heading": annex.heading,
        "particulars": annex.particulars,
        "notes": annex.notes,
        "signature": annex.signature,
        "mark": annex.mark,
        "positions": [_position(number, one, open_ones, heads) for number, one in enumerate(annex.positions, 1)],
        "provisions": [
            {"number": number, "citation": one.citation, "verified": one.verified, "state": _state(one, heads)}
            for number, one in enumerate(annex.provisions, 1)
        ],
    }


def _position(number: int, one: AnnexPosition, open_ones: frozenset[str], heads: dict[str, str]) -> dict[str, Any]:
    return {
        "number": number,
        "title": one.title,
        "place": " · ".join(filter(None, (one.unit, one.code))),
        "tasks": [_task(task, heads) for task in one.tasks],
        "answers": [
            {
                "modes": ", ".join(answer.modes),
                "sign": SIGNS.get(answer.outcome, ""),
                "label": answer.label,
                "conditions": answer.conditions or [heads["none"]],
                "provisions": marked(answer.provisions, open_ones) or [heads["none"]],
            }
            for answer in one.answers
        ],
    }


def marked(citations: Sequence[str], open_ones: frozenset[str]) -> list[str]:
    """The citations, with a star at those that nobody has compared with the official text."""
    return [f"{one}\u00a0*)" if one in open_ones else one for one in citations]


def _task(task: AnnexTask, heads: dict[str, str]) -> dict[str, Any]:
    groups = [
        {
            "origin": f"{basis} ({source})" if source else basis,
            "facts": [f"{fact.label}: {fact.value}" for fact in facts],
        }
        for (basis, source), facts in by_origin(task.facts).items()
    ]
    return {"title": task.title, "share": share_words(task.share, heads), "facts": groups}


def share_words(share: int | Decimal | None, heads: dict[str, str]) -> str:
    """A share of working time as it is printed."""
    return heads["unknown_share"] if share is None else f"{share}%"


def _state(provision: AnnexProvision, heads: dict[str, str]) -> str:
    state = heads["verified"] if provision.verified else heads["unverified"]
    return f"{state}. {provision.note}" if provision.note else state


ROW_COLUMNS: Final = (
    ("number", 6),
    ("position", 32),
    ("code", 18),
    ("unit", 30),
    ("tasks", 44),
    ("modes", 26),
    ("outcome", 18),
    ("conditions", 44),
    ("provisions", 44),
)
FACT_COLUMNS: Final = (
    ("number", 6),
    ("position", 32),
    ("code", 18),
    ("task", 40),
    ("percent", 12),
    ("characteristic", 40),
    ("value", 26),
    ("basis", 14),
    ("source", 36),
)
PROVISION_COLUMNS: Final = (("number", 6), ("provision", 60), ("verification", 50))

Value = str | int | Decimal | None


def xlsx(annex: Annex, translate: Translate) -> bytes:
    """The annex as a workbook: the rows, the title block, the provisions, the characteristics. No text is a formula."""
    heads, target = words(translate), BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **TEXTS_STAY_TEXTS})
    # A workbook knows no zones; without one its date is the same wherever it is made.
    book.set_properties(
        {"title": annex.title, "author": annex.issuer, "created": annex.at.astimezone(UTC).replace(tzinfo=None)}
    )
    looks = _Looks(book.add_format(_HEAD), book.add_format(_TEXT), book.add_format(_NUMBER))
    sheets = {
        name: book.add_worksheet(heads[f"sheet_{name}"]) for name in ("rows", "particulars", "provisions", "facts")
    }
    _listing(sheets["rows"], looks, heads, ROW_COLUMNS, _rows(annex, heads))
    _particulars(sheets["particulars"], looks, annex)
    states = [(number, one.citation, _state(one, heads)) for number, one in enumerate(annex.provisions, 1)]
    _listing(sheets["provisions"], looks, heads, PROVISION_COLUMNS, states)
    _listing(sheets["facts"], looks, heads, FACT_COLUMNS, _facts(annex))
    for sheet in sheets.values():
        _on_paper(sheet, annex)
    book.close()
    return target.getvalue()


_HEAD: Final = {"bold": True, "text_wrap": True, "valign": "bottom", "border": 1, "bg_color": "#F4F6F8"}
_TEXT: Final = {"text_wrap": True, "valign": "top", "num_format": "@"}
_NUMBER: Final = {"valign": "top"}


class _Looks(NamedTuple):
    head: Format
    text: Format
    number: Format


def _rows(annex: Annex, heads: dict[str, str]) -> Iterator[tuple[Value, ...]]:
    """One line for each answer of each position."""
    open_ones = annex.unverified()
    for number, one in enumerate(annex.positions, 1):
        tasks = "\n".join(f"{task.title} ({share_words(task.share, heads)})" for task in one.tasks)
        for answer in one.answers:
            yield (
                number,
                one.title,
                one.code,
                one.unit,
                tasks,
                ", ".join(answer.modes),
                answer.label,
                "\n".join(answer.conditions),
                "\n".join(marked(answer.provisions, open_ones)),
            )


def _facts(annex: Annex) -> Iterator[tuple[Value, ...]]:
    """One line for each fact of each task; a task without any has one too."""
    for number, one in enumerate(annex.positions, 1):
        for task in one.tasks:
            for fact in task.facts or (AnnexFact("", "", "", ""),):
                told = (fact.label, fact.value, fact.basis, fact.source)
                yield (number, one.title, one.code, task.title, task.share, *told)


def _listing(
    sheet: Worksheet,
    looks: _Looks,
    heads: dict[str, str],
    columns: Sequence[tuple[str, int]],
    rows: Iterable[tuple[Value, ...]],
) -> None:
    """A table with a head that stays, filters, and columns as wide as they need."""
    for place, (name, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heads[name], looks.head)
    last = 0
    for last, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            _write(sheet, looks, last, place, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.repeat_rows(0)


def _write(sheet: Worksheet, looks: _Looks, row: int, place: int, value: Value) -> None:
    """A number as a number, everything else as it was written."""
    if isinstance(value, int | Decimal):
        sheet.write_number(row, place, value, looks.number)
    elif value:
        sheet.write_string(row, place, value[:CELL], looks.text)


def _particulars(sheet: Worksheet, looks: _Looks, annex: Annex) -> None:
    """The title block, line by line."""
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    named = [*annex.particulars, *(("", line) for line in (*annex.notes, *annex.signature, annex.mark))]
    lines = [*((line, "") for line in (*annex.heading, annex.subject, annex.agency)), *named]
    for row, (label, value) in enumerate(lines):
        _write(sheet, looks, row, 0, label)
        _write(sheet, looks, row, 1, value)


def _on_paper(sheet: Worksheet, annex: Annex) -> None:
    """Landscape A4, as wide as the sheet, with the mark above and the page below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&C" + annex.mark.replace("&", "&&"))
    sheet.set_footer("&R&P/&N")
