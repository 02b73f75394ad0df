"""Checks a row by its model's own rules before an act stores it."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from agencies.errors import ValuesRefused

M = TypeVar("M", bound=Model)


def checked(row: M) -> M:
    """The row itself when its fields and constraints hold.

    Raises ValuesRefused with every sentence, by field.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        named = {"" if field == NON_FIELD_ERRORS else field: found for field, found in error.message_dict.items()}
        raise ValuesRefused(named) from error
    return row
