"""What is refused of a row about a person, beyond what its own fields and constraints say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from agencies.grades import GRADES
from agencies.models import (
    AdditionalTask,
    DisciplineGate,
    Employee,
    Employment,
    HolderTask,
    Position,
    Posting,
    Predicate,
    SpecialCircumstance,
    User,
    Versioned,
)
from agencies.nip import Nip, NipFault, parse_nip

NOT_ABOUT_ONESELF: Final[tuple[type[Versioned], ...]] = (
    AdditionalTask,
    DisciplineGate,
    Employment,
    HolderTask,
    Posting,
    Predicate,
    SpecialCircumstance,
)
"""What decides about one's own flexible work is written by somebody else: whether one is new in the position
(Pasal 25 ayat (1)) and which tasks one is judged by no less than the gates. Leave and travel decide nothing."""

PPPK: Final = frozenset({"pppk", "pppk_part_time"})


def refuse_own(actor: User | None, row: Any) -> None:
    """Raise ActRefused where the actor would write what decides about her own flexible work."""
    if actor is not None and actor.employee_id == row.employee_id and isinstance(row, NOT_ABOUT_ONESELF):
        raise ActRefused(_("Nobody records this about herself. Ask another HR officer."))


def refuse_wrong(row: Any, others: QuerySet[Any]) -> None:
    """Raise ActRefused for a row that cannot stand beside the employee's other current rows of its kind."""
    check = _CHECKS.get(type(row))
    if check:
        check(row, others)


def number_of(text: str, kind: str) -> Nip:
    """The number that a text is, for that kind of employee; raises ActRefused at the field `nip`."""
    try:
        return parse_nip(text, kind)
    except NipFault as fault:
        raise ActRefused(_(fault.message) % fault.words, field="nip") from fault


def latest_kind(employee: Employee, on: date = date.max) -> str:
    """The kind of the last employment that begins by that day; empty where none is recorded."""
    rows = Employment.objects.current().filter(employee=employee, effective_from__lte=on)
    last = rows.order_by("effective_from", "pk").last()
    return last.kind if last else ""


def overlapping(rows: QuerySet[Any], starts_on: date, ends_on: date | None) -> QuerySet[Any]:
    """The postings that share a day with those from a day until a day; a null end is no end."""
    found = rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gte=starts_on))
    return found if ends_on is None else found.filter(effective_from__lte=ends_on)


def period(starts_on: date, ends_on: date | None) -> str:
    """Two days in words."""
    if ends_on is None:
        return _("from %(start)s") % {"start": date_format(starts_on)}
    return _("%(start)s to %(end)s") % {"start": date_format(starts_on), "end": date_format(ends_on)}


def _posting(row: Posting, others: QuerySet[Posting]) -> None:
    position = Position.objects.get(pk=row.position_id)  # as it is now: a form may hold it as it was
    if position.institution_id != row.employee.institution_id:
        raise ActRefused(_("This position belongs to another institution; choose one of this one."), field="position")
    if position.closed_on and position.closed_on <= row.effective_from:
        raise ActRefused(
            _("This position is closed from %(day)s; choose an open one or an earlier day.")
            % {"day": date_format(position.closed_on)},
            field="position",
        )
    if position.closed_on and (row.effective_until is None or row.effective_until >= position.closed_on):
        raise ActRefused(
            _("This position is closed from %(day)s; give the posting a last day before it.")
            % {"day": date_format(position.closed_on)},
            field="effective_until",
        )
    if row.capacity != Posting.Capacity.DEFINITIVE:
        return
    held = overlapping(others.filter(capacity=Posting.Capacity.DEFINITIVE), row.effective_from, row.effective_until)
    clash = held.select_related("position").order_by("effective_from").first()
    if clash:
        words = {"position": clash.position, "period": period(clash.effective_from, clash.effective_until)}
        raise ActRefused(
            _(
                "On these days the employee holds “%(position)s” definitively (%(period)s). End that posting first,"
                " or record this one as Plt or Plh."
            )
            % words,
            field="effective_from",
        )


def _employment(row: Employment, others: QuerySet[Employment]) -> None:
    if others.filter(effective_from=row.effective_from).exists():
        raise ActRefused(
            _("An employment from this day is recorded already; correct that one."), field="effective_from"
        )
    if row.grade and row.grade not in GRADES.get(row.kind, ()):
        raise ActRefused(
            _("This golongan is none of that kind of employee: I/a to IV/e for PNS and CPNS, I to XVII for PPPK."),
            field="grade",
        )
    if not others.filter(effective_from__gt=row.effective_from).exists():
        try:
            parse_nip(row.employee.nip, row.kind)
        except NipFault as fault:
            sentence = _("The recorded number is not one of that kind of employee; correct the number first.")
            raise ActRefused(f"{sentence} {_(fault.message) % fault.words}", field="kind") from fault


def _predicate(row: Predicate, others: QuerySet[Predicate]) -> None:
    if others.filter(period_starts_on=row.period_starts_on, period_ends_on=row.period_ends_on).exists():
        raise ActRefused(
            _("A predicate for this period is recorded already; correct that one."), field="period_starts_on"
        )


def _discipline(row: DisciplineGate, others: QuerySet[DisciplineGate]) -> None:
    kind = latest_kind(row.employee, row.starts_on)
    if kind and (kind in PPPK) != (row.basis == DisciplineGate.Basis.PPPK):
        raise ActRefused(
            _("PP 94/2021 is the basis for PNS and CPNS, PPPK have their own; choose the one of this employee."),
            field="basis",
        )


def _holder(row: HolderTask, others: QuerySet[HolderTask]) -> None:
    if others.filter(task=row.task_id).exists():
        raise ActRefused(_("The employee holds this task already."), field="task")
    postings = Posting.objects.current().filter(employee=row.employee, position=row.task.position_id)
    if not postings.exists():
        raise ActRefused(_("The employee does not hold the position of this task; choose another."), field="task")


_CHECKS: Final[Mapping[type, Callable[[Any, QuerySet[Any]], None]]] = {
    Posting: _posting,
    Employment: _employment,
    Predicate: _predicate,
    DisciplineGate: _discipline,
    HolderTask: _holder,
}
