"""The acts on arrangements; done twice most are refused, and so leave no second entry."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any, Final

from agencies.errors import ActRefused
from agencies.models import Employee, User
from eligibility.actions import approvals as decide
from eligibility.actions import arrangements as ask
from eligibility.actions import endings as end
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.models import Arrangement, Attestation
from eligibility.rulebook import Mode
from tests.arranged_city import AT, TODAY
from tests.base import Cast

NOW: Final[dict[str, Any]] = {"on": TODAY, "at": AT}


def account(name: str) -> User:
    return User.objects.get(username=name)


def only() -> Arrangement:
    return Arrangement.objects.get()


def nothing(_cast: Cast) -> None:
    """In the arranged city everything is recorded already that an approval needs."""


def drafted(cast: Cast) -> None:
    save(cast, attestations=tuple(Attestation.values))


def submitted(cast: Cast) -> None:
    drafted(cast)
    submit(cast)


def endorsed(cast: Cast) -> None:
    submitted(cast)
    endorse(cast)


def consulted(cast: Cast) -> None:
    endorsed(cast)
    consult(cast)


def refused(cast: Cast) -> None:
    consulted(cast)
    refuse(cast)


def objected(cast: Cast) -> None:
    refused(cast)
    object_(cast)


def approved(cast: Cast) -> None:
    endorsed(cast)
    approve(cast)


def suspended(cast: Cast) -> None:
    approved(cast)
    suspend(cast)


def save(cast: Cast, attestations: tuple[str, ...] = ()) -> object:
    """The first time a new request; the second time the same plan again, which changes nothing."""
    employee, row = Employee.objects.get(name="Nita Pemohon"), Arrangement.objects.first()
    plan = Plan(
        mode=Mode.HOME,
        weekdays=("tuesday",),
        starts_on=date(2025, 10, 6),
        ends_on=date(2025, 11, 28),
        outputs=(OutputLine("Modul layanan", "2 modul", "Aplikasi layanan tersedia"),),
        attestations=attestations,
        residence_confirmed=True,
    )
    return ask.save_request(actor=account("employee"), employee=employee, plan=plan, arrangement=row, **NOW)


def submit(cast: Cast) -> object:
    return ask.submit_request(actor=account("employee"), arrangement=only(), **NOW)


def take_back(cast: Cast) -> object:
    return ask.take_back_request(actor=account("employee"), arrangement=only(), text="Hari lain.", **NOW)


def withdraw(cast: Cast) -> object:
    return ask.withdraw_request(actor=account("employee"), arrangement=only(), reason="Batal.", **NOW)


def object_(cast: Cast) -> object:
    return ask.object_to_refusal(actor=account("employee"), arrangement=only(), statement="Rilis selesai.", **NOW)


def endorse(cast: Cast) -> object:
    return decide.endorse_request(actor=account("unit_head"), arrangement=only(), text="", **NOW)


def give_back(cast: Cast) -> object:
    return decide.return_request(actor=account("unit_head"), arrangement=only(), text="Rinci.", **NOW)


def consult(cast: Cast) -> object:
    return decide.record_consultation(
        actor=account("agency_head"), arrangement=only(), held_on=TODAY, text="Dibahas.", **NOW
    )


def approve(cast: Cast) -> object:
    return decide.approve_request(actor=account("agency_head"), arrangement=only(), **NOW)


def refuse(cast: Cast) -> object:
    return decide.refuse_request(
        actor=account("agency_head"), arrangement=only(), ground="task", text="Rilis aplikasi.", **NOW
    )


def answer(cast: Cast) -> object:
    return decide.answer_objection(actor=account("sekda"), arrangement=only(), granted=True, answer="Diterima.", **NOW)


def suspend(cast: Cast) -> object:
    return end.suspend_arrangement(
        actor=account("agency_head"), arrangement=only(), ground="output", text="Tanpa hasil.", **NOW
    )


def resume(cast: Cast) -> object:
    return end.resume_arrangement(actor=account("agency_head"), arrangement=only(), **NOW)


def finish(cast: Cast) -> object:
    return end.end_arrangement(actor=account("agency_head"), arrangement=only(), reason="Selesai.", **NOW)


def refused_again(act: Callable[[Cast], object]) -> Callable[[Cast], object]:
    """The act; done again it is refused, because the arrangement has moved on."""

    def once(cast: Cast) -> object:
        with suppress(ActRefused):
            return act(cast)
        return None

    return once


_ASK, _DECIDE, _END = "eligibility.actions.arrangements", "eligibility.actions.approvals", "eligibility.actions.endings"

_STEPS: Final[dict[str, tuple[Callable[[Cast], object], Callable[[Cast], object]]]] = {
    f"{_ASK}.save_request": (nothing, save),
    f"{_ASK}.submit_request": (drafted, submit),
    f"{_ASK}.take_back_request": (submitted, take_back),
    f"{_ASK}.withdraw_request": (submitted, withdraw),
    f"{_ASK}.object_to_refusal": (refused, object_),
    f"{_DECIDE}.endorse_request": (submitted, endorse),
    f"{_DECIDE}.return_request": (submitted, give_back),
    f"{_DECIDE}.record_consultation": (endorsed, consult),
    f"{_DECIDE}.approve_request": (endorsed, approve),
    f"{_DECIDE}.refuse_request": (consulted, refuse),
    f"{_DECIDE}.answer_objection": (objected, answer),
    f"{_END}.suspend_arrangement": (approved, suspend),
    f"{_END}.resume_arrangement": (suspended, resume),
    f"{_END}.end_arrangement": (approved, finish),
}

BEFORE = {name: before for name, (before, _act) in _STEPS.items()}
ACTS = {name: refused_again(act) for name, (_before, act) in _STEPS.items()}
ARRANGED = set(_STEPS)
REPEATABLE = {f"{_DECIDE}.record_consultation"}  # more than one may be held
