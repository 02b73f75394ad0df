"""Who acts in the fictional city: accounts made as they are needed, and who holds a position that may ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from agencies.models import Employee, Institution, Position, Posting, User
from agencies.querysets import PostingQuerySet
from eligibility.arrangements.examination import examine
from eligibility.arrangements.gathering import Asked, gather
from eligibility.arrangements.requests import RESIDENCE, Request
from eligibility.arrangements.stations import station_of
from eligibility.models import Arrangement, DeterminedPosition
from eligibility.rulebook import Mode, Verdict

_KNOWN: Final = datetime.fromisoformat("2025-06-30T12:00:00+07:00")
_ON: Final = date(2025, 7, 1)


@dataclass
class People:
    """Accounts of the people who act, made as they are needed: nobody signs in with them."""

    institution: Institution
    accounts: dict[int, User] = field(default_factory=dict)

    def account(self, employee: Employee) -> User:
        """The account of an employee: her own, or one without a password."""
        if employee.pk not in self.accounts:
            found = User.objects.filter(employee=employee).first() or User(
                username=f"sintetis-{employee.nip}", first_name=employee.name[:150], employee=employee
            )
            if found.pk is None:
                found.set_unusable_password()
                found.save()
            self.accounts[employee.pk] = found
        return self.accounts[employee.pk]

    def superior(self, row: Arrangement, on: date, at: datetime) -> User | None:
        """Who holds the office that the request waits for; None where it waits for the head of the region."""
        station = station_of(row)
        if station is None or station.position is None:
            return None
        postings = Posting.objects.in_force(on, at).filter(position=station.position)
        found = postings.exclude(employee=row.employee_id).acting_first().select_related("employee").first()
        return self.account(found.employee) if found else None


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
