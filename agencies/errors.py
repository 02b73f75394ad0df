"""The portal's own errors: each says what is wrong, why, and the way out, in a sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class PortalError(Exception):
    """What the portal refuses, with a message that may be shown; one place turns it into an answer."""

    def __init__(self, message: str | _StrPromise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class EventError(PortalError):
    """An act that cannot be recorded as it was reported: a mistake of the calling code."""


class TrailError(PortalError):
    """The trail could not be written, so the act it belongs to must not happen."""
