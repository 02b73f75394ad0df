"""How far work in the background has come, told outside the database: its transaction shows nothing meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.core.cache import caches
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

T = TypeVar("T")

CACHE: Final = "progress"
"""The cache that all processes of the portal share."""
_KEPT: Final = 24 * 60 * 60
_EVERY: Final = timedelta(seconds=1)


class Stage(TextChoices):
    """What is being done."""

    WAITING = "waiting", _("Waiting for the worker")
    READING = "reading", _("Reading the rows")
    COMPARING = "comparing", _("Comparing with what is recorded")
    WRITING = "writing", _("Writing")


@dataclass(frozen=True)
class Progress:
    """The stage, how many rows of how many are done in it, and when that was told."""

    stage: Stage
    done: int
    total: int
    at: datetime


class Teller:
    """Tells how far one import has come, at most once a second; without a key it is quiet."""

    def __init__(self, key: int | None = None) -> None:
        self.key = key
        self.last: datetime | None = None

    def tell(self, stage: Stage, done: int, total: int) -> None:
        """Say it now."""
        if self.key is not None:
            self.last = timezone.now()
            caches[CACHE].set(_name(self.key), Progress(stage, done, total, self.last), _KEPT)

    def counted(self, items: Iterable[T], stage: Stage, total: int) -> Iterator[T]:
        """The items, telling meanwhile how many went by."""
        self.tell(stage, 0, total)
        for number, item in enumerate(items, 1):
            if self.last is not None and number % 200 == 0 and timezone.now() - self.last > _EVERY:
                self.tell(stage, number, total)
            yield item


def progress_of(key: int) -> Progress | None:
    """What was told last of an import; None where nothing was, or long ago."""
    found = caches[CACHE].get(_name(key))
    return found if isinstance(found, Progress) else None


def forget(key: int) -> None:
    """Nothing is being done any more."""
    caches[CACHE].delete(_name(key))


def _name(key: int) -> str:
    return f"import-{key}"
