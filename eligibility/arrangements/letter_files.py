"""A letter as a file: PDF for archives and screen readers (PDF/A-2a, PDF/UA-1), with its QR sign."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno
import typst

from eligibility.annex import printable
from eligibility.annex_files import STANDARDS
from eligibility.arrangements.letters import LetterContent, Translate, words

TEMPLATE: Final = Path(__file__).parent.parent / "typst" / "letter.typ"


def pdf(letter: LetterContent, translate: Translate) -> bytes:
    """The letter as a tagged PDF, the same bytes for the same content.

    Its texts go in as data, never as markup; no font or file of the system is read.
    """
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs(letter, translate),
        pdf_standards=[*STANDARDS],
        timestamp=0,
    )
    return made


def inputs(letter: LetterContent, translate: Translate) -> dict[str, str]:
    """What the template is given: the letter as JSON, and the sign as SVG."""
    told = json.dumps(_plain(letter, words(translate)), ensure_ascii=False)
    return {"letter": told, "sign": qr_sign(letter.address)}


def qr_sign(address: str) -> str:
    """The QR sign of an address as SVG; a quarter of it may be damaged (level Q)."""
    drawn = BytesIO()
    segno.make(address, error="q", boost_error=False).save(drawn, kind="svg", xmldecl=False, nl=False, omitsize=True)
    return drawn.getvalue().decode()


def _plain(letter: LetterContent, heads: dict[str, str]) -> Any:
    """What is printed, every text made printable; lines without a value are left out."""
    who, signatory = letter.recipient, letter.signatory
    recipient = [(heads[name], getattr(who, name)) for name in ("name", "nip", "rank", "job", "unit")]
    told = {
        "words": heads | {"sign": heads["sign"] % {"address": letter.address}},
        "title": letter.title,
        "number": letter.number,
        "heading": letter.heading,
        "author": letter.institution,
        "day": [letter.signed_on.year, letter.signed_on.month, letter.signed_on.day],
        "dated": letter.dated,
        "header": letter.header,
        "basis": letter.basis,
        "recipient": [pair for pair in recipient if pair[1]],
        "plan": letter.plan,
        "outputs": [[one.output, one.target, one.skp] for one in letter.outputs],
        "conditions": letter.conditions,
        "signatory": [signatory.lines, signatory.name, signatory.rank, signatory.nip],
        "note": letter.note,
        "proofs": letter.proofs,
        "address": letter.address,
        "mark": letter.mark,
    }
    return _printable(told)


def _printable(value: Any) -> Any:
    """Every text in a nest of lists and mappings made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value
