"""Every address of the portal with who may open it, by area: `tests/addresses/<area>.py` has a list ADDRESSES."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tests.addresses.address import EVERY_ROLE, Address

__all__ = ["ADDRESSES", "EVERY_ROLE", "Address"]

_AREAS = [import_module(f"{__name__}.{area.name}") for area in pkgutil.iter_modules(__path__) if area.name != "address"]
ADDRESSES: list[Address] = [address for area in _AREAS for address in area.ADDRESSES]
