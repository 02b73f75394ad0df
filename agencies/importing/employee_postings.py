"""Plans the postings that an import tells of an employee: which are new, corrected or ended by a later one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

from agencies.importing.employee_rows import COLUMN_OF, COLUMNS, People, ToldEmployee, ToldVersion
from agencies.importing.employee_versions import Place, Places, Version, Versions
from agencies.importing.tables import Told
from agencies.models import Posting

_DEFINITIVE: Final = Posting.Capacity.DEFINITIVE.value


def plan_postings(
    people: People, plan: Versions, nip: str, told: ToldEmployee, known: Sequence[Version], places: Places
) -> None:
    """Add the postings told of one employee to the plan; errors go to the table.

    A new definitive posting ends the definitive one before it, the day before it starts.
    """
    planner = _Planner(people, plan, nip, known)
    for (code, first), one in told.postings.items():
        place = places.get(code)
        if place is None:
            message = _("There is no such position; import positions first, or correct the code.")
            people.wrong(one.row, "position_code", code, message)
        elif first is None:
            planner.repeat(one, place)
        else:
            planner.put(one, place, first)
    planner.end_earlier()


class _Planner:
    """Holds the postings of one employee while those told are added."""

    def __init__(self, people: People, plan: Versions, nip: str, known: Sequence[Version]) -> None:
        self.people = people
        self.plan = plan
        self.nip = nip
        self.held = {(version.values["position_id"], version.starts): version for version in known}
        self.told: dict[tuple[int, date], ToldVersion] = {}
        self.closings: dict[int, date] = {}

    def repeat(self, told: ToldVersion, place: Place) -> None:
        """A row without a first day may only repeat a posting that is recorded."""
        days = [starts for position, starts in self.held if position == place.key]
        if not days:
            message = _("The employee is not recorded in this position; fill the day from which she holds it.")
            self.people.wrong(told.row, "posting_from", "", message)
            return
        version = self.held[place.key, max(days)]
        now = {**version.values, "effective_until": version.ends}
        for of, value in told.values.items():
            if now[of] != value:
                message = _(
                    "Since %(day)s something else is recorded; fill %(posting_from)s with that day to correct it."
                )
                column = COLUMNS[COLUMN_OF["posting", of]]
                words = {"day": version.starts}
                self.people.wrong(told.row_of(of), column.name, str(value or ""), message, words)
        self.plan.same.append((self.nip, told.row, version))

    def put(self, told: ToldVersion, place: Place, first: date) -> None:
        """A row with a first day corrects the posting in this position from that day, or adds one."""
        if place.closed_on is not None and first >= place.closed_on:
            message = _("The position is closed from %(day)s on; name another, or correct %(posting_from)s.")
            self.people.wrong(told.row, "position_code", "", message, {"day": place.closed_on})
            return
        if place.closed_on is not None:
            self.closings[place.key] = place.closed_on
        same = self.held.get((place.key, first))
        values: Told = {"position_id": place.key, "capacity": _DEFINITIVE, "sk_number": ""}
        values.update(self.people.for_new.get("posting", {}))
        if same is not None:
            values.update(same.values)
        values.update(told.values)
        ends: date | None = values.pop("effective_until", same.ends if same is not None else None)
        if "reason" not in values:
            message = _("The posting is new; fill this cell, or say with the columns what holds for everything new.")
            self.people.wrong(told.row, "posting_reason", "", message)
            return
        version = self.plan.put(self.nip, same, values, row=told.row, starts=first, ends=ends)
        if version is not same:
            self.told[place.key, first] = told
        self.held[place.key, first] = version

    def end_earlier(self) -> None:
        """Of two definitive postings the earlier ends before the later starts, where one of them is new."""
        if not self.told:
            return
        definitive = [key for key, version in self.held.items() if version.values["capacity"] == _DEFINITIVE]
        definitive.sort(key=lambda key: key[1])
        for earlier, later in pairwise(definitive):
            ends = self.held[earlier].ends
            if (earlier in self.told or later in self.told) and (ends is None or ends >= later[1]):
                self._end(earlier, later)
        self._refuse_outliving()

    def _refuse_outliving(self) -> None:
        """A posting ends before its position is closed."""
        for (position, first), told in self.told.items():
            closed_on, ends = self.closings.get(position), self.held[position, first].ends
            if closed_on is not None and (ends is None or ends >= closed_on):
                message = _("The position is closed from %(day)s on; fill %(posting_until)s with an earlier day.")
                row = told.row_of("effective_until")
                self.people.wrong(row, "posting_until", ends or "", message, {"day": closed_on})

    def _end(self, earlier: tuple[int, date], later: tuple[int, date]) -> None:
        version = self.held[earlier]
        if later in self.told and version.ends is None and earlier[1] < later[1]:
            last = later[1] - timedelta(days=1)
            values = dict(version.values)
            row = self.told[later].row
            self.held[earlier] = self.plan.put(self.nip, version, values, row=row, starts=earlier[1], ends=last)
            return
        if earlier[1] == later[1]:
            told = self.told.get(earlier) or self.told[later]
            message = _(
                "The employee holds another position definitively from that very day; correct it in her file first,"
                " or correct %(capacity)s."
            )
            self.people.wrong(told.row, "posting_from", later[1], message)
        else:
            self._refuse_overlap(earlier, later)

    def _refuse_overlap(self, earlier: tuple[int, date], later: tuple[int, date]) -> None:
        """At fault is the last day of the earlier posting, or the first of the later where only that is told."""
        told, ends = self.told.get(earlier), self.held[earlier].ends
        if told is not None:
            message = _(
                "From %(day)s on the employee holds another position definitively; fill %(posting_until)s with an"
                " earlier day, or correct %(capacity)s."
            )
            row = told.row_of("effective_until")
            self.people.wrong(row, "posting_until", ends or "", message, {"day": later[1]})
            return
        message = _(
            "Until %(day)s the employee is recorded to hold another position definitively; write a later day, correct"
            " %(capacity)s, or end that posting in her file first."
        )
        self.people.wrong(self.told[later].row, "posting_from", later[1], message, {"day": ends})
