"""Keeps rulebooks for ever, each once, and gives them back ready to decide."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from eligibility.masks import Layout, lay_out
from eligibility.models import StoredRulebook
from eligibility.rulebook import Rulebook
from eligibility.rulebook_text import read_rulebook


class UnfaithfulText(Exception):
    """A rulebook whose text does not give it back: a mistake of the code that writes or reads texts."""


def store_rulebook(rulebook: Rulebook, at: datetime) -> StoredRulebook:
    """The stored row of the rulebook, written when it is not there yet.

    Raises UnfaithfulText rather than store what could not be read back.
    """
    fingerprint = rulebook.fingerprint
    stored = StoredRulebook.objects.filter(pk=fingerprint).first()
    if stored is not None:
        return stored
    row = StoredRulebook(fingerprint=fingerprint, format=rulebook.format, text=rulebook.canonical_json, stored_at=at)
    if read_rulebook(row.text, row.format).fingerprint != fingerprint:
        raise UnfaithfulText(fingerprint)
    # Two acts that store the same rulebook at once: the second finds it.
    StoredRulebook.objects.bulk_create([row], ignore_conflicts=True)
    return StoredRulebook.objects.get(pk=fingerprint)


@lru_cache(maxsize=16)
def _laid_out(text: str, written_in: int) -> Layout:
    return lay_out(read_rulebook(text, written_in))


def stored_layout(stored: StoredRulebook) -> Layout:
    """The stored rulebook with its bits, as its text alone says; what was known of its sources is not in it."""
    return _laid_out(stored.text, stored.format)
