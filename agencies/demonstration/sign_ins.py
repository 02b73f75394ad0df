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
    """One invented person: what she is (`label`, a message id) and where; `agency` is "" for the whole institution.

    `position` is the code of the position she holds, as the first of its holders; "" for who holds none there.
    """

    username: str
    name: str
    role: str
    label: str
    institution: str
    institution_name: str
    position: str
    agency: str = ""
    password: str = PASSWORD


_MALANG: Final = ("kota-malang", "Kota Malang")
_SEMARANG: Final = ("kota-semarang", "Kota Semarang")
_CONTOH: Final = ("kota-contoh", "Kota Contoh (fiktif)")
_NASIONAL: Final = ("nasional", "Nasional")

SIGN_INS: Final = (
    SignIn("sari", "Sari (sintetis)", "hr_officer", _N("HR officer (BKPSDM)"), *_MALANG, "BKPSDM-MUTASI-03"),
    SignIn(
        "lestari",
        "Lestari (sintetis)",
        "hr_officer",
        _N("Personnel clerk of Dinkes"),
        *_MALANG,
        "DINKES-SEKRETARIAT-ARSIPARIS-02",
        "Dinkes",
    ),
    SignIn(
        "bagus", "Bagus (sintetis)", "agency_head", _N("Head of Diskominfo"), *_MALANG, "DISKOMINFO-00", "Diskominfo"
    ),
    SignIn(
        "rina",
        "Rina (sintetis)",
        "employee",
        _N("Employee of Diskominfo"),
        *_MALANG,
        "DISKOMINFO-APTIKA-03",
        "Diskominfo",
    ),
    SignIn("wahyu", "Wahyu (sintetis)", "inspector", _N("Inspector (Inspektorat)"), *_MALANG, "INSPEKTORAT-IRBAN-1-03"),
    SignIn("dewi", "Dewi (sintetis)", "rules_administrator", _N("Rules administrator"), *_MALANG, "SETDA-BAG-HUKUM-03"),
    SignIn(
        "putri",
        "Putri (sintetis)",
        "data_protection_officer",
        _N("Officer for data protection"),
        *_MALANG,
        "DISKOMINFO-INFRASTRUKTUR-TIK-02",
    ),
    SignIn(
        "agus",
        "Agus (sintetis)",
        "system_administrator",
        _N("System administrator"),
        *_MALANG,
        "DISKOMINFO-INFRASTRUKTUR-TIK-04",
    ),
    SignIn("endah", "Endah (sintetis)", "hr_officer", _N("HR officer (BKPP)"), *_SEMARANG, "BKPP-MUTASI-03"),
    SignIn("tari", "Tari (sintetis)", "hr_officer", _N("HR officer (BKPSDM)"), *_CONTOH, "BKPSDM-MUTASI-03"),
    SignIn(
        "yuni",
        "Yuni (sintetis)",
        "hr_officer",
        _N("Personnel clerk of Diskominfo"),
        *_CONTOH,
        "DISKOMINFO-SEKRETARIAT-02",
        "Diskominfo",
    ),
    SignIn("bayu", "Bayu (sintetis)", "agency_head", _N("Head of Diskominfo"), *_CONTOH, "DISKOMINFO-00", "Diskominfo"),
    SignIn(
        "nita",
        "Nita (sintetis)",
        "employee",
        _N("Employee of Diskominfo"),
        *_CONTOH,
        "DISKOMINFO-APTIKA-03",
        "Diskominfo",
    ),
    SignIn("galih", "Galih (sintetis)", "inspector", _N("Inspector (Inspektorat)"), *_CONTOH, "INSPEKTORAT-IRBAN-1-03"),
    SignIn("wulan", "Wulan (sintetis)", "rules_administrator", _N("Rules administrator"), *_CONTOH, ""),
    SignIn("rudi", "Rudi (sintetis)", "rules_administrator", _N("Second rules administrator"), *_CONTOH, ""),
    SignIn("hana", "Hana (sintetis)", "rules_administrator", _N("Administrator of national rules"), *_NASIONAL, ""),
    SignIn(
        "joko", "Joko (sintetis)", "rules_administrator", _N("Second administrator of national rules"), *_NASIONAL, ""
    ),
    SignIn("pita", "Pita (sintetis)", "outside_reader", _N("Outside reader of the Inspektorat Provinsi"), *_CONTOH, ""),
)
