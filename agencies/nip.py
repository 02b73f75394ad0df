"""The number of a civil servant: 18 digits that hold the birth date, the appointment, the sex and a sequence (pure).

NIP of PNS and CPNS: birth yyyymmdd, appointment yyyymm, sex 1 or 2, sequence. NI PPPK: birth yyyymmdd,
year of appointment, two digits that are no month, sex 1 or 2, sequence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.facts import gettext_noop

_N = gettext_noop

LENGTH: Final = 18
WITH_MONTH: Final = frozenset({"pns", "cpns"})
"""Kinds of employees whose number names the month of appointment; digits 13 and 14 of a PPPK are no month."""

_SCIENTIFIC: Final = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")
_EARLIEST: Final = 1900


@dataclass(frozen=True, slots=True)
class Nip:
    """A number that can be one, and what it says; `month` is None for a PPPK."""

    digits: str
    born: date
    year: int
    month: int | None
    sequence: str


class NipFault(ValueError):
    """Why a text is no such number: a message id for people, and the words to put into it. Never the number."""

    def __init__(self, message: str, words: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.words = words or {}

    def __str__(self) -> str:
        return self.message % self.words


def parse_nip(text: str, kind: str = "") -> Nip:
    """The number that a text is; spaces between its parts are understood.

    `kind` is the employee's (`employee.kind`); without one, only what all kinds share is checked.
    Raises NipFault.
    """
    digits = _digits(text)
    born = _born(digits[:8])
    year, month = int(digits[8:12]), int(digits[12:14])
    if kind in WITH_MONTH and not 1 <= month <= 12:
        raise NipFault(_N("Digits 13 and 14 must be the month of appointment, 01 to 12; compare with the SK."))
    if year <= born.year:
        raise NipFault(
            _N("The year of appointment (digits 9 to 12) must be after the year of birth; compare with the SK.")
        )
    if digits[14] not in "12":
        raise NipFault(_N("Digit 15 must be 1 (man) or 2 (woman); compare with the SK."))
    if digits[15:] == "000":
        raise NipFault(
            _N(
                "The last three digits are 000: a spreadsheet has rounded the number. Format the column as text and"
                " type it again."
            )
        )
    return Nip(digits, born, year, month if kind in WITH_MONTH else None, digits[15:])


def _digits(text: str) -> str:
    digits = "".join(text.split())
    if _SCIENTIFIC.fullmatch(digits):
        raise NipFault(
            _N("A spreadsheet has shortened the number (as in 1.99E+17). Format the column as text and type it again.")
        )
    if not (digits.isascii() and digits.isdecimal()):
        raise NipFault(_N("Write digits only: the number has 18 digits and no letters or signs."))
    if len(digits) != LENGTH:
        raise NipFault(_N("The number has %(length)d digits; write all 18."), {"length": len(digits)})
    return digits


def _born(digits: str) -> date:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not 1 <= month <= 12:
        raise NipFault(_N("Digits 5 and 6 must be the month of birth, 01 to 12; compare with the SK."))
    if year < _EARLIEST:
        raise NipFault(_N("Digits 1 to 4 must be the year of birth, 1900 or later; compare with the SK."))
    try:
        return date(year, month, day)
    except ValueError:
        raise NipFault(_N("Digits 7 and 8 must be a day of the month of birth; compare with the SK.")) from None
