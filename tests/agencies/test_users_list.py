"""Who may do what stands in a list; the hub and the navigation show what the user's roles open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import hub
from agencies.csv_files import defused
from agencies.models import Grant, Role, User
from tests.base import Cast, person
from tests.exported import from_csv
from tests.factories import AgencyFactory, GrantFactory, InstitutionFactory, UserFactory

PAGE = "/kota-contoh/pengguna/"


def page_of(client: Client, query: str = "") -> str:
    return client.get(PAGE + query).content.decode()


def test_the_list_tells_who_may_do_what_where_and_since_when(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    page = page_of(client)
    for words in ("agency_head", "Kepala perangkat daerah", "Dinas Komunikasi", "1 Januari 2024", "Seluruh instansi"):
        assert words in page
    assert "outsider" not in page


def test_the_filter_narrows_by_name_role_agency_and_state(client: Client, cast: Cast) -> None:
    today = timezone.localdate()
    below = AgencyFactory.create(institution=cast.institution, parent=cast.agency, code="uptd-1")
    former, future = (
        UserFactory.create(username="mantan"),
        UserFactory.create(username="kelak", first_name="Nama Kelak"),
    )
    GrantFactory.create(user=former, institution=cast.institution, agency=below, valid_until=today - timedelta(days=1))
    GrantFactory.create(user=future, institution=cast.institution, agency=below, valid_from=today + timedelta(days=1))
    client.force_login(cast.system_administrator)
    assert "mantan" not in page_of(client)
    assert "mantan" in page_of(client, "?keadaan=berakhir")
    assert "kelak" not in page_of(client, "?keadaan=berakhir")
    assert "kelak" in page_of(client, "?keadaan=mendatang")
    assert "mantan" in page_of(client, "?keadaan=semua&opd=Diskominfo"), "an agency with those below it"
    assert "mantan" not in page_of(client, "?keadaan=semua&opd=Dinkes")
    assert "kelak" in page_of(client, "?keadaan=semua&cari=nama+kel")
    assert ">agency_head</a>" not in page_of(client, "?peran=inspector")
    assert "Pilihan ini tidak dikenal" in page_of(client, "?peran=raja")
    assert "Tidak ada peran yang sesuai" in page_of(client, "?cari=tiada")


def test_an_administrator_of_an_agency_sees_only_its_accounts(client: Client, cast: Cast) -> None:
    client.force_login(person("admin_opd", Role.SYSTEM_ADMINISTRATOR, cast.institution, cast.agency))
    page = page_of(client)
    assert ">agency_head</a>" in page
    assert ">hr_officer</a>" not in page


def test_pages_follow_each_other_without_gap_and_all_can_be_printed(client: Client, cast: Cast) -> None:
    for number in range(60):
        user = UserFactory.create(username=f"x{number:03d}")
        GrantFactory.create(user=user, institution=cast.institution, agency=cast.agency)
    client.force_login(cast.system_administrator)
    first = page_of(client, "?cari=x0")
    assert "x049" in first
    assert "x050" not in first
    last = User.objects.get(username="x049").grants.get().pk
    assert f"sesudah={last}" in first
    second = page_of(client, f"?cari=x0&sesudah={last}")
    assert "x050" in second
    assert "x049" not in second
    assert "x059" in page_of(client, "?cari=x0&cetak=1")


def test_the_list_costs_the_same_for_one_row_and_for_fifty(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        return len(captured)

    queries()
    before = queries()
    for _number in range(45):
        GrantFactory.create(institution=cast.institution, agency=AgencyFactory.create(institution=cast.institution))
    assert queries() == before


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(client: Client, cast: Cast) -> None:
    trap = UserFactory.create(username="jebakan", first_name="=HYPERLINK(1)")
    GrantFactory.create(user=trap, institution=cast.institution, agency=cast.agency)
    client.force_login(cast.system_administrator)
    answer = client.get(f"{PAGE}?cari=jebakan&unduh=csv")
    read = from_csv(answer)
    assert [row[:2] for row in read.rows] == [["jebakan", "'=HYPERLINK(1)"]]
    assert read.told["Nama atau nama pengguna"] == "jebakan"
    assert read.told["Keadaan peran"] == "Berlaku"
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\tx"])
def test_a_cell_that_would_run_is_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert defused("biasa") == "biasa"


def test_the_hub_lists_what_the_roles_open_and_nothing_else(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_administrator)
    page = client.get("/kota-contoh/kelola/").content.decode()
    assert f'href="{PAGE}"' in page
    client.force_login(cast.employee)
    assert PAGE not in client.get("/kota-contoh/kelola/").content.decode()


def test_every_link_of_the_hub_opens_for_whom_it_is_shown(client: Client, cast: Cast) -> None:
    for user in cast.insiders:
        client.force_login(user)
        answer = client.get("/kota-contoh/kelola/")
        for section in answer.context["sections"]:
            for label, address in section.links:
                assert client.get(address).status_code in {200, 302}, (user.username, label)


def test_every_offered_page_exists() -> None:
    assert hub.check_links() == []


def test_the_navigation_has_at_most_six_entries(client: Client, cast: Cast) -> None:
    for user in cast.insiders:
        client.force_login(user)
        page = client.get("/kota-contoh/kelola/").content.decode()
        start = page.index('class="site-nav')
        assert 3 <= page[start : page.index("</nav>", start)].count("<li>") <= 6, user.username


def test_my_account_tells_my_roles_in_every_institution(client: Client, cast: Cast) -> None:
    elsewhere = InstitutionFactory.create(name="Kota Ketiga")
    GrantFactory.create(user=cast.employee, institution=elsewhere, valid_until="2024-06-30")
    client.force_login(cast.employee)
    page = client.get("/akun/").content.decode()
    for words in ("Kota Contoh", "Kota Ketiga", "Berakhir", "30 Juni 2024", "/kata-sandi/"):
        assert words in page
    client.force_login(UserFactory.create())
    assert "Mintalah kepada administrator sistem" in client.get("/akun/").content.decode()


def test_accounts_and_roles_have_no_second_way_in(client: Client, cast: Cast) -> None:
    assert not admin.site.is_registered(User)
    assert not admin.site.is_registered(Grant)
    client.force_login(UserFactory.create(is_superuser=True, is_staff=True))
    assert client.get(PAGE).status_code == 404
    assert client.get("/kota-contoh/kelola/").status_code == 404


def test_an_account_of_the_technical_administration_is_not_reset_here(client: Client, cast: Cast) -> None:
    technical = UserFactory.create(is_staff=True)
    GrantFactory.create(user=technical, institution=cast.institution, agency=cast.agency)
    client.force_login(cast.system_administrator)
    assert "administrasi teknis" in client.post(f"{PAGE}{technical.pk}/kata-sandi/").content.decode()
    assert User.objects.get(pk=technical.pk).check_password("rahasia")


@pytest.mark.parametrize("key", ["0", "999999", "99999999999999999999999"])
def test_a_key_that_is_nobodys_is_not_there(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.system_administrator)
    for address in (f"{PAGE}{key}/", f"{PAGE}{key}/tutup/", f"/kota-contoh/peran/{key}/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["?sesudah=x", "?sesudah=99999999999999999999", "?cari=%00", "?opd=%00", "?keadaan="])
def test_an_address_that_makes_no_sense_still_answers(client: Client, cast: Cast, query: str) -> None:
    client.force_login(cast.system_administrator)
    assert client.get(PAGE + query).status_code == 200
    assert client.get(f"{PAGE}{query}&unduh=csv").status_code == 200
