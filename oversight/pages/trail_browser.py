"""The trail looked through: entries by subject, actor, account, act and days, newest first; how far it was verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.exporting.choices import choices_of
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Institution, User
from agencies.paging import AFTER, BEFORE, SIZE
from oversight.forms.trail_filter import TrailFilter
from oversight.models import TrailCheck, TrailEntry, TrailHead
from oversight.pages.act_words import act_label, actor_words, detail_words, subject_label

ARRANGEMENT: Final = "eligibility.arrangement"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry in words; `case` is the key of the arrangement it is about, where that may be opened."""

    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    key: str
    details: tuple[tuple[str, str], ...]
    rows: int
    digest: str
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A page of entries; the numbers that the neighbouring pages begin after or end before (None: no such page)."""

    rows: tuple[TrailEntry, ...]
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """The last check of the chain, and how many entries were added after it."""

    check: TrailCheck
    at: datetime
    newer: int


@dataclass(frozen=True)
class Browser:
    """One page of entries, the filter that narrows them, and how far the chain was verified.

    `nobody` is the user name that was asked for where none acted here under it.
    """

    lines: tuple[EntryLine, ...]
    page: Numbered
    filter: TrailFilter
    narrowed: bool
    total: int
    check: CheckLine | None
    nobody: str


def trail_browser(
    institution: Institution,
    query: QueryDict,
    account: User | None,
    may_open: Callable[[list[int]], frozenset[int]],
) -> Browser:
    """The entries that the address asks for, with the account of `account_of`.

    `may_open` says which arrangements have a case that the reader opens.
    """
    chosen = filter_of(institution, query)
    narrowing = chosen.read()
    page = numbered(narrowed(institution, narrowing, account), query)
    total = TrailHead.objects.filter(pk=institution.pk).values_list("number", flat=True).first() or 0
    return Browser(
        lines=tuple(lines_of(page.rows, institution, may_open(arrangements_of(page.rows)))),
        page=page,
        filter=chosen,
        narrowed=bool(narrowing),
        total=total,
        check=last_check(institution, total),
        nobody="" if account else narrowing.get("akun", ""),
    )


def entry_table(institution: Institution, query: QueryDict, account: User | None, on: date) -> ExportTable:
    """Every entry that the address asks for, with the account of `account_of`, oldest first, as the chain has it."""
    chosen = filter_of(institution, query)
    found = narrowed(institution, chosen.read(), account).order_by("number")
    return ExportTable(
        title=_("Trail"),
        institution=institution,
        on=on,
        filters=choices_of(chosen),
        fingerprint=None,
        columns=(
            Column(_("Number"), "number", 10),
            Column(_("When"), width=28),
            Column(_("Actor"), width=28),
            Column(_("Act"), width=32),
            Column(_("Subject"), width=24),
            Column(_("Key"), width=12),
            Column(_("Details"), width=60),
            Column(_("Rows"), "number", 10),
            Column(_("Digest (SHA-256)"), width=66),
        ),
        rows=told_in_parts(found, lambda part: map(_cells, lines_of(part, institution))),
    )


def _cells(line: EntryLine) -> tuple[Cell, ...]:
    told = "; ".join(f"{name}: {value}" for name, value in line.details)
    moment = line.at.isoformat(timespec="seconds")
    return (line.number, moment, line.actor, line.act, line.subject, line.key, told, line.rows, line.digest)


def filter_of(institution: Institution, query: QueryDict) -> TrailFilter:
    """The filter with what stands in the chain of the institution on offer."""
    kinds, actors, acts = (_distinct(institution, column) for column in ("subject_type", "actor_label", "action"))
    return TrailFilter(query, kinds=kinds, actors=actors, acts=acts)


def account_of(institution: Institution, query: QueryDict) -> User | None:
    """The account that the address names, written exactly; None where none is named or it never acted here.

    One of elsewhere looks like one that is not there.
    """
    name = TrailFilter(query, kinds=(), actors=(), acts=()).read().get("akun")
    found = User.objects.select_related("employee").filter(username=name).first() if name else None
    acted = found is not None and TrailEntry.objects.filter(institution=institution, actor=found).exists()
    return found if acted else None


def narrowed(institution: Institution, narrowing: dict[str, Any], account: User | None) -> QuerySet[TrailEntry]:
    """The entries that fit, none for an account that never acted here.

    Each way of narrowing has an index that ends with the number; that of the account has one of its acts alone.
    """
    entries = TrailEntry.objects.filter(institution=institution)
    if "akun" in narrowing:
        entries = entries.filter(actor=account) if account else entries.none()
    columns = {"jenis": "subject_type", "kunci": "subject_id", "pelaku": "actor_label", "tindakan": "action"}
    entries = entries.filter(**{column: narrowing[name] for name, column in columns.items() if name in narrowing})
    if "dari" in narrowing:
        entries = entries.filter(at__gte=_midnight(narrowing["dari"], institution))
    if "sampai" in narrowing:
        entries = entries.filter(at__lt=_midnight(narrowing["sampai"] + timedelta(days=1), institution))
    return entries


def numbered(entries: QuerySet[TrailEntry], query: QueryDict, size: int = SIZE) -> Numbered:
    """The page that the address asks for, newest first: a page begins or ends at a number, so none is counted past."""
    before, after = _number(query.get(BEFORE)), _number(query.get(AFTER))
    if before is not None:
        found = list(entries.filter(number__gt=before).order_by("number")[: size + 1])
        more, rows = len(found) > size, tuple(reversed(found[:size]))
        return Numbered(rows, rows[0].number if more and rows else None, rows[-1].number if rows else None)
    kept = entries if after is None else entries.filter(number__lt=after)
    found = list(kept.order_by("-number")[: size + 1])
    rows = tuple(found[:size])
    more = len(found) > size
    return Numbered(rows, rows[0].number if after and rows else None, rows[-1].number if more else None)


def lines_of(
    entries: Sequence[TrailEntry], institution: Institution, cases: frozenset[int] = frozenset()
) -> Iterator[EntryLine]:
    """Entries in words."""
    for one in entries:
        yield EntryLine(
            number=one.number,
            at=one.at.astimezone(zone(institution)),
            actor=actor_words(one.actor_label),
            act=act_label(one.action),
            subject=subject_label(one.subject_type),
            key=one.subject_id,
            details=detail_words(one.subject_type, one.body),
            rows=one.count or 0,
            digest=one.digest,
            case=next((key for key in arrangements_of([one]) if key in cases), None),
        )


def arrangements_of(entries: Sequence[TrailEntry]) -> list[int]:
    """The keys of the arrangements that entries are about."""
    return [int(one.subject_id) for one in entries if one.subject_type == ARRANGEMENT and one.subject_id.isdecimal()]


def last_check(institution: Institution, total: int) -> CheckLine | None:
    """The last check, and how many acts were recorded after the entry of the check itself."""
    check = TrailCheck.objects.filter(institution=institution).first()
    if check is None:
        return None
    return CheckLine(check, check.at.astimezone(zone(institution)), max(0, total - check.last - 1))


def _distinct(institution: Institution, column: str) -> list[str]:
    """The values of an indexed column in the chain, each found by a step in the index and not by reading the chain.

    `column` is one of three names of ours, never what somebody typed.
    """
    least = f"SELECT MIN({column}) FROM oversight_trailentry WHERE institution_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE found(value) AS ({least} UNION ALL SELECT ({least} AND {column} > found.value)"
            " FROM found WHERE found.value IS NOT NULL) SELECT value FROM found WHERE value IS NOT NULL",
            [institution.pk, institution.pk],
        )
        return [row[0] for row in cursor.fetchall()]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _midnight(day: date, institution: Institution) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone(institution))
