"""What an act ends is suspended at once, what it changes for many when the watcher comes round; the last give way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.actions.employees_import import import_employees
from agencies.actions.people import correct_employee
from agencies.actions.personal_records import end_posting, record_row
from agencies.actions.places import close_workplace
from agencies.actions.services import correct_service
from agencies.actions.studies import save_study_draft, sign_study
from agencies.consequences import Touch, foresee
from agencies.models import Absence, DisciplineGate, Posting, PublicService
from agencies.structure import ServiceValues
from eligibility import receivers
from eligibility.actions.endings import resume_arrangement, suspend_arrangement
from eligibility.actions.instruments import end_instrument
from eligibility.arrangements import watching
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.arrangements.checks import Check, CheckKind, CheckState, Examination
from eligibility.arrangements.examined import no_longer_held
from eligibility.arrangements.reexamination import reexamine
from eligibility.arrangements.requests import Request
from eligibility.models import Arrangement, Reexamination
from eligibility.rulebook import Mode
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.acts.studies import found, judged
from tests.arranged_city import AT, TODAY, ArrangedCity, written
from tests.eligibility.approving import NOW, approved, serviced, waiting
from tests.eligibility.test_request_pages import office

LATER = AT + timedelta(hours=1)


def gate(city: ArrangedCity, starts_on: date = TODAY) -> DisciplineGate:
    """An unsaved gate that closes for the asker."""
    return DisciplineGate(employee=city.asker, kind="medium", basis="pp_94_2021", starts_on=starts_on)


def watch(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("watch", "kota-contoh", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def need(service: PublicService, number: int) -> Any:
    """The act by which the service needs so many people on site."""
    values = ServiceValues(name=service.name, kind=service.kind, unit=service.unit, staff_on_site=number)
    return correct_service(actor=None, service=service, values=values, source="SK 7", valid_from=TODAY, at=LATER)


def test_a_closed_gate_suspends_at_once_in_an_act_of_its_own_before_its_cause(arranged: ArrangedCity) -> None:
    row, other = approved(arranged), approved(arranged, arranged.colleagues[0], "monday")
    before = TrailEntry.objects.count()
    record_row(actor=arranged.city.cast.hr_officer, row=gate(arranged), at=LATER)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.suspended_on, other.state) == ("suspended", row.starts_on, "approved")
    suspended, cause = TrailEntry.objects.order_by("number")[before:]
    assert (suspended.action, cause.action) == ("arrangement_suspended", "employee_record_added")
    assert (suspended.actor_label, json.loads(suspended.body)["cause"]) == ("system", "employee_record_added")
    step = row.steps.latest("pk")
    assert (step.ground, step.by, "(Pasal 25 ayat (1))" in step.text) == ("gate", None, True)
    assert "disiplin" not in step.text.lower()
    assert verify_all(arranged.city.cast.institution).is_whole


def test_what_ends_later_suspends_from_that_day_and_sooner_if_something_else_ends_it(arranged: ArrangedCity) -> None:
    row = approved(arranged)
    posting = Posting.objects.get(employee=arranged.asker)
    end_posting(actor=None, posting=posting, last_day=date(2025, 10, 31), at=LATER)
    row.refresh_from_db()
    assert (row.state, row.suspended_on) == ("suspended", date(2025, 11, 1))
    assert Arrangement.objects.active(date(2025, 10, 30)).filter(pk=row.pk).exists()
    record_row(actor=None, row=gate(arranged, date(2025, 10, 20)), at=LATER)
    row.refresh_from_db()
    assert row.suspended_on == date(2025, 10, 20)
    assert verify_all(arranged.city.cast.institution).is_whole


def test_of_those_who_no_longer_fit_the_last_approved_give_way(arranged: ArrangedCity) -> None:
    service = serviced(arranged, 2)  # of five programmers
    rows = [approved(arranged, one, "tuesday") for one in (arranged.asker, *arranged.colleagues[:2])]
    need(service, 4)
    states = [Arrangement.objects.get(pk=row.pk).state for row in rows]
    assert states == ["approved", "suspended", "suspended"]
    need(service, 2)
    assert [Arrangement.objects.get(pk=row.pk).state for row in rows] == states  # nobody is resumed by herself


def test_who_was_closed_out_makes_room_for_who_came_after(arranged: ArrangedCity) -> None:
    serviced(arranged, 4)  # of five: one may be away
    first = approved(arranged)
    later = waiting(arranged, arranged.colleagues[0])
    Arrangement.objects.filter(pk=later.pk).update(state="approved", approved_at=LATER, station=None, waits_for=None)
    DisciplineGate.objects.create(
        employee=arranged.asker, kind="medium", basis="pp_94_2021", starts_on=TODAY, recorded_at=AT
    )
    assert "2 " in watch("--all", "--on", TODAY.isoformat())
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.state, later.state) == ("suspended", "approved")


@pytest.mark.usefixtures("whole_statements")
def test_leave_and_travel_decide_nothing_and_are_not_looked_at(arranged: ArrangedCity) -> None:
    row = approved(arranged)
    absence = Absence(employee=arranged.asker, kind="leave", starts_on=TODAY, ends_on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        record_row(actor=None, row=absence, at=LATER)
    assert not [query for query in asked if "eligibility_arrangement" in query["sql"]]
    row.refresh_from_db()
    assert row.state == "approved"


def test_staleness_alone_and_the_unknown_suspend_nobody() -> None:
    def check(kind: CheckKind, state: CheckState) -> Check:
        return Check(kind, state, "any", TODAY, TODAY)

    request = Request(Mode.HOME, None, frozenset({"monday"}), TODAY, TODAY, TODAY)
    failed = check(CheckKind.GATE, CheckState.FAILED)
    tolerated = (check(CheckKind.STALE, CheckState.FAILED), check(CheckKind.GATE, CheckState.UNKNOWN))
    assert no_longer_held(Examination(request, (), (*tolerated, failed))) == (failed,)


@pytest.mark.usefixtures("whole_statements")
def test_an_act_that_touches_nothing_granted_asks_one_question(arranged: ArrangedCity) -> None:
    with CaptureQueriesContext(connection) as asked:
        record_row(actor=None, row=gate(arranged), at=LATER)
    assert len([query for query in asked if "eligibility_arrangement" in query["sql"]]) == 1


def test_what_is_only_tried_suspends_nobody(arranged: ArrangedCity) -> None:
    row = approved(arranged)
    touch = Touch(arranged.city.cast.institution, TODAY, employees=[arranged.asker.pk])
    told = foresee(lambda: record_row(actor=None, row=gate(arranged), at=LATER), touch)
    assert [one.total for one in told if str(row) in one.items] == [1]
    row.refresh_from_db()
    assert (row.state, row.notices.filter(code="suspended").count()) == ("approved", 0)


def test_the_watcher_works_what_waits_once_and_looks_at_each_day_once(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = approved(arranged)
    day = ("--on", TODAY.isoformat())
    assert "1 " in watch(*day)
    assert Reexamination.objects.get().cause == "time"
    assert not [letter for letter in watch(*day) if letter.isdigit()]  # nothing waits
    monkeypatch.setattr(receivers, "FEW", 0)
    for number in (1, 2):
        end_instrument(
            actor=None, instrument=arranged.instrument, ends_from_day=date(2025, 11, number + 9), basis="SK", at=LATER
        )
    waits = Reexamination.objects.get(done_at__isnull=True)
    assert waits.cause == "rules"
    row.refresh_from_db()
    assert row.state == "approved"
    watch(*day)
    row.refresh_from_db()
    waits.refresh_from_db()
    assert (row.state, row.suspended_on) == ("suspended", date(2025, 11, 10))
    assert (waits.examined, waits.suspended, waits.done_at is not None) == (1, 1, True)
    watch("--all", *day)
    assert row.steps.filter(what="suspended").count() == 1
    watch("--on", "2025-10-02")
    assert Reexamination.objects.filter(cause="time").count() == 2
    with pytest.raises(CommandError):
        call_command("watch", "kota-mana", stdout=StringIO())


def test_what_is_asked_while_the_watcher_works_waits_for_the_next_round(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(arranged)
    end_instrument(actor=None, instrument=arranged.instrument, ends_from_day=date(2025, 12, 20), basis="SK", at=LATER)
    real = reexamine

    def meanwhile(*given: Any, **named: Any) -> Any:
        watching.ask(arranged.city.cast.institution, Reexamination.Cause.RULES, LATER + timedelta(minutes=1))
        return real(*given, **named)

    monkeypatch.setattr(watching, "reexamine", meanwhile)
    watch("--on", TODAY.isoformat())
    assert Reexamination.objects.get(cause="rules").done_at is None
    monkeypatch.undo()
    watch("--on", TODAY.isoformat())
    assert not Reexamination.objects.filter(done_at__isnull=True).exists()


Act = Callable[[ArrangedCity], object]


def ends_the_basis(city: ArrangedCity) -> object:
    """The implementing instrument ends on the tenth of November."""
    return end_instrument(
        actor=None, instrument=city.instrument, ends_from_day=date(2025, 11, 10), basis="SK", at=LATER
    )


def concludes_no(city: ArrangedCity) -> object:
    """BKPSDM concludes that the agency cannot."""
    agency = city.programmer.agency
    save_study_draft(actor=None, agency=agency, values=found(), at=LATER)
    judgement = judged(conclusion="cannot", valid_from=date(2025, 11, 10))
    return sign_study(actor=None, agency=agency, judgement=judgement, at=LATER)


def moves_by_import(city: ArrangedCity) -> object:
    """A file says that the asker leads the unit from the tenth of November on."""
    row = {"nip": city.asker.nip, "name": city.asker.name, "kind": "PNS", "grade": "III/a", "standing": "aktif"}
    row |= {"employment_from": "2023-01-02", "position_code": "Kepala Bidang Aplikasi", "capacity": "Definitif"}
    row |= {"posting_reason": "Mutasi", "posting_sk": "SK-9", "posting_from": "2025-11-10"}
    content = "\n".join((",".join(row), ",".join(row.values()))).encode()
    return import_employees(
        actor=None, institution=city.city.cast.institution, content=content, source="pegawai.csv", at=LATER
    )


@pytest.mark.parametrize("act", [ends_the_basis, concludes_no, moves_by_import])
def test_what_gates_read_is_looked_at_again_at_once_and_left_to_the_watcher_where_many_are_touched(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    row = approved(arranged)
    touch = Touch(arranged.city.cast.institution, TODAY)
    with monkeypatch.context() as few, transaction.atomic():
        few.setattr(receivers, "FEW", 0)
        sentences = [one.sentence for one in foresee(lambda: act(arranged), touch)]
        assert len([one for one in sentences if "pemantau" in one]) == 1
        act(arranged)
        (queued,) = TrailEntry.objects.filter(action="reexamination_queued")
        cause = TrailEntry.objects.get(number=queued.number + 1)
        told = json.loads(queued.body)
        assert (told["arrangements"], told["cause"], queued.actor_label) == (1, cause.action, "system")
        assert Reexamination.objects.filter(cause="rules", done_at__isnull=True).exists()
        assert Arrangement.objects.get(pk=row.pk).state == "approved"
        transaction.set_rollback(True)
    act(arranged)
    row.refresh_from_db()
    assert (row.state, row.suspended_on) == ("suspended", date(2025, 11, 10))
    assert not Reexamination.objects.filter(cause="rules").exists()
    assert not TrailEntry.objects.filter(action="reexamination_queued").exists()
    assert verify_all(arranged.city.cast.institution).is_whole


def test_a_place_that_is_closed_suspends_from_that_day_and_an_unknown_residence_suspends_nobody(
    arranged: ArrangedCity,
) -> None:
    place = office(arranged.city.cast.institution, "KU")
    away = approved(arranged, mode=Mode.OTHER_OFFICE, workplace=place, residence_confirmed=False)
    home = approved(arranged, arranged.colleagues[0], "monday")
    close_workplace(actor=None, workplace=place, closed_on=date(2025, 11, 3), at=LATER)
    resident = home.employee
    correct_employee(actor=None, employee=resident, nip=resident.nip, name=resident.name, residence="", at=LATER)
    away.refresh_from_db()
    home.refresh_from_db()
    assert (away.state, away.suspended_on, home.state) == ("suspended", date(2025, 11, 3), "approved")
    step = away.steps.latest("pk")
    assert (step.ground, place.name in step.text, "3 November 2025" in step.text) == ("place", True, True)
    suspend_arrangement(actor=arranged.head_account, arrangement=home, ground="other", text="Jeda.", **NOW)
    with pytest.raises(ApprovalRefused, match="BKPSDM"):
        resume_arrangement(actor=arranged.head_account, arrangement=home, **NOW)
    assert verify_all(arranged.city.cast.institution).is_whole


def test_an_expired_one_is_left_alone(arranged: ArrangedCity) -> None:
    row = written(arranged, state="approved", approved_at=AT, starts_on=date(2025, 9, 1), ends_on=date(2025, 9, 30))
    record_row(actor=None, row=gate(arranged, date(2025, 9, 10)), at=LATER)
    row.refresh_from_db()
    assert row.state == "approved"
