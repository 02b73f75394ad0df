"""Two people on one sheet: who comes second is told what stands there by now, and loses nothing that she typed."""

from __future__ import annotations

from typing import Any

from django.test import Client

from agencies.actions.assessments import Settled, return_assessment, settle_sheets
from agencies.actions.sheets import Assignment, assign_sheets
from agencies.models import Answer, Role, Settlement
from oversight.models import TrailEntry
from tests.base import Cast, person
from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import JudgedCity
from tests.sheets import AT, DAY, Desk, answer, both_submitted, clerk_of, opened

CITY = "/kota-contoh"
SENT = {"task.face_to_face": "regular", "task.face_to_face:reason": "Rapat tiap pekan, alasan saya"}


def differing(city: JudgedCity) -> Desk:
    desk = opened(city.cast, city.eligible.tasks.get())
    both_submitted(desk, face_to_face="regular")
    return desk


def test_the_second_officer_reads_her_answer_beside_the_one_that_the_first_has_saved(
    client: Client, city: JudgedCity
) -> None:
    desk = differing(city)
    client.force_login(person("kedua", Role.HR_OFFICER, city.cast.institution))
    url = f"{CITY}/lembar/{desk.sheet.pk}/selesaikan/"
    assert client.get(url).status_code == 200
    settled = {"task.face_to_face": Settled("minimal", "Cukup sebulan sekali")}
    settle_sheets(actor=desk.officer, sheets=[desk.sheet], settled=settled, on=DAY, at=AT)
    before = TrailEntry.objects.count()
    page = client.post(url, SENT)
    text = page.content.decode()
    assert page.status_code == 200
    assert f"{desk.officer.username} telah menyelesaikan lembar ini pada 1 Juli 2025" in text
    assert "Cukup sebulan sekali" in text
    assert "Rapat tiap pekan, alasan saya" in text
    assert desk.sheet.task.title in text
    assert TrailEntry.objects.count() == before
    assert Settlement.objects.get().reason == "Cukup sebulan sekali"
    assert client.get(url).status_code == 302, "who sends nothing is led to the sheet"


def test_what_was_typed_for_a_sheet_that_was_returned_meanwhile_is_shown_too(client: Client, city: JudgedCity) -> None:
    desk = differing(city)
    client.force_login(city.cast.hr_officer)
    return_assessment(actor=city.cast.hr_officer, assessment=desk.by_agency, reason="Lihat SOP", at=AT)
    text = client.post(f"{CITY}/lembar/{desk.sheet.pk}/selesaikan/", SENT).content.decode()
    assert "Rapat tiap pekan, alasan saya" in text
    assert not Settlement.objects.exists()


def test_a_reviewer_in_whose_place_another_came_is_told_so_with_what_she_typed(
    client: Client, city: JudgedCity
) -> None:
    cast, desk = city.cast, opened(city.cast, city.asked.tasks.get())
    answer(desk.by_agency, {"task.with_tik": "yes"})
    client.force_login(desk.clerk)
    other = person("pengganti", Role.HR_OFFICER, cast.institution, cast.agency)
    assign_sheets(
        actor=cast.hr_officer,
        agency=cast.agency,
        sheets=[desk.sheet],
        assignment=Assignment({"agency": other}),
        at=AT,
    )
    url = f"{CITY}/lembar/{desk.sheet.pk}/jawaban/"
    typed = {"hours_per_day-value": "6,25", "hours_per_day-seen": "0", "hours_per_day-note": "Diukur dua pekan"}
    at_once: Any = client.post(f"{url}hours_per_day/", typed, headers={"HX-Request": "true"})
    assert at_once.status_code == 200
    assert "sudah ditunjuk penilai lain" in at_once.content.decode()
    whole = client.post(url, typed | {"face_to_face-value": "minimal", "do": "send"})
    text = whole.content.decode()
    assert whole.status_code == 200
    assert "sudah ditunjuk penilai lain" in text
    for kept in ("6,25", "Diukur dua pekan", "Minimal"):
        assert kept in text, kept
    assert Answer.objects.count() == 1, "what she had saved, and nothing of what she sent since"
    for part in ("kirim/", "tarik/"):
        refused = client.post(f"{CITY}/lembar/{desk.sheet.pk}/{part}", {"send": "on"})
        assert refused.status_code == 200, part
    client.force_login(other)
    assert "6,25" not in client.get(f"{CITY}/lembar/{desk.sheet.pk}/").content.decode()
    client.force_login(clerk_of(cast, cast.other_agency))
    assert client.post(url, typed).status_code == 404, "who never was its reviewer is told nothing"


def test_of_many_sheets_that_keep_another_answer_it_is_said_how_many_more_there_are(
    client: Client, city: JudgedCity
) -> None:
    cast = city.cast
    desks = [_alike(cast) for _number in range(8)]
    answer(desks[0].by_agency)
    for desk in desks[1:]:
        answer(desk.by_agency, {"task.with_tik": "no"})
    client.force_login(desks[0].clerk)
    sent = {"sheets": [str(desk.sheet.pk) for desk in desks[1:]]}
    text = client.post(f"{CITY}/lembar/{desks[0].sheet.pk}/kirim/", sent, follow=True).content.decode()
    assert "dan 2 lembar lainnya" in text


def _alike(cast: Cast) -> Desk:

    position = PositionFactory.create(agency=cast.agency, title="Arsiparis")
    return opened(cast, TaskFactory.create(position=position, title="Menata arsip"))


def test_a_sheet_is_judged_on_the_chosen_day_while_it_is_answered_too(client: Client, city: JudgedCity) -> None:
    desk = opened(city.cast, city.asked.tasks.get())
    client.force_login(desk.clerk)
    url, early = f"{CITY}/lembar/{desk.sheet.pk}/", "?per=2020-01-01"
    page = client.get(url + early).content.decode()
    assert "Untuk hari ini belum ada aturan yang diketahui" in page
    assert f'hx-post="{url}jawaban/with_tik/{early}"' in page
    sent = {"with_tik-value": "yes", "with_tik-seen": "0", "with_tik-note": ""}
    kept = client.post(f"{url}jawaban/with_tik/{early}", sent, headers={"HX-Request": "true"}).content.decode()
    assert "Untuk hari ini belum ada aturan yang diketahui" in kept
    assert Answer.objects.get(assessment=desk.by_agency).value == "yes"
    at_now = client.post(f"{url}jawaban/with_tik/", {**sent, "with_tik-seen": "1"}, headers={"HX-Request": "true"})
    assert "Untuk hari ini belum ada aturan yang diketahui" not in at_now.content.decode()
    assert client.post(f"{url}jawaban/{early}", {})["Location"] == url + early
