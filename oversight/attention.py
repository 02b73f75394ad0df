"""What an inspector is told first: registered sources that count exceptions, each with the page that opens its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.models import User
from eligibility.arrangements.stands import Stands, standing_so
from oversight import access
from oversight.models import Difference, Reperformance

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Severity(IntEnum):
    """How much weight an exception has; the weightiest stands first."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3


@dataclass(frozen=True, slots=True)
class Attention:
    """So many of something that needs a look; `address` opens the rows (empty: no page shows them).

    `number` None: nobody has looked yet, so it is not known. `at` is when it was counted (None: just now).
    """

    severity: Severity
    label: str
    number: int | None
    address: str = ""
    at: datetime | None = None


Source = Callable[[Standing, User, date, datetime], Iterable[Attention]]
"""Counts for a reader on a day, by what is known at a moment."""

_sources: Final[dict[str, Source]] = {}


def attend(source: Source) -> None:
    """Register what counts a kind of exception; registered again, it changes nothing."""
    _sources[f"{source.__module__}.{source.__qualname__}"] = source


def attentions(standing: Standing, user: User, on: date, known_at: datetime) -> tuple[Attention, ...]:
    """Everything that needs a look on the day; what is surely not there is left out.

    First what nobody has looked at yet, then the weightiest.
    """
    found = [one for source in _sources.values() for one in source(standing, user, on, known_at) if one.number != 0]
    return tuple(sorted(found, key=lambda one: (one.number is not None, one.severity)))


def address_of(name: str, *parts: object) -> str:
    """The address of a page; empty where there is none of that name."""
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""


def differences(standing: Standing, user: User, _on: date, _known_at: datetime) -> Iterator[Attention]:
    """What the last run decided otherwise, of audited agencies."""
    run = Reperformance.objects.filter(institution=standing.institution).first()
    if run is None:
        return
    number = of_audited(Difference.objects.filter(run=run), standing, user).count()
    address = address_of("reperformance", standing.institution.code, run.pk)
    yield Attention(Severity.HIGH, _("Decided otherwise when decided again"), number, address)


def of_audited(rows: QuerySet[Difference], standing: Standing, user: User) -> QuerySet[Difference]:
    """The differences of agencies that the user audits."""
    return rows.filter(audited_differences(standing, user))


def audited_differences(standing: Standing, user: User, path: str = "") -> Q:
    """A condition on differences at a path: of a case, a position or a whole Penetapan of an audited agency."""
    keys = list(access.audited(standing, user).values_list("pk", flat=True))
    cases = access.audited_arrangements(standing, user).order_by().values("pk")
    case = Q(**{f"{path}approval__arrangement__in": cases})
    position = Q(**{f"{path}position__agency__in": keys})
    whole = Q(
        **{
            f"{path}approval__isnull": True,
            f"{path}position__isnull": True,
            f"{path}determination__verification__agency__in": keys,
        }
    )
    return case | position | whole


def suspended(standing: Standing, user: User, on: date, _known_at: datetime) -> Iterator[Attention]:
    """Arrangements that are suspended on the day and would still run."""
    number = access.audited_arrangements(standing, user).filter(standing_so(Stands.SUSPENDED, on)).count()
    address = f"{reverse('cases', args=[standing.institution.code])}?keadaan=suspended"
    yield Attention(Severity.LOW, _("Suspended arrangements"), number, address)
