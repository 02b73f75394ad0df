"""The pages of the maps that governments show to one another."""

from __future__ import annotations

from agencies.models import Role
from eligibility.access import MAP_READERS
from tests.acts.published_maps import published
from tests.addresses.address import Address, Where
from tests.judged_city import JudgedCity

READERS = frozenset(MAP_READERS)
OFFICER = frozenset({Role.HR_OFFICER})


def _map(page: str = "") -> Where:
    def where(city: JudgedCity) -> str:
        return city.url(f"peta-terbit/{published(city.cast).pk}/{page}")

    return where


ADDRESSES = [
    Address("published_maps", READERS, lambda city: city.url("peta-terbit/")),
    Address("map_publish", OFFICER, lambda city: city.url("peta-terbit/terbitkan/"), whole=True, sends=True),
    Address("published_map", READERS, _map()),
    Address("map_withdraw", OFFICER, _map("tarik/"), whole=True, sends=True),
]
