"""Who writes the law of the nation finds the guide as those of a city do; what is for others is not there."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.models import Institution, Role
from tests.base import Cast, person


@pytest.mark.django_db
def test_the_guide_is_found_where_law_is_written_for_the_nation(client: Client, cast: Cast) -> None:
    nation = Institution.objects.create(code="nasional", name="Nasional", kind="nasional", time_zone="Asia/Jakarta")
    client.force_login(person("national", Role.RULES_ADMINISTRATOR, nation))
    assert 'href="/nasional/panduan/"' in client.get("/nasional/kelola/").content.decode()
    read = client.get("/nasional/panduan/").content.decode()
    assert "Menulis edaran sebagai data" in read
    assert "Mengisi lembar pemetaan" not in read
    assert client.get("/nasional/panduan/menulis-edaran/").status_code == 200
    assert client.get("/nasional/panduan/lembar/").status_code == 404
    client.force_login(cast.employee)
    assert client.get("/kota-contoh/panduan/menulis-edaran/").status_code == 404
    assert "/panduan/" not in client.get("/kota-contoh/kelola/").content.decode()
