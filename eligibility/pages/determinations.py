"""The list of determinations: for each agency what holds, what is on its way, and what no longer fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.access import Standing, tree_of
from agencies.models import Agency, Institution, Position
from agencies.prepared import prepared
from agencies.querysets import open_on
from eligibility.access import READERS
from eligibility.determinations.holding import FIRST, positions_held
from eligibility.determinations.stale import stale_counts, stale_keys
from eligibility.footing import Footing
from eligibility.loading import NoLawInForce
from eligibility.models import Determination, DeterminedGround, DeterminedPosition, Verification

STANDS: Final = {
    "in_force": _("In force"),
    "ahead": _("Not yet effective"),
    "ended": _("Ended"),
    "revoked": _("Revoked"),
    "superseded": _("Superseded"),
}
"""How a determination stands on a day, in words."""

CHOICES: Final = {
    "": _("All agencies"),
    "berubah": _("With rows that no longer fit"),
    "belum": _("With positions not determined"),
    "berjalan": _("With results on their way"),
}
"""What the list can be narrowed to."""

ON_A_PAGE: Final = 50
"""Agencies on one page of the list."""


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency: its latest determination and how that stands, its open results, and its own positions counted."""

    agency: Agency
    determination: Determination | None
    stands: str
    verification: Verification | None
    positions: int
    determined: int
    stale: int

    @property
    def stands_label(self) -> str:
        """How the determination stands, in words."""
        return str(STANDS[self.stands]) if self.stands else ""

    @property
    def missing(self) -> int:
        """Positions for which no determination holds."""
        return max(0, self.positions - self.determined)


@dataclass(frozen=True)
class DeterminationsPage:
    """The lines that the address asks for (`kept`), by pages, and the sums over all agencies in sight.

    `recorded`: whether any agency has a determination, in force or not.
    """

    kept: tuple[AgencyLine, ...]
    part: Page[AgencyLine]
    recorded: bool
    agencies: int
    covered: int
    stale: int
    missing: int
    chosen: str
    words: str
    choices: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> tuple[AgencyLine, ...]:
        """The agencies on this page of the list."""
        return tuple(self.part.object_list)


def stands_on(determination: Determination, on: date, known_at: datetime, superseded: bool = False) -> str:
    """How a determination stands on the day, as known at the moment: a key of STANDS."""
    revocation = getattr(determination, "revocation", None)
    if revocation is not None and revocation.recorded_at <= known_at and revocation.effective_from <= on:
        return "revoked"
    if determination.effective_from > on:
        return "ahead"
    if determination.last_day is not None and determination.last_day < on:
        return "ended"
    return "superseded" if superseded else "in_force"


def determinations_page(
    standing: Standing, agencies: Iterable[Agency], footing: Footing, query: QueryDict
) -> DeterminationsPage:
    """Put the list together for the agencies in sight; queries do not grow with their number."""
    shown = list(agencies)
    # One agency is asked for alone: a city takes longer.
    lines = [agency_line(standing, shown[0], footing)] if len(shown) == 1 else _lines(standing, shown, footing)
    chosen = query.get("saring", "")
    words = query.get("cari", "").strip()[:100]
    kept = [line for line in lines if _kept(line, chosen, words)]
    return DeterminationsPage(
        kept=tuple(kept),
        part=Paginator(kept, ON_A_PAGE).get_page(query.get("halaman")),
        recorded=any(line.determination for line in lines),
        agencies=len(lines),
        covered=sum(line.stands == "in_force" for line in lines),
        stale=sum(line.stale for line in lines),
        missing=sum(line.missing for line in lines),
        chosen=chosen if chosen in CHOICES else "",
        words=words,
        choices=tuple((key, str(label)) for key, label in CHOICES.items()),
    )


def _kept(line: AgencyLine, chosen: str, words: str) -> bool:
    if any(word.lower() not in f"{line.agency.name} {line.agency.code}".lower() for word in words.split()):
        return False
    kept = {"berubah": line.stale > 0, "belum": line.missing > 0, "berjalan": line.verification is not None}
    return kept.get(chosen, True)


def _lines(standing: Standing, agencies: list[Agency], footing: Footing) -> list[AgencyLine]:
    institution, on, known_at = standing.institution, footing.on, footing.known_at
    latest = _latest(institution, on, known_at)
    running = _open_results(institution) if standing.holds(*READERS) else {}
    own = Position.objects.filter(open_on(on), institution=institution, agency__in=agencies)
    positions = _counted(own, "agency")
    rows = DeterminedPosition.objects.in_force(institution, on, known_at).filter(mode=FIRST, position__in=own)
    determined = _counted(rows, "position__agency")
    stale = _none_without_law(lambda: stale_counts(footing))
    return [
        AgencyLine(
            agency=agency,
            determination=latest.get(agency.pk, (None, ""))[0],
            stands=latest.get(agency.pk, (None, ""))[1],
            verification=running.get(agency.pk),
            positions=positions[agency.pk],
            determined=determined.get(agency.pk, 0),
            stale=stale.get(agency.pk, 0),
        )
        for agency in agencies
    ]


def _counted(rows: QuerySet[Any], key: str) -> Counter[int]:
    """How many rows there are by a key."""
    return Counter(dict(rows.order_by().values_list(key).annotate(Count("pk"))))


def _latest(
    institution: Institution, on: date, known_at: datetime, only: Agency | None = None
) -> dict[int, tuple[Determination, str]]:
    """By agency the determination that counts, and how it stands: the last begun by the day, else the next to begin."""
    ordered = _recorded(institution.pk, known_at)
    covered: dict[int, list[int]] = {}
    asked = (institution.pk, known_at)
    for verification, agency in _covering(*asked, only.pk) if only else _covering_any(*asked):
        covered.setdefault(verification, []).append(agency)
    named = {one.supersedes_id for one in ordered if one.effective_from <= on}
    latest: dict[int, tuple[Determination, str]] = {}
    for one in ordered:
        stands = stands_on(one, on, known_at, one.pk in named)
        for agency in covered.get(one.verification_id, ()):
            if stands != "ahead" or agency not in latest:
                latest[agency] = (one, stands)
    return latest


@prepared
def _recorded(institution: int, known_at: datetime) -> QuerySet[Determination]:
    found = Determination.objects.filter(institution_id=institution, recorded_at__lte=known_at)
    return found.select_related("revocation").order_by("effective_from", "recorded_at", "pk")


def _covering_any(institution: int, known_at: datetime) -> QuerySet[Any, tuple[int, int]]:
    """The verification and agency of every agency's ground in the determinations that are recorded."""
    found = Determination.objects.filter(institution_id=institution, recorded_at__lte=known_at)
    grounds = DeterminedGround.objects.filter(verification__determination__in=found, unit__isnull=True)
    return grounds.values_list("verification", "agency")


@prepared
def _covering(institution: int, known_at: datetime, agency: int) -> QuerySet[Any, tuple[int, int]]:
    """The same of one agency."""
    return _covering_any(institution, known_at).filter(agency=agency)


def _open_results(institution: Institution) -> dict[int, Verification]:
    """By agency the results on their way, its own before those of an agency above."""
    found: dict[int, Verification] = {}
    opened = _opened(institution.pk)
    if not opened:
        return found
    tree = tree_of(institution.pk)
    for one in sorted(opened, key=lambda verification: not verification.with_subtree):
        keys = tree.at_and_below([one.agency_id]) if one.with_subtree else {one.agency_id}
        found |= dict.fromkeys(keys, one)
    return found


@prepared
def _opened(institution: int) -> QuerySet[Verification]:
    return Verification.objects.filter(institution_id=institution).open().select_related("agency")


def _none_without_law(compare: Callable[[], Mapping[int, int]]) -> Mapping[int, int]:
    """What comparing finds; on a day without rules nothing can be compared."""
    try:
        return compare()
    except NoLawInForce:
        return {}


def agency_line(standing: Standing, agency: Agency, footing: Footing) -> AgencyLine:
    """The line of one agency, for its own page: its positions are looked up alone, because a city takes longer."""
    institution, on = standing.institution, footing.on
    closings = dict(_closings(agency.pk))
    own = [pk for pk, closed in closings.items() if closed is None or closed > on]
    determination, stands = _latest(institution, on, footing.known_at, agency).get(agency.pk, (None, ""))
    return AgencyLine(
        agency=agency,
        determination=determination,
        stands=stands,
        verification=_open_results(institution).get(agency.pk) if standing.holds(*READERS) else None,
        positions=len(own),
        determined=positions_held(footing, own),
        stale=_none_without_law(lambda: {agency.pk: len(stale_keys(footing, list(closings)))}).get(agency.pk, 0),
    )


@prepared
def _closings(agency: int) -> QuerySet[Any, tuple[int, date | None]]:
    return Position.objects.filter(agency=agency).order_by().values_list("pk", "closed_on")
