"""The forms about employees: what follows is told first, faults stand at their field, clerks stay inside."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import (
    AdditionalTask,
    DisciplineGate,
    Employee,
    Employment,
    Posting,
    Role,
    Versioned,
)
from agencies.pages.personal_nouns import NOUNS
from oversight.models import TrailEntry
from tests.base import Cast, person
from tests.factories import (
    AbsenceFactory,
    AgencyFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    EmploymentFactory,
    PositionFactory,
    PostingFactory,
    TaskFactory,
)

GATE = {"kind": "medium", "basis": "pp_94_2021", "starts_on": "2025-07-01", "ends_on": "2025-12-31"}


@pytest.fixture
def sari(cast: Cast) -> Employee:
    """A PNS who holds the cast's position."""
    sari = EmployeeFactory.create(institution=cast.institution, name="Sari Wulandari")
    EmploymentFactory.create(employee=sari)
    PostingFactory.create(employee=sari, position=cast.position)
    return sari


def address(employee: Employee, part: str) -> str:
    """An address below a file."""
    return f"/kota-contoh/pegawai/{employee.pk}/{part}"


def previewed(client: Client, url: str, data: dict[str, str]) -> str:
    """What is told to follow."""
    answer = client.post(url, data | {"preview": "1"})
    assert answer.status_code == 200
    return answer.content.decode()


def confirmed(client: Client, url: str, data: dict[str, str]) -> int:
    """Preview, then confirm as the page offers; the status of the confirmation."""
    form = client.post(url, data | {"preview": "1"}).context["form"]
    assert not form.errors, form.errors
    return client.post(url, data | {"previewed": form.digest, "confirm": "1"}).status_code


def test_what_follows_from_a_discipline_gate_is_told_before_it_is_saved(
    client: Client, cast: Cast, sari: Employee
) -> None:
    client.force_login(cast.hr_officer)
    url = address(sari, "disiplin/tambah/")
    told = previewed(client, url, GATE)
    assert "1 Juli 2025 s.d. 31 Desember 2025: permintaan Fleksibilitas Kerja pegawai ini tidak dapat disetujui" in told
    assert (DisciplineGate.objects.count(), TrailEntry.objects.count()) == (0, 0)
    assert confirmed(client, url, GATE) == 302
    assert (DisciplineGate.objects.count(), TrailEntry.objects.count()) == (1, 1)
    answer = client.post(url, GATE | {"ends_on": "2026-01-31", "previewed": "x", "confirm": "1"})
    assert (answer.status_code, DisciplineGate.objects.count()) == (200, 1), "another text is shown anew first"


def test_a_posting_tells_how_far_the_position_is_filled_and_that_it_has_a_head_already(
    client: Client, cast: Cast, sari: Employee
) -> None:
    client.force_login(cast.hr_officer)
    boss = PositionFactory.create(agency=cast.agency, title="Kepala Dinas", jenjang="", leads="agency", needed=1)
    PostingFactory.create(position=boss)
    free = PositionFactory.create(agency=cast.agency, title="Arsiparis", jenjang="", code="ARS-1", needed=4)
    end = {"last_day": (timezone.localdate() - timedelta(days=1)).isoformat()}
    ending = address(sari, f"penempatan/{sari.postings.get().pk}/akhiri/")
    assert "0 dari kebutuhan 2 terisi" in previewed(client, ending, end)
    assert confirmed(client, ending, end) == 302
    url = address(sari, "penempatan/tambah/")
    data = {"capacity": "definitive", "reason": "promotion", "effective_from": timezone.localdate().isoformat()}
    told = previewed(client, url, data | {"position": "ars-1"})
    assert "Jabatan Arsiparis: 1 dari kebutuhan 4 terisi" in told
    assert "sebelumnya 0" in told
    assert "lama “baru” ditetapkan instansi" in told
    assert "oleh dua orang pada hari yang sama" not in told
    assert "oleh dua orang pada hari yang sama" in previewed(client, url, data | {"position": boss.code})
    as_plt = previewed(client, url, data | {"position": boss.code, "capacity": "plt"})
    assert ("oleh dua orang" in as_plt, "Plt Kepala Dinas, Dinas Komunikasi" in as_plt) == (False, True)
    assert confirmed(client, url, data | {"position": "Arsip"}) == 302
    assert Posting.objects.current().filter(position=free).count() == 1


def test_a_position_is_named_by_code_or_by_words_that_fit_one(client: Client, cast: Cast, sari: Employee) -> None:
    client.force_login(cast.hr_officer)
    for number in range(12):
        PositionFactory.create(agency=cast.agency, title=f"Statistisi {number}", jenjang="", code=f"ST-{number:02}")
    elsewhere = PositionFactory.create(code="LAIN-1")
    data = {"capacity": "plt", "reason": "transfer", "effective_from": "2025-07-01"}
    url = address(sari, "penempatan/tambah/")
    for typed, sentence in [
        ("Statistisi", "ST-00"),
        ("tiada", "Tidak ada jabatan dalam wewenang Anda"),
        (elsewhere.code, "Tidak ada jabatan dalam wewenang Anda"),
    ]:
        page = previewed(client, url, data | {"position": typed})
        assert sentence in page
        assert f'value="{typed}"' in page, "what was typed stays"
    assert "ST-09" not in previewed(client, url, data | {"position": "Statistisi"})


def test_a_correction_starts_from_what_is_recorded_and_supersedes_it(
    client: Client, cast: Cast, sari: Employee
) -> None:
    client.force_login(cast.hr_officer)
    row = Employment.objects.get(employee=sari)
    url = address(sari, f"kepegawaian/{row.pk}/koreksi/")
    assert 'value="III/a"' in client.get(url).content.decode()
    data = {"kind": "pns", "grade": "iiib", "standing": "study", "effective_from": "2024-01-01", "sk_number": "SK 1"}
    assert confirmed(client, url, data) == 302
    now = Employment.objects.current().get(employee=sari)
    assert (now.grade, now.standing, now.sk_number) == ("III/b", "study", "SK 1")
    assert client.get(url).status_code == 404, "what is superseded is corrected no more"
    shown = client.get(address(sari, "")).content.decode()
    assert ("III/b" in shown, "III/a" in shown) == (True, False)
    assert "III/a" in client.get(address(sari, "?versi=semua")).content.decode()


def test_a_withdrawn_entry_is_gone_from_the_file_and_no_longer_in_the_way(
    client: Client, cast: Cast, sari: Employee
) -> None:
    client.force_login(cast.hr_officer)
    gate = DisciplineGateFactory.create(employee=sari)
    url = address(sari, f"disiplin/{gate.pk}/batalkan/")
    assert "tidak lagi menghalangi" in previewed(client, url, {})
    assert confirmed(client, url, {}) == 302
    assert not DisciplineGate.objects.current().exists()


def test_additional_tasks_keep_what_is_told_of_them_and_leave_the_rest_unknown(
    client: Client, cast: Cast, sari: Employee
) -> None:
    client.force_login(cast.hr_officer)
    data = {"kind": "treasurer", "title": "Bendahara", "starts_on": "2025-01-01", "with_tik": "yes"}
    data |= {"special_workspace": "no", "face_to_face": "minimal"}
    assert confirmed(client, address(sari, "tugas-tambahan/tambah/"), data) == 302
    task = AdditionalTask.objects.get()
    assert task.facts == {"with_tik": True, "special_workspace": False, "face_to_face": "minimal"}
    page = client.get(address(sari, f"tugas-tambahan/{task.pk}/koreksi/")).content.decode()
    assert page.count(" selected>") >= 4


def test_a_task_is_given_to_one_holder_of_its_position(client: Client, cast: Cast, sari: Employee) -> None:
    client.force_login(cast.hr_officer)
    url = address(sari, "tugas-pemegang/tambah/")
    told = previewed(client, url, {"task": str(cast.task.pk)})
    assert "tidak lagi tugas semua pemegang jabatan" in told
    foreign = TaskFactory.create()
    assert client.post(url, {"task": str(foreign.pk)}).context["form"].errors["task"]
    assert confirmed(client, url, {"task": str(cast.task.pk)}) == 302
    assert cast.task.title in client.get(address(sari, "")).content.decode()


def test_identity_is_corrected_without_showing_the_number(client: Client, cast: Cast, sari: Employee) -> None:
    client.force_login(cast.hr_officer)
    url, nip = address(sari, "identitas/"), sari.nip
    assert nip not in client.get(url).content.decode()
    assert client.post(url, {"name": "Sari W.", "nip": "", "residence": "Jalan Baru 2"}).status_code == 302
    sari.refresh_from_db()
    assert (sari.name, sari.nip, sari.residence) == ("Sari W.", nip, "Jalan Baru 2")
    other = EmployeeFactory.create(institution=cast.institution)
    page = client.post(url, {"name": "Sari", "nip": other.nip}).content.decode()
    assert "sudah tercatat" in page
    sari.refresh_from_db()
    assert sari.nip == nip


def test_a_new_employee_is_added_by_bkpsdm_and_her_file_opens(client: Client, cast: Cast) -> None:
    client.force_login(cast.hr_officer)
    data = {"nip": "19900101 201501 1 901", "name": "Rina", "kind": "cpns", "effective_from": "2015-01-01"}
    answer = client.post("/kota-contoh/pegawai/tambah/", data)
    made = Employee.objects.get(nip="199001012015011901")
    assert answer.headers["Location"] == address(made, "")
    again = client.post("/kota-contoh/pegawai/tambah/", data)
    assert again.context["form"].errors["nip"]
    client.force_login(person("clerk", Role.HR_OFFICER, cast.institution, cast.agency))
    assert client.get("/kota-contoh/pegawai/tambah/").status_code == 404


def test_who_leaves_has_her_postings_ended(client: Client, cast: Cast, sari: Employee) -> None:
    client.force_login(cast.hr_officer)
    data = {"last_day": "2025-06-30"}
    assert "0 dari kebutuhan 2 terisi" in previewed(client, address(sari, "berhenti/"), data)
    assert confirmed(client, address(sari, "berhenti/"), data) == 302
    assert Posting.objects.current().get(employee=sari).effective_until == date(2025, 6, 30)


def test_a_clerk_writes_in_her_agency_only_and_no_gates(client: Client, cast: Cast, sari: Employee) -> None:
    client.force_login(person("clerk", Role.HR_OFFICER, cast.institution, cast.agency))
    elsewhere = PositionFactory.create(agency=cast.other_agency)
    plt = PostingFactory.create(employee=sari, position=elsewhere, capacity="plt")
    gate = DisciplineGateFactory.create(employee=sari)
    absence = AbsenceFactory.create(employee=sari)
    file = client.get(address(sari, "")).content.decode()
    for part, status in [
        (f"cuti-dinas/{absence.pk}/koreksi/", 200),
        (f"penempatan/{sari.postings.get(capacity='definitive').pk}/akhiri/", 200),
        (f"penempatan/{plt.pk}/akhiri/", 404),
        (f"penempatan/{plt.pk}/koreksi/", 404),
        (f"disiplin/{gate.pk}/koreksi/", 404),
        ("disiplin/tambah/", 404),
        ("keadaan-khusus/tambah/", 404),
        ("tiada/tambah/", 404),
        ("berhenti/", 404),
    ]:
        assert client.get(address(sari, part)).status_code == status, part
        assert (address(sari, part) in file) == (status == 200), part
    data = {"position": elsewhere.code, "capacity": "plt", "reason": "transfer", "effective_from": "2025-07-01"}
    assert client.post(address(sari, "penempatan/tambah/"), data).context["form"].errors["position"]


def test_a_row_is_reached_through_its_own_employee_only(client: Client, cast: Cast, sari: Employee) -> None:
    client.force_login(cast.hr_officer)
    stranger = EmployeeFactory.create(institution=AgencyFactory.create().institution)
    absence = AbsenceFactory.create(employee=stranger)
    for employee in (sari, stranger):
        assert client.get(address(employee, f"cuti-dinas/{absence.pk}/koreksi/")).status_code == 404


def test_bad_input_of_every_form_is_answered_in_the_form_and_stores_nothing(
    client: Client, cast: Cast, sari: Employee
) -> None:
    chance = random.Random(3)
    odd = ["", " ", "x" * 400, "0", "-1", "31-02-2025", "2025-02-31", "9999-99-99", "\x00", "<b>", "١٢٣", "definitive"]
    client.force_login(cast.hr_officer)
    pages = [address(sari, f"{noun}/tambah/") for noun in NOUNS]
    pages += [address(sari, "berhenti/"), "/kota-contoh/pegawai/tambah/"]
    before = {model: model._default_manager.count() for model in Versioned.__subclasses__()}
    for url in pages:
        names = list(client.get(url).context["form"].fields)
        for _ in range(12):
            data = {name: chance.choice(odd) for name in names} | {"confirm": "1"}
            answer = client.post(url, data)
            assert answer.status_code == 200, (url, data)
            assert answer.context["form"].errors, (url, data)
    assert {model: model._default_manager.count() for model in Versioned.__subclasses__()} == before
    assert TrailEntry.objects.count() == 0
