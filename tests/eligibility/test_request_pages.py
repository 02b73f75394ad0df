"""The pages of whoever asks: the answer first, a form with the engine's answer, her requests, many at once, notices."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.access import get_standing
from agencies.models import Employee, Institution, PersonalDataRead, User, Workplace
from eligibility.actions.approvals import record_consultation, refuse_request, return_request
from eligibility.arrangements.notices import NoticeCode
from eligibility.models import Arrangement, Attestation, Notice
from eligibility.pages.request_groups import SHOWN_WHOLE
from eligibility.pages.waiting import waiting_count
from eligibility.views import request_groups
from oversight.models import TrailEntry
from tests.arranged_city import TODAY, ArrangedCity, holder, link, written
from tests.eligibility.approving import approved, waiting
from tests.factories import DisciplineGateFactory, InstitutionFactory, PositionFactory, UnitFactory, UserFactory


def typed(*weekdays: str, **other: Any) -> dict[str, Any]:
    """What stands in the form of a request to work at home."""
    return {
        "mode": "home",
        "weekdays": list(weekdays or ("tuesday", "wednesday")),
        "starts_on": "2025-10-06",
        "ends_on": "2025-11-28",
        "output": ["Modul layanan", ""],
        "target": ["2 modul", ""],
        "skp": ["Aplikasi layanan tersedia", ""],
        "attestations": list(Attestation.values),
        "residence_confirmed": "on",
        **other,
    }


@pytest.fixture
def home(arranged: ArrangedCity, client: Client) -> ArrangedCity:
    """The asker's residence is recorded, and she is signed in."""
    Employee.objects.update(residence="Jalan Sintetis 1")
    client.force_login(arranged.asker_account)
    return arranged


def send(client: Client, city: ArrangedCity, page: str, data: dict[str, Any], **more: Any) -> Any:
    """Send a form in English."""
    client.cookies["django_language"] = "en"
    return client.post(city.url(page), data, **more)


def text(answer: Any) -> str:
    """The words of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def read(client: Client, city: ArrangedCity, page: str) -> str:
    """The words of a page in English."""
    client.cookies["django_language"] = "en"
    answer = client.get(city.url(page))
    assert answer.status_code == 200, answer.status_code
    return text(answer)


def test_three_days_are_answered_two_and_the_two_are_filled_in_and_sent(client: Client, home: ArrangedCity) -> None:
    asked = typed("tuesday", "wednesday", "thursday", do="check")
    answer = send(client, home, "fleksibilitas/ajukan/", asked)
    assert "May not be approved as it stands." in text(answer)
    assert "3 days a week are asked for; at most 2 (Pasal 13 ayat (1) PermenPANRB 4/2025)" in text(answer)
    assert not Arrangement.objects.exists(), "to check is not to save"
    taken = send(client, home, "fleksibilitas/ajukan/", {**asked, "do": "use"})
    assert "May be approved by what is recorded today." in text(taken)
    form = taken.context["form"]
    assert form["weekdays"].value() == ["tuesday", "wednesday"]
    assert form.output_rows[0].output == "Modul layanan", "the rest stays as it was typed"
    saved = send(client, home, "fleksibilitas/ajukan/", typed(do="send"))
    row = Arrangement.objects.get()
    assert saved.headers["Location"] == home.url(f"fleksibilitas/{row.pk}/ajukan/")
    assert (row.state, row.place) == ("draft", "recorded_residence")
    assert "Kepala Bidang Aplikasi – endorses" in read(client, home, f"fleksibilitas/{row.pk}/ajukan/")
    assert send(client, home, f"fleksibilitas/{row.pk}/ajukan/", {}).status_code == 302
    row.refresh_from_db()
    assert row.state == "submitted"
    assert "Waits for Kepala Bidang Aplikasi." in read(client, home, "fleksibilitas/saya/")


def test_htmx_is_given_the_answer_alone_and_an_unfinished_form_none(client: Client, home: ArrangedCity) -> None:
    part = send(client, home, "fleksibilitas/ajukan/", typed(do="check"), HTTP_HX_REQUEST="true")
    assert part.content.strip().startswith(b'<section id="jawaban"')
    empty = send(client, home, "fleksibilitas/ajukan/", {"do": "check", "mode": "home"})
    assert "Choose a form, weekdays and a period." in text(empty)
    assert "Choose at least one weekday." in text(empty)


def test_what_is_wrong_stands_at_its_field_and_everything_typed_stays(client: Client, home: ArrangedCity) -> None:
    asked = typed(do="save", target=["", ""], residence_confirmed="")
    answer = send(client, home, "fleksibilitas/ajukan/", asked)
    assert "Output 1 needs a target" in text(answer)
    assert "Confirm that the recorded residence" in text(answer)
    assert answer.context["form"].output_rows[0].skp == "Aplikasi layanan tersedia"
    more = send(client, home, "fleksibilitas/ajukan/", typed(do="add_row"))
    assert len(more.context["form"].output_rows) == 3
    Employee.objects.update(residence="")
    assert "No residence is recorded" in read(client, home, "fleksibilitas/ajukan/?bentuk=home")
    assert not Arrangement.objects.exists()


def office(institution: Institution, code: str, **values: Any) -> Workplace:
    """An UPTD of the register."""
    told = {"name": f"UPTD {code}", "kind": "uptd", "address": "Jalan Sintetis", "basis": "SK", **values}
    return Workplace.objects.create(
        institution=institution, code=code, valid_from=date(2025, 1, 1), recorded_at=timezone.now(), **told
    )


def test_only_places_open_in_the_period_can_be_chosen(client: Client, home: ArrangedCity) -> None:
    institution = home.city.cast.institution
    opened, closed = office(institution, "A"), office(institution, "B", closed_on=date(2025, 11, 1))
    elsewhere = office(InstitutionFactory.create(), "C")
    for place in (closed, elsewhere):
        asked = typed(mode="other_office", workplace=place.pk, do="save")
        assert "This place is not in the register for these days" in text(
            send(client, home, "fleksibilitas/ajukan/", asked)
        )
    asked = typed(mode="other_office", workplace=opened.pk, do="save")
    assert send(client, home, "fleksibilitas/ajukan/", asked).status_code == 302
    assert Arrangement.objects.get().place == "uptd"


def test_the_own_page_tells_of_each_request_what_happens_next(client: Client, home: ArrangedCity) -> None:
    assert "Nothing asked for yet." in read(client, home, "fleksibilitas/saya/")
    on_its_way = waiting(home)
    now: dict[str, Any] = {"on": TODAY, "at": timezone.now()}
    return_request(actor=home.head_account, arrangement=on_its_way, text="Lengkapi target.", **now)
    words = read(client, home, "fleksibilitas/saya/")
    assert "To be mended: Lengkapi target." in words
    assert "Lengkapi target." in read(client, home, f"fleksibilitas/{on_its_way.pk}/ubah/")
    mended = typed(do="send", target=["3 modul", ""])
    assert send(client, home, f"fleksibilitas/{on_its_way.pk}/ubah/", mended).status_code == 302
    withdrawn = send(client, home, f"fleksibilitas/{on_its_way.pk}/tarik/", {"reason": ""})
    assert "This is needed." in text(withdrawn)
    send(client, home, f"fleksibilitas/{on_its_way.pk}/tarik/", {"reason": "Rencana berubah."})
    on_its_way.refresh_from_db()
    assert on_its_way.state == "withdrawn"
    again = client.get(home.url(f"fleksibilitas/{on_its_way.pk}/ubah/"))
    assert again.headers["Location"] == home.url(f"fleksibilitas/{on_its_way.pk}/")


def test_a_request_that_waits_is_taken_back_mended_and_sent_again(client: Client, home: ArrangedCity) -> None:
    row = waiting(home)
    assert waiting_count_of(home) == 1
    assert "Take back to mend" in read(client, home, f"fleksibilitas/{row.pk}/")
    page, acts = f"fleksibilitas/{row.pk}/perbaiki/", TrailEntry.objects.count()
    assert "All that is typed stays." in read(client, home, page)
    taken = send(client, home, page, {"text": "Hari Jumat saja."}, follow=True)
    assert taken.redirect_chain == [(home.url(f"fleksibilitas/{row.pk}/ubah/"), 302)]
    assert taken.context["form"].output_rows[0].output == "Modul layanan", "nothing that was typed is lost"
    assert "Hari Jumat saja." in text(taken)
    assert (TrailEntry.objects.count(), waiting_count_of(home)) == (acts + 1, 0), "the desk of who decides follows"
    told = read(client, home, "fleksibilitas/saya/")
    assert "You took it back. Mend it and send it again. Hari Jumat saja." in told
    late = send(client, home, page, {}, follow=True)
    assert "This request stands elsewhere by now" in text(late)
    send(client, home, f"fleksibilitas/{row.pk}/ubah/", typed("friday", do="send"))
    send(client, home, f"fleksibilitas/{row.pk}/ajukan/", {})
    row.refresh_from_db()
    assert (row.state, row.round, row.station, row.weekdays) == ("submitted", 2, 0, "friday"), "its whole way anew"
    for user in (home.head_account, home.unit_head_account):
        client.force_login(user)
        assert client.post(home.url(page)).status_code == 404, "only who asked takes it back"


def waiting_count_of(city: ArrangedCity) -> int:
    """How many requests wait for the head of the agency."""
    standing = get_standing(city.head_account, city.city.cast.institution.code)
    return waiting_count(standing, city.head_account, TODAY, timezone.now())


def test_a_change_goes_on_from_what_was_granted(client: Client, home: ArrangedCity) -> None:
    granted = approved(home)
    assert "Approved; the letter follows." in read(client, home, "fleksibilitas/saya/")
    page = client.get(home.url(f"fleksibilitas/{granted.pk}/perubahan/"))
    assert page.context["form"]["weekdays"].value() == ["tuesday", "wednesday"]
    assert page.context["answer"].checks.passes, "the arrangement it takes the place of is not counted beside it"
    changed = send(client, home, f"fleksibilitas/{granted.pk}/perubahan/", typed("monday", "friday", do="save"))
    row = Arrangement.objects.get(amends=granted)
    assert changed.headers["Location"] == home.url(f"fleksibilitas/{row.pk}/ubah/")
    begun = client.get(home.url(f"fleksibilitas/{granted.pk}/perubahan/"))
    assert begun.headers["Location"] == home.url(f"fleksibilitas/{row.pk}/ubah/"), "one goes on with the open one"


def test_a_refusal_is_objected_to_once_by_herself(client: Client, home: ArrangedCity) -> None:
    row = waiting(home)
    now: dict[str, Any] = {"on": TODAY, "at": timezone.now()}
    record_consultation(actor=home.head_account, arrangement=row, held_on=TODAY, text="Dibahas.", **now)
    refuse_request(actor=home.head_account, arrangement=row, ground="task", text="Rilis aplikasi.", **now)
    assert "Refused: Rilis aplikasi." in read(client, home, "fleksibilitas/saya/")
    page = f"fleksibilitas/{row.pk}/keberatan/"
    assert "This is needed." in text(send(client, home, page, {}))
    assert send(client, home, page, {"statement": "Rilis sudah selesai."}).status_code == 302
    assert row.objections.get().office is not None
    assert "waits for an answer of the next level" in read(client, home, "fleksibilitas/saya/")
    assert client.get(home.url(page)).status_code == 302, "it stands elsewhere by now"
    client.force_login(home.head_account)
    assert client.get(home.url(page)).status_code == 404


def test_a_head_asks_for_hers_and_is_not_told_what_bkpsdm_keeps(client: Client, home: ArrangedCity) -> None:
    person = home.colleagues[0]
    DisciplineGateFactory.create(employee=person, starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
    client.force_login(home.head_account)
    page = f"fleksibilitas/ajukan/{person.pk}/"
    asked = typed(do="check")
    words = text(send(client, home, page, asked))
    assert "Pasal 25 ayat (1)" in words
    assert "BKPSDM" in words
    assert not re.search(r"disciplin|hukuman", words, re.IGNORECASE)
    assert "Jalan Sintetis" not in words
    read(client, home, page)
    assert PersonalDataRead.objects.filter(reader=home.head_account, employee=person).count() == 1
    send(client, home, page, {**asked, "do": "save"})
    row = Arrangement.objects.get()
    assert (row.asked_by_head, row.asked_by) == (True, home.head_account)
    assert client.get(home.url(f"fleksibilitas/ajukan/{home.sekda.pk}/")).status_code == 404, "beyond her charge"
    own = client.get(home.url(f"fleksibilitas/ajukan/{home.head.pk}/"))
    assert own.headers["Location"] == home.url("fleksibilitas/ajukan/")
    client.force_login(home.city.cast.hr_officer)
    assert "iscipl" in text(send(client, home, page, asked)), "the HR officer is told which"


def test_what_a_head_declares_is_not_told_as_the_words_of_the_employee(client: Client, home: ArrangedCity) -> None:
    page = f"fleksibilitas/ajukan/{home.asker.pk}/"
    client.force_login(home.head_account)
    form = read(client, home, f"{page}?bentuk=home")
    assert "Only the employee herself confirms it" in form
    assert "residence_confirmed" not in client.get(home.url(page)).content.decode()
    assert "The employee keeps the working hours in full." in form
    assert "I keep the working hours" not in form
    send(client, home, page, typed(do="save"))
    row = Arrangement.objects.get()
    assert (row.asked_by_head, row.residence_confirmed, len(row.attested)) == (True, False, 3)
    words = read(client, home, f"fleksibilitas/{row.pk}/")
    assert "The head who asked for the employee declares" in words
    assert "I keep the working hours" not in words
    client.force_login(home.asker_account)
    edit = f"fleksibilitas/{row.pk}/ubah/"
    assert client.get(home.url(edit)).context["form"]["attestations"].value() == [], "she declares for herself"
    assert "Confirm that the recorded residence" in text(
        send(client, home, edit, typed(do="save", residence_confirmed=""))
    )
    send(client, home, edit, typed(do="save"))
    row.refresh_from_db()
    assert (row.asked_by_head, row.residence_confirmed, row.asked_by) == (False, True, home.head_account)
    assert "I keep the working hours in full." in read(client, home, f"fleksibilitas/{row.pk}/")


def test_nobody_writes_in_the_request_of_another(client: Client, home: ArrangedCity) -> None:
    row = written(home, home.colleagues[0])
    other = UserFactory.create()
    link(other, home.colleagues[0])
    for part in ("ubah", "ajukan", "tarik", "perubahan", "keberatan"):
        for user in (home.asker_account, home.city.cast.inspector, home.city.cast.outsider):
            client.force_login(user)
            assert client.get(home.url(f"fleksibilitas/{row.pk}/{part}/")).status_code == 404, (part, user)
            assert client.post(home.url(f"fleksibilitas/{row.pk}/{part}/"), {}).status_code == 404, (part, user)
    client.force_login(home.city.cast.inspector)
    for part in ("saya/", "ajukan/", "ajukan-bersama/"):
        assert client.get(home.url(f"fleksibilitas/{part}")).status_code == 404, part


def test_many_are_asked_for_at_once_with_a_result_for_each(client: Client, home: ArrangedCity) -> None:
    first, second, third = home.colleagues[:3]
    Employee.objects.filter(pk=second.pk).update(residence="")
    client.force_login(home.head_account)
    listed = send(client, home, "fleksibilitas/ajukan-bersama/", typed(do="suited", agency="Diskominfo"))
    rows = {row.employee.pk: row for row in listed.context["rows"]}
    assert home.head.pk not in rows, "for herself she asks on her own page"
    assert rows[first.pk].chosen
    assert rows[first.pk].outcome == "eligible"
    assert first.nip not in listed.content.decode(), "numbers are masked"
    acts = TrailEntry.objects.count()
    sent = typed(do="send", agency="Diskominfo", employees=[first.pk, second.pk, third.pk])
    answer = send(client, home, "fleksibilitas/ajukan-bersama/", sent)
    assert "2 of 3 requests were sent" in text(answer)
    assert "No residence is recorded in data kepegawaian" in text(answer)
    assert set(Arrangement.objects.values_list("employee", "state")) == {
        (first.pk, "submitted"),
        (third.pk, "submitted"),
    }
    assert TrailEntry.objects.count() == acts + 4, "each is written and sent by acts of its own"
    again = {row.employee.pk: row.chosen for row in answer.context["rows"]}
    assert (again[first.pk], again[second.pk]) == (False, True), "who was refused stays chosen"
    assert answer.context["form"].output_rows[0].output == "Modul layanan"
    forged = send(client, home, "fleksibilitas/ajukan-bersama/", {**sent, "employees": [home.sekda.pk]})
    assert "Somebody chosen is not in this agency any more" in text(forged)


def test_before_many_are_asked_for_the_days_are_checked_for_each(client: Client, home: ArrangedCity) -> None:
    first, second, third = home.colleagues[:3]
    DisciplineGateFactory.create(employee=second)
    client.force_login(home.head_account)
    page, acts = "fleksibilitas/ajukan-bersama/", TrailEntry.objects.count()
    look = {"do": "look", "agency": "Diskominfo"}
    unread = text(send(client, home, page, typed(**look, starts_on="")))
    assert "Choose a form, weekdays, and a first and last day" in unread
    answer = send(client, home, page, typed(**look, employees=[first.pk, second.pk]))
    rows = {row.employee.pk: row.outlook for row in answer.context["rows"]}
    assert rows[third.pk] is None, "only those ticked are checked"
    assert rows[first.pk].checks.passes
    told = " ".join(line.sentence for line in rows[first.pk].lines)
    assert "System result for the tasks in this form" in told
    assert "2 days a week are asked for; at most 2" in told, "the limit with its provision"
    assert rows[second.pk].checks.first.startswith("Employee requirements are not met (Pasal 25 ayat (1))")
    assert "isciplin" not in text(answer), "a head is not told what BKPSDM keeps"
    three = send(client, home, page, typed("monday", "tuesday", "wednesday", **look))
    assert "3 days a week are asked for; at most 2" in text(three)
    assert "Nearest request that would pass" in text(three)
    assert Arrangement.objects.count() == 0
    assert TrailEntry.objects.count() == acts, "nothing is sent"


def test_of_many_only_so_many_are_checked_at_once_and_the_page_says_so(
    client: Client, home: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_groups, "CHECKED_TOGETHER", 2)
    client.force_login(home.head_account)
    page, look = "fleksibilitas/ajukan-bersama/", {"do": "look", "agency": "Diskominfo"}
    listed = send(client, home, page, typed(**look)).context["rows"]
    keys = [row.employee.pk for row in listed]
    assert [row.outlook is not None for row in listed[:3]] == [True, True, False]
    answer = send(client, home, page, typed(**look, employees=keys[1:4]))
    assert "The first 2 by name of 3 were checked" in text(answer)
    rows = answer.context["rows"]
    assert [row.chosen for row in rows[:4]] == [False, True, True, True], "what is ticked stays"
    assert [row.outlook is not None for row in rows[:4]] == [False, True, True, False]
    assert answer.context["form"].output_rows[0].output == "Modul layanan"
    few = send(client, home, page, typed(**look, employees=keys[2:4]))
    assert "by name of" not in text(few)
    assert not Arrangement.objects.exists()


def test_many_are_folded_by_unit_until_somebody_is_ticked(client: Client, home: ArrangedCity) -> None:
    client.force_login(home.head_account)
    page, listing = "fleksibilitas/ajukan-bersama/", {"do": "list", "agency": "Diskominfo"}
    assert "<details class" not in send(client, home, page, typed(**listing)).content.decode(), "few stand as they are"
    unit = UnitFactory.create(agency=home.programmer.agency, name="Bidang Statistik")
    there = PositionFactory.create(agency=home.programmer.agency, unit=unit)
    people = [holder(there, f"Statistisi {number}") for number in range(SHOWN_WHOLE)]
    folded = " ".join(send(client, home, page, typed(**listing)).content.decode().split())
    assert f'<details class="unit-rows"><summary>Bidang Statistik: {SHOWN_WHOLE} employees</summary>' in folded
    assert folded.count('name="employees"') == len(people) + 6, "all can be ticked without a script"
    ticked = send(client, home, page, typed(**listing, employees=[people[0].pk])).content.decode()
    assert f'<details class="unit-rows" open><summary>Bidang Statistik: {SHOWN_WHOLE} employees, 1 ticked' in ticked
    assert ticked.count(" open><summary>") == 1
    looked = send(client, home, page, typed(do="look", agency="Diskominfo")).content.decode()
    assert " open><summary>" not in looked, "nobody is ticked"
    assert f"{SHOWN_WHOLE} employees; every check holds for 0 of {SHOWN_WHOLE} checked</summary>" in looked
    assert "6 employees; every check holds for 6 of 6 checked</summary>" in looked


def test_checking_the_days_costs_the_same_for_few_and_for_many(client: Client, home: ArrangedCity) -> None:
    client.force_login(home.head_account)
    look = typed("monday", "tuesday", "wednesday", do="look", agency="Diskominfo")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.post(home.url("fleksibilitas/ajukan-bersama/"), look).status_code == 200
        return len(captured)

    cost()
    few = cost()
    for number in range(10):
        holder(home.programmer, f"Banyak {number}")
    assert cost() == few


def test_a_group_costs_the_same_for_few_and_for_many(client: Client, home: ArrangedCity) -> None:
    client.force_login(home.head_account)
    url = home.url("fleksibilitas/ajukan-bersama/?bentuk=home")
    few = counted(client, url)
    for number in range(10):
        holder(home.programmer, f"Banyak {number}")
    assert counted(client, url) == few


def counted(client: Client, url: str) -> int:
    """How many queries a page takes once caches are warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_own_page_costs_the_same_for_one_request_and_for_many(client: Client, home: ArrangedCity) -> None:
    url = home.url("fleksibilitas/saya/")
    ended: dict[str, Any] = {"state": "withdrawn"}
    written(home, **ended)
    notice(home.asker_account, written(home))
    one, told = counted(client, url), counted(client, home.url("pemberitahuan/"))
    for _number in range(10):
        notice(home.asker_account, written(home, **ended))
    assert counted(client, url) == one
    assert counted(client, home.url("pemberitahuan/")) == told


def notice(user: User, row: Arrangement) -> Notice:
    """Something that the portal tells."""
    return Notice.objects.create(
        institution=row.institution, user=user, arrangement=row, code=NoticeCode.RETURNED, at=timezone.now()
    )


def test_notices_are_counted_in_the_header_and_marked_as_read(client: Client, home: ArrangedCity) -> None:
    assert "Notices" not in read(client, home, "fleksibilitas/saya/"), "without any there is nothing to open"
    row = written(home)
    first, _second = notice(home.asker_account, row), notice(home.asker_account, row)
    others = notice(home.head_account, row)
    assert "Notices (2 new)" in read(client, home, "fleksibilitas/saya/")
    assert "Your request was returned to be mended" in read(client, home, "pemberitahuan/")
    send(client, home, "pemberitahuan/dibaca/", {"notice": first.pk})
    send(client, home, "pemberitahuan/dibaca/", {"notice": others.pk})
    assert "Notices (1 new)" in read(client, home, "aturan/")
    send(client, home, "pemberitahuan/dibaca/", {})
    assert Notice.objects.filter(read_at__isnull=True).get() == others, "nobody reads for another"


def test_the_own_page_is_reached_from_home_and_navigation_by_who_has_one(client: Client, home: ArrangedCity) -> None:
    address = home.url("fleksibilitas/saya/")
    front = client.get("/").content.decode()
    assert front.count(f'href="{address}"') == 2
    client.force_login(home.head_account)
    assert f'href="{address}"' in client.get("/").content.decode()
    client.force_login(home.city.cast.hr_officer)
    assert address not in client.get("/").content.decode(), "an account of nobody has no such page"
    assert client.get(address).status_code == 404
