"""A page costs the same number of queries for one row and for fifty.

To write fifty rows takes longer than to open a page, so pages of the same rows are counted together.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.actions.assessments import Settled, settle_sheets, submit_assessments
from agencies.mapping.drafts import copy_answers
from agencies.models import Employee, PersonalDataRead, Sheet
from eligibility.actions import rule_cases
from eligibility.arrangements.reporting_line import Station
from eligibility.arrangements.stations import route_text
from eligibility.models import Notice
from tests.acts.drafts import published
from tests.acts.rule_cases import COUNTER
from tests.arranged_city import AT, ArrangedCity, holder, written
from tests.base import Cast
from tests.eligibility.approving import approved
from tests.eligibility.law_typing import ADMIN
from tests.factories import (
    AbsenceFactory,
    AgencyFactory,
    EmployeeFactory,
    EmploymentFactory,
    GrantFactory,
    ObjectionFactory,
    PositionFactory,
    PostingFactory,
    PublicServiceFactory,
    TaskFactory,
    UnitFactory,
    UserFactory,
)
from tests.judged_city import SUITS_HOME, JudgedCity
from tests.sheets import answer, both_submitted, opened


def queries(client: Client, url: str) -> int:
    """How many queries the second call of a page takes: the first may fill caches."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def grow(city: JudgedCity) -> None:
    """Fifty more positions, services, units and agencies."""
    for number in range(50):
        unit = UnitFactory.create(agency=city.cast.agency)
        position = PositionFactory.create(agency=city.cast.agency, unit=unit, title=f"Arsiparis {number}")
        TaskFactory.create(position=position, **SUITS_HOME)
        PublicServiceFactory.create(agency=city.cast.agency)
        AgencyFactory.create(institution=city.cast.institution, parent=city.cast.other_agency)


PAGES: Final = (
    "peta/",
    "peta/?tampilan=tabel&buka=Dinkes",
    "opd/Diskominfo/",
    "opd/Diskominfo/?cara=home&hasil=eligible",
    "opd/Dinkes/",
    "opd/Diskominfo/norma/",
    "aturan/",
    "aturan/PERMEN4-13-1/",
    "aturan/?urut=pertanyaan",
    "perubahan-aturan/?dari=2024-04-16&sampai=2025-07-01",
    "opd/Diskominfo/susunan/",
    "opd/Diskominfo/susunan/jabatan-baru/",
    "opd/Diskominfo/susunan/jabatan-tutup/",
    "rontgen-data/",
    "rontgen-data/?opd=Diskominfo",
    "rontgen-data/opd-tanpa-jabatan/",
    "rontgen-data/layanan-tanpa-uraian-tugas/",
    "tempat-kerja/",
    "kajian/",
    "kajian/?tingkat=semua&urut=-sakip",
    "penetapan/",
)


def test_a_page_costs_the_same_for_one_row_and_for_fifty(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    urls = [*map(city.url, PAGES), "/?per=2025-07-01"]
    before = {url: queries(client, url) for url in urls}
    grow(city)
    assert {url: queries(client, url) for url in urls} == before


def test_a_position_costs_the_same_for_one_task_and_for_ten(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url(f"jabatan/{city.eligible.pk}/")
    before = queries(client, url)
    for number in range(2, 11):
        TaskFactory.create(position=city.eligible, number=number, share=None, **SUITS_HOME)
    assert queries(client, url) == before


def populate(city: JudgedCity) -> Employee:
    """Somebody with two versions of her posting and an objection, who was read once; her account is linked."""
    place, position = city.cast.institution, city.eligible
    employee = EmployeeFactory.create(institution=place)
    EmploymentFactory.create(employee=employee)
    PostingFactory.create(employee=employee, position=position)
    AbsenceFactory.create(employee=employee)
    account = UserFactory.create(employee=employee)
    GrantFactory.create(user=account, institution=place, agency=city.cast.agency)
    ObjectionFactory.create(employee=employee, raised_by=account)
    PersonalDataRead.objects.create(
        institution=place, reader=account, reader_label="x", at=timezone.now(), page="employee", employee=employee
    )
    return employee


@pytest.mark.parametrize(
    ("page", "reader"),
    [
        ("pegawai/", "hr_officer"),
        ("pegawai/", "agency_head"),
        ("pegawai/", "inspector"),
        ("rontgen-data/penempatan-tanpa-sk/", "agency_head"),
        ("rontgen-data/masa-jabatan-belum-diketahui/", "hr_officer"),
        ("keberatan-data/", "hr_officer"),
        ("pembacaan/", "data_protection_officer"),
        ("pengguna/", "system_administrator"),
    ],
)
def test_a_list_of_people_costs_the_same_for_one_and_for_many(
    client: Client, city: JudgedCity, page: str, reader: str
) -> None:
    populate(city)
    client.force_login(getattr(city.cast, reader))
    before = queries(client, city.url(page))
    for _number in range(20):
        populate(city)
    assert queries(client, city.url(page)) == before


def test_a_file_costs_the_same_for_one_and_for_many_rows(client: Client, city: JudgedCity) -> None:
    employee = populate(city)
    client.force_login(city.cast.hr_officer)
    url = city.url(f"pegawai/{employee.pk}/?versi=semua")
    before = queries(client, url)
    for _number in range(20):
        agency = AgencyFactory.create(institution=city.cast.institution)
        PostingFactory.create(employee=employee, position=PositionFactory.create(agency=agency), capacity="plt")
        AbsenceFactory.create(employee=employee)
    assert queries(client, url) == before


@pytest.mark.parametrize("page", ["", "pemegang/"])
def test_a_task_costs_the_same_for_one_holder_and_for_many(client: Client, city: JudgedCity, page: str) -> None:
    populate(city)
    client.force_login(city.cast.hr_officer)
    url = reverse("task_holders" if page else "task", args=["kota-contoh", city.eligible.tasks.get().pk])
    before = queries(client, url)
    for _number in range(20):
        populate(city)
    assert queries(client, url) == before


def live(city: ArrangedCity, employee: Employee) -> None:
    """One that is lived by, one that is over, one that waits for the unit head; each with notices."""
    leader = city.unit_head.postings.get().position
    waiting = {
        "mode": "other_place",
        "state": "submitted",
        "submitted_at": AT,
        "route": route_text([Station("endorse", leader.pk, leader.title), Station("decide", None, "Wali Kota")]),
        "station": 0,
        "waits_for": leader,
    }
    granted = {"submitted_at": AT, "approved_at": AT, "starts_on": date(2025, 9, 1)}
    over = {"state": "ended", "ended_on": date(2025, 9, 8)}
    if employee != city.asker or not employee.arrangements.exists():
        written(city, employee, state="approved", **granted)
        written(city, employee, **waiting)
    row = written(city, employee, **granted, **over)
    for account in (city.asker_account, city.unit_head_account):
        Notice.objects.create(institution=row.institution, user=account, arrangement=row, code="approved", at=AT)


@pytest.mark.parametrize(
    ("page", "reader"),
    [
        ("fleksibilitas/", "hr_officer"),
        ("fleksibilitas/menunggu/", "unit_head"),
        ("kehadiran/", "hr_officer"),
        ("pengawasan/daftar/", "inspector"),
        ("fleksibilitas/saya/", "employee"),
        ("pemberitahuan/", "employee"),
    ],
)
def test_a_list_of_arrangements_costs_the_same_for_one_and_for_fifty(
    client: Client, arranged: ArrangedCity, page: str, reader: str
) -> None:
    live(arranged, arranged.asker)
    client.force_login(
        arranged.unit_head_account if reader == "unit_head" else getattr(arranged.city.cast, reader),
    )
    before = queries(client, arranged.url(page))
    for number in range(50):
        own = page == "fleksibilitas/saya/"
        live(arranged, arranged.asker if own else holder(arranged.programmer, f"Pegawai {number}"))
    assert queries(client, arranged.url(page)) == before


MOST: Final = {
    "fleksibilitas/{pk}/": ("hr_officer", 13, 13),
    "pengawasan/kasus/{pk}/": ("inspector", 22, 22),
    "fleksibilitas/saya/": ("employee", 20, 31),
}
"""Pages about one arrangement or one employee, who reads them, and the most queries on PostgreSQL and on SQLite.

SQLite tells no versions of rows, so there the law is read anew for each page. What many tables would be joined for
is asked in two short statements: a database takes longer to plan the join.
"""


@pytest.mark.parametrize("page", MOST)
def test_a_page_about_one_asks_for_no_more_than_it_shows(client: Client, arranged: ArrangedCity, page: str) -> None:
    reader, *most = MOST[page]
    case = approved(arranged)
    client.force_login(getattr(arranged.city.cast, reader))
    assert queries(client, arranged.url(page.format(pk=case.pk))) <= most[connection.vendor == "sqlite"]


def map_jobs(city: JudgedCity, number: int) -> None:
    """Some tasks of the cast's agency, each with a sheet to answer, one to settle and one agreed."""
    for what in ("jawab", "selisih", "sepakat"):
        for _one in range(number):
            position = PositionFactory.create(agency=city.cast.agency, title=f"Arsiparis {what}")
            desk = opened(city.cast, TaskFactory.create(position=position, title=f"Menata {what}"))
            if what != "jawab":
                both_submitted(desk, with_tik="no" if what == "selisih" else "yes")


MAPPING: Final = (
    "pemetaan/",
    "pemetaan/?tampil=selesaikan",
    "pemetaan/kemajuan/",
    "pemetaan/kesepakatan/",
    "opd/Diskominfo/pemetaan/",
    "opd/Diskominfo/pemetaan/?keadaan=agreed",
    "opd/Diskominfo/pemetaan/buka/",
    "opd/Diskominfo/pemetaan/penilai/",
    "opd/Diskominfo/pemetaan/penilai/?penilai=opd",
    "lembar/{answering}/",
    "lembar/{settling}/",
    "lembar/{answering}/kirim/",
    "lembar/{settling}/selesaikan/",
)


def test_a_page_of_the_mapping_costs_the_same_for_one_sheet_and_for_many(client: Client, city: JudgedCity) -> None:
    map_jobs(city, 2)
    first = {state: Sheet.objects.filter(state=state).order_by("pk")[0].pk for state in ("open", "settling")}
    urls = [city.url(page.format(answering=first["open"], settling=first["settling"])) for page in MAPPING]
    client.force_login(city.cast.hr_officer)
    before = {url: queries(client, url) for url in urls}
    map_jobs(city, 18)
    assert {url: queries(client, url) for url in urls} == before


def test_to_submit_and_to_settle_many_sheets_costs_the_same_as_a_few(city: JudgedCity) -> None:
    def asked(number: int) -> tuple[int, int, int]:
        tasks = [
            TaskFactory.create(position=PositionFactory.create(agency=city.cast.agency, title=f"Jabatan {number}"))
            for _n in range(number)
        ]
        desks = [opened(city.cast, task) for task in tasks]
        source = answer(desks[0].by_agency, with_tik="no")
        targets = [desk.by_agency for desk in desks[1:]]
        told: dict[str, Any] = {"on": date(2025, 7, 1), "at": AT}
        with CaptureQueriesContext(connection) as copying:
            copy_answers(reviewer=desks[0].clerk, source=source, targets=targets, at=AT)
        submit_assessments(actor=desks[0].clerk, assessments=[source, *targets], **told)
        parts = [answer(desk.by_bkpsdm) for desk in desks]
        with CaptureQueriesContext(connection) as submitting:
            submit_assessments(actor=city.cast.hr_officer, assessments=parts, **told)
        settled = {"task.with_tik": Settled("yes", "Aplikasi ada")}
        sheets = [desk.sheet for desk in desks]
        with CaptureQueriesContext(connection) as settling:
            settle_sheets(actor=city.cast.hr_officer, sheets=sheets, settled=settled, **told)
        return len(copying), len(submitting), len(settling)

    # Six sheets of fifteen answers are less than SQLite's rows of one statement.
    assert asked(3) == asked(6)


def test_the_page_of_the_cases_of_a_rule_costs_the_same_for_one_and_for_many(client: Client, cast: Cast) -> None:
    row, writer = published(cast), cast.rules_administrator
    address = f"{ADMIN}/ruleversion/{row.pk}/kasus/"
    client.force_login(writer)

    def write(number: int) -> None:
        case = replace(COUNTER, name=f"Kasus {number}")
        rule_cases.write_case(actor=writer, rule=row.rule, institution=cast.institution, case=case)

    write(0)
    before = queries(client, address)
    for number in range(1, 20):
        write(number)
    assert queries(client, address) == before
