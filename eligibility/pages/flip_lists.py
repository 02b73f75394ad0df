"""The rows behind the numbers of who flips: positions, rows of Penetapan, arrangements, services; a list at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import ClassVar, Final, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies import paging
from agencies.access import Standing, visible_agencies
from agencies.keys import is_key
from agencies.models import Position, User
from agencies.paging import Page
from agencies.querysets import keys_in
from eligibility.arrangement_access import visible_arrangements
from eligibility.arrangements.reexamination import AT_ONCE
from eligibility.arrangements.refusal_words import check_words
from eligibility.explanations import OUTCOME_LABELS
from eligibility.flips import Flip, FlipKind
from eligibility.models import Arrangement, DeterminedPosition
from eligibility.pages.flip_staffing import StaffedAgency
from eligibility.pages.flips import LISTS, FlipsPage, mode_words
from eligibility.pages.paging import keyset_page
from eligibility.rulebook import Bounds, Mode

LIST: Final = "daftar"
DETERMINED, ARRANGED, STAFFED = "penetapan", "fleksibilitas", "layanan"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a writer of the institution's law or not, and what she is there (None: nothing)."""

    user: User
    writes: bool
    standing: Standing | None


def outcome_words(bounds: Bounds) -> str:
    """An outcome in words."""
    return str(_(OUTCOME_LABELS[bounds.outcome]))


@dataclass(frozen=True, slots=True)
class FlipRow:
    """A position of a list: its outcome without and with the drafts."""

    position: Position
    before: str
    after: str


@dataclass(frozen=True)
class PositionList:
    """The positions of one of the three lists, of an agency and mode."""

    template: ClassVar[str] = "eligibility/law_admin/_flip_positions.html"
    flips: FlipsPage
    kind: FlipKind
    chosen: Sequence[Flip]
    query: QueryDict

    @property
    def title(self) -> str:
        """Which list it is."""
        return f"{LISTS[self.kind]}: {mode_words(self.chosen[0].mode)}"

    @property
    def count(self) -> int:
        """How many rows it has."""
        return len(self.chosen)

    @cached_property
    def page(self) -> Page[Position]:
        """The page that the address asks for."""
        rows = Position.objects.filter(institution=self.flips.institution)
        return keyset_page(rows, self.query, "jabatan", self._by_key)

    @cached_property
    def rows(self) -> list[FlipRow]:
        """Its rows."""
        return list(self.worded(self.page.rows))

    def every_row(self) -> Iterator[FlipRow]:
        """The rows of all pages."""
        rows = Position.objects.filter(pk__in=keys_in(self._by_key)).select_related("agency", "unit")
        return self.worded(rows.order_by("title", "jenjang", "pk"))

    @cached_property
    def _by_key(self) -> Mapping[int, Flip]:
        return {flip.position: flip for flip in self.chosen}

    def worded(self, positions: Iterable[Position]) -> Iterator[FlipRow]:
        """Positions of the list, with what changes."""
        for position in positions:
            flip = self._by_key[position.pk]
            yield FlipRow(position, outcome_words(flip.before), outcome_words(flip.after))


M = TypeVar("M", bound=Model)
R = TypeVar("R")


@dataclass(frozen=True)
class _Rows(ABC, Generic[M, R]):
    """Rows of the database that rest on what flips, page by page or all, worded some at a time."""

    order: ClassVar[tuple[str, ...]]
    related: ClassVar[tuple[str, ...]]
    flips: FlipsPage
    listed: QuerySet[M]
    query: QueryDict

    @abstractmethod
    def worded(self, rows: Sequence[M]) -> Iterator[R]:
        """The rows, with what the drafts do to them."""

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return self.listed.count()

    @cached_property
    def page(self) -> Page[M]:
        """The page that the address asks for."""
        return paging.keyset_page(self.listed.select_related(*self.related), self.query, self.order)

    @cached_property
    def rows(self) -> list[R]:
        """Its rows."""
        return list(self.worded(self.page.rows))

    def every_row(self) -> Iterator[R]:
        """The rows of all pages."""
        reading = self.listed.select_related(*self.related).order_by(*self.order).iterator(chunk_size=AT_ONCE)
        while some := list(islice(reading, AT_ONCE)):
            yield from self.worded(some)


@dataclass(frozen=True, slots=True)
class DeterminedFlip:
    """A row of a Penetapan: what was determined, and the outcome without and with the drafts."""

    row: DeterminedPosition
    determined: str
    before: str
    after: str
    changes: str


@dataclass(frozen=True)
class DeterminedList(_Rows[DeterminedPosition, DeterminedFlip]):
    """The rows of the Penetapan in force that would no longer fit; it is open to everybody with a grant there."""

    template: ClassVar[str] = "eligibility/law_admin/_flip_determined.html"
    order: ClassVar = ("title", "jenjang", "pk")
    related: ClassVar = ("verification__determination", "agency")

    @property
    def title(self) -> str:
        """Which list it is."""
        return _("Rows of determinations (Penetapan) that would no longer fit")

    @cached_property
    def _by_key(self) -> Mapping[tuple[int, str], Flip]:
        return {(flip.position, flip.mode.value): flip for flip in self.flips.flips.found}

    def worded(self, rows: Sequence[DeterminedPosition]) -> Iterator[DeterminedFlip]:
        """The rows, with their outcomes and with what changes."""
        for row in rows:
            flip = self._by_key[row.position_id, row.mode]
            changes = ", ".join(str(LISTS[kind]) for kind in FlipKind if kind in flip.kinds)
            determined, before, after = map(outcome_words, (row.bounds, flip.before, flip.after))
            yield DeterminedFlip(row, determined, before, after, changes)


@dataclass(frozen=True, slots=True)
class ArrangedRow:
    """A granted arrangement by its position; `why` it would no longer hold, none where it would."""

    arrangement: Arrangement
    mode: str
    why: Sequence[str]


@dataclass(frozen=True)
class ArrangedList(_Rows[Arrangement, ArrangedRow]):
    """The arrangements that rest on what changes, those that the reader may open; by position, nobody is named."""

    template: ClassVar[str] = "eligibility/law_admin/_flip_arranged.html"
    order: ClassVar = ("starts_on", "pk")
    related: ClassVar = ("position", "agency")

    @property
    def title(self) -> str:
        """Which list it is."""
        return _("Granted arrangements that rest on what changes")

    def worded(self, rows: Sequence[Arrangement]) -> Iterator[ArrangedRow]:
        """The rows, each examined."""
        failing = self.flips.examined(rows)
        for row in rows:
            why = check_words(failing.get(row.pk, ()), self.flips.institution)
            yield ArrangedRow(row, mode_words(Mode(row.mode)), why)


@dataclass(frozen=True)
class StaffedList:
    """The services of an agency whose staff on site the drafts move, weekday by weekday."""

    template: ClassVar[str] = "eligibility/law_admin/_flip_staffed.html"
    flips: FlipsPage
    agency: StaffedAgency
    page: ClassVar[None] = None

    @property
    def title(self) -> str:
        """Which list it is."""
        return _("Staff left on site: %(agency)s") % {"agency": self.agency.agency.name}

    @property
    def count(self) -> int:
        """How many rows its file has."""
        return sum(len(service.days) for service in self.agency.services)


FlipList = PositionList | DeterminedList | ArrangedList | StaffedList


def flip_list(flips: FlipsPage, query: QueryDict, reader: Reader) -> FlipList | None:
    """The list that the address asks for, with the rows that its reader may see; None where there are none."""
    asked = query.get(LIST, "")
    if asked == DETERMINED and reader.standing is not None:
        rows = flips.determined
        if not reader.standing.sees_all:
            rows = rows.filter(agency__in=visible_agencies(reader.standing).values("pk"))
        chosen = query.get("nomor", "")
        if is_key(chosen):
            rows = rows.filter(verification__determination=int(chosen))
        return DeterminedList(flips, rows, query) if rows.exists() else None
    if asked == ARRANGED and reader.standing is not None:
        found = openable(flips, reader)
        return ArrangedList(flips, found, query) if found.exists() else None
    if not reader.writes:
        return None
    if asked == STAFFED:
        agency = next((one for one in flips.staffing if str(one.agency.pk) == query.get("opd", "")), None)
        return StaffedList(flips, agency) if agency else None
    return _positions(flips, query)


def openable(flips: FlipsPage, reader: Reader) -> QuerySet[Arrangement]:
    """The arrangements that rest on what changes and that the reader may open."""
    if reader.standing is None:
        return flips.touched.none()
    seen = visible_arrangements(reader.standing, reader.user, flips.known_at)
    return flips.touched.filter(pk__in=seen.values("pk"))


def _positions(flips: FlipsPage, query: QueryDict) -> PositionList | None:
    kind, mode, agency = (query.get(name, "") for name in (LIST, "bentuk", "opd"))
    if kind not in set(FlipKind) or mode not in set(Mode):
        return None
    listed = [flip for flip in flips.flips.of(FlipKind(kind)) if flip.mode == mode and str(flip.agency) == agency]
    return PositionList(flips, FlipKind(kind), listed, query) if listed else None
