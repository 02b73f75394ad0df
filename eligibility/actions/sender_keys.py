"""The act on a key by which files of rules are signed: whose it is, as an institution was told, or no longer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.models import Institution, User
from agencies.signing import is_public_key
from eligibility.models import SenderKey


def record_sender_key(
    *,
    actor: User,
    institution: Institution,
    public_key: str,
    holder: str,
    trusted: bool,
    source: str,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Record whose a public key is, or that it is used no longer; what was recorded before stays.

    None where the institution has last recorded just this. Raises ActRefused, at its field, for what is no key.
    """
    moment, key = at or timezone.now(), public_key.strip()
    if not is_public_key(key):
        raise ActRefused(_("This is no public key: it is 44 signs of base64, as the sender shows them."), "public_key")
    with transaction.atomic():
        owner = Institution.objects.held(institution.pk)
        row = SenderKey(institution=owner, public_key=key, trusted=trusted, recorded_at=moment)
        row.holder, row.source = holder.strip(), source.strip()
        last = owner.sender_keys.filter(public_key=key).first()
        if last is not None and _says(last) == _says(row):
            return None
        checked(row).save()
        return events.record(
            actor=actor, action="rules_key_recorded", subject=row, at=moment, signed_by=key, trusted=trusted
        )


def _says(row: SenderKey) -> tuple[object, ...]:
    return (row.holder, row.trusted, row.source)
