"""What of each kind of row about an employee stands in her file, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext_noop

from agencies.models import (
    Absence,
    AdditionalTask,
    DisciplineGate,
    Employment,
    HolderTask,
    Posting,
    Predicate,
    SpecialCircumstance,
    Versioned,
)

_N = gettext_noop


@dataclass(frozen=True, slots=True)
class Column:
    """A heading (a message id) and how its text is read from a row; `kept`: BKPSDM and the employee alone see it."""

    label: str
    text: Callable[[Any], str]
    kept: bool = False


def _day(name: str) -> Callable[[Any], str]:
    def read(row: Any) -> str:
        day: date | None = getattr(row, name)
        return date_format(day) if day else "–"

    return read


def _words(name: str) -> Callable[[Any], str]:
    return lambda row: str(getattr(row, name) or "–")


def _choice(name: str) -> Callable[[Any], str]:
    return lambda row: str(getattr(row, f"get_{name}_display")() or "–")


COLUMNS: Final[Mapping[type[Versioned], tuple[Column, ...]]] = {
    Employment: (
        Column(_N("Kind of employee"), _choice("kind")),
        Column(_N("Golongan"), _words("grade")),
        Column(_N("Kedudukan hukum"), _choice("standing")),
        Column(_N("Effective from"), _day("effective_from")),
        Column(_N("SK number"), _words("sk_number")),
    ),
    Posting: (
        Column(_N("Position"), lambda row: str(row.position)),
        Column(_N("Agency"), lambda row: row.position.agency.name),
        Column(_N("Capacity"), _choice("capacity")),
        Column(_N("Reason"), _choice("reason")),
        Column(_N("Effective from"), _day("effective_from")),
        Column(_N("Last day"), _day("effective_until")),
        Column(_N("SK number"), _words("sk_number")),
    ),
    Absence: (
        Column(_N("Kind"), _choice("kind")),
        Column(_N("First day"), _day("starts_on")),
        Column(_N("Last day"), _day("ends_on")),
        Column(_N("Letter number"), _words("letter_number")),
    ),
    AdditionalTask: (
        Column(_N("Title"), _words("title")),
        Column(_N("Kind"), _choice("kind")),
        Column(_N("First day"), _day("starts_on")),
        Column(_N("Last day"), _day("ends_on")),
        Column(_N("SK number"), _words("sk_number")),
    ),
    HolderTask: (
        Column(_N("Task"), lambda row: row.task.title),
        Column(_N("Position"), lambda row: str(row.task.position)),
    ),
    Predicate: (
        Column(_N("Predicate"), _choice("predicate")),
        Column(_N("First day of the period"), _day("period_starts_on")),
        Column(_N("Last day of the period"), _day("period_ends_on")),
    ),
    DisciplineGate: (
        Column(_N("Kind"), _choice("kind")),
        Column(_N("Basis"), _choice("basis"), kept=True),
        Column(_N("First day"), _day("starts_on")),
        Column(_N("Last day"), _day("ends_on")),
    ),
    SpecialCircumstance: (
        Column(_N("Kind"), _words("kind"), kept=True),
        Column(_N("First day"), _day("starts_on")),
        Column(_N("Last day"), _day("ends_on")),
    ),
}
"""The columns of each kind; when a row was recorded stands beside them."""
