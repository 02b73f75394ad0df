"""Every table of the portal can be taken away by those who see it, whole, as it is narrowed, and by nobody else.

What is marked `once` writes the same rows, which PostgreSQL is asked for as CSV, to files of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from inspect import unwrap
from itertools import pairwise
from typing import Final

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from agencies.exporting.answers import Format
from agencies.models import Employee, PersonalDataRead, Position, Role
from eligibility.loading import rulebook
from tests.addresses import ADDRESSES, EVERY_ROLE, Address
from tests.exported import content, from_csv, from_xlsx
from tests.factories import (
    AgencyFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    GrantFactory,
    PositionFactory,
    PostingFactory,
    PublicServiceFactory,
    TaskFactory,
    UserFactory,
)
from tests.judged_city import SUITS_HOME, JudgedCity
from tests.pdf_text import pages
from tests.test_access_matrix import asking

EXPORTERS: Final = {"exported", "exported_people"}


def _views(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[tuple[str, Callable[..., object]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            # What rule writers take away in the administration is looked at beside its pages.
            if pattern.app_name != "admin":
                yield from _views(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name, unwrap(pattern.callback)


ELSEWHERE: Final = {"data_import", "sheet_settle"}
"""Those whose view hands the file on to a function of its own."""
TABLES: Final = ELSEWHERE | {
    name
    for name, view in _views(get_resolver().url_patterns)
    if EXPORTERS & {*getattr(getattr(view, "__code__", None), "co_names", ())}
}
"""The pages whose tables are files too, by the names of their addresses: those whose view answers with files."""

HOME: Final = Address("home", EVERY_ROLE, lambda city: f"/?instansi={city.cast.institution.code}&per=2025-07-01")
ANSWERING: Final = next(one for one in ADDRESSES if one.name == "sheet")
"""A sheet that is still answered: nobody takes its answers away."""
EXPORTED: Final = [one for one in [*ADDRESSES, HOME] if one.name in TABLES and one is not ANSWERING]
EACH = pytest.mark.parametrize("address", EXPORTED, ids=lambda address: address.name)
BEGINS: Final = {Format.XLSX: b"PK", Format.CSV: "\ufeff".encode(), Format.PDF: b"%PDF"}


def file_address(url: str, kind: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}unduh={kind}"


def test_every_table_has_an_address() -> None:
    assert {one.name for one in EXPORTED} == TABLES
    assert {"matrix", "employees", "xray_check", "studies", "coverage", "trail_browser"} <= TABLES
    assert len(TABLES) >= 50, "the views that answer with files are found by what they call"


@EACH
def test_who_opens_the_page_takes_its_table_away_and_others_are_told_nothing(
    client: Client, city: JudgedCity, address: Address
) -> None:
    url = address.own(city)
    for role in asking(address):
        client.force_login(getattr(city.cast, role.value))
        page = client.get(url).status_code
        assert client.get(file_address(url, "csv")).status_code == page, role
    stranger = UserFactory.create()
    GrantFactory.create(user=stranger, role=Role.HR_OFFICER)
    client.force_login(stranger)
    assert client.get(file_address(url, "csv")).status_code == 404


@pytest.mark.once
@EACH
def test_a_table_is_a_workbook_a_csv_and_a_pdf(client: Client, city: JudgedCity, address: Address) -> None:
    url = address.own(city)
    reader = getattr(city.cast, next(role for role in Role if role in address.roles).value)
    if address.name == "own_file" and reader.employee is None:
        reader.employee = EmployeeFactory.create(institution=city.cast.institution)
        reader.save()
    client.force_login(reader)
    for kind in Format:
        answer = client.get(file_address(url, kind))
        assert answer.headers["Content-Disposition"].startswith("attachment"), kind
        made = content(answer)
        assert made.startswith(BEGINS[kind]), kind
        assert_headed(HEADS[kind](made))
    read = from_csv(client.get(file_address(url, "csv")))
    widths = {len(read.heads), *map(len, read.rows)}
    assert len(widths) == 1, "each row has a cell for each head"


def head_of_pdf(made: bytes) -> dict[str, str]:
    """What stands above the table on its first page: names and words alternate after the title."""
    lines = [line.strip() for line in pages(made)[0].splitlines() if line.strip()]
    return dict(pairwise(lines))


HEADS: Final[dict[Format, Callable[[bytes], dict[str, str]]]] = {
    Format.XLSX: lambda made: from_xlsx(HttpResponse(made)).told,
    Format.CSV: lambda made: from_csv(HttpResponse(made)).told,
    Format.PDF: head_of_pdf,
}


def assert_headed(told: dict[str, str]) -> None:
    """Institution, day, what narrows it, and by which rules; who made it, by role."""
    assert told["Instansi pemerintah"] == "Kota Contoh"
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", told["Per"])
    assert told["Dibuat oleh"]
    assert re.fullmatch(r"[0-9a-f]{64}", told["Kumpulan aturan (SHA-256)"].replace(" ", ""))
    names = [*told]
    assert names.index("Kumpulan aturan (SHA-256)") > names.index("Per") + 1, "something is said of what narrows it"


def test_a_table_of_a_day_without_rules_says_so_and_one_of_another_day_names_the_rules_of_that_day(
    client: Client, city: JudgedCity
) -> None:
    client.force_login(city.cast.hr_officer)
    url = f"/{city.cast.institution.code}/kajian/?unduh=csv&per="
    then = from_csv(client.get(f"{url}2025-07-01")).told["Kumpulan aturan (SHA-256)"]
    assert then == rulebook(city.cast.institution, date(2025, 7, 1), timezone.now()).fingerprint
    later = from_csv(client.get(f"{url}2026-11-30")).told["Kumpulan aturan (SHA-256)"]
    assert later == rulebook(city.cast.institution, date(2026, 11, 30), timezone.now()).fingerprint != then
    long_ago = from_csv(client.get(f"{url}1990-01-01"))
    assert long_ago.told["Per"] == "1 Januari 1990"
    assert long_ago.told["Kumpulan aturan (SHA-256)"] == "Portal tidak mengenal aturan yang berlaku pada hari ini."


def many_positions(city: JudgedCity, number: int) -> None:
    made = PositionFactory.create_batch(number, agency=city.cast.agency)
    for place, position in enumerate(made):
        Position.objects.filter(pk=position.pk).update(title=f"Pengelola {place:04d}")
        TaskFactory.create(position=position, **SUITS_HOME)


def test_a_list_of_more_than_five_hundred_positions_is_exported_whole_with_its_outcomes(
    client: Client, city: JudgedCity
) -> None:
    many_positions(city, 620)
    client.force_login(city.cast.hr_officer)
    read = from_xlsx(client.get(city.url("opd/Diskominfo/?cari=Pengelola&unduh=xlsx")))
    assert read.column("Jabatan") == [f"Pengelola {number:04d} Ahli Muda" for number in range(620)]
    assert set(read.column("Di rumah")) == {"Dapat"}
    assert "Pengelola" in read.told.values(), "what it was narrowed by"
    assert read.told["Per"] == "1 Juli 2025"
    fingerprints = [value for name, value in read.told.items() if "SHA-256" in name]
    assert len(fingerprints) == 1
    assert len(fingerprints[0]) == 64
    narrowed = from_csv(client.get(city.url("opd/Diskominfo/?cara=home&hasil=needs_information&unduh=csv")))
    page = client.get(city.url("opd/Diskominfo/?cara=home&hasil=needs_information"))
    assert len(narrowed.rows) == page.context["listed"].total
    assert set(narrowed.column("Di rumah")) == {"Perlu data"}


def test_all_employees_in_sight_are_exported_masked_and_the_read_is_logged(client: Client, city: JudgedCity) -> None:
    employees = EmployeeFactory.create_batch(560, institution=city.cast.institution)
    for employee in employees[:520]:
        PostingFactory.create(employee=employee, position=city.eligible)
    PostingFactory.create(employee=employees[520], position=city.refused)
    client.force_login(city.cast.hr_officer)
    read = from_csv(client.get(city.url("pegawai/?unduh=csv")))
    assert len(read.rows) == Employee.objects.filter(institution=city.cast.institution).count()
    assert not any(employee.nip in str(read.rows) for employee in employees)
    assert PersonalDataRead.objects.filter(page="employees", count=len(read.rows)).exists()
    client.force_login(city.cast.agency_head)
    seen = from_csv(client.get(city.url("pegawai/?unduh=csv")))
    assert len(seen.rows) == 520, "those of her agency"
    named = from_csv(client.get(city.url(f"pegawai/?cari={employees[0].name.split()[0]}&unduh=csv")))
    assert 0 < len(named.rows) <= 520
    looked = client.get(city.url("pegawai/?cari=19800101&unduh=csv"))
    assert looked.status_code == 302, "a number stands in no address, nor in a file"


@pytest.mark.parametrize("page", ["opd/Diskominfo/", "pegawai/", "peta/", "tempat-kerja/", "pengguna/"])
def test_a_file_costs_the_same_queries_for_few_rows_and_for_many(client: Client, city: JudgedCity, page: str) -> None:
    client.force_login(getattr(city.cast, "system_administrator" if page == "pengguna/" else "hr_officer"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            content(client.get(city.url(f"{page}?unduh=csv")))
        return len(captured)

    PostingFactory.create(employee__institution=city.cast.institution, position=city.eligible)
    queries()
    before = queries()
    many_positions(city, 50)
    for employee in EmployeeFactory.create_batch(50, institution=city.cast.institution):
        PostingFactory.create(employee=employee, position=city.eligible)
        user = UserFactory.create()
        GrantFactory.create(user=user, institution=city.cast.institution, agency=city.cast.agency)
    assert queries() == before


def test_the_map_says_by_which_rules_and_a_later_page_of_it_is_still_the_whole(
    client: Client, city: JudgedCity
) -> None:
    client.force_login(city.cast.inspector)
    read = from_csv(client.get(city.url("peta/?sesudah=1&unduh=csv")))
    page = client.get(city.url("peta/"))
    day = page.context["day"]
    fingerprint = rulebook(city.cast.institution, day.on, day.known_at).fingerprint
    assert fingerprint in read.told.values()
    below = [row for row in read.rows if row[0] == "Puskesmas Satu"]
    assert len(below) == 5
    assert {row[2] for row in below} == {"Dinas Kesehatan"}
    total = sum(row.total for row in page.context["page"].rows)
    assert sum(int(row[4]) for row in read.rows if row[2] == "") == 5 * total


def test_the_file_of_an_employee_holds_what_its_reader_sees_and_is_logged_by_her_name(
    client: Client, city: JudgedCity
) -> None:
    employee = EmployeeFactory.create(institution=city.cast.institution, nip="198001012005011900")
    PostingFactory.create(employee=employee, position=city.eligible)
    DisciplineGateFactory.create(employee=employee, starts_on=date(2025, 1, 1))
    url = city.url(f"pegawai/{employee.pk}/?unduh=csv")
    client.force_login(city.cast.hr_officer)
    whole = from_csv(client.get(url))
    assert "198001012005011900" not in f"{whole.above}{whole.rows}"
    assert str(city.eligible) in whole.column("Nilai")
    client.force_login(city.cast.agency_head)
    some = from_csv(client.get(url))
    told = [row for row in some.rows if "Syarat pegawai belum terpenuhi" in str(row)]
    assert len(told) == 1, "a head is told whether, not what"
    assert len(some.rows) < len(whole.rows)
    reads = PersonalDataRead.objects.filter(page="employee", employee=employee)
    assert reads.count() == 2, "each file that was taken away is a read of her"


def test_the_open_questions_are_all_in_the_file_where_the_page_shows_some(client: Client, city: JudgedCity) -> None:
    for number in range(7):
        agency = AgencyFactory.create(institution=city.cast.institution, name=f"Kantor {number}")
        TaskFactory.create(position=PositionFactory.create(agency=agency))
    client.force_login(city.cast.hr_officer)
    url = HOME.own(city)
    page = client.get(url)
    read = from_csv(client.get(file_address(url, "csv")))
    assert len(page.context["page"].questions) == 5
    assert len(read.rows) == page.context["page"].asked > 7
    assert f"dari {len(read.rows)} perangkat daerah" in page.content.decode()


def test_the_second_table_of_a_page_is_a_file_of_its_own(client: Client, city: JudgedCity) -> None:
    service = PublicServiceFactory.create(agency=city.cast.agency, name="Loket data")
    task = city.eligible.tasks.get()
    task.services.add(service)
    client.force_login(city.cast.hr_officer)
    page = client.get(city.url("opd/Diskominfo/layanan/")).content.decode()
    assert "unduh=csv&amp;tabel=tugas" in page
    weeks = from_csv(client.get(city.url("opd/Diskominfo/layanan/?unduh=csv")))
    tasks = from_csv(client.get(city.url("opd/Diskominfo/layanan/?unduh=csv&tabel=tugas")))
    assert "Hari" in weeks.heads
    assert tasks.column("Layanan") == ["Loket data"]
    assert tasks.column("Jabatan") == [str(city.eligible)]
    assert tasks.column("Paparan yang diusulkan")[0]


def test_where_too_few_reviewers_answered_the_file_says_so(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    read = from_csv(client.get(city.url("pemetaan/kesepakatan/?unduh=csv")))
    assert set(read.column("Kappa")) == {"terlalu sedikit untuk disimpulkan"}


def test_a_sheet_is_taken_away_once_it_is_compared_and_not_before(client: Client, city: JudgedCity) -> None:
    blind = ANSWERING.own(city)
    for role in ANSWERING.roles:
        client.force_login(getattr(city.cast, role.value))
        answer = client.get(file_address(blind, "csv"))
        assert answer.headers["Content-Type"].startswith("text/html"), role
        assert "unduh=xlsx" not in answer.content.decode()
    compared = next(one for one in EXPORTED if one.name == "sheet").own(city)
    read = from_csv(client.get(file_address(compared, "csv")))
    assert len(read.rows) > 3
    assert {"Ya", "Tidak"} >= set(read.column("Sama"))
    assert "Tidak" in read.column("Sama")
