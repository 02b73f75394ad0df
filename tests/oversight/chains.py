"""Chains for the tests of the trail: acts that are recorded, and a database whose triggers are gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from agencies import triggers
from agencies.events import Receipt, record
from agencies.models import Institution, User
from agencies.protection import install_triggers

NOON = datetime(2025, 7, 1, 5, 0, tzinfo=UTC)


def act(institution: Institution) -> Receipt:
    """Record one act about an institution in a transaction of its own."""
    with transaction.atomic():
        return record(actor=None, action="institution.noted", subject=institution, at=NOON)


def chain(institution: Institution, actor: User | None, length: int = 5) -> list[Receipt]:
    """Record some acts, each a minute after the other."""
    receipts = []
    for number in range(length):
        with transaction.atomic():
            at = NOON + timedelta(minutes=number)
            receipts.append(record(actor=actor, action="institution.noted", subject=institution, at=at, step=number))
    return receipts


@contextmanager
def unprotected() -> Iterator[None]:
    """As for somebody who owns the database and removes the triggers first."""
    connection.check_constraints()  # PostgreSQL drops no trigger while checks of keys are pending
    triggers.remove(connection)
    try:
        yield
    finally:
        connection.check_constraints()
        install_triggers(connection.alias)
