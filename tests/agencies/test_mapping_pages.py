"""The mapping as pages: what waits first, how far each agency is, alike sheets at once, settling, splitting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from agencies.actions.positions import close_position
from agencies.actions.sheets import cancel_sheets
from agencies.models import Answer, Assessment, FactRecord, Position, Role, Settlement, Sheet, Task, User
from oversight.models import TrailEntry
from tests.base import Cast, person
from tests.exported import from_csv
from tests.factories import AgencyFactory, PositionFactory, PostingFactory, PublicServiceFactory, TaskFactory
from tests.judged_city import JudgedCity
from tests.sheets import AT, HOME_WORK, Desk, answer, both_submitted, clerk_of, opened, submit

CITY = "/kota-contoh"
LIST = f"{CITY}/opd/Diskominfo/pemetaan/"


def job(
    cast: Cast, title: str = "Arsiparis", *, task: str = "Menata arsip", filled: int | None = 1, **more: Any
) -> Task:
    """A task of a position of the cast's agency."""
    position = PositionFactory.create(agency=cast.agency, title=title, filled=filled, **more)
    made: Task = TaskFactory.create(position=position, title=task)
    return made


def queue(client: Client, view: str = "") -> Any:
    return client.get(f"{CITY}/pemetaan/", {"tampil": view} if view else {}).context["queue"]


def test_the_group_that_decides_on_the_most_people_for_each_answer_stands_first(client: Client, cast: Cast) -> None:
    few = opened(cast, job(cast, "Analis", task="Menganalisis", filled=2))
    opened(cast, job(cast, "Arsiparis", filled=9))
    opened(cast, job(cast, "Arsiparis", filled=3))
    opened(cast, job(cast, "Auditor", task="Mengaudit", filled=None))
    client.force_login(few.clerk)
    found = queue(client)
    assert [(one.first.title, one.alike.sheets, one.alike.heads, one.left) for one in found.groups] == [
        ("Arsiparis", 2, 12, 15),
        ("Analis", 1, 2, 15),
        ("Auditor", 1, 0, 15),
    ]
    assert found.groups[2].alike.uncounted
    submit(answer(few.by_agency))
    assert [one.first.title for one in queue(client).groups] == ["Arsiparis", "Auditor"]


def test_recorded_holders_count_where_nobody_has_counted_who_holds_a_position(client: Client, cast: Cast) -> None:
    counted = opened(cast, job(cast, "Analis", task="Menganalisis", filled=2))
    held = job(cast, "Auditor", task="Mengaudit", filled=None)
    opened(cast, held)
    left = timezone.localdate() - timedelta(days=1)
    for ends in (None, None, None, left):
        PostingFactory.create(position=held.position, effective_until=ends)
    PostingFactory.create(position=held.position, capacity="plt")
    opened(cast, job(cast, "Arsiparis", filled=None))
    client.force_login(counted.clerk)
    groups = queue(client).groups
    assert [(one.first.title, one.alike.heads, bool(one.alike.uncounted)) for one in groups] == [
        ("Auditor", 3, True),
        ("Analis", 2, False),
        ("Arsiparis", 0, True),
    ]


def test_agencies_of_one_name_are_told_apart_in_the_queue(client: Client, cast: Cast) -> None:
    other = AgencyFactory.create(institution=cast.institution, name=cast.agency.name)
    one = opened(cast, job(cast))
    away = TaskFactory.create(position=PositionFactory.create(agency=other, title="Arsiparis"), title="Menata arsip")
    sheet = opened(cast, away).sheet
    Assessment.objects.filter(sheet=sheet, side="agency").update(reviewer=one.clerk)
    client.force_login(one.clerk)
    (group,) = queue(client).groups
    assert (group.alike.sheets, group.alike.agencies) == (2, 2)


def test_an_almost_answered_sheet_moves_up(client: Client, cast: Cast) -> None:
    big, small = opened(cast, job(cast, "Besar", task="Besar", filled=10)), opened(cast, job(cast, filled=2))
    client.force_login(big.clerk)
    assert queue(client).groups[0].first.sheet == big.sheet.pk
    answer(small.by_agency)
    Answer.objects.get(assessment=small.by_agency, fact="task.with_tik").delete()
    first = queue(client).groups[0]
    assert (first.first.sheet, first.left, first.alike.heads) == (small.sheet.pk, 1, 2)


def test_what_is_overdue_returned_and_to_settle_is_counted_where_it_belongs(client: Client, cast: Cast) -> None:
    today = timezone.localdate()
    late = opened(cast, job(cast, "A", task="A"), today - timedelta(days=1))
    opened(cast, job(cast, "B", task="B"), today)
    differing = opened(cast, job(cast, "C", task="C"))
    both_submitted(differing, with_tik="no")
    client.force_login(late.clerk)
    clerks = queue(client)
    assert {view.value: number for view, number in clerks.counts.items()} == {
        "isi": 2,
        "dikembalikan": 0,
        "terlambat": 1,
        "selesaikan": 0,
        "terlambat-selesaikan": 0,
    }
    assert [one.first.sheet for one in queue(client, "terlambat").groups] == [late.sheet.pk]
    client.force_login(late.officer)
    assert queue(client).counts["selesaikan"] == 1
    page = client.post(f"{CITY}/lembar/{differing.sheet.pk}/kembalikan/", {"side": "agency", "reason": "Lihat SOP"})
    assert page.status_code == 302
    assert queue(client).counts["selesaikan"] == 0
    client.force_login(late.clerk)
    assert [one.first.sheet for one in queue(client, "dikembalikan").groups] == [differing.sheet.pk]
    assert "Lihat SOP" in client.get(f"{CITY}/lembar/{differing.sheet.pk}/").content.decode()


def test_differences_that_are_not_settled_in_time_are_counted_and_listed_apart_from_late_answers(
    client: Client, cast: Cast
) -> None:
    today = timezone.localdate()
    late, on_time, undated = (
        both_submitted(opened(cast, job(cast, name, task=name), due_on), with_tik="no")
        for name, due_on in (("A", today - timedelta(days=1)), ("B", today), ("C", None))
    )
    answering = opened(cast, job(cast, "D", task="D"), today - timedelta(days=1))
    client.force_login(cast.hr_officer)
    shown = queue(client, "terlambat-selesaikan")
    assert (shown.counts["selesaikan"], shown.counts["terlambat-selesaikan"]) == (3, 1)
    assert [(one.first.sheet, one.alike.overdue) for one in shown.groups] == [(late.pk, 1)]
    everything = {one.first.sheet: one.alike.overdue for one in queue(client, "selesaikan").groups}
    assert everything == {late.pk: 1, on_time.pk: 0, undated.pk: 0}
    page = client.get(f"{CITY}/pemetaan/?tampil=terlambat-selesaikan").content.decode()
    assert f"/lembar/{late.pk}/selesaikan/" in page
    taken = from_csv(client.get(f"{CITY}/pemetaan/?tampil=terlambat-selesaikan&unduh=csv"))
    assert (taken.column("Uraian tugas"), taken.told["Yang ditampilkan"]) == (["A"], "lewat tenggat untuk diselesaikan")
    (line,) = [one for one in client.get(f"{CITY}/pemetaan/kemajuan/").context["lines"] if one.agency == cast.agency]
    assert (line.answering, line.settling, line.overdue, line.unsettled) == (1, 3, 1, 1)
    progress = from_csv(client.get(f"{CITY}/pemetaan/kemajuan/?unduh=csv"))
    own = next(row for row in progress.rows if row[0] == cast.agency.name)
    assert own[progress.heads.index("Lewat tenggat untuk diselesaikan")] == "1"
    for state, sheet in (("terlambat", answering.sheet), ("terlambat-selesaikan", late)):
        found = client.get(LIST, {"keadaan": state}).context["found"]
        assert [one.sheet for one in found.lines] == [sheet]
        assert len(from_csv(client.get(f"{LIST}?unduh=csv&keadaan={state}")).rows) == 1
    client.force_login(answering.clerk)
    hers = queue(client, "terlambat-selesaikan")
    assert (hers.counts["terlambat-selesaikan"], list(hers.groups)) == (0, []), "she settles nothing"


def test_the_queue_is_taken_away_whole_as_it_is_looked_at(client: Client, cast: Cast) -> None:
    for number in range(52):
        due_on = timezone.localdate() - timedelta(days=1) if number < 2 else None
        opened(cast, job(cast, f"Jabatan {number:02}", task=f"Tugas {number:02}", filled=None if number else 3), due_on)
    both_submitted(opened(cast, job(cast)), with_tik="no")
    client.force_login(clerk_of(cast))
    assert len(queue(client).groups) == 50
    read = from_csv(client.get(f"{CITY}/pemetaan/?halaman=2&unduh=csv"))
    assert read.column("Uraian tugas") == [f"Tugas {number:02}" for number in range(52)]
    assert read.column("Pegawai")[:2] == ["3", ""], "what nobody counted is not zero"
    late = from_csv(client.get(f"{CITY}/pemetaan/?tampil=terlambat&unduh=csv"))
    assert late.column("Uraian tugas") == ["Tugas 00", "Tugas 01"]
    assert late.told["Yang ditampilkan"] == "lewat tenggat untuk diisi"
    client.force_login(cast.hr_officer)
    settled = from_csv(client.get(f"{CITY}/pemetaan/?tampil=selesaikan&unduh=csv"))
    assert [row[-2] for row in settled.rows] == [""], "its questions are answered"
    client.force_login(cast.inspector)
    assert client.get(f"{CITY}/pemetaan/?unduh=csv").status_code == 404


def test_nobody_sees_in_her_queue_what_waits_for_others(client: Client, cast: Cast) -> None:
    opened(cast)
    for reader in (cast.agency_head, person("colleague", Role.HR_OFFICER, cast.institution)):
        client.force_login(reader)
        assert not queue(client).groups
    for typed in ("0", "-1", "x", "9" * 400, "²", "99"):
        assert client.get(f"{CITY}/pemetaan/", {"halaman": typed, "tampil": typed}).status_code == 200


def test_nobody_is_asked_about_closed_tasks_until_they_are_opened_again(
    client: Client, city: JudgedCity, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Any
) -> None:
    cast, today = city.cast, timezone.localdate()
    asked, alike = opened(cast, job(cast), today - timedelta(days=1)), opened(cast, job(cast))
    differing, kept = opened(cast, job(cast)), opened(cast, job(cast))
    for desk in (differing, kept):
        both_submitted(desk, with_tik="no")
    User.objects.filter(pk=asked.clerk.pk).update(email="clerk@contoh.go.id")

    def waiting() -> dict[str, Any]:
        client.force_login(asked.clerk)
        hers, home = queue(client).counts, client.get("/?instansi=kota-contoh").context["mapping"]
        offered = client.get(f"{CITY}/lembar/{alike.sheet.pk}/kirim/").context["alike"]
        client.force_login(cast.hr_officer)
        settled = client.get(f"{CITY}/lembar/{kept.sheet.pk}/selesaikan/").context["form"].fields
        (line,) = [
            one for one in client.get(f"{CITY}/pemetaan/kemajuan/").context["lines"] if one.agency == cast.agency
        ]
        return {
            "home": (home, client.get("/?instansi=kota-contoh").context["mapping"]),
            "queue": (hers["isi"], hers["terlambat"], queue(client).counts["selesaikan"]),
            "alike": (offered, "also" in settled),
            "progress": (line.answering, line.settling, line.overdue),
        }

    before = waiting()
    assert before == {"home": (2, 4), "queue": (2, 1, 2), "alike": (1, True), "progress": (2, 2, 1)}
    acts: dict[str, Any] = {"actor": cast.hr_officer, "source": "SOTK 2025"}
    position, task = asked.sheet.task.position, differing.sheet.task
    close_position(position=position, closed_on=today + timedelta(days=1), **acts)
    assert waiting() == before, "a day of closing that has not come closes nothing"
    close_position(position=position, closed_on=today, **acts)
    Task.objects.filter(pk=task.pk).update(closed_on=today)
    assert waiting() == {"home": (1, 2), "queue": (1, 0, 1), "alike": (0, False), "progress": (1, 1, 0)}
    cancel_sheets(actor=cast.hr_officer, agency=cast.agency, sheets=[alike.sheet], reason="Dobel", at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{LIST}ingatkan/").status_code == 302
    assert not mailoutbox
    close_position(position=position, closed_on=None, **acts)
    Task.objects.filter(pk=task.pk).update(closed_on=None)
    client.force_login(asked.clerk)
    assert [one.first.sheet for one in queue(client, "terlambat").groups] == [asked.sheet.pk]
    client.force_login(cast.hr_officer)
    assert queue(client).counts["selesaikan"] == 2
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{LIST}ingatkan/")
    assert len(mailoutbox) == 1


def test_progress_adds_up_to_the_tasks_whatever_became_of_them(client: Client, cast: Cast) -> None:
    both_submitted(opened(cast, job(cast)))
    both_submitted(opened(cast, job(cast)), with_tik="no")
    again = both_submitted(opened(cast, job(cast))).task
    opened(cast, again, timezone.localdate() - timedelta(days=3))
    cancelled = opened(cast, job(cast))
    cancel_sheets(actor=cast.hr_officer, agency=cast.agency, sheets=[cancelled.sheet], reason="Salah", at=AT)
    closed = opened(cast, job(cast)).sheet.task
    Task.objects.filter(pk=closed.pk).update(closed_on=date(2025, 7, 1))
    gone = opened(cast, job(cast)).sheet.task.position
    Position.objects.filter(pk=gone.pk).update(closed_on=date(2025, 7, 1))
    opened(cast)
    client.force_login(cast.agency_head)
    (line,) = [one for one in client.get(f"{CITY}/pemetaan/kemajuan/").context["lines"] if one.agency == cast.agency]
    assert (line.tasks, line.agreed, line.settling, line.answering, line.not_begun, line.overdue) == (5, 1, 1, 2, 1, 1)
    assert line.agreed + line.settling + line.answering + line.not_begun == line.tasks
    for state, number in (("agreed", 1), ("settling", 1), ("open", 2), ("none", 1), ("cancelled", 1), ("", 5)):
        found = client.get(LIST, {"keadaan": state}).context["found"]
        assert len(found.lines) == number, state
    assert len(client.get(LIST, {"keadaan": "tiada"}).context["found"].lines) == 5


def rows(content: bytes) -> int:
    """How many tasks of a file stand below its heads."""
    return content.decode().count("Menata arsip")


def test_the_list_of_an_agency_goes_on_page_by_page_and_its_file_holds_all_it_was_narrowed_to(
    client: Client, cast: Cast
) -> None:
    tasks = [job(cast, f"Arsiparis {number:02}") for number in range(53)]
    for task in tasks[:2]:
        opened(cast, task)
    client.force_login(cast.agency_head)
    first = client.get(LIST).context["found"]
    assert len(first.lines) == 50
    second = client.get(LIST, {"sesudah": first.page.next}).context["found"]
    assert {line.task.pk for line in (*first.lines, *second.lines)} >= {task.pk for task in tasks}
    assert rows(client.get(f"{LIST}?unduh=csv").getvalue()) == 53
    assert rows(client.get(f"{LIST}?unduh=csv&keadaan=open").getvalue()) == 2
    assert client.get(f"{LIST}?unduh=xlsx&keadaan=open").status_code == 200
    open_ones = client.get(LIST, {"keadaan": "open"}).context["found"]
    assert [line.reviewer("agency") for line in open_ones.lines] == [clerk_of(cast).username] * 2


def alike(cast: Cast, number: int) -> list[Desk]:
    return [opened(cast, job(cast)) for _n in range(number)]


def test_alike_sheets_are_submitted_at_once_but_for_those_taken_out(client: Client, cast: Cast) -> None:
    first, second, third = alike(cast, 3)
    other = opened(cast, job(cast, "Arsiparis", task="Menerima tamu"))
    answer(first.by_agency)
    Answer.objects.create(assessment=second.by_agency, fact="task.with_tik", value="no", saved_at=AT)
    client.force_login(first.clerk)
    page = client.get(f"{CITY}/lembar/{first.sheet.pk}/kirim/")
    offered = set(page.context["form"].fields["sheets"].queryset)
    assert offered == {second.sheet, third.sheet}
    assert second.sheet.task.position.code in page.content.decode()
    before = TrailEntry.objects.count()
    sent = {"sheets": [str(second.sheet.pk)], "send": "on"}
    text = client.post(f"{CITY}/lembar/{first.sheet.pk}/kirim/", sent, follow=True).content.decode()
    assert "tetap" in text, "told which answer of hers was left as it was"
    assert TrailEntry.objects.count() == before + 1
    assert [desk.by_agency.state for desk in (first, second, third, other)] == [
        "submitted",
        "submitted",
        "draft",
        "draft",
    ]
    assert second.by_agency.answers.get(fact="task.with_tik").value == "no"
    foreign = client.post(f"{CITY}/lembar/{third.sheet.pk}/kirim/", {"sheets": [str(other.sheet.pk)], "send": "on"})
    assert foreign.context["form"].errors


def test_answers_can_be_copied_without_submitting(client: Client, cast: Cast) -> None:
    first, second = alike(cast, 2)
    answer(first.by_agency)
    client.force_login(first.clerk)
    client.post(f"{CITY}/lembar/{first.sheet.pk}/kirim/", {"sheets": [str(second.sheet.pk)]})
    assert (first.by_agency.state, second.by_agency.state) == ("draft", "draft")
    assert second.by_agency.answers.count() == len(HOME_WORK)


def test_a_refused_submission_copies_nothing(client: Client, cast: Cast) -> None:
    first, second = alike(cast, 2)
    answer(first.by_agency)
    Answer.objects.filter(assessment=first.by_agency, fact="task.with_tik").delete()
    client.force_login(first.clerk)
    page = client.post(f"{CITY}/lembar/{first.sheet.pk}/kirim/", {"sheets": [str(second.sheet.pk)], "send": "on"})
    assert "1 pertanyaan belum dijawab" in page.content.decode()
    assert second.by_agency.answers.count() == 0


def test_differences_of_alike_sheets_are_settled_at_once_with_exceptions(client: Client, cast: Cast) -> None:
    desks = alike(cast, 3)
    for desk in desks:
        both_submitted(desk, with_tik="no")
    other_way = opened(cast, job(cast))
    both_submitted(other_way, face_to_face="often")
    client.force_login(cast.hr_officer)
    url = f"{CITY}/lembar/{desks[0].sheet.pk}/selesaikan/"
    form = client.get(url).context["form"]
    assert set(form.fields["also"].queryset) == {desks[1].sheet, desks[2].sheet}
    assert desks[1].sheet.task.position.code in client.get(url).content.decode()
    bare = client.post(url, {"task.with_tik": "yes", "also": [str(desks[1].sheet.pk)]})
    assert bare.context["form"].errors.keys() == {"task.with_tik:reason"}
    sent = {"task.with_tik": "yes", "task.with_tik:reason": "Aplikasi ada", "also": [str(desks[1].sheet.pk)]}
    assert client.post(url, sent).status_code == 302
    states = [Sheet.objects.get(pk=desk.sheet.pk).state for desk in (*desks, other_way)]
    assert states == ["agreed", "agreed", "settling", "settling"]
    reasons = FactRecord.objects.filter(fact="task.with_tik", basis="agreed").values_list("reason", flat=True)
    assert list(reasons) == ["Aplikasi ada"] * 2
    assert client.get(url).status_code == 302, "what is agreed is no longer settled"


def test_a_settled_number_is_kept_as_every_number(client: Client, cast: Cast) -> None:
    desk = opened(cast)
    both_submitted(desk, hours_per_day="6")
    client.force_login(cast.hr_officer)
    url = f"{CITY}/lembar/{desk.sheet.pk}/selesaikan/"
    wrong = client.post(url, {"task.hours_per_day": "tujuh", "task.hours_per_day:reason": "Rata-rata"})
    assert wrong.context["form"].errors.keys() == {"task.hours_per_day"}
    assert 'value="tujuh"' in wrong.content.decode()
    client.post(url, {"task.hours_per_day": "6,50", "task.hours_per_day:reason": "Rata-rata"})
    assert FactRecord.objects.get(task=cast.task, fact="task.hours_per_day", basis="agreed").value == "6.5"
    assert Settlement.objects.get(sheet=desk.sheet).value == "6.5"


def test_an_exposure_is_proposed_by_the_services_that_a_task_serves(client: Client, cast: Cast) -> None:
    desk = opened(cast)
    cast.task.services.add(PublicServiceFactory.create(agency=cast.agency, kind="counter"))
    answer(desk.by_agency, exposure="none")
    Answer.objects.filter(assessment=desk.by_agency, fact="task.exposure").update(note="")
    client.force_login(desk.clerk)
    url = f"{CITY}/lembar/{desk.sheet.pk}/kirim/"
    assert "tingkat keterlibatan lain" in client.post(url, {"send": "on"}).content.decode()
    answer(desk.by_agency, exposure="direct")
    assert client.post(url, {"send": "on"}).status_code == 302


def test_sheets_are_opened_assigned_reminded_of_and_cancelled_for_an_agency(
    client: Client, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    job(cast)
    clerk = clerk_of(cast)
    client.force_login(cast.hr_officer)
    sent = {"scope": "never", "agency": str(clerk.pk), "bkpsdm": str(cast.hr_officer.pk), "due_on": "2099-01-31"}
    assert client.post(f"{LIST}buka/", sent).status_code == 302
    assert Sheet.objects.live().count() == Task.objects.filter(position__agency=cast.agency).count() == 2
    assert client.post(f"{LIST}buka/", sent).context["form"].errors.keys() == {"scope"}, "none is without a sheet"
    next_clerk = person("next_clerk", Role.HR_OFFICER, cast.institution, cast.agency)
    assert client.post(f"{LIST}penilai/", {"agency": str(next_clerk.pk)}).status_code == 302
    assert set(Assessment.objects.current().filter(side="agency").values_list("reviewer", flat=True)) == {next_clerk.pk}
    assert client.post(f"{LIST}ingatkan/").status_code == 302
    one = Sheet.objects.live().order_by("pk")[0]
    assert client.post(f"{LIST}batalkan/?lembar={one.pk}", {"reason": "Dobel"}).status_code == 302
    assert Sheet.objects.live().count() == 1
    assert "Dobel" in client.get(f"{CITY}/lembar/{one.pk}/").content.decode()


def test_a_position_is_split_as_alike_ones_are_and_its_shares_add_up(client: Client, cast: Cast) -> None:
    done = PositionFactory.create(agency=cast.other_agency, title="Auditor", code="AUD-1")
    TaskFactory.create(position=done, number=1, title="Menulis laporan", share=60)
    TaskFactory.create(position=done, number=2, title="Audit lapangan", share=40)
    task, twin = job(cast, "Auditor", task="Auditor"), job(cast, "Auditor", task="Auditor")
    client.force_login(cast.hr_officer)
    url = f"{CITY}/jabatan/{task.position_id}/urai/"
    page = client.get(url)
    (proposal,) = page.context["proposals"]
    assert (proposal.parts, proposal.positions) == ((("Menulis laporan", 60), ("Audit lapangan", 40)), 1)
    taken = client.get(f"{url}?usul=0").context["form"]
    assert taken["parts"].value() == "Menulis laporan; 60\nAudit lapangan; 40"
    assert client.get(f"{url}?usul=9").status_code == client.get(f"{url}?usul=²").status_code == 200
    given = {"source": "Anjab 2025", "valid_from": "2025-07-01", "also": [str(twin.position_id)]}
    for parts in (
        "Menulis laporan; 60\nAudit; 30",
        "Menulis; 100",
        "Menulis; 50\nmenulis; 50",
        "A; 101\nB; 2",
        "A; 0\nB",
    ):
        wrong = client.post(url, given | {"parts": parts})
        assert wrong.context["form"].errors.keys() == {"parts"}, parts
        assert parts.splitlines()[0] in wrong.content.decode()
    shown = client.post(url, given | {"parts": "Menulis laporan: 60 %\nAudit lapangan"})
    assert shown.context["consequences"] is not None
    confirmed = {"parts": "Menulis laporan: 60 %\nAudit lapangan", "confirm": "1"}
    confirmed["previewed"] = shown.context["form"]["previewed"].value()
    assert client.post(url, given | confirmed).status_code == 302
    for position in (task.position_id, twin.position_id):
        tasks = Task.objects.filter(position=position).order_by("number").values_list("title", "share")
        assert list(tasks) == [("Menulis laporan", 60), ("Audit lapangan", None)]


def test_progress_of_many_agencies_goes_on_over_pages_and_whole_into_files(client: Client, cast: Cast) -> None:
    for number in range(55):
        AgencyFactory.create(institution=cast.institution, code=f"uptd-{number}", name=f"UPTD {number:02}")
    client.force_login(cast.hr_officer)
    first = client.get(f"{CITY}/pemetaan/kemajuan/").context
    second = client.get(f"{CITY}/pemetaan/kemajuan/", {"sesudah": first["page"].next}).context
    names = [line.agency.name for line in (*first["lines"], *second["lines"])]
    assert (len(first["lines"]), len(names), second["page"].next) == (50, 57, None)
    assert names == sorted(names)
    file = client.get(f"{CITY}/pemetaan/kemajuan/", {"unduh": "csv", "sesudah": first["page"].next})
    told = file.getvalue().decode()
    assert all(name in told for name in names)
