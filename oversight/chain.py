"""Verifies the chain of an institution: recomputes each digest from the first entry to the head."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from django.db import OperationalError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.models import Institution
from agencies.prepared import prepared
from oversight.entries import CURRENT, GENESIS, LATER_COLUMNS, RECIPES, RESTORED, entry_digest
from oversight.models import TrailEntry, TrailHead
from oversight.trail import Head

# Those of the newest recipe first, in its order, so that its values need not be picked.
_COLUMNS: Final = tuple(dict.fromkeys(column for number in sorted(RECIPES, reverse=True) for column in RECIPES[number]))
_PICK: Final = {number: itemgetter(*map(_COLUMNS.index, columns)) for number, columns in RECIPES.items()}
_LATER: Final = {
    number: [(_COLUMNS.index(name), value) for name, value in columns.items()]
    for number, columns in LATER_COLUMNS.items()
}
_NUMBER, _RECIPE, _PREVIOUS, _EPOCH, _ACTION, _BODY = (
    _COLUMNS.index(name) for name in ("number", "recipe", "previous_digest", "epoch", "action", "body")
)
_DIGEST: Final = len(_COLUMNS)
_ROWS_AT_ONCE: Final = 2000
_START: Final = Head(0, GENESIS, 1)


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


def verify(institution: Institution, after: Head = _START) -> Verification:
    """Recompute the chain of an institution from its first entry to its head, in constant memory.

    `after` takes the chain up to there as it is stored and begins with the entry that follows; the count is then
    that of the entries that follow. Entries appended while it runs are either seen together with the head that
    counts them or not at all.
    """
    # The head is read first: an entry added in between must not look like one that was cut off.
    found = TrailHead.objects.filter(pk=institution.pk).values_list("number", "digest", "epoch").first()
    head: tuple[Any, ...] | None = found
    # Not a tuple with names: this loop is most of the time.
    count, previous, epoch = after
    try:
        for row in _stored(institution, count):
            values, digest = row[:_DIGEST], row[_DIGEST]
            reason = _fault(values, digest, count + 1, previous, epoch)
            if reason:
                return Verification(count - after.number, BrokenEntry(count + 1, reason))
            count, previous, epoch, head = count + 1, digest, values[_EPOCH], row[_DIGEST + 1 :]
    except UnreadableEntryError:
        return Verification(count - after.number, BrokenEntry(count + 1, _("a stored value cannot be read.")))
    return Verification(count - after.number, _fault_of_head(head, Head(count, previous, epoch)))


def fault_of(institution: Institution, number: int) -> str:
    """What is wrong with one entry, by itself and beside the one before it; empty where it is as it was written."""
    before = TrailEntry.objects.filter(institution=institution, number=number - 1).values_list("digest", "epoch")
    after = Head(number - 1, *(before.first() or (GENESIS, 1)))
    try:
        for row in _stored(institution, number - 1, number):
            return _fault(row[:_DIGEST], row[_DIGEST], number, after.digest, after.epoch)
    except UnreadableEntryError:
        return _("a stored value cannot be read.")
    return _("it is missing.")


def faults_among(
    institution: Institution, entries: Collection[TrailEntry], beside: Collection[TrailEntry] = ()
) -> dict[int, str]:
    """What is wrong with each of these entries of the institution, as read, by its number; see `fault_of`.

    `beside` are others that were read with them: an entry that stands there before one of these is not read again.
    """
    found = {one.number: one for one in entries}
    before = {0: (GENESIS, 1)} | {one.number: (one.digest, one.epoch) for one in (*entries, *beside)}
    unread = [number - 1 for number in found if number - 1 not in before]
    for number, digest, epoch in _ends(institution.pk, unread):
        before[number] = (digest, epoch)
    faults = {}
    for number, one in found.items():
        values = tuple(getattr(one, column) for column in _COLUMNS)
        faults[number] = _fault(values, one.digest, number, *before.get(number - 1, (GENESIS, 1)))
    return faults


@prepared
def _ends(institution: int, numbers: Collection[int]) -> QuerySet[Any, tuple[int, str, int]]:
    """Number, digest and epoch of entries: what those after them carry."""
    found = TrailEntry.objects.filter(institution_id=institution, number__in=numbers).order_by()
    return found.values_list("number", "digest", "epoch")


class UnreadableEntryError(Exception):
    """The database holds something in a row that its column cannot hold."""


def _stored(institution: Institution, after: int, until: int | None = None) -> Iterator[tuple[Any, ...]]:
    """Each later entry's columns, digest, and the head as it stood in the same snapshot, in order of number."""
    entries = TrailEntry.objects.filter(institution=institution, number__gt=after).order_by("number")
    entries = entries if until is None else entries.filter(number__lte=until)
    head = (f"institution__trail_head__{name}" for name in ("number", "digest", "epoch"))
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


def _fault(values: tuple[Any, ...], digest: str, number: int, previous: str, epoch: int) -> str:
    """What is wrong with the entry that should have this number and follow this digest; empty if nothing."""
    if values[_NUMBER] != number:
        return _("it is missing.")
    recipe = values[_RECIPE]
    if recipe not in RECIPES:
        return _("its recipe %(recipe)s is unknown.") % {"recipe": recipe}
    if entry_digest(recipe, values if recipe == CURRENT else _PICK[recipe](values)) != digest:
        return _("its content and its digest do not belong together.")
    if recipe != CURRENT and any(values[index] != value for index, value in _LATER[recipe]):
        return _("it holds something in a column that its recipe does not know.")
    if values[_PREVIOUS] != previous:
        return _("it does not carry the digest of the entry before it.")
    if values[_EPOCH] != epoch and not _is_restore(values, Head(number - 1, previous, epoch)):
        return _("it begins an epoch without the act of a restore.")
    return ""


def _is_restore(values: tuple[Any, ...], last: Head) -> bool:
    """Whether the entry is an act of restore that says which head it continues from."""
    if values[_ACTION] != RESTORED or values[_EPOCH] != last.epoch + 1:
        return False
    return bool(json.loads(values[_BODY]).get("continues_from") == last._asdict())


def _fault_of_head(head: tuple[Any, ...] | None, last: Head) -> BrokenEntry | None:
    """Whether the head counts the entries found and names the digest and the epoch of the last."""
    count = last.number
    if head is None and count == 0:
        return None
    number, digest, epoch = head or (None, None, None)
    if not isinstance(number, int):
        return BrokenEntry(count, _("the head that counts the entries is missing."))
    if number > count or count == 0:
        return BrokenEntry(count + 1, _("it is missing: the head counts %(number)d entries.") % {"number": number})
    if number < count:
        return BrokenEntry(number + 1, _("the head counts only %(number)d entries.") % {"number": number})
    if digest != last.digest:
        return BrokenEntry(count, _("the head does not name its digest."))
    if epoch != last.epoch:
        return BrokenEntry(count, _("the head does not name its epoch."))
    return None
