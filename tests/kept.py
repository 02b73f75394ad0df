"""Databases that tests with real commits begin with: written once, kept as copies in memory, brought back whole.

Only SQLite in memory can be copied in no time; on any other database each is written anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from copy import deepcopy
from typing import Any, Final

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests.foundation import FOUNDED_BY, Ground


class Kept:
    """Copies of the whole database by name, each with what its rows are called in a test."""

    def __init__(self) -> None:
        self._copies: dict[Hashable, tuple[sqlite3.Connection, Any]] = {}

    def brought(self, name: Hashable, write: Callable[[], Any]) -> Any:
        """Bring the database back as `write` once left it, and give what that returned, which the test may change."""
        creation: Any = connection.creation
        if connection.vendor != "sqlite" or not creation.is_in_memory_db(connection.settings_dict["NAME"]):
            return write()
        if name not in self._copies:
            made = write()
            self._copies[name] = self._copied(), made
        else:
            connection.ensure_connection()
            self._copies[name][0].backup(connection.connection)
            ContentType.objects.clear_cache()  # they may have other numbers there
        return deepcopy(self._copies[name][1])

    def ground(self, ground: Ground) -> Any:
        """The cast, the judged city or the arranged one, on the day that the demonstration calls today, if it does."""
        if ground is Ground.EMPTY:
            return None
        today = settings.DEMO_TODAY if settings.DEMO else None
        below = Ground(ground - 1)
        return self.brought((ground, today), lambda: FOUNDED_BY[below](self.ground(below)))

    def _copied(self) -> sqlite3.Connection:
        connection.ensure_connection()
        copy = sqlite3.connect(":memory:")
        connection.connection.backup(copy)
        return copy


KEPT: Final = Kept()
