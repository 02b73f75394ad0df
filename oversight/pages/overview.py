"""The inspector's overview: exceptions first, then approved arrangements by agency, form, place, norm and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Standing, holds_whole
from agencies.exporting.tables import Column, ExportTable
from agencies.models import Agency, Role, User
from eligibility.models import Instrument
from oversight import access
from oversight.attention import Attention, attentions
from oversight.forms.case_filter import APPROVED, MODES, PLACES, WITHOUT
from oversight.models import TrailHead
from oversight.pages.trail_browser import CheckLine, last_check
from oversight.tallies import Tallies, tallies


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts, the page with its rows, and its share of the largest of the table in percent."""

    label: str
    number: int
    address: str
    percent: int


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Figures of one kind: `name` is the anchor, `head` the heading of the first column."""

    name: str
    title: str
    head: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Overview:
    """What the page shows; `closed` are agencies of the institution that the reader does not audit.

    `left_out` counts approved cases kept from her, because she has a part of her own in them.
    """

    attentions: tuple[Attention, ...]
    total: int
    address: str
    counted_at: int
    tables: tuple[FigureTable, ...]
    check: CheckLine | None
    entries: int
    closed: tuple[str, ...]
    left_out: int
    may_have_looked: bool

    @property
    def not_looked(self) -> int:
        """Of how many matters it is not known whether they are there."""
        return sum(1 for one in self.attentions if one.number is None)

    @property
    def counted(self) -> int:
        """How many matters surely need a look."""
        return len(self.attentions) - self.not_looked


def overview(standing: Standing, user: User, on: date, known_at: datetime) -> Overview:
    """Everything on the page, as of the day for what is overdue, by what is known at the moment."""
    institution = standing.institution
    counted = tallies(institution, access.audited_arrangements(standing, user))
    entries = TrailHead.objects.filter(pk=institution.pk).values_list("number", flat=True).first() or 0
    return Overview(
        attentions=attentions(standing, user, on, known_at),
        total=counted.total,
        address=_address(standing, {}),
        counted_at=counted.counted_at,
        tables=figure_tables(standing, user, counted),
        check=last_check(institution, entries),
        entries=entries,
        closed=_closed(standing, user),
        left_out=access.kept_back(standing, user).filter(approved_at__isnull=False).count(),
        may_have_looked=holds_whole(standing, Role.INSPECTOR),
    )


def figure_table(standing: Standing, user: User, on: date) -> ExportTable:
    """The figures of all tables, to take away."""
    counted = tallies(standing.institution, access.audited_arrangements(standing, user))
    return ExportTable(
        title=_("Approved arrangements"),
        institution=standing.institution,
        on=on,
        filters=(),
        fingerprint=None,
        columns=(
            Column(_("Table"), width=32),
            Column(_("What is counted"), width=60),
            Column(_("Approved"), "number", 14),
        ),
        rows=lambda: (
            (one.title, f.label, f.number) for one in figure_tables(standing, user, counted) for f in one.figures
        ),
    )


def figure_tables(standing: Standing, user: User, counted: Tallies) -> tuple[FigureTable, ...]:
    """The five tables; agencies are folded into the highest above them that the user audits."""
    modes, places = dict(MODES), dict(PLACES)
    norms = dict(Instrument.objects.filter(pk__in=[key for key in counted.norms if key]).values_list("pk", "title"))
    months = sorted(counted.months.items(), reverse=True)
    by_agency = _by_top(standing, user, counted.agencies)
    return (
        _table(standing, "opd", _("By agency"), _("Agency"), by_agency),
        _table(standing, "cara", _("By form"), _("Form of flexible work"), _named(counted.modes, modes)),
        _table(standing, "tempat", _("By place"), _("Kind of place"), _named(counted.places, places)),
        _table(standing, "norma", _("By implementing basis"), _("Implementing basis"), _norms(counted.norms, norms)),
        _table(
            standing, "bulan", _("By month of approval"), _("Month"), [(f"{m:%Y-%m}", _month(m), n) for m, n in months]
        ),
    )


Row = tuple[str, str, int]
"""What the address says, what the page says, how many."""


def _named(counts: Counter[str], labels: Mapping[str, object]) -> list[Row]:
    none = _("No place: the working time is flexible")
    return [(code or WITHOUT, str(labels.get(code, code)) if code else none, n) for code, n in counts.most_common()]


def _norms(counts: Counter[int | None], titles: dict[int, str]) -> list[Row]:
    """Without a basis first: that is the exception."""
    without = _("Without an implementing basis")
    rows = [(str(key), titles.get(key, str(key)), number) for key, number in counts.most_common() if key is not None]
    return [(WITHOUT, without, counts[None]), *rows] if counts[None] else rows


def _by_top(standing: Standing, user: User, counts: Counter[int]) -> list[Row]:
    """An agency above those of her grants is none that the list of cases offers, so nothing is folded into it."""
    agencies = {one.pk: one for one in access.audited(standing, user)}
    folded: Counter[int] = Counter()
    for key, number in counts.items():
        top = key
        while (parent := agencies[top].parent_id) in agencies:
            top = parent
        folded[top] += number
    return [(agencies[key].code, agencies[key].name, number) for key, number in folded.most_common()]


def _month(day: date) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT")


def _table(standing: Standing, name: str, title: str, head: str, rows: Iterable[Row]) -> FigureTable:
    found = list(rows)
    largest = max((number for _code, _label, number in found), default=0)
    figures = tuple(
        Figure(label, number, _address(standing, {name: code}), round(100 * number / largest))
        for code, label, number in found
    )
    return FigureTable(name, title, head, figures)


def _address(standing: Standing, chosen: dict[str, str]) -> str:
    query = urlencode({"keadaan": APPROVED, **chosen})
    return f"{reverse('cases', args=[standing.institution.code])}?{query}"


def _closed(standing: Standing, user: User) -> tuple[str, ...]:
    """The perangkat daerah that she does not audit, where she otherwise reads the whole institution."""
    if not access.auditor(standing).sees_all:
        return ()
    open_ones = access.audited(standing, user).values("pk")
    closed = Agency.objects.filter(institution=standing.institution, parent__isnull=True).exclude(pk__in=open_ones)
    return tuple(closed.order_by("name").values_list("name", flat=True))
