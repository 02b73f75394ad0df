"""Creates the accounts and grants of the demonstration's sign-ins, and links each to its employee."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from agencies.demonstration.sign_ins import PASSWORD, SIGN_INS, SINCE, SignIn
from agencies.models import Agency, Employee, Grant, Institution, Role, User


def ensure_sign_ins(institution: Institution) -> int:
    """Create the institution's missing accounts with their grants and return how many; the others stay as they are."""
    wanted = [one for one in SIGN_INS if one.institution == institution.code]
    known = set(User.objects.filter(username__in=[one.username for one in wanted]).values_list("username", flat=True))
    missing = [one for one in wanted if one.username not in known]
    if not missing:
        return 0
    # One hash for all: the password is the same, and a slow hash each would be most of the time.
    password = make_password(PASSWORD)
    users = User.objects.bulk_create([_account(one, password) for one in missing])
    agencies = {agency.code: agency for agency in Agency.objects.filter(institution=institution)}
    Grant.objects.bulk_create(
        Grant(
            user=user,
            role=one.role,
            institution=institution,
            agency=agencies[one.agency] if one.agency else None,
            valid_from=SINCE,
        )
        for user, one in zip(users, missing, strict=True)
    )
    return len(missing)


def _account(one: SignIn, password: str) -> User:
    return User(
        username=one.username,
        first_name=one.name,
        password=password,
        is_staff=one.role == Role.SYSTEM_ADMINISTRATOR,
    )


def link_employees(institution: Institution) -> None:
    """Tell each account of a sign-in whose own file it may open; one that knows already stays as it is."""
    wanted = {one.username: one for one in SIGN_INS if one.institution == institution.code and one.position}
    for user in User.objects.filter(username__in=wanted, employee__isnull=True):
        one = wanted[user.username]
        holders = Employee.objects.filter(institution=institution, name=one.name, account__isnull=True)
        user.employee = holders.filter(postings__position__code=one.position).first()
        if user.employee is not None:
            user.save(update_fields=["employee"])
