"""What would follow from an act: it is carried out, looked at, and taken back.

Apps downstream register a foreseer when they are ready, because outcomes are theirs to work out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from agencies.models import Institution


@dataclass(frozen=True)
class Touch:
    """What an act may change, and the day on which its consequences are told: positions and employees by key.

    `agencies` are touched with all their own positions (not those of agencies below).
    """

    institution: Institution
    on: date
    positions: Collection[int] = ()
    agencies: Collection[int] = ()
    employees: Collection[int] = ()
    everything: bool = False


@dataclass(frozen=True)
class Consequence:
    """One thing that follows, as a sentence, with the things it names; `total` counts them where not all are listed."""

    sentence: str
    items: tuple[str, ...] = ()
    total: int = 0
    weighty: bool = False


Afterwards = Callable[[], list[Consequence]]
Foreseer = Callable[[Touch], Afterwards]
"""Looks at what is touched before the act and gives the function that tells, after it, what has changed."""

SHOWN: Final = 20
"""How many things a consequence names before it counts the rest."""

_foreseers: list[Foreseer] = []


def foresee_with(foreseer: Foreseer) -> None:
    """Register a foreseer; to register the same one again changes nothing."""
    if foreseer not in _foreseers:
        _foreseers.append(foreseer)


class _TakenBack(Exception):
    """Ends the transaction of an act that was only tried."""


def foresee(act: Callable[[], object], touch: Touch) -> list[Consequence]:
    """What would follow from the act, which is carried out and taken back; nothing of it stays.

    Raises whatever the act raises.
    """
    found: list[Consequence] = []
    try:
        with transaction.atomic():
            afterwards = [foreseer(touch) for foreseer in _foreseers]
            act()
            for tell in afterwards:
                found += tell()
            raise _TakenBack
    except _TakenBack:
        return found
