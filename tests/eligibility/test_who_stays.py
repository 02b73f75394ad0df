"""When somebody goes, those who stay are looked at again at once: shares and services count fewer people then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actions.employees_import import import_employees
from agencies.actions.imports import apply_import, undo_import
from agencies.actions.people import close_employment
from agencies.actions.personal_records import correct_row, end_posting, record_row, withdraw_row
from agencies.actions.staff_counts import count_non_asn_staff
from agencies.actions.tasks import close_task, set_task_holders
from agencies.consequences import Touch, foresee
from agencies.models import DataImport, Employee, Employment, Position, Posting
from eligibility import receivers
from eligibility.actions.approvals import approve_request
from eligibility.actions.arrangements import withdraw_request
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.models import Arrangement, Reexamination
from eligibility.texts import LimitText
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.agencies.importing import examined, text
from tests.arranged_city import AT, TODAY, ArrangedCity, holder, written
from tests.eligibility.approving import NOW, approved, serviced, waiting
from tests.eligibility.drafted_rules import draft, publish
from tests.factories import AgencyFactory, PositionFactory, TaskFactory

LATER = AT + timedelta(hours=1)
EARLIER = AT - timedelta(hours=1)
GONE = date(2025, 11, 1)
"""The first day on which who goes is there no longer."""

Goes = Callable[[ArrangedCity, Employee], object]


def at_most_half(city: ArrangedCity) -> None:
    """From now on at most half of the people of a unit work at home on any day."""
    limit = LimitText("share_of_staff", "most", Decimal(50), together=("home",), per="unit")
    publish(city, draft(city, "SEPARUH", subject="agency", effect="limit", limit=limit))


def posting_of(who: Employee) -> Posting:
    found: Posting = Posting.objects.current().get(employee=who)
    return found


def ends(city: ArrangedCity, who: Employee, at: datetime = LATER) -> object:
    """Her posting ends."""
    return end_posting(actor=None, posting=posting_of(who), last_day=GONE - timedelta(days=1), at=at)


def leaves(city: ArrangedCity, who: Employee) -> object:
    """She leaves altogether."""
    return close_employment(actor=None, employee=who, last_day=GONE - timedelta(days=1), at=LATER)


def moves(city: ArrangedCity, who: Employee) -> object:
    """She held another position all along, of another agency."""
    wrong = posting_of(who)
    values = {name: getattr(wrong, name) for name in ("capacity", "reason", "sk_number", "effective_from")}
    right = Posting(employee=who, position=city.city.refused, **values)
    return correct_row(actor=None, wrong=wrong, right=right, at=LATER)


def is_withdrawn(city: ArrangedCity, who: Employee) -> object:
    """She never was posted there."""
    return withdraw_row(actor=None, row=posting_of(who), at=LATER)


def studies(city: ArrangedCity, who: Employee) -> object:
    """She is on study leave."""
    row = Employment(employee=who, kind="pns", standing="study", effective_from=GONE)
    return record_row(actor=None, row=row, at=LATER)


def moves_by_import(city: ArrangedCity, who: Employee) -> object:
    """A file says that she works elsewhere."""
    row = {"nip": who.nip, "name": who.name, "kind": "PNS", "grade": "III/a", "standing": "aktif"}
    row |= {"employment_from": "2023-01-02", "position_code": city.city.refused.code, "capacity": "Definitif"}
    row |= {"posting_reason": "Mutasi", "posting_sk": "SK-9", "posting_from": TODAY.isoformat()}
    content = "\n".join((",".join(row), ",".join(row.values()))).encode()
    return import_employees(
        actor=None, institution=city.city.cast.institution, content=content, source="pegawai.csv", at=LATER
    )


@pytest.mark.parametrize("goes", [ends, leaves, moves, is_withdrawn, studies, moves_by_import])
def test_who_goes_ends_what_the_share_no_longer_leaves_to_another_and_nothing_while_it_does(
    arranged: ArrangedCity, goes: Goes
) -> None:
    spare = holder(arranged.programmer, "Rekan Cadangan")  # the unit has seven people then: three may be at home
    people = (*arranged.colleagues[:2], arranged.asker)
    rows = [approved(arranged, one, "tuesday") for one in people]
    at_most_half(arranged)
    waiting = set(Reexamination.objects.values_list("pk", "asked_at"))
    goes(arranged, spare)
    assert {row.state for row in Arrangement.objects.all()} == {"approved"}, "three of six are still a half"
    goes(arranged, arranged.colleagues[3])
    first, second, last = Arrangement.objects.order_by("approved_at", "pk")
    assert [first.state, second.state, last.state] == ["approved", "approved", "suspended"]
    began = last.starts_on if goes in (moves, is_withdrawn, moves_by_import) else GONE
    assert (last, last.suspended_on) == (rows[2], began)
    step = last.steps.latest("pk")
    assert (step.ground, step.by, "3 dari paling banyak 2 orang" in step.text) == ("share", None, True), step.text
    assert last.notices.filter(code="suspended").exists()
    if goes is not moves_by_import:
        assert set(Reexamination.objects.values_list("pk", "asked_at")) == waiting, "nothing is left to be looked at"
    assert verify_all(arranged.city.cast.institution).is_whole


def test_who_is_known_to_go_is_not_counted_upon_from_that_day(arranged: ArrangedCity) -> None:
    serviced(arranged, 2)  # of five programmers until the end of October, of four from then on
    ends(arranged, arranged.colleagues[3], EARLIER)
    for one in arranged.colleagues[:2]:
        approved(arranged, one, "tuesday")
    asked = waiting(arranged, arranged.asker, "tuesday")
    with pytest.raises(ApprovalRefused) as refusal:
        approve_request(actor=arranged.head_account, arrangement=asked, **NOW)
    assert "Bantuan TIK memerlukan 2 orang di tempat; pada Selasa akan tersisa 1" in str(refusal.value)
    withdraw_request(actor=arranged.asker_account, arrangement=asked, reason="Masa lain", **NOW)
    until = approved(arranged, arranged.asker, "tuesday", ends_on=GONE - timedelta(days=1))
    assert until.state == "approved", "there are enough until she goes"


def test_an_import_that_brought_somebody_takes_her_away_again_when_it_is_undone(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    holder(arranged.programmer, "Rekan Cadangan")
    first, second = (brought_by_import(arranged, f"Perawat {number}") for number in ("Satu", "Dua"))
    rows = [approved(arranged, one, "tuesday") for one in (*arranged.colleagues[:3], arranged.asker)]
    at_most_half(arranged)
    undo_import(actor=cast.hr_officer, data_import=first, reason="Keliru", at=LATER)
    assert not Arrangement.objects.filter(state="suspended").exists(), "four of eight are still a half"
    undo_import(actor=cast.hr_officer, data_import=second, reason="Keliru", at=LATER)
    assert list(Arrangement.objects.filter(state="suspended")) == rows[3:]


def brought_by_import(city: ArrangedCity, name: str) -> DataImport:
    """A file says that somebody from elsewhere is a programmer now."""
    guest, actor = holder(city.city.refused, name), city.city.cast.hr_officer
    headings = ["nip", "position_code", "posting_reason", "posting_from"]
    told = text([headings, [guest.nip, city.programmer.code, "transfer", TODAY.isoformat()]])
    row: DataImport = examined(city.city.cast, "employees", told, f"{name}.csv")
    apply_import(actor=actor, data_import=row, at=AT)
    return row


@pytest.mark.parametrize("per", ["agency", "institution"])
def test_a_perangkat_daerah_counts_who_goes_from_below_it_and_the_institution_who_goes_anywhere(
    arranged: ArrangedCity, per: str
) -> None:
    agency, other = arranged.programmer.agency, arranged.city.cast.other_agency
    parent = agency if per == "agency" else other
    below = AgencyFactory.create(institution=agency.institution, parent=parent, code="UPT-1", kind="uptd")
    job = PositionFactory.create(agency=below, title="Operator", code="UPT-1-OP")
    TaskFactory.create(position=job)
    kept, gone = holder(job, "Operator Satu"), holder(job, "Operator Dua")
    row = approved(arranged)
    employed = Posting.objects.filter(employee__in=Employment.objects.values("employee"))
    staff = (employed.filter(position__agency__in=(agency, below)) if per == "agency" else employed).count()
    limit = LimitText("staff_on_site", "least", Decimal(staff - 2), together=("home",), per=per)
    publish(arranged, draft(arranged, "TINGGAL", subject="agency", effect="limit", limit=limit))
    ends(arranged, kept)
    row.refresh_from_db()
    assert row.state == "approved", "all but two are there"
    ends(arranged, gone)
    row.refresh_from_db()
    assert (row.state, row.suspended_on, row.steps.latest("pk").ground) == ("suspended", GONE, "share")


def elsewhere(city: ArrangedCity, *names: str) -> tuple[Position, list[Employee]]:
    """A position of another agency that serves the same service, and who holds it."""
    other = PositionFactory.create(agency=city.city.cast.other_agency, title="Teknisi", code="TEKNISI")
    TaskFactory.create(position=other).services.set(city.programmer.tasks.get().services.all())
    return other, [holder(other, name) for name in names]


def her_task_alone(city: ArrangedCity, who: Employee) -> object:
    """Her position serves by somebody else's task."""
    posting = posting_of(who)
    others = [one.employee for one in posting.position.postings.current().exclude(employee=who)]
    return set_task_holders(actor=None, task=posting.position.tasks.get(), holders=others, on=TODAY, at=LATER)


@pytest.mark.parametrize("goes", [ends, leaves, moves, is_withdrawn, studies, moves_by_import, her_task_alone])
def test_who_goes_from_a_service_ends_what_those_of_another_agency_may_leave_no_longer(
    arranged: ArrangedCity, goes: Goes
) -> None:
    serviced(arranged, 5)  # of five programmers and three technicians: three may be away
    _other, technicians = elsewhere(arranged, "Teknisi Satu", "Teknisi Dua", "Teknisi Tiga")
    rows = [approved(arranged, one, "tuesday") for one in (arranged.colleagues[0], arranged.asker)]
    goes(arranged, technicians[0])
    assert {row.state for row in Arrangement.objects.all()} == {"approved"}, "five of seven are left"
    if goes is her_task_alone:
        goes = is_withdrawn
    goes(arranged, technicians[1])
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["approved", "suspended"]
    step = rows[1].steps.latest("pk")
    assert (step.ground, "Bantuan TIK memerlukan 5 orang" in step.text) == ("service", True), step.text
    assert rows[1].notices.filter(code="suspended").exists()
    assert verify_all(arranged.city.cast.institution).is_whole


def test_fewer_who_are_no_civil_servants_and_a_task_that_ends_leave_a_service_with_fewer(
    arranged: ArrangedCity,
) -> None:
    service = serviced(arranged, 5)
    other, _technicians = elsewhere(arranged, "Teknisi Satu")
    counted: dict[str, Any] = {"actor": None, "agency": service.agency, "unit": service.unit, "source": "Rekap"}
    count_non_asn_staff(**counted, count=2, counted_on=date(2025, 9, 1), at=AT)
    rows = [approved(arranged, one, "tuesday") for one in (arranged.asker, *arranged.colleagues[:2])]
    assert count_non_asn_staff(**counted, count=3, counted_on=date(2025, 9, 15), at=LATER)
    assert not Arrangement.objects.filter(state="suspended").exists()
    count_non_asn_staff(**counted, count=1, counted_on=date(2025, 9, 20), at=LATER)
    assert list(Arrangement.objects.filter(state="suspended")) == rows[2:]
    TaskFactory.create(position=other, number=2)
    close_task(actor=None, task=other.tasks.get(number=1), closed_on=GONE, source="SK 7", at=LATER)
    assert set(Arrangement.objects.filter(state="suspended")) == set(rows[1:])


@pytest.mark.usefixtures("whole_statements")
def test_who_comes_or_rises_takes_nothing_from_others_who_are_not_looked_at(arranged: ArrangedCity) -> None:
    approved(arranged)
    who = holder(arranged.city.refused, "Perawat Lama")
    ends(arranged, who)
    come = Posting(employee=who, position=arranged.programmer, reason="transfer", effective_from=GONE, sk_number="SK 3")
    risen = Employment(employee=who, kind="pns", grade="III/b", effective_from=GONE)
    for row in (come, risen):
        with CaptureQueriesContext(connection) as asked:
            assert record_row(actor=None, row=row, at=LATER + timedelta(hours=1))
        assert len([query for query in asked if "eligibility_arrangement" in query["sql"]]) == 1, "hers alone"


def test_many_who_stay_wait_for_the_watcher_and_her_own_is_looked_at_at_once(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = approved(arranged), approved(arranged, arranged.colleagues[0], "monday")
    touch = Touch(arranged.city.cast.institution, TODAY)
    monkeypatch.setattr(receivers, "FEW", 1)
    told = [one.sentence for one in foresee(lambda: ends(arranged, arranged.asker), touch)]
    assert len([sentence for sentence in told if "pemantau" in sentence]) == 1, told
    ends(arranged, arranged.asker)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, own.suspended_on, other.state) == ("suspended", GONE, "approved")
    assert Reexamination.objects.get().cause == "structure"
    assert TrailEntry.objects.filter(action="reexamination_queued").exists()


def test_one_who_goes_costs_as_many_queries_beside_sixty_as_beside_three(arranged: ArrangedCity) -> None:
    at_most_half(arranged)

    def cost(who: Employee) -> int:
        with CaptureQueriesContext(connection) as asked:
            ends(arranged, who)
        assert not Arrangement.objects.exclude(state="approved").exists()
        return len(asked)

    for number in range(3):
        _at_home(arranged, f"Rekan Rumah {number}")
    idle = [holder(arranged.programmer, f"Rekan Kantor {number}") for number in range(70)]
    cost(idle[0])  # what is kept is read
    few = cost(idle[1])
    for number in range(57):
        _at_home(arranged, f"Rekan Jauh {number}")
    assert cost(idle[2]) == few <= 80


def _at_home(city: ArrangedCity, name: str) -> None:
    days = {"starts_on": date(2025, 10, 6), "ends_on": date(2025, 11, 28), "weekdays": "tuesday"}
    written(city, holder(city.programmer, name), state="approved", approved_at=AT, **days)
