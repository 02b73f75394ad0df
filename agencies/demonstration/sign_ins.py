"""Who signs in to the demonstration: an invented person for each role, all with one published password (pure).

Shown on the sign-in page in demonstration mode only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.facts import gettext_noop

_N = gettext_noop

# Published: these accounts exist in demonstration mode only.
PASSWORD: Final = "data-sintetis-2025"
SINCE: Final = date(2024, 1, 1)
"""The day from which the demonstration's grants are in force; they have no end."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One invented person: what she is (`label`, a message id) and where; `agency` is "" for the whole institution."""

    username: str
    name: str
    role: str
    label: str
    institution: str
    institution_name: str
    agency: str = ""
    password: str = PASSWORD


_MALANG: Final = ("kota-malang", "Kota Malang")
_SEMARANG: Final = ("kota-semarang", "Kota Semarang")

SIGN_INS: Final = (
    SignIn("sari", "Sari (sintetis)", "hr_officer", _N("HR officer (BKPSDM)"), *_MALANG),
    SignIn("bagus", "Bagus (sintetis)", "agency_head", _N("Head of Diskominfo"), *_MALANG, "Diskominfo"),
    SignIn("rina", "Rina (sintetis)", "employee", _N("Employee of Diskominfo"), *_MALANG, "Diskominfo"),
    SignIn("wahyu", "Wahyu (sintetis)", "inspector", _N("Inspector (Inspektorat)"), *_MALANG),
    SignIn("dewi", "Dewi (sintetis)", "rules_administrator", _N("Rules administrator"), *_MALANG),
    SignIn("agus", "Agus (sintetis)", "system_administrator", _N("System administrator"), *_MALANG),
    SignIn("endah", "Endah (sintetis)", "hr_officer", _N("HR officer (BKPP)"), *_SEMARANG),
)
