"""The invented people of a demonstration city: who holds which position, and what is recorded of each (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.demonstration.careers import YEAR, Career, Seat, career_of
from agencies.demonstration.lots import drawn, falls_in_1000

SHOWN: Final = (date(2025, 7, 1), date(2025, 7, 3))
"""The days on which the cities are shown: leave and travel are recorded around them."""

_PREDICATES: Final = (("baik", 930), ("sangat_baik", 45), ("butuh_perbaikan", 18), ("kurang", 5), ("sangat_kurang", 2))
"""Of a thousand."""
DISCIPLINE: Final = 4
STUDY: Final = 5
UNPAID_LEAVE: Final = 2
CIRCUMSTANCE: Final = 4
LEAVE: Final = 30
TRAVEL: Final = 25
"""Of a thousand: discipline, tugas belajar, CLTN, keadaan khusus, and on the shown days leave and official travel."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A discipline gate."""

    kind: str
    basis: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Away:
    """Leave or official travel."""

    kind: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Person:
    """An invented employee in her seat; "" and None where nothing is recorded."""

    seat: Seat
    career: Career
    nip: str
    name: str
    residence: str
    standing: str
    predicate: str
    gate: Gate | None
    away: Away | None
    circumstance: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who stands in for a head, as Plt of a vacant position or as Plh for some days."""

    person: Person
    position: int
    capacity: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Additional:
    """A personal additional task."""

    person: Person
    kind: str
    title: str


def people_of(city: str, seats: Sequence[Seat], names: Mapping[tuple[str, ...], str]) -> list[Person]:
    """One person for each seat, in their order; `names` are those who sign in, by the key of their seat."""
    used: set[str] = set()
    return [_person(city, seat, number, names.get(seat.key), used) for number, seat in enumerate(seats, 1)]


def _person(city: str, seat: Seat, number: int, name: str | None, used: set[str]) -> Person:
    career = career_of(seat)
    # Whoever signs in is a plain case, so that what she is shown does not depend on a lot.
    plain = name is not None
    return Person(
        seat=seat,
        career=career,
        nip=_number(career, seat, used),
        name=name or f"Pegawai Sintetis {number:04}",
        residence=f"Alamat Sintetis {number:04}, {city}",
        standing="active" if plain else _standing(seat, career),
        predicate="baik" if plain else _predicate(seat, career),
        gate=None if plain else _gate(seat, career),
        away=None if plain else _away(seat),
        circumstance=not plain and falls_in_1000(CIRCUMSTANCE, *seat.key, "circumstance"),
    )


def _number(career: Career, seat: Seat, used: set[str]) -> str:
    """The first of the numbers 9xx that nobody has, from one drawn by lot on."""
    first = drawn(100, *seat.key, "sequence")
    free = (career.number(900 + (first + step) % 100) for step in range(100))
    number = next(one for one in free if one not in used)
    used.add(number)
    return number


def _standing(seat: Seat, career: Career) -> str:
    if career.kind != "pns" or seat.manages:
        return "active"
    if falls_in_1000(UNPAID_LEAVE, *seat.key, "cltn"):
        return "unpaid_leave"
    return "study" if falls_in_1000(STUDY, *seat.key, "study") else "active"


def _predicate(seat: Seat, career: Career) -> str:
    """The predicate of the year before; who began later has none yet."""
    if career.since > date(YEAR - 1, 6, 1):
        return ""
    left = drawn(1000, *seat.key, "predicate")
    for predicate, share in _PREDICATES:
        left -= share
        if left < 0:
            return predicate
    return "baik"


def _gate(seat: Seat, career: Career) -> Gate | None:
    if not falls_in_1000(DISCIPLINE, *seat.key, "discipline"):
        return None
    kind, starts, ends = (
        ("process", date(YEAR, 5, 19), None),
        ("medium", date(YEAR, 2, 1), date(YEAR, 10, 31)),
        ("light", date(YEAR, 4, 7), date(YEAR, 10, 6)),
        ("heavy", date(YEAR, 1, 2), date(YEAR, 12, 31)),
    )[drawn(4, *seat.key, "kind of discipline")]
    basis = "pppk" if career.kind in ("pppk", "pppk_part_time") else "pp_94_2021"
    return Gate(kind, basis, starts, ends)


def _away(seat: Seat) -> Away | None:
    if falls_in_1000(LEAVE, *seat.key, "leave"):
        return Away("leave", date(YEAR, 6, 30), date(YEAR, 7, 4 + 7 * drawn(2, *seat.key, "two weeks")))
    if falls_in_1000(TRAVEL, *seat.key, "travel") and seat.rank < 5:
        return Away("travel", date(YEAR, 7, 1), date(YEAR, 7, 3))
    return None


def acting_heads(people: Iterable[Person], vacant: Iterable[Seat]) -> Iterator[Acting]:
    """A Plt for each vacant leading position, a Plh for each head of an agency who is away on the shown days.

    Both are the highest other holders of the agency; where there is none, nobody acts.
    """
    by_agency: dict[int, list[Person]] = {}
    for person in people:
        by_agency.setdefault(person.seat.agency, []).append(person)
    for staff in by_agency.values():
        staff.sort(key=lambda person: (person.seat.rank, person.nip))
    for seat in vacant:
        present = [one for one in by_agency.get(seat.agency, []) if one.away is None and one.career.kind == "pns"]
        if present:
            month = 1 + drawn(5, *seat.key, "plt")
            # The head, if there is one, has work enough: a unit is led by whoever comes next.
            one = present[min(1, len(present) - 1)] if seat.leads == "unit" else present[0]
            yield Acting(one, seat.position, "plt", date(YEAR, month, 2), None)
    for staff in by_agency.values():
        head, deputies = staff[0], [one for one in staff[1:] if one.away is None and one.career.kind == "pns"]
        if head.seat.leads == "agency" and head.away is not None and deputies:
            yield Acting(deputies[0], head.seat.position, "plh", head.away.starts, head.away.ends)


_TASKS: Final = (
    ("treasurer", "Bendahara pengeluaran"),
    ("goods", "Pengurus barang pengguna"),
    ("pptk", "Pejabat Pelaksana Teknis Kegiatan (PPTK)"),
)
_LARGE: Final = 25
"""Agencies with so many people name a treasurer, a goods administrator and a PPTK of their own."""


def additional_tasks(people: Iterable[Person]) -> Iterator[Additional]:
    """The personal additional tasks of the larger agencies: a PPTK of the higher ranks, the others of the lower."""
    by_agency: dict[int, list[Person]] = {}
    for person in people:
        if person.career.kind == "pns" and not person.seat.manages and person.standing == "active":
            by_agency.setdefault(person.seat.agency, []).append(person)
    for staff in by_agency.values():
        if len(staff) < _LARGE // 2:
            continue
        by_rank = sorted(staff, key=lambda person: (person.seat.rank, person.nip))
        for (kind, title), person in zip(_TASKS, (by_rank[-1], by_rank[-2], by_rank[0]), strict=True):
            yield Additional(person, kind, title)
