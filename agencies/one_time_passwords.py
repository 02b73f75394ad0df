"""Passwords that the portal makes itself: shown once, good for one sign-in, stored as a hash only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher

# No letter or digit that is mistaken for another on paper.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS = 4, 4
_ROUNDS: Final = 10_000


@dataclass(frozen=True)
class Slip:
    """A password made for an account, for the one page that shows it; never stored, logged or put in the trail."""

    username: str
    name: str
    password: str
    grant: str = ""

    def __repr__(self) -> str:
        return f"Slip({self.username!r})"  # a password must not come into a log by the default text


def new_password() -> str:
    """A random password of four groups of four, about 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _letter in range(_LETTERS)) for _group in range(_GROUPS))
    return "-".join(groups)


def hashed(password: str) -> str:
    """The hash of a password made here.

    What people choose is stretched by a million rounds because it can be guessed; 79 random bits
    cannot, and a thousand accounts would take minutes. The first sign-in stretches it anew.
    """
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return str(hasher.encode(password, hasher.salt(), _ROUNDS))
    return str(hasher.encode(password, hasher.salt()))
