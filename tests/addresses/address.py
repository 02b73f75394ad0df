"""One address of the portal, and who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from agencies.models import Role, User
from tests.judged_city import JudgedCity

EVERY_ROLE: Final = frozenset(Role)

Where = Callable[[JudgedCity], str]


@dataclass(frozen=True)
class Address:
    """A named address. Who is not in `roles` is told it is not there, whether she reads or sends.

    `own` gives the address about the agency of the cast's head and employee (rows it needs are created
    there), `other` the same about another agency, where the page is about one. `whole`: only a grant
    for the whole institution opens it. `sends`: it takes a form; `reads`: it can be opened by GET.
    `herself` is the account to which a page belongs that no role opens, where that is not the cast's employee.
    """

    name: str
    roles: frozenset[Role]
    own: Where
    other: Where | None = None
    whole: bool = False
    sends: bool = False
    reads: bool = True
    herself: Callable[[JudgedCity], User] | None = None
