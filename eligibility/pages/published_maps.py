"""What the pages of published maps show: one map beside the reader's own, group by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.errors import PortalError
from agencies.facts import AGENCY_KINDS, SECTORS
from eligibility.footing import Footing
from eligibility.models import PublishedMap
from eligibility.published_maps.kept import kept_map
from eligibility.published_maps.tables import OTHERS, OUTCOMES, Group, Line, PublicMap, Told, TooFew, Unsaid
from eligibility.published_maps.texts import read
from eligibility.rulebook import Mode, Outcome

_KINDS: Final = {choice.code: choice.label for choice in AGENCY_KINDS}
_SECTORS: Final = {choice.code: choice.label for choice in SECTORS}


class Content(StrEnum):
    """What the cells count."""

    POSITIONS = "jabatan"
    STAFF = "pegawai"


@dataclass(frozen=True)
class ShownCell:
    """A number in words, its share of the positions of the group, and why it is not told ("" where it is)."""

    outcome: Outcome
    words: str
    share: str
    unsaid: str
    number: int | None


@dataclass(frozen=True)
class Side:
    """What one institution tells of a group."""

    positions: int
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class GroupRow:
    """A group with what each side tells of it; None where it has no positions or stands among the others."""

    label: str
    sides: tuple[Side | None, ...]


@dataclass(frozen=True)
class Column:
    """One side of the comparison: whose map, of which day, whether others see it, and by which rulebook."""

    name: str
    judged_on: date
    published: PublishedMap | None
    fingerprint: str
    content: PublicMap


@dataclass(frozen=True)
class Comparison:
    """The sides, the groups as rows, and the sums in the chosen mode."""

    columns: tuple[Column, ...]
    rows: tuple[GroupRow, ...]
    sums: GroupRow
    mode: Mode
    content: Content


def chosen(asked: Mapping[str, str]) -> tuple[Mode, Content]:
    """The mode and content that an address asks for; what is not known falls back to home and positions."""
    mode, content = asked.get("bentuk", ""), asked.get("isi", "")
    return (
        Mode(mode) if mode in [*Mode] else Mode.HOME,
        Content(content) if content in [*Content] else Content.POSITIONS,
    )


def column_of(found: PublishedMap) -> Column:
    """A published map as a side."""
    return Column(str(found.institution), found.judged_on, found, found.rulebook_id, read(found.content))


def own_column(standing: Standing, footing: Footing) -> Column | None:
    """The reader's own side: what her institution has published last, else its map of the day, told in the same way.

    None where nothing is published and she does not see all agencies, no law is known, or there are too few positions.
    """
    published = PublishedMap.objects.shown().filter(institution=standing.institution).first()
    if published is not None:
        return column_of(published)
    return live_column(footing) if standing.sees_all else None


def live_column(footing: Footing, *, anew: bool = False) -> Column | None:
    """The map of a day as it would be published; None where there is no law or there are too few positions.

    It is the one made since the last act; `anew`: made now.
    """
    try:
        content = kept_map(footing, anew=anew)
    except (PortalError, TooFew):
        return None
    return Column(str(footing.institution), footing.on, None, footing.rulebook.fingerprint, content)


def comparison(columns: tuple[Column, ...], mode: Mode, content: Content) -> Comparison:
    """The sides group by group; a group that only one of them tells of stands there too."""
    groups = {line.group for column in columns for line in column.content.lines}
    rows = [
        GroupRow(group_label(group), tuple(_side(column.content.line(group), mode, content) for column in columns))
        for group in sorted(groups, key=lambda group: (group == OTHERS, group_label(group)))
    ]
    sums = GroupRow(_("All together"), tuple(_sums(column.content, mode) for column in columns))
    return Comparison(columns, tuple(rows), sums, mode, content)


def group_label(group: Group) -> str:
    """Kind of agency and sector, in words."""
    kind, sector = group
    if group == OTHERS:
        return _("Groups of fewer than five positions, together")
    named = _(_KINDS[kind]) if kind in _KINDS else kind
    return f"{named}: {_(_SECTORS[sector])}" if sector in _SECTORS else named


def _side(line: Line | None, mode: Mode, content: Content) -> Side | None:
    if line is None:
        return None
    cells = [(cell.positions if content is Content.POSITIONS else cell.staff, content) for cell in line.cells[mode]]
    return Side(
        line.positions,
        tuple(_shown(outcome, *cell, line.positions) for outcome, cell in zip(OUTCOMES, cells, strict=True)),
    )


def _sums(found: PublicMap, mode: Mode) -> Side:
    cells = zip(OUTCOMES, found.totals[mode], strict=True)
    return Side(
        found.positions, tuple(_shown(outcome, told, Content.POSITIONS, found.positions) for outcome, told in cells)
    )


def _shown(outcome: Outcome, told: Told, content: Content, positions: int) -> ShownCell:
    if isinstance(told, Unsaid):
        words = _("hidden") if told is Unsaid.HIDDEN else _("not known")
        return ShownCell(outcome, "∗" if told is Unsaid.HIDDEN else "?", "", words, None)
    number = str(number_format(told, force_grouping=True))
    if content is Content.STAFF:
        return ShownCell(outcome, f"≈ {number}" if told else "0", "", "", told)
    share = Decimal(100 * told) / positions
    return ShownCell(outcome, number, f"{number_format(round(share), decimal_pos=0)}%", "", told)
