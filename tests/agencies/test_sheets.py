"""Two reviewers answer blind to each other; what they agree on becomes the facts, what differs is settled first."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client, override_settings

from agencies.actions.assessments import (
    Settled,
    return_assessment,
    settle_sheets,
    submit_assessments,
    take_back_assessment,
)
from agencies.actions.sheets import Assignment, assign_sheets, cancel_sheets, open_sheets, remind_reviewers
from agencies.errors import ActRefused, ValuesRefused
from agencies.facts import FACTS
from agencies.mapping.drafts import AnsweredMeanwhile, Written, copy_answers, save_answer
from agencies.models import Answer, Assessment, FactRecord, Role, Sheet, TaskProfile
from oversight.models import TrailEntry, TrailSide
from tests.base import Cast, person
from tests.factories import PositionFactory, TaskFactory
from tests.sheets import AT, DAY, HOME_WORK, answer, both_submitted, clerk_of, opened, submit


def test_a_sheet_is_opened_once_for_a_task_with_two_reviewers_who_may_answer(cast: Cast) -> None:
    desk = opened(cast)
    assert {one.side: one.reviewer for one in desk.sheet.assessments.all()} == {
        "agency": clerk_of(cast),
        "bkpsdm": cast.hr_officer,
    }
    again = Assignment({"agency": clerk_of(cast)})
    told: dict[str, Any] = {"actor": cast.hr_officer, "agency": cast.agency, "on": DAY}
    assert open_sheets(tasks=[cast.task], assignment=again, **told) is None
    stranger = TaskFactory.create(position=PositionFactory.create(agency=cast.other_agency))
    with pytest.raises(ActRefused, match="perangkat daerah lain"):
        open_sheets(tasks=[stranger], assignment=again, **told)
    other = TaskFactory.create(position=PositionFactory.create(agency=cast.agency))
    for side, wrong in (("agency", cast.hr_officer), ("bkpsdm", clerk_of(cast)), ("agency", cast.outsider)):
        with pytest.raises(ActRefused) as refusal:
            open_sheets(tasks=[other], assignment=Assignment({side: wrong}), **told)
        assert refusal.value.field == side
    assert Sheet.objects.count() == 1


def test_nobody_reads_the_other_reviewers_answers_before_both_have_submitted(cast: Cast) -> None:
    desk = opened(cast)
    submit(answer(desk.by_agency))
    answer(desk.by_bkpsdm, with_tik="no")
    for reader in (*cast.insiders, cast.outsider):
        seen = {one.assessment.side for one in Answer.objects.disclosed_to(reader).select_related("assessment")}
        assert seen == ({"bkpsdm"} if reader == desk.officer else set()), reader
    assert {one.assessment.side for one in Answer.objects.disclosed_to(desk.clerk)} == {"agency"}
    submit(desk.by_bkpsdm)
    assert {one.assessment.side for one in Answer.objects.disclosed_to(desk.clerk)} == {"agency", "bkpsdm"}


def test_the_trail_tells_of_a_submission_how_many_and_never_what(cast: Cast) -> None:
    desk = opened(cast)
    submit(answer(desk.by_agency))
    entry = TrailEntry.objects.latest("number")
    assert entry.action == "assessments_submitted"
    assert '"agreed":0' in entry.body
    side = TrailSide.objects.filter(entry=entry).first()
    for value in HOME_WORK.values():
        if value and len(value) > 3:
            assert value not in entry.body
            assert side is None or value not in (side.body or "")


def test_equal_answers_become_agreed_facts_at_once(cast: Cast) -> None:
    sheet = both_submitted(opened(cast))
    assert sheet.state == Sheet.State.AGREED
    profile = TaskProfile.objects.get(task=cast.task)
    assert (profile.with_tik, profile.face_to_face, str(profile.hours_per_week)) == (True, "minimal", "37.50")
    records = FactRecord.objects.filter(task=cast.task, basis="agreed")
    assert {row.fact for row in records} == set(HOME_WORK)
    assert {row.valid_from for row in records} == {DAY}
    assert sheet.comparisons.count() == len(HOME_WORK)


def test_a_difference_is_settled_with_a_reason_before_anything_becomes_a_fact(cast: Cast) -> None:
    sheet = both_submitted(opened(cast), with_tik="no", face_to_face=None)
    assert sheet.state == Sheet.State.SETTLING
    assert not FactRecord.objects.filter(task=cast.task, basis="agreed").exists()
    tik = Settled("yes", "Aplikasi sudah tersedia")
    told: dict[str, Any] = {"actor": cast.hr_officer, "sheets": [sheet], "on": DAY, "at": AT}
    with pytest.raises(ActRefused, match="Selisihnya kini"):
        settle_sheets(settled={"task.with_tik": tik}, **told)
    with pytest.raises(ValuesRefused) as refusal:
        settle_sheets(settled={"task.with_tik": tik, "task.face_to_face": Settled("often", " ")}, **told)
    assert set(refusal.value.faults) == {"task.face_to_face", "task.face_to_face:reason"}
    settle_sheets(settled={"task.with_tik": tik, "task.face_to_face": Settled(None, "Belum diukur")}, **told)
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.AGREED
    profile = TaskProfile.objects.get(task=cast.task)
    assert (profile.with_tik, profile.face_to_face) == (True, None)
    assert FactRecord.objects.get(task=cast.task, fact="task.with_tik").reason == "Aplikasi sudah tersedia"
    assert settle_sheets(settled={}, **told) is None


def test_a_sheet_is_submitted_whole_and_by_its_reviewer_alone(cast: Cast) -> None:
    desk = opened(cast)
    part = desk.by_agency
    save_answer(reviewer=desk.clerk, assessment=part, fact=FACTS["task.with_tik"], written=Written("ya"), seen=0, at=AT)
    with pytest.raises(ActRefused, match="14 pertanyaan"):
        submit(part)
    answer(part)
    with pytest.raises(ActRefused, match="penilai lain"):
        submit_assessments(actor=desk.officer, assessments=[part], on=DAY, at=AT)
    submit(part)
    part.refresh_from_db()
    assert submit_assessments(actor=desk.clerk, assessments=[part], on=DAY, at=AT) is None
    with pytest.raises(ActRefused, match="sudah mengirim"):
        answer(part)


def test_an_exposure_other_than_the_proposed_one_needs_its_reason(cast: Cast) -> None:
    part = answer(opened(cast).by_agency, exposure="direct")
    Answer.objects.filter(assessment=part, fact="task.exposure").update(note="")
    with pytest.raises(ActRefused, match="tingkat keterlibatan lain"):
        submit(part)
    Answer.objects.filter(assessment=part, fact="task.exposure").update(note="Melayani tamu di lobi")
    submit(part)


def test_two_windows_lose_nothing(cast: Cast) -> None:
    desk = opened(cast)
    asked: dict[str, Any] = {
        "reviewer": desk.clerk,
        "assessment": desk.by_agency,
        "fact": FACTS["task.with_tik"],
        "at": AT,
    }
    first = save_answer(written=Written("yes"), seen=0, **asked)
    with pytest.raises(AnsweredMeanwhile) as refusal:
        save_answer(written=Written("no"), seen=0, **asked)
    assert refusal.value.answer.value == "yes"
    assert save_answer(written=Written("no"), seen=first.version, **asked).value == "no"
    with pytest.raises(ActRefused, match="bukan jawaban") as wrong:
        save_answer(written=Written("mungkin"), seen=2, **asked)
    assert wrong.value.field == "value"


def test_what_is_submitted_is_taken_back_only_before_the_other_has_submitted(cast: Cast) -> None:
    desk = opened(cast)
    part = desk.by_agency
    assert take_back_assessment(actor=desk.clerk, assessment=part) is None
    submit(answer(part))
    with pytest.raises(ActRefused):
        take_back_assessment(actor=desk.officer, assessment=part)
    take_back_assessment(actor=desk.clerk, assessment=part, at=AT)
    submit(answer(desk.by_bkpsdm, with_tik="no"))
    submit(desk.by_agency)
    with pytest.raises(ActRefused, match="BKPSDM"):
        take_back_assessment(actor=desk.clerk, assessment=desk.by_agency)


def test_a_returned_part_is_mended_and_compared_again_while_the_blind_answers_stay(cast: Cast) -> None:
    desk = opened(cast)
    with pytest.raises(ActRefused, match="selisih"):
        return_assessment(actor=desk.officer, assessment=desk.by_agency, reason="Lengkapi")
    sheet = both_submitted(desk, with_tik="no")
    with pytest.raises(ActRefused) as bare:
        return_assessment(actor=desk.officer, assessment=desk.by_bkpsdm, reason=" ")
    assert bare.value.field == "reason"
    return_assessment(actor=desk.officer, assessment=desk.by_bkpsdm, reason="Lihat SOP", at=AT)
    submit(answer(desk.by_bkpsdm))
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.AGREED
    blind = sheet.comparisons.get(fact="task.with_tik")
    assert (blind.by_agency, blind.by_bkpsdm) == ("yes", "no")


def test_another_reviewer_starts_anew_and_what_the_former_wrote_stays_hers(cast: Cast) -> None:
    desk = opened(cast)
    former = answer(desk.by_agency)
    other = person("other", Role.HR_OFFICER, cast.institution, cast.agency)
    told: dict[str, Any] = {"actor": cast.hr_officer, "agency": cast.agency, "sheets": [desk.sheet], "at": AT}
    assign_sheets(assignment=Assignment({"agency": other}, DAY), **told)
    assert desk.by_agency.reviewer == other
    assert not Answer.objects.disclosed_to(other).exists()
    assert Answer.objects.disclosed_to(desk.clerk).filter(assessment=former).exists()
    assert assign_sheets(assignment=Assignment({"agency": other}, DAY), **told) is None
    with pytest.raises(ActRefused):
        assign_sheets(assignment=Assignment({"agency": cast.hr_officer}), **told)
    former.refresh_from_db()
    with pytest.raises(ActRefused, match="sudah ditunjuk penilai lain"):
        answer(former)


def test_answers_are_copied_to_alike_tasks_but_not_over_exceptions(cast: Cast) -> None:
    desk = opened(cast)
    twin = PositionFactory.create(agency=cast.agency, unit=cast.position.unit, title=cast.position.title)
    alike = opened(cast, TaskFactory.create(position=twin, title=cast.task.title))
    assert alike.sheet.likeness == desk.sheet.likeness
    source = answer(desk.by_agency)
    target = alike.by_agency
    save_answer(
        reviewer=desk.clerk, assessment=target, fact=FACTS["task.with_tik"], written=Written("no"), seen=0, at=AT
    )
    (copied,) = copy_answers(reviewer=desk.clerk, source=source, targets=[target], at=AT)
    assert (copied.taken, len(copied.kept)) == (len(HOME_WORK) - 1, 1)
    assert target.answers.get(fact="task.with_tik").value == "no"
    with pytest.raises(ActRefused):
        copy_answers(reviewer=desk.clerk, source=source, targets=[alike.by_bkpsdm], at=AT)
    submit_assessments(actor=desk.clerk, assessments=[source, target], on=DAY, at=AT)
    entry = TrailEntry.objects.latest("number")
    assert '"sheets":2' in entry.body


def test_who_settles_is_reminded_of_differences_in_one_mail_with_what_she_has_to_answer(
    cast: Cast, client: Client, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    desk = opened(cast)
    both_submitted(desk, with_tik="no")
    desk.officer.email = "bkpsdm@contoh.go.id"
    desk.officer.save(update_fields=["email"])
    told: dict[str, Any] = {"actor": cast.hr_officer, "agency": cast.agency, "on": DAY}
    with override_settings(LANGUAGE_CODE="en"), django_capture_on_commit_callbacks(execute=True):
        remind_reviewers(at=AT, **told)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["bkpsdm@contoh.go.id"], "Mapping sheets wait to be settled")
    assert "The differences of 1 mapping sheet of Kota Contoh wait to be settled." in mail.body
    body = json.loads(TrailEntry.objects.latest("number").body)
    assert (body["reviewers"], body["sheets"], body["settling"]) == (1, 0, 1)
    assert remind_reviewers(at=AT + timedelta(hours=1), **told) is None
    opened(cast, TaskFactory.create(position=cast.position, number=2))
    with override_settings(LANGUAGE_CODE="en"), django_capture_on_commit_callbacks(execute=True):
        remind_reviewers(at=AT + timedelta(days=1), **told)
    assert "waits for your answers" in mailoutbox[1].body
    assert "wait to be settled" in mailoutbox[1].body
    client.force_login(desk.officer)
    (group,) = client.get("/kota-contoh/pemetaan/?tampil=selesaikan").context["queue"].groups
    assert group.alike.reminded_at == AT + timedelta(days=1)


def test_reviewers_are_reminded_once_and_sheets_are_cancelled_with_a_reason(
    cast: Cast, mailoutbox: list[object], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    desk = opened(cast)
    desk.clerk.email = "clerk@contoh.go.id"
    desk.clerk.save(update_fields=["email"])
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_reviewers(actor=cast.hr_officer, agency=cast.agency, on=DAY, at=AT)
    assert len(mailoutbox) == 1
    assert remind_reviewers(actor=cast.hr_officer, agency=cast.agency, on=DAY, at=AT + timedelta(hours=1)) is None
    assert remind_reviewers(actor=cast.hr_officer, agency=cast.agency, on=DAY, at=AT + timedelta(days=1))
    told: dict[str, Any] = {"actor": cast.hr_officer, "agency": cast.agency, "sheets": [desk.sheet]}
    with pytest.raises(ActRefused) as bare:
        cancel_sheets(reason="", **told)
    assert bare.value.field == "reason"
    assert cancel_sheets(reason="Jabatan dihapus", **told)
    assert cancel_sheets(reason="Jabatan dihapus", **told) is None
    with pytest.raises(ActRefused, match="ditutup"):
        answer(Assessment.objects.get(sheet=desk.sheet, side="agency"))
