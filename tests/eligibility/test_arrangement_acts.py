"""A request moves by one table: what may follow what, who does it, and what is written with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from agencies.errors import ActRefused, ValuesRefused
from agencies.facts import Level
from agencies.models import Role, Workplace
from eligibility.actions.approvals import (
    answer_objection,
    approve_request,
    endorse_request,
    record_consultation,
    refuse_request,
    return_request,
)
from eligibility.actions.arrangements import (
    object_to_refusal,
    save_request,
    submit_request,
    take_back_request,
    withdraw_request,
)
from eligibility.arrangements.conditions import conditions_of
from eligibility.arrangements.examination import examine
from eligibility.arrangements.plans import OutputLine
from eligibility.arrangements.reporting_line import Station
from eligibility.arrangements.stations import route_of, route_text
from eligibility.arrangements.transitions import Deed, What, move
from eligibility.models import Arrangement, ArrangementObjection, ArrangementOutput, ArrangementState, ArrangementStep
from eligibility.models.arrangements import ARRANGEMENT_TRANSITIONS
from eligibility.rulebook import Attach, ConditionKind, Mode
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.arranged_city import AT, POSTED, TODAY, ArrangedCity, written
from tests.base import person
from tests.eligibility.matters import ground, matter, norm, request
from tests.eligibility.rulebooks import criterion
from tests.factories import PostingFactory

NOW: dict[str, Any] = {"on": TODAY, "at": AT}


def save(city: ArrangedCity, **other: Any) -> Arrangement:
    """The asker's plan, or a changed one."""
    plan = other.pop("plan", city.plan())
    return save_request(actor=city.asker_account, employee=city.asker, plan=plan, **NOW, **other)


def submitted(city: ArrangedCity) -> Arrangement:
    """A request that waits for the head of the unit."""
    return submit_request(actor=city.asker_account, arrangement=save(city), **NOW)


def decided(city: ArrangedCity) -> Arrangement:
    """A request that waits for the head of the agency."""
    return endorse_request(actor=city.unit_head_account, arrangement=submitted(city), text="Mendukung.", **NOW)


def refused(city: ArrangedCity) -> Arrangement:
    """A request that the head of the agency has refused after a consultation."""
    row = decided(city)
    record_consultation(actor=city.head_account, arrangement=row, held_on=TODAY, text="Dibahas.", **NOW)
    return refuse_request(actor=city.head_account, arrangement=row, ground="task", text="Rilis aplikasi.", **NOW)


@pytest.mark.parametrize("state", list(ArrangementState))
def test_the_table_alone_says_what_may_follow(arranged: ArrangedCity, state: ArrangementState) -> None:
    row = written(arranged, state=state)
    for following in ArrangementState:
        Arrangement.objects.filter(pk=row.pk).update(state=state)
        row.refresh_from_db()
        deed = Deed(What.ENDORSED, None, TODAY, AT)
        if following in ARRANGEMENT_TRANSITIONS[state]:
            move(row, deed, following)
            assert Arrangement.objects.get(pk=row.pk).state == following
        else:
            with pytest.raises(ActRefused, match=str(row.get_state_display())):
                move(row, deed, following)
            assert Arrangement.objects.get(pk=row.pk).state == state


def test_a_plan_is_held_to_every_rule_at_its_field(arranged: ArrangedCity) -> None:
    school = Workplace.objects.create(
        institution=arranged.city.cast.institution,
        code="BR-1",
        name="Balai RW 1",
        kind="other_place",
        address="Jalan Sintetis 2",
        basis="SK 1",
        valid_from=date(2025, 10, 10),
        recorded_at=AT,
    )
    plan = arranged.plan()
    wrong = [
        (replace(plan, weekdays=()), "weekdays"),
        (replace(plan, weekdays=("someday",)), "weekdays"),
        (replace(plan, ends_on=date(2025, 10, 6)), "weekdays"),  # a Monday
        (replace(plan, ends_on=date(2025, 10, 1)), "ends_on"),
        (replace(plan, ends_on=date(2027, 10, 1)), "ends_on"),
        (replace(plan, outputs=()), "outputs"),
        (replace(plan, outputs=(OutputLine("Modul", " ", "SKP"),)), "outputs"),
        (replace(plan, attestations=("anything",)), "attestations"),
        (replace(plan, residence_confirmed=False), "residence_confirmed"),
        (replace(plan, mode=Mode.OTHER_OFFICE), "workplace"),
        (replace(plan, mode=Mode.OTHER_OFFICE, workplace=school), "workplace"),
        (replace(plan, mode=Mode.OTHER_PLACE), "purpose"),
        (replace(plan, mode=Mode.OTHER_PLACE, workplace=school), "workplace"),
    ]
    for faulty, field in wrong:
        with pytest.raises(ValuesRefused) as refusal:
            save(arranged, plan=faulty)
        assert list(refusal.value.faults) == [field]
    assert not Arrangement.objects.exists()
    later = replace(plan, mode=Mode.OTHER_PLACE, workplace=school, starts_on=date(2025, 10, 13))
    assert save(arranged, plan=later).place == "other"


def test_a_draft_is_mended_and_the_trail_answers_for_what_it_lost(arranged: ArrangedCity) -> None:
    line = OutputLine("Dokumen", "1 dokumen", "Aplikasi")
    row = save(arranged, plan=arranged.plan(outputs=(*arranged.plan().outputs, line)))
    assert (row.position, row.unit, row.state) == (arranged.programmer, arranged.programmer.unit, "draft")
    with pytest.raises(ValuesRefused):
        save(arranged)  # one open request of a person and form
    before = TrailEntry.objects.count()
    mended = save(arranged, arrangement=row, plan=arranged.plan("friday"))
    assert (mended.days, mended.outputs.count()) == (("friday",), 1)
    assert save(arranged, arrangement=row, plan=arranged.plan("friday")).pk == row.pk
    assert TrailEntry.objects.count() == before + 1
    assert not verify_all(arranged.city.cast.institution).rows
    ArrangementOutput.objects.all().delete()
    assert verify_all(arranged.city.cast.institution).rows
    with pytest.raises(ActRefused):
        save_request(actor=arranged.head_account, employee=arranged.asker, plan=arranged.plan(), **NOW)


def test_it_is_sent_with_every_declaration_and_goes_from_station_to_station(arranged: ArrangedCity) -> None:
    row = save(arranged, plan=arranged.plan(attestations=("hours",)))
    with pytest.raises(ValuesRefused) as refusal:
        submit_request(actor=arranged.asker_account, arrangement=row, **NOW)
    assert list(refusal.value.faults) == ["attestations"]
    save(arranged, arrangement=row)
    with pytest.raises(ActRefused):
        submit_request(actor=arranged.head_account, arrangement=row, **NOW)
    sent = submit_request(actor=arranged.asker_account, arrangement=row, **NOW)
    assert [one.kind for one in route_of(sent)] == ["endorse", "decide"]
    with pytest.raises(ActRefused):  # it waits for the head of the unit
        endorse_request(actor=arranged.head_account, arrangement=row, text="", **NOW)
    returned = return_request(actor=arranged.unit_head_account, arrangement=row, text="Rinci keluaran.", **NOW)
    assert (returned.state, returned.station) == ("returned", None)
    again = submit_request(actor=arranged.asker_account, arrangement=row, **NOW)
    assert (again.round, again.station) == (2, 0)
    endorsed = endorse_request(actor=arranged.unit_head_account, arrangement=row, text="", **NOW)
    assert (endorsed.state, endorsed.station) == ("submitted", 1)
    with pytest.raises(ActRefused):  # the last station decides
        endorse_request(actor=arranged.head_account, arrangement=row, text="", **NOW)
    steps = ArrangementStep.objects.filter(arrangement=row)
    assert [(step.what, step.round, step.station) for step in steps] == [
        ("submitted", 1, None),
        ("returned", 1, 0),
        ("submitted", 2, None),
        ("endorsed", 2, 0),
    ]
    assert steps.last().capacity == "definitive"  # type: ignore[union-attr]
    assert "Rekan" not in "".join(TrailEntry.objects.values_list("body", flat=True))
    with pytest.raises(ActRefused):  # a superior returns it
        take_back_request(actor=arranged.head_account, arrangement=row, **NOW)
    taken = take_back_request(actor=arranged.asker_account, arrangement=row, **NOW)
    assert (taken.state, taken.station, taken.waits_for) == ("returned", None, None)
    with pytest.raises(ActRefused):  # she has it already
        take_back_request(actor=arranged.asker_account, arrangement=row, **NOW)
    with pytest.raises(ActRefused):
        withdraw_request(actor=arranged.asker_account, arrangement=row, reason=" ", **NOW)
    assert withdraw_request(actor=arranged.asker_account, arrangement=row, reason="Batal.", **NOW).state == "withdrawn"


def test_nothing_is_refused_without_a_consultation_a_ground_and_a_text(arranged: ArrangedCity) -> None:
    row = decided(arranged)
    for reason, text in [("task", "Rilis."), ("", "Rilis."), ("task", "")]:
        with pytest.raises(ActRefused):
            refuse_request(actor=arranged.head_account, arrangement=row, ground=reason, text=text, **NOW)
    with pytest.raises(ActRefused):
        record_consultation(
            actor=arranged.head_account, arrangement=row, held_on=date(2025, 10, 2), text="Besok.", **NOW
        )
    for before in (date(1999, 1, 1), date(2025, 9, 30)):  # the request came in on 1 October
        with pytest.raises(ActRefused, match="1 Oktober 2025") as early:
            record_consultation(actor=arranged.head_account, arrangement=row, held_on=before, text="Dulu.", **NOW)
        assert early.value.field == "held_on"
    record_consultation(actor=arranged.head_account, arrangement=row, held_on=TODAY, text="Dibahas.", **NOW)
    for reason, text in [("", "Rilis."), ("task", " ")]:
        with pytest.raises(ActRefused):
            refuse_request(actor=arranged.head_account, arrangement=row, ground=reason, text=text, **NOW)
    refused_row = refuse_request(actor=arranged.head_account, arrangement=row, ground="task", text="Rilis.", **NOW)
    assert (refused_row.state, refused_row.station) == ("refused", None)


def test_an_objection_goes_to_the_next_level_and_is_answered_once(arranged: ArrangedCity) -> None:
    row = refused(arranged)
    with pytest.raises(ActRefused):
        object_to_refusal(actor=arranged.head_account, arrangement=row, statement="Tidak benar.", **NOW)
    objection = object_to_refusal(actor=arranged.asker_account, arrangement=row, statement="Rilis selesai.", **NOW)
    assert objection.office is not None
    assert objection.office.title == "Sekretaris Daerah"
    with pytest.raises(ActRefused):
        object_to_refusal(actor=arranged.asker_account, arrangement=row, statement="Sekali lagi.", **NOW)
    answer: dict[str, Any] = {"arrangement": row, "granted": True, "answer": "Diterima.", **NOW}
    with pytest.raises(ActRefused):
        answer_objection(actor=arranged.head_account, **answer)
    answer_objection(actor=arranged.sekda_account, **answer)
    row.refresh_from_db()
    assert (row.state, row.round, row.station, len(route_of(row))) == ("submitted", 2, 0, 1)
    with pytest.raises(ActRefused):
        answer_objection(actor=arranged.sekda_account, **answer)
    assert ArrangementObjection.objects.get().state == "granted"


def test_an_objection_is_granted_only_while_no_other_request_for_the_form_is_open(arranged: ArrangedCity) -> None:
    row = refused(arranged)
    object_to_refusal(actor=arranged.asker_account, arrangement=row, statement="Rilis selesai.", **NOW)
    other, entries = save(arranged), TrailEntry.objects.count() + 1
    answer: dict[str, Any] = {"actor": arranged.sekda_account, "arrangement": row, "answer": "Diterima.", **NOW}
    for state in ("draft", "submitted"):
        with pytest.raises(ActRefused, match="6 Oktober 2025") as refusal:
            answer_objection(granted=True, **answer)
        assert (refusal.value.field, Arrangement.objects.get(pk=other.pk).state) == ("granted", state)
        if state == "draft":
            submit_request(actor=arranged.asker_account, arrangement=other, **NOW)
    assert (ArrangementObjection.objects.get().state, TrailEntry.objects.count()) == ("open", entries)
    withdraw_request(actor=arranged.asker_account, arrangement=other, reason="Menunggu keberatan.", **NOW)
    answer_objection(granted=True, **answer)
    row.refresh_from_db()
    assert (row.state, row.round) == ("submitted", 2)
    with pytest.raises(ValuesRefused):
        save(arranged)  # and from now on it is the one that is open


def test_who_refused_never_answers_and_her_other_offices_are_passed_over(arranged: ArrangedCity) -> None:
    top = arranged.head.postings.get().position
    unit_head = arranged.unit_head_account
    row = submitted(arranged)
    record_consultation(actor=unit_head, arrangement=row, held_on=TODAY, text="Dibahas.", **NOW)
    refuse_request(actor=unit_head, arrangement=row, ground="task", text="Rilis.", **NOW)
    said: dict[str, Any] = {"actor": arranged.asker_account, "arrangement": row, "statement": "Tidak benar.", **NOW}
    acting = PostingFactory.create(position=top, employee=arranged.unit_head, capacity="plt", effective_from=POSTED)
    assert object_to_refusal(**said).office == arranged.sekda.postings.get().position
    answer: dict[str, Any] = {"arrangement": row, "granted": True, "answer": "Diterima.", **NOW}
    PostingFactory.create(
        position=arranged.sekda.postings.get().position,
        employee=arranged.unit_head,
        capacity="plh",
        effective_from=POSTED,
    )
    with pytest.raises(ActRefused, match="menolak permohonan ini"):
        answer_objection(actor=unit_head, **answer)
    with pytest.raises(ActRefused):
        answer_objection(actor=arranged.head_account, **answer)
    answer_objection(actor=arranged.sekda_account, **answer)
    row.refresh_from_db()
    assert [one.title for one in route_of(row)] == ["Sekretaris Daerah"], "it does not come before her again"
    assert acting.position == top


def test_a_granted_objection_goes_on_along_the_line(arranged: ArrangedCity) -> None:
    row = submitted(arranged)
    asked = [
        *route_of(row)[:1],
        Station("approver", arranged.sekda.postings.get().position.pk, "Sekda"),
        *route_of(row)[1:],
    ]
    Arrangement.objects.filter(pk=row.pk).update(route=route_text(asked))
    unit_head, head = arranged.unit_head_account, arranged.head_account
    record_consultation(actor=unit_head, arrangement=row, held_on=TODAY, text="Dibahas.", **NOW)
    refuse_request(actor=unit_head, arrangement=row, ground="task", text="Rilis.", **NOW)
    objection = object_to_refusal(actor=arranged.asker_account, arrangement=row, statement="Tidak benar.", **NOW)
    assert objection.office == arranged.head.postings.get().position, "a superior answers, not who is asked beside"
    answer: dict[str, Any] = {"arrangement": row, "granted": True, "answer": "Diterima.", **NOW}
    with pytest.raises(ActRefused):
        answer_objection(actor=arranged.sekda_account, **answer)
    answer_objection(actor=head, **answer)
    row.refresh_from_db()
    assert [(one.kind, row.waits_for_id == one.position) for one in route_of(row)] == [
        ("approver", True),
        ("decide", False),
    ]
    with pytest.raises(ActRefused):
        approve_request(actor=head, arrangement=row, **NOW)
    endorse_request(actor=arranged.sekda_account, arrangement=row, text="", **NOW)
    assert approve_request(actor=head, arrangement=row, **NOW).arrangement.state == "approved"


def test_the_refusal_of_an_office_that_a_condition_names_is_answered_above_it(arranged: ArrangedCity) -> None:
    row = decided(arranged)
    mayor = person("mayor", Role.AGENCY_HEAD, arranged.city.cast.institution)
    named = Station("approver", arranged.sekda.postings.get().position.pk, "Sekretaris Daerah")
    Arrangement.objects.filter(pk=row.pk).update(route=route_text([route_of(row)[0], named, route_of(row)[1]]))
    Arrangement.objects.filter(pk=row.pk).update(waits_for=named.position)
    record_consultation(actor=arranged.sekda_account, arrangement=row, held_on=TODAY, text="Dibahas.", **NOW)
    refuse_request(actor=arranged.sekda_account, arrangement=row, ground="task", text="Rilis.", **NOW)
    object_to_refusal(actor=arranged.asker_account, arrangement=row, statement="Tidak benar.", **NOW)
    answer: dict[str, Any] = {"arrangement": row, "granted": True, "answer": "Diterima.", **NOW}
    with pytest.raises(ActRefused):
        answer_objection(actor=arranged.head_account, **answer)  # no superior of the Sekda
    answer_objection(actor=mayor, **answer)
    row.refresh_from_db()
    assert [(one.kind, one.position) for one in route_of(row)] == [("decide", None)]


def test_above_the_last_level_there_is_nobody_to_object_to(arranged: ArrangedCity) -> None:
    row = refused(arranged)
    mayor = person("mayor", Role.AGENCY_HEAD, arranged.city.cast.institution)
    object_to_refusal(actor=arranged.asker_account, arrangement=row, statement="Rilis selesai.", **NOW)
    answer_objection(actor=arranged.sekda_account, arrangement=row, granted=False, answer="Tetap.", **NOW)
    row.refresh_from_db()
    assert (row.state, row.station, row.waits_for) == ("refused", None, None)
    other = submit_request(actor=arranged.asker_account, arrangement=save(arranged), **NOW)
    Arrangement.objects.filter(pk=other.pk).update(route=route_text([Station("decide", None, "Wali Kota")]))
    with pytest.raises(ActRefused):
        record_consultation(actor=arranged.sekda_account, arrangement=other, held_on=TODAY, text="Dibahas.", **NOW)
    record_consultation(actor=mayor, arrangement=other, held_on=TODAY, text="Dibahas.", **NOW)
    refuse_request(actor=mayor, arrangement=other, ground="task", text="Rilis.", **NOW)
    with pytest.raises(ActRefused):
        object_to_refusal(actor=arranged.asker_account, arrangement=other, statement="Tidak benar.", **NOW)


def test_conditions_that_may_apply_to_her_tasks_or_to_herself_name_approvers() -> None:
    def asks(approver: str) -> Attach:
        return Attach(ConditionKind.APPROVER_ROLE, "Persetujuan", approver)

    away = (criterion("task.outside_office", "is", True),)
    never = (criterion("task.outside_office", "is", False),)
    rules = (
        norm("TASK", asks("personnel_head"), applies=away),
        norm("PERSON", asks("sekda"), subject=Level.EMPLOYEE),
        norm("NOT", asks("head_of_region"), applies=never),
    )
    judged = matter(ground(*rules))
    examination = examine(judged, request("monday"))
    assert [one.approver for one in conditions_of(examination)] == ["personnel_head"]
    assert {one.approver for one in conditions_of(examination, judged)} == {"personnel_head", "sekda"}
