"""The acts on a Penetapan: its Keputusan recorded, and revoked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import Leaf, leaves
from agencies.errors import ActRefused
from agencies.models import Document, Institution, User
from eligibility.determinations.signing import Signature, leaf_of, refuse_future, waiting_at, write_step
from eligibility.models import (
    Determination,
    DeterminationRevocation,
    DeterminedGround,
    DeterminedPosition,
    DeterminedSource,
    DeterminedTask,
    State,
    Step,
    Verification,
    VerificationStep,
)


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
    with transaction.atomic():
        row = waiting_at(verification, Step.PPK)
        _refuse_other_paper(row.institution, signed)
        determination = Determination(
            institution=row.institution,
            verification=row,
            effective_from=effective_from,
            last_day=last_day,
            supersedes=supersedes,
            document=document,
            **_written(signed, actor, at),
        )
        checked(determination)
        _refuse_supersession(determination)
        _close(determination, signed)
    return determination


def _written(signed: Signature, actor: User | None, at: datetime | None) -> dict[str, Any]:
    """What a Keputusan and its revocation have in common, by the names of the columns."""
    stamp = {"signed_on": signed.signed_on, "recorded_at": at or timezone.now(), "recorded_by": actor}
    return stamp | signed.by_name()


def _close(determination: Determination, signed: Signature) -> None:
    """Write the last step and the Keputusan; the row that freezes all others is written last."""
    row, moment = determination.verification, determination.recorded_at
    passed = write_step(row, Step.PPK, VerificationStep.Outcome.PASSED, signed, determination.recorded_by, moment)
    row.state, row.step = State.DETERMINED, ""
    row.save(update_fields=["state", "step"])
    determination.save(force_insert=True)
    _determined(determination, passed, signed)


def _determined(determination: Determination, passed: VerificationStep, signed: Signature) -> None:
    verification, superseded, document = determination.verification, determination.supersedes, determination.document
    events.record(
        actor=determination.recorded_by,
        action="determination_recorded",
        subject=determination,
        at=determination.recorded_at,
        private=signed.private(),
        leaves=chain(_leaves_of_rows(verification), leaf_of(passed), leaf_of(verification)),
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
    with transaction.atomic():
        Institution.objects.held(determination.institution_id)
        found = Determination.objects.select_for_update(of=("self",)).get(pk=determination.pk)
        if DeterminationRevocation.objects.filter(determination=found).exists():
            raise ActRefused(_("%(number)s is revoked already.") % {"number": found.number})
        written = _written(signed, actor, at)
        row = DeterminationRevocation(determination=found, effective_from=effective_from, reason=reason, **written)
        refuse_future(signed, found.institution, row.recorded_at)
        _refuse_before(found, signed)
        checked(row).save(force_insert=True)
        events.record(
            actor=actor,
            action="determination_revoked",
            subject=row,
            institution=found.institution,
            at=row.recorded_at,
            private={**signed.private(), "reason": reason},
            paper=signed.told(),
            determination=found.number,
            effective_from=effective_from,
        )
    return row


def _refuse_before(determination: Determination, signed: Signature) -> None:
    """Refuse a revocation dated before what it revokes."""
    if signed.signed_on < determination.signed_on:
        raise ActRefused(
            _("%(number)s was signed on %(day)s; what revokes it bears that date or a later one.")
            % {"number": determination.number, "day": date_format(determination.signed_on)},
            "signed_on",
        )


def _refuse_other_paper(institution: Institution, signed: Signature) -> None:
    """One Keputusan may cover several agencies, but its number belongs to one paper of one date."""
    others = Determination.objects.filter(institution=institution, number=signed.number)
    if others.exclude(signed_on=signed.signed_on).exists():
        raise ActRefused(
            _("A Keputusan of this number is recorded with another date; write number and date as they stand on it."),
            "number",
        )


def _refuse_supersession(determination: Determination) -> None:
    """Refuse to supersede what is another institution's, or comes into force later; so too its document."""
    earlier, document = determination.supersedes, determination.document
    if document is not None and document.institution_id != determination.institution_id:
        raise ActRefused(_("Choose a document of this institution."), "document")
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
