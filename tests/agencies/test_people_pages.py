"""The pages about employees: who sees whom and how much, masked numbers, the log of reads, equal queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from agencies.access import PEOPLE_READERS, acting_as, employees_in_sight, get_standing, visible_employees
from agencies.models import Agency, Employee, PersonalDataRead, Role, User
from tests.base import Cast, person
from tests.factories import (
    AbsenceFactory,
    AdditionalTaskFactory,
    AgencyFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    EmploymentFactory,
    HolderTaskFactory,
    PositionFactory,
    PostingFactory,
    PredicateFactory,
    SpecialCircumstanceFactory,
    TaskFactory,
)
from tests.test_query_counts import queries

LIST = "/kota-contoh/pegawai/"


def file_of(employee: Employee) -> str:
    """The address of a file."""
    return f"{LIST}{employee.pk}/"


def holder(agency: Agency, name: str) -> Employee:
    """A PNS who holds a position of an agency."""
    position = PositionFactory.create(agency=agency)
    employee = EmployeeFactory.create(institution=agency.institution, name=name)
    EmploymentFactory.create(employee=employee)
    PostingFactory.create(employee=employee, position=position)
    return employee


@pytest.fixture
def sari(cast: Cast) -> Employee:
    """Of the cast's agency, with a discipline gate and a keadaan khusus in force today."""
    sari = holder(cast.agency, "Sari Wulandari")
    today = timezone.localdate()
    DisciplineGateFactory.create(employee=sari, starts_on=date(2024, 5, 6))
    SpecialCircumstanceFactory.create(employee=sari, ends_on=today.replace(year=today.year + 1, day=1))
    return sari


def text(client: Client, url: str, user: User) -> str:
    """What a user is shown."""
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_reader_lists_the_employees_of_her_agencies_with_masked_numbers(client: Client, cast: Cast) -> None:
    below = AgencyFactory.create(institution=cast.institution, parent=cast.other_agency)
    here, there = holder(cast.agency, "Ani Disini"), holder(below, "Budi Disana")
    nowhere = EmployeeFactory.create(institution=cast.institution, name="Citra Tanpajabatan")
    stranger = holder(AgencyFactory.create(institution=cast.outsider.grants.get().institution), "Dodi Kotalain")
    clerk = person("clerk", Role.HR_OFFICER, cast.institution, cast.other_agency)
    names = {one.name: one for one in (here, there, nowhere, stranger)}
    for user, seen in [
        (cast.hr_officer, {here, there, nowhere}),
        (cast.inspector, {here, there}),
        (cast.agency_head, {here}),
        (clerk, {there}),
    ]:
        page = text(client, LIST, user)
        assert {one for name, one in names.items() if name in page} == seen, user
        assert not [one for one in names.values() if one.nip in page or one.nip[:8] in page]
        for one in names.values():
            assert client.get(file_of(one)).status_code == (200 if one in seen else 404), (user, one)
    for user in (cast.system_administrator, cast.rules_administrator, cast.employee, cast.data_protection_officer):
        client.force_login(user)
        assert client.get(LIST).status_code == client.get(file_of(here)).status_code == 404


def test_who_left_the_agency_is_out_of_its_clerks_sight(client: Client, cast: Cast) -> None:
    gone = EmployeeFactory.create(institution=cast.institution)
    PostingFactory.create(
        employee=gone, position=PositionFactory.create(agency=cast.agency), effective_until=date(2024, 6, 30)
    )
    client.force_login(cast.agency_head)
    assert client.get(file_of(gone)).status_code == 404
    client.force_login(cast.inspector)
    assert client.get(file_of(gone)).status_code == 200


def test_whether_some_are_in_sight_is_told_as_the_list_of_those_in_sight_tells_it(cast: Cast) -> None:
    here = [holder(agency, f"Pegawai {agency.code}") for agency in (cast.agency, cast.other_agency)]
    keys = [one.pk for one in (*here, EmployeeFactory.create(institution=cast.institution), EmployeeFactory.create())]
    seen = []
    for user in (cast.hr_officer, cast.agency_head, cast.inspector):
        standing = acting_as(get_standing(user, cast.institution.code), *PEOPLE_READERS)
        seen.append(employees_in_sight(standing, keys))
        assert seen[-1] == set(visible_employees(standing).filter(pk__in=keys).values_list("pk", flat=True))
    assert [len(one) for one in seen] == [3, 1, 2]


def test_bkpsdm_reads_all_the_inspector_dates_and_a_head_only_that_a_condition_is_not_met(
    client: Client, cast: Cast, sari: Employee
) -> None:
    clerk = person("clerk", Role.HR_OFFICER, cast.institution, cast.agency)
    kind, since, illness = "Sedang", "6 Mei 2024", "Pemulihan sesudah operasi"
    sentence, verified = (
        "Syarat pegawai belum terpenuhi (Pasal 25 ayat (1)). Rincian di BKPSDM.",
        "Terverifikasi, berlaku",
    )
    for user, shown, hidden in [
        (cast.hr_officer, [kind, since, illness, "PP 94/2021"], [sentence, verified]),
        (cast.inspector, [kind, since, verified], [illness, "PP 94/2021", sentence]),
        (cast.agency_head, [sentence, verified], [kind, since, illness, "PP 94/2021"]),
        (clerk, [sentence, verified], [kind, since, illness, "PP 94/2021"]),
    ]:
        for url in (file_of(sari), file_of(sari) + "?versi=semua"):
            page = text(client, url, user)
            assert [one for one in shown if one not in page] == [], user
            assert [one for one in hidden if one in page] == [], user


def test_the_full_number_is_shown_to_hr_on_asking_and_the_asking_is_logged(
    client: Client, cast: Cast, sari: Employee
) -> None:
    url = file_of(sari) + "nip/"
    assert sari.nip not in text(client, file_of(sari), cast.hr_officer)
    answer = client.post(url)
    assert sari.nip in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert PersonalDataRead.objects.filter(page="nip", employee=sari, reader=cast.hr_officer).count() == 1
    for user in (cast.agency_head, cast.inspector):
        assert url not in text(client, file_of(sari), user)
        assert client.post(url).status_code == 404


def test_hr_finds_a_file_by_its_full_number_which_stands_in_no_address(
    client: Client, cast: Cast, sari: Employee
) -> None:
    client.force_login(cast.hr_officer)
    assert client.post(LIST + "cari/", {"nip": sari.nip}).headers["Location"] == file_of(sari)
    for typed in ("199001012015011999", "12345", "x" * 30):
        answer = client.post(LIST + "cari/", {"nip": typed}, follow=True)
        assert (answer.status_code, typed in answer.content.decode()) == (200, False)
    answer = client.get(LIST + f"?cari={sari.nip}&jenis=pns", follow=True)
    page = answer.content.decode()
    assert ("tampak seperti nomor" in page, sari.nip in page) == (True, False)
    assert answer.redirect_chain == [(LIST + "?jenis=pns", 302)]
    clerk = person("clerk", Role.HR_OFFICER, cast.institution, cast.other_agency)
    client.force_login(clerk)
    assert client.post(LIST + "cari/", {"nip": sari.nip}).headers["Location"] == LIST, "found only what is in sight"


def test_the_list_is_narrowed_by_name_agency_and_kind(client: Client, cast: Cast, sari: Employee) -> None:
    budi = holder(cast.other_agency, "Budi Santoso")
    EmploymentFactory.create(employee=budi, kind="pppk", grade="IX", effective_from=date(2024, 2, 1))
    EmployeeFactory.create(institution=cast.institution, name="Tanpa Jabatan")
    for query, names in [
        ("cari=wulan+SARI", {"Sari Wulandari"}),
        ("opd=Dinkes", {"Budi Santoso"}),
        ("opd=-", {"Tanpa Jabatan"}),
        ("jenis=pppk", {"Budi Santoso"}),
        ("jenis=pns", {"Sari Wulandari"}),
        ("cari=tiada", set()),
        ("opd=tiada&jenis=honorer", {"Sari Wulandari", "Budi Santoso", "Tanpa Jabatan"}),
    ]:
        page = text(client, f"{LIST}?{query}", cast.hr_officer)
        assert {name for name in ("Sari Wulandari", "Budi Santoso", "Tanpa Jabatan") if name in page} == names, query


def test_pages_of_the_list_hold_every_employee_once(client: Client, cast: Cast) -> None:
    for number in range(105):
        EmployeeFactory.create(institution=cast.institution, name=f"Nama {number % 7}")
    client.force_login(cast.hr_officer)
    seen: list[int] = []
    url = LIST
    while url:
        listed = client.get(url).context["listed"]
        seen += [row.pk for row in listed.rows]
        url = f"{LIST}?sesudah={listed.page.next}" if listed.page.next else ""
    assert len(seen) == len(set(seen)) == 105
    back = client.get(f"{LIST}?sebelum={seen[50]}").context["listed"]
    assert [row.pk for row in back.rows] == seen[:50]


def grow(cast: Cast, employee: Employee) -> None:
    """Forty more employees, and ten more rows of each kind in one file."""
    for number in range(40):
        holder(cast.agency, f"Zaenal {number}")
    position = employee.postings.get().position
    for number in range(2, 12):
        for factory in (
            AbsenceFactory,
            AdditionalTaskFactory,
            DisciplineGateFactory,
            SpecialCircumstanceFactory,
            PredicateFactory,
            EmploymentFactory,
        ):
            factory.create(employee=employee)
        PostingFactory.create(employee=employee, position=PositionFactory.create(agency=cast.agency), capacity="plh")
        HolderTaskFactory.create(employee=employee, task=TaskFactory.create(position=position, number=number))


def test_list_and_file_cost_the_same_for_one_row_and_for_forty(client: Client, cast: Cast, sari: Employee) -> None:
    HolderTaskFactory.create(employee=sari, task=TaskFactory.create(position=sari.postings.get().position))
    for user in (cast.hr_officer, cast.inspector, cast.agency_head):
        client.force_login(user)
        before = queries(client, LIST), queries(client, file_of(sari))
        if user is cast.hr_officer:
            first = before
            grow(cast, sari)
        assert (queries(client, LIST), queries(client, file_of(sari))) == before
    assert first[0] < 20
    assert first[1] < 30


def test_lists_files_and_forms_are_logged_but_not_ones_own(client: Client, cast: Cast, sari: Employee) -> None:
    cast.agency_head.employee = sari
    cast.agency_head.save()
    text(client, LIST, cast.hr_officer)
    text(client, file_of(sari), cast.hr_officer)
    text(client, file_of(sari) + "identitas/", cast.hr_officer)
    text(client, file_of(sari), cast.agency_head)
    text(client, "/kota-contoh/berkas-saya/", cast.agency_head)
    read = PersonalDataRead.objects.order_by("pk").values_list("page", "employee", "count", "reader_label")
    assert list(read) == [
        ("employees", None, 1, "hr_officer · kota-contoh"),
        ("employee", sari.pk, 1, "hr_officer · kota-contoh"),
        ("employee_form", sari.pk, 1, "hr_officer · kota-contoh"),
    ]
    own = text(client, "/kota-contoh/berkas-saya/", cast.agency_head)
    assert ("Petugas kepegawaian" in own, "hr_officer" in own) == (True, False), "role and date, no name"


def test_only_the_officer_for_data_protection_lists_the_reads_and_narrows_them(
    client: Client, cast: Cast, sari: Employee
) -> None:
    budi = holder(cast.agency, "Budi Santoso")
    text(client, file_of(sari), cast.hr_officer)
    text(client, file_of(budi), cast.inspector)
    elsewhere = holder(AgencyFactory.create(institution=cast.outsider.grants.get().institution), "Dodi Kotalain")
    text(client, f"/kota-lain/pegawai/{elsewhere.pk}/", cast.outsider)
    today = timezone.localdate().isoformat()
    for query, names in [
        ("", {"Sari Wulandari", "Budi Santoso"}),
        ("?pegawai=sari", {"Sari Wulandari"}),
        ("?pembaca=inspector", {"Budi Santoso"}),
        (f"?dari={today}&sampai={today}", {"Sari Wulandari", "Budi Santoso"}),
        ("?sampai=2024-12-31", set()),
        ("?dari=kemarin", {"Sari Wulandari", "Budi Santoso"}),
        ("?sampai=9999-12-31", {"Sari Wulandari", "Budi Santoso"}),
    ]:
        page = text(client, f"/kota-contoh/pembacaan/{query}", cast.data_protection_officer)
        assert {name for name in ("Sari Wulandari", "Budi Santoso", "Dodi Kotalain") if name in page} == names, query
        assert sari.nip not in page
    for user in cast.insiders:
        client.force_login(user)
        allowed = user == cast.data_protection_officer
        assert client.get("/kota-contoh/pembacaan/").status_code == (200 if allowed else 404), user


def test_an_account_of_nobody_is_told_how_to_get_its_file(client: Client, cast: Cast) -> None:
    assert "tidak terhubung" in text(client, "/kota-contoh/berkas-saya/", cast.system_administrator)
    cast.system_administrator.employee = EmployeeFactory.create()
    cast.system_administrator.save()
    page = text(client, "/kota-contoh/berkas-saya/", cast.system_administrator)
    assert "tidak terhubung" in page, "an employee of another institution has no file here"
