"""The acts from checked results to a Penetapan: send, pass on, return, withdraw, record, revoke."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import Leaf, leaves
from agencies.errors import ActRefused
from agencies.models import Agency, Document, Institution, User
from eligibility import loading
from eligibility.determinations.reading import notes_for
from eligibility.determinations.sending import refuse_closed, refuse_disagreed, refuse_overlap, way_of
from eligibility.determinations.storing import covered_agencies, remove_results, store_results
from eligibility.models import (
    Capacity,
    Determination,
    DeterminationRevocation,
    DeterminedGround,
    DeterminedPosition,
    DeterminedSource,
    DeterminedTask,
    State,
    Step,
    StoredRulebook,
    Verification,
    VerificationStep,
)
from eligibility.rulebook import Rulebook
from eligibility.rulebook_text import canonical
from eligibility.statements import compiled
from eligibility.stored_rulebooks import store_rulebook


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


def send_results(
    *,
    actor: User | None,
    agency: Agency,
    judged_on: date,
    known_at: datetime,
    with_subtree: bool = False,
    at: datetime | None = None,
) -> Verification:
    """Send the results of an agency upwards; those that were returned are sent again, in a further round.

    They are judged once more and stored as the PPK will sign them. Raises ActRefused while results of the
    agency are on their way, for facts that are not agreed where the institution asks for it, and for an
    agency that is closed or has no position; NoLawInForce for a day without rules.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        # Two senders at the same moment wait for one another here.
        Institution.objects.select_for_update(no_key=True).get(pk=agency.institution_id)
        refuse_closed(agency, judged_on)
        verification = _to_be_sent(agency, with_subtree)
        rulebook = loading.rulebook(agency.institution, judged_on, known_at)
        is_new = not StoredRulebook.objects.filter(pk=rulebook.fingerprint).exists()
        stored = store_rulebook(rulebook, moment)
        verification.judged_on, verification.known_at, verification.rulebook = judged_on, known_at, stored
        verification.with_subtree = with_subtree
        verification.sent_by, verification.sent_at = actor, moment
        _write(verification, rulebook)
        events.record(
            actor=actor,
            action="results_sent",
            subject=verification,
            at=moment,
            leaves=leaves(StoredRulebook.objects.filter(pk=stored.pk)) if is_new else (),
            results=_sent(verification),
        )
    return verification


def _to_be_sent(agency: Agency, with_subtree: bool) -> Verification:
    """The results of the agency that were returned, for a further round, else new ones; unsaved."""
    open_ones = list(Verification.objects.open().filter(institution=agency.institution_id).select_related("agency"))
    refuse_overlap(agency, with_subtree, open_ones)
    for one in open_ones:
        if one.agency_id == agency.pk:
            if not one.may_become(State.SENT):
                raise ActRefused(
                    _("Results of %(agency)s are on their way already; let them pass, or withdraw them first.")
                    % {"agency": agency.name}
                )
            one.state, one.round = State.SENT, one.round + 1
            return one
    return Verification(institution=agency.institution, agency=agency)


def _write(verification: Verification, rulebook: Rulebook) -> None:
    """Store the results and the row that stands for them."""
    institution, on = verification.institution, verification.judged_on
    settings = loading.settings_in_force(institution, on, verification.known_at)
    grounds = loading.grounds(institution, on, verification.known_at)
    way = way_of(settings.members("determination_steps"))
    criteria = {str(row.number): (row.label, row.question) for row in institution.local_criteria.all()}
    verification.layout = compiled(rulebook).layout.digest
    verification.notes = canonical(notes_for(rulebook, criteria))
    verification.steps, verification.step = " ".join(way), way[0]
    verification.save()
    agencies = covered_agencies(verification.agency, grounds, with_subtree=verification.with_subtree)
    stored = store_results(verification, rulebook, grounds, agencies)
    if not stored.positions:
        raise ActRefused(
            _("%(agency)s has no position on that day, so there is nothing to send.")
            % {"agency": verification.agency.name}
        )
    if settings.is_on("facts_must_be_agreed"):
        refuse_disagreed(verification, rulebook)
    verification.positions, verification.tasks = stored.positions, stored.tasks
    verification.save(update_fields=["positions", "tasks"])


def _sent(verification: Verification) -> dict[str, events.Detail]:
    return {
        "agency": verification.agency.code,
        "with_subtree": verification.with_subtree,
        "judged_on": verification.judged_on,
        "known_at": verification.known_at,
        "rulebook": verification.rulebook_id,
        "round": verification.round,
        "steps": list(verification.steps.split()),
        "positions": verification.positions,
        "tasks": verification.tasks,
    }


def pass_step(
    *, actor: User | None, verification: Verification, step: Step, signed: Signature, at: datetime | None = None
) -> Verification:
    """Record that results passed the step they wait at (all but the last, which is the Penetapan itself).

    Raises ActRefused where they do not wait at that step, ValuesRefused by field.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _waiting(verification, step)
        if step == Step.PPK:
            raise ActRefused(_("The last step is the Keputusan itself; record the Penetapan."))
        passed = _step(row, step, VerificationStep.Outcome.PASSED, signed, actor, moment)
        row.step = row.way[row.way.index(step) + 1]
        row.save(update_fields=["step"])
        _told(row, "results_passed", actor, moment, passed, signed)
    return row


def return_results(
    *,
    actor: User | None,
    verification: Verification,
    step: Step,
    signed: Signature,
    reason: str,
    at: datetime | None = None,
) -> Verification:
    """Record that the step they wait at returned the results, with its reason; their rows are taken back.

    Raises ActRefused where they do not wait at that step, ValuesRefused by field.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _waiting(verification, step)
        returned = _step(row, step, VerificationStep.Outcome.RETURNED, signed, actor, moment, reason)
        remove_results(row)
        row.state, row.step = State.RETURNED, ""
        row.save(update_fields=["state", "step"])
        _told(row, "results_returned", actor, moment, returned, signed)
    return row


def withdraw_results(
    *, actor: User | None, verification: Verification, reason: str, at: datetime | None = None
) -> Verification | None:
    """Take back results that are on their way or were returned; None where that was done before.

    Raises ActRefused for results that are determined, and without a reason.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _locked(verification)
        if row.state == State.WITHDRAWN:
            return None
        if not row.may_become(State.WITHDRAWN):
            raise ActRefused(_("These results are determined; a Penetapan is revoked, not withdrawn."))
        if not reason.strip():
            raise ActRefused(_("Write why the results are withdrawn."), "reason")
        remove_results(row)
        row.state, row.step, row.withdrawal = State.WITHDRAWN, "", reason
        row.save(update_fields=["state", "step", "withdrawal"])
        events.record(
            actor=actor,
            action="results_withdrawn",
            subject=row,
            at=moment,
            private={"reason": reason},
            round=row.round,
        )
    return row


def record_determination(
    *,
    actor: User | None,
    verification: Verification,
    signed: Signature,
    effective_from: date,
    last_day: date | None = None,
    supersedes: Determination | None = None,
    document: Document | None = None,
    at: datetime | None = None,
) -> Determination:
    """Record the Keputusan on results that have passed all steps before it; from now on their rows are frozen.

    Raises ActRefused where they wait at an earlier step, ValuesRefused by field.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _waiting(verification, Step.PPK)
        _refuse_other_paper(row.institution, signed)
        determination = Determination(
            institution=row.institution,
            verification=row,
            signed_on=signed.signed_on,
            effective_from=effective_from,
            last_day=last_day,
            supersedes=supersedes,
            document=document,
            recorded_at=moment,
            recorded_by=actor,
            **signed.by_name(),
        )
        checked(determination)
        _refuse_supersession(determination)
        passed = _step(row, Step.PPK, VerificationStep.Outcome.PASSED, signed, actor, moment)
        # While the rows may still change the row that closes them is written last.
        row.state, row.step = State.DETERMINED, ""
        row.save(update_fields=["state", "step"])
        determination.save(force_insert=True)
        _determined(determination, passed, signed)
    return determination


def _determined(determination: Determination, passed: VerificationStep, signed: Signature) -> None:
    verification, superseded, document = determination.verification, determination.supersedes, determination.document
    events.record(
        actor=determination.recorded_by,
        action="determination_recorded",
        subject=determination,
        at=determination.recorded_at,
        private=signed.private(),
        leaves=chain(_leaves_of_rows(verification), _leaf(passed), _leaf(verification)),
        paper=signed.told(),
        agency=verification.agency.code,
        effective_from=determination.effective_from,
        last_day=determination.last_day,
        supersedes=superseded.number if superseded else None,
        document=document.sha256 if document else None,
        rulebook=verification.rulebook_id,
        positions=verification.positions,
        tasks=verification.tasks,
    )


def _leaves_of_rows(verification: Verification) -> Iterator[Leaf]:
    """The leaves of everything that the determination rests on, in the order of their tables and keys."""
    for model in (DeterminedGround, DeterminedSource, DeterminedTask, DeterminedPosition):
        yield from leaves(model._default_manager.filter(verification=verification).order_by("pk"))


def _leaf(row: Verification | VerificationStep) -> Iterator[Leaf]:
    yield from leaves(type(row)._default_manager.filter(pk=row.pk))


def revoke_determination(
    *,
    actor: User | None,
    determination: Determination,
    signed: Signature,
    effective_from: date,
    reason: str,
    at: datetime | None = None,
) -> DeterminationRevocation:
    """Record that a Penetapan no longer holds from a day on; what it superseded does not come back.

    Raises ActRefused where it was revoked before, ValuesRefused by field.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        found = Determination.objects.select_for_update(of=("self",)).get(pk=determination.pk)
        if DeterminationRevocation.objects.filter(determination=found).exists():
            raise ActRefused(_("%(number)s is revoked already.") % {"number": found.number})
        _refuse_future(signed, found.institution, moment)
        row = DeterminationRevocation(
            determination=found,
            signed_on=signed.signed_on,
            effective_from=effective_from,
            reason=reason,
            recorded_at=moment,
            recorded_by=actor,
            **signed.by_name(),
        )
        checked(row).save(force_insert=True)
        events.record(
            actor=actor,
            action="determination_revoked",
            subject=row,
            institution=found.institution,
            at=moment,
            private={**signed.private(), "reason": reason},
            paper=signed.told(),
            determination=found.number,
            effective_from=effective_from,
        )
    return row


def _locked(verification: Verification) -> Verification:
    """The row as it is now, locked until the end; agency, institution and rulebook with it."""
    rows = Verification.objects.select_related("institution", "agency", "rulebook")
    return rows.select_for_update(of=("self",)).get(pk=verification.pk)


def _waiting(verification: Verification, step: Step) -> Verification:
    """The locked row of results that wait at the step. Raises ActRefused where they do not."""
    row = _locked(verification)
    if row.state == State.SENT and row.step == step:
        return row
    if row.state == State.SENT:
        words = {"step": step.label, "waits": Step(row.step).label}
        raise ActRefused(_("The results do not wait at “%(step)s” but at “%(waits)s”; open them again.") % words)
    raise ActRefused(
        _("The results are not on their way but: %(state)s. Open them again.") % {"state": row.get_state_display()}
    )


def _step(
    row: Verification,
    step: Step,
    outcome: VerificationStep.Outcome,
    signed: Signature,
    actor: User | None,
    at: datetime,
    reason: str = "",
) -> VerificationStep:
    _refuse_future(signed, row.institution, at)
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


def _told(
    row: Verification, action: str, actor: User | None, at: datetime, step: VerificationStep, signed: Signature
) -> None:
    reason: Mapping[str, events.Detail] = {"reason": step.reason} if step.reason else {}
    events.record(
        actor=actor,
        action=action,
        subject=row,
        at=at,
        private={**signed.private(), **reason},
        leaves=_leaf(step),
        paper=signed.told(),
        step=step.step,
        round=step.round,
    )


def _refuse_future(signed: Signature, institution: Institution, at: datetime) -> None:
    """Refuse a paper dated after the moment it is recorded, where the institution is."""
    if signed.signed_on > at.astimezone(ZoneInfo(institution.time_zone)).date():
        raise ActRefused(_("The paper is dated in the future; write the date it bears."), "signed_on")


def _refuse_other_paper(institution: Institution, signed: Signature) -> None:
    """One Keputusan may cover several agencies, but its number belongs to one paper of one date."""
    others = Determination.objects.filter(institution=institution, number=signed.number)
    if others.exclude(signed_on=signed.signed_on).exists():
        raise ActRefused(
            _("A Keputusan of this number is recorded with another date; write number and date as they stand on it."),
            "number",
        )


def _refuse_supersession(determination: Determination) -> None:
    """Refuse to supersede what is another institution's, or comes into force later."""
    earlier = determination.supersedes
    if earlier is None:
        return
    if earlier.institution_id != determination.institution_id:
        raise ActRefused(_("Choose a Penetapan of this institution."), "supersedes")
    if earlier.effective_from > determination.effective_from:
        raise ActRefused(
            _("%(number)s comes into force later; a Penetapan supersedes only an earlier one.")
            % {"number": earlier.number},
            "supersedes",
        )
