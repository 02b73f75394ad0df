"""The columns of a row about a person that say something, for comparison and for the private side of the trail."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from agencies.events import Detail

_OF_THE_VERSION = {"id", "employee", "recorded_at", "superseded_at", "institution"}


def stated(row: Model) -> dict[str, Detail]:
    """What a row states, by column; rows it names are told by their keys."""
    return {
        field.name: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in _OF_THE_VERSION
    }


def _plain(value: Any) -> Detail:
    return dict(value) if isinstance(value, dict) else value
