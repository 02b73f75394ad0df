"""What a check of the data is: declared once, with why it matters, what to do, and the condition that finds rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from django.db.models import Q

from agencies.xray.levels import Level
from agencies.xray.looking import Looking

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Severity(IntEnum):
    """How much a fault weighs; the weightiest stands first."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong with rows of a level. `code` stands in the address.

    `finds` gives the condition, on rows of the level, that holds for the rows at fault. What is unknown is no
    fault of a check that needs to know it. `mended_on` names the page of an agency on which its fault is mended, where
    that is not the page of its structure.
    """

    code: str
    level: Level
    severity: Severity
    title: _StrPromise
    why: _StrPromise
    remedy: _StrPromise
    finds: Callable[[Looking], Q]
    mended_on: str = ""
