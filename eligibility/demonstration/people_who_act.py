"""Who acts in the fictional city: accounts made as they are needed, and who holds a position that may ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from agencies import events
from agencies.demonstration.staff_loading import SOURCE
from agencies.models import Employee, Grant, Institution, Position, Posting, Role, User
from agencies.prepared import prepared
from agencies.querysets import PostingQuerySet
from eligibility.arrangements.examination import examine
from eligibility.arrangements.gathering import Asked, gather
from eligibility.arrangements.requests import RESIDENCE, Request
from eligibility.arrangements.stations import station_of
from eligibility.models import Arrangement, DeterminedPosition
from eligibility.rulebook import Mode, Verdict

_HANDED_OUT_AT: Final = datetime.fromisoformat("2025-06-20T14:00:00+07:00")
"""Accounts are handed out when the instrument is issued, before the first request."""
_KNOWN: Final = datetime.fromisoformat("2025-06-30T12:00:00+07:00")
_ON: Final = date(2025, 7, 1)


@dataclass
class People:
    """Accounts of the people who act, with the role in which they do: nobody signs in with them."""

    institution: Institution
    accounts: dict[int, User] = field(default_factory=dict)

    def open_accounts(self, askers: Iterable[Employee]) -> None:
        """Give an account and its role to everybody who asks and to whoever leads a unit or an agency."""
        leaders = Employee.objects.filter(postings__in=self._leading()).distinct()
        self._open({one.pk: one for one in (*askers, *leaders)})

    def account(self, employee: Employee) -> User:
        """The account of an employee: her own, or one without a password."""
        if employee.pk not in self.accounts:
            self._open({employee.pk: employee})
        return self.accounts[employee.pk]

    def _open(self, employees: Mapping[int, Employee]) -> None:
        found = User.objects.filter(employee__in=employees)
        self.accounts |= {one.employee_id: one for one in found if one.employee_id is not None}
        missing = [one for key, one in employees.items() if key not in self.accounts]
        made = User.objects.bulk_create(_account(one) for one in missing)
        Grant.objects.bulk_create(self._grants(made))
        self.accounts |= {one.employee_id: one for one in made if one.employee_id is not None}
        if made:
            events.record(
                actor=None,
                action="demonstration_loaded",
                subject=self.institution,
                at=_HANDED_OUT_AT,
                source=SOURCE,
                accounts=len(made),
            )

    def _grants(self, users: Iterable[User]) -> Iterator[Grant]:
        """Who leads is head of the agency where she does, everybody else an employee of hers."""
        leading = dict(self._leading().values_list("employee", "position__agency"))
        working = Posting.objects.in_force(_ON, _KNOWN).filter(position__institution=self.institution)
        agencies = dict(working.filter(capacity="definitive").values_list("employee", "position__agency"))
        for user in users:
            leads = leading.get(user.employee_id or 0)
            yield Grant(
                user=user,
                role=Role.AGENCY_HEAD if leads else Role.EMPLOYEE,
                institution=self.institution,
                agency_id=leads or agencies.get(user.employee_id or 0),
                valid_from=_HANDED_OUT_AT.date(),
            )

    def _leading(self) -> PostingQuerySet:
        """The leading postings, those that begin later, too; the definitive ones come last, so that they count."""
        led = Posting.objects.current().filter(position__institution=self.institution)
        return led.exclude(position__leads="none").order_by("-capacity", "pk")

    def superior(self, row: Arrangement, on: date, at: datetime) -> User | None:
        """Who holds the office that the request waits for; None where it waits for the head of the region."""
        station = station_of(row)
        if station is None or station.position is None:
            return None
        found = next((one for one in _holders(station.position, on, at) if one.employee_id != row.employee_id), None)
        return self.account(found.employee) if found else None


@prepared
def _holders(position: int, on: date, at: datetime) -> QuerySet[Posting]:
    held: QuerySet[Posting] = Posting.objects.in_force(on, at).filter(position=position).acting_first()
    return held.select_related("employee")


def _account(employee: Employee) -> User:
    user = User(username=f"sintetis-{employee.nip}", first_name=employee.name[:150], employee=employee)
    user.set_unusable_password()
    return user


def may_ask(institution: Institution) -> PostingQuerySet:
    """Definitive postings in positions that the Penetapan opens for home, but of heads and of who serves a counter."""
    opened = DeterminedPosition.objects.in_force(institution, _ON, _KNOWN)
    positions = opened.filter(mode=Mode.HOME.value, worst__gte=Verdict.CONDITIONAL).values("position")
    serving = Position.objects.filter(institution=institution, tasks__services__staff_on_site__gt=0)
    held = Posting.objects.in_force(_ON, _KNOWN).filter(position__in=positions, capacity="definitive")
    return held.exclude(position__in=serving.values("pk")).exclude(position__leads="agency")


def fitting(institution: Institution, people: Sequence[Employee], at: datetime) -> Iterator[Employee]:
    """Those of the people who could be given a day at home: every check on them and their tasks passes."""
    starts = at.date() + timedelta(days=14 - at.date().weekday())
    request = Request(Mode.HOME, RESIDENCE, frozenset({"tuesday"}), starts, starts + timedelta(days=10), at.date())
    postings = Posting.objects.in_force(at.date(), at).filter(employee__in=people, capacity="definitive")
    places = dict(postings.values_list("employee", "position"))
    asked = [Asked(-one.pk, one.pk, places[one.pk], request) for one in people if one.pk in places]
    matters = gather(institution, asked, known_at=at)
    return (one for one in people if -one.pk in matters and examine(matters[-one.pk], request).may_be_approved)
