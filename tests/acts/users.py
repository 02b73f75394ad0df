"""The acts on accounts and roles."""

from __future__ import annotations

from datetime import date, timedelta

from axes.models import AccessAttempt
from django.utils import timezone

from agencies.actions import grants, users
from agencies.models import Employee, Grant, Institution, Role, User
from agencies.new_accounts import NewAccount
from tests.base import Cast
from tests.factories import GrantFactory, InstitutionFactory, UserFactory


def clerk(cast: Cast) -> User:
    """An account with one role in the cast's agency, the same one each time."""
    found = User.objects.filter(username="juru-tulis").first()
    if found is None:
        found = UserFactory.create(username="juru-tulis")
        GrantFactory.create(user=found, role=Role.EMPLOYEE, institution=cast.institution, agency=cast.agency)
    return found


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def create_accounts(cast: Cast) -> object:
    new = NewAccount("pegawai.baru", Role.EMPLOYEE, cast.agency, timezone.localdate())
    known = User.objects.filter(username=new.username).exists()
    return users.create_accounts(
        actor=cast.system_administrator, institution=cast.institution, accounts=[] if known else [new]
    )


def appoint_first_administrator(cast: Cast) -> object:
    number = Institution.objects.count()
    return users.appoint_first_administrator(institution=InstitutionFactory.create(), username=f"pertama{number}")


def reset_password(cast: Cast) -> object:
    return users.reset_password(actor=cast.system_administrator, institution=cast.institution, user=clerk(cast))


def close_account(cast: Cast) -> object:
    return users.close_account(actor=cast.system_administrator, institution=cast.institution, user=clerk(cast))


def reopen_account(cast: Cast) -> object:
    if not User.objects.filter(username="juru-tulis").exists():
        User.objects.filter(pk=clerk(cast).pk).update(is_active=False)
    return users.reopen_account(actor=cast.system_administrator, institution=cast.institution, user=clerk(cast))


def release_sign_in(cast: Cast) -> object:
    if not User.objects.filter(username="juru-tulis").exists():
        clerk(cast)
        AccessAttempt.objects.create(username="juru-tulis", ip_address="127.0.0.1", failures_since_start=10)
    return users.release_sign_in(actor=cast.system_administrator, institution=cast.institution, user=clerk(cast))


def link_employee(cast: Cast) -> object:
    employee, _new = Employee.objects.get_or_create(
        institution=cast.institution,
        nip="199001012015012901",
        defaults={"name": "Siti Rahma", "recorded_at": timezone.now()},
    )
    return users.link_employee(
        actor=cast.system_administrator, institution=cast.institution, user=clerk(cast), employee=employee
    )


def give_role(cast: Cast) -> object:
    return grants.give_role(
        actor=cast.system_administrator,
        user=UserFactory.create(),
        institution=cast.institution,
        role=Role.EMPLOYEE,
        agency=cast.agency,
        valid_from=timezone.localdate(),
    )


def change_last_day(cast: Cast) -> object:
    return grants.change_last_day(
        actor=cast.system_administrator, grant=clerk(cast).grants.get(), valid_until=tomorrow()
    )


def withdraw_role(cast: Cast) -> object:
    begins = Grant(
        user=clerk(cast), role=Role.AGENCY_HEAD, institution=cast.institution, agency=cast.agency, valid_from=tomorrow()
    )
    if not User.objects.filter(username="ditarik").exists():
        UserFactory.create(username="ditarik")
        begins.pk = 900_001
        begins.save()
    return grants.withdraw_role(actor=cast.system_administrator, grant=Grant(pk=900_001, institution=cast.institution))


ACTS = {
    "agencies.actions.users.create_accounts": create_accounts,
    "agencies.actions.users.appoint_first_administrator": appoint_first_administrator,
    "agencies.actions.users.reset_password": reset_password,
    "agencies.actions.users.close_account": close_account,
    "agencies.actions.users.reopen_account": reopen_account,
    "agencies.actions.users.release_sign_in": release_sign_in,
    "agencies.actions.users.link_employee": link_employee,
    "agencies.actions.grants.give_role": give_role,
    "agencies.actions.grants.change_last_day": change_last_day,
    "agencies.actions.grants.withdraw_role": withdraw_role,
}
REPEATABLE = {
    "agencies.actions.users.appoint_first_administrator",
    "agencies.actions.users.reset_password",
    "agencies.actions.grants.give_role",
}
