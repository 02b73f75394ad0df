"""Circulars as a legal officer types them: the values of the form's fields, nothing else."""

from __future__ import annotations

from typing import Final

from tests.eligibility.law_typing import TypedCircular, TypedRule

SUPPORT: Final = ["secretariat", "protocol", "policy", "research", "analysis"]
OFFICE: Final = "PERPRES-21-2023|Pasal 8"
_SUPPORTING: Final = {"fact": "task.function", "operator": "one_of", "values": SUPPORT}

SE_MENPANRB_1_2024: Final = TypedCircular(
    institution="nasional",
    fields={
        "code": "SE-MENPANRB-1-2024",
        "title": "SE MenPANRB 1/2024",
        "issuer": "Menteri PANRB",
        "subject": "Penyesuaian sistem kerja pegawai ASN setelah libur Idulfitri 1445 H",
        "layer": "30",
        "known_from": "2024-04-13",
    },
    periods=[{"starts_on": "2024-04-16", "ends_on": "2024-04-17"}],
    provisions=[
        {"reference": "Layanan publik langsung", "summary": "Seluruhnya di kantor.", "mark": "2+"},
        {"reference": "Dukungan pimpinan", "summary": "Dari rumah, paling banyak 50 persen.", "mark": "2+"},
    ],
    rules=[
        TypedRule(
            "SE1-2024-SUPPORT",
            "Dukungan pimpinan",
            {
                "title": "Kesekretariatan sampai analisis dapat bekerja dari rumah",
                "effective_from": "2024-04-16",
                "known_from": "2024-04-13",
                "subject": "task",
                "modes": ["home"],
                "effect": "lift",
            },
            applies=[_SUPPORTING],
            lifts=[{"rule": "OFFICE", "enabling": OFFICE}],
        ),
        TypedRule(
            "SE1-2024-DIRECT",
            "Layanan publik langsung",
            {
                "title": "Layanan publik langsung seluruhnya dilaksanakan di kantor",
                "effective_from": "2024-04-16",
                "known_from": "2024-04-13",
                "subject": "task",
                "modes": ["other_office", "home", "other_place"],
                "effect": "prohibit",
            },
            applies=[{"fact": "task.exposure", "operator": "one_of", "values": ["direct", "emergency"]}],
        ),
        TypedRule(
            "SE1-2024-HALF",
            "Dukungan pimpinan",
            {
                "title": "Paling banyak 50 persen pegawai bekerja dari rumah",
                "effective_from": "2024-04-16",
                "known_from": "2024-04-13",
                "subject": "task",
                "modes": ["home"],
                "effect": "limit",
                "limit": "share_of_staff:most",
                "limit_value": "50",
                "limit_together": ["home"],
                "limit_population": "all",
                "limit_per": "agency",
                "limit_counting": "any_day",
            },
            applies=[_SUPPORTING],
        ),
    ],
)
"""Home for supporting work on 16 and 17 April 2024, half of the staff at most."""

_SBY: Final = {
    "effective_from": "2024-06-03",
    "known_from": "2024-06-03",
    "subject": "position",
    "modes": ["other_place"],
}
_HEADS: Final = [
    {"fact": "agency.kind", "operator": "one_of", "values": ["kecamatan", "kelurahan"]},
    {"fact": "position.leads", "operator": "is", "values": ["agency"]},
]
SURABAYA: Final = TypedCircular(
    institution="kota-surabaya",
    fields={
        "code": "SBY-BALAI-RW-2024",
        "title": "SE Wali Kota Surabaya tentang Balai RW",
        "issuer": "Wali Kota Surabaya",
        "subject": "Camat dan lurah berkantor di Balai RW",
        "layer": "50",
        "implementing": "on",
        "known_from": "2024-06-03",
    },
    periods=[{"starts_on": "2024-06-03", "ends_on": "2024-06-28"}],
    provisions=[{"reference": "Angka 1", "summary": "Camat dan lurah berkantor di Balai RW.", "mark": "1"}],
    rules=[
        TypedRule(
            "SBY-BALAI-RW",
            "Angka 1",
            {**_SBY, "title": "Camat dan lurah dapat bekerja di Balai RW", "effect": "lift"},
            applies=_HEADS,
            lifts=[{"rule": "OFFICE", "enabling": OFFICE}],
        ),
        TypedRule(
            "SBY-BALAI-RW-TEMPAT",
            "Angka 1",
            {
                **_SBY,
                "title": "Tempatnya Balai RW",
                "effect": "attach",
                "condition_kind": "place",
                "condition_text": "Di Balai RW wilayahnya",
            },
            applies=_HEADS,
        ),
        TypedRule(
            "SBY-BALAI-RW-LAPOR",
            "Angka 1",
            {
                **_SBY,
                "title": "Dengan izin Sekda",
                "effect": "attach",
                "condition_kind": "approver_role",
                "condition_approver": "sekda",
                "condition_text": "Dengan izin Sekretaris Daerah",
            },
            applies=_HEADS,
        ),
    ],
)
"""Camat and lurah at the Balai RW, as another place, with the Sekda's permission."""
