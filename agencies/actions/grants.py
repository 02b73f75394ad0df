"""The acts of giving a role, of moving its last day and of withdrawing one that has not begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events, granting
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.models import Agency, Grant, Institution, Role, User


def give_role(
    *,
    actor: User | None,
    user: User,
    institution: Institution,
    role: Role,
    agency: Agency | None,
    valid_from: date,
    valid_until: date | None = None,
    at: datetime | None = None,
) -> events.Receipt:
    """Give an account a role from a day on, until a last day or without end.

    Raises ActRefused for a day that has passed, beyond the actor's reach, for a role that repeats or contradicts
    another, and for one that nobody gives herself.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        reach = _locked_reach(actor, institution, timezone.localdate(moment))
        if valid_from < timezone.localdate(moment):
            raise ActRefused(_("A role begins today or later: it never changes what was allowed before."), "valid_from")
        grant = Grant(
            user=user,
            role=role,
            institution=institution,
            agency=agency,
            valid_from=valid_from,
            valid_until=valid_until,
            given_by=actor,
            given_at=moment,
        )
        granting.check_gift(reach, grant, timezone.localdate(moment))
        granting.check_beside(grant, user.grants.select_related("agency"))
        checked(grant).save(force_insert=True)
        return _recorded(actor, "role_given", grant, moment, {"valid_from": valid_from, "valid_until": valid_until})


def change_last_day(
    *, actor: User | None, grant: Grant, valid_until: date | None, at: datetime | None = None
) -> events.Receipt | None:
    """End a role on a last day, or let it go on longer (None: without end); the same day again changes nothing.

    Raises ActRefused for a last day before today, for days on which nobody would administer the institution,
    and for an extension that could not be given anew.
    """
    moment = at or timezone.now()
    today = timezone.localdate(moment)
    with transaction.atomic():
        reach = _locked_reach(actor, grant.institution, today)
        found = Grant.objects.select_related("institution", "agency", "user").get(pk=grant.pk)
        before = found.valid_until
        if before == valid_until:
            return None
        _check_reached(reach, found)
        if before is not None and before < today:
            raise ActRefused(_("This role has ended; give it anew."), "valid_until")
        found.valid_until = valid_until
        granting.check_days(found, today)
        if valid_until is None or (before is not None and valid_until > before):
            granting.check_gift(reach, found, today)
            granting.check_beside(found, found.user.grants.select_related("agency"))
        else:
            granting.check_still_administered(found.institution, [_lost(found, before)], today)
        found.save(update_fields=["valid_until"])
        return _recorded(actor, "role_last_day_changed", found, moment, {"before": before, "after": valid_until})


def withdraw_role(*, actor: User | None, grant: Grant, at: datetime | None = None) -> events.Receipt | None:
    """Take back a role before its first day; one that was withdrawn already changes nothing.

    Raises ActRefused for a role that has begun: what was used is never deleted.
    """
    moment = at or timezone.now()
    today = timezone.localdate(moment)
    with transaction.atomic():
        reach = _locked_reach(actor, grant.institution, today)
        found = Grant.objects.select_related("institution", "agency", "user").filter(pk=grant.pk).first()
        if found is None:
            return None
        _check_reached(reach, found)
        if found.valid_from <= today:
            raise ActRefused(_("This role has begun and stays on record; set its last day instead."))
        granting.check_still_administered(found.institution, [found], today)
        receipt = _recorded(actor, "role_withdrawn", found, moment, {"valid_from": found.valid_from})
        found.delete()
        return receipt


def _locked_reach(actor: User | None, institution: Institution, today: date) -> granting.Authority:
    """What the actor reaches, read once no other act on roles of the institution can run beside this one."""
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    return granting.authority(actor, institution, today)


def _check_reached(reach: granting.Authority, grant: Grant) -> None:
    if not reach.covers(grant.agency_id):
        raise ActRefused(_("This role reaches beyond your agency; ask the administrator of the whole institution."))


def _lost(grant: Grant, before: date | None) -> Grant:
    """The days that a shortened grant loses, as a grant of these days."""
    assert grant.valid_until is not None  # only what is shortened loses days
    return Grant(
        pk=grant.pk,
        role=grant.role,
        agency_id=grant.agency_id,
        valid_from=date.fromordinal(grant.valid_until.toordinal() + 1),
        valid_until=before,
    )


def _recorded(
    actor: User | None, action: str, grant: Grant, at: datetime, days: Mapping[str, date | None]
) -> events.Receipt:
    return events.record(
        actor=actor,
        action=action,
        subject=grant,
        institution=grant.institution,
        at=at,
        private={"username": grant.user.username, "name": grant.user.first_name},
        account=grant.user_id,
        role=str(grant.role),
        agency=grant.agency.code if grant.agency else None,
        days=days,
    )
