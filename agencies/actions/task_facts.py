"""The act of recording what a task's fact is from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.corrections import unseen_change
from agencies.errors import PortalError
from agencies.exposure import proposed_exposure
from agencies.fact_records import FactAct, changed, corrected
from agencies.fact_values import allowed, as_text, from_text
from agencies.facts import EXPOSURES, FACTS, FactValue, Level
from agencies.importing.position_plans import kinds_served
from agencies.models import Basis, FactRecord, Institution, Task, TaskProfile, User
from agencies.querysets import open_on


@dataclass(frozen=True)
class Seen:
    """The value, as text, that stood there when the form was opened; None: unknown."""

    value: str | None


class FactRefused(PortalError):
    """A fact that was not recorded, and why."""


def set_task_fact(
    *,
    actor: User | None,
    task: Task,
    fact: str,
    value: FactValue | None,
    basis: Basis,
    source: str,
    reason: str = "",
    valid_from: date,
    seen: Seen | None = None,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Record what a task's fact is from a day on (None: unknown), and make it the one that rules read.

    None when the fact has that value on that basis already. A former value that no record tells is recorded
    first. Raises FactRefused for a value the fact cannot take, for a direct service exposure other than the one
    its services propose without a reason, and when another value stands there now than its editor has `seen`.
    """
    column = _column_of(fact, value)
    with transaction.atomic():
        Institution.objects.held(task.position.institution_id)
        profile = TaskProfile.objects.select_for_update().get(task=task)
        before: FactValue | None = getattr(profile, column)
        if seen is not None and seen.value != as_text(before):
            raise FactRefused(unseen_change())
        if before == value and basis == _basis_of(task, fact):
            return None
        if fact == "task.exposure":
            _check_exposure(profile, value, reason, valid_from)
        setattr(profile, column, value)
        profile.save(update_fields=[column])
        act = FactAct(profile.institution, source, valid_from, at or timezone.now())
        act.write(corrected(task, fact, as_text(before), changed(task, fact, value, basis, reason), valid_from))
        return _fact_recorded(actor, task, act, fact=fact, before=before, after=value, basis=basis)


def _fact_recorded(
    actor: User | None,
    task: Task,
    act: FactAct,
    *,
    fact: str,
    before: FactValue | None,
    after: FactValue | None,
    basis: Basis,
) -> events.Receipt:
    """The trail entry of a fact; source and reason stay with its record, because they may name people."""
    return events.record(
        actor=actor,
        action="fact_set",
        subject=task,
        institution=act.institution,
        at=act.at,
        act=act.number,
        fact=fact,
        before=as_text(before),
        after=as_text(after),
        basis=basis.value,
        valid_from=act.valid_from,
    )


def _column_of(name: str, value: FactValue | None) -> str:
    """The profile's column for a fact of a task that may have this value."""
    fact = FACTS.get(name)
    if fact is None or fact.level is not Level.TASK:
        raise FactRefused(_("“%(fact)s” is no fact of a task; choose one that is.") % {"fact": name})
    text = as_text(value)
    try:
        fits = text is None or from_text(fact, text) == value
    except ValueError:
        fits = False
    if not fits:
        raise FactRefused(
            _("“%(value)s” is no value of “%(fact)s”; choose one of: %(words)s.")
            % {"value": text, "fact": _(fact.label), "words": allowed(fact)},
            "value",
        )
    return fact.column


def _basis_of(task: Task, fact: str) -> str | None:
    last = FactRecord.objects.filter(task=task, fact=fact).order_by("recorded_at", "pk").last()
    return last.basis if last else None


def _check_exposure(profile: TaskProfile, value: FactValue | None, reason: str, on: date) -> None:
    served = list(profile.task.services.filter(open_on(on)).values_list("kind", flat=True))
    proposed = proposed_exposure(kinds_served(profile, served))
    if value not in (None, proposed) and not reason.strip():
        label = next(choice.label for choice in EXPOSURES if choice.code == proposed)
        raise FactRefused(
            _("The services served propose “%(proposed)s”; choose that, or give the reason for another exposure.")
            % {"proposed": _(label)},
            "reason",
        )
