"""What follows from an act on an employee, in words: who fills a position, and what stands in the way of requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.consequences import Afterwards, Consequence, Touch
from agencies.models import (
    Absence,
    DisciplineGate,
    Employment,
    HolderTask,
    Position,
    Posting,
    SpecialCircumstance,
)
from agencies.personal_rules import period

_WATCHED: tuple[Any, ...] = (
    Posting,
    DisciplineGate,
    SpecialCircumstance,
    Absence,
    Employment,
    HolderTask,
)


def foresee_people(touch: Touch) -> Afterwards:
    """Compare postings, gates and absences of the employees touched, before and after."""
    rows = _rows(touch)
    filled = _filled(touch)

    def tell() -> list[Consequence]:
        now = _rows(touch)
        was, now_held = {_effect(row) for row in rows.values()}, {_effect(row) for row in now.values()}
        begun = [row for row in now.values() if _effect(row) not in was]
        gone = [row for row in rows.values() if _effect(row) not in now_held]
        return [*_of_filling(touch, filled), *_of_leaders(touch), *_of_rows(begun, gone)]

    return tell


def _rows(touch: Touch) -> dict[tuple[type, int], Any]:
    """The current rows about the employees touched, by kind and key."""
    if not touch.employees:
        return {}
    return {
        (model, row.pk): row
        for model in _WATCHED
        for row in model.objects.filter(employee__in=touch.employees, superseded_at__isnull=True)
    }


_NAMED = ("position_id", "capacity", "reason", "effective_from", "starts_on", "ends_on", "task_id")


def _effect(row: Any) -> tuple[object, ...]:
    """What of a row has consequences: a correction of its SK number alone has none."""
    kind = row.kind if isinstance(row, Absence | Employment) else ""
    return (type(row), row.employee_id, kind, *(getattr(row, name, None) for name in _NAMED))


def _holders(touch: Touch) -> dict[int, list[Posting]]:
    """The current definitive postings of each position touched."""
    found: dict[int, list[Posting]] = defaultdict(list)
    if touch.positions:
        rows = Posting.objects.current().filter(position__in=touch.positions, capacity=Posting.Capacity.DEFINITIVE)
        for row in rows:
            found[row.position_id].append(row)
    return found


def _filled(touch: Touch) -> dict[int, int]:
    """How many hold each position touched on the day."""
    held = _holders(touch)
    return {key: sum(_on(row, touch) for row in rows) for key, rows in held.items()}


def _on(row: Posting, touch: Touch) -> bool:
    return row.effective_from <= touch.on and (row.effective_until is None or row.effective_until >= touch.on)


def _of_filling(touch: Touch, before: dict[int, int]) -> Iterable[Consequence]:
    after = _filled(touch)
    for position in Position.objects.filter(pk__in=touch.positions).order_by("title", "pk"):
        was, now = before.get(position.pk, 0), after.get(position.pk, 0)
        if was != now:
            words = {"position": position, "now": now, "was": was, "needed": position.needed}
            words["day"] = date_format(touch.on)
            sentence = _(
                "Position %(position)s: %(now)s filled of a need of %(needed)s as of %(day)s (before %(was)s)."
            )
            if position.needed is None:
                sentence = _("Position %(position)s: %(now)s filled as of %(day)s (before %(was)s); need not counted.")
            over = position.needed is not None and now > max(position.needed, was)
            yield Consequence(sentence % words, weighty=over)


def _of_leaders(touch: Touch) -> Iterable[Consequence]:
    """Two who hold a leading position definitively on the same day."""
    held = _holders(touch)
    for position in Position.objects.filter(pk__in=held, leads__in=["unit", "agency"]).order_by("title", "pk"):
        rows = held[position.pk]
        if any(_share_a_day(one, other) for one in rows for other in rows if one.pk < other.pk):
            sentence = _("%(position)s leads, and two people would hold it definitively on the same days.")
            yield Consequence(sentence % {"position": position}, weighty=True)


def _share_a_day(one: Posting, other: Posting) -> bool:
    return (one.effective_until is None or other.effective_from <= one.effective_until) and (
        other.effective_until is None or one.effective_from <= other.effective_until
    )


def _of_rows(begun: list[Any], gone: list[Any]) -> Iterable[Consequence]:
    for row in gone:
        if isinstance(row, DisciplineGate):
            sentence = _("The entry about discipline (%(period)s) stands in the way of no request any more.")
            yield Consequence(sentence % {"period": period(row.starts_on, row.ends_on)})
        if isinstance(row, SpecialCircumstance):
            sentence = _("The verified keadaan khusus (%(period)s) no longer counts.")
            yield Consequence(sentence % {"period": period(row.starts_on, row.ends_on)})
    for row in begun:
        yield from _of_new_row(row)


def _of_new_row(row: Any) -> Iterable[Consequence]:
    if isinstance(row, DisciplineGate):
        sentence = _(
            "%(period)s: no request of this employee for flexible work can be approved (Pasal 25 ayat (1) huruf a"
            " PermenPANRB 4/2025)."
        )
        yield Consequence(_first_up(sentence % {"period": period(row.starts_on, row.ends_on)}), weighty=True)
    elif isinstance(row, SpecialCircumstance):
        sentence = _("%(period)s: requests are judged with a verified keadaan khusus (Pasal 10 PermenPANRB 4/2025).")
        yield Consequence(_first_up(sentence % {"period": period(row.starts_on, row.ends_on)}))
    elif isinstance(row, Absence):
        sentence = _("%(period)s: the employee counts as absent (%(kind)s).")
        words = {"period": period(row.starts_on, row.ends_on), "kind": row.get_kind_display()}
        yield Consequence(_first_up(sentence % words))
    elif isinstance(row, Posting):
        yield from _of_new_posting(row)
    elif isinstance(row, HolderTask):
        yield Consequence(_("“%(task)s” belongs to the named holders alone, no longer to all.") % {"task": row.task})


def _of_new_posting(row: Posting) -> Iterable[Consequence]:
    """Who holds what, because a position may have been named by a part of its title; and that she may be new."""
    words = {"capacity": row.get_capacity_display(), "position": row.position, "agency": row.position.agency}
    words["period"] = period(row.effective_from, row.effective_until)
    sentence = _("%(period)s: %(capacity)s %(position)s, %(agency)s.")
    yield Consequence(_first_up(sentence % words))
    if row.capacity == Posting.Capacity.DEFINITIVE:
        sentence = _(
            "From %(day)s the employee may count as new in the position (Pasal 25 ayat (1) huruf b PermenPANRB"
            " 4/2025). Which reasons count and how long “new” lasts is set by the institution."
        )
        yield Consequence(sentence % {"day": date_format(row.effective_from)})


def _first_up(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
