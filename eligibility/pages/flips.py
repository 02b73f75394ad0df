"""What drafts of rules do to real jobs of an institution: the page before publication, one span of days at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Institution
from agencies.querysets import keys_in
from eligibility.arrangements.checks import Check
from eligibility.arrangements.drafted import closed_by_job, ending_with_drafts, first_day, touched_arrangements
from eligibility.drafts import DraftSpan, draft_spans
from eligibility.explanations import MODE_LABELS
from eligibility.flips import FlipKind, Flips, flips_between
from eligibility.grounds import Grounds, grounds
from eligibility.models import Arrangement, DeterminedPosition, RuleVersion
from eligibility.pages.flip_staffing import StaffedAgency, staffed_agencies
from eligibility.rulebook import Mode

LISTS: Final = {
    FlipKind.BOUNDS: _("Outcome changes"),
    FlipKind.CONDITIONS: _("Conditions change"),
    FlipKind.LIMITS: _("Winning limit changes"),
}


EXAMINED: Final = 1000
"""Granted arrangements that are examined one by one while the page is made, about three seconds."""


def mode_words(mode: Mode) -> str:
    """A form of flexible work in words."""
    return str(_(MODE_LABELS[mode]))


@dataclass(frozen=True, slots=True)
class CountLine:
    """An agency and a mode with the numbers of its positions in the three lists."""

    agency: Agency
    mode: Mode
    label: str
    counts: tuple[tuple[FlipKind, str, int], ...]


@dataclass(frozen=True, slots=True)
class TouchedDetermination:
    """A Penetapan in force, and how many of its rows would no longer fit."""

    pk: int
    number: str
    agency: str
    rows: int


@dataclass(frozen=True)
class FlipsPage:
    """One span of an institution: counts, and what rests on the positions that flip. Rows are in `flip_lists`."""

    institution: Institution
    spans: Sequence[DraftSpan]
    span: DraftSpan
    known_at: datetime
    known: Grounds
    flips: Flips

    @cached_property
    def lines(self) -> list[CountLine]:
        """Agencies by name, then modes; those without a flip are left out."""
        agencies = Agency.objects.in_bulk({flip.agency for flip in self.flips.found})
        counted = self.flips.counted()
        order = list(Mode)
        keys = sorted(counted, key=lambda key: (agencies[key[0]].name, key[0], order.index(key[1])))
        return [CountLine(agencies[a], m, mode_words(m), _labelled(counted[a, m])) for a, m in keys]

    @cached_property
    def totals(self) -> Sequence[tuple[str, int]]:
        """The three lists, and how many positions are in each in whichever form."""
        keys = {kind: {flip.position for flip in self.flips.of(kind)} for kind in FlipKind}
        return [(str(LISTS[kind]), len(found)) for kind, found in keys.items()]

    @cached_property
    def positions(self) -> set[int]:
        """The keys of all positions in any list."""
        return {flip.position for flip in self.flips.found}

    @cached_property
    def determined(self) -> QuerySet[DeterminedPosition]:
        """The rows of Penetapan in force whose outcome or terms flip."""
        rests = Q(pk__in=[])
        for mode, positions in self.flips.positions().items():
            rests |= Q(mode=mode, position__in=keys_in(positions))
        return DeterminedPosition.objects.in_force(self.institution, self.span.on, self.known_at).filter(rests)

    @cached_property
    def determinations(self) -> Sequence[TouchedDetermination]:
        """The Penetapan with such rows, by number and by the agency they were made for."""
        columns = ("determination__pk", "determination__number", "agency__name")
        path = [f"verification__{column}" for column in columns]
        counted = self.determined.values_list(*path).annotate(Count("pk"))
        return [TouchedDetermination(*row) for row in counted.order_by(*path[1:], path[0])]

    @property
    def determined_rows(self) -> int:
        """How many rows of them these are."""
        return sum(one.rows for one in self.determinations)

    @cached_property
    def touched(self) -> QuerySet[Arrangement]:
        """The granted arrangements that rest on what changes."""
        return touched_arrangements(self.institution, self.span, self.flips)

    @cached_property
    def arrangements(self) -> int:
        """How many these are."""
        return self.touched.count()

    @property
    def examines_each(self) -> bool:
        """Whether each of them is examined; of more, those end whose job is closed."""
        return self.arrangements <= EXAMINED

    @cached_property
    def ending(self) -> Mapping[int, date]:
        """Those that would no longer hold, by key, and from which day."""
        if not self.examines_each:
            closed = closed_by_job(self.touched, self.flips).values_list("pk", "starts_on")
            return {key: max(starts_on, self.span.on) for key, starts_on in closed}
        return {key: first_day(checks) for key, checks in self.examined(self.touched).items()}

    def examined(self, rows: QuerySet[Arrangement] | Sequence[Arrangement]) -> Mapping[int, Sequence[Check]]:
        """Of some of them, those that would no longer hold, by key, with what would fail."""
        return ending_with_drafts(rows, self.institution, self.span, self.flips, self.known_at)

    @cached_property
    def staffing(self) -> Sequence[StaffedAgency]:
        """The services whose staff on site the drafts move, by agency."""
        return staffed_agencies(self.institution, self.span, self.flips, self.known, self.ending, self.known_at)

    @property
    def services(self) -> int:
        """How many services these are."""
        return sum(len(one.services) for one in self.staffing)

    @property
    def short_before(self) -> int:
        """How many of them are below their need without the drafts."""
        return sum(one.short_before for one in self.staffing)

    @property
    def short_after(self) -> int:
        """The same with them."""
        return sum(one.short_after for one in self.staffing)

    @property
    def short_if_all_go(self) -> int:
        """The same if all go who then may."""
        return sum(one.short_if_all_go for one in self.staffing)


def _labelled(counts: Mapping[FlipKind, int]) -> tuple[tuple[FlipKind, str, int], ...]:
    return tuple((kind, str(LISTS[kind]), number) for kind, number in counts.items())


def flips_page(
    institution: Institution, drafts: Sequence[RuleVersion], known_at: datetime, query: QueryDict
) -> FlipsPage | None:
    """The span that the address asks for, else the first; None where the drafts change no rule there on any day."""
    spans = draft_spans(institution, known_at, drafts)
    if not spans:
        return None
    asked = query.get("hari", "")
    span = next((one for one in spans if one.on.isoformat() == asked), spans[0])
    known = grounds(institution, span.on, known_at)
    flips = flips_between(span.before, span.after, known, institution)
    return FlipsPage(institution, spans, span, known_at, known, flips)
