"""What indications found, kept outside the database for all processes: pages, the worker and commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from django.core.cache import caches

from agencies.models import Institution
from eligibility.arrangements.checks import Check
from eligibility.decisions import FactRead
from eligibility.rulebook import Citation, Criterion, Limit, Rule, Scope
from oversight.indications.definitions import Flag, Indication
from oversight.indications.examining import Candidate
from oversight.work import this_database

CACHE: Final = "looks"
"""The cache that all processes of the portal share."""

_REVISION: Final = 1
"""Raised with each change of what an indication looks for: what was found by the logic of before is not read then."""

_KEPT: Final = 30 * 24 * 60 * 60
"""Seconds for which the last look is shown where a new one is not waited for; the page says when it was."""


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What a look rests on: the business day, the newest arrangement, and the digest of the chain's last entry."""

    on: date
    newest: int | None
    head: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """What was found by an indication at a moment, over the whole institution.

    `candidates` are those that are examined one by one (0: nothing is), `waiting` those of them not examined yet.
    """

    at: datetime
    flags: tuple[Flag, ...]
    rests_on: RestsOn
    candidates: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of candidates, the first of them at the moment `since`."""

    since: datetime
    found: dict[Candidate, Flag | None]


def kept_look(indication: Indication, institution: Institution) -> Look | None:
    """The last look; None where nobody has looked, or long ago."""
    found = caches[CACHE].get(_key("look", indication, institution))
    return found if isinstance(found, Look) else None


def keep_look(indication: Indication, institution: Institution, look: Look) -> None:
    """Keep it in the place of the one before."""
    caches[CACHE].set(_key("look", indication, institution), look, _KEPT)


def kept_examined(indication: Indication, institution: Institution, after: datetime) -> Examined | None:
    """What was found of candidates before; None where the first of it was found at the moment or earlier."""
    found = caches[CACHE].get(_key("examined", indication, institution))
    return found if isinstance(found, Examined) and found.since > after else None


def keep_examined(indication: Indication, institution: Institution, examined: Examined) -> None:
    """Keep it in the place of what was kept before."""
    caches[CACHE].set(_key("examined", indication, institution), examined, _KEPT)


def _key(what: str, indication: Indication, institution: Institution) -> str:
    return f"{what}:{_REVISION}:{_SHAPE}:{this_database()}:{institution.pk}:{indication.code}"


def _shape() -> Iterator[str]:
    for kind in (Look, RestsOn, Examined, Flag, Check, FactRead, Rule, Limit, Scope, Criterion, Citation):
        assert is_dataclass(kind)
        yield f"{kind.__module__}.{kind.__qualname__}:{','.join(field.name for field in fields(kind))}"


_SHAPE: Final = sha256(";".join(_shape()).encode()).hexdigest()[:16]
"""What is kept holds objects: those of another version of the portal are not read."""
