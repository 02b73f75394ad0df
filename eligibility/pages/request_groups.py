"""Asking for many at once: who can be chosen in an agency, what the engine says of her job, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.access import Standing, visible_agencies
from agencies.masking import masked_nip
from agencies.models import Agency, Employee, Institution, Position, Posting
from agencies.querysets import open_on
from eligibility import screening
from eligibility.arrangements.examined import examined_together
from eligibility.arrangements.group_requests import Row
from eligibility.arrangements.refusal_words import refusal_words
from eligibility.loading import NoLawInForce
from eligibility.pages.group_outlook import Outlook
from eligibility.pages.reading import Reading
from eligibility.request_access import charge, employees_in_charge
from eligibility.rulebook import Bounds, Mode, Outcome


@dataclass(frozen=True, slots=True)
class Candidate:
    """An employee who can be chosen, and what the engine says of her position in the form.

    `outcome` is None while no form is chosen or nothing can be judged; `outlook` until the plan is looked at for her.
    """

    employee: Employee
    nip: str
    position: Position
    outcome: Outcome | None
    chosen: bool
    outlook: Outlook | None = None


CHECKED_TOGETHER: Final = 50
"""For so many the days are checked at once, which takes seconds; of more the first by name."""

SHOWN_WHOLE: Final = 15
"""So many rows stand on the page as they are; more are folded by unit."""


@dataclass(frozen=True, slots=True)
class UnitRows:
    """The candidates of a unit; `title` is empty where all stand together. Folded until somebody is chosen."""

    title: str
    rows: tuple[Candidate, ...]

    @property
    def ticked(self) -> int:
        """How many of them are chosen."""
        return sum(row.chosen for row in self.rows)

    @property
    def checked(self) -> int:
        """For how many the days were checked."""
        return sum(row.outlook is not None for row in self.rows)

    @property
    def passing(self) -> int:
        """For how many of those every check holds."""
        return sum(row.outlook is not None and row.outlook.checks.passes for row in self.rows)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose boxes are ticked: those of `keys`, all, or all whose job may be done in the form."""

    keys: frozenset[int] = frozenset()
    everybody: bool = False
    suited: bool = False

    def has(self, employee: int, outcome: Outcome | None) -> bool:
        """Whether the employee of the key is one of them."""
        fits = outcome in (Outcome.ELIGIBLE, Outcome.CONDITIONAL)
        return self.everybody or (self.suited and fits) or employee in self.keys


def agencies_in_charge(standing: Standing, on: date) -> list[Agency]:
    """The agencies whose employees may be asked for, by name."""
    return list(visible_agencies(charge(standing)).filter(open_on(on)).order_by("name", "pk"))


def postings_of(standing: Standing, agency: Agency, on: date, known_at: datetime, own: int | None) -> list[Posting]:
    """The definitive postings in the agency itself of employees in charge, by name; one's own is left out.

    `own` is the key of the employee who asks: for herself she asks on her own page.
    """
    rows = Posting.objects.in_force(on, known_at).filter(position__agency=agency, capacity="definitive")
    within = employees_in_charge(standing).exclude(pk=own) if own else employees_in_charge(standing)
    told = rows.filter(employee__in=within).select_related("employee__institution", "position__unit")
    return list(told.order_by("employee__name", "pk"))


def employees_of(postings: list[Posting]) -> QuerySet[Employee]:
    """The employees of the postings, to be chosen from."""
    found = Employee.objects.filter(pk__in=[row.employee_id for row in postings])
    return found.select_related("institution").order_by("name", "pk")


def candidates(
    reading: Reading | None,
    postings: list[Posting],
    mode: Mode | None,
    chosen: Chosen,
    outlook: Mapping[int, Outlook] | None = None,
) -> tuple[Candidate, ...]:
    """A row for each posting; all positions are judged in one statement."""
    bounds = _bounds(reading, postings) if mode else {}
    outcomes = {key: found[mode].outcome for key, found in bounds.items() if mode}
    return tuple(
        Candidate(
            employee=row.employee,
            nip=masked_nip(row.employee.nip),
            position=row.position,
            outcome=outcomes.get(row.position_id),
            chosen=chosen.has(row.employee_id, outcomes.get(row.position_id)),
            outlook=outlook.get(row.pk) if outlook else None,
        )
        for row in postings
    )


def by_unit(rows: Sequence[Candidate], agency: Agency) -> tuple[UnitRows, ...]:
    """The candidates by unit, those of none first; few stand together. Within a unit the order stays."""
    if len(rows) <= SHOWN_WHOLE:
        return (UnitRows("", tuple(rows)),) if rows else ()
    found: dict[str, list[Candidate]] = {}
    for row in rows:
        found.setdefault(row.position.unit.name if row.position.unit else "", []).append(row)
    return tuple(UnitRows(title or agency.name, tuple(found[title])) for title in sorted(found))


def with_outlook(institution: Institution, rows: Sequence[Row], on: date, known_at: datetime) -> list[Row]:
    """The rows with what stands against each request that was sent; all are examined together."""
    sent = [row.arrangement for row in rows if row.done and row.arrangement]
    try:
        found = examined_together(sent, institution, on=on, at=known_at)
    except NoLawInForce:
        return list(rows)
    words = {
        key: refusal_words(institution, one, on, known_at)
        for key, one in found.items()
        if not one.examination.may_be_approved
    }
    return [_told(row, words) for row in rows]


def _told(row: Row, words: Mapping[int, str]) -> Row:
    stands = words.get(row.arrangement.pk) if row.arrangement else None
    said = _("It may not be approved as it stands. %(why)s") % {"why": stands}
    return replace(row, outlook=said) if stands else row


def _bounds(reading: Reading | None, postings: list[Posting]) -> dict[int, dict[Mode, Bounds]]:
    keys = list({row.position_id for row in postings})
    if reading is None or not keys:
        return {}
    return screening.position_bounds(reading.rulebook, reading.grounds, institution=reading.institution, positions=keys)
