"""The pages about the trail."""

from __future__ import annotations

from agencies.models import Role
from tests.addresses.address import EVERY_ROLE, Address

ADDRESSES = [
    Address("trail", EVERY_ROLE, lambda city: city.url("jejak/")),
    Address(
        "trail_erase",
        frozenset({Role.DATA_PROTECTION_OFFICER}),
        lambda city: city.url("jejak/hapus/"),
        whole=True,
        sends=True,
    ),
]
