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
    Address("rules", EVERY_ROLE, lambda city: city.url("aturan/")),
]
