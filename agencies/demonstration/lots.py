"""Draws lots that fall the same way on every machine and every day (pure).

A lot depends on its keys alone, never on the clock or on lots drawn before, so that a new job in
the demonstration data changes no other job.
"""

from __future__ import annotations

from hashlib import blake2b


def drawn(below: int, *keys: str) -> int:
    """A number from 0 to one below the limit that belongs to these keys."""
    return int.from_bytes(blake2b("\0".join(keys).encode(), digest_size=8).digest()) % below


def lot(*keys: str) -> int:
    """A number from 0 to 99 that belongs to these keys."""
    return drawn(100, *keys)


def falls(percent: int, *keys: str) -> bool:
    """Whether the lot of these keys falls within the percentage."""
    return lot(*keys) < percent


def falls_in_1000(share: int, *keys: str) -> bool:
    """Whether the lot of these keys falls within so many of a thousand."""
    return drawn(1000, *keys) < share
