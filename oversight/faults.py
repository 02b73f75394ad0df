"""What verifying finds: one row that is not as the trail says, by its table and key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


class Change(StrEnum):
    """What happened to a row behind the portal."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    UNREADABLE = "unreadable"
    LEAVES = "leaves"


_SENTENCES: Final = {
    Change.CHANGED: gettext_noop("changed behind the portal: it is not as its last act left it."),
    Change.ADDED: gettext_noop("added behind the portal: no act wrote it."),
    Change.REMOVED: gettext_noop("removed behind the portal: an act wrote it and none removed it."),
    Change.UNREADABLE: gettext_noop("changed behind the portal: a stored value cannot be read."),
    Change.LEAVES: gettext_noop("the leaves of this act were changed: they no longer give its Merkle root."),
}


@dataclass(frozen=True, order=True)
class RowFault:
    """One row that is not as the trail says; `table` is the label of its model, `key` its primary key."""

    table: str
    key: str
    change: Change

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {_(_SENTENCES[self.change])}"
