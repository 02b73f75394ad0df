"""The pages that show outcomes."""

from __future__ import annotations

from tests.addresses.address import EVERY_ROLE, Address

ADDRESSES = [
    Address("matrix", EVERY_ROLE, lambda city: city.url("peta/")),
    Address(
        "agency",
        EVERY_ROLE,
        lambda city: city.url(f"opd/{city.cast.agency.code}/"),
        lambda city: city.url(f"opd/{city.below.code}/"),
    ),
    Address(
        "position",
        EVERY_ROLE,
        lambda city: city.url(f"jabatan/{city.eligible.pk}/"),
        lambda city: city.url(f"jabatan/{city.refused.pk}/"),
    ),
    Address(
        "position_history",
        EVERY_ROLE,
        lambda city: city.url(f"jabatan/{city.eligible.pk}/riwayat/"),
        lambda city: city.url(f"jabatan/{city.refused.pk}/riwayat/"),
    ),
    Address(
        "agency_past",
        EVERY_ROLE,
        lambda city: city.url(f"opd/{city.cast.agency.code}/per-tanggal/"),
        lambda city: city.url(f"opd/{city.below.code}/per-tanggal/"),
    ),
    Address(
        "norms",
        EVERY_ROLE,
        lambda city: city.url(f"opd/{city.cast.agency.code}/norma/"),
        lambda city: city.url(f"opd/{city.below.code}/norma/"),
    ),
    Address("rules", EVERY_ROLE, lambda city: city.url("aturan/")),
    Address("law_changes", EVERY_ROLE, lambda city: city.url("perubahan-aturan/?dari=2024-04-16&sampai=2025-07-01")),
    Address("rule", EVERY_ROLE, lambda city: city.url("aturan/PERMEN4-13-1/")),
]
