"""A line of time: what happened to a position, on which day it began to hold, and when the portal learned of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.clock import zone
from agencies.fact_records import BEFORE_THE_PORTAL
from agencies.history.records import Ledger
from agencies.history.words import Names, label_of, value_words
from agencies.mapping.agreed_sheets import AgreedSheets
from agencies.models import FactRecord, Institution


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that changed: what was held before ("" where nothing was), what holds since, what was held later."""

    label: str
    before: str
    after: str
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the line: from `on` it holds, since `recorded_at` the portal knows it.

    `sheets` are the mapping sheets on which it was agreed, by their keys.
    `late` says in words what was believed meanwhile, where the two are not the same day.
    """

    on: date
    recorded_at: datetime
    title: str
    changes: tuple[Change, ...] = ()
    note: str = ""
    source: str = ""
    basis: str = ""
    late: str = ""
    address: str = ""
    sheets: tuple[int, ...] = ()


def newest_first(moments: Iterable[Moment]) -> list[Moment]:
    """The entries by the day from which they hold, the latest first; of one day the latest recorded first."""
    return sorted(moments, key=lambda one: (one.on, one.recorded_at), reverse=True)


_TITLES: Final = (
    (("position.code",), "added"),
    (("position.closed_on",), "closed"),
    (("position.agency", "position.unit"), "moved"),
    (("position.title", "position.jenjang"), "renamed"),
)
"""What an act on a position is called, by the first of these facts that it changed."""


@dataclass(frozen=True)
class FactLine:
    """Turns fact records into entries; `tasks` are the titles of tasks, named where there are several.

    `sheets` are the agreed sheets that the reader may open.
    """

    institution: Institution
    ledger: Ledger
    names: Names
    tasks: dict[int, str]
    sheets: AgreedSheets

    def moments(self, records: Iterable[FactRecord]) -> list[Moment]:
        """One entry for all that one act recorded for one day."""
        told = [one for one in records if one.source != BEFORE_THE_PORTAL]
        told.sort(key=lambda one: (one.recorded_at, str(one.act), one.valid_from, one.pk))
        groups = groupby(told, key=attrgetter("recorded_at", "act", "valid_from"))
        return [self._moment(list(group)) for _key, group in groups]

    def _moment(self, records: Sequence[FactRecord]) -> Moment:
        first = records[0]
        bases = dict.fromkeys(str(one.get_basis_display()) for one in records)
        return Moment(
            on=first.valid_from,
            recorded_at=first.recorded_at,
            title=self._title(records),
            changes=tuple(map(self._change, records)),
            source="; ".join(dict.fromkeys(one.source for one in records)),
            basis=", ".join(bases),
            late=self._late(records),
            sheets=self._sheets(records),
        )

    def _sheets(self, records: Sequence[FactRecord]) -> tuple[int, ...]:
        """The sheets on which these facts were agreed, each once."""
        found = (self.sheets.get((one.task_id, one.recorded_at)) for one in records)
        return tuple(dict.fromkeys(key for key in found if key is not None))

    def _title(self, records: Sequence[FactRecord]) -> str:
        found = {one.fact: one for one in records}
        kind = next((kind for facts, kind in _TITLES if any(fact in found for fact in facts)), "facts")
        if kind == "closed":
            return _("Closed") if found["position.closed_on"].value else _("Opened again")
        words = {"added": _("Position recorded"), "moved": _("Moved"), "renamed": _("Renamed")}
        if kind in words:
            return words[kind]
        number = len(records)
        if all(self.ledger.before(one) is None for one in records):
            told = ngettext("%(number)d fact recorded", "%(number)d facts recorded", number)
        else:
            told = ngettext("%(number)d fact changed", "%(number)d facts changed", number)
        return told % {"number": number}

    def _change(self, record: FactRecord) -> Change:
        label = label_of(record.fact, self.names)
        if record.task_id is not None and len(self.tasks) > 1:
            label = f"{self.tasks.get(record.task_id, '')}: {label}"
        former = self.ledger.before(record)
        return Change(
            label,
            value_words(record.fact, former.value, self.names) if former else "",
            value_words(record.fact, record.value, self.names),
            self._corrected(record),
        )

    def _corrected(self, record: FactRecord) -> str:
        """What was recorded later for the same day, where it says something else."""
        later = self.ledger.overruled_by(record)
        if later is None or later.value == record.value:
            return ""
        return _("Corrected on %(recorded)s: from %(day)s on it reads “%(value)s”.") % {
            "recorded": self._day(later.recorded_at),
            "day": date_format(later.valid_from),
            "value": value_words(later.fact, later.value, self.names),
        }

    def _late(self, records: Sequence[FactRecord]) -> str:
        first = records[0]
        recorded = first.recorded_at.astimezone(zone(self.institution)).date()
        if recorded <= first.valid_from:
            return ""
        known = any(self.ledger.before(one) is not None for one in records)
        return late_words(first.valid_from, recorded, known=known)

    def _day(self, at: datetime) -> str:
        return date_format(at.astimezone(zone(self.institution)))


def late_words(on: date, recorded: date, *, known: bool) -> str:
    """That the portal learned of something after it began to hold, and what it believed until then."""
    if known:
        told = _("Holds from %(day)s, recorded only on %(recorded)s. Until then the portal read what stood before.")
    else:
        told = _("Holds from %(day)s, recorded only on %(recorded)s. Until then the portal knew nothing of it.")
    return told % {"day": date_format(on), "recorded": date_format(recorded)}
