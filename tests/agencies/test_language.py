"""Pages speak Indonesian unless the reader chose English with the switch."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.parametrize(("chosen", "shown"), [("", "id"), ("id", "id"), ("en", "en"), ("xx-nonsense", "id")])
def test_the_cookie_of_the_switch_decides_and_the_browsers_own_language_does_not(
    client: Client, chosen: str, shown: str
) -> None:
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: chosen})
    page = client.get("/masuk/", headers={"accept-language": "en-US,en;q=0.9"})
    assert f'<html lang="{shown}">' in page.content.decode()
    assert ("Sign in" in page.content.decode()) is (shown == "en")


@pytest.mark.django_db
def test_the_switch_sets_the_language_and_comes_back_to_the_page(client: Client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/masuk/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/masuk/")
    assert '<html lang="en">' in client.get("/masuk/").content.decode()
