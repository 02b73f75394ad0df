"""The pages about accounts and roles, and the hub."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from agencies.models import Agency, Grant, Role
from tests.addresses.address import EVERY_ROLE, Address, Where
from tests.factories import GrantFactory
from tests.judged_city import JudgedCity

ADMINISTRATOR = frozenset({Role.SYSTEM_ADMINISTRATOR})


def coming(city: JudgedCity, agency: Agency) -> Grant:
    """A role in an agency that begins tomorrow, of an account that has no other."""
    starts = timezone.localdate() + timedelta(days=1)
    return GrantFactory.create(institution=city.cast.institution, agency=agency, valid_from=starts)


def about_account(page: str) -> tuple[Where, Where]:
    """The address of a page about an account of the own agency, and of another."""
    return (
        lambda city: city.url(f"pengguna/{coming(city, city.cast.agency).user.pk}/{page}"),
        lambda city: city.url(f"pengguna/{coming(city, city.below).user.pk}/{page}"),
    )


def about_grant(page: str) -> tuple[Where, Where]:
    """The address of a page about a role in the own agency, and in another."""
    return (
        lambda city: city.url(f"peran/{coming(city, city.cast.agency).pk}/{page}"),
        lambda city: city.url(f"peran/{coming(city, city.below).pk}/{page}"),
    )


ADDRESSES = [
    Address("hub", EVERY_ROLE, lambda city: city.url("kelola/")),
    Address("users", ADMINISTRATOR, lambda city: city.url("pengguna/")),
    Address("user_create", ADMINISTRATOR, lambda city: city.url("pengguna/baru/"), sends=True),
    Address("users_from_lines", ADMINISTRATOR, lambda city: city.url("pengguna/daftar/"), sends=True),
    Address("users_from_employees", ADMINISTRATOR, lambda city: city.url("pengguna/dari-pegawai/"), sends=True),
    Address("user", ADMINISTRATOR, *about_account("")),
    Address("user_role", ADMINISTRATOR, *about_account("peran/"), sends=True),
    Address("user_link", ADMINISTRATOR, *about_account("pegawai/"), sends=True),
    Address("user_reset", ADMINISTRATOR, *about_account("kata-sandi/"), sends=True),
    Address("user_close", ADMINISTRATOR, *about_account("tutup/"), sends=True),
    Address("user_reopen", ADMINISTRATOR, *about_account("buka/"), sends=True),
    Address("user_release", ADMINISTRATOR, *about_account("kunci/"), sends=True),
    Address("grant_last_day", ADMINISTRATOR, *about_grant(""), sends=True),
    Address("grant_withdraw", ADMINISTRATOR, *about_grant("tarik/"), sends=True),
]
