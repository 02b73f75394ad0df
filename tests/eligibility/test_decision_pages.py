"""The pages of those who decide: one request, the acts on it, what waits, the list and its files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from agencies.models import PersonalDataRead, Role, User
from eligibility.actions.approvals import approve_request, endorse_request, record_consultation, refuse_request
from eligibility.actions.arrangements import object_to_refusal, save_request, submit_request
from eligibility.actions.instruments import annul_instrument
from eligibility.arrangements.stands import Stands
from eligibility.models import Arrangement, ArrangementObjection
from eligibility.texts import LimitText
from tests.arranged_city import AT, TODAY, ArrangedCity, written
from tests.base import person
from tests.eligibility.drafted_rules import draft, publish
from tests.eligibility.test_request_pages import typed
from tests.exported import from_csv, from_xlsx
from tests.factories import DisciplineGateFactory, PostingFactory, UserFactory
from tests.test_query_counts import queries

BEFORE = AT - timedelta(hours=3)


def asked(city: ArrangedCity, employee: Any = None, *weekdays: str) -> Arrangement:
    """A request that waits for the unit head."""
    who = employee or city.asker
    account = getattr(who, "account", None)
    saved = save_request(
        actor=account or city.unit_head_account,
        employee=who,
        plan=city.plan(*weekdays),
        asked_by_head=account is None,
        on=TODAY,
        at=BEFORE,
    )
    return submit_request(actor=account or city.unit_head_account, arrangement=saved, on=TODAY, at=BEFORE)


def endorsed(city: ArrangedCity, employee: Any = None, *weekdays: str) -> Arrangement:
    """A request that waits for the head of the agency."""
    row = asked(city, employee, *weekdays)
    return endorse_request(actor=city.unit_head_account, arrangement=row, text="", on=TODAY, at=BEFORE)


def approved(city: ArrangedCity, employee: Any = None) -> Arrangement:
    """A granted arrangement."""
    row = endorsed(city, employee)
    return approve_request(actor=city.head_account, arrangement=row, on=TODAY, at=BEFORE).arrangement


def at(city: ArrangedCity, row: Arrangement, page: str = "") -> str:
    return city.url(f"fleksibilitas/{row.pk}/{page}")


def shown(client: Client, user: User, url: str) -> str:
    """What a user is shown."""
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def sent(client: Client, user: User, url: str, **typed: Any) -> str:
    """The page after a form was sent."""
    client.force_login(user)
    return client.post(url, typed, follow=True).content.decode()


def test_each_who_opens_a_request_sees_it_and_only_what_she_may_do_now(client: Client, arranged: ArrangedCity) -> None:
    row = asked(arranged)
    for user, acts, missing in [
        (arranged.unit_head_account, {"dukung", "kembalikan", "konsultasi"}, {"setujui", "tolak"}),
        (arranged.head_account, set(), {"dukung", "setujui", "tolak"}),
        (arranged.city.cast.hr_officer, set(), {"dukung", "setujui", "tangguhkan"}),
        (arranged.asker_account, set(), {"dukung", "setujui", "akhiri"}),
    ]:
        page = shown(client, user, at(arranged, row))
        assert {act for act in acts | missing if at(arranged, row, f"{act}/") in page} == acts, user
        assert "Modul layanan" in page
        sees_home = user in (arranged.city.cast.hr_officer, arranged.asker_account)
        assert ("Jalan Sintetis 1" in page) == sees_home, user
    for stranger in (arranged.city.cast.inspector, arranged.city.cast.outsider):
        client.force_login(stranger)
        assert client.get(at(arranged, row)).status_code == 404
    reads = PersonalDataRead.objects.filter(page="arrangement", employee=arranged.asker)
    assert reads.count() == 3, "reads of others are logged, one's own is not"


def test_the_norm_that_a_stricter_one_beats_stands_wherever_the_limit_is_told(
    client: Client, arranged: ArrangedCity
) -> None:
    one_day = LimitText("days_per_week", "most", Decimal(1), together=("other_office", "home", "other_place"))
    row, beaten = endorsed(arranged), "Lebih ketat daripada: Paling banyak 2 hari"
    mine, written_anew = arranged.url("fleksibilitas/saya/?per=2025-10-06"), arranged.url("fleksibilitas/ajukan/")

    def told() -> list[str]:
        asker = arranged.asker_account
        pages = [shown(client, user, at(arranged, row)) for user in (asker, arranged.head_account)]
        client.force_login(asker)
        pages += [client.get(mine).content.decode(), client.post(written_anew, typed(do="check")).content.decode()]
        return [" ".join(page.split()) for page in pages]

    assert not any(beaten in page for page in told())
    publish(arranged, draft(arranged, "SEHARI", effect="limit", limit=one_day))
    # The answer to a plan tells what stands in the way first, and then once more all that was looked at.
    for page, times in zip(told(), (1, 1, 1, 2), strict=True):
        assert page.count(beaten) == times
        assert "(Pasal 13 ayat (1) PermenPANRB 4/2025)" in page[page.index(beaten) :]


def test_a_request_is_endorsed_and_approved_by_the_pages_and_then_stands_with_its_checks(
    client: Client, arranged: ArrangedCity
) -> None:
    row = asked(arranged)
    early = sent(client, arranged.head_account, at(arranged, row, "setujui/"))
    assert Arrangement.objects.get().state == "submitted"
    assert at(arranged, row, "setujui/") not in early, "led back to where the request stands"
    sent(client, arranged.unit_head_account, at(arranged, row, "dukung/"), text="Mendukung penuh.")
    page = shown(client, arranged.head_account, at(arranged, row))
    assert "Mendukung penuh." in page
    assert at(arranged, row, "setujui/") in page
    sent(client, arranged.head_account, at(arranged, row, "setujui/"))
    assert Arrangement.objects.get().state == "approved"
    page = shown(client, arranged.head_account, at(arranged, row))
    assert at(arranged, row, "akhiri/") in page
    assert "?periksa=1" in page
    assert "1 Oktober 2025" in shown(client, arranged.head_account, at(arranged, row) + "?periksa=1")


def test_an_approval_that_a_check_stops_says_which_and_heads_are_not_told_what_bkpsdm_keeps(
    client: Client, arranged: ArrangedCity
) -> None:
    row = endorsed(arranged)
    DisciplineGateFactory.create(employee=arranged.asker)
    url = at(arranged, row, "setujui/")
    refused = sent(client, arranged.head_account, url)
    assert Arrangement.objects.get().state == "submitted"
    assert 'role="alert"' in refused
    for user, told in [
        (arranged.head_account, False),
        (arranged.unit_head_account, False),
        (arranged.city.cast.hr_officer, True),
        (arranged.asker_account, True),
    ]:
        page = shown(client, user, at(arranged, row))
        assert ("isiplin" in page) == told, user
        assert ("Pasal 25 ayat (1)" in page) or told


def test_a_request_is_refused_only_after_a_consultation_and_the_next_level_answers_the_objection(
    client: Client, arranged: ArrangedCity
) -> None:
    row = endorsed(arranged)
    head, sekda = arranged.head_account, arranged.sekda_account
    url = at(arranged, row, "tolak/")
    sent(client, head, url, ground="task", text="Belum.")
    assert Arrangement.objects.get().state == "submitted", "no consultation was recorded"
    sent(client, head, at(arranged, row, "konsultasi/"), held_on="2025-10-01", text="Dibahas bersama.")
    assert 'aria-invalid="true"' in sent(client, head, url, ground="task", text="")
    page = sent(client, head, url, ground="task", text="Tugas periode ini di kantor.")
    assert Arrangement.objects.get().state == "refused"
    assert "Tugas periode ini di kantor." in page
    object_to_refusal(actor=arranged.asker_account, arrangement=row, statement="Tugas berubah.", on=TODAY)
    waiting = shown(client, sekda, arranged.url("fleksibilitas/menunggu/"))
    assert "Nita Pemohon" in waiting
    assert "Nita Pemohon" not in shown(client, head, arranged.url("fleksibilitas/menunggu/"))
    assert "keberatan atasnya tidak Anda jawab" not in shown(client, head, at(arranged, row)), "it is not hers anyway"
    PostingFactory.create(
        position=arranged.sekda.postings.get().position,
        employee=arranged.head,
        capacity="plh",
        effective_from=date(2025, 1, 1),
    )
    assert "keberatan atasnya tidak Anda jawab" in shown(client, head, at(arranged, row))
    sent(client, sekda, at(arranged, row, "jawab-keberatan/"), granted="no", answer="Penolakan tetap.")
    assert ArrangementObjection.objects.get().state == "dismissed"
    again = shown(client, sekda, at(arranged, row))
    assert "Penolakan tetap." in again, "what one answered one may read again"
    assert "Keberatan telah dijawab; permohonan baru dapat dibuat." in again


def test_another_open_request_keeps_an_objection_from_being_granted_and_the_pages_say_so(
    client: Client, arranged: ArrangedCity
) -> None:
    row, head, sekda, asker = endorsed(arranged), arranged.head_account, arranged.sekda_account, arranged.asker_account
    answers = at(arranged, row, "jawab-keberatan/")
    sent(client, head, at(arranged, row, "konsultasi/"), held_on="2025-10-01", text="Dibahas bersama.")
    sent(client, head, at(arranged, row, "tolak/"), ground="task", text="Tugas periode ini di kantor.")
    told = "masih terbuka (Konsep, 6 Oktober 2025 s.d. 28 November 2025)"
    assert told not in shown(client, asker, at(arranged, row))
    object_to_refusal(actor=asker, arrangement=row, statement="Tugas berubah.", on=TODAY)
    other = save_request(actor=asker, employee=arranged.asker, plan=arranged.plan(), on=TODAY, at=AT)
    for user, page in [(asker, at(arranged, row)), (asker, arranged.url("fleksibilitas/saya/")), (sekda, answers)]:
        assert told in shown(client, user, page), page
    stopped = sent(client, sekda, answers, granted="yes", answer="Dikabulkan sepenuhnya.")
    assert 'aria-invalid="true"' in stopped
    assert "Dikabulkan sepenuhnya." in stopped, "what was typed stays"
    assert ArrangementObjection.objects.get().state == "open"
    sent(client, asker, at(arranged, other, "tarik/"))
    sent(client, sekda, answers, granted="yes", answer="Dikabulkan sepenuhnya.")
    assert ArrangementObjection.objects.get().state == "granted"
    assert Arrangement.objects.get(pk=row.pk).state == "submitted"


def test_hr_and_the_line_suspend_resume_and_end_and_others_do_not(client: Client, arranged: ArrangedCity) -> None:
    row = approved(arranged)
    hr = arranged.city.cast.hr_officer
    suspend = at(arranged, row, "tangguhkan/")
    stranger = person("kepala_lain", Role.AGENCY_HEAD, arranged.city.cast.institution, arranged.city.cast.agency)
    sent(client, stranger, suspend, on="2025-10-07", ground="service", text="Loket.")
    assert Arrangement.objects.get().state == "approved", "a head outside the line decides nothing"
    past = sent(client, hr, suspend, on="2025-09-01", ground="service", text="Loket.")
    assert 'aria-invalid="true"' in past
    sent(client, hr, suspend, on="2025-10-07", ground="output", text="Loket.")
    assert Arrangement.objects.get().suspended_on == date(2025, 10, 7)
    page = shown(client, arranged.asker_account, at(arranged, row))
    assert "Keluaran tidak diserahkan" in page, "not the ground of a refusal that has the same code"
    sent(client, arranged.head_account, at(arranged, row, "lanjutkan/"), on="2025-10-14")
    assert Arrangement.objects.get().state == "approved"
    sent(client, arranged.head_account, at(arranged, row, "akhiri/"), on="2025-11-03", reason="Selesai.")
    assert Arrangement.objects.get().ended_on == date(2025, 11, 3)


def test_who_is_in_charge_finds_the_days_worked_and_the_employee_does_not_write_her_own(
    client: Client, arranged: ArrangedCity
) -> None:
    row, waits = approved(arranged), endorsed(arranged, arranged.colleagues[0])
    days = at(arranged, row, "hari-kerja/")
    for user in (arranged.head_account, arranged.city.cast.hr_officer):
        assert f'href="{days}"' in shown(client, user, at(arranged, row))
        assert "hari-kerja/" not in shown(client, user, at(arranged, waits)), "nobody works by it yet"
    assert "hari-kerja/" not in shown(client, arranged.asker_account, at(arranged, row))


def test_what_waits_is_decided_together_with_a_result_for_each(client: Client, arranged: ArrangedCity) -> None:
    first, second = arranged.colleagues[:2]
    rows = [endorsed(arranged, first), endorsed(arranged, second)]
    DisciplineGateFactory.create(employee=second)
    url = arranged.url("fleksibilitas/menunggu/")
    page = shown(client, arranged.head_account, url)
    assert page.index("Rekan 1") < page.index("Rekan 2"), "the longest first"
    assert 'class="field-error"' not in page
    assert 'role="alert"' in sent(client, arranged.head_account, url), "nothing is ticked"
    page = sent(client, arranged.head_account, url, requests=[row.pk for row in rows])
    assert sorted(Arrangement.objects.values_list("state", flat=True)) == ["approved", "submitted"]
    assert page.count('<span class="check-sign') >= 2
    not_hers = asked(arranged)
    sent(client, arranged.head_account, url, requests=[not_hers.pk])
    assert Arrangement.objects.get(pk=not_hers.pk).station == 0


def test_a_plt_finds_what_waits_for_the_office_she_holds_for_now(client: Client, arranged: ArrangedCity) -> None:
    row = endorsed(arranged)
    stand_in = person("plt", Role.EMPLOYEE, arranged.city.cast.institution, arranged.city.cast.agency)
    client.force_login(stand_in)
    url = arranged.url("fleksibilitas/menunggu/")
    assert client.get(url).status_code == 404
    stand_in.employee = arranged.colleagues[0]
    stand_in.save(update_fields=["employee"])
    position = arranged.head.postings.get().position
    PostingFactory.create(
        position=position, employee=arranged.colleagues[0], capacity="plt", effective_from=date(2025, 9, 1)
    )
    assert "Nita Pemohon" in shown(client, stand_in, url)
    sent(client, stand_in, at(arranged, row, "setujui/"))
    assert Arrangement.objects.get().state == "approved"


def test_the_list_shows_who_is_in_charge_what_stands_where_and_narrows(client: Client, arranged: ArrangedCity) -> None:
    ahead: dict[str, Any] = {"starts_on": date(2025, 10, 6), "approved_at": AT, "state": "approved"}
    written(arranged, **ahead)
    written(arranged, arranged.colleagues[0], **{**ahead, "starts_on": date(2025, 9, 1)})
    past = {"starts_on": date(2025, 8, 1), "ends_on": date(2025, 8, 29)}
    written(arranged, arranged.colleagues[1], **{**ahead, **past})
    written(arranged, arranged.colleagues[2])  # a draft is nobody's business
    hr = arranged.city.cast.hr_officer
    names = {"Nita Pemohon", "Rekan 1", "Rekan 2", "Rekan 3"}

    def listed(user: User, query: str = "") -> set[str]:
        page = shown(client, user, arranged.url(f"fleksibilitas/{query}"))
        return {name for name in names if name in page}

    assert listed(hr) == {"Nita Pemohon", "Rekan 1", "Rekan 2"}
    assert listed(hr, "?keadaan=ahead") == {"Nita Pemohon"}
    assert listed(hr, "?keadaan=active") == {"Rekan 1"}
    assert listed(hr, "?keadaan=expired") == {"Rekan 2"}
    assert listed(hr, "?bulan=2025-08") == {"Rekan 2"}
    assert listed(hr, "?cari=nita") == {"Nita Pemohon"}
    assert listed(hr, "?cara=shift") == set()
    assert listed(hr, "?opd=Dinkes") == set()
    assert listed(arranged.head_account) == {"Nita Pemohon", "Rekan 1", "Rekan 2"}
    assert listed(arranged.sekda_account) == set(), "the Setda is another agency"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_downloaded_whole_as_it_is_narrowed_without_numbers_or_homes(
    client: Client, arranged: ArrangedCity, kind: str
) -> None:
    granted: dict[str, Any] = {"state": "approved", "approved_at": AT}
    for number in range(60):
        written(arranged, arranged.asker, **granted, starts_on=date(2025, 10, 6) + timedelta(days=number % 20))
    written(arranged, arranged.colleagues[0], state="withdrawn")
    client.force_login(arranged.city.cast.hr_officer)
    answer = client.get(arranged.url(f"fleksibilitas/?keadaan=ahead&unduh={kind}"))
    read = from_csv(answer) if kind == "csv" else from_xlsx(answer)
    assert any("SINTETIS" in str(line[0]) for line in read.above)
    assert read.told["Keadaan"] == str(Stands.AHEAD.label)
    assert len(read.rows) == 60
    text = str(read)
    assert arranged.asker.nip not in text
    assert arranged.asker.residence not in text
    assert "Rekan 1" not in text
    assert PersonalDataRead.objects.filter(page="arrangements", count=60).exists()


@pytest.mark.parametrize("page", ["fleksibilitas/", "fleksibilitas/menunggu/", "kehadiran/"])
def test_a_list_costs_the_same_for_one_and_for_many(client: Client, arranged: ArrangedCity, page: str) -> None:
    endorsed(arranged)
    client.force_login(arranged.head_account)
    before = queries(client, arranged.url(page))
    for employee in arranged.colleagues:
        endorsed(arranged, employee)
    assert queries(client, arranged.url(page)) == before


HOLDS = "Semua pemeriksaan terpenuhi."
PERSON = "Syarat pegawai belum terpenuhi (Pasal 25 ayat (1)). Rincian di BKPSDM."
NOTHING = "Tidak ada yang menunggu keputusan, maka tidak ada yang diperiksa."


def objected(city: ArrangedCity, employee: Any = None) -> Arrangement:
    """A refused request whose objection waits for the head of the region's secretariat."""
    row = endorsed(city, employee)
    head: dict[str, Any] = {"actor": city.head_account, "on": TODAY}
    record_consultation(arrangement=row, held_on=TODAY, text="Dibahas bersama.", **head)
    row = refuse_request(arrangement=row, ground="task", text="Tugas periode ini di kantor.", **head)
    account = getattr(row.employee, "account", None) or UserFactory.create(employee=row.employee)
    object_to_refusal(actor=account, arrangement=row, statement="Tugas berubah.", on=TODAY)
    return row


def test_an_objection_that_waits_is_shown_with_its_checks_until_it_is_answered(
    client: Client, arranged: ArrangedCity
) -> None:
    row, sekda = objected(arranged), arranged.sekda_account
    listed = arranged.url("fleksibilitas/menunggu/")
    pages = (at(arranged, row), at(arranged, row, "jawab-keberatan/"), listed)
    for page in pages:
        told = shown(client, sekda, page)
        assert HOLDS in told, page
        assert NOTHING not in told, page
    DisciplineGateFactory.create(employee=arranged.asker)
    for page in pages:
        told = shown(client, sekda, page)
        assert PERSON in told, page
        assert HOLDS not in told, page
    sent(client, sekda, at(arranged, row, "jawab-keberatan/"), granted="no", answer="Penolakan tetap.")
    answered = shown(client, sekda, at(arranged, row))
    assert NOTHING in answered
    assert PERSON not in answered


def test_a_list_of_objections_costs_the_same_for_one_and_for_many(client: Client, arranged: ArrangedCity) -> None:
    annul_instrument(actor=arranged.city.cast.hr_officer, instrument=arranged.instrument, reason="Keliru.")
    objected(arranged)
    listed = shown(client, arranged.sekda_account, arranged.url("fleksibilitas/menunggu/"))
    assert "Belum tercatat dasar pelaksanaan dari Wali Kota per 1 Oktober 2025" in listed, "the day of judgement"
    before = queries(client, arranged.url("fleksibilitas/menunggu/"))
    for employee in arranged.colleagues:
        objected(arranged, employee)
    assert queries(client, arranged.url("fleksibilitas/menunggu/")) == before


def test_a_request_in_consultation_is_told_and_found_apart_from_one_that_only_waits(
    client: Client, arranged: ArrangedCity
) -> None:
    endorsed(arranged)
    talked = endorsed(arranged, arranged.colleagues[0])
    record_consultation(actor=arranged.head_account, arrangement=talked, held_on=TODAY, text="Dibahas.", on=TODAY)
    hr = arranged.city.cast.hr_officer
    for state, there, missing in [
        ("waiting", "Nita Pemohon", "Rekan 1"),
        ("consultation", "Rekan 1", "Nita Pemohon"),
    ]:
        narrowed = arranged.url(f"fleksibilitas/?keadaan={state}")
        page = shown(client, hr, narrowed)
        assert there in page
        assert missing not in page
        read = from_csv(client.get(f"{narrowed}&unduh=csv"))
        assert read.told["Keadaan"] == str(Stands(state).label)
        assert str(Stands(state).label) in str(read.rows)
    assert "Dalam konsultasi" in shown(client, hr, at(arranged, talked))
    assert "menolak sesudah konsultasi" in shown(client, hr, at(arranged, talked)), "what follows is told"


def test_who_resumes_reads_how_the_checks_of_what_is_left_stand(client: Client, arranged: ArrangedCity) -> None:
    row, head = approved(arranged), arranged.head_account
    suspended = {"on": "2025-10-07", "ground": "service", "text": "Loket."}
    sent(client, arranged.city.cast.hr_officer, at(arranged, row, "tangguhkan/"), **suspended)
    form = at(arranged, row, "lanjutkan/")
    told = shown(client, head, form)
    assert HOLDS in told
    assert "Apakah sisa masa mulai 1 Oktober 2025 boleh dilanjutkan" in told
    DisciplineGateFactory.create(employee=arranged.asker)
    told = shown(client, head, form)
    assert PERSON in told
    assert HOLDS not in told
    refused = sent(client, head, form, on="2025-10-14")
    assert "Apakah sisa masa mulai 14 Oktober 2025 boleh dilanjutkan" in refused, "of the day that was asked for"
    assert Arrangement.objects.get().state == "suspended"


def test_of_one_that_expired_neither_a_change_nor_an_end_is_offered(client: Client, arranged: ArrangedCity) -> None:
    granted: dict[str, Any] = {"approved_at": AT, "state": "approved", "starts_on": date(2025, 9, 1)}
    lasting = written(arranged, ends_on=TODAY, **granted)
    expired = written(arranged, ends_on=TODAY - timedelta(days=1), **granted)
    asker = arranged.asker_account
    for act in ("perubahan/", "akhiri/"):
        assert at(arranged, lasting, act) in shown(client, asker, at(arranged, lasting)), "its last day is today"
        assert at(arranged, expired, act) not in shown(client, asker, at(arranged, expired))
        assert client.get(at(arranged, lasting, act)).status_code == 200
        told = client.get(at(arranged, expired, act), follow=True).content.decode()
        assert "Fleksibilitas Kerja ini berlaku sampai 30 September 2025" in told, act
