"""From results to the act: sent, returned once, passed on, determined; what is stored is what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Document, FactRecord, Institution, TaskProfile
from eligibility.actions import results
from eligibility.actions.determinations import record_determination, revoke_determination
from eligibility.determinations.reading import SignedResults
from eligibility.determinations.signing import Signature
from eligibility.grounds import ROW_FACTS, grounds
from eligibility.loading import NoLawInForce, rulebook
from eligibility.mask_readings import MaskReader
from eligibility.models import (
    Determination,
    DeterminedGround,
    DeterminedPosition,
    DeterminedSource,
    DeterminedTask,
    InstitutionSetting,
    State,
    Step,
    StoredRulebook,
    Verification,
    VerificationStep,
)
from eligibility.rulebook import Mode, Outcome
from eligibility.screening import UNJUDGED, position_bounds
from eligibility.stored_rulebooks import stored_layout
from oversight.models import TrailEntry
from tests.eligibility.determined import KNOWN, NOON, ON, determine, give_back, paper, pass_all, record, send
from tests.factories import AgencyFactory, PositionFactory
from tests.judged_city import JudgedCity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def setting(city: JudgedCity, name: str, value: object) -> None:
    InstitutionSetting.objects.create(
        institution=city.cast.institution,
        name=name,
        value=value,
        valid_from=date(2025, 1, 1),
        source="x",
        known_from=NOON,
    )


def test_results_go_the_whole_way_come_back_once_and_are_determined(city: JudgedCity) -> None:
    actor = city.cast.hr_officer
    sent = send(city)
    assert (sent.state, sent.round, sent.step) == (State.SENT, 1, Step.HEAD_PROPOSAL)
    assert sent.way == tuple(Step)
    moved = results.pass_step(actor=actor, verification=sent, step=Step.HEAD_PROPOSAL, signed=paper(), at=NOON)
    returned = give_back(moved, actor, Step.HR_VERIFICATION)
    assert (returned.state, returned.step) == (State.RETURNED, "")
    assert not DeterminedTask.objects.exists()
    assert not DeterminedPosition.objects.exists()

    again = send(city)
    assert (again.pk, again.state, again.round, again.step) == (sent.pk, State.SENT, 2, Step.HEAD_PROPOSAL)
    waiting = pass_all(again, actor)
    assert waiting.step == Step.PPK
    made = record(waiting, actor)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.step) == (State.DETERMINED, "")
    told = VerificationStep.objects.filter(verification=sent).values_list("round", "step", "outcome")
    assert list(told) == [
        (1, "head_proposal", "passed"),
        (1, "hr_verification", "returned"),
        *((2, step.value, "passed") for step in Step),
    ]
    entry = TrailEntry.objects.order_by("number").last()
    assert entry is not None
    assert (entry.action, entry.subject_id) == ("determination_recorded", str(made.pk))
    assert "Nama Pejabat" not in entry.body


def test_every_step_waits_for_its_turn_and_the_keputusan_for_all_of_them(city: JudgedCity) -> None:
    actor, sent = city.cast.hr_officer, send(city)
    for step in (Step.HR_VERIFICATION, Step.SEKDA):
        with pytest.raises(ActRefused, match="do not wait at"):
            results.pass_step(actor=actor, verification=sent, step=step, signed=paper(), at=NOON)
    with pytest.raises(ActRefused, match="do not wait at"):
        record(sent, actor)
    with pytest.raises(ActRefused, match="on their way already"):
        send(city)
    waiting = pass_all(sent, actor)
    with pytest.raises(ActRefused, match="record the Penetapan"):
        results.pass_step(actor=actor, verification=waiting, step=Step.PPK, signed=paper(), at=NOON)
    record(waiting, actor)
    for refused in (lambda: record(waiting, actor), lambda: give_back(waiting, actor, Step.PPK)):
        with pytest.raises(ActRefused, match="not on their way"):
            refused()
    with pytest.raises(ActRefused, match="revoked, not withdrawn"):
        results.withdraw_results(actor=actor, verification=waiting, reason="Keliru", at=NOON)


def test_withdrawn_results_leave_no_rows_and_others_may_be_sent(city: JudgedCity) -> None:
    actor, sent = city.cast.hr_officer, send(city)
    with pytest.raises(ActRefused, match="why"):
        results.withdraw_results(actor=actor, verification=sent, reason=" ", at=NOON)
    withdrawn = results.withdraw_results(actor=actor, verification=sent, reason="Keliru", at=NOON)
    assert withdrawn is not None
    assert (withdrawn.state, withdrawn.withdrawal) == (State.WITHDRAWN, "Keliru")
    assert results.withdraw_results(actor=actor, verification=sent, reason="Keliru", at=NOON) is None
    assert not DeterminedPosition.objects.exists()
    assert send(city).pk != sent.pk


def test_the_institution_sets_the_steps_and_the_way_of_results_sent_before_stays(city: JudgedCity) -> None:
    sent = send(city)
    setting(city, "determination_steps", ["hr_verification", "ppk"])
    other = send(city, city.below)
    assert other.way == (Step.HR_VERIFICATION, Step.PPK)
    assert Verification.objects.get(pk=sent.pk).way == tuple(Step)


def test_a_return_has_a_reason_and_a_delegation_its_basis(city: JudgedCity) -> None:
    actor, sent = city.cast.hr_officer, send(city)
    with pytest.raises(ValuesRefused, match="reason"):
        results.return_results(
            actor=actor, verification=sent, step=Step.HEAD_PROPOSAL, signed=paper(), reason=" ", at=NOON
        )
    with pytest.raises(ValuesRefused, match="basis of the delegation"):
        results.pass_step(
            actor=actor, verification=sent, step=Step.HEAD_PROPOSAL, signed=paper(capacity="daily"), at=NOON
        )
    delegated = paper(capacity="daily", delegation_basis="Surat perintah 821/5")
    results.pass_step(actor=actor, verification=sent, step=Step.HEAD_PROPOSAL, signed=delegated, at=NOON)
    assert VerificationStep.objects.get().delegation_basis == "Surat perintah 821/5"


@pytest.mark.parametrize("capacity", ["acting", "daily"])
def test_a_plt_or_plh_may_sign_letters_but_no_keputusan(city: JudgedCity, capacity: str) -> None:
    waiting = pass_all(send(city), city.cast.hr_officer)
    signed = paper("188/1", capacity=capacity, delegation_basis="SK 1")
    with pytest.raises(ValuesRefused, match="not a Keputusan"):
        record(waiting, city.cast.hr_officer, signed=signed)
    assert not Determination.objects.exists()
    on_behalf = paper("188/1", capacity="on_behalf", delegation_basis="Mandat Wali Kota 1/2025")
    assert record(waiting, city.cast.hr_officer, signed=on_behalf).capacity == "on_behalf"


def test_a_number_belongs_to_one_paper_and_no_paper_is_dated_in_the_future(city: JudgedCity) -> None:
    determine(city)
    waiting = pass_all(send(city, city.below), city.cast.hr_officer)
    earlier = Signature("188.45/1/2025", date(2025, 6, 30), "Wali Kota")
    with pytest.raises(ActRefused, match="another date"):
        record(waiting, city.cast.hr_officer, signed=earlier)
    tomorrow = Signature("188.45/2/2025", date(2025, 7, 2), "Wali Kota")
    with pytest.raises(ActRefused, match="future"):
        record(waiting, city.cast.hr_officer, signed=tomorrow)
    with pytest.raises(ValuesRefused, match="last day"):
        record(waiting, city.cast.hr_officer, last_day=date(2025, 6, 1))
    assert record(waiting, city.cast.hr_officer).number == "188.45/1/2025"


def test_what_is_stored_is_what_was_judged(city: JudgedCity) -> None:
    sent = send(city)
    book = rulebook(city.cast.institution, ON, KNOWN)
    known = grounds(city.cast.institution, ON, KNOWN)
    bounds = position_bounds(book, known, institution=city.cast.institution, agency=city.cast.agency)
    rows = DeterminedPosition.objects.filter(verification=sent)
    stored = {(row.position_id, Mode(row.mode)): row.bounds for row in rows}
    assert stored == {(key, mode): found for key, modes in bounds.items() for mode, found in modes.items()}
    outcomes = {row.outcome for row in rows.filter(mode=Mode.HOME)}
    assert outcomes == {Outcome.ELIGIBLE, Outcome.CONDITIONAL, Outcome.NEEDS_INFORMATION}
    assert (sent.positions, sent.tasks) == (len(bounds), 5)
    reader = MaskReader(stored_layout(sent.rulebook))
    assert reader.layout.digest == sent.layout
    for task in DeterminedTask.objects.select_related("task__profile"):
        profile = TaskProfile.objects.get(pk=task.task_id)
        for fact in ROW_FACTS:
            assert getattr(task, fact.column) == getattr(profile, fact.column), fact.name
        ground = known.of(task.agency_id, task.unit_id)
        values = {**ground.values, **{fact.name: getattr(profile, fact.column) for fact in ROW_FACTS}}
        masks = reader.masks(task.masks)
        assert masks == reader.masks_of(values, ground.place)
        assert {mode: task.bounds_in(mode) for mode in Mode} == {
            mode: read.bounds for mode, read in reader.read(*masks).items()
        }
    hours = DeterminedTask.objects.filter(task=city.eligible.tasks.get()).values_list("hours_per_day", flat=True)
    assert list(hours) == [Decimal("7.5")]


def test_a_position_without_tasks_is_stored_with_everything_open(city: JudgedCity) -> None:
    bare = PositionFactory.create(agency=city.cast.agency)
    sent = send(city)
    assert {row.bounds for row in DeterminedPosition.objects.filter(verification=sent, position=bare)} == {UNJUDGED}


def test_with_the_agencies_below_the_whole_subtree_is_covered_and_alone_only_the_agency(city: JudgedCity) -> None:
    top = city.cast.other_agency
    PositionFactory.create(agency=top)
    alone = send(city, top)
    assert set(alone.grounds.values_list("agency", flat=True)) == {top.pk}
    results.withdraw_results(actor=None, verification=alone, reason="x", at=NOON)
    both = send(city, top, with_subtree=True)
    assert set(both.grounds.of_agencies().values_list("agency", flat=True)) == {top.pk, city.below.pk}
    assert {row.agency_id for row in DeterminedPosition.objects.filter(verification=both)} == {top.pk, city.below.pk}
    with pytest.raises(ActRefused, match="overlap"):
        send(city, city.below)
    results.withdraw_results(actor=None, verification=both, reason="x", at=NOON)
    send(city, city.below)
    with pytest.raises(ActRefused, match="overlap"):
        send(city, top, with_subtree=True)
    assert send(city, top).positions == 1


def test_nothing_is_sent_for_an_agency_without_positions_or_closed_or_a_day_without_law(city: JudgedCity) -> None:
    empty = AgencyFactory.create(institution=city.cast.institution)
    with pytest.raises(ActRefused, match="no position"):
        send(city, empty)
    empty.closed_on = date(2025, 6, 1)
    empty.save(update_fields=["closed_on"])
    with pytest.raises(ActRefused, match="closed"):
        send(city, empty)
    with pytest.raises(NoLawInForce):
        results.send_results(actor=None, agency=city.cast.agency, judged_on=date(1999, 1, 1), known_at=KNOWN, at=NOON)
    assert not Verification.objects.exists()


def record_fact(city: JudgedCity, position: object, fact: str, basis: str, source: str) -> None:
    task = getattr(position, "tasks").get()  # noqa: B009 - any of the city's positions
    FactRecord.objects.create(
        institution=city.cast.institution,
        task=task,
        fact=fact,
        value="yes",
        source=source,
        basis=basis,
        valid_from=date(2025, 1, 2),
        recorded_at=NOON,
    )


def test_facts_are_stored_with_the_basis_of_their_last_record(city: JudgedCity) -> None:
    record_fact(city, city.eligible, "task.with_tik", "imported", "Anjab 2024")
    record_fact(city, city.eligible, "task.with_tik", "agreed", "Lembar 7")
    record_fact(city, city.eligible, "task.agency_hours", "proposed", "Usul OPD")
    FactRecord.objects.create(
        institution=city.cast.institution,
        position=city.eligible,
        fact="position.leads",
        value="none",
        source="Anjab 2024",
        basis="imported",
        valid_from=date(2025, 1, 2),
        recorded_at=NOON,
    )
    sent = send(city)
    found = next(SignedResults(sent).positions([city.eligible.pk]))
    origins = {fact: (origin.basis, origin.source) for fact, origin in found.tasks[0].origins.items()}
    assert origins == {
        "task.with_tik": ("agreed", "Lembar 7"),
        "task.agency_hours": ("proposed", "Usul OPD"),
        "position.leads": ("imported", "Anjab 2024"),
    }
    assert DeterminedSource.objects.filter(verification=sent, source="Lembar 7").count() == 1


def test_where_facts_must_be_agreed_sending_names_how_many_of_which_tasks_are_not(city: JudgedCity) -> None:
    setting(city, "facts_must_be_agreed", True)
    with pytest.raises(ActRefused, match=r"facts of 1 task are not agreed by two reviewers: Perawat .* \(\d+\)\."):
        send(city, city.below)
    assert not Verification.objects.exists()
    task = city.refused.tasks.get()
    for fact in ROW_FACTS:
        of_task = fact.name.startswith("task.")
        FactRecord.objects.create(
            institution=city.cast.institution,
            fact=fact.name,
            value="x",
            source="Lembar 7",
            basis="agreed",
            valid_from=date(2025, 1, 2),
            recorded_at=NOON,
            task=task if of_task else None,
            position=None if of_task else city.refused,
        )
    assert send(city, city.below).positions == 1


def test_a_rulebook_is_stored_once_and_its_text_gives_it_back(city: JudgedCity) -> None:
    first, second = send(city), send(city, city.below)
    assert StoredRulebook.objects.count() == 1
    assert first.rulebook_id == second.rulebook_id == rulebook(city.cast.institution, ON, KNOWN).fingerprint
    assert DeterminedGround.objects.of_agencies().count() == 2


def test_a_paper_is_not_older_than_the_one_before_it(city: JudgedCity) -> None:
    sent = send(city)
    acts: dict[str, Any] = {"actor": city.cast.hr_officer, "at": NOON}
    before = Signature("800/9", date(2025, 6, 30), "Kepala BKPSDM")
    passed = results.pass_step(verification=sent, step=Step.HEAD_PROPOSAL, signed=paper(), **acts)
    refusing: list[tuple[Any, dict[str, str]]] = [(results.pass_step, {}), (results.return_results, {"reason": "x"})]
    for act, step in refusing:
        with pytest.raises(ActRefused, match="that date or a later one") as refusal:
            act(verification=passed, step=Step.HR_VERIFICATION, signed=before, **acts, **step)
        assert refusal.value.field == "signed_on"
    give_back(passed, city.cast.hr_officer)
    again = send(city)
    with pytest.raises(ActRefused, match="that date or a later one"):
        results.pass_step(verification=again, step=Step.HEAD_PROPOSAL, signed=before, **acts)
    waiting = pass_all(again, city.cast.hr_officer)
    with pytest.raises(ActRefused, match="that date or a later one"):
        record(waiting, city.cast.hr_officer, signed=before)
    made = record(waiting, city.cast.hr_officer)
    revocation: dict[str, Any] = {"determination": made, "effective_from": date(2025, 7, 2), "reason": "Tugas berubah"}
    with pytest.raises(ActRefused, match="that date or a later one"):
        revoke_determination(signed=before, **revocation, **acts)
    assert revoke_determination(signed=paper("R"), **revocation, **acts).determination == made


def document_of(institution: Institution) -> Document:
    """A PDF that an institution keeps."""
    return Document.objects.create(
        institution=institution, name="SK", file="documents/sk.pdf", size=5, sha256="0" * 64, added_at=NOON
    )


def test_a_keputusan_rests_on_a_document_of_its_own_institution(city: JudgedCity) -> None:
    waiting = pass_all(send(city), city.cast.hr_officer)
    elsewhere = document_of(city.cast.outsider.grants.get().institution)
    recording: dict[str, Any] = {
        "actor": None,
        "verification": waiting,
        "signed": paper("188.45/1/2025"),
        "effective_from": ON,
        "at": NOON,
    }
    with pytest.raises(ActRefused) as refusal:
        record_determination(document=elsewhere, **recording)
    assert refusal.value.field == "document"
    own = document_of(city.cast.institution)
    assert record_determination(document=own, **recording).document == own
