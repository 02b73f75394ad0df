"""The page about the trail of an institution: how far it reaches, and which checkpoint holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format

from agencies.clock import zone, zone_name
from agencies.models import Institution
from oversight.checkpoints import last_checkpoint
from oversight.entries import RESTORED
from oversight.models import TrailEntry


@dataclass(frozen=True)
class EntryLine:
    """One entry as the page names it."""

    number: int
    digest: str
    at: str


@dataclass(frozen=True)
class CheckpointLine:
    """The last checkpoint: when, by which key, and where the institution's chain stood (None: it had no entry)."""

    at: str
    public_key: str
    number: int | None
    digest: str
    newer: int


@dataclass(frozen=True)
class TrailPage:
    """The entries counted by the head, the last one, the acts of restore, and the last checkpoint."""

    epoch: int
    last: EntryLine | None
    restores: tuple[EntryLine, ...]
    checkpoint: CheckpointLine | None


def trail_page(institution: Institution) -> TrailPage:
    """What the page shows of one institution."""
    entries = TrailEntry.objects.filter(institution=institution).order_by("-number")
    last = entries.first()
    return TrailPage(
        epoch=last.epoch if last else 1,
        last=_line(last, institution) if last else None,
        restores=tuple(_line(entry, institution) for entry in entries.filter(action=RESTORED)),
        checkpoint=_checkpoint(institution, last.number if last else 0),
    )


def _line(entry: TrailEntry, institution: Institution) -> EntryLine:
    return EntryLine(entry.number, entry.digest, _moment(entry.at, institution))


def _checkpoint(institution: Institution, count: int) -> CheckpointLine | None:
    signed = last_checkpoint()
    if signed is None:
        return None
    head = signed.head_of(institution.code)
    number = head.number if head else None
    return CheckpointLine(
        at=_moment(signed.at, institution),
        public_key=signed.public_key,
        number=number,
        digest=head.digest if head else "",
        newer=max(0, count - (number or 0)),
    )


def _moment(at: datetime, institution: Institution) -> str:
    """Day and time where the institution is, with the name of its zone."""
    local = at.astimezone(zone(institution))
    return f"{date_format(local, 'DATE_FORMAT')} {date_format(local, 'TIME_FORMAT')} {zone_name(institution)}"
