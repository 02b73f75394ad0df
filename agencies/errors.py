"""The portal's own errors: each says what is wrong, why, and the way out, in a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class PortalError(Exception):
    """What the portal refuses, with a message that may be shown; one place turns it into an answer.

    `field` is the name of the form's field that the message belongs to; empty for the whole form.
    """

    def __init__(self, message: str | _StrPromise, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class ActRefused(PortalError):
    """An act that was not carried out because of what it was given."""


class ValuesRefused(ActRefused):
    """Several faults at once, by the field they belong to ("" for the whole)."""

    def __init__(self, faults: Mapping[str, Sequence[str]]) -> None:
        super().__init__(" ".join(sentence for sentences in faults.values() for sentence in sentences))
        self.faults = faults


class EventError(PortalError):
    """An act that cannot be recorded as it was reported: a mistake of the calling code."""


class TrailError(PortalError):
    """The trail could not be written, so the act it belongs to must not happen."""
