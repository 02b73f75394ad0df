"""The last days before the fictional city is shown, so that whatever may become of an arrangement is there to be seen.

Everything is done by the acts that people use. The agencies in which faults are seeded are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from agencies.actions.personal_records import end_posting, record_row
from agencies.models import DisciplineGate, Employee, Institution, Position, Posting, Role, User, Workplace
from eligibility.actions.approvals import answer_objection, endorse_request
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.actions.endings import resume_arrangement, suspend_arrangement
from eligibility.arrangements.group_requests import approve_many, request_for_many
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.arrangements.stations import is_last
from eligibility.arrangements.suspending import SuspensionGround
from eligibility.demonstration.people_who_act import People, fitting
from eligibility.demonstration.wishes import SEEN_ON, Diary
from eligibility.models import Arrangement, ArrangementObjection, Attestation
from eligibility.querysets import ArrangementQuerySet
from eligibility.rulebook import Mode

_HEADED: Final = "Diskominfo"
"""The agency whose head signs in."""
_STAFFED: Final = "Dinkes"
_MOVED: Final = "BKPSDM"
"""Where somebody's discipline process is recorded, and where somebody is moved from."""

_OUTPUTS: Final = (OutputLine("Laporan hasil kerja mingguan", "1 laporan seminggu", "Tersusunnya laporan tugas"),)
_STARTS: Final = date(2025, 10, 13)
_ENDS: Final = date(2025, 11, 28)
_BEGUN: Final = date(2025, 9, 10)
_IN_GROUP: Final = 4
_APPROVED_TOGETHER: Final = 2


@dataclass(frozen=True)
class _City:
    """The city, who acts in it and the diary of their acts."""

    institution: Institution
    people: People
    diary: Diary

    @property
    def personnel(self) -> User | None:
        """The HR officer of the whole city; None: nobody signs in, so the portal itself writes."""
        grants = {"grants__role": Role.HR_OFFICER, "grants__agency": None}
        return User.objects.filter(grants__institution=self.institution, **grants).order_by("pk").first()

    @property
    def head(self) -> User:
        """The head of the agency that is looked at."""
        posting = Posting.objects.in_force(SEEN_ON, self.diary.moment(SEEN_ON)).filter(
            position__agency__institution=self.institution, position__agency__code=_HEADED, position__leads="agency"
        )
        return self.people.account(posting.select_related("employee").get().employee)

    def active(self, agency: str) -> ArrangementQuerySet:
        """By what people of an agency have worked for three weeks then, of what has a letter; the longest first."""
        found = Arrangement.objects.active(SEEN_ON).filter(institution=self.institution, agency__code=agency)
        return found.filter(approvals__letter__isnull=False, starts_on__lte=_BEGUN).order_by("-ends_on", "pk")


def live_last_days(institution: Institution, people: People, diary: Diary) -> None:
    """Suspend and resume, answer objections and ask for others, in the last two weeks before the day."""
    city = _City(institution, people, diary)
    _suspended_and_resumed(city)
    _answered(city)
    _asked_by_head(city)


def live_last_morning(institution: Institution, people: People, diary: Diary) -> None:
    """What is recorded on the very day ends what two people lived by: the portal suspends at once."""
    city = _City(institution, people, diary)
    _process_begun(city)
    _moved_away(city)


def _suspended_and_resumed(city: _City) -> None:
    """The head suspends two arrangements; a week later one of them holds again."""
    resumed, suspended = city.active(_HEADED)[:2]
    _suspend(city, resumed, date(2025, 9, 16))
    day = date(2025, 9, 23)
    resume_arrangement(actor=city.head, arrangement=resumed, on=day, at=city.diary.moment(day))
    _suspend(city, suspended, day)


def _suspend(city: _City, row: Arrangement, day: date) -> None:
    suspend_arrangement(
        actor=city.head,
        arrangement=row,
        on=day,
        ground=SuspensionGround.OUTPUT,
        text="Keluaran dua pekan terakhir belum diserahkan (data sintetis).",
        at=city.diary.moment(day),
    )


def _answered(city: _City) -> None:
    """Of the objections that wait one is granted, one dismissed; the others wait on."""
    waiting = ArrangementObjection.objects.filter(
        state=ArrangementObjection.State.OPEN, arrangement__institution=city.institution
    )
    longest = [one.arrangement for one in waiting.select_related("arrangement").order_by("-arrangement__ends_on", "pk")]
    day = date(2025, 9, 29)
    for row, granted in ((longest[0], True), (longest[-1], False)):
        moment = city.diary.moment(day)
        actor = city.people.superior(row, day, moment)
        assert actor is not None, "somebody holds the office above who refused"
        answer = "Target pada SKP cukup terukur" if granted else "Target pada SKP belum terukur"
        answer_objection(
            actor=actor, arrangement=row, granted=granted, answer=f"{answer} (data sintetis).", on=day, at=moment
        )


def _asked_by_head(city: _City) -> None:
    """The head asks for several at once and approves the first of them together; for one more she asks for home."""
    day = date(2025, 9, 25)
    free = list(fitting(city.institution, _free(city), city.diary.moment(day)))
    office = Workplace.objects.get(institution=city.institution, kind=Workplace.Kind.MAIN_OFFICE)
    together = Plan(Mode.OTHER_OFFICE, ("thursday",), _STARTS, _ENDS, _OUTPUTS, _declared(), workplace=office)
    asked = request_for_many(
        actor=city.head, plans=[(one, together) for one in free[:_IN_GROUP]], on=day, at=city.diary.moment(day)
    )
    rows = [_before_the_head(city, one.arrangement) for one in asked if one.arrangement is not None]
    day += timedelta(days=4)
    approve_many(actor=city.head, arrangements=rows[:_APPROVED_TOGETHER], on=day, at=city.diary.moment(day))
    _asked_for_home(city, free[_IN_GROUP], day)


def _asked_for_home(city: _City, employee: Employee, day: date) -> None:
    """She confirms no residence in the name of others, so the request waits for that, too."""
    plan = Plan(Mode.HOME, ("friday",), _STARTS, _ENDS, _OUTPUTS, _declared(), workplace=None)
    row = save_request(
        actor=city.head, employee=employee, plan=plan, asked_by_head=True, on=day, at=city.diary.moment(day)
    )
    submit_request(actor=city.head, arrangement=row, on=day, at=city.diary.moment(day))


def _declared() -> tuple[str, ...]:
    return tuple(Attestation.values)


def _free(city: _City) -> Sequence[Employee]:
    """The people of the agency who have asked, and of whose requests none waits or lasts any more."""
    asked = Arrangement.objects.filter(institution=city.institution, agency__code=_HEADED)
    lasting = asked.granted().filter(ends_on__gte=SEEN_ON) | asked.open_requests() | asked.filter(station__isnull=False)
    found = Employee.objects.filter(arrangements__in=asked.values("pk"))
    return list(found.exclude(arrangements__in=lasting.values("pk")).distinct().order_by("nip"))


def _before_the_head(city: _City, row: Arrangement) -> Arrangement:
    """The leaders below the head endorse on the next days."""
    day = date(2025, 9, 26)
    while not is_last(row):
        moment = city.diary.moment(day)
        superior = city.people.superior(row, day, moment)
        assert superior is not None, "a station below the last has a holder"
        row = endorse_request(
            actor=superior, arrangement=row, text="Mendukung layanan tetap berjalan.", on=day, at=moment
        )
    return row


def _process_begun(city: _City) -> None:
    row = city.active(_STAFFED)[0]
    gate = DisciplineGate(
        employee=row.employee,
        kind=DisciplineGate.Kind.PROCESS,
        basis=DisciplineGate.Basis.PP_94_2021,
        starts_on=SEEN_ON,
    )
    record_row(actor=city.personnel, row=gate, at=city.diary.moment(SEEN_ON))


def _moved_away(city: _City) -> None:
    """Moved to the same work elsewhere from the day on; what was granted was granted for the former position."""
    moves = ((row, _elsewhere(row.position)) for row in city.active(_MOVED).select_related("position", "employee"))
    row, position = next((row, found) for row, found in moves if found is not None)
    moment = city.diary.moment(SEEN_ON)
    held = Posting.objects.in_force(SEEN_ON, moment).get(employee=row.employee, position=row.position)
    end_posting(actor=city.personnel, posting=held, last_day=SEEN_ON - timedelta(days=1), at=moment)
    moved = Posting(
        employee=row.employee,
        position=position,
        reason=Posting.Reason.ROTATION,
        sk_number="800.1.3.3/401/2025 (data sintetis)",
        effective_from=SEEN_ON,
    )
    record_row(actor=city.personnel, row=moved, at=city.diary.moment(SEEN_ON))


def _elsewhere(position: Position) -> Position | None:
    """A position of the same title in another agency."""
    alike = Position.objects.filter(institution=position.institution_id, title=position.title, closed_on=None)
    return alike.exclude(agency=position.agency_id).order_by("code").first()
