"""What stands beside the moves of an import, read for all of them at once: holders, Penetapan, gates, arrangements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from django.db.models import Q

from agencies.facts import Level
from agencies.models import ImportedMove, Position, Posting
from eligibility.arrangements.checks import Check
from eligibility.arrangements.examined import examined_again, no_longer_held
from eligibility.arrangements.person_facts import PersonFile, person_files
from eligibility.decisions import Reason, State, judge_rule
from eligibility.determinations.holding import held_by
from eligibility.determinations.stale import stale_of
from eligibility.footing import Footing
from eligibility.grounds import Grounds, position_case
from eligibility.loading import NoLawInForce, settings_in_force
from eligibility.local_settings import SettingsInForce
from eligibility.models import Arrangement, ArrangementState, ArrangementStep
from eligibility.models.arrangements import GRANTED
from eligibility.rulebook import Attach, Case, Limit, Mode, Rule, Rulebook

_ABSENT: Final = frozenset({Level.TASK, Level.ARRANGEMENT})


@dataclass(frozen=True, slots=True)
class Held:
    """The Penetapan in force for a position, and why it no longer fits; None where no rules are known to compare by."""

    number: str
    changed: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a granted arrangement: the text of its suspension, or the checks that fail and those unknown.

    Both are None where no rules are known, so that it cannot be examined.
    """

    arrangement: Arrangement
    text: str = ""
    failing: tuple[Check, ...] | None = None
    unknown: tuple[Check, ...] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A requirement that reads facts of the employee: how it stands in these forms, and how before the import."""

    reason: Reason
    before: frozenset[State]
    modes: tuple[Mode, ...]

    def reads(self, facts: Collection[str]) -> bool:
        """Whether it reads one of the facts."""
        return any(criterion.fact in facts for criterion in self.reason.rule.criteria())


@dataclass(frozen=True)
class PersonGates:
    """The requirements on employees under the rules in force, with the files as they were known before and now."""

    rulebook: Rulebook
    grounds: Grounds
    settings: SettingsInForce
    before: Mapping[int, PersonFile]
    now: Mapping[int, PersonFile]

    def turns(self, employee: int, position: Position, on: date) -> list[Turn]:
        """How each stands for the employee in the position on the day, by its weightiest answer over the forms."""
        known = position_case(position, self.grounds.of(position.agency_id, position.unit_id))
        before, now = (
            {(rule.code, mode): reason for rule, mode, reason in self._read(known, files[employee], on)}
            for files in (self.before, self.now)
        )
        found: dict[str, list[tuple[Mode, Reason]]] = defaultdict(list)
        for (code, mode), reason in now.items():
            found[code].append((mode, reason))
        return [_turn(code, answers, before) for code, answers in found.items()]

    def _read(self, known: Case, file: PersonFile, on: date) -> Iterator[tuple[Rule, Mode, Reason]]:
        case = Case({**known.values, **file.facts(on, self.settings)}, known.place, _ABSENT)
        for mode in Mode:
            for rule in self.rulebook.gates(mode):
                if _closes_by_person(rule):
                    reason = judge_rule(self.rulebook, rule, mode, case)
                    if reason.state is not State.UNKNOWN or all(one.level not in _ABSENT for one in rule.criteria()):
                        yield rule, mode, reason


_WEIGHT: Final = (State.FAILED, State.UNKNOWN)


def _turn(code: str, answers: list[tuple[Mode, Reason]], before: Mapping[tuple[str, Mode], Reason]) -> Turn:
    states = {reason.state for _mode, reason in answers}
    weightiest = next((state for state in _WEIGHT if state in states), answers[0][1].state)
    same = [(mode, reason) for mode, reason in answers if reason.state is weightiest]
    modes = tuple(mode for mode, _reason in same)
    return Turn(same[0][1], frozenset(before[code, mode].state for mode in modes if (code, mode) in before), modes)


def _closes_by_person(rule: Rule) -> bool:
    """Conditions close nothing, and limits are measured for themselves."""
    reads = any(criterion.level is Level.EMPLOYEE for criterion in rule.criteria())
    return reads and not isinstance(rule.effect, Attach | Limit)


@dataclass(frozen=True)
class Beside:
    """All that is needed to say what follows from some moves; `gates` is None where no rules are known for the day."""

    footing: Footing
    postings: Sequence[Posting]
    determined: Mapping[int, Held]
    gates: PersonGates | None
    fates: Mapping[int, Sequence[Fate]]

    @classmethod
    def of(cls, moves: Sequence[ImportedMove], footing: Footing, before: datetime) -> Beside:
        """Read it: in as many reads for one move as for many. `before` is a moment before the import."""
        employees = sorted({move.employee_id for move in moves})
        left = {move.was_position_id for move in moves if move.was_position_id}
        entered = {move.now_position_id for move in moves if move.now_position_id}
        found = cls.of_people(employees, left, footing, entered)
        return replace(found, gates=_gates(footing, employees, before))

    @classmethod
    def of_people(
        cls, employees: Sequence[int], left: Set[int], footing: Footing, entered: Set[int] = frozenset()
    ) -> Beside:
        """What stands on employees, and on positions that they have left and come to; without the requirements."""
        postings = _postings(employees, left)
        held = {row.position_id for row in postings if row.employee_id in set(employees)}
        return cls(
            footing=footing,
            postings=postings,
            determined=_determined(footing, sorted(left | entered | held)),
            gates=None,
            fates=_fates(footing, employees),
        )

    def running(self, employee: int, on: date) -> list[Posting]:
        """The employee's postings that run on the day in any capacity, the definitive one first."""
        rows = [row for row in self._of_each.get(employee, ()) if runs(row, on)]
        return sorted(rows, key=lambda row: row.capacity != Posting.Capacity.DEFINITIVE)

    @cached_property
    def _of_each(self) -> Mapping[int, list[Posting]]:
        found: dict[int, list[Posting]] = defaultdict(list)
        for row in self.postings:
            found[row.employee_id].append(row)
        return found

    def own(self, employee: int, position: int) -> list[Posting]:
        """The employee's definitive postings in the position."""
        return [row for row in self._by_employee.get(employee, ()) if row.position_id == position]

    def standing_in(self, employee: int, position: int) -> list[Posting]:
        """The employee's appointments as Plt or Plh of the position."""
        rows = [row for row in self._by_position.get(position, ()) if row.employee_id == employee]
        return [row for row in rows if row.capacity != Posting.Capacity.DEFINITIVE]

    def position_of(self, employee: int, on: date) -> Position | None:
        """The position that the employee holds definitively on the day, the latest begun."""
        rows = [row for row in self._by_employee.get(employee, ()) if runs(row, on)]
        latest = max(rows, key=lambda row: (row.effective_from, row.pk), default=None)
        return latest.position if latest else None

    def holders(self, position: int, on: date) -> list[Posting]:
        """Who is recorded to hold the position on the day, in any capacity."""
        return [row for row in self._by_position.get(position, ()) if runs(row, on)]

    @cached_property
    def _by_position(self) -> Mapping[int, list[Posting]]:
        found: dict[int, list[Posting]] = defaultdict(list)
        for row in self.postings:
            found[row.position_id].append(row)
        return found

    @cached_property
    def _by_employee(self) -> Mapping[int, list[Posting]]:
        found: dict[int, list[Posting]] = defaultdict(list)
        for row in self.postings:
            if row.capacity == Posting.Capacity.DEFINITIVE:
                found[row.employee_id].append(row)
        return found


def runs(row: Posting, on: date) -> bool:
    """Whether the posting is in force on the day; a null end is no end."""
    return row.effective_from <= on and (row.effective_until is None or row.effective_until >= on)


def _postings(employees: Collection[int], positions: Collection[int]) -> list[Posting]:
    """Those of the employees, and those of everybody in the positions."""
    rows = Posting.objects.current().filter(Q(employee__in=employees) | Q(position__in=positions))
    return list(rows.select_related("position__agency").order_by("effective_from", "pk"))


def _determined(footing: Footing, positions: Collection[int]) -> dict[int, Held]:
    held = held_by(footing, positions) if positions else {}
    changed: Mapping[int, tuple[str, ...]] | None = {}
    try:
        changed = stale_of(footing, held) if held else {}
    except NoLawInForce:
        changed = None
    return {
        key: Held(one.determination.number, None if changed is None else changed.get(key, ()))
        for key, one in held.items()
    }


def _gates(footing: Footing, employees: Collection[int], before: datetime) -> PersonGates | None:
    try:
        rulebook, grounds = footing.parts()
    except NoLawInForce:
        return None
    settings = settings_in_force(footing.institution, footing.on, footing.known_at)
    known = person_files(employees, before), person_files(employees, footing.known_at)
    return PersonGates(rulebook, grounds, settings, *known)


def _fates(footing: Footing, employees: Collection[int]) -> dict[int, list[Fate]]:
    """What becomes of what each of them was granted and has not ended."""
    granted = Arrangement.objects.filter(employee__in=employees, state__in=GRANTED, ends_on__gte=footing.on)
    rows = list(granted.select_related("institution", "employee", "position").order_by("starts_on", "pk"))
    texts = _suspensions(row.pk for row in rows if row.state == ArrangementState.SUSPENDED)
    living = [row for row in rows if row.state == ArrangementState.APPROVED and row.approved_at is not None]
    examined = _examined(footing, living)
    found: dict[int, list[Fate]] = defaultdict(list)
    for row in rows:
        failing, unknown = examined.get(row.pk, (None, None))
        found[row.employee_id].append(Fate(row, texts.get(row.pk, ""), failing, unknown))
    return found


def _examined(
    footing: Footing, living: Sequence[Arrangement]
) -> dict[int, tuple[tuple[Check, ...], tuple[Check, ...]]]:
    """The checks that the watcher will find failing, and those that lack facts; empty where no rules are known."""
    try:
        found = examined_again(living, footing.institution, on=footing.on, at=footing.known_at)
    except NoLawInForce:
        return {}
    return {key: (no_longer_held(one.examination), one.examination.unknown) for key, one in found.items()}


def _suspensions(arrangements: Iterable[int]) -> dict[int, str]:
    """What was written with the last suspension of each."""
    steps = ArrangementStep.objects.filter(
        arrangement__in=list(arrangements), what=ArrangementStep.What.SUSPENDED
    ).order_by("at", "pk")
    return dict(steps.values_list("arrangement", "text"))
