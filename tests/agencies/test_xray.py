"""The look through the data: each check finds its fault and nothing else, in one pass and within sight."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.access import get_standing
from agencies.models import Agency, NonAsnStaff, PersonalDataRead, Role
from agencies.xray.looking import Looking, Marks
from agencies.xray.register import CHECKS, checks_for
from agencies.xray.running import at_fault, look_through
from eligibility.models import InstitutionSetting
from tests.agencies.xray_cases import CASES, ON, agency, employee, position, posting, review, service, task
from tests.base import Cast
from tests.factories import (
    RECORDED,
    DisciplineGateFactory,
    EmploymentFactory,
    GrantFactory,
    HolderTaskFactory,
    PostingFactory,
    UserFactory,
)
from tests.judged_city import JudgedCity

PAGE = "/kota-contoh/rontgen-data/"


def looking(cast: Cast) -> Looking:
    return Looking(cast.institution, ON, Marks())


def test_every_check_has_a_case_and_says_why_and_what_to_do() -> None:
    assert len(CHECKS) >= 30
    assert set(CASES) == {check.code for check in CHECKS}
    for check in CHECKS:
        assert all(str(words).strip() for words in (check.title, check.why, check.remedy)), check.code


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_finds_the_row_at_fault_and_not_the_other(cast: Cast, check: Any) -> None:
    case = CASES[check.code]
    faulty, fine = case(cast, True), case(cast, False)
    rows = at_fault(check, looking(cast), None)
    found = set(rows.values_list("pk", flat=True))
    assert faulty.pk in found
    assert fine.pk not in found
    numbers = look_through(looking(cast), CHECKS, None).numbers
    assert numbers[check.code] == len(found), "what is counted is what is listed"


def test_a_number_without_a_month_of_appointment_is_right_for_a_pppk(cast: Cast) -> None:
    (check,) = [one for one in CHECKS if one.code == "nip-tidak-sesuai"]
    pns, rounded = employee(cast, nip="199001012022211901"), employee(cast, nip="199001012022011000")
    pppk = employee(cast, nip="199001012022211902")
    EmploymentFactory.create(employee=pppk, kind="pppk", effective_from=date(2024, 6, 1))
    found = set(at_fault(check, looking(cast), None))
    assert {pns, rounded} <= found
    assert pppk not in found


def found_by(cast: Cast, code: str) -> set[Any]:
    (check,) = [one for one in CHECKS if one.code == code]
    return set(at_fault(check, looking(cast), None))


def test_a_service_is_without_staff_unless_an_active_holder_or_others_serve_it(cast: Cast) -> None:
    def served(standing: str = "active", named: str = "", needs: int | None = 2) -> Any:
        made, serving = service(cast, staff_on_site=needs), task(cast)
        serving.services.add(made)
        who = employee(cast, posted=False)
        EmploymentFactory.create(employee=who, standing=standing, effective_from=date(2025, 5, 1))
        PostingFactory.create(employee=who, position=serving.position)
        if named:
            HolderTaskFactory.create(task=serving, employee=who if named == "her" else employee(cast, posted=False))
        return made

    unstaffed = {served("study"), served(named="another")}
    staffed = {served(), served(named="her"), served("study", needs=0), served("study", needs=None)}
    found = found_by(cast, "layanan-tanpa-petugas")
    assert unstaffed <= found
    assert found.isdisjoint(staffed)
    for counted_on, count in ((date(2025, 1, 1), 3), (date(2025, 2, 1), 0), (date(2025, 3, 1), 4)):
        told = {"source": "Hitungan", "recorded_at": RECORDED, "counted_on": counted_on}
        NonAsnStaff.objects.create(agency=cast.agency, count=count, **told)
        assert unstaffed.isdisjoint(found_by(cast, "layanan-tanpa-petugas")) is bool(count), "the last count holds"


def test_who_is_past_retirement_by_a_former_position_is_taken_to_have_left(cast: Cast) -> None:
    def posted(nip: str, until: date | None) -> Any:
        who = employee(cast, posted=False, nip=nip)
        place = position(cast, category="pelaksana")
        PostingFactory.create(employee=who, position=place, effective_from=date(2024, 1, 1), effective_until=until)
        return who

    over = date(2025, 3, 31)
    retired, ended = posted("196704012015011901", over), posted("199001012015011902", over)
    held = posted("199001022015011903", None)
    found = found_by(cast, "pegawai-tanpa-penempatan-kini")
    assert ended in found
    assert found.isdisjoint({retired, held})
    assert ended not in found_by(cast, "pegawai-tanpa-penempatan"), "she was posted once"


@pytest.mark.usefixtures("whole_statements")
def test_one_pass_takes_the_same_few_statements_however_many_rows_there_are(cast: Cast) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            look_through(looking(cast), CHECKS, None)
        return sum(query["sql"].startswith("SELECT") for query in captured.captured_queries)

    before = counted()
    for case in list(CASES.values())[::3]:
        case(cast, True)
    assert counted() == before == len({check.level.code for check in CHECKS})


def test_the_page_shows_numbers_that_open_their_rows_and_logs_who_reads_names(client: Client, city: JudgedCity) -> None:
    cast = city.cast
    somebody = employee(cast, residence="", name="Tanpa Domisili Sintetis")
    position(cast, agency=cast.agency, title="Jabatan Kosong")
    client.force_login(cast.hr_officer)
    page = client.get(PAGE).content.decode()
    assert f"{PAGE}tanpa-domisili/" in page
    assert somebody.name not in page
    assert not PersonalDataRead.objects.exists()
    rows = client.get(f"{PAGE}tanpa-domisili/").content.decode()
    assert somebody.name in rows
    assert somebody.nip not in rows
    assert f"/kota-contoh/pegawai/{somebody.pk}/" in rows
    read = PersonalDataRead.objects.get()
    assert (read.page, read.count) == ("xray", 1)
    client.get(f"{PAGE}jabatan-tanpa-uraian-tugas/")
    assert PersonalDataRead.objects.count() == 1, "a position is nobody's personal data"
    csv = b"".join(client.get(f"{PAGE}tanpa-domisili/?unduh=csv"))
    assert somebody.name in csv.decode()
    assert PersonalDataRead.objects.count() == 2


def test_the_data_are_looked_through_on_any_day_and_links_keep_it(client: Client, city: JudgedCity) -> None:
    review(city.cast, city.cast.agency, valid_from=date(2025, 6, 1))
    client.force_login(city.cast.hr_officer)

    def without_study(day: str) -> str:
        return client.get(f"{PAGE}opd-tanpa-kajian/?per={day}").content.decode()

    assert "Dinas Komunikasi</a>" in without_study("2025-05-31")
    assert "Dinas Komunikasi</a>" not in without_study("2025-06-01")
    assert "/kota-contoh/opd/Diskominfo/kajian/" in without_study("2025-05-31"), "where it is mended"
    assert 'scope="col">Berada di bawah</th>' in without_study("2025-06-01")
    earlier = client.get(f"{PAGE}?per=2025-05-31").content.decode()
    assert f'href="{PAGE}opd-tanpa-kajian/?per=2025-05-31"' in earlier
    assert '<input type="hidden" name="per" value="2025-05-31">' in earlier
    taken = b"".join(client.get(f"{PAGE}?per=2025-05-31&unduh=csv")).decode()
    assert "31 Mei 2025" in taken
    assert "Ini bukan tanggal" in client.get(f"{PAGE}?per=kemarin").content.decode()


def test_the_rows_are_paged_by_key_and_narrowed_to_an_agency_with_all_below_it(
    client: Client, city: JudgedCity
) -> None:
    cast = city.cast
    for number in range(55):
        position(cast, agency=city.below, title=f"Jabatan {number:02}")
    position(cast, agency=cast.agency, title="Jabatan Lain")
    client.force_login(cast.hr_officer)
    address = f"{PAGE}jabatan-tanpa-uraian-tugas/"
    page = client.get(address, {"opd": cast.other_agency.code}).content.decode()
    assert "Jabatan 49" in page
    assert "Jabatan 50" not in page
    assert "Jabatan Lain" not in page
    last = city.below.positions.get(title="Jabatan 49")
    more = client.get(address, {"opd": cast.other_agency.code, "sesudah": str(last.pk)}).content.decode()
    assert "Jabatan 54" in more
    assert client.get(f"{PAGE}tiada/").status_code == 404


def test_people_of_an_agency_see_what_belongs_to_it_and_discipline_stays_with_bkpsdm(
    client: Client, city: JudgedCity
) -> None:
    cast = city.cast
    own, other = employee(cast, residence="", name="Milik Sendiri"), employee(cast, posted=False, residence="")
    PostingFactory.create(employee=other, position=city.refused)
    unposted = employee(cast, posted=False, name="Belum Ditempatkan")
    DisciplineGateFactory.create(employee=own)
    kasubbag = UserFactory.create()
    GrantFactory.create(user=kasubbag, role=Role.HR_OFFICER, institution=cast.institution, agency=cast.agency)
    for user in (cast.agency_head, kasubbag):
        client.force_login(user)
        rows = client.get(f"{PAGE}tanpa-domisili/").content.decode()
        assert own.name in rows
        assert other.name not in rows
        assert client.get(f"{PAGE}disiplin-tanpa-akhir/").status_code == 404
        assert unposted.name not in client.get(f"{PAGE}pegawai-tanpa-penempatan/").content.decode()
        assert other.name not in client.get(f"{PAGE}tanpa-domisili/", {"opd": city.below.code}).content.decode()
        assert "disiplin" not in client.get(PAGE).content.decode().split("<main", 1)[1].lower()
    client.force_login(cast.hr_officer)
    assert own.name in client.get(f"{PAGE}disiplin-tanpa-akhir/").content.decode()
    assert unposted.name in client.get(f"{PAGE}pegawai-tanpa-penempatan/").content.decode()
    standing = get_standing(cast.inspector, "kota-contoh")
    assert {check.level.code for check in checks_for(standing)}.isdisjoint({"gate", "grant"})


def test_who_moved_on_is_read_where_she_is_now(client: Client, city: JudgedCity) -> None:
    cast = city.cast
    gone = employee(cast, posted=False, name="Sudah Pindah")
    for since, until in ((date(2023, 1, 1), date(2023, 12, 31)), (date(2023, 12, 1), date(2024, 6, 30))):
        posting(cast, employee=gone, position=city.eligible, effective_from=since, effective_until=until)
    PostingFactory.create(employee=gone, position=city.refused, effective_from=date(2024, 7, 1))
    assert city.eligible.agency != city.refused.agency
    address = f"{PAGE}penempatan-lampau-tumpang-tindih/"
    client.force_login(cast.agency_head)
    assert gone.name not in client.get(address).content.decode()
    client.force_login(cast.hr_officer)
    assert gone.name in client.get(address).content.decode()


@pytest.mark.parametrize("page", ["", "susunan/"])
def test_the_page_of_an_agency_counts_what_was_found_in_it_by_severity(
    client: Client, city: JudgedCity, page: str
) -> None:
    client.force_login(city.cast.hr_officer)
    url = f"/kota-contoh/opd/{city.cast.agency.code}/{page}"
    before = dict(client.get(url).context["found"].numbers)
    position(city.cast, agency=city.cast.agency, unit=city.cast.position.unit)  # without a task: high
    answer = client.get(url)
    after = dict(answer.context["found"].numbers)
    assert {severity: after[severity] - before[severity] for severity in after} == {1: 1, 2: 1, 3: 0}
    link = f"{PAGE}?opd={city.cast.agency.code}"
    assert f'href="{link}#berat-1"' in answer.content.decode()
    assert 'id="berat-1"' in client.get(link).content.decode()


def test_what_was_found_in_an_agency_is_shown_to_those_who_read_its_people_alone(
    client: Client, city: JudgedCity
) -> None:
    cast, own = city.cast, f"/kota-contoh/opd/{city.cast.agency.code}/"
    for reader in (cast.hr_officer, cast.agency_head, cast.inspector):
        client.force_login(reader)
        page = client.get(own)
        assert sum(number for _severity, number in page.context["found"].numbers) > 0
        assert f"{PAGE}?opd=" in page.content.decode().split("<main", 1)[1]
    GrantFactory.create(user=cast.agency_head, role=Role.EMPLOYEE, institution=cast.institution)
    client.force_login(cast.agency_head)
    elsewhere = client.get(f"/kota-contoh/opd/{cast.other_agency.code}/")
    assert elsewhere.status_code == 200
    client.force_login(cast.employee)
    for page in (elsewhere, client.get(own)):
        assert page.context["found"] is None
        assert f"{PAGE}?opd=" not in page.content.decode().split("<main", 1)[1]


def test_ages_and_reasons_are_those_that_the_institution_has_set(cast: Cast) -> None:
    def marks() -> Marks:
        return Looking.at(cast.institution, ON, timezone.now()).marks

    assert marks() == Marks()
    said = {"valid_from": date(2025, 1, 1), "source": "Keputusan 1/2025", "known_from": RECORDED}
    for name, value in (("functional_retirement_age", 58), ("new_posting_reasons", ["promotion"])):
        InstitutionSetting.objects.create(institution=cast.institution, name=name, value=value, **said)
    assert marks() == Marks(58, frozenset({"promotion"}))


def test_an_agency_in_sight_is_offered_and_nobody_elses(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.agency_head)
    page = client.get(PAGE).content.decode()
    assert Agency.objects.get(code="Dinkes").name not in page
    posting(city.cast)
    agency(city.cast, name="Dinas Baru")
    assert "Dinas Baru" not in client.get(PAGE).content.decode()
