"""The act that gives an approval its letter."""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.models import Employee, Institution, User
from eligibility.arrangements.letter_basis import hindrance
from eligibility.arrangements.letter_signing import DELEGATED, Signer, may_issue, signer_for, signer_of
from eligibility.arrangements.letter_writing import Paper, write_letter
from eligibility.arrangements.letters import letter_text
from eligibility.models import Approval, Arrangement, ArrangementState, Capacity, Letter

_RANDOM_BYTES: Final = 20
"""Of the public code: 160 random bits, which are 32 letters and digits."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How it is signed: as the office is held (empty), or a.n. or u.b. by another official, with the delegation."""

    capacity: str = ""
    signatory: Employee | None = None
    delegation_basis: str = ""


@transaction.atomic
def issue_letter(
    *,
    actor: User | None,
    arrangement: Arrangement,
    number: str,
    signed_on: date,
    on: date,
    capacity: str = "",
    signatory: Employee | None = None,
    delegation_basis: str = "",
    at: datetime | None = None,
) -> Letter:
    """Give the last approval of an approved arrangement its letter; what it says is fixed with it.

    `capacity` empty: signed by who decided, or holds that office on the date, as definitif, Plt or Plh. For a.n.
    and u.b. `signatory` is the official who signs. Raises ActRefused, ValuesRefused by field.
    """
    moment = at or timezone.now()
    Institution.objects.held(arrangement.institution_id)
    approval = _waiting(arrangement)
    _refuse_actor(actor, approval, on, moment)
    _refuse_paper(approval, number.strip(), signed_on, on)
    _refuse_lapsed(approval, signed_on, moment)
    signing = Signing(capacity, signatory, delegation_basis.strip())
    signer = _signer(approval, actor, signing, signed_on, moment)
    paper = Paper(number.strip(), signed_on, _new_code(), signer, _basis(signer, signing))
    letter = _written(approval, paper, actor, moment)
    checked(letter).save(force_insert=True)
    _issued(letter)
    return letter


def _waiting(arrangement: Arrangement) -> Approval:
    """The last approval of an arrangement that is approved and has no letter yet. Raises ActRefused."""
    related = ("institution", "employee", "position", "agency", "unit", "workplace", "norm")
    rows = Arrangement.objects.select_related(*related).select_for_update(of=("self",))
    row = rows.get(pk=arrangement.pk)
    if row.state != ArrangementState.APPROVED:
        raise ActRefused(
            _("A letter is given for what is approved; this stands at “%(state)s”.")
            % {"state": row.get_state_display()}
        )
    approval = row.approvals.select_related("by", "by_employee", "office__agency__parent").order_by("at", "pk").last()
    if approval is None:
        raise ActRefused(_("No approval is recorded for this arrangement, so there is nothing to write a letter of."))
    earlier = Letter.objects.filter(approval=approval).first()
    if earlier is not None:
        raise ActRefused(
            _("This approval has its letter already: %(number)s of %(day)s.")
            % {"number": earlier.number, "day": date_format(earlier.signed_on)}
        )
    approval.arrangement = row
    return approval


def _refuse_actor(actor: User | None, approval: Approval, on: date, at: datetime) -> None:
    """Refuse whoever neither holds the deciding office nor is HR officer there. None is the portal itself."""
    if actor is not None and not may_issue(actor, approval, on, at):
        raise ActRefused(
            _("The letter is issued by who holds the office that decided, or by an HR officer; never by the employee.")
        )


def _refuse_paper(approval: Approval, number: str, signed_on: date, on: date) -> None:
    if signed_on < approval.on:
        raise ActRefused(
            _("It was approved on %(day)s; the letter bears that date or a later one.")
            % {"day": date_format(approval.on)},
            "signed_on",
        )
    if signed_on > on:
        raise ActRefused(_("The letter is dated in the future; write the date it bears."), "signed_on")
    if Letter.objects.filter(institution=approval.arrangement.institution_id, number=number).exists():
        raise ActRefused(_("Another letter of this institution has this number; give the next one."), "number")


def _refuse_lapsed(approval: Approval, signed_on: date, at: datetime) -> None:
    """Refuse a letter of a day on which the period is over, or what the approval rests on does not hold."""
    if told := hindrance(approval, signed_on, at):
        raise ActRefused(told, "signed_on")


def _signer(approval: Approval, actor: User | None, signing: Signing, signed_on: date, at: datetime) -> Signer:
    if signing.capacity in DELEGATED:
        if signing.signatory is None:
            raise ActRefused(_("Name the official who signs on behalf of who decided."), "signatory")
        signer = signer_for(approval, signing.signatory, Capacity(signing.capacity), signed_on, at)
    else:
        signer = signer_of(approval, actor, signed_on, at)
    if signing.capacity not in ("", signer.capacity):
        raise ActRefused(
            _("On that day the office is held otherwise: %(capacity)s.") % {"capacity": signer.capacity.label},
            "capacity",
        )
    if signer.employee is not None and signer.employee.pk == approval.arrangement.employee_id:
        raise ActRefused(
            _("Nobody signs her own letter; let another official sign on behalf of the office."), "capacity"
        )
    return signer


def _basis(signer: Signer, signing: Signing) -> str:
    """The basis of a signature that is not in the own office; of a Plt or Plh, the SK of the posting unless told."""
    if signer.capacity is Capacity.OWN:
        return ""
    sk = _("SK %(number)s") % {"number": signer.sk} if signer.sk else ""
    basis = signing.delegation_basis or sk
    if not basis:
        raise ActRefused(_("Whoever signs for somebody else names the basis of the delegation."), "delegation_basis")
    return basis


def _written(approval: Approval, paper: Paper, actor: User | None, at: datetime) -> Letter:
    """The row of a letter, with its whole text."""
    return Letter(
        institution=approval.arrangement.institution,
        approval=approval,
        number=paper.number,
        signed_on=paper.signed_on,
        signatory=paper.signer.employee,
        signatory_title=paper.signer.office[:200],
        capacity=paper.signer.capacity,
        delegation_basis=paper.delegation_basis,
        code=paper.code,
        content=letter_text(write_letter(approval, paper, at)),
        recorded_at=at,
        recorded_by=actor,
    )


def _new_code() -> str:
    return b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode().lower()


def _issued(letter: Letter) -> None:
    approval = letter.approval
    events.record(
        actor=letter.recorded_by,
        action="letter_issued",
        subject=letter,
        at=letter.recorded_at,
        private={"office": letter.signatory_title, "delegation_basis": letter.delegation_basis},
        number=letter.number,
        signed_on=letter.signed_on,
        capacity=str(letter.capacity),
        arrangement=approval.arrangement_id,
        approval=approval.pk,
    )
