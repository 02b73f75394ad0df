"""Documents that are not for every reader of documents: an app says which of them it hands out itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db.models import Q, QuerySet

from agencies.models import Document, User

Apart = Callable[[], Q]

_apart: Final[dict[str, Apart]] = {}


def keep_apart(rule: Apart) -> None:
    """Register a condition on documents that stay out of the list; registered again, it changes nothing."""
    _apart[f"{rule.__module__}.{rule.__qualname__}"] = rule


def listed(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those that no app keeps apart."""
    for rule in _apart.values():
        documents = documents.exclude(rule())
    return documents


def known_to(actor: User | None, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those that may stand for a file which the actor gives: what she gave herself, and what is kept from nobody.

    Any other would tell her that somebody else has given it, and under which name.
    """
    shown = listed(documents).values("pk")
    return documents.filter(Q(added_by=actor) | Q(pk__in=shown))
