"""Acts on the trail itself: erasing what it says of people, going on after a restored backup, checking it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.models import Institution, User
from oversight.entries import CHECKED, ERASED, RESTORED
from oversight.models import TrailCheck, TrailEntry, TrailHead, TrailSide
from oversight.recent import verify_recent
from oversight.trail import locked_head


def erase_side(*, actor: User | None, entry: TrailEntry, reason: str, at: datetime | None = None) -> Receipt | None:
    """Empty the side row of an entry, where the law asks that personal data be erased; the chain stays whole.

    `reason` stands in the trail for ever, so it names the legal ground and no person. Returns None where the
    row was erased before. Raises ActRefused for an entry that says nothing of people, or without a reason.
    """
    with transaction.atomic():
        side = TrailSide.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
        if side is None:
            raise ActRefused(
                _("Entry %(number)d holds no personal data, so there is nothing to erase.") % {"number": entry.number},
                field="number",
            )
        if side.erased_by_id is not None:
            return None
        receipt = events.record(
            actor=actor,
            action=ERASED,
            subject=entry,
            institution=entry.institution,
            at=at,
            entry=entry.number,
            side_digest=entry.side_digest,
            reason=_given(reason, _("Give the legal ground of the erasure, without naming a person.")),
        )
        # After the record, because the row names the entry of its erasure.
        side.erased_by = TrailEntry.objects.get(institution=entry.institution, number=receipt.number)
        side.salt = side.body = None
        side.save(update_fields=["salt", "body", "erased_by"])
    return receipt


def restore_trail(*, actor: User | None, institution: Institution, reason: str, at: datetime | None = None) -> Receipt:
    """Go on after a backup was put back: begin a new epoch that says which entry the chain continues from.

    Raises ActRefused without a reason, or where the institution has no entry yet.
    """
    with transaction.atomic():
        if not TrailHead.objects.filter(pk=institution.pk, number__gt=0).exists():
            raise ActRefused(
                _("The trail of %(code)s has no entry yet, so there is nothing to continue.")
                % {"code": institution.code}
            )
        return events.record(
            actor=actor,
            action=RESTORED,
            subject=institution,
            institution=institution,
            at=at,
            continues_from=locked_head(institution.pk)._asdict(),
            reason=_given(reason, _("Say why the backup was put back.")),
        )


def check_trail(*, actor: User | None, institution: Institution, at: datetime | None = None) -> TrailCheck:
    """Recompute the last entries of the chain and keep what was found; the chain itself says that it was checked.

    It is recomputed before the transaction begins: no other act waits for it.
    """
    recent = verify_recent(institution)
    broken = recent.found.broken
    with transaction.atomic():
        check = TrailCheck.objects.create(
            institution=institution,
            at=at or timezone.now(),
            by=actor,
            first=recent.first,
            last=recent.last,
            count=recent.found.count,
            broken=broken.number if broken else None,
            reason=broken.reason[:300] if broken else "",
        )
        events.record(
            actor=actor,
            action=CHECKED,
            subject=check,
            institution=institution,
            at=at,
            first=check.first,
            last=check.last,
            broken=check.broken,
        )
    return check


def _given(reason: str, otherwise: str) -> str:
    if not reason.strip():
        raise ActRefused(otherwise, field="reason")
    return reason.strip()
