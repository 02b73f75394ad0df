"""A position's line of time and its state on a day: the day before a change, the day of it, and what was known when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.actions.positions import add_position, close_position, correct_position
from agencies.actions.task_facts import set_task_fact
from agencies.models import Basis, FactRecord, PersonalDataRead, Position
from agencies.structure import PositionValues
from tests.arranged_city import ArrangedCity
from tests.base import Cast
from tests.exported import from_csv
from tests.factories import EmployeeFactory, PositionFactory, PostingFactory, UnitFactory
from tests.judged_city import JudgedCity


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T03:00:00+00:00")


def made(cast: Cast) -> Position:
    """Recorded on 2 January 2025, renamed and moved from 1 May, its need corrected on 1 August for 1 June."""
    unit = UnitFactory.create(agency=cast.agency, name="Bidang Data")
    values = PositionValues(agency=cast.agency, unit=cast.position.unit, title="Pengolah Data", needed=2)
    add_position(
        actor=cast.hr_officer,
        institution=cast.institution,
        code="DATA-1",
        values=values,
        source="SOTK 2024",
        valid_from=date(2025, 1, 2),
        at=at("2025-01-02"),
    )
    position = Position.objects.get(code="DATA-1")
    renamed = replace(values, unit=unit, title="Analis Data")
    correct(cast, position, renamed, "Perwal 10/2025", "2025-05-01", "2025-05-01")
    correct(cast, position, replace(renamed, needed=3), "ABK 2025", "2025-06-01", "2025-08-01")
    return Position.objects.get(pk=position.pk)


def correct(cast: Cast, position: Position, values: PositionValues, source: str, day: str, recorded: str) -> None:
    correct_position(
        actor=cast.hr_officer,
        position=position,
        values=values,
        source=source,
        valid_from=date.fromisoformat(day),
        at=at(recorded),
    )


def page(client: Client, position: Position, query: str = "") -> str:
    answer = client.get(f"/kota-contoh/jabatan/{position.pk}/riwayat/{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def state(client: Client, position: Position, query: str) -> dict[str, str]:
    answer = client.get(f"/kota-contoh/jabatan/{position.pk}/riwayat/{query}")
    found = answer.context["page"].state
    return {line.label: "?" if line.unknown else line.value for line in found.lines}


def held(client: Client, position: Position, query: str) -> str:
    answer = client.get(f"/kota-contoh/jabatan/{position.pk}/riwayat/{query}")
    words: str = answer.context["page"].holders.words
    return words


def test_the_day_before_a_change_shows_what_was_and_the_day_of_it_what_is(client: Client, cast: Cast) -> None:
    position = made(cast)
    client.force_login(cast.hr_officer)
    before, after = state(client, position, "?per=2025-04-30"), state(client, position, "?per=2025-05-01")
    assert (before["Nama"], after["Nama"]) == ("Pengolah Data", "Analis Data")
    assert after["Unit kerja"] == "Bidang Data" != before["Unit kerja"]
    assert state(client, position, "?per=2025-01-01")["Nama"] == "?", "unknown before the first record"
    assert "Belum ada catatan jabatan ini untuk 1 Januari 2025" in page(client, position, "?per=2025-01-01")
    assert "sekarang: Analis Data" in page(client, position, "?per=2025-04-30")


def test_what_was_believed_then_stands_beside_what_is_held_now(client: Client, cast: Cast) -> None:
    position = made(cast)
    client.force_login(cast.hr_officer)
    need = "Kebutuhan (ABK)"
    assert state(client, position, "?per=2025-07-01")[need] == "3", "by what is recorded today"
    assert state(client, position, "?per=2025-07-01&diketahui=2025-07-31")[need] == "2", "as it was believed"
    assert state(client, position, "?per=2025-05-31")[need] == "2"
    text = page(client, position)
    assert "Berlaku mulai 1 Juni 2025, baru dicatat pada 1 Agustus 2025" in text
    assert "Sampai saat itu portal membaca isi sebelumnya" in text


def test_the_line_tells_everything_with_source_and_basis_the_latest_first(client: Client, cast: Cast) -> None:
    position = made(cast)
    task = position.tasks.get()
    for day, value in (("2025-06-10", True), ("2025-07-10", False)):
        set_task_fact(
            actor=cast.hr_officer,
            task=task,
            fact="task.with_tik",
            value=value,
            basis=Basis.AGREED,
            source=f"Lembar {value}",
            valid_from=date(2025, 6, 10),
            at=at(day),
        )
    close_position(
        actor=cast.hr_officer, position=position, closed_on=date(2025, 9, 1), source="SOTK 2025", at=at("2025-09-01")
    )
    client.force_login(cast.hr_officer)
    answer = client.get(f"/kota-contoh/jabatan/{position.pk}/riwayat/?per=2025-07-01")
    moments = answer.context["page"].moments
    days = [moment.on for moment in moments]
    assert days == sorted(days, reverse=True)
    titles = [moment.title for moment in moments]
    assert titles[0] == "Ditutup"
    assert "Dipindahkan" in titles
    assert titles[-1] == "Jabatan dicatat"
    text = " ".join(answer.content.decode().split())
    for words in (
        "Pengolah Data → <strong>Analis Data</strong>",
        "Sumber: Perwal 10/2025",
        "sesudah tanggal yang dipilih",
    ):
        assert words in text
    assert "Dikoreksi pada 10 Juli 2025: mulai 10 Juni 2025 tercatat “Tidak”" in text
    assert text.count('<ol class="timeline">') == 1, "a list, readable without seeing it"


def test_holders_are_named_to_those_who_read_their_files_and_counted_for_others(client: Client, cast: Cast) -> None:
    sari = EmployeeFactory.create(institution=cast.institution, name="Sari Wulandari")
    since = {"effective_from": date(2024, 3, 1), "recorded_at": at("2024-04-15")}
    PostingFactory.create(employee=sari, position=cast.position, **since)
    client.force_login(cast.hr_officer)
    text = page(client, cast.position, "?per=2024-03-01")
    assert "Sari Wulandari mulai memegang jabatan ini" in text
    assert "baru dicatat pada 15 April 2024" in text
    answer = client.get(f"/kota-contoh/jabatan/{cast.position.pk}/riwayat/?per=2024-03-01&diketahui=2024-04-14")
    assert answer.context["page"].holders.words == "", "nobody knew it then"
    assert (
        client.get(f"/kota-contoh/jabatan/{cast.position.pk}/riwayat/?per=2024-02-29").context["page"].holders.words
        == ""
    )
    assert PersonalDataRead.objects.filter(page="history", count=1).exists()
    assert sari.nip not in text
    client.force_login(cast.employee)
    hidden = page(client, cast.position, "?per=2024-03-01")
    assert "Sari" not in hidden
    assert "Seorang pegawai mulai memegang jabatan ini" in hidden
    assert "1 pegawai" in hidden
    read = from_csv(client.get(f"/kota-contoh/jabatan/{cast.position.pk}/riwayat/?unduh=csv"))
    assert "Sari" not in str(read.rows)


def test_a_penetapan_and_its_answer_stand_on_the_line(client: Client, arranged: ArrangedCity) -> None:
    client.force_login(arranged.city.cast.inspector)
    text = page(client, arranged.programmer)
    assert f"Ditetapkan dengan Keputusan {arranged.determination.number}" in text
    assert "Di rumah: Dapat" in text


def test_the_history_costs_the_same_for_one_change_and_for_many(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    position = city.eligible
    PostingFactory.create(employee__institution=city.cast.institution, position=position)

    def change(number: int) -> None:
        values = replace(PositionValues.of(position), needed=number)
        correct(city.cast, position, values, "ABK", "2025-02-01", "2025-02-01")
        position.refresh_from_db()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, position)
        return len(captured)

    change(1)
    queries()
    before = queries()
    for number in range(2, 30):
        change(number)
        PostingFactory.create(employee__institution=city.cast.institution, position=position)
    assert queries() == before
    assert FactRecord.objects.filter(position=position, fact="position.needed").count() >= 29


def past(client: Client, code: str, query: str) -> dict[str, str]:
    answer = client.get(f"/kota-contoh/opd/{code}/per-tanggal/{query}")
    assert answer.status_code == 200
    return {row.position.code: row.name for row in answer.context["page"].positions}


def test_an_agency_is_shown_as_it_stood_on_any_day(client: Client, cast: Cast) -> None:
    position = made(cast)
    client.force_login(cast.hr_officer)
    here, there = cast.agency.code, cast.other_agency.code
    assert "DATA-1" not in past(client, here, "?per=2025-01-01")
    assert past(client, here, "?per=2025-01-02")["DATA-1"] == "Pengolah Data"
    assert past(client, here, "?per=2025-05-01")["DATA-1"] == "Analis Data"
    moved = replace(PositionValues.of(position), agency=cast.other_agency, unit=None)
    correct(cast, position, moved, "Perwal 20/2025", "2025-10-01", "2025-10-20")
    assert "DATA-1" in past(client, here, "?per=2025-09-30")
    assert "DATA-1" not in past(client, there, "?per=2025-09-30")
    assert "DATA-1" not in past(client, here, "?per=2025-10-01")
    assert "DATA-1" in past(client, there, "?per=2025-10-01")
    assert "DATA-1" in past(client, here, "?per=2025-10-10&diketahui=2025-10-19"), "where it was believed to be"
    moved_row = Position.objects.get(pk=position.pk)
    close_position(
        actor=cast.hr_officer, position=moved_row, closed_on=date(2025, 12, 1), source="SOTK", at=at("2025-12-01")
    )
    assert "DATA-1" in past(client, there, "?per=2025-11-30")
    assert "DATA-1" not in past(client, there, "?per=2025-12-01")
    table = from_csv(client.get(f"/kota-contoh/opd/{there}/per-tanggal/?per=2025-11-30&unduh=csv"))
    assert "Analis Data" in table.column("Jabatan")
    assert table.told["Per"] == "30 November 2025"


def test_the_structure_of_a_day_costs_the_same_for_one_row_and_for_fifty(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    PostingFactory.create(employee__institution=city.cast.institution, position=city.eligible)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            past(client, city.cast.agency.code, "?per=2025-07-01")
        return len(captured)

    queries()
    before = queries()
    for _number in range(45):
        held = PositionFactory.create(agency=city.cast.agency, unit=UnitFactory.create(agency=city.cast.agency))
        PostingFactory.create(employee__institution=city.cast.institution, position=held)
    assert queries() == before


def test_an_agency_head_sees_her_agency_alone(client: Client, cast: Cast) -> None:
    client.force_login(cast.agency_head)
    other = PositionFactory.create(agency=cast.other_agency)
    assert client.get(f"/kota-contoh/jabatan/{other.pk}/riwayat/").status_code == 404
    assert client.get(f"/kota-contoh/opd/{cast.other_agency.code}/per-tanggal/").status_code == 404
    client.force_login(cast.outsider)
    assert client.get(f"/kota-contoh/jabatan/{cast.position.pk}/riwayat/").status_code == 404
    assert client.get(f"/kota-contoh/opd/{cast.agency.code}/per-tanggal/?unduh=csv").status_code == 404


def test_a_day_that_is_no_day_falls_back_and_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.hr_officer)
    assert "Ini bukan tanggal" in page(client, cast.position, "?per=kemarin")
