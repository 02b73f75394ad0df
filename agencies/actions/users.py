"""The acts on accounts: create, set a new password, close, reopen, link to an employee, release a locked sign-in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from axes.utils import reset
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import clock, events, granting
from agencies.errors import ActRefused
from agencies.granting import Authority
from agencies.models import Employee, Grant, Institution, Role, User
from agencies.new_accounts import Days, NewAccount, rows_for
from agencies.one_time_passwords import Slip, hashed, new_password

_USER_NAMES: Final = 1_462_354_253
"""The lock under which user names are given, by a number of our own: locks of the database have no names."""


@dataclass(frozen=True)
class Issued:
    """The passwords that an act made, to be shown once, and its place in the trail."""

    slips: tuple[Slip, ...]
    receipt: events.Receipt


def create_accounts(
    *, actor: User | None, institution: Institution, accounts: Sequence[NewAccount], at: datetime | None = None
) -> Issued | None:
    """Create accounts, each with a first role and a one-time password, all or none; none asked changes nothing.

    Raises ValuesRefused with every fault at its field, or at its line in a list.
    """
    if not accounts:
        return None
    moment = at or timezone.now()
    with transaction.atomic():
        _hold_user_names()
        reach = _locked_reach(actor, institution, moment)
        days = Days(timezone.localdate(moment), clock.today(institution), moment)
        rows = rows_for(accounts, reach, days)
        slips = _stored(rows, actor, moment)
        return Issued(slips, _accounts_recorded(actor, institution, rows, moment, "accounts_created"))


def appoint_first_administrator(
    *, institution: Institution, username: str, name: str = "", at: datetime | None = None
) -> Issued:
    """Create the account that administers an institution nobody administers yet; an act of the system.

    Raises ActRefused where somebody does, and for a user name that cannot be taken.
    """
    moment = at or timezone.now()
    first = NewAccount(username, Role.SYSTEM_ADMINISTRATOR, None, timezone.localdate(moment), name=name)
    with transaction.atomic():
        _hold_user_names()
        reach = _locked_reach(None, institution, moment)
        if granting.administrations(institution):
            raise ActRefused(
                _("%(place)s has a system administrator already; she gives further roles in the portal.")
                % {"place": institution.name}
            )
        days = Days(timezone.localdate(moment), clock.today(institution), moment)
        rows = rows_for([first], reach, days)
        slips = _stored(rows, None, moment)
        return Issued(slips, _accounts_recorded(None, institution, rows, moment, "first_administrator_appointed"))


def reset_password(*, actor: User | None, institution: Institution, user: User, at: datetime | None = None) -> Issued:
    """Replace an account's password by a one-time password, which ends its sessions.

    Raises ActRefused for a closed account, for one's own, and for one that reaches beyond the actor.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        found = _managed(actor, institution, user, moment)
        if actor is not None and actor.pk == found.pk:
            raise ActRefused(_("Change your own password under “My account”."))
        if not found.is_active:
            raise ActRefused(_("This account is closed; reopen it, which gives it a new password."))
        slip = _with_new_password(found)
        found.save(update_fields=["password", "must_change_password"])
        reset(username=found.username)  # wrong guesses at the old password do not lock the new one
        return Issued((slip,), _recorded(actor, "password_reset", institution, found, moment))


def close_account(
    *, actor: User | None, institution: Institution, user: User, at: datetime | None = None
) -> events.Receipt | None:
    """Have an account no longer sign in, and end its sessions at once; its roles stay on record as they are.

    Raises ActRefused where nobody else would administer the institution.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        found = _managed(actor, institution, user, moment)
        if not found.is_active:
            return None
        held = list(found.grants.filter(institution=institution))
        today = timezone.localdate(moment)
        lasting = [grant for grant in held if grant.valid_until is None or grant.valid_until >= today]
        granting.check_still_administered(institution, lasting, today)
        found.is_active = False
        found.save(update_fields=["is_active"])
        return _recorded(actor, "account_closed", institution, found, moment)


def reopen_account(
    *, actor: User | None, institution: Institution, user: User, at: datetime | None = None
) -> Issued | None:
    """Have a closed account sign in again, with a one-time password: sessions from before stay ended."""
    moment = at or timezone.now()
    with transaction.atomic():
        found = _managed(actor, institution, user, moment)
        if found.is_active:
            return None
        slip = _with_new_password(found)
        found.is_active = True
        found.save(update_fields=["is_active", "password", "must_change_password"])
        return Issued((slip,), _recorded(actor, "account_reopened", institution, found, moment))


def release_sign_in(
    *, actor: User | None, institution: Institution, user: User, at: datetime | None = None
) -> events.Receipt | None:
    """Forget the wrong passwords that locked an account's sign-in; without any nothing changes."""
    moment = at or timezone.now()
    with transaction.atomic():
        found = _managed(actor, institution, user, moment)
        if not reset(username=found.username):
            return None
        return _recorded(actor, "sign_in_released", institution, found, moment)


def link_employee(
    *,
    actor: User | None,
    institution: Institution,
    user: User,
    employee: Employee | None,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Have an account open this employee's own file (None: no file); the same again changes nothing.

    Raises ActRefused for an employee who has another account, or who is beyond the actor's reach.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        found = _managed(actor, institution, user, moment)
        if found.employee == employee:
            return None
        if employee is not None:
            _check_linkable(granting.authority(actor, institution, timezone.localdate(moment)), employee, moment)
        before = found.employee
        found.employee = employee
        found.save(update_fields=["employee"])
        private = {"before": before.name if before else None, "after": employee.name if employee else None}
        return _recorded(actor, "account_linked", institution, found, moment, private)


def _check_linkable(reach: Authority, employee: Employee, moment: datetime) -> None:
    people = Employee.objects.filter(institution=reach.institution, pk=employee.pk)
    if reach.agencies is not None:
        people = people.seen_from(reach.agencies, clock.today(reach.institution), moment)
    if not people.exists():
        raise ActRefused(_("No employee within your reach has this number."), "nip")
    if User.objects.filter(employee=employee).exists():
        raise ActRefused(_("This employee has an account already; one is enough."), "nip")


def _hold_user_names() -> None:
    """Have whoever creates accounts, in whatever institution, wait: a user name is taken once in all of them."""
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_USER_NAMES])


def _locked_reach(actor: User | None, institution: Institution, moment: datetime) -> Authority:
    """What the actor reaches, read once no other act on accounts of the institution can run beside this one."""
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    return granting.authority(actor, institution, timezone.localdate(moment))


def _managed(actor: User | None, institution: Institution, user: User, moment: datetime) -> User:
    """The account as it is now, when all of its roles are within the actor's reach."""
    reach = _locked_reach(actor, institution, moment)
    found = User.objects.select_for_update(of=("self",), no_key=True).select_related("employee").get(pk=user.pk)
    refusal = granting.why_not_managed(reach, found, timezone.localdate(moment))
    if refusal:
        raise ActRefused(refusal)
    return found


def _with_new_password(user: User) -> Slip:
    password = new_password()
    user.password = hashed(password)
    user.must_change_password = True
    return Slip(user.username, user.first_name, password)


def _stored(rows: list[tuple[User, Grant]], actor: User | None, moment: datetime) -> tuple[Slip, ...]:
    slips = []
    for user, grant in rows:
        slip = _with_new_password(user)
        place = grant.agency.name if grant.agency else grant.institution.name
        slips.append(Slip(slip.username, slip.name, slip.password, f"{Role(grant.role).label} · {place}"))
    User.objects.bulk_create([user for user, _grant in rows])
    for user, grant in rows:
        grant.user, grant.given_by, grant.given_at = user, actor, moment
    Grant.objects.bulk_create([grant for _user, grant in rows])
    return tuple(slips)


def _accounts_recorded(
    actor: User | None, institution: Institution, rows: list[tuple[User, Grant]], at: datetime, action: str
) -> events.Receipt:
    return events.record(
        actor=actor,
        action=action,
        subject=institution,
        at=at,
        private={str(user.pk): {"username": user.username, "name": user.first_name} for user, _grant in rows},
        count=len(rows),
        roles=dict(Counter(str(grant.role) for _user, grant in rows)),
        grants=[
            {
                "account": user.pk,
                "grant": grant.pk,
                "role": str(grant.role),
                "agency": grant.agency.code if grant.agency else None,
                "valid_from": grant.valid_from,
                "valid_until": grant.valid_until,
            }
            for user, grant in rows
        ],
    )


def _recorded(
    actor: User | None,
    action: str,
    institution: Institution,
    user: User,
    at: datetime,
    private: Mapping[str, events.Detail] | None = None,
) -> events.Receipt:
    named: dict[str, events.Detail] = {"username": user.username, "name": user.first_name}
    return events.record(
        actor=actor, action=action, subject=user, institution=institution, at=at, private=named | dict(private or {})
    )
