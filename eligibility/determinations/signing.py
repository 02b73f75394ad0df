"""What the acts on results and Penetapan share: who signed, the locked row that waits, the step that is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import Leaf, leaves
from agencies.errors import ActRefused
from agencies.models import Institution, User
from eligibility.models import Capacity, State, Step, Verification, VerificationStep


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a paper: its number and date, office and name, and in which capacity, with its basis."""

    number: str
    signed_on: date
    title: str
    name: str = ""
    capacity: str = Capacity.OWN
    delegation_basis: str = ""

    def by_name(self) -> dict[str, str]:
        """By the names of the columns; the date has another name in each table."""
        return {
            "number": self.number,
            "signatory_title": self.title,
            "signatory_name": self.name,
            "capacity": self.capacity,
            "delegation_basis": self.delegation_basis,
        }

    def told(self) -> dict[str, events.Detail]:
        """What the trail may hold for ever: no name."""
        return {"number": self.number, "signed_on": self.signed_on, "capacity": str(self.capacity)}

    def private(self) -> dict[str, events.Detail]:
        """What names people, or may."""
        return {"office": self.title, "name": self.name, "delegation_basis": self.delegation_basis}


def locked(verification: Verification) -> Verification:
    """The row as it is now, locked until the end; agency, institution and rulebook with it.

    The institution is held first, as by sending: what was returned is not withdrawn and sent again at once.
    """
    Institution.objects.held(verification.institution_id)
    rows = Verification.objects.select_related("institution", "agency", "rulebook")
    return rows.select_for_update(of=("self",)).get(pk=verification.pk)


def waiting_at(verification: Verification, step: Step) -> Verification:
    """The locked row of results that wait at the step. Raises ActRefused where they do not."""
    row = locked(verification)
    if row.state == State.SENT and row.step == step:
        return row
    if row.state == State.SENT:
        words = {"step": step.label, "waits": Step(row.step).label}
        raise ActRefused(_("The results do not wait at “%(step)s” but at “%(waits)s”; open them again.") % words)
    raise ActRefused(
        _("The results are not on their way but: %(state)s. Open them again.") % {"state": row.get_state_display()}
    )


def write_step(
    row: Verification,
    step: Step,
    outcome: VerificationStep.Outcome,
    signed: Signature,
    actor: User | None,
    at: datetime,
    reason: str = "",
) -> VerificationStep:
    """Write what became of the results at a step. Raises ActRefused for a paper of the future, ValuesRefused."""
    refuse_future(signed, row.institution, at)
    _refuse_earlier(signed, row)
    found = VerificationStep(
        verification=row,
        round=row.round,
        step=step,
        outcome=outcome,
        decided_on=signed.signed_on,
        reason=reason.strip(),
        recorded_at=at,
        recorded_by=actor,
        **signed.by_name(),
    )
    checked(found).save(force_insert=True)
    return found


def _refuse_earlier(signed: Signature, row: Verification) -> None:
    """Refuse a paper dated before the paper of the step before it: nobody decides on what has not come to her."""
    last = row.passed_steps.order_by("-decided_on", "-pk").first()
    if last is not None and signed.signed_on < last.decided_on:
        raise ActRefused(
            _("“%(step)s” decided on %(day)s; this paper comes after it and bears that date or a later one.")
            % {"step": last.get_step_display(), "day": date_format(last.decided_on)},
            "signed_on",
        )


def leaf_of(row: Verification | VerificationStep) -> Iterator[Leaf]:
    """The leaf of one row."""
    yield from leaves(type(row)._default_manager.filter(pk=row.pk))


def refuse_future(signed: Signature, institution: Institution, at: datetime) -> None:
    """Refuse a paper dated after the moment it is recorded, where the institution is."""
    if signed.signed_on > at.astimezone(ZoneInfo(institution.time_zone)).date():
        raise ActRefused(_("The paper is dated in the future; write the date it bears."), "signed_on")
