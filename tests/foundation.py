"""The judged city, and the arranged one on top of it, founded once for tests that follow one another.

Each test takes back what it did.
"""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.arranged_city import ArrangedCity, arranged_city
from tests.base import assemble_cast
from tests.judged_city import JudgedCity, judged_city

ASKING = "_founded"
"""The fixture that a test asks for the city with, mostly by way of `city`."""

ARRANGED = "arranged"
"""The fixture of the city that has adopted flexible work."""


def stands_on_it(item: pytest.Item) -> bool:
    """Whether the test may run inside the transaction in which the city was founded.

    A test with real commits cannot, so it founds a city of its own.
    """
    names = getattr(item, "fixturenames", ())
    mark = item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server", "django_db_reset_sequences"} & {*names}
    return ASKING in names and not commits and not (mark and mark.kwargs.get("transaction"))


def stands_on_arranged(item: pytest.Item) -> bool:
    """Whether it is the arranged city that the test stands on."""
    return stands_on_it(item) and ARRANGED in getattr(item, "fixturenames", ())


class Foundation:
    """A transaction that is open as long as tests follow one another that need the city, and then taken back.

    To found it takes longer than most tests do. Each test runs in a savepoint within, as Django's own tests
    run within the data of their class. The arranged city stands in a savepoint between the two.
    """

    def __init__(self) -> None:
        self._open: tuple[transaction.Atomic, JudgedCity, DjangoDbBlocker] | None = None
        self._above: tuple[transaction.Atomic, ArrangedCity] | None = None

    def lay(self, blocker: DjangoDbBlocker, *, arranged: bool = False) -> None:
        """Found the city unless it stands already; `arranged`: and what stands on top of it."""
        with blocker.unblock():
            if not self._open:
                outer = transaction.atomic()
                outer.__enter__()
                self._open = outer, judged_city(assemble_cast()), blocker
            if arranged and not self._above:
                inner = transaction.atomic()
                inner.__enter__()
                with override_settings(DEMO=True):
                    self._above = inner, arranged_city(deepcopy(self._open[1]))

    def clear_arranged(self) -> None:
        """Take back what stands on top, so that the next test finds the judged city alone."""
        if self._open and self._above:
            (inner, _city), self._above = self._above, None
            with self._open[2].unblock():
                transaction.set_rollback(True)
                inner.__exit__(None, None, None)

    def clear(self) -> None:
        """Take the city back, so that the next test finds empty tables."""
        if not self._open:
            return
        self.clear_arranged()
        (outer, _city, blocker), self._open = self._open, None
        with blocker.unblock():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)

    def city(self) -> JudgedCity:
        """The city for one test, which may change what it is given."""
        assert self._open is not None
        return deepcopy(self._open[1])

    def arranged(self) -> ArrangedCity:
        """The arranged city for one test; its `city` is the judged one of that test."""
        assert self._above is not None
        return deepcopy(self._above[1])


FOUNDATION = Foundation()
