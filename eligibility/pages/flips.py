"""What drafts of rules do to real jobs of an institution: the page before publication, one span of days at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Institution, Position
from agencies.paging import Page
from eligibility.drafts import DraftSpan, draft_spans
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.flips import Flip, FlipKind, Flips, flips_between
from eligibility.loading import grounds
from eligibility.models import Arrangement, DeterminedPosition, RuleVersion
from eligibility.pages.paging import keyset_page
from eligibility.rulebook import Bounds, Mode

LISTS: Final = {
    FlipKind.BOUNDS: _("Outcome changes"),
    FlipKind.CONDITIONS: _("Conditions change"),
    FlipKind.LIMITS: _("Winning limit changes"),
}
ROW_LIST: Final = "daftar"


def outcome_words(bounds: Bounds) -> str:
    """An outcome in words."""
    return str(_(OUTCOME_LABELS[bounds.outcome]))


def mode_words(mode: Mode) -> str:
    """A form of flexible work in words."""
    return str(_(MODE_LABELS[mode]))


@dataclass(frozen=True, slots=True)
class CountLine:
    """An agency and a mode with the numbers of its positions in the three lists."""

    agency: Agency
    mode: Mode
    label: str
    counts: tuple[tuple[FlipKind, int], ...]


@dataclass(frozen=True, slots=True)
class FlipRow:
    """A position of a list: its outcome without and with the drafts."""

    position: Position
    before: str
    after: str


@dataclass(frozen=True)
class FlipsPage:
    """One span of an institution: counts, what rests on the positions, and the rows of the list asked for."""

    institution: Institution
    spans: Sequence[DraftSpan]
    span: DraftSpan
    known_at: datetime
    flips: Flips
    query: QueryDict

    @cached_property
    def lines(self) -> list[CountLine]:
        """Agencies by name, then modes; those without a flip are left out."""
        agencies = Agency.objects.in_bulk({flip.agency for flip in self.flips.found})
        counted = self.flips.counted()
        order = list(Mode)
        keys = sorted(counted, key=lambda key: (agencies[key[0]].name, key[0], order.index(key[1])))
        return [CountLine(agencies[a], m, mode_words(m), tuple(counted[a, m].items())) for a, m in keys]

    @cached_property
    def positions(self) -> set[int]:
        """The keys of all positions in any list."""
        return {flip.position for flip in self.flips.found}

    @cached_property
    def determinations(self) -> Mapping[str, int]:
        """How many rows of which Penetapan in force would no longer fit, by its number."""
        rows = DeterminedPosition.objects.in_force(self.institution, self.span.on, self.known_at)
        flipped = {(flip.position, flip.mode.value) for flip in self.flips.found}
        found: dict[str, int] = {}
        listed = rows.order_by().values_list("position_id", "mode", "verification__determination__number")
        for position, mode, number in listed if flipped else ():
            if (position, mode) in flipped:
                found[number] = found.get(number, 0) + 1
        return found

    @cached_property
    def arrangements(self) -> int:
        """How many granted arrangements still run on the day, or begin later, in a form whose outcome or terms flip."""
        flipped = {(flip.position, flip.mode.value) for flip in self.flips.found}
        running = Arrangement.objects.granted().filter(institution=self.institution, ends_on__gte=self.span.on)
        grouped = running.order_by().values_list("position_id", "mode").annotate(Count("pk"))
        return sum(number for position, mode, number in grouped if (position, mode) in flipped)

    @cached_property
    def chosen(self) -> tuple[FlipKind, list[Flip]] | None:
        """The list that the address asks for, of one agency and mode."""
        kind, mode, agency = (self.query.get(name, "") for name in (ROW_LIST, "bentuk", "opd"))
        if kind not in set(FlipKind) or mode not in set(Mode):
            return None
        listed = [f for f in self.flips.of(FlipKind(kind)) if f.mode == mode and str(f.agency) == agency]
        return (FlipKind(kind), listed) if listed else None

    @cached_property
    def page(self) -> Page[Position]:
        """The page of its positions that the address asks for."""
        rows = Position.objects.filter(institution=self.institution)
        return keyset_page(rows, self.query, "jabatan", [flip.position for flip in self.chosen_flips])

    @property
    def chosen_flips(self) -> list[Flip]:
        """The flips of the list asked for."""
        return self.chosen[1] if self.chosen else []

    @property
    def rows(self) -> list[FlipRow]:
        """The rows of that page."""
        return list(self.worded(self.page.rows))

    def worded(self, positions: Sequence[Position]) -> Iterator[FlipRow]:
        """Positions of the list asked for, with what changes."""
        by_key = {flip.position: flip for flip in self.chosen_flips}
        for position in positions:
            flip = by_key[position.pk]
            yield FlipRow(position, outcome_words(flip.before), outcome_words(flip.after))


def flips_page(
    institution: Institution, drafts: Sequence[RuleVersion], known_at: datetime, query: QueryDict
) -> FlipsPage | None:
    """The span that the address asks for, else the first; None where the drafts change no rule there on any day."""
    spans = draft_spans(institution, known_at, drafts)
    if not spans:
        return None
    asked = query.get("hari", "")
    span = next((one for one in spans if one.on.isoformat() == asked), spans[0])
    found = flips_between(span.before, span.after, grounds(institution, span.on, known_at), institution)
    return FlipsPage(institution, spans, span, known_at, found, query)
