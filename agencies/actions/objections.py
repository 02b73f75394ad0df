"""The acts on what an employee says is wrong in her own file: she raises and withdraws it, HR answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.models import Employee, Objection, User
from agencies.models.employees import OBJECTION_TRANSITIONS

State = Objection.State


def raise_objection(
    *, actor: User, employee: Employee, about: str, statement: str, at: datetime | None = None
) -> Objection | None:
    """Write what an employee says is wrong in her file; None where she says the same already.

    Raises ActRefused where it is not her own file, or where an objection about that part waits for an answer.
    """
    moment = at or timezone.now()
    if actor.employee_id != employee.pk:
        raise ActRefused(_("An objection is raised about one's own file only."))
    with transaction.atomic():
        Employee.objects.select_for_update(no_key=True).get(pk=employee.pk)
        waiting = Objection.objects.filter(employee=employee, about=about, state=State.OPEN).first()
        if waiting and waiting.statement == statement:
            return None
        if waiting:
            raise ActRefused(
                _("Your objection about this part waits for an answer. Withdraw it first to write another."),
                field="about",
            )
        objection = Objection(employee=employee, about=about, statement=statement, raised_by=actor, raised_at=moment)
        checked(objection).save()
        private = {"about": about, "statement": statement}
        _recorded(actor, "objection_raised", objection, moment, private)
        return objection


def accept_objection(
    *, actor: User, objection: Objection, answer: str = "", at: datetime | None = None
) -> events.Receipt | None:
    """Say that the objection was right and the file is corrected; None where that was said already."""
    return _answer(actor, objection, State.ACCEPTED, answer, at)


def refuse_objection(
    *, actor: User, objection: Objection, answer: str, at: datetime | None = None
) -> events.Receipt | None:
    """Say why the file stays as it is; None where that was said already. Raises ActRefused without a reason."""
    if not answer.strip():
        raise ActRefused(_("Write why the file stays as it is; the employee reads it."), field="answer")
    return _answer(actor, objection, State.REFUSED, answer, at)


def withdraw_objection(*, actor: User, objection: Objection, at: datetime | None = None) -> events.Receipt | None:
    """Take an objection back; only the employee herself. None where it is taken back already."""
    if actor.employee_id != objection.employee_id:
        raise ActRefused(_("Only the employee who raised an objection withdraws it."))
    with transaction.atomic():
        row = _moved(objection, State.WITHDRAWN)
        if row is None:
            return None
        row.save(update_fields=["state"])
        return _recorded(actor, "objection_withdrawn", row, at, {})


def _answer(
    actor: User, objection: Objection, state: Objection.State, answer: str, at: datetime | None
) -> events.Receipt | None:
    moment = at or timezone.now()
    if actor.employee_id == objection.employee_id:
        raise ActRefused(_("Nobody answers her own objection. Ask another HR officer."))
    with transaction.atomic():
        row = _moved(objection, state)
        if row is None:
            return None
        row.answer, row.answered_by, row.answered_at = answer, actor, moment
        checked(row).save(update_fields=["state", "answer", "answered_by", "answered_at"])
        return _recorded(actor, f"objection_{state.value}", row, moment, {"answer": answer})


def _moved(objection: Objection, state: Objection.State) -> Objection | None:
    """The locked row in its new state; None where it is in that state already. Raises ActRefused past the end."""
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    if row.state == state:
        return None
    if state not in OBJECTION_TRANSITIONS.get(State(row.state), frozenset()):
        raise ActRefused(_("This objection is closed: %(state)s.") % {"state": row.get_state_display()})
    row.state = state
    return row


def _recorded(
    actor: User, action: str, objection: Objection, at: datetime | None, private: Mapping[str, events.Detail]
) -> events.Receipt:
    owner = objection.employee.institution
    return events.record(actor=actor, action=action, subject=objection, institution=owner, at=at, private=private)
