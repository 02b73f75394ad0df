"""Accounts are created, given one-time passwords, closed, reopened and released by the administrator."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from agencies.models import Agency, Employee, Grant, PersonalDataRead, Posting, Role, User
from agencies.one_time_passwords import hashed, new_password
from oversight.models import TrailEntry
from tests.base import Cast, person
from tests.factories import AgencyFactory, GrantFactory, PositionFactory, UserFactory

USERS = "/kota-contoh/pengguna/"
PASSWORD = re.compile(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b")


def employee(cast: Cast, agency: Agency, name: str = "Siti Rahma", number: int = 1) -> Employee:
    """Somebody who holds a position in an agency."""
    known = datetime(2024, 1, 1, tzinfo=UTC)
    found = Employee.objects.create(
        institution=cast.institution, nip=f"1990010120150129{number:02d}", name=name, recorded_at=known
    )
    Posting.objects.create(
        employee=found,
        position=PositionFactory.create(agency=agency),
        reason="formation",
        effective_from=date(2024, 1, 1),
        recorded_at=known,
    )
    return found


def typed(**changes: str) -> dict[str, str]:
    """What the form about one account holds."""
    today = timezone.localdate().isoformat()
    plain = {"username": "siti", "name": "", "nip": "", "role": "employee", "agency": "Diskominfo"}
    return plain | {"valid_from": today, "valid_until": ""} | changes


def confirmed(client: Client, address: str, sent: dict[str, str]) -> str:
    """Send a form, then confirm what it says would follow; the page after that, or the one with the refusal."""
    asked = client.post(address, sent).content.decode()
    found = re.search(r'name="previewed" value="(\w+)"', asked)
    if found is None:
        return asked
    return client.post(address, sent | {"previewed": found[1], "confirm": "1"}).content.decode()


def password_on(page: str) -> str:
    """The only one-time password on a page."""
    found = PASSWORD.findall(page)
    assert len(found) == 1, page
    return str(found[0])


def test_an_account_is_confirmed_by_name_and_its_password_is_shown_once(client: Client, cast: Cast) -> None:
    siti = employee(cast, cast.agency)
    client.force_login(cast.system_administrator)
    asked = client.post(f"{USERS}baru/", typed(nip=siti.nip)).content.decode()
    assert "Siti Rahma" in asked
    assert siti.nip not in asked.replace(f'value="{siti.nip}"', ""), "the number is masked beside the name"
    assert not User.objects.filter(username="siti").exists(), "nothing is saved before it is confirmed"
    assert PersonalDataRead.objects.get().employee == siti
    found = re.search(r'name="previewed" value="(\w+)"', asked)
    assert found
    answer = client.post(f"{USERS}baru/", typed(nip=siti.nip) | {"previewed": found[1], "confirm": "1"})
    assert "no-store" in answer.headers["Cache-Control"]
    password = password_on(answer.content.decode())
    user = User.objects.get(username="siti")
    assert (user.employee, user.first_name, user.must_change_password) == (siti, "Siti Rahma", True)
    assert user.check_password(password)
    grant = user.grants.get()
    assert (grant.role, grant.agency, grant.given_by) == ("employee", cast.agency, cast.system_administrator)
    entry = TrailEntry.objects.latest("number")
    assert entry.action == "accounts_created"
    assert not any(word in entry.body for word in (password, "siti", "Siti", siti.nip)), "no personal data in the trail"
    assert password not in client.get(f"{USERS}{user.pk}/").content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"username": "HR_officer"}, "sudah dipakai"),
        ({"username": "budi santoso"}, "Nama pengguna hanya terdiri"),
        ({"username": "199001012015012901"}, "NIP memuat tanggal lahir"),
        ({"nip": "199001012015012999"}, "Tidak ada pegawai dalam lingkup Anda"),
        ({"agency": ""}, "peran ini selalu untuk satu perangkat daerah"),
        ({"agency": "Tiada"}, "di luar lingkup Anda"),
        ({"valid_from": "2020-01-01"}, "peran tidak berlaku surut"),
        ({"valid_from": "kemarin"}, "Ini bukan tanggal"),
        ({"valid_until": "2020-01-01"}, "Hari terakhir paling awal hari ini"),
        ({"valid_until": "9999-12-31"}, "Tahun ini tidak mungkin"),
        ({"valid_from": "9999-12-31"}, "Tahun ini tidak mungkin"),
        ({"role": "raja"}, "raja"),
    ],
)
def test_what_cannot_be_is_answered_at_its_field_and_nothing_typed_is_lost(
    client: Client, cast: Cast, change: dict[str, str], sentence: str
) -> None:
    client.force_login(cast.system_administrator)
    page = confirmed(client, f"{USERS}baru/", typed(name="Nama Tetap", **change) if "name" not in change else typed())
    assert sentence in page
    assert "is-invalid" in page
    assert 'value="Nama Tetap"' in page
    assert User.objects.count() == len(cast.insiders) + 1


def test_an_employee_has_one_account_at_most(client: Client, cast: Cast) -> None:
    siti = employee(cast, cast.agency)
    UserFactory.create(employee=siti)
    client.force_login(cast.system_administrator)
    assert "sudah mempunyai akun" in confirmed(client, f"{USERS}baru/", typed(nip=siti.nip))


def test_the_administrator_of_an_agency_links_and_places_within_it_only(client: Client, cast: Cast) -> None:
    far, near = employee(cast, cast.other_agency), employee(cast, cast.agency, "Budi", 2)
    client.force_login(person("admin_opd", Role.SYSTEM_ADMINISTRATOR, cast.institution, cast.agency))
    assert "Tidak ada pegawai dalam lingkup Anda" in confirmed(client, f"{USERS}baru/", typed(nip=far.nip))
    assert "di luar lingkup Anda" in confirmed(client, f"{USERS}baru/", typed(agency="Dinkes"))
    password_on(confirmed(client, f"{USERS}baru/", typed(nip=near.nip)))


def test_lines_are_carried_out_all_or_none_with_every_fault_at_its_line(client: Client, cast: Cast) -> None:
    siti = employee(cast, cast.agency)
    client.force_login(cast.system_administrator)
    today = timezone.localdate().isoformat()
    good = f"siti;{siti.nip};Pegawai;Diskominfo\n\nirban;;inspector;"
    bad = f"{good}\nsari;;raja;Diskominfo\nhr_officer;;employee;Diskominfo\nkurang;satu\nsiti;1;employee;Tiada"
    page = confirmed(client, f"{USERS}daftar/", {"lines": bad, "valid_from": today})
    for sentence in (
        "Baris 4: “raja” bukan peran",
        "Baris 5: “hr_officer” sudah dipakai",
        "Baris 6: Tulis empat bagian",
        "Baris 7: Tidak ada pegawai",
        "Baris 7: “Tiada” bukan perangkat daerah",
        "Baris 1: “siti” sudah dipakai",
    ):
        assert sentence in page
    assert "kurang;satu" in page
    assert not User.objects.filter(username__in=["siti", "irban"]).exists()
    entries = TrailEntry.objects.count()
    page = confirmed(client, f"{USERS}daftar/", {"lines": good, "valid_from": today})
    assert len(PASSWORD.findall(page)) == 2
    assert TrailEntry.objects.count() == entries + 1, "one act, one entry"
    assert User.objects.get(username="siti").employee == siti
    assert User.objects.get(username="irban").grants.get().agency is None


def test_employees_without_an_account_get_one_with_a_name_of_their_own(client: Client, cast: Cast) -> None:
    UserFactory.create(username="siti.rahma")
    siti, budi = employee(cast, cast.agency, "Dr. Siti Rahma, S.Kom"), employee(cast, cast.agency, "Budi", 2)
    elsewhere = employee(cast, cast.other_agency, "Citra Ayu", 3)
    UserFactory.create(username="lama", employee=employee(cast, cast.agency, "Dedi", 4))
    client.force_login(cast.system_administrator)
    sent = {"agency": "Diskominfo", "kind": "", "role": "employee", "valid_from": timezone.localdate().isoformat()}
    page = confirmed(client, f"{USERS}dari-pegawai/", sent)
    assert len(PASSWORD.findall(page)) == 2
    assert User.objects.get(employee=siti).username == "siti.rahma2"
    assert User.objects.get(employee=budi).username == "budi"
    assert not User.objects.filter(employee=elsewhere).exists()
    assert "sudah mempunyai akun" in confirmed(client, f"{USERS}dari-pegawai/", sent)


def test_with_the_agencies_below_each_employee_gets_the_role_in_her_own(client: Client, cast: Cast) -> None:
    below = AgencyFactory.create(institution=cast.institution, parent=cast.agency, code="uptd-1")
    near, far = employee(cast, cast.agency), employee(cast, below, "Budi", 2)
    client.force_login(cast.system_administrator)
    sent = {"agency": "Diskominfo", "below": "on", "kind": "", "role": "employee"}
    confirmed(client, f"{USERS}dari-pegawai/", sent | {"valid_from": timezone.localdate().isoformat()})
    assert User.objects.get(employee=near).grants.get().agency == cast.agency
    assert User.objects.get(employee=far).grants.get().agency == below


def test_a_one_time_password_opens_only_the_change_of_password(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    password = password_on(client.post(f"{USERS}{cast.employee.pk}/kata-sandi/").content.decode())
    client.logout()
    assert client.post("/masuk/", {"username": "employee", "password": password}).status_code == 302
    for address in ("/", "/kota-contoh/peta/", "/akun/", "/admin/", "/kota-contoh/kelola/"):
        assert client.get(address).headers["Location"] == "/kata-sandi/", address
    assert client.post(f"{USERS}baru/", typed()).headers["Location"] == "/kata-sandi/"
    assert "sekali pakai" in client.get("/kata-sandi/").content.decode()
    same = {"old_password": password, "new_password1": password, "new_password2": password}
    assert "pilih yang lain" in client.post("/kata-sandi/", same).content.decode()
    new = {"old_password": password, "new_password1": "kuda-laut-berenang", "new_password2": "kuda-laut-berenang"}
    assert client.post("/kata-sandi/", new).headers["Location"] == "/"
    assert client.get("/kota-contoh/peta/").status_code == 200
    assert client.post("/keluar/").status_code == 302


def test_who_must_change_her_password_may_sign_out(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.employee.pk).update(must_change_password=True)
    client.force_login(cast.employee)
    assert client.post("/keluar/").headers["Location"] == "/masuk/"


def test_a_new_password_ends_the_sessions_of_the_account(client: Client, cast: Cast) -> None:
    other = Client()
    other.force_login(cast.employee)
    client.force_login(cast.system_administrator)
    entries = TrailEntry.objects.count()
    password = password_on(client.post(f"{USERS}{cast.employee.pk}/kata-sandi/").content.decode())
    assert other.get("/akun/").headers["Location"].startswith("/masuk/")
    entry = TrailEntry.objects.latest("number")
    assert (TrailEntry.objects.count(), entry.action) == (entries + 1, "password_reset")
    assert password not in entry.body
    own = client.post(f"{USERS}{cast.system_administrator.pk}/kata-sandi/").content.decode()
    assert "Akun saya" in own
    assert not PASSWORD.findall(own)


def test_a_closed_account_is_out_at_once_and_comes_back_with_a_new_password(client: Client, cast: Cast) -> None:
    other = Client()
    other.force_login(cast.employee)
    client.force_login(cast.system_administrator)
    address = f"{USERS}{cast.employee.pk}/"
    assert client.post(f"{address}tutup/").headers["Location"] == address
    assert other.get("/akun/").headers["Location"].startswith("/masuk/")
    refused = client.post("/masuk/", {"username": "employee", "password": "rahasia"})
    assert refused.headers.get("Location") != "/akun/"
    assert "ditutup" in client.post(f"{address}kata-sandi/").content.decode()
    password = password_on(client.post(f"{address}buka/").content.decode())
    assert other.get("/akun/").headers["Location"].startswith("/masuk/"), "sessions from before stay ended"
    assert other.post("/masuk/", {"username": "employee", "password": password}).status_code == 302


def test_who_reaches_further_than_the_administrator_is_not_in_her_hands(client: Client, cast: Cast) -> None:
    GrantFactory.create(user=cast.employee, role=Role.EMPLOYEE)  # in another institution
    wide = UserFactory.create()
    GrantFactory.create(user=wide, role=Role.EMPLOYEE, institution=cast.institution, agency=cast.agency)
    GrantFactory.create(user=wide, role=Role.INSPECTOR, institution=cast.institution)
    client.force_login(cast.system_administrator)
    page = client.post(f"{USERS}{cast.employee.pk}/kata-sandi/").content.decode()
    assert "peran di instansi lain" in page
    client.force_login(person("admin_opd", Role.SYSTEM_ADMINISTRATOR, cast.institution, cast.agency))
    for act in ("kata-sandi", "tutup", "buka", "kunci"):
        page = client.post(f"{USERS}{wide.pk}/{act}/").content.decode()
        assert "di luar perangkat daerah Anda" in page
    assert User.objects.get(pk=wide.pk).check_password("rahasia")


@pytest.mark.usefixtures("lockout")
def test_a_locked_sign_in_is_listed_and_released(client: Client, cast: Cast) -> None:
    for _attempt in range(10):
        locked = Client().post("/masuk/", {"username": "employee", "password": "salah"})
    assert locked.status_code == 429
    right = {"username": "employee", "password": "rahasia"}
    assert Client().post("/masuk/", right).status_code == 429
    client.force_login(cast.system_administrator)
    assert "terkunci" in client.get(USERS).content.decode()
    address = f"{USERS}{cast.employee.pk}/"
    assert "terkunci" in client.get(address).content.decode()
    client.post(f"{address}kunci/")
    assert AccessAttempt.objects.count() == 0
    assert TrailEntry.objects.latest("number").action == "sign_in_released"
    assert Client().post("/masuk/", right).status_code == 302
    assert "terkunci" not in client.get(USERS).content.decode()


def test_an_account_is_linked_to_an_employee_and_unlinked(client: Client, cast: Cast) -> None:
    siti = employee(cast, cast.agency)
    client.force_login(cast.system_administrator)
    address = f"{USERS}{cast.employee.pk}/pegawai/"
    confirmed(client, address, {"nip": siti.nip})
    assert User.objects.get(pk=cast.employee.pk).employee == siti
    page = client.get(f"{USERS}{cast.employee.pk}/").content.decode()
    assert siti.nip not in page
    assert siti.nip[-3:] in page
    confirmed(client, address, {"nip": ""})
    assert User.objects.get(pk=cast.employee.pk).employee is None


def test_one_time_passwords_differ_and_cannot_be_mistaken_on_paper() -> None:
    made = {new_password() for _time in range(200)}
    assert len(made) == 200
    assert all(PASSWORD.fullmatch(one) for one in made)
    assert not set("0o1il") & set("".join(made))


def test_nothing_of_a_grant_is_half_done(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    before = Grant.objects.count()
    confirmed(client, f"{USERS}baru/", typed(username="hr_officer"))
    assert Grant.objects.count() == before


def test_a_one_time_password_is_stretched_anew_at_the_first_sign_in(cast: Cast, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    password = new_password()
    quick = hashed(password)
    User.objects.filter(pk=cast.employee.pk).update(password=quick)
    assert Client().post("/masuk/", {"username": "employee", "password": password}).status_code == 302
    stored = User.objects.get(pk=cast.employee.pk).password
    assert int(stored.split("$")[1]) > int(quick.split("$")[1])
