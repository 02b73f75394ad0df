"""What the letter of an approval says, ready to print, and its one text for one content (pure)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from agencies.facts import gettext_noop
from eligibility.rulebook import Mode
from eligibility.rulebook_text import canonical

Translate = Callable[[str], str]
_N = gettext_noop

FORMAT: Final = 2
"""How the text is laid out; 1 did not say the name of the other office apart and is read beside it."""

LANGUAGE: Final = "id"
"""Of every letter, whoever issues it."""

UNSIGNED: Final = _N("Not signed with a certified electronic signature.")

HEADS: Final = {
    "number": _N("NUMBER"),
    "basis": _N("Basis"),
    "orders": _N("ASSIGNS"),
    "to": _N("Addressed to"),
    "for": _N("For"),
    "name": _N("Name"),
    "nip": _N("NIP"),
    "rank": _N("Pangkat / golongan"),
    "job": _N("Position"),
    "unit": _N("Working unit"),
    "purpose": _N("carry out Flexible Work (Fleksibilitas Kerja) as follows:"),
    "outputs": _N("Outputs"),
    "output": _N("Output"),
    "target": _N("Target"),
    "skp": _N("Result of work in the SKP"),
    "conditions": _N("Conditions and obligations"),
    "check": _N("Whether this letter still holds: scan the sign, or open"),
    "sign": _N("QR sign with the address of the page that says whether this letter still holds: %(address)s"),
    "page": _N("Page"),
    "of": _N("of"),
}
"""The words of the form itself, by what they head."""


@dataclass(frozen=True, slots=True)
class LetterOutput:
    """One thing to be delivered, its target, and the result of work in the SKP that it serves."""

    output: str
    target: str
    skp: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom: as recorded on the day of the letter; empty texts are not recorded."""

    name: str
    nip: str
    rank: str
    job: str
    unit: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: the lines above the name ("a.n. …", "Plt. …"), name, rank, number, and the basis of a delegation."""

    lines: tuple[str, ...]
    name: str
    rank: str
    nip: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class LetterContent:
    """Everything a letter prints, in Indonesian.

    `header` are the lines of the issuing office, `agency` that of the employee. `mode` and `weekdays` are codes,
    which the public page words in its own language; `plan` are the named lines of what is allowed. `proofs` say
    where the trail and the last checkpoint stand, `address` is that of the public page, `mark` stands on every
    page (empty: none). `office` is the name of the other office in which the work is done (empty: none), which the
    plan names with its address.
    """

    title: str
    number: str
    signed_on: date
    dated: tuple[str, ...]
    institution: str
    agency: str
    header: tuple[str, ...]
    basis: tuple[str, ...]
    recipient: Recipient
    mode: Mode
    weekdays: tuple[str, ...]
    starts_on: date
    ends_on: date
    plan: tuple[tuple[str, str], ...]
    outputs: tuple[LetterOutput, ...]
    conditions: tuple[str, ...]
    signatory: Signatory
    note: str
    proofs: tuple[tuple[str, str], ...]
    address: str
    mark: str
    office: str = ""

    @property
    def heading(self) -> str:
        """Title and number in one line: the title of the document."""
        return f"{self.title} {self.number}"


def letter_text(content: LetterContent) -> str:
    """The canonical JSON of a letter."""
    told = asdict(content) | {
        "format": FORMAT,
        "signed_on": content.signed_on.isoformat(),
        "starts_on": content.starts_on.isoformat(),
        "ends_on": content.ends_on.isoformat(),
    }
    return canonical(told)


def read_letter(text: str) -> LetterContent:
    """The letter as `letter_text` wrote it. Raises KeyError for a text laid out otherwise."""
    told: dict[str, Any] = json.loads(text)
    if told.pop("format") not in {1, FORMAT}:
        raise KeyError(text[:40])
    return LetterContent(**(told | _read(told)))


def _read(told: dict[str, Any]) -> dict[str, Any]:
    """The parts of a letter that JSON has as other types."""
    lines = ("dated", "header", "basis", "weekdays", "conditions")
    return {
        **{name: tuple(told[name]) for name in lines},
        **{name: date.fromisoformat(told[name]) for name in ("signed_on", "starts_on", "ends_on")},
        **{name: tuple((label, value) for label, value in told[name]) for name in ("plan", "proofs")},
        "mode": Mode(told["mode"]),
        "recipient": Recipient(**told["recipient"]),
        "signatory": Signatory(**told["signatory"] | {"lines": tuple(told["signatory"]["lines"])}),
        "outputs": tuple(LetterOutput(**one) for one in told["outputs"]),
    }


def words(translate: Translate) -> dict[str, str]:
    """The words of the form in the language of the letter."""
    return {name: translate(text) for name, text in HEADS.items()}
