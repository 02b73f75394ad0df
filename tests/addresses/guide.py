"""The guide of the portal."""

from __future__ import annotations

from agencies.models import Role
from tests.addresses.address import Address

MAPPERS = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})

ADDRESSES = [
    Address("guide", MAPPERS, lambda city: city.url("panduan/")),
    Address("guide_chapter", MAPPERS, lambda city: city.url("panduan/lembar/")),
]
