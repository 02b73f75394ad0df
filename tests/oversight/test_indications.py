"""Each indication points at a row that it must point at, and leaves its honest twin alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from agencies.events import record
from agencies.models import AgencyReview, Employee, Employment, FactRecord
from eligibility.arrangements.group_requests import decide_many
from eligibility.models import (
    Approval,
    ApprovalSpan,
    Arrangement,
    ArrangementStep,
    DeterminationRevocation,
    InstrumentPeriod,
    StoredRulebook,
    WorkedDay,
)
from oversight import background, indications
from oversight.indications import find, kept_looks, looking
from oversight.indications.definitions import Ground
from oversight.indications.kept_looks import CACHE
from oversight.models import TrailEntry
from oversight.pages import indications as pages
from oversight.views import indications as views
from tests.arranged_city import ADOPTED, AT, TODAY, ArrangedCity, arranged_city, holder, link, written
from tests.base import assemble_cast
from tests.eligibility.approving import NOW, approved, serviced, waiting
from tests.eligibility.test_gathering import circular, share
from tests.exported import from_csv
from tests.factories import (
    AbsenceFactory,
    DisciplineGateFactory,
    PositionFactory,
    UserFactory,
)
from tests.judged_city import judged_city
from tests.oversight.chains import unprotected

NOW_KNOWN = datetime(2026, 12, 1, tzinfo=UTC)


def flagged(city: ArrangedCity, code: str, on: date = TODAY) -> set[int | None]:
    """The arrangements that the indication points at; each says why."""
    found = find(code)
    assert found is not None
    flags = list(found.looks(Ground(city.city.cast.institution, on, NOW_KNOWN)))
    assert all(
        "%(" not in indications.told(flag, sees_person=True) and indications.told(flag, sees_person=True)
        for flag in flags
    )
    return {flag.arrangement for flag in flags}


def granted(city: ArrangedCity, employee: Employee, **values: Any) -> Arrangement:
    """An arrangement as if it had been approved, without the act."""
    return written(city, employee, **{"state": "approved", "submitted_at": AT, "approved_at": AT, **values})


def step(row: Arrangement, what: str, at: datetime = AT, **values: Any) -> ArrangementStep:
    """A step as if it had been done."""
    return ArrangementStep.objects.create(
        **{"arrangement": row, "round": row.round, "what": what, "on": at.date(), "at": at, **values}
    )


def test_what_went_the_right_way_is_pointed_at_by_none(arranged: ArrangedCity) -> None:
    approved(arranged)
    rows = [waiting(arranged, one) for one in arranged.colleagues[:2]]
    decide_many(actor=arranged.head_account, arrangements=rows, **NOW)
    assert {one.code: flagged(arranged, one.code) for one in indications.INDICATIONS} == {
        one.code: set() for one in indications.INDICATIONS
    }


def test_without_an_implementing_instrument_on_a_day_of_the_plan_as_known_then(arranged: ArrangedCity) -> None:
    one, two, three, four = arranged.colleagues
    honest = granted(arranged, one, ends_on=date(2025, 12, 31))
    too_long = granted(arranged, two, ends_on=date(2026, 1, 1))
    too_early = granted(arranged, three, approved_at=ADOPTED - timedelta(seconds=1))
    assert flagged(arranged, "tanpa-dasar-pelaksanaan") == {too_long.pk, too_early.pk}
    end = {"kind": "ends", "starts_on": date(2025, 11, 1), "basis": "Keputusan Wali Kota 150/2025"}
    with unprotected():
        InstrumentPeriod.objects.create(instrument=arranged.instrument, known_from=AT + timedelta(hours=1), **end)
    assert honest.pk not in flagged(arranged, "tanpa-dasar-pelaksanaan"), "the end was not known at the approval"
    late = granted(arranged, four, approved_at=AT + timedelta(hours=2))
    assert flagged(arranged, "tanpa-dasar-pelaksanaan") == {too_long.pk, too_early.pk, late.pk}


def test_decided_after_a_gate_had_closed_and_nobody_for_what_was_recorded_later(arranged: ArrangedCity) -> None:
    rows = [approved(arranged, one) for one in arranged.colleagues]
    before, after = AT - timedelta(hours=1), AT + timedelta(hours=1)
    gate = {"starts_on": date(2025, 9, 1), "kind": "process"}
    DisciplineGateFactory.create(employee=rows[0].employee, recorded_at=before, **gate)
    DisciplineGateFactory.create(employee=rows[1].employee, recorded_at=after, **gate)
    over = {"ends_on": date(2025, 10, 5), "recorded_at": before}
    DisciplineGateFactory.create(employee=rows[2].employee, **{**gate, **over})
    study = {"standing": "study", "kind": "pns", "effective_from": date(2025, 11, 3)}
    Employment.objects.create(employee=rows[3].employee, recorded_at=before, **study)
    assert flagged(arranged, "syarat-pegawai-tertutup") == {rows[0].pk, rows[3].pk}


def test_decided_after_a_gate_of_the_agency_had_closed_by_what_was_signed_then(arranged: ArrangedCity) -> None:
    agency = arranged.programmer.agency
    before, closed = (approved(arranged, one) for one in arranged.colleagues[:2])
    moments = {before.pk: AT - timedelta(hours=2), closed.pk: AT}
    with unprotected():
        for key, moment in moments.items():
            Arrangement.objects.filter(pk=key).update(approved_at=moment)
        study = {"valid_from": TODAY, "conclusion": "cannot", "source": "Kajian", "agency": agency}
        AgencyReview.objects.create(signed_at=AT - timedelta(hours=1), **study)
    assert flagged(arranged, "syarat-pegawai-tertutup") == {closed.pk}, "nobody for what was signed later"
    with unprotected():
        AgencyReview.objects.create(signed_at=AT + timedelta(hours=1), **{**study, "conclusion": "ready"})
    assert flagged(arranged, "syarat-pegawai-tertutup") == {closed.pk}, "a study signed since takes nothing back"


def test_no_candidate_is_left_unexamined_and_the_newest_comes_first(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [approved(arranged, one) for one in arranged.colleagues[:3]]
    gate = {"starts_on": date(2025, 9, 1), "kind": "process", "recorded_at": AT - timedelta(hours=1)}
    for row in rows:
        DisciplineGateFactory.create(employee=row.employee, **gate)
    for module in (looking, views, pages):
        monkeypatch.setattr(module, "AT_ONCE", 1)
    url = arranged.url("pengawasan/indikasi/syarat-pegawai-tertutup/")
    client.force_login(arranged.city.cast.inspector)

    def seen() -> tuple[list[int], int, int]:
        page = client.get(url).context["page"]
        return [row.case.pk for row in page.rows], page.examined, page.look.candidates

    assert seen() == ([rows[2].pk], 1, 3)
    assert "1 dari 3 calon" in client.get(url).content.decode()
    assert client.get(f"{url}?lanjut=1", follow=True).redirect_chain
    assert seen() == ([rows[2].pk, rows[1].pk], 2, 3)
    call_command("indications", "kota-contoh", stdout=StringIO())
    assert seen() == ([rows[2].pk, rows[1].pk, rows[0].pk], 3, 3)
    assert "?lanjut=1" not in client.get(url).content.decode()


def test_what_the_worker_examined_while_a_page_looked_is_not_thrown_away(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [approved(arranged, one) for one in arranged.colleagues[:3]]
    gate = {"starts_on": date(2025, 9, 1), "kind": "process", "recorded_at": AT - timedelta(hours=1)}
    for row in rows:
        DisciplineGateFactory.create(employee=row.employee, **gate)
    monkeypatch.setattr(looking, "AT_ONCE", 1)
    kept = kept_looks.kept_examined

    def overtaken(*given: Any) -> Any:
        """The page has read what is kept; before it goes on, the worker does all of its work."""
        monkeypatch.setattr(looking, "kept_examined", kept)
        found = kept(*given)
        call_command("indications", "kota-contoh", stdout=StringIO())
        return found

    monkeypatch.setattr(looking, "kept_examined", overtaken)
    client.force_login(arranged.city.cast.inspector)
    url = arranged.url("pengawasan/indikasi/syarat-pegawai-tertutup/")
    for _again in range(2):
        page = client.get(url).context["page"]
        assert {row.case.pk for row in page.rows} == {row.pk for row in rows}
        assert (page.examined, page.look.waiting) == (3, 0)
        indication = find("syarat-pegawai-tertutup")
        assert indication is not None
        kept_now = kept_looks.kept_examined(indication, arranged.city.cast.institution, AT)
        assert kept_now is not None
        assert len(kept_now.found) == 3


def test_what_was_found_by_the_logic_of_before_is_not_read(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    institution, indication = arranged.city.cast.institution, find("syarat-pegawai-tertutup")
    assert indication is not None
    approved(arranged)
    indications.look(indication, institution, TODAY, NOW_KNOWN)
    kept_looks.keep_examined(indication, institution, kept_looks.Examined(NOW_KNOWN, {}))

    def kept() -> list[bool]:
        found = (kept_looks.kept_look(indication, institution), kept_looks.kept_examined(indication, institution, AT))
        return [one is not None for one in found]

    assert kept() == [True, True]
    monkeypatch.setattr(kept_looks, "_REVISION", kept_looks._REVISION + 1)
    assert kept() == [False, False]


def test_looking_in_the_background_that_fails_is_told_with_the_way_to_ask_again(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, url = arranged.city.cast, arranged.url("pengawasan/indikasi/")

    def fails(*_given: Any, **_more: Any) -> None:
        raise RuntimeError("a fault of the database")

    client.force_login(cast.inspector)
    assert "terhenti" not in client.get(url).content.decode()
    with monkeypatch.context() as broken:
        broken.setattr(background, "look_through", fails)
        with pytest.raises(RuntimeError):
            background.look_by_all(cast.institution)
    page = client.get(url).content.decode()
    assert "Pemeriksaan dengan semua indikasi: pekerjaan ini terhenti pada" in page
    assert "Mintalah lagi" in page
    assert "pengawasan/indikasi/lihat/" in page
    client.force_login(cast.outside_reader)
    page = client.get(url).content.decode()
    assert "terhenti" in page
    assert "Mintalah lagi" not in page, "she may not"
    client.force_login(cast.inspector)
    client.post(arranged.url("pengawasan/indikasi/lihat/"))
    page = client.get(url).content.decode()
    assert "menunggu" in page
    assert "terhenti" not in page
    again = client.post(arranged.url("pengawasan/indikasi/lihat/"), follow=True).content.decode()
    assert "Pemeriksaan sedang berjalan; angkanya akan tampil di sini." in again
    background.look_by_all(cast.institution)
    page = client.get(url).content.decode()
    assert "terhenti" not in page
    assert "menunggu" not in page


def test_what_could_not_be_left_to_the_background_does_not_wait(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = arranged.url("pengawasan/indikasi/")

    class Refusing:
        @staticmethod
        def enqueue(*_given: object) -> None:
            raise RuntimeError("no background")

    client.force_login(arranged.city.cast.inspector)
    with monkeypatch.context() as broken:
        broken.setattr(background, "look_in_background", Refusing)
        with pytest.raises(RuntimeError):
            client.post(f"{url}lihat/")
    page = client.get(url).content.decode()
    assert "menunggu" not in page
    assert "pengawasan/indikasi/lihat/" in page, "it may be asked for at once"


@pytest.mark.django_db(transaction=True)
def test_a_large_city_is_told_what_nobody_has_looked_at_until_the_worker_has(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged = arranged_city(judged_city(assemble_cast()))
    cast = arranged.city.cast
    granted(arranged, arranged.asker, ends_on=date(2026, 3, 1))
    monkeypatch.setattr(looking, "QUICK", 0)
    urls = [arranged.url("pengawasan/"), arranged.url("pengawasan/indikasi/")]
    client.force_login(cast.inspector)
    for url in urls:
        page = client.get(url).content.decode()
        assert "10 indikasi belum diperiksa" in page
        assert page.count("belum diperiksa</strong>") == 10
        assert "pengawasan/indikasi/lihat/" in page, "and how to have it looked at"
        assert "Tidak ada indikasi" not in page
    client.post(arranged.url("pengawasan/indikasi/lihat/"))
    assert "menunggu" in client.get(urls[1]).content.decode()
    client.post(arranged.url("pengawasan/indikasi/lihat/"))
    assert DBTaskResult.objects.count() == 1, "asked for twice it is done once"
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False)
    for url in urls:
        page = client.get(url).content.decode()
        assert "belum diperiksa</strong>" not in page
        assert "WIB" in page, "the moment of the look"
    counts = {one.indication.code: one.number for one in client.get(urls[1]).context["page"].rows}
    assert counts["tanpa-dasar-pelaksanaan"] == 1


def test_decided_by_oneself_or_by_a_subordinate(arranged: ArrangedCity) -> None:
    head_position = arranged.head.postings.get().position
    unit_head_position = arranged.unit_head.postings.get().position
    own = granted(arranged, arranged.asker)
    step(own, "approved", by=arranged.asker_account, by_employee=arranged.asker)
    upside_down = granted(arranged, arranged.head)
    step(upside_down, "approved", by_employee=arranged.unit_head, office=unit_head_position)
    honest = granted(arranged, arranged.unit_head)
    step(honest, "approved", by_employee=arranged.head, office=head_position)
    of_head = granted(arranged, arranged.head, mode="shift", place="")
    step(of_head, "approved", by_employee=arranged.sekda, office=arranged.sekda.postings.get().position)
    again = granted(arranged, arranged.head, mode="dynamic", place="")
    step(again, "resumed", by_employee=arranged.unit_head, office=unit_head_position)
    assert flagged(arranged, "memutus-sendiri") == {own.pk, upside_down.pk, again.pk}


def test_decided_within_seconds_in_a_row_unless_ticked_together(arranged: ArrangedCity) -> None:
    people = [*arranged.colleagues, holder(arranged.programmer, "Rekan 5"), holder(arranged.programmer, "Rekan 6")]
    rows = [granted(arranged, one) for one in people]

    def give(by: Any, gap: int, chosen: list[Arrangement]) -> None:
        for number, row in enumerate(chosen):
            moment = AT + timedelta(seconds=gap * number)
            Approval.objects.create(arrangement=row, round=1, at=moment, on=TODAY, by=by, plan="{}", checks="{}")

    give(UserFactory.create(), 10, rows[:5])
    give(UserFactory.create(), 10, rows[2:6])
    give(UserFactory.create(), 11, rows)
    assert flagged(arranged, "diputus-beruntun") == {row.pk for row in rows[:5]}, "five in a row, not four, not slower"


def test_what_was_ticked_in_one_list_is_said_so_by_its_acts(arranged: ArrangedCity) -> None:
    people = [*arranged.colleagues, holder(arranged.programmer, "Rekan 5")]
    rows = [waiting(arranged, one) for one in people]
    assert all(one.done for one in decide_many(actor=arranged.head_account, arrangements=rows, **NOW))
    assert flagged(arranged, "diputus-beruntun") == set()


def test_refused_without_a_consultation_in_that_round_before(arranged: ArrangedCity) -> None:
    refusal: dict[str, Any] = {"ground": "service", "text": "Layanan."}
    bare, late, honest, earlier = (written(arranged, one, state="refused") for one in arranged.colleagues)
    talk: dict[str, Any] = {"held_on": TODAY, "text": "Dibahas."}
    step(bare, "refused", **refusal)
    step(late, "refused", **refusal)
    step(late, "consulted", AT + timedelta(minutes=1), **talk)
    step(honest, "consulted", **talk)
    step(honest, "refused", AT + timedelta(minutes=1), **refusal)
    step(earlier, "consulted", **talk)
    step(earlier, "refused", AT + timedelta(minutes=1), **{**refusal, "round": 2})
    assert flagged(arranged, "ditolak-tanpa-konsultasi") == {bare.pk, late.pk, earlier.pk}


def test_past_its_end_or_suspended_and_still_worked(arranged: ArrangedCity) -> None:
    september = {"starts_on": date(2025, 9, 1), "ends_on": date(2025, 9, 16)}
    over, inside, stopped, told_later = (granted(arranged, one, **september) for one in arranged.colleagues)

    def worked(row: Arrangement, *days: date) -> None:
        for day in days:
            WorkedDay.objects.create(arrangement=row, on=day, source="Presensi", recorded_at=AT)

    worked(over, date(2025, 9, 16), date(2025, 9, 17))
    worked(inside, date(2025, 9, 16))
    suspended: dict[str, Any] = {"ground": "watch", "on": date(2025, 9, 9)}
    step(stopped, "suspended", datetime(2025, 9, 8, 3, tzinfo=UTC), **suspended)
    step(stopped, "resumed", datetime(2025, 9, 12, 3, tzinfo=UTC), on=date(2025, 9, 12))
    worked(stopped, date(2025, 9, 9), date(2025, 9, 16))
    step(told_later, "suspended", datetime(2025, 9, 10, 3, tzinfo=UTC), **suspended)
    worked(told_later, date(2025, 9, 9), date(2025, 9, 10))
    assert flagged(arranged, "lewat-masa-masih-dijalankan") == {over.pk, stopped.pk}
    WorkedDay.objects.filter(arrangement=over).update(superseded_at=AT)
    assert flagged(arranged, "lewat-masa-masih-dijalankan") == {stopped.pk}, "taken back: it was recorded wrongly"


def test_a_service_under_its_need_counts_leave_beside_arrangements(arranged: ArrangedCity) -> None:
    september = {"starts_on": date(2025, 9, 1), "ends_on": date(2025, 9, 30), "weekdays": "tuesday"}
    serviced(arranged, 3)
    granted(arranged, arranged.asker, approved_at=AT - timedelta(days=40), **september)
    second = granted(arranged, arranged.colleagues[0], approved_at=AT - timedelta(days=39), **september)
    assert flagged(arranged, "layanan-di-bawah-kebutuhan") == set(), "five people, two away, three needed"
    day = {"starts_on": date(2025, 9, 10), "ends_on": date(2025, 9, 10)}
    AbsenceFactory.create(employee=arranged.colleagues[1], kind="leave", **day)
    assert flagged(arranged, "layanan-di-bawah-kebutuhan") == set(), "a Wednesday, on which nobody was away"
    AbsenceFactory.create(employee=arranged.colleagues[1], kind="leave", **{k: date(2025, 9, 9) for k in day})
    assert flagged(arranged, "layanan-di-bawah-kebutuhan") == {second.pk}, "the one approved last"
    assert flagged(arranged, "layanan-di-bawah-kebutuhan", date(2025, 9, 8)) == set(), "still to come"


def test_over_a_share_those_approved_last(arranged: ArrangedCity, tmp_path: Path) -> None:
    def give(employee: Employee, minute: int, **values: Any) -> int:
        return granted(arranged, employee, approved_at=AT + timedelta(minutes=minute), **values).pk

    circular(tmp_path, share("UNIT", "unit"))
    one, two, three, four = arranged.colleagues
    third, first, second = give(one, 3), give(two, 1), give(three, 2)
    assert flagged(arranged, "melebihi-kuota") == set(), "six people of the unit, three of them away"
    other_day = give(four, 4, weekdays="friday")
    assert flagged(arranged, "melebihi-kuota") == set(), "on another weekday there are places"
    last = give(arranged.asker, 5)
    assert flagged(arranged, "melebihi-kuota") == {last}
    assert len({first, second, third, other_day, last}) == 5


@pytest.mark.parametrize(("per", "population"), [("unit", "subject"), ("service", "all")])
def test_over_a_share_of_a_part_of_the_staff_or_of_a_service(
    arranged: ArrangedCity, tmp_path: Path, per: str, population: str
) -> None:
    serviced(arranged, 0)
    # Who leads nothing: five of the six people of the unit.
    applies = [{"fact": "position.leads", "operator": "is", "operands": ["none"]}]
    circular(tmp_path, share("PART", per, population, applies=applies))
    one, two, three, _four = arranged.colleagues
    for minute, employee in enumerate((one, two), 1):
        granted(arranged, employee, approved_at=AT + timedelta(minutes=minute))
    assert flagged(arranged, "melebihi-kuota") == set(), "five programmers, two of them away"
    last = granted(arranged, three, approved_at=AT + timedelta(minutes=3))
    assert flagged(arranged, "melebihi-kuota") == {last.pk}


def test_a_penetapan_that_did_not_hold_by_what_was_recorded_then(arranged: ArrangedCity) -> None:
    _honest, revoked, none, _other = (approved(arranged, one) for one in arranged.colleagues)
    assert flagged(arranged, "penetapan-usang") == set()
    paper = {"number": "188/9", "signed_on": TODAY, "title": "Wali Kota", "reason": "Tugas berubah."}
    with unprotected():
        ApprovalSpan.objects.filter(approval__arrangement=none).update(determination=None)
        Approval.objects.filter(arrangement=revoked).update(at=AT + timedelta(hours=2))
        DeterminationRevocation.objects.create(
            determination=arranged.determination,
            effective_from=TODAY,
            recorded_at=AT + timedelta(hours=1),
            **{k: v for k, v in paper.items() if k != "title"},
            signatory_title="Wali Kota",
        )
    assert flagged(arranged, "penetapan-usang") == {none.pk, revoked.pk}, "before the revocation was known: honest"


def test_facts_recorded_before_the_approval_would_have_decided_otherwise(arranged: ArrangedCity) -> None:
    row, verification = approved(arranged), arranged.determination.verification
    task = arranged.programmer.tasks.get()
    record = {"institution": arranged.city.cast.institution, "task": task, "fact": "task.face_to_face"}
    record |= {"value": "constant", "source": "Anjab", "basis": "imported", "valid_from": TODAY}
    with unprotected():
        type(verification).objects.filter(pk=verification.pk).update(known_at=AT - timedelta(days=30))
        type(task.profile).objects.filter(task=task).update(face_to_face="constant")
    FactRecord.objects.create(recorded_at=AT - timedelta(days=1), **record)
    assert flagged(arranged, "penetapan-usang") == {row.pk}
    FactRecord.objects.create(recorded_at=AT + timedelta(days=1), **record)
    assert flagged(arranged, "penetapan-usang") == {row.pk}, "touching the fact again afterwards clears nobody"
    with unprotected():
        FactRecord.objects.filter(recorded_at__lt=AT).update(recorded_at=AT + timedelta(hours=1))
    assert flagged(arranged, "penetapan-usang") == set(), "nobody for what was recorded later"


def fact_recorded_before(arranged: ArrangedCity) -> FactRecord:
    """A fact of the task, recorded after the results were known and before approvals: they have to be examined."""
    task, verification = arranged.programmer.tasks.get(), arranged.determination.verification
    with unprotected():
        type(verification).objects.filter(pk=verification.pk).update(known_at=AT - timedelta(days=30))
    return FactRecord.objects.create(
        institution=arranged.city.cast.institution,
        task=task,
        fact="task.face_to_face",
        value=task.profile.face_to_face,
        source="Anjab",
        basis="imported",
        valid_from=TODAY,
        recorded_at=AT - timedelta(days=1),
    )


@pytest.mark.parametrize("text", ["{}", "[]", "Aturan", "7", '{"rules": [null]}'])
def test_a_rulebook_that_cannot_be_read_is_told_and_the_pages_still_open(
    client: Client, arranged: ArrangedCity, text: str
) -> None:
    row = approved(arranged)
    fact_recorded_before(arranged)
    assert flagged(arranged, "penetapan-usang") == set()
    with unprotected():
        StoredRulebook.objects.update(text=text)
    client.force_login(arranged.city.cast.inspector)
    for page in ("", "indikasi/", "indikasi/penetapan-usang/"):
        assert client.get(arranged.url(f"pengawasan/{page}")).status_code == 200, page
    told = client.get(arranged.url("pengawasan/indikasi/penetapan-usang/")).context["page"].rows
    assert [one.case.pk for one in told] == [row.pk]
    assert "tidak dapat dibaca" in told[0].told


def test_a_day_taken_back_by_an_entry_that_cannot_be_read_is_told(client: Client, arranged: ArrangedCity) -> None:
    september = {"starts_on": date(2025, 9, 1), "ends_on": date(2025, 9, 16)}
    own, other = (granted(arranged, one, **september) for one in (arranged.asker, arranged.colleagues[0]))
    day = date(2025, 9, 17)
    for row, by in ((own, arranged.asker_account), (other, arranged.city.cast.hr_officer)):
        WorkedDay.objects.create(arrangement=row, on=day, source="Presensi", recorded_at=AT, superseded_at=AT)
        with transaction.atomic():
            record(actor=by, action="worked_day_withdrawn", subject=row, at=AT, day=day)
    assert flagged(arranged, "lewat-masa-masih-dijalankan") == {own.pk}, "the other was taken back by the office"
    client.force_login(arranged.city.cast.inspector)
    for body in ("{}", "[]", "rusak", '{"day": 17}', '{"day": "kemarin"}'):
        with unprotected():
            TrailEntry.objects.filter(action="worked_day_withdrawn").update(body=body)
        assert flagged(arranged, "lewat-masa-masih-dijalankan") == {own.pk}
        caches[CACHE].clear()
        page = client.get(arranged.url("pengawasan/indikasi/lewat-masa-masih-dijalankan/"))
        assert "tidak dapat dibaca" in page.context["page"].rows[0].told


def test_what_is_changed_added_or_removed_behind_the_portal(arranged: ArrangedCity) -> None:
    honest, changed, gone, child = (approved(arranged, one) for one in arranged.colleagues)
    assert flagged(arranged, "diubah-di-luar-portal") == set()
    Arrangement.objects.filter(pk=changed.pk).update(weekdays="monday friday")
    added = granted(arranged, arranged.asker)
    with unprotected():
        child.steps.filter(what="endorsed").update(text="Lain.")
        ApprovalSpan.objects.filter(approval__arrangement=gone).delete()
        Approval.objects.filter(arrangement=gone).delete()
    found = flagged(arranged, "diubah-di-luar-portal")
    assert {changed.pk, added.pk, child.pk} <= found
    assert None in found, "the approval is gone, and nothing else says whose it was"
    assert honest.pk not in found


def test_the_pages_show_what_is_audited_link_to_the_case_and_say_what_they_cannot_see(
    client: Client, arranged: ArrangedCity
) -> None:
    cast = arranged.city.cast
    row = granted(arranged, arranged.asker, ends_on=date(2026, 3, 1))
    client.force_login(cast.inspector)
    listed = client.get(arranged.url("pengawasan/indikasi/"))
    assert b"tanpa-dasar-pelaksanaan" in listed.content
    page = client.get(arranged.url("pengawasan/indikasi/tanpa-dasar-pelaksanaan/"))
    assert f"/pengawasan/kasus/{row.pk}/".encode() in page.content
    assert f"temuan/tulis/?arrangement={row.pk}".encode() in page.content
    file = from_csv(client.get(arranged.url("pengawasan/indikasi/tanpa-dasar-pelaksanaan/?unduh=csv")))
    assert file.column("Pegawai") == [arranged.asker.name]
    counts = from_csv(client.get(arranged.url("pengawasan/indikasi/?unduh=csv")))
    assert len(counts.rows) == len(indications.INDICATIONS)
    link(cast.inspector, holder(PositionFactory.create(agency=cast.agency), "Irban"))
    page = client.get(arranged.url("pengawasan/indikasi/tanpa-dasar-pelaksanaan/"))
    assert arranged.asker.name.encode() not in page.content, "nobody audits her own agency"
    assert client.get(arranged.url("pengawasan/indikasi/tiada/")).status_code == 404
    client.force_login(cast.outside_reader)
    page = client.get(arranged.url("pengawasan/indikasi/tanpa-dasar-pelaksanaan/"))
    assert arranged.asker.name.encode() in page.content
    assert b"temuan/tulis/" not in page.content


def test_looking_reads_no_more_for_many_rows_than_for_few(arranged: ArrangedCity) -> None:
    quick = [one for one in indications.INDICATIONS if not one.slow]

    def reads() -> int:
        with CaptureQueriesContext(connection) as counted:
            for one in quick:
                flagged(arranged, one.code)
        return len(counted)

    approved(arranged)
    few = reads()
    for one in arranged.colleagues[:3]:
        approved(arranged, one)
    assert reads() == few
