"""A letter as a file: PDF for archives and screen readers (PDF/A-2a, PDF/UA-1), with its QR sign."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, Final

import segno

from agencies.exporting.printing import as_json, typeset
from eligibility.arrangements.letters import LetterContent, Translate, words

TEMPLATE: Final = Path(__file__).parent.parent / "typst" / "letter.typ"


def pdf(letter: LetterContent, translate: Translate) -> bytes:
    """The letter as a tagged PDF, the same bytes for the same content."""
    return typeset(TEMPLATE, inputs(letter, translate), timestamp=0)


def inputs(letter: LetterContent, translate: Translate) -> dict[str, str]:
    """What the template is given: the letter as JSON, and the sign as SVG."""
    return {"letter": as_json(_plain(letter, words(translate))), "sign": qr_sign(letter.address)}


def qr_sign(address: str) -> str:
    """The QR sign of an address as SVG; a quarter of it may be damaged (level Q)."""
    drawn = BytesIO()
    segno.make(address, error="q", boost_error=False).save(drawn, kind="svg", xmldecl=False, nl=False, omitsize=True)
    return drawn.getvalue().decode()


def _plain(letter: LetterContent, heads: dict[str, str]) -> Any:
    """What is printed; lines without a value are left out."""
    who, signatory = letter.recipient, letter.signatory
    recipient = [(heads[name], getattr(who, name)) for name in ("name", "nip", "rank", "job", "unit")]
    return {
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
