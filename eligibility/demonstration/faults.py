"""Seeds the faults of the fictional city that an audit is to find: one for each line of `seeded_faults.csv`.

No page reads that file. What the acts would refuse is written beside them here, as somebody with a hand in the
database could, and recorded in the trail as if it had been an act.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from agencies.actions.personal_records import record_row
from agencies.actions.task_facts import set_task_fact
from agencies.models import Basis, DisciplineGate, Employee, Institution, Posting, User
from eligibility.actions.approvals import approve_request, endorse_request
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.actions.worked_days import record_worked_days
from eligibility.arrangements.approving import leaves_of_approval, write_approval
from eligibility.arrangements.examined import examined, implementing_norm
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.arrangements.reporting_line import Office
from eligibility.arrangements.stations import is_last, place_at, station_of
from eligibility.arrangements.transitions import Deed, What, locked, move, told
from eligibility.demonstration.people_who_act import People, fitting, may_ask
from eligibility.models import Arrangement, ArrangementState, ArrangementStep, Attestation, RefusalGround
from eligibility.rulebook import Mode

LIST: Final = Path(__file__).with_name("seeded_faults.csv")

_OUTPUTS: Final = (OutputLine("Laporan hasil kerja mingguan", "1 laporan seminggu", "Tersusunnya laporan tugas"),)
_MINUTE: Final = timedelta(minutes=1)
_RUSH: Final = timedelta(seconds=4)
"""What lies between decisions that were hardly looked at."""


@dataclass(frozen=True, slots=True)
class SeededFault:
    """One line of the list: what kind of fault stands in which agency."""

    number: int
    kind: str
    agency: str


def seeded_faults() -> list[SeededFault]:
    """The list, in its order."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return [SeededFault(int(row["nomor"]), row["jenis"], row["perangkat_daerah"]) for row in csv.DictReader(file)]


@dataclass(frozen=True)
class Case:
    """Where a fault is to be: the people of the agency who may ask, and the accounts that act."""

    institution: Institution
    people: People
    askers: Sequence[Employee]


def spared_people(institution: Institution) -> dict[str, list[Employee]]:
    """Those of each fault's agency who ask for nothing else, by kind of fault."""
    wanted = {fault.agency: fault for fault in seeded_faults()}
    found: dict[str, list[Employee]] = {}
    for posting in may_ask(institution).select_related("employee", "position__agency").order_by("position__code", "pk"):
        fault = wanted.get(posting.position.agency.code)
        if fault is not None:
            found.setdefault(fault.kind, []).append(posting.employee)
    return {kind: people[: _SPARED.get(kind, _FEW)] for kind, people in found.items()}


_SPARED: Final = {"share": 16, "in_a_row": 8}
_FEW: Final = 3
"""So many people are kept free for a fault."""


def seed_faults(institution: Institution, people: People, spared: Mapping[str, Sequence[Employee]]) -> Iterator[int]:
    """Write each fault and give the key of its arrangement, in the order of the list."""
    for fault in seeded_faults():
        row = _SEEDERS[fault.kind](Case(institution, people, spared[fault.kind]))
        yield row.pk


def _at(day: date, hour: int = 9) -> datetime:
    """A full hour in western Indonesia."""
    return datetime.fromisoformat(f"{day.isoformat()}T{hour:02}:00:00+07:00")


def _waiting(case: Case, employee: Employee, at: datetime, *weekdays: str, until: date) -> Arrangement:
    """A request that has come to its last station, a week before it begins."""
    actor, on = case.people.account(employee), at.date()
    starts = on + timedelta(days=14 - on.weekday())
    plan = Plan(Mode.HOME, weekdays, starts, until, _OUTPUTS, tuple(Attestation.values), residence_confirmed=True)
    row = save_request(actor=actor, employee=employee, plan=plan, on=on, at=at)
    row = submit_request(actor=actor, arrangement=row, on=on, at=at + _MINUTE)
    moment = at + 2 * _MINUTE
    while not is_last(row):
        superior = case.people.superior(row, on, moment)
        assert superior is not None, "a station below the last has a holder"
        row = endorse_request(actor=superior, arrangement=row, text="Mendukung.", on=on, at=moment)
        moment += _MINUTE
    return row


def _last_superior(case: Case, row: Arrangement, at: datetime) -> User:
    superior = case.people.superior(row, at.date(), at)
    assert superior is not None, "the agencies of the list have a head"
    return superior


def _approved_unchecked(row: Arrangement, actor: User, at: datetime) -> Arrangement:
    """An approval without its checks, written as a hand in the database could write it."""
    row, on = locked(row), at.date()
    found = examined(row, on=on, at=at)
    station = station_of(row)
    assert station is not None
    office = Office(actor.employee_id, station.position, station.title, Posting.Capacity.DEFINITIVE.value)
    row.norm = implementing_norm(row.institution, found.matter.spans[0].place, row.starts_on, at)
    row.approved_at = at
    place_at(row, None)
    deed = Deed(What.APPROVED, actor, on, at, office)
    move(row, deed, ArrangementState.APPROVED, "norm", "approved_at", "station", "waits_for")
    approval = write_approval(row, found, deed)
    told(row, deed, "arrangement_approved", leaves=leaves_of_approval(approval), more={"approval": approval.pk})
    return row


def _without_instrument(case: Case) -> Arrangement:
    """The instrument ends with the year; the plan goes on into January."""
    at = _at(date(2025, 9, 8))
    row = _waiting(case, next(fitting(case.institution, case.askers, at)), at, "tuesday", until=date(2026, 1, 30))
    return _approved_unchecked(row, _last_superior(case, row, at), at + _MINUTE * 60)


def _over_the_share(case: Case) -> Arrangement:
    """All ask for the same Wednesday; the first who no longer fits is approved all the same."""
    at = _at(date(2025, 9, 10), 7)
    for employee in list(fitting(case.institution, case.askers, at)):
        at += _MINUTE * 10
        row = _waiting(case, employee, at, "wednesday", until=date(2025, 11, 28))
        superior = _last_superior(case, row, at)
        checks = examined(row, on=at.date(), at=at + _MINUTE * 5).examination
        if not checks.may_be_approved:
            return _approved_unchecked(row, superior, at + _MINUTE * 5)
        approve_request(actor=superior, arrangement=row, on=at.date(), at=at + _MINUTE * 5)
    raise AssertionError("too few people ask to exceed the share")


def _by_herself(case: Case) -> Arrangement:
    at = _at(date(2025, 8, 5))
    row = _waiting(case, next(fitting(case.institution, case.askers, at)), at, "monday", until=date(2025, 10, 31))
    return _approved_unchecked(row, case.people.account(row.employee), at + _MINUTE * 60)


def _after_a_gate(case: Case) -> Arrangement:
    """A disciplinary process is recorded a week before the approval."""
    at = _at(date(2025, 8, 12))
    employee = next(fitting(case.institution, case.askers, at))
    row = _waiting(case, employee, at, "thursday", until=date(2025, 10, 31))
    gate = DisciplineGate(
        employee=employee, kind=DisciplineGate.Kind.PROCESS, basis=DisciplineGate.Basis.PP_94_2021, starts_on=at.date()
    )
    record_row(actor=None, row=gate, at=at + _MINUTE * 30)
    return _approved_unchecked(row, _last_superior(case, row, at), at + timedelta(days=7))


def _stale(case: Case) -> Arrangement:
    """The tasks now need special equipment, so that the Penetapan no longer says what would be decided."""
    at = _at(date(2025, 8, 19))
    employee = next(fitting(case.institution, case.askers, at))
    row = _waiting(case, employee, at, "friday", until=date(2025, 10, 31))
    for number, task in enumerate(row.position.tasks.order_by("number")):
        set_task_fact(
            actor=None,
            task=task,
            fact="task.special_workspace",
            value=True,
            source="Pembaruan anjab (data sintetis)",
            basis=Basis.IMPORTED,
            valid_from=at.date(),
            at=at + _MINUTE * (30 + number),
        )
    return _approved_unchecked(row, _last_superior(case, row, at), at + timedelta(days=2))


def _in_a_row(case: Case) -> Arrangement:
    """Five that pass every check, decided within seconds; the last is the one to be named."""
    at = _at(date(2025, 7, 15), 8)
    rows = []
    for number, employee in enumerate(islice(fitting(case.institution, case.askers, at), 5)):
        weekday = ("monday", "tuesday", "wednesday", "thursday", "friday")[number]
        rows.append(_waiting(case, employee, at + _MINUTE * 10 * number, weekday, until=date(2025, 9, 26)))
    for number, row in enumerate(rows):
        moment = at + timedelta(hours=5) + _RUSH * number
        approve_request(actor=_last_superior(case, row, at), arrangement=row, on=at.date(), at=moment)
    return rows[-1]


def _without_consultation(case: Case) -> Arrangement:
    at = _at(date(2025, 7, 22))
    row = locked(
        _waiting(case, next(fitting(case.institution, case.askers, at)), at, "tuesday", until=date(2025, 9, 26))
    )
    actor, moment = _last_superior(case, row, at), at + _MINUTE * 60
    ArrangementStep.objects.create(
        arrangement=row,
        round=row.round,
        what=What.REFUSED,
        station=row.station,
        by=actor,
        by_employee=actor.employee,
        office=row.waits_for,
        office_title=str(row.waits_for or ""),
        capacity=Posting.Capacity.DEFINITIVE,
        on=at.date(),
        at=moment,
        ground=RefusalGround.SERVICE,
        text="Ditolak (data sintetis).",
    )
    row.state = ArrangementState.REFUSED
    place_at(row, None)
    row.save(update_fields=["state", "station", "waits_for"])
    told(row, Deed(What.REFUSED, actor, at.date(), moment), "arrangement_refused")
    return row


def _worked_past_its_end(case: Case) -> Arrangement:
    at = _at(date(2025, 7, 8))
    row = _waiting(case, next(fitting(case.institution, case.askers, at)), at, "wednesday", until=date(2025, 8, 29))
    approve_request(actor=_last_superior(case, row, at), arrangement=row, on=at.date(), at=at + _MINUTE * 60)
    row.refresh_from_db()
    record_worked_days(
        actor=None,
        arrangement=row,
        days=[date(2025, 8, 27), date(2025, 9, 3)],
        source="Presensi elektronik September 2025 (data sintetis)",
        on=date(2025, 9, 5),
        at=_at(date(2025, 9, 5)),
    )
    return row


_SEEDERS: Final[Mapping[str, Callable[[Case], Arrangement]]] = {
    "no_instrument": _without_instrument,
    "share": _over_the_share,
    "own_decision": _by_herself,
    "gate_closed": _after_a_gate,
    "stale": _stale,
    "in_a_row": _in_a_row,
    "no_consultation": _without_consultation,
    "worked_past_end": _worked_past_its_end,
}
