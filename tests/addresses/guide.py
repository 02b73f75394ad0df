"""The guide of the portal."""

from __future__ import annotations

from agencies.models import Role
from tests.addresses.address import Address

MAPPERS = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})
WRITERS = frozenset({Role.RULES_ADMINISTRATOR})

ADDRESSES = [
    Address("guide", MAPPERS | WRITERS, lambda city: city.url("panduan/")),
    Address("guide_chapter", MAPPERS, lambda city: city.url("panduan/lembar/")),
    Address("guide_chapter", WRITERS, lambda city: city.url("panduan/menulis-edaran/")),
]
