"""Work of the audit that pages leave to the background: since when it waits, how far it has come, for all processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar

from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from agencies.importing.progress import CACHE
from agencies.models import Institution

T = TypeVar("T")

LOOKING: Final = "looking"
"""Looking at the institution by every indication."""
REPERFORMING: Final = "reperforming"
"""Deciding everything again."""

SILENT: Final = timedelta(minutes=15)
"""After so long without a sign of life, work that was begun counts as cut off and may be asked for again."""
PATIENT: Final = timedelta(days=1)
"""After so long, work that no worker has begun may be asked for again."""
_SECONDS: Final = 7 * 24 * 60 * 60
_EVERY: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Work:
    """Work asked for at a moment; `begun_at` None: it waits for the worker. `done` of `total` (0: not known yet).

    `failed_at`: it ended then by a fault, without a result.
    """

    asked_at: datetime
    begun_at: datetime | None = None
    alive_at: datetime | None = None
    done: int = 0
    total: int = 0
    failed_at: datetime | None = None

    def is_cut_off(self, at: datetime) -> bool:
        """Whether it gives no sign of life any more, or no worker has come to it."""
        return at - self.asked_at > PATIENT if self.alive_at is None else at - self.alive_at > SILENT


def work_of(kind: str, institution: Institution, at: datetime) -> Work | None:
    """The work that waits or goes on; None where there is none, or it broke off."""
    found = _kept(kind, institution.pk)
    return found if found and not found.failed_at and not found.is_cut_off(at) else None


def broken_off(kind: str, institution: Institution, at: datetime) -> datetime | None:
    """When the last work failed or gave its last sign of life, without a result; None where it did not break off."""
    found = _kept(kind, institution.pk)
    if found is None:
        return None
    return found.failed_at or ((found.alive_at or found.asked_at) if found.is_cut_off(at) else None)


def ask(kind: str, institution: Institution, at: datetime) -> None:
    """Note that work is waited for."""
    caches[CACHE].set(_key(kind, institution.pk), Work(at), _SECONDS)


class Telling:
    """Tells how far work has come, every few seconds, and at its end that there is none any more; or that it failed."""

    def __init__(self, kind: str, institution: int, total: int) -> None:
        now = timezone.now()
        found = _kept(kind, institution)
        asked_at = found.asked_at if found and not found.failed_at else now
        self._key: Final = _key(kind, institution)
        self._work = Work(asked_at, now, now, 0, total)

    def __enter__(self) -> Telling:
        self._tell()
        return self

    def __exit__(self, failure: type[BaseException] | None, *_told: object) -> None:
        if failure is None:
            caches[CACHE].delete(self._key)
            return
        self._work = replace(self._work, failed_at=timezone.now())
        self._tell()

    def went_on(self, number: int = 1) -> None:
        """So many more are done."""
        self._work = replace(self._work, done=self._work.done + number)
        self.lives()

    def lives(self) -> None:
        """It goes on, though nothing more is done yet."""
        now, last = timezone.now(), self._work.alive_at
        if last is None or now - last > _EVERY:
            self._work = replace(self._work, alive_at=now)
            self._tell()

    def counted(self, items: Iterable[T]) -> Iterator[T]:
        """The items, telling meanwhile how many went by."""
        for item in items:
            yield item
            self.went_on()

    def _tell(self) -> None:
        caches[CACHE].set(self._key, self._work, _SECONDS)


def _kept(kind: str, institution: int) -> Work | None:
    found = caches[CACHE].get(_key(kind, institution))
    return found if isinstance(found, Work) else None


def _key(kind: str, institution: int) -> str:
    return f"audit-work-{kind}-{institution}-{this_database()}"


def this_database() -> str:
    """A short name of the database, for what is kept outside it: the same folder may serve several."""
    return sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:12]
