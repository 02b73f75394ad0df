"""Acts on the aggregate map that an institution shows to other governments: publish it, withdraw it."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import leaves
from agencies.errors import ActRefused
from agencies.models import Institution, User
from eligibility.footing import Footing
from eligibility.models import MapWithdrawal, PublishedMap, StoredRulebook
from eligibility.published_maps.counting import public_map
from eligibility.published_maps.tables import PublicMap, TooFew
from eligibility.published_maps.texts import digest_of, written
from eligibility.stored_rulebooks import store_rulebook


def publish_map(
    *,
    actor: User | None,
    institution: Institution,
    judged_on: date,
    note: str = "",
    seen: str | None = None,
    at: datetime | None = None,
) -> PublishedMap | None:
    """Show the aggregate map of a day to other governments; None where the newest one shown says the same.

    `seen` is the digest of what its publisher saw (`digest_of`). Raises ActRefused where that is no longer what
    would be shown, and where there are too few positions; NoLawInForce for a day without rules.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        footing = Footing(Institution.objects.held(institution.pk), judged_on, moment)
        row = _row(footing, note, seen)
        if _says_the_same(PublishedMap.objects.shown().filter(institution=institution).first(), row):
            return None
        new = _kept_rulebook(footing, moment)
        row.published_at, row.published_by = moment, actor
        checked(row).save()
        record = partial(events.record, actor=actor, action="map_published", subject=row, at=moment)
        record(leaves=leaves(new), judged_on=judged_on, rulebook=row.rulebook_id)
        return row


def withdraw_map(
    *, actor: User | None, published_map: PublishedMap, reason: str, at: datetime | None = None
) -> MapWithdrawal | None:
    """Show a published map to nobody else any longer; None where it is withdrawn already."""
    moment = at or timezone.now()
    with transaction.atomic():
        owner = Institution.objects.held(published_map.institution_id)
        if MapWithdrawal.objects.filter(published_map=published_map).exists():
            return None
        row = MapWithdrawal(published_map=published_map, reason=reason.strip(), withdrawn_at=moment, withdrawn_by=actor)
        checked(row).save()
        events.record(actor=actor, action="map_withdrawn", subject=row, institution=owner, at=moment)
        return row


def _row(footing: Footing, note: str, seen: str | None) -> PublishedMap:
    content = written(_told(footing))
    if seen is not None and seen != digest_of(content):
        raise ActRefused(_("Facts have changed since you saw this map. Look at it again, then publish it."))
    return PublishedMap(
        institution=footing.institution,
        judged_on=footing.on,
        rulebook_id=footing.rulebook.fingerprint,
        content=content,
        note=note.strip(),
    )


def _kept_rulebook(footing: Footing, at: datetime) -> QuerySet[StoredRulebook]:
    """Keep the rulebook; its row where it was not kept before, so that the act seals it."""
    rows = StoredRulebook.objects.filter(pk=footing.rulebook.fingerprint)
    if rows.exists():
        return StoredRulebook.objects.none()
    store_rulebook(footing.rulebook, at)
    return rows


def _told(footing: Footing) -> PublicMap:
    try:
        return public_map(footing)
    except TooFew as refusal:
        raise ActRefused(
            _("There are fewer than five positions; a map of them would tell of single ones. Nothing is published.")
        ) from refusal


def _says_the_same(shown: PublishedMap | None, row: PublishedMap) -> bool:
    names = ("judged_on", "rulebook_id", "content", "note")
    return shown is not None and all(getattr(shown, name) == getattr(row, name) for name in names)
