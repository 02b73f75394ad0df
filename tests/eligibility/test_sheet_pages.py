"""A sheet while it is answered: one answer at a time or all at once, and what the answers would mean, live."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.actions.assessments import Settled, settle_sheets, submit_assessments
from agencies.actions.splitting import split_positions
from agencies.mapping.questions import questions_of
from agencies.models import Answer, FactRecord, TaskProfile
from eligibility.models import Reexamination
from oversight.models import TrailEntry
from tests.arranged_city import AT, TODAY, ArrangedCity
from tests.bad_input.sending import quoted
from tests.eligibility.approving import approved
from tests.judged_city import DAY as JUDGED
from tests.judged_city import JudgedCity
from tests.sheets import HOME_WORK, Desk, answer, both_submitted, opened


def desk_of(city: JudgedCity, client: Client) -> tuple[Desk, str]:
    """A sheet nobody has answered, with the agency's reviewer signed in, and where it is."""
    desk = opened(city.cast, city.asked.tasks.get())
    client.force_login(desk.clerk)
    return desk, f"/kota-contoh/lembar/{desk.sheet.pk}/"


def day(url: str) -> str:
    return f"{url}?per={JUDGED}"


def one(client: Client, url: str, column: str, value: str, *, seen: int = 0, note: str = "") -> Any:
    """Save one answer as the page does while it stays open."""
    sent = {f"{column}-value": value, f"{column}-seen": str(seen), f"{column}-note": note}
    return client.post(day(f"{url}jawaban/{column}/"), sent, headers={"HX-Request": "true"})


def whole(**answers: str) -> dict[str, str]:
    """Every question of the page as a form sends it: as answered for work at home, with these in their place."""
    given = {fact.partition(".")[2]: value or "unknown" for fact, value in HOME_WORK.items()} | answers
    sent = {f"{column}-value": value for column, value in given.items()}
    return sent | {f"{column}-{part}": text for column in given for part, text in (("seen", "0"), ("note", ""))}


def test_one_answer_is_saved_while_the_page_stays_open_and_the_rest_of_it_follows(
    client: Client, city: JudgedCity
) -> None:
    desk, url = desk_of(city, client)
    page = one(client, url, "with_tik", "yes", note="Lewat aplikasi")
    text = page.content.decode()
    assert page.templates[0].name == "eligibility/_sheet_saved.html"
    assert 'id="status-with_tik"' in text
    assert 'name="with_tik-seen" value="1"' in text
    assert text.count('hx-swap-oob="true"') == 2
    assert "1 dari 15 terjawab" in text
    assert 'id="akibat"' in text
    row = desk.by_agency.answers.get()
    assert (row.fact, row.value, row.note, row.version) == ("task.with_tik", "yes", "Lewat aplikasi", 1)
    refused = one(client, url, "hours_per_day", "tujuh").content.decode()
    assert "field-fault" in refused
    assert "1 dari 15 terjawab" in refused
    assert client.post(day(f"{url}jawaban/tiada/"), {}).status_code == 404


def test_all_answers_are_saved_by_one_button_without_script_and_lead_on_to_submitting(
    client: Client, city: JudgedCity
) -> None:
    desk, url = desk_of(city, client)
    sent = whole(face_to_face="unknown", hours_per_day="7,5") | {"exposure-note": "Tidak melayani"}
    found = client.post(f"{url}jawaban/", sent | {"do": "send"}, follow=True)
    assert found.redirect_chain == [(f"{url}kirim/", 302)]
    assert "15 jawaban tersimpan" in found.content.decode()
    saved = dict(desk.by_agency.answers.values_list("fact", "value"))
    assert saved == HOME_WORK | {"task.face_to_face": None}
    assert client.post(f"{url}kirim/", {"send": "on"}).status_code == 302
    assert desk.by_agency.state == "submitted"


def test_a_number_is_written_with_a_comma_and_comes_back_with_one(client: Client, city: JudgedCity) -> None:
    desk, url = desk_of(city, client)
    one(client, url, "hours_per_day", " 7,50 ")
    assert desk.by_agency.answers.get().value == "7.5"
    assert 'name="hours_per_day-value" value="7,5"' in client.get(day(url)).content.decode()
    for wrong in ("7,555", "25", "-1", "7.5.5", "NaN", "1e9"):
        page = one(client, url, "hours_per_day", wrong, seen=1).content.decode()
        assert "field-fault" in page, wrong
    assert desk.by_agency.answers.get().value == "7.5"


def test_a_number_beside_not_known_is_told_at_its_row_and_either_alone_is_saved(
    client: Client, city: JudgedCity
) -> None:
    desk, url = desk_of(city, client)
    one(client, url, "hours_per_day", "unknown")
    both = whole(hours_per_day="7,5") | {"hours_per_day-seen": "1", "hours_per_day-note": "Kira-kira"}
    answered = {**both, "hours_per_day-value": ["7,5", "unknown"]}
    page = client.post(f"{url}jawaban/", answered)
    (row,) = re.findall(r'<fieldset id="soal-hours_per_day".*?</fieldset>', page.content.decode(), re.S)
    assert "Anda menulis “7,5” dan mencentang “Belum tahu”" in row
    assert 'value="7,5"' in row
    assert 'value="unknown" checked' in row
    assert 'value="Kira-kira"' in row
    assert desk.by_agency.answers.get(fact="task.hours_per_day").value is None
    assert desk.by_agency.answers.count() == len(HOME_WORK), "what nobody contests is saved"
    at_once = client.post(day(f"{url}jawaban/hours_per_day/"), answered, headers={"HX-Request": "true"})
    assert "mencentang “Belum tahu”" in at_once.content.decode()
    again = whole() | {f"{fact.partition('.')[2]}-seen": "1" for fact in HOME_WORK}
    assert client.post(f"{url}jawaban/", again | {"hours_per_day-value": "7,5"}).status_code == 302
    assert desk.by_agency.answers.get(fact="task.hours_per_day").value == "7.5"


def test_not_known_is_an_answer_and_nothing_is_none(client: Client, city: JudgedCity) -> None:
    desk, url = desk_of(city, client)
    assert "1 dari 15 terjawab" in one(client, url, "with_tik", "unknown").content.decode()
    assert desk.by_agency.answers.get().value is None
    client.post(f"{url}jawaban/", {"face_to_face-value": "", "face_to_face-seen": "0"})
    assert desk.by_agency.answers.count() == 1
    page = client.post(f"{url}kirim/", {"send": "on"})
    assert "14 pertanyaan belum dijawab" in page.content.decode()


def test_a_note_without_an_answer_and_an_emptied_answer_are_told_and_not_dropped(
    client: Client, city: JudgedCity
) -> None:
    desk, url = desk_of(city, client)
    page = client.post(f"{url}jawaban/", {"with_tik-note": "Bergantung jaringan", "with_tik-seen": "0"})
    assert page.status_code == 200
    assert 'value="Bergantung jaringan"' in page.content.decode()
    assert not desk.by_agency.answers.exists()
    one(client, url, "hours_per_day", "7,5")
    page = one(client, url, "hours_per_day", "", seen=1)
    assert re.search("“7,5 [a-z ]*” tersimpan di sini", page.content.decode())
    assert 'name="hours_per_day-seen" value="1"' in page.content.decode()
    assert desk.by_agency.answers.get().value == "7.5"


def test_two_windows_keep_both_answers_until_one_is_chosen(client: Client, city: JudgedCity) -> None:
    desk, url = desk_of(city, client)
    one(client, url, "with_tik", "yes", note="Jendela pertama")
    page = one(client, url, "with_tik", "no", note="Jendela kedua").content.decode()
    assert "Tersimpan dari jendela lain: Ya (Jendela pertama)" in page
    assert desk.by_agency.answers.get().value == "yes"
    whole_page = client.post(f"{url}jawaban/", whole(with_tik="no") | {"with_tik-note": "Jendela kedua"})
    text = whole_page.content.decode()
    assert re.search(r'name="with_tik-value" value="no" checked', text)
    assert 'value="Jendela kedua"' in text
    assert "Jendela pertama" in text
    assert desk.by_agency.answers.count() == len(HOME_WORK), "what nobody contests is saved"
    seen = re.search(r'name="with_tik-seen" value="(\d+)"', text)
    assert seen is not None
    one(client, url, "with_tik", "no", seen=int(seen[1]), note="Jendela kedua")
    row = desk.by_agency.answers.get(fact="task.with_tik")
    assert (row.value, row.note) == ("no", "Jendela kedua")


def test_a_note_alone_is_not_written_over_from_another_window(client: Client, city: JudgedCity) -> None:
    desk, url = desk_of(city, client)
    one(client, url, "with_tik", "yes")
    one(client, url, "with_tik", "yes", seen=1, note="Jendela pertama")
    assert "Jendela pertama" in one(client, url, "with_tik", "yes", seen=1, note="Jendela kedua").content.decode()
    assert desk.by_agency.answers.get().note == "Jendela pertama"


def outcomes(text: str) -> list[str]:
    """What the answers would mean, mode by mode."""
    return [re.sub(r"<[^>]*>|\s+", " ", one).strip() for one in re.findall(r"<summary>(.*?)</summary>", text, re.S)]


def test_what_answers_mean_moves_with_them_and_nothing_of_it_is_stored(client: Client, city: JudgedCity) -> None:
    desk, url = desk_of(city, client)
    profile = TaskProfile.objects.filter(task=desk.sheet.task).values().get()
    stored = (TrailEntry.objects.count(), FactRecord.objects.count())
    text = client.get(day(url)).content.decode()
    before = outcomes(text)
    assert "Jawaban ini dapat mengubah hasil" in text
    answer(desk.by_agency)
    eligible = outcomes(client.get(day(url)).content.decode())
    refused = outcomes(one(client, url, "face_to_face", "constant", seen=1).content.decode())
    assert len({tuple(before), tuple(eligible), tuple(refused)}) == 3
    assert (TrailEntry.objects.count(), FactRecord.objects.count()) == stored
    assert TaskProfile.objects.filter(task=desk.sheet.task).values().get() == profile


def test_on_a_day_without_law_it_is_answered_all_the_same(client: Client, city: JudgedCity) -> None:
    desk, url = desk_of(city, client)
    text = client.get(f"{url}?per=1999-01-01").content.decode()
    assert "belum ada aturan yang diketahui" in text
    sent = {"with_tik-value": "yes", "with_tik-seen": "0"}
    assert client.post(f"{url}jawaban/with_tik/?per=1999-01-01", sent).status_code == 200
    assert desk.by_agency.answers.get().value == "yes"
    both_submitted(desk, with_tik="no")
    assert client.get(f"{url}?per=1999-01-01").status_code == 200


def test_a_compared_sheet_shows_both_answers_and_what_either_would_mean(client: Client, city: JudgedCity) -> None:
    desk, url = desk_of(city, client)
    both_submitted(desk, face_to_face="constant")
    page = client.get(day(url))
    assert [line.question.column for line in page.context["compared"].differing] == ["face_to_face"]
    assert len(page.context["compared"].equal) == len(HOME_WORK) - 1
    assert any(one.outcome != other.outcome for one, other in page.context["effects"])


SIGNS = st.text(st.characters(codec="utf-8"), max_size=320)
ODD = st.sampled_from(
    ["\x00", "\ud83d", "9" * 400, "-1", "1e9", "٣", "½", "yes\x00", "ya", "TRUE", "no", "'; DROP TABLE x; --", "<b>"]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_sent_for_a_question_is_saved_or_told_and_never_lost(
    client: Client, city: JudgedCity, data: st.DataObject
) -> None:
    desk, url = desk_of(city, client) if not Answer.objects.exists() else (None, "")
    if desk is None:
        row = Answer.objects.select_related("assessment__sheet").first()
        assert row is not None
        desk = Desk(row.assessment.sheet, city.cast.hr_officer, city.cast.hr_officer)
        url = f"/kota-contoh/lembar/{desk.sheet.pk}/"
    question = data.draw(st.sampled_from(questions_of(city.cast.institution)))
    value, note = data.draw(SIGNS | ODD), data.draw(SIGNS | st.just(""))
    before = {row.fact: (row.value, row.note) for row in desk.by_agency.answers.all()}
    seen = desk.by_agency.answers.filter(fact=question.fact.name).values_list("version", flat=True).first() or 0
    sent = {"value": value, "note": note, "seen": str(seen)}
    body = "&".join(f"{question.column}-{name}={quoted(text)}" for name, text in sent.items())
    page: Any = client.post(f"{url}jawaban/", body, content_type="application/x-www-form-urlencoded")
    after = {row.fact: (row.value, row.note) for row in desk.by_agency.answers.all()}
    others = {fact: kept for fact, kept in after.items() if fact != question.fact.name}
    assert others == {fact: kept for fact, kept in before.items() if fact != question.fact.name}
    assert page.status_code in {200, 302}
    if page.status_code == 200:
        line = next(line for line in page.context["page"].lines if line.question.column == question.column)
        assert line.faults
        assert after == before
        assert line.note == note.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    elif value.strip():
        assert question.fact.name in after


@pytest.mark.parametrize("column", ["with_tik", "face_to_face", "hours_per_day"])
def test_broken_versions_and_missing_parts_are_answered(client: Client, city: JudgedCity, column: str) -> None:
    desk, url = desk_of(city, client)
    for seen in ("-1", "x", "9" * 400, "\x00", "1.5", str(2**63)):
        page = client.post(day(f"{url}jawaban/{column}/"), {f"{column}-value": "1", f"{column}-seen": seen})
        assert page.status_code == 200
    for body in (b"", b"x" * 1000, b"%ff=%fe", b"&".join(b"f%d=1" % n for n in range(900))):
        found: Any = client.post(f"{url}jawaban/", body, content_type="application/x-www-form-urlencoded")
        assert found.status_code in {200, 302, 400}
    assert desk.by_agency.answers.count() <= 1


def _agree(arranged: ArrangedCity, desks: list[Desk]) -> None:
    """Both reviewers say in one go that the work is face to face, each in all of these sheets."""
    for side in ("by_agency", "by_bkpsdm"):
        parts = [answer(getattr(desk, side), face_to_face="constant") for desk in desks]
        reviewer = parts[0].reviewer
        assert reviewer is not None
        submit_assessments(actor=reviewer, assessments=parts, on=TODAY, at=AT)


def _waiting() -> int:
    return Reexamination.objects.filter(done_at__isnull=True).count()


def test_facts_agreed_for_one_position_are_looked_at_at_once(arranged: ArrangedCity) -> None:
    row = approved(arranged, arranged.asker, "monday")
    task = row.position.tasks.get()
    before = _waiting()
    _agree(arranged, [opened(arranged.city.cast, task)])
    assert TaskProfile.objects.get(task=task).face_to_face == "constant"
    row.refresh_from_db()
    assert row.state == "suspended"
    assert _waiting() == before


def test_facts_agreed_for_many_and_positions_split_together_wait_for_the_watcher(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    row = approved(arranged, arranged.asker, "monday")
    tasks = [row.position.tasks.get(), arranged.city.asked.tasks.get()]
    before = _waiting()
    desks = [opened(cast, task) for task in tasks]
    parts = [answer(desk.by_agency) for desk in desks]
    submit_assessments(actor=desks[0].clerk, assessments=parts, on=TODAY, at=AT)
    assert _waiting() == before, "as long as nothing is agreed, nothing has changed"
    mine = [answer(desk.by_bkpsdm, face_to_face="constant") for desk in desks]
    submit_assessments(actor=cast.hr_officer, assessments=mine, on=TODAY, at=AT)
    assert _waiting() == before
    settled = {"task.face_to_face": Settled("constant", "Melayani tamu")}
    settle_sheets(actor=cast.hr_officer, sheets=[desk.sheet for desk in desks], settled=settled, on=TODAY, at=AT)
    assert _waiting() == before + 1
    row.refresh_from_db()
    assert row.state == "approved"
    call_command("watch", "kota-contoh", "--on", TODAY.isoformat(), stdout=StringIO())
    row.refresh_from_db()
    assert row.state == "suspended"
    split_positions(
        actor=cast.hr_officer,
        positions=[row.position, arranged.city.asked],
        parts=[("Menyusun laporan", 60), ("Menerima tamu", 40)],
        source="Anjab",
        valid_from=TODAY,
        at=AT,
    )
    assert _waiting() == 1
