"""The chain of an institution: how an entry's digest is made, how entries are appended and verified.

A digest covers text rendered by Python from an entry's columns, in the order that a numbered
recipe says; text built by the database would differ between databases. A recipe is never changed
once an entry was written by it: a new order or a new column is a new number, and old entries
keep the number they were written with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from operator import itemgetter
from types import NoneType
from typing import Any, Final
from uuid import UUID

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from agencies.errors import EventError
from agencies.events import Detail, Event
from agencies.models import Institution
from oversight.models import TrailEntry, TrailHead

GENESIS: Final = "0" * 64
"""The digest before the first entry."""

RECIPES: Final[Mapping[int, tuple[str, ...]]] = {
    1: (
        "id",
        "institution_id",
        "number",
        "recipe",
        "at",
        "actor_id",
        "actor_label",
        "action",
        "subject_type",
        "subject_id",
        "subject_digest",
        "body",
        "count",
        "merkle_root",
        "previous_digest",
    ),
}
"""The columns that enter the digest of an entry, in order, by the number of the recipe."""

CURRENT: Final = 1
"""The recipe of new entries."""

_COLUMNS: Final = tuple(dict.fromkeys(column for recipe in RECIPES.values() for column in recipe))
_PICK: Final = {number: itemgetter(*map(_COLUMNS.index, columns)) for number, columns in RECIPES.items()}
_NUMBER, _RECIPE, _PREVIOUS = (_COLUMNS.index(name) for name in ("number", "recipe", "previous_digest"))
_ROWS_AT_ONCE: Final = 2000


@dataclass(frozen=True)
class BrokenEntry:
    """The first entry of a chain that is not as it was written, and what is wrong, in a sentence for people."""

    number: int
    reason: str


@dataclass(frozen=True)
class Verification:
    """How many entries were found whole, in order, before the chain ended or broke."""

    count: int
    broken: BrokenEntry | None = None


def append(event: Event) -> TrailEntry:
    """Add an act to the chain of its institution, whose head stays locked until the transaction ends.

    Runs inside the act's transaction. Raises EventError for a detail that has no exact text.
    """
    number, previous = _locked_head(event.institution)
    entry = TrailEntry(
        institution=event.institution,
        number=number + 1,
        recipe=CURRENT,
        at=event.at,
        actor=event.actor,
        actor_label=event.actor_label,
        action=event.action,
        subject_type=event.subject._meta.label_lower,
        subject_id=str(event.subject.pk),
        body=canonical(event.details),
        previous_digest=previous,
    )
    entry.digest = _digest(CURRENT, [getattr(entry, column) for column in RECIPES[CURRENT]])
    entry.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_HEAD, [entry.number, entry.digest, event.institution.pk])
    return entry


def canonical(details: Mapping[str, Detail]) -> str:
    """The details as JSON text that is the same for the same content: sorted, no spaces, ASCII."""
    return json.dumps({key: _exact(key, value) for key, value in details.items()}, **_CANONICAL)


def institutions_with_trail() -> list[Institution]:
    """Those that have a head or an entry, by code: the two must go together, so both are asked."""
    keys = set(TrailHead.objects.values_list("pk", flat=True))
    keys |= set(TrailEntry.objects.order_by().values_list("institution_id", flat=True).distinct())
    return list(Institution.objects.filter(pk__in=keys).order_by("code"))


def verify(institution: Institution) -> Verification:
    """Recompute the chain of an institution from its first entry to its head, in constant memory.

    Entries appended while it runs are either seen together with the head that counts them or not at all.
    """
    # The head is read first: an entry added in between must not look like one that was cut off.
    head = TrailHead.objects.filter(pk=institution.pk).values_list("number", "digest").first()
    count, previous = 0, GENESIS
    try:
        for row in _stored(institution):
            *values, digest, head_number, head_digest = row
            reason = _fault(values, digest, count + 1, previous)
            if reason:
                return Verification(count, BrokenEntry(count + 1, reason))
            count, previous = count + 1, digest
            head = (head_number, head_digest)
    except UnreadableEntryError:
        return Verification(count, BrokenEntry(count + 1, _("a stored value cannot be read.")))
    return Verification(count, _fault_of_head(head, count, previous))


class UnreadableEntryError(Exception):
    """The database holds something in a row that its column cannot hold."""


_CANONICAL: Final[dict[str, Any]] = {
    "sort_keys": True,
    "separators": (",", ":"),
    "ensure_ascii": True,
    "allow_nan": False,
}


# Plain SQL for the one row that every act waits for: to build these two queries anew would take
# longer than to run them.
_READ_HEAD: Final = "SELECT number, digest FROM oversight_trailhead WHERE institution_id = %s"
_MOVE_HEAD: Final = "UPDATE oversight_trailhead SET number = %s, digest = %s WHERE institution_id = %s"


def _locked_head(institution: Institution) -> tuple[int, str]:
    """Number and digest of the chain's head, created before the first entry, locked until the end.

    SQLite knows no row locks: there the transaction itself is the only writer (IMMEDIATE).
    """
    lock = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{_READ_HEAD} {lock}", [institution.pk])
        head = cursor.fetchone()
        if head is None:
            # Two first acts at once: one creates the head, the other waits and then finds it.
            first = TrailHead(institution=institution, digest=GENESIS)
            TrailHead.objects.bulk_create([first], ignore_conflicts=True)
            cursor.execute(f"{_READ_HEAD} {lock}", [institution.pk])
            head = cursor.fetchone()
    number, digest = head
    return number, digest


def _digest(recipe: int, values: Iterable[object]) -> str:
    """SHA-256 of the table's name, the recipe's number and the columns as one JSON array."""
    columns = ",".join([_TEXT.get(type(value), _strange)(value) for value in values])
    text = f'["{TrailEntry._meta.label_lower}",{recipe},{columns}]'
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _strange(value: object) -> str:
    """Text of a value that its column should not hold; no entry was ever written with one."""
    return encode_basestring_ascii(repr(value))


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# Written out by type: a JSON encoder would take twice as long. A time is its exact microseconds
# since 1970, the same in every zone.
_TEXT: Final[Mapping[type, Callable[[Any], str]]] = {
    str: encode_basestring_ascii,
    int: str,
    NoneType: lambda _: "null",
    datetime: lambda at: str((at - _EPOCH) // _MICROSECOND),
    UUID: lambda key: f'"{key.hex}"',
}


def _exact(key: str, value: Detail) -> object:
    """A detail in the forms that JSON has, without loss."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat()
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case Mapping():
            return {name: _exact(key, part) for name, part in value.items()}
        case list() | tuple():
            return [_exact(key, part) for part in value]
    raise EventError(
        _("The detail “%(key)s” has no exact text (%(type)s); give a text, a whole number or a date.")
        % {"key": key, "type": type(value).__name__}
    )


def _stored(institution: Institution) -> Iterator[tuple[Any, ...]]:
    """Each entry's columns, digest, and the head as it stood in the same snapshot, in order of number."""
    entries = TrailEntry.objects.filter(institution=institution).order_by("number")
    head = ("institution__trail_head__number", "institution__trail_head__digest")
    rows = entries.values_list(*_COLUMNS, "digest", *head).iterator(chunk_size=_ROWS_AT_ONCE)
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except (ValueError, TypeError, AttributeError) as problem:
            # A time or key that is none: SQLite lets any column hold any text.
            raise UnreadableEntryError from problem
        except OperationalError as problem:
            if "decode" not in str(problem):
                raise
            raise UnreadableEntryError from problem


def _fault(values: list[Any], digest: str, number: int, previous: str) -> str:
    """What is wrong with the entry that should have this number and follow this digest; empty if nothing."""
    if values[_NUMBER] != number:
        return _("it is missing.")
    recipe = values[_RECIPE]
    if recipe not in RECIPES:
        return _("its recipe %(recipe)s is unknown.") % {"recipe": recipe}
    if _digest(recipe, _PICK[recipe](values)) != digest:
        return _("its content and its digest do not belong together.")
    if values[_PREVIOUS] != previous:
        return _("it does not carry the digest of the entry before it.")
    return ""


def _fault_of_head(head: tuple[int | None, str | None] | None, count: int, digest: str) -> BrokenEntry | None:
    """Whether the head counts the entries found and names the digest of the last."""
    if head is None and count == 0:
        return None
    number, head_digest = head or (None, None)
    if not isinstance(number, int):
        return BrokenEntry(count, _("the head that counts the entries is missing."))
    if number > count or count == 0:
        return BrokenEntry(count + 1, _("it is missing: the head counts %(number)d entries.") % {"number": number})
    if number < count:
        return BrokenEntry(number + 1, _("the head counts only %(number)d entries.") % {"number": number})
    if head_digest != digest:
        return BrokenEntry(count, _("the head does not name its digest."))
    return None
