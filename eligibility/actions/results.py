"""The acts on results on their way to a Penetapan: send, pass on, return, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.digests import leaves
from agencies.errors import ActRefused
from agencies.local_criteria import local_criteria_of
from agencies.models import Agency, Institution, User
from eligibility import loading
from eligibility.determinations.reading import notes_for
from eligibility.determinations.sending import refuse_closed, refuse_disagreed, refuse_overlap, way_of
from eligibility.determinations.signing import Signature, leaf_of, locked, waiting_at, write_step
from eligibility.determinations.storing import covered_agencies, remove_results, store_results
from eligibility.footing import Footing
from eligibility.models import State, Step, StoredRulebook, Verification, VerificationStep
from eligibility.rulebook import Rulebook
from eligibility.rulebook_text import canonical
from eligibility.statements import compiled
from eligibility.stored_rulebooks import store_rulebook


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
        Institution.objects.held(agency.institution_id)
        refuse_closed(agency, judged_on)
        verification = _to_be_sent(agency, with_subtree)
        verification.judged_on, verification.known_at, verification.with_subtree = judged_on, known_at, with_subtree
        verification.sent_by, verification.sent_at = actor, moment
        rulebook = loading.rulebook(agency.institution, judged_on, known_at)
        is_new = not StoredRulebook.objects.filter(pk=rulebook.fingerprint).exists()
        verification.rulebook = stored = store_rulebook(rulebook, moment)
        _write(verification, rulebook)
        new = StoredRulebook.objects.filter(pk=stored.pk) if is_new else StoredRulebook.objects.none()
        record = partial(events.record, actor=actor, action="results_sent", subject=verification, at=moment)
        record(leaves=leaves(new), results=_sent(verification))
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
    grounds = Footing(institution, on, verification.known_at).grounds
    way = way_of(settings.members("determination_steps"))
    criteria = {str(row.number): (row.label, row.question) for row in local_criteria_of(institution.pk)}
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
        row = waiting_at(verification, step)
        if step == Step.PPK:
            raise ActRefused(_("The last step is the Keputusan itself; record the Penetapan."))
        passed = write_step(row, step, VerificationStep.Outcome.PASSED, signed, actor, moment)
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
        row = waiting_at(verification, step)
        returned = write_step(row, step, VerificationStep.Outcome.RETURNED, signed, actor, moment, reason)
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
        row = locked(verification)
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
        leaves=leaf_of(step),
        paper=signed.told(),
        step=step.step,
        round=step.round,
    )
