"""Creates the accounts and grants of the demonstration's sign-ins."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from agencies.demonstration.sign_ins import PASSWORD, SIGN_INS, SINCE, SignIn
from agencies.models import Agency, Grant, Institution, Role, User


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
