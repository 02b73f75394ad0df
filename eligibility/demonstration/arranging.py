"""Lives three months of Fleksibilitas Kerja in the fictional city by the acts that people use, day by day.

Who asks, decides and is asked for are the invented people of the city; what a check stops is returned, as it would be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from agencies.bulk_rows import refresh_statistics
from agencies.demonstration.lots import lot
from agencies.errors import ActRefused
from agencies.models import Employee, Institution, Posting, User, Workplace
from eligibility.actions import approvals, arrangements, endings, letters
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.arrangements.stations import is_last
from eligibility.arrangements.suspending import SuspensionGround
from eligibility.demonstration.faults import seed_faults, spared_people
from eligibility.demonstration.last_days import live_last_days, live_last_morning
from eligibility.demonstration.people_who_act import People, fitting, may_ask
from eligibility.demonstration.wishes import SEEN_ON, Diary, Wish, days_later, midnight, wishes_of
from eligibility.models import Arrangement, ArrangementState, Attestation, RefusalGround
from eligibility.rulebook import Mode

_OUTPUTS: Final = (
    OutputLine("Laporan hasil kerja mingguan", "1 laporan seminggu", "Tersusunnya laporan pelaksanaan tugas"),
    OutputLine("Dokumen sesuai penugasan", "2 dokumen sebulan", "Tersedianya dokumen tepat waktu"),
)
_TALKED: Final = "Jadwal layanan dan hasil kerja dibicarakan dengan pegawai (data sintetis)."

Seal = Callable[[datetime], object]
"""Signs at a moment how far the trail has come."""

Step = Callable[["Request"], bool]
"""Does the next thing with a request at a moment; False where the request goes no further."""


@dataclass
class Request:
    """A wish on its way: its row once it is written, and the moment and day of the act that is due."""

    wish: Wish
    at: datetime
    row: Arrangement | None = None

    @property
    def on(self) -> date:
        """The day of the act."""
        return self.at.date()

    @property
    def stored(self) -> Arrangement:
        """The row as it stands now."""
        assert self.row is not None
        self.row.refresh_from_db()
        return self.row


@dataclass(frozen=True, slots=True)
class Lived:
    """How many arrangements the city holds, by state."""

    created: bool
    states: Mapping[str, int]


def live_three_months(institution: Institution, seal: Seal) -> Lived:
    """Let people ask and be answered from the end of June to the end of September, and seed the faults of the list.

    The trail is sealed at the end of each month. A city that has any arrangement is left alone.
    """
    created = not institution.arrangements.exists()
    if created:
        with transaction.atomic():
            _live(institution, seal)
        refresh_statistics()
    states = Counter(institution.arrangements.order_by().values_list("state", flat=True))
    return Lived(created, dict(states))


_FIRST_LOOK: Final = datetime.fromisoformat("2025-06-30T12:00:00+07:00")
_LETTERLESS: Final = 10
"""Of a hundred approvals so many have no letter yet."""
_IN_VAIN: Final = 12
"""Of a hundred who could not be given a day, so many ask all the same."""


def _live(institution: Institution, seal: Seal) -> None:
    spared = spared_people(institution)
    kept = {employee.pk: employee for people in spared.values() for employee in people}
    held = may_ask(institution).exclude(employee__in=kept).select_related("employee")
    people = sorted((posting.employee for posting in held), key=lambda one: one.nip)
    fit = {one.pk for one in fitting(institution, people, _FIRST_LOOK)}
    askers = [one for one in people if one.pk in fit or lot(one.nip, "in vain") < _IN_VAIN]
    months = _Months(institution, seal)
    months.people.open_accounts([*askers, *kept.values()])
    months.live(list(wishes_of(institution.code, [(one.pk, one.nip) for one in askers])))
    live_last_days(institution, months.people, months.diary)
    list(seed_faults(institution, months.people, spared))
    months.end(SEEN_ON)
    live_last_morning(institution, months.people, months.diary)


_PLACES: Final = {
    Mode.OTHER_OFFICE: Workplace.Kind.MAIN_OFFICE.value,
    Mode.OTHER_PLACE: Workplace.Kind.OTHER_PLACE.value,
}


class _Months:
    """Holds what is due, and does it in the order of its moments."""

    def __init__(self, institution: Institution, seal: Seal) -> None:
        self.institution = institution
        self.seal = seal
        self.people = People(institution)
        self.diary = Diary()
        self.due: dict[date, list[tuple[Request, Step]]] = {}
        register = {row.kind: row for row in Workplace.objects.filter(institution=institution).order_by("code")}
        self.places = {mode: register[kind] for mode, kind in _PLACES.items() if kind in register}
        self.letters = 0

    def live(self, wishes: list[Wish]) -> None:
        """Do everything that is due, day by day."""
        for wish in wishes:
            self._plan(wish.submitted, Request(wish, self.diary.moment(wish.submitted)), self._ask)
        month = min(self.due).month
        while self.due and (day := min(self.due)) < SEEN_ON:
            if day.month != month:
                self.end(day)
                month = day.month
            for request, step in self.due.pop(day):
                request.at = self.diary.moment(day)
                step(request)

    def end(self, day: date) -> None:
        """End the month before a day: what has happened by midnight is sealed."""
        self.seal(midnight(day))

    def _plan(self, day: date, request: Request, step: Step) -> None:
        self.due.setdefault(day, []).append((request, step))

    def _later(self, request: Request, working_days: int, step: Step) -> bool:
        self._plan(days_later(request.on, working_days), request, step)
        return True

    def _ask(self, request: Request) -> bool:
        employee = Employee.objects.get(pk=request.wish.employee)
        actor = self.people.account(employee)
        with suppress(ActRefused):  # whoever may not ask that day does not
            request.row = arrangements.save_request(
                actor=actor, employee=employee, plan=self._plan_of(request.wish), on=request.on, at=request.at
            )
            return request.wish.fate == "draft" or self._later(request, 1, self._submit)
        return False

    def _plan_of(self, wish: Wish) -> Plan:
        return Plan(
            mode=wish.mode,
            weekdays=wish.weekdays,
            starts_on=wish.starts_on,
            ends_on=wish.ends_on,
            outputs=_OUTPUTS[: 1 + wish.employee % 2],
            attestations=tuple(Attestation.values),
            workplace=self.places.get(wish.mode),
            residence_confirmed=wish.mode is Mode.HOME,
        )

    def _submit(self, request: Request) -> bool:
        row = request.stored
        actor = self.people.account(row.employee)
        with suppress(ActRefused):
            arrangements.submit_request(actor=actor, arrangement=row, on=request.on, at=request.at)
            return self._later(request, 1, self._withdraw if request.wish.fate == "withdrawn" else self._consider)
        return False

    def _withdraw(self, request: Request) -> bool:
        row = request.stored
        arrangements.withdraw_request(
            actor=self.people.account(row.employee),
            arrangement=row,
            reason="Jadwal kegiatan kantor berubah (data sintetis).",
            on=request.on,
            at=request.at,
        )
        return False

    def _consider(self, request: Request) -> bool:
        """The superior whose turn it is endorses; the last one does what the lot says."""
        row = request.stored
        actor = self.people.superior(row, request.on, request.at)
        if actor is None:
            return False
        if is_last(row):
            return self._decide(request, row, actor)
        approvals.endorse_request(
            actor=actor, arrangement=row, text="Mendukung layanan tetap berjalan.", on=request.on, at=request.at
        )
        return self._later(request, 1, self._consider)

    def _decide(self, request: Request, row: Arrangement, actor: User) -> bool:
        act = {"returned": self._give_back, "refused": self._talk, "objected": self._talk, "consultation": self._talk}
        return act.get(request.wish.fate, self._approve)(request, row, actor)

    def _give_back(self, request: Request, row: Arrangement, actor: User) -> bool:
        text = "Sesuaikan hari atau jangka waktunya (data sintetis)."
        approvals.return_request(actor=actor, arrangement=row, text=text, on=request.on, at=request.at)
        return False

    def _talk(self, request: Request, row: Arrangement, actor: User) -> bool:
        approvals.record_consultation(
            actor=actor, arrangement=row, held_on=request.on, text=_TALKED, on=request.on, at=request.at
        )
        return request.wish.fate == "consultation" or self._later(request, 2, self._refuse)

    def _refuse(self, request: Request) -> bool:
        row = request.stored
        actor = self.people.superior(row, request.on, request.at)
        if actor is None:
            return False
        approvals.refuse_request(
            actor=actor,
            arrangement=row,
            ground=RefusalGround.OUTPUT,
            text="Target keluaran belum dapat diukur (data sintetis).",
            on=request.on,
            at=request.at,
        )
        return request.wish.fate == "objected" and self._later(request, 2, self._object)

    def _object(self, request: Request) -> bool:
        row = request.stored
        with suppress(ActRefused):  # above the last office nobody is asked
            arrangements.object_to_refusal(
                actor=self.people.account(row.employee),
                arrangement=row,
                statement="Target keluaran sudah saya rinci pada SKP (data sintetis).",
                on=request.on,
                at=request.at,
            )
        return False

    def _approve(self, request: Request, row: Arrangement, actor: User) -> bool:
        try:
            approvals.approve_request(actor=actor, arrangement=row, on=request.on, at=request.at)
        except ApprovalRefused:
            return self._give_back(request, row, actor)
        self._later(request, 0, self._write_letter)
        after: dict[str, tuple[int, Step]] = {
            "ended": (15, self._end),
            "suspended": (12, self._suspend),
            "amended": (10, self._amend),
        }
        if request.wish.fate not in after:
            return False
        days, step = after[request.wish.fate]
        return self._later(request, days, step)

    def _write_letter(self, request: Request) -> bool:
        """The superior signs the letter on the day of the approval; of ten approvals one still waits for it."""
        row = request.stored
        approval = row.approvals.select_related("by").last()
        if approval is None or approval.by is None or lot(str(row.employee.nip), "letter") < _LETTERLESS:
            return False
        self.letters += 1
        letters.issue_letter(
            actor=approval.by,
            arrangement=row,
            number=f"800.1.11.1/{self.letters:03}/2025",
            signed_on=request.on,
            on=request.on,
            at=request.at,
        )
        return False

    def _end(self, request: Request) -> bool:
        row = request.stored
        if row.state == ArrangementState.APPROVED and request.on <= row.ends_on:
            endings.end_arrangement(
                actor=self.people.account(row.employee),
                arrangement=row,
                on=request.on,
                reason="Penugasan di kantor penuh waktu (data sintetis).",
                at=request.at,
            )
        return False

    def _suspend(self, request: Request) -> bool:
        """The superior suspends: outputs were not delivered."""
        row = request.stored
        leaders = Posting.objects.in_force(request.on, request.at).filter(
            position__agency=row.agency_id, position__leads="agency"
        )
        leader = leaders.exclude(employee=row.employee_id).acting_first().select_related("employee").first()
        if leader is None or row.state != ArrangementState.APPROVED or request.on > row.ends_on:
            return False
        endings.suspend_arrangement(
            actor=self.people.account(leader.employee),
            arrangement=row,
            on=request.on,
            ground=SuspensionGround.OUTPUT,
            text="Keluaran dua pekan terakhir belum diserahkan (data sintetis).",
            at=request.at,
        )
        return False

    def _amend(self, request: Request) -> bool:
        """She asks for other days; the change goes the way of every request."""
        row = request.stored
        starts = request.on + timedelta(days=14 - request.on.weekday())
        if row.state != ArrangementState.APPROVED or starts > row.ends_on:
            return False
        wish = replace(request.wish, starts_on=starts, weekdays=request.wish.weekdays[:1], fate="approved")
        plan = replace(self._plan_of(wish), ends_on=row.ends_on)
        amended = Request(wish, request.at)
        amended.row = arrangements.save_request(
            actor=self.people.account(row.employee),
            employee=row.employee,
            plan=plan,
            amends=row,
            on=request.on,
            at=request.at,
        )
        return self._later(amended, 1, self._submit)
