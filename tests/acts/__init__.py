"""How each act is done in a test, by area: a module `tests/acts/<area>.py` has a table ACTS of its acts.

Names are `<module of the act>.<function>`; the function given does the act once with the cast, in a
way that has an effect the first time. REPEATABLE names acts that have an effect every time, BEFORE what
has to be recorded before an act, ARRANGED what is done in the city that has adopted flexible work.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from tests.base import Cast

AREAS = [import_module(f"{__name__}.{area.name}") for area in pkgutil.iter_modules(__path__)]
ACTS: dict[str, Callable[[Cast], object]] = {name: act for area in AREAS for name, act in area.ACTS.items()}
REPEATABLE: set[str] = {name for area in AREAS for name in getattr(area, "REPEATABLE", ())}
ARRANGED: set[str] = {name for area in AREAS for name in getattr(area, "ARRANGED", ())}
BEFORE: dict[str, Callable[[Cast], object]] = {
    name: done for area in AREAS for name, done in getattr(area, "BEFORE", {}).items()
}
