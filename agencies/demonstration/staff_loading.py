"""Writes the invented people of a demonstration city to the database, a few statements for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from agencies.bulk_rows import insert_rows
from agencies.demonstration.careers import YEAR, Seat
from agencies.demonstration.lots import drawn
from agencies.demonstration.sign_ins import SIGN_INS
from agencies.demonstration.staff import Acting, Additional, Person, acting_heads, additional_tasks, people_of
from agencies.models import (
    Absence,
    AdditionalTask,
    DisciplineGate,
    Employee,
    Employment,
    Institution,
    NonAsnStaff,
    Posting,
    Predicate,
    SpecialCircumstance,
    Versioned,
)

RECORDED_AT: Final = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
"""The invented moment of mapping: before the days on which the cities are shown, and the same on every machine."""
SOURCE: Final = "Data sintetis demonstrasi"
_COUNTED_ON: Final = date(2025, 6, 1)
_STUDY_SINCE: Final = date(2024, 9, 1)
_TREASURER_FACTS: Final = {
    "function": "finance",
    "with_tik": True,
    "face_to_face": "minimal",
    "special_workspace": False,
    "confidential_material": True,
    "output_measurable": True,
}

Row = tuple[Any, ...]


def ensure_people(institution: Institution) -> int:
    """Fill the city's positions with invented people and return how many; a city that has people is left as it is."""
    if institution.employees.exists() or not institution.positions.exists():
        return 0
    seats, vacant = _seats(institution)
    names: dict[tuple[str, ...], str] = {(one.institution, one.position, "0"): one.name for one in SIGN_INS}
    people = people_of(institution.name, seats, names)
    columns = ("institution", "nip", "name", "residence", "recorded_at")
    insert_rows(Employee, columns, ((institution.pk, one.nip, one.name, one.residence, RECORDED_AT) for one in people))
    keys = dict(institution.employees.order_by().values_list("nip", "pk"))
    _write_versions(people, vacant, keys)
    _write_non_asn(institution, people)
    return len(people)


def _seats(institution: Institution) -> tuple[list[Seat], list[Seat]]:
    """A seat for each holder of each position, and the leading positions that nobody holds."""
    seats: list[Seat] = []
    vacant: list[Seat] = []
    columns = ("pk", "agency_id", "category", "jenjang", "job_family", "leads")
    positions = institution.positions.order_by().values_list("agency__code", "code", "filled", *columns)
    # Sorted here, because databases sort letters and signs each in their own way.
    for _agency, code, filled, *values in sorted(positions):
        seats += [Seat((institution.code, code, str(slot)), *values) for slot in range(filled or 0)]
        if not filled and values[-1] in ("agency", "unit"):
            vacant.append(Seat((institution.code, code, "vacant"), *values))
    return seats, vacant


def _write_versions(people: list[Person], vacant: list[Seat], keys: dict[str, int]) -> None:
    def write(model: type[Versioned], columns: str, rows: Callable[[Person], Iterable[Row]]) -> None:
        told = ((RECORDED_AT, keys[one.nip], *row) for one in people for row in rows(one))
        insert_rows(model, ("recorded_at", "employee", *columns.split()), told)

    write(Employment, "kind grade standing sk_number effective_from", _employments)
    write(Predicate, "period_starts_on period_ends_on predicate", _predicates)
    write(DisciplineGate, "kind basis starts_on ends_on", _gates)
    write(Absence, "kind starts_on ends_on letter_number", _absences)
    write(SpecialCircumstance, "kind starts_on ends_on", _circumstances)
    acting = {nip: list(some) for nip, some in _by_number(acting_heads(people, vacant))}
    write(
        Posting,
        "position capacity reason sk_number effective_from effective_until",
        lambda one: [*_postings(one), *map(_acting, acting.get(one.nip, []))],
    )
    AdditionalTask.objects.bulk_create(_additional(one, keys) for one in additional_tasks(people))


def _by_number(acting: Iterable[Acting]) -> Iterator[tuple[str, Iterator[Acting]]]:
    def number(one: Acting) -> str:
        return one.person.nip

    return groupby(sorted(acting, key=number), key=number)


def _employments(one: Person) -> Iterator[Row]:
    career = one.career
    yield career.kind, career.grade, "active", "SK SINTETIS", career.since
    if one.standing != "active":
        yield career.kind, career.grade, one.standing, "SK SINTETIS", max(_STUDY_SINCE, career.since)


def _postings(one: Person) -> Iterator[Row]:
    career, position = one.career, one.seat.position
    if career.before is not None:
        until = career.held_from - timedelta(days=1)
        yield position, "definitive", "transfer", "SK SINTETIS", career.before, until
    yield position, "definitive", career.reason, "SK SINTETIS", career.held_from, None


def _acting(one: Acting) -> Row:
    return one.position, one.capacity, "rotation", "SP SINTETIS", one.starts, one.ends


def _predicates(one: Person) -> Iterator[Row]:
    if one.predicate:
        yield date(YEAR - 1, 1, 1), date(YEAR - 1, 12, 31), one.predicate


def _gates(one: Person) -> Iterator[Row]:
    if one.gate is not None:
        yield one.gate.kind, one.gate.basis, one.gate.starts, one.gate.ends


def _absences(one: Person) -> Iterator[Row]:
    if one.away is not None:
        yield one.away.kind, one.away.starts, one.away.ends, "ST SINTETIS" if one.away.kind == "travel" else ""


def _circumstances(one: Person) -> Iterator[Row]:
    if one.circumstance:
        yield "Keadaan khusus (sintetis)", date(YEAR, 4, 1), date(YEAR, 9, 30)


def _additional(one: Additional, keys: dict[str, int]) -> AdditionalTask:
    return AdditionalTask(
        employee_id=keys[one.person.nip],
        kind=one.kind,
        title=one.title,
        sk_number="SK SINTETIS",
        starts_on=date(YEAR, 1, 2),
        facts=_TREASURER_FACTS if one.kind == "treasurer" else {},
        recorded_at=RECORDED_AT,
    )


def _write_non_asn(institution: Institution, people: list[Person]) -> None:
    """In each agency an estimated number of people who are no civil servants: a tenth to three tenths of its own."""
    staff: dict[int, int] = {}
    for one in people:
        staff[one.seat.agency] = staff.get(one.seat.agency, 0) + 1
    agencies = institution.agencies.filter(pk__in=staff).order_by("code").values_list("pk", "code")
    rows = (
        (RECORDED_AT, pk, staff[pk] * (10 + drawn(21, institution.code, code, "non-ASN")) // 100, _COUNTED_ON, SOURCE)
        for pk, code in agencies
    )
    insert_rows(NonAsnStaff, ("recorded_at", "agency", "count", "counted_on", "source"), rows)
