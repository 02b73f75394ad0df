"""How the digest of a trail entry is made: numbered recipes of its columns, and the exact text of its details.

A recipe is never changed once an entry was written by it: a new order or a new column is a new number,
and old entries keep the number they were written with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from agencies.digests import canonical_json, text_of
from agencies.errors import EventError
from agencies.events import Detail

GENESIS: Final = "0" * 64
"""The digest before the first entry."""

TABLE: Final = "oversight.trailentry"

_FIRST: Final = (
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
)

RECIPES: Final[Mapping[int, tuple[str, ...]]] = {1: _FIRST, 2: (*_FIRST, "epoch", "side_digest")}
"""The columns that enter the digest of an entry, in order, by the number of the recipe."""

CURRENT: Final = 2
"""The recipe of new entries."""

LATER_COLUMNS: Final[Mapping[int, Mapping[str, object]]] = {1: {"epoch": 1, "side_digest": ""}, 2: {}}
"""What a column that a recipe does not know yet must hold in its entries."""

RESTORED: Final = "trail_restored"
"""The act that continues a chain from a restored backup: the only one that begins a new epoch."""

ERASED: Final = "trail_side_erased"
"""The act that erases the personal data beside an entry."""

CHECKED: Final = "trail_checked"
"""The act of somebody who had entries recomputed."""

RESEALED: Final = "rows_resealed"
"""The act of a migration that seals rows by a new recipe."""


def entry_digest(recipe: int, values: Iterable[object]) -> str:
    """SHA-256 of the table's name, the recipe's number and the columns as one JSON array."""
    return sha256(f'["{TABLE}",{recipe},{text_of(values)}]'.encode("ascii")).hexdigest()


def canonical(details: Mapping[str, Detail]) -> str:
    """The details as JSON text that is the same for the same content: sorted, no spaces, ASCII.

    Raises EventError that names a detail without exact text.
    """
    return canonical_json({key: _exact(key, value) for key, value in details.items()})


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
