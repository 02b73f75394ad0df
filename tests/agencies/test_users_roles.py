"""Roles are given and ended with dates; what excludes each other is refused, and somebody always administers."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from agencies.actions import grants, users
from agencies.errors import ActRefused
from agencies.models import Agency, Grant, Role, User
from oversight.models import TrailEntry
from tests.base import Cast, assemble_cast, person
from tests.factories import AgencyFactory, GrantFactory, UserFactory

PAGE = "/kota-contoh/pengguna/"
REFUSED = "is-invalid"


def in_days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def give(client: Client, user: User, role: Role, agency: str = "", start: int = 0, end: date | None = None) -> str:
    """Send the form that gives a role; the page it leads to."""
    sent = {"role": role.value, "agency": agency, "valid_from": in_days(start).isoformat()}
    sent["valid_until"] = end.isoformat() if end else ""
    return client.post(f"{PAGE}{user.pk}/peran/", sent, follow=True).content.decode()


def end(client: Client, grant: Grant, day: date | None) -> str:
    """Send the form about the last day of a role; the page it leads to."""
    sent = {"valid_until": day.isoformat() if day else ""}
    return client.post(f"/kota-contoh/peran/{grant.pk}/", sent, follow=True).content.decode()


def test_a_role_is_given_with_dates_and_by_whom(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    page = give(client, cast.employee, Role.AGENCY_HEAD, "Diskominfo", 1, in_days(30))
    assert "Peran diberikan" in page
    grant = cast.employee.grants.get(role=Role.AGENCY_HEAD)
    assert (grant.valid_from, grant.valid_until, grant.agency) == (in_days(1), in_days(30), cast.agency)
    assert grant.given_by == cast.system_administrator
    assert grant.given_at is not None
    entry = TrailEntry.objects.latest("number")
    assert entry.action == "role_given"
    assert "agency_head" in entry.body
    assert '"employee"' not in entry.body, "the user name is personal data"


def test_the_same_role_twice_on_the_same_days_is_refused_and_after_them_given(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    assert "sudah mempunyai peran itu" in give(client, cast.employee, Role.EMPLOYEE, "Diskominfo", 5)
    grant = cast.employee.grants.get()
    assert "disimpan" in end(client, grant, in_days(4))
    assert "Peran diberikan" in give(client, cast.employee, Role.EMPLOYEE, "Diskominfo", 5)
    assert "sudah mempunyai peran itu" in end(client, grant, None), "to go on longer is to be given anew"
    assert "Peran diberikan" in give(client, cast.employee, Role.EMPLOYEE, "Dinkes")


@pytest.mark.parametrize("role", [Role.HR_OFFICER, Role.AGENCY_HEAD, Role.RULES_ADMINISTRATOR])
def test_who_inspects_takes_no_part_in_deciding(client: Client, cast: Cast, role: Role) -> None:
    client.force_login(cast.system_administrator)
    agency = "Diskominfo" if role is Role.AGENCY_HEAD else ""
    assert "tidak ikut memutuskan" in give(client, cast.inspector, role, agency)
    holder = getattr(cast, role.value)
    assert "tidak ikut memutuskan" in give(client, holder, Role.INSPECTOR)
    end(client, cast.inspector.grants.get(), in_days(9))
    assert "Peran diberikan" in give(client, cast.inspector, role, agency, 10)


@pytest.mark.parametrize("role", [Role.HR_OFFICER, Role.AGENCY_HEAD, Role.RULES_ADMINISTRATOR, Role.INSPECTOR])
def test_who_reads_from_outside_neither_decides_nor_inspects(client: Client, cast: Cast, role: Role) -> None:
    inspektorat = AgencyFactory.create(institution=cast.institution, code="Inspektorat", kind="inspektorat")
    client.force_login(cast.system_administrator)
    agency = inspektorat.code if role is Role.AGENCY_HEAD else ""
    assert "tidak ikut memutuskan" in give(client, cast.outside_reader, role, agency)
    assert "tidak ikut memutuskan" in give(client, getattr(cast, role.value), Role.OUTSIDE_READER)
    assert "Peran diberikan" in give(client, cast.outside_reader, Role.DATA_PROTECTION_OFFICER)


def test_the_head_of_the_inspektorat_may_inspect(client: Client, cast: Cast) -> None:
    AgencyFactory.create(institution=cast.institution, code="Inspektorat", kind="inspektorat")
    client.force_login(cast.system_administrator)
    assert "Peran diberikan" in give(client, cast.inspector, Role.AGENCY_HEAD, "Inspektorat")


@pytest.mark.parametrize("role", [Role.HR_OFFICER, Role.INSPECTOR, Role.OUTSIDE_READER, Role.DATA_PROTECTION_OFFICER])
def test_nobody_gives_herself_a_role_that_needs_four_eyes(client: Client, cast: Cast, role: Role) -> None:
    own = cast.system_administrator
    client.force_login(own)
    assert "tidak dapat diberikan kepada diri sendiri" in give(client, own, role)
    assert own.grants.count() == 1
    client.force_login(person("admin_dua", Role.SYSTEM_ADMINISTRATOR, cast.institution))
    assert "Peran diberikan" in give(client, own, role, end=in_days(10))
    client.force_login(own)
    assert "tidak dapat diberikan kepada diri sendiri" in end(client, own.grants.get(role=role), None)


def test_an_administrator_of_an_agency_gives_and_ends_within_it_only(client: Client, cast: Cast) -> None:
    below = AgencyFactory.create(institution=cast.institution, parent=cast.agency, code="uptd-1")
    client.force_login(person("admin_opd", Role.SYSTEM_ADMINISTRATOR, cast.institution, cast.agency))
    assert "Peran diberikan" in give(client, cast.employee, Role.EMPLOYEE, below.code)
    assert "di luar lingkup Anda" in give(client, cast.employee, Role.EMPLOYEE, "Dinkes")
    assert REFUSED in give(client, cast.employee, Role.HR_OFFICER)
    whole = cast.hr_officer.grants.get()
    assert client.get(f"/kota-contoh/peran/{whole.pk}/").status_code == 404
    assert client.get(f"{PAGE}{cast.hr_officer.pk}/").status_code == 404


def test_the_act_itself_refuses_what_no_form_would_send(cast: Cast) -> None:
    admin = person("admin_opd", Role.SYSTEM_ADMINISTRATOR, cast.institution, cast.agency)

    def give_to(agency: Agency | None, actor: User = admin) -> object:
        return grants.give_role(
            actor=actor,
            user=cast.employee,
            institution=cast.institution,
            role=Role.EMPLOYEE,
            agency=agency,
            valid_from=in_days(0),
        )

    for agency in (cast.other_agency, None, AgencyFactory.create()):
        with pytest.raises(ActRefused):
            give_to(agency)
    for stranger in (cast.hr_officer, cast.outsider):
        with pytest.raises(ActRefused, match="administrator sistem"):
            give_to(cast.agency, stranger)
    User.objects.filter(pk=admin.pk).update(is_active=False)
    with pytest.raises(ActRefused, match="administrator sistem"):
        give_to(AgencyFactory.create(institution=cast.institution, parent=cast.agency))


def test_a_role_that_was_used_is_ended_and_never_deleted(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    grant = cast.employee.grants.get()
    assert "Hari terakhir paling awal hari ini" in end(client, grant, in_days(-1))
    page = client.post(f"/kota-contoh/peran/{grant.pk}/tarik/").content.decode()
    assert "sudah mulai berlaku" in page
    assert "Tahun ini tidak mungkin" in end(client, grant, date.max)
    end(client, grant, in_days(0))
    grant.refresh_from_db()
    assert grant.valid_until == in_days(0)
    entries = TrailEntry.objects.count()
    end(client, grant, in_days(0))
    assert TrailEntry.objects.count() == entries, "the same day again is no act"
    Grant.objects.filter(pk=grant.pk).update(valid_from=in_days(-9), valid_until=in_days(-1))
    assert "berikan lagi" in end(client, grant, None)


def test_a_role_that_has_not_begun_is_withdrawn(client: Client, cast: Cast) -> None:
    grant = GrantFactory.create(institution=cast.institution, agency=cast.agency, valid_from=in_days(3))
    client.force_login(cast.system_administrator)
    assert client.post(f"/kota-contoh/peran/{grant.pk}/tarik/").status_code == 302
    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert TrailEntry.objects.latest("number").action == "role_withdrawn"


def test_no_role_in_a_closed_agency(client: Client, cast: Cast) -> None:
    closed = AgencyFactory.create(institution=cast.institution, code="lama", closed_on=in_days(2))
    client.force_login(cast.system_administrator)
    assert "sudah ditutup" in give(client, cast.employee, Role.EMPLOYEE, closed.code, 2)
    assert "Peran diberikan" in give(client, cast.employee, Role.EMPLOYEE, closed.code, 1)


def test_the_last_administrator_cannot_lock_herself_out(client: Client, cast: Cast) -> None:
    own = cast.system_administrator
    client.force_login(own)
    grant = own.grants.get()
    person("admin_opd", Role.SYSTEM_ADMINISTRATOR, cast.institution, cast.agency)  # an agency's is none
    closed = person("ditutup", Role.SYSTEM_ADMINISTRATOR, cast.institution)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    GrantFactory.create(role=Role.SYSTEM_ADMINISTRATOR)  # another institution's is none either
    assert "tidak ada lagi administrator" in end(client, grant, in_days(0))
    assert "tidak ada lagi administrator" in end(client, grant, in_days(400))
    assert "tidak ada lagi administrator" in client.post(f"{PAGE}{own.pk}/tutup/").content.decode()
    second = person("admin_dua", Role.SYSTEM_ADMINISTRATOR, cast.institution)
    Grant.objects.filter(user=second).update(valid_until=in_days(5))
    assert "tidak ada lagi administrator" in end(client, grant, in_days(0)), "the other one ends too"
    Grant.objects.filter(user=second).update(valid_until=None, valid_from=in_days(2))
    assert "tidak ada lagi administrator" in end(client, grant, in_days(0)), "a day in between is a day too many"
    assert "disimpan" in end(client, grant, in_days(1))
    assert "tidak ada lagi administrator" in client.post(f"{PAGE}{own.pk}/tutup/").content.decode()
    Grant.objects.filter(user=second).update(valid_from=in_days(0))
    assert client.post(f"{PAGE}{own.pk}/tutup/").status_code == 302


def test_the_coming_administrator_is_not_withdrawn_when_nobody_else_follows(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    Grant.objects.filter(user=cast.system_administrator).update(valid_until=in_days(3))
    follower = GrantFactory.create(institution=cast.institution, role=Role.SYSTEM_ADMINISTRATOR, valid_from=in_days(4))
    page = client.post(f"/kota-contoh/peran/{follower.pk}/tarik/").content.decode()
    assert "tidak ada lagi administrator" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_administrators_who_close_each_other_at_once_do_not_both_succeed() -> None:
    cast = assemble_cast()
    one, two = cast.system_administrator, person("admin_dua", Role.SYSTEM_ADMINISTRATOR, cast.institution)
    ready = threading.Barrier(2)
    refused: list[str] = []

    def close(actor: User, user: User) -> None:
        ready.wait()
        try:
            users.close_account(actor=actor, institution=cast.institution, user=user)
        except ActRefused as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=close, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(pk__in=[one.pk, two.pk], is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_roles_that_exclude_each_other_given_at_once_do_not_both_come() -> None:
    cast = assemble_cast()
    user = UserFactory.create()
    ready = threading.Barrier(2)
    refused: list[str] = []

    def give_to(role: Role) -> None:
        ready.wait()
        try:
            grants.give_role(
                actor=cast.system_administrator,
                user=user,
                institution=cast.institution,
                role=role,
                agency=None,
                valid_from=in_days(0),
            )
        except ActRefused as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=give_to, args=(role,)) for role in (Role.INSPECTOR, Role.HR_OFFICER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert user.grants.count() == 1
