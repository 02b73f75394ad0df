"""The cast, the judged city and the arranged one, each on the one before, founded once for tests that follow.

Each test takes back what it did.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from enum import IntEnum
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.arranged_city import ArrangedCity, arranged_city
from tests.base import Cast, assemble_cast
from tests.judged_city import JudgedCity, judged_city

WORN_AFTER: Final = 150
"""So many tests stand on one ground: PostgreSQL keeps what they took back until the ground is cleared."""


class Ground(IntEnum):
    """What a test stands on; each stands on the one before."""

    EMPTY = 0
    CAST = 1
    JUDGED = 2
    ARRANGED = 3

    @property
    def asking(self) -> str:
        """The fixture that a test asks for it with, mostly by way of `cast`, `city` or `arranged`."""
        return f"_founded_{self.name.lower()}"


def ground_of(item: pytest.Item) -> Ground:
    """The highest ground that the test asks for and may stand on, inside the transaction in which it was founded.

    A test with real commits cannot, so it founds what it needs itself.
    """
    names = {*getattr(item, "fixturenames", ())}
    mark = item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server", "django_db_reset_sequences"} & names
    return Ground.EMPTY if commits or (mark and mark.kwargs.get("transaction")) else ground_asked(item)


def ground_asked(item: pytest.Item) -> Ground:
    """The highest ground that the test asks for, in whatever way it stands on it."""
    names = {*getattr(item, "fixturenames", ())}
    return max((ground for ground in Ground if ground.asking in names), default=Ground.EMPTY)


def _arranged(city: JudgedCity) -> ArrangedCity:
    with override_settings(DEMO=True):
        return arranged_city(city)


def _cast(_empty: None) -> Cast:
    return assemble_cast()


FOUNDED_BY: Final[tuple[Callable[[Any], Any], ...]] = (_cast, judged_city, _arranged)
"""How each ground is founded on the one before."""


class Foundation:
    """Transactions that are open as long as tests follow one another that stand on the same ground.

    To found it takes longer than most tests do. Each test runs in a savepoint within, as Django's own tests
    run within the data of their class; each ground is a savepoint within the one before.
    """

    def __init__(self) -> None:
        self._layers: list[tuple[transaction.Atomic, Any]] = []
        self._blocker: DjangoDbBlocker | None = None
        self._stood = 0

    def lay(self, blocker: DjangoDbBlocker, ground: Ground) -> None:
        """Found the ground, as far as it does not stand already, for one more test."""
        self._blocker = blocker
        self._stood += 1
        with blocker.unblock():
            while len(self._layers) < ground:
                below = deepcopy(self._layers[-1][1]) if self._layers else None
                opened = transaction.atomic()
                opened.__enter__()
                self._layers.append((opened, FOUNDED_BY[len(self._layers)](below)))
                # Once here: PostgreSQL would check all these rows again at the end of every test.
                connection.check_constraints()

    def clear(self, ground: Ground = Ground.EMPTY) -> None:
        """Take back what stands above the ground that the next test needs, or all of it once it is worn."""
        if self._stood >= WORN_AFTER:
            ground = Ground.EMPTY
        while len(self._layers) > ground:
            self._take_back()
        if not self._layers:
            self._stood = 0

    def _take_back(self) -> None:
        assert self._blocker is not None
        opened, _made = self._layers.pop()
        with self._blocker.unblock():
            transaction.set_rollback(True)
            opened.__exit__(None, None, None)

    def cast(self) -> Cast:
        """The cast for one test, which may change what it is given."""
        found: Cast = self._given(Ground.CAST)
        return found

    def city(self) -> JudgedCity:
        """The judged city for one test, with the cast of that test."""
        found: JudgedCity = self._given(Ground.JUDGED)
        return found

    def arranged(self) -> ArrangedCity:
        """The arranged city for one test; its `city` is the judged one of that test."""
        found: ArrangedCity = self._given(Ground.ARRANGED)
        return found

    def _given(self, ground: Ground) -> Any:
        assert len(self._layers) == ground, "the test stands on another ground"
        return deepcopy(self._layers[-1][1])


FOUNDATION = Foundation()
