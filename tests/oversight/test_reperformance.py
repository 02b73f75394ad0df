"""Deciding again agrees with what was honestly decided, names what was tampered with, and accuses nobody too late."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from agencies import triggers
from agencies.models import DisciplineGate
from eligibility.models import (
    Approval,
    ApprovalSpan,
    Arrangement,
    DeterminedGround,
    DeterminedPosition,
    DeterminedTask,
    RuleVersion,
    StoredRulebook,
    Verification,
)
from eligibility.rulebook import FORMATS, Rulebook
from eligibility.stored_rulebooks import store_rulebook
from oversight import background
from oversight.actions.reperformances import reperform
from oversight.forms.findings import LONGEST
from oversight.models import Difference, Finding, Reperformance, TrailEntry
from oversight.reperformance.knowledge import knowing_alike, moments
from oversight.reperformance.words import Reader, sentences
from oversight.work import REPERFORMING, Telling, broken_off, work_of
from tests.arranged_city import AT, ArrangedCity, arranged_city
from tests.base import assemble_cast
from tests.eligibility.lettered import approved, approved_for
from tests.factories import DisciplineGateFactory
from tests.judged_city import judged_city

LIST = "/kota-contoh/pengawasan/uji-ulang/"


def run(city: ArrangedCity, since: date | None = None) -> list[Difference]:
    cast = city.city.cast
    return list(reperform(actor=cast.inspector, institution=cast.institution, since=since).run.differences.all())


def words(difference: Difference, *, whole: bool = True) -> str:
    return " ".join(sentences(difference, Reader(whole)))


def gate(case: Arrangement, recorded: timedelta) -> None:
    """A discipline gate that runs over the whole plan, recorded so long after the approval."""
    moment = case.approvals.get().at + recorded
    DisciplineGateFactory.create(
        employee=case.employee, starts_on=date(2025, 9, 1), ends_on=date(2025, 12, 31), recorded_at=moment
    )


def test_what_was_honestly_decided_comes_out_the_same(arranged: ArrangedCity) -> None:
    approved(arranged)
    approved_for(arranged, arranged.colleagues[0])
    assert run(arranged) == []
    newest = Reperformance.objects.get()
    assert (newest.determinations, newest.approvals, newest.later) == (1, 2, 0)
    assert newest.positions == arranged.determination.verification.positions > 0
    entry = TrailEntry.objects.filter(action="reperformed").get()
    assert json.loads(entry.body)["approvals"] == 2
    assert run(arranged, since=date(2025, 10, 2)) == []
    assert Reperformance.objects.first().approvals == 0, "all were given before that day"  # type: ignore[union-attr]


def test_a_rulebook_stored_with_the_keys_of_its_rows_is_the_law_that_the_rows_still_give(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored_first(rulebook: Rulebook, at: datetime) -> StoredRulebook:
        return store_rulebook(replace(rulebook, format=FORMATS[0]), at)

    monkeypatch.setattr("eligibility.arrangements.approving.store_rulebook", stored_first)
    case = approved(arranged)
    spans = ApprovalSpan.objects.filter(approval__arrangement=case)
    assert set(spans.values_list("rulebook__format", flat=True)) == {FORMATS[0]}
    assert run(arranged) == []
    triggers.remove(connection)
    RuleVersion.objects.filter(effect="require").update(title="Ditulis ulang")
    assert {found.kind for found in run(arranged)} == {"law"}


def test_facts_reasons_and_positions_of_a_penetapan_changed_behind_the_portal_are_named(
    arranged: ArrangedCity,
) -> None:
    triggers.remove(connection)
    rows = DeterminedTask.objects.filter(verification=arranged.determination.verification)
    changed = rows.get(position=arranged.programmer)
    (met,) = rows.filter(pk=changed.pk).values_list("face_to_face", flat=True)
    rows.filter(pk=changed.pk).update(face_to_face="constant")
    (found,) = run(arranged)
    assert (found.kind, found.position, found.approval) == ("outcome", arranged.programmer, None)
    assert found.determination == arranged.determination
    assert changed.title in words(found)
    rows.filter(pk=changed.pk).update(face_to_face=met)
    assert run(arranged) == []

    DeterminedPosition.objects.filter(position=arranged.programmer, mode="home").update(worst=0, best=0)
    (found,) = run(arranged)
    assert found.position == arranged.programmer
    DeterminedPosition.objects.filter(position=arranged.programmer, mode="home").update(worst=F("worst") + 2, best=2)

    numbers = changed.masks.split()
    rows.filter(pk=changed.pk).update(masks=" ".join([str(int(numbers[0]) ^ 1), *numbers[1:]]))
    assert arranged.programmer.pk in {one.position_id for one in run(arranged)}, "the reasons are kept too"
    rows.filter(pk=changed.pk).update(masks=changed.masks)
    Verification.objects.update(layout="laid out by other code")
    assert run(arranged) == [], "then the bounds alone can be compared"

    DeterminedGround.objects.filter(agency=arranged.programmer.agency).update(content="{")
    assert [one.kind for one in run(arranged)] == ["law"]
    DeterminedGround.objects.filter(agency=arranged.programmer.agency).delete()
    lost = run(arranged)
    assert arranged.programmer.pk in {one.position_id for one in lost}
    assert {one.kind for one in lost} == {"outcome"}


def test_law_changed_behind_the_portal_is_held_against_who_decided_and_law_recorded_later_is_not(
    arranged: ArrangedCity,
) -> None:
    approved(arranged)
    triggers.remove(connection)
    stored = {rule["code"] for rule in json.loads(StoredRulebook.objects.first().text)["rules"]}  # type: ignore[union-attr]
    version = RuleVersion.objects.filter(rule__code__in=stored, effect="require").order_by("pk").first()
    assert version is not None
    title = version.title
    RuleVersion.objects.filter(pk=version.pk).update(title="Ditulis ulang")
    found = run(arranged)
    assert {one.kind for one in found} == {"law"}
    assert {bool(one.approval_id) for one in found} == {True, False}, "the Penetapan and the approval"
    assert version.rule.code in words(found[0])
    assert Reperformance.objects.first().later == 0  # type: ignore[union-attr]
    RuleVersion.objects.filter(pk=version.pk).update(title=title)

    # As if it had been decided without a version that was recorded only today, with the same first day of knowledge.
    RuleVersion.objects.filter(pk=version.pk).update(number=F("number") + 1, title="Versi berikutnya")
    assert run(arranged) == []
    assert Reperformance.objects.first().later == 2  # type: ignore[union-attr]


def test_an_approval_changed_behind_the_portal_does_not_come_out_again(arranged: ArrangedCity) -> None:
    case = approved(arranged)
    triggers.remove(connection)
    span = ApprovalSpan.objects.get(approval__arrangement=case)
    for changed, kinds in (
        (
            {"facts": span.facts.replace('"employee.discipline":false', '"employee.discipline":true')},
            {"outcome", "facts"},
        ),
        ({"facts": span.facts.replace('"posted":true', '"posted":false')}, {"outcome", "facts"}),
        ({"outcome": span.outcome.replace('"passed"', '"failed"', 1)}, {"outcome"}),
        ({"facts": "{"}, {"outcome"}),
    ):
        assert changed != {name: getattr(span, name) for name in changed}
        ApprovalSpan.objects.filter(pk=span.pk).update(**changed)
        found = run(arranged)
        assert {one.kind for one in found} == kinds, changed
        assert {one.approval_id for one in found} == {span.approval_id}
        assert all(words(one) for one in found)
        ApprovalSpan.objects.filter(pk=span.pk).update(facts=span.facts, outcome=span.outcome)
    Approval.objects.filter(pk=span.approval_id).update(plan="[]")
    assert [one.kind for one in run(arranged)] == ["outcome"]


def test_a_gate_recorded_before_the_approval_is_held_against_it_and_one_recorded_after_is_not(
    client: Client, arranged: ArrangedCity
) -> None:
    case, other = approved(arranged), approved_for(arranged, arranged.colleagues[0])
    gate(case, -timedelta(minutes=1))
    gate(other, timedelta(minutes=1))
    found = run(arranged)
    assert {one.approval_id for one in found} == {case.approvals.get().pk}
    assert {one.kind for one in found} == {"facts", "checks"}
    told = " ".join(words(one) for one in found)
    assert "Pasal 25" in told
    hidden = " ".join(words(one, whole=False) for one in found)
    assert "Rincian di BKPSDM" in hidden or "Details are with BKPSDM" in hidden
    assert hidden != told
    page = f"{LIST}{Reperformance.objects.get().pk}/"
    for reader in ("inspector", "outside_reader"):
        client.force_login(getattr(arranged.city.cast, reader))
        shown = client.get(page).content.decode()
        assert f"/pengawasan/kasus/{case.pk}/" in shown
        assert case.employee.name not in shown
        assert ("pengawasan/temuan/tulis/?difference=" in shown) is (reader == "inspector")
    DisciplineGate.objects.filter(employee=case.employee).update(superseded_at=AT)
    assert run(arranged) == [], "corrected before it was approved"


def test_each_difference_opens_a_finding_filled_with_what_differs_a_whole_penetapan_too(
    client: Client, arranged: ArrangedCity
) -> None:
    cast, case = arranged.city.cast, approved(arranged)
    gate(case, -timedelta(minutes=1))
    triggers.remove(connection)
    DeterminedTask.objects.filter(position=arranged.programmer).update(face_to_face="constant")
    stored = {rule["code"] for rule in json.loads(StoredRulebook.objects.first().text)["rules"]}  # type: ignore[union-attr]
    RuleVersion.objects.filter(rule__code__in=stored, effect="require").update(title="Ditulis ulang")
    found = run(arranged)
    whole = [one for one in found if not (one.approval_id or one.position_id)]
    assert {one.kind for one in found} >= {"law", "outcome", "facts", "checks"}
    assert [one.kind for one in whole] == ["law"]
    client.force_login(cast.inspector)
    page = client.get(f"{LIST}{Reperformance.objects.get().pk}/").content.decode()
    adding = "/kota-contoh/pengawasan/temuan/tulis/?difference="
    for one in found:
        assert f"{adding}{one.pk}" in page, one.kind
        condition = client.get(f"{adding}{one.pk}").context["form"].initial["condition"]
        assert all(said in condition.splitlines() for said in sentences(one, Reader(whole=False))), condition
    address = f"{adding}{whole[0].pk}"
    initial = client.get(address).context["form"].initial
    client.post(address, {"title": initial["title"], "condition": initial["condition"], "criterion": "Aturan."})
    finding = Finding.objects.get()
    assert (finding.origin, finding.origin_code, finding.arrangement) == ("difference", "law", None)
    assert (finding.agency, finding.determination) == (cast.agency, arranged.determination)
    assert any(code in finding.condition for code in stored)
    cast.inspector.grants.update(agency=cast.other_agency)
    assert {client.get(f"{adding}{one.pk}").status_code for one in found} == {404}


def test_what_differs_fills_kondisi_as_far_as_it_may_be_long(client: Client, arranged: ArrangedCity) -> None:
    told: dict[str, int] = {"determinations": 1, "positions": 1, "approvals": 0}
    made = Reperformance.objects.create(institution=arranged.city.cast.institution, at=AT, **told)
    tasks: list[Any] = [[f"Tugas {number}", None, []] for number in range(200)]
    what = json.dumps({"v": 1, "of": "position", "tasks": tasks})
    about = {"determination": arranged.determination, "position": arranged.programmer}
    row = Difference.objects.create(run=made, kind="outcome", what=what, **about)
    client.force_login(arranged.city.cast.inspector)
    address = f"/kota-contoh/pengawasan/temuan/tulis/?difference={row.pk}"
    condition = client.get(address).context["form"].initial["condition"]
    assert len(condition) <= LONGEST
    assert "Tugas 9”" in condition
    assert condition.endswith("Masih ada perbedaan lain; lihat halaman uji ulangnya.")


def test_approvals_that_knew_the_same_are_examined_together_and_no_others(arranged: ArrangedCity) -> None:
    cases = [approved_for(arranged, one) for one in arranged.colleagues]
    rows = list(Approval.objects.order_by("at", "pk").select_related("arrangement"))
    first, last = rows[0].at - timedelta(hours=1), rows[-1].at
    owner = cases[0].institution
    assert len(list(knowing_alike(rows, moments(owner, first, last)))) == 1
    middle = rows[2].at + timedelta(microseconds=1)
    assert [len(group) for group in knowing_alike(rows, [first, middle])] == [len(rows)]
    for late in rows[3:]:
        late.at = middle + timedelta(minutes=1)
    assert [len(group) for group in knowing_alike(rows, [middle])] == [3, len(rows) - 3]
    assert [len(group) for group in knowing_alike([rows[0], rows[0]], [])] == [1, 1], "an arrangement once"


def test_the_pages_show_runs_and_only_who_inspects_starts_one(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    client.force_login(cast.outside_reader)
    runs = client.get(LIST).context["runs"]
    assert (runs.newest, runs.may_start) == (None, False)
    assert client.post(f"{LIST}mulai/", {"since": ""}).status_code == 404
    client.force_login(cast.inspector)
    assert client.post(f"{LIST}mulai/", {"since": "kemarin"}).status_code == 200
    assert not Reperformance.objects.exists()
    page = client.post(f"{LIST}mulai/", {"since": "2025-07-01"}, follow=True)
    assert page.redirect_chain[-1][0] == LIST
    made = Reperformance.objects.get()
    assert (made.by, made.since) == (cast.inspector, date(2025, 7, 1))
    assert client.get(f"{LIST}{made.pk}/").status_code == 200
    assert client.get(f"{LIST}{made.pk + 1}/").status_code == 404
    client.force_login(cast.hr_officer)
    assert client.get(LIST).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_many_decisions_are_left_to_the_background_and_the_page_says_since_when(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged = arranged_city(judged_city(assemble_cast()))
    cast, case = arranged.city.cast, approved(arranged)
    monkeypatch.setattr(background, "AT_ONCE", 1)
    client.force_login(cast.inspector)
    page = client.post(f"{LIST}mulai/", {"since": "2025-10-01"}, follow=True)
    assert page.redirect_chain, "one Penetapan of before and one approval: the approval alone is no more than one"
    assert Reperformance.objects.count() == 1
    client.post(f"{LIST}mulai/", {"since": ""})
    assert Reperformance.objects.count() == 1, "it waits"
    page = client.get(LIST)
    assert "menunggu pekerjaan latar sejak" in page.content.decode()
    assert f"{LIST}mulai/" not in page.content.decode()
    again = client.post(f"{LIST}mulai/", {"since": ""})
    assert again.status_code == 200
    assert "sedang dinilai ulang sejak" in again.content.decode()
    assert DBTaskResult.objects.count() == 1
    with Telling(REPERFORMING, cast.institution.pk, 2) as telling:
        telling.went_on()
        work = client.get(LIST).context["runs"].work
        assert work is not None
        assert work.begun_at is not None
        assert "Selesai: 0 dari 2" in client.get(LIST).content.decode()
        late = timezone.now() + timedelta(hours=1)
        assert work_of(REPERFORMING, cast.institution, late) is None, "cut off: it may be asked for again"
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False)
    made = Reperformance.objects.first()
    assert made is not None
    assert (made.by, made.since, made.approvals) == (cast.inspector, None, 1)
    assert client.get(LIST).context["runs"].work is None
    assert case.approvals.count() == 1


def test_deciding_again_that_broke_off_is_told_until_there_is_a_run(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = arranged.city.cast
    client.force_login(cast.inspector)

    def fails(**_given: object) -> None:
        raise RuntimeError("a fault of the database")

    with monkeypatch.context() as broken:
        broken.setattr(background, "reperform", fails)
        with pytest.raises(RuntimeError):
            background.reperform_in_background.func(cast.institution.pk, cast.inspector.pk, "")
    page = client.get(LIST).content.decode()
    assert "Semuanya dinilai ulang: pekerjaan ini terhenti pada" in page
    assert f"{LIST}mulai/" in page, "the way to ask again"
    client.post(f"{LIST}mulai/", {"since": ""})
    assert Reperformance.objects.count() == 1
    assert "terhenti" not in client.get(LIST).content.decode()
    Telling(REPERFORMING, cast.institution.pk, 2).__enter__()
    now = timezone.now()
    assert broken_off(REPERFORMING, cast.institution, now) is None, "it goes on"
    assert broken_off(REPERFORMING, cast.institution, now + timedelta(hours=1)), "it gives no sign of life any more"


def test_the_command_ends_with_0_or_1_and_names_what_differs(arranged: ArrangedCity) -> None:
    case = approved(arranged)
    out = StringIO()
    call_command("reperform", "kota-contoh", stdout=out)
    assert "kota-contoh" in out.getvalue()
    gate(case, -timedelta(minutes=1))
    with pytest.raises(SystemExit) as ended:
        call_command("reperform", "kota-contoh", "--since", "2025-10-01", stdout=out)
    assert ended.value.code == 1
    assert str(case.pk) in out.getvalue()
    assert case.employee.name not in out.getvalue()
