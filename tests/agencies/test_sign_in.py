"""People sign in, change their password and sign out; the invented cast is listed in a demonstration only."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from agencies.models import User
from tests.base import Cast
from tests.factories import UserFactory


def test_the_right_password_opens_the_home_page_and_a_wrong_one_says_so(client: Client, cast: Cast) -> None:
    refused = client.post("/masuk/", {"username": "hr_officer", "password": "salah"})
    assert "Nama pengguna dan kata sandi tidak cocok" in refused.content.decode()
    assert 'value="hr_officer"' in refused.content.decode(), "what was typed stays"
    accepted = client.post("/masuk/", {"username": "hr_officer", "password": "rahasia"})
    assert (accepted.status_code, accepted.headers["Location"]) == (302, "/")


def test_after_sign_in_one_comes_where_one_wanted_to_go(client: Client, cast: Cast) -> None:
    asked = client.get("/kota-contoh/peta/?per=2025-07-01")
    assert asked.headers["Location"] == "/masuk/?next=/kota-contoh/peta/%3Fper%3D2025-07-01"
    typed = {"username": "hr_officer", "password": "rahasia", "next": "/kota-contoh/peta/"}
    assert client.post("/masuk/", typed).headers["Location"] == "/kota-contoh/peta/"
    client.post("/keluar/")
    typed["next"] = "https://elsewhere.example/"
    assert client.post("/masuk/", typed).headers["Location"] == "/"


def test_signing_out_takes_a_post(client: Client, cast: Cast) -> None:
    client.force_login(cast.employee)
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/").headers["Location"] == "/masuk/"
    assert "Anda sudah keluar" in client.get("/masuk/").content.decode()
    assert client.get("/").headers["Location"].startswith("/masuk/")


def test_a_new_password_needs_the_old_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.employee)
    new = {"new_password1": "kuda-laut-berenang", "new_password2": "kuda-laut-berenang"}
    refused = client.post("/kata-sandi/", {"old_password": "salah", **new})
    assert refused.status_code == 200
    assert "is-invalid" in refused.content.decode()
    accepted = client.post("/kata-sandi/", {"old_password": "rahasia", **new})
    assert accepted.headers["Location"] == "/"
    assert User.objects.get(pk=cast.employee.pk).check_password("kuda-laut-berenang")


def test_a_person_without_a_grant_is_told_whom_to_ask(client: Client, db: None) -> None:
    client.force_login(UserFactory.create())
    assert "Akun Anda belum mempunyai peran" in client.get("/").content.decode()


@pytest.mark.parametrize("demo", [True, False])
def test_the_invented_cast_is_listed_in_a_demonstration_only(
    client: Client, db: None, settings: Settings, demo: bool
) -> None:
    settings.DEMO = demo
    page = client.get("/masuk/").content.decode()
    assert ("data-sintetis-2025" in page) is demo
    assert ("DATA SINTETIS. Bukan dokumen resmi." in page) is demo


@pytest.mark.usefixtures("lockout")
def test_ten_wrong_passwords_lock_the_account_with_a_page_that_says_what_to_do(client: Client, cast: Cast) -> None:
    for _attempt in range(10):
        answer = client.post("/masuk/", {"username": "hr_officer", "password": "salah"})
    assert answer.status_code == 429
    assert "Tunggu 15 menit" in answer.content.decode()


def test_the_language_is_changed_by_a_form_and_stays(client: Client, db: None) -> None:
    assert '<html lang="id">' in client.get("/masuk/").content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/masuk/"})
    page = client.get("/masuk/").content.decode()
    assert '<html lang="en">' in page
    assert "User name" in page
