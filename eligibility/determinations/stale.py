"""Which determined positions would be decided otherwise on a day, and what has changed.

A row is stale when deciding again changes bounds, the conditions attached (and whether they surely apply) or a
limit that wins, in a mode that is not surely closed; when a task was added or closed; when the position was
closed. A new fingerprint alone is no reason. Nothing of it is stored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from agencies.models import Position, Task, TaskProfile
from agencies.prepared import MOST_KEYS, prepared
from eligibility.determinations.changed_words import TaskChange, closed_words, words_of
from eligibility.determinations.holding import holding, listings_of, verifications_of
from eligibility.determinations.reading import SignedResults
from eligibility.footing import Footing
from eligibility.grounds import Grounds
from eligibility.mask_readings import MaskReader, ModeRead
from eligibility.masks import Layout
from eligibility.models import Determination, DeterminedPosition, DeterminedTask, StoredRulebook, Verification
from eligibility.rulebook import Mode
from eligibility.screening import JudgedTasks, judged_tasks
from eligibility.stored_rulebooks import stored_layout

Words = tuple[str, ...]


class _Row(NamedTuple):
    """A task before and now: its masks as text, None where it was not there, or is no more."""

    verification: int
    position: int
    task: int
    before: str | None
    now: str | None


@lru_cache(maxsize=16)
def _reader(layout: Layout) -> MaskReader:
    return MaskReader(layout)


@dataclass(frozen=True)
class _Signed:
    """What one verification stored, as far as masks say it."""

    verification: Verification
    comparable: bool
    """Whether its masks mean what today's mean, so that equal texts are equal decisions."""

    @cached_property
    def reader(self) -> MaskReader:
        """Reads its masks, by the rulebook stored with it: where all texts are equal it is never needed."""
        return _reader(stored_layout(self.verification.rulebook))

    def read(self, row: _Row) -> Mapping[Mode, ModeRead]:
        """What was decided of a task that was there."""
        assert row.before is not None
        if self.verification.layout == self.reader.layout.digest:
            return self.reader.read(*self.reader.masks(row.before))
        return self.reader.read(*self._masks_from_facts[row.task])

    @property
    def _masks_from_facts(self) -> Mapping[int, tuple[int, int]]:
        """For masks that were laid out by other code: what they would be, from the facts stored beside them."""
        if not self._again:
            for position in SignedResults(self.verification).positions():
                for task in position.tasks:
                    case = task.judged.case
                    self._again[task.judged.key] = self.reader.masks_of(case.values, case.place)
        return self._again

    _again: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Comparison:
    """What some verifications stored, beside what would be decided on a day."""

    signed: Mapping[int, _Signed]
    now: MaskReader
    rows: Mapping[tuple[int, int], Sequence[_Row]]
    """The tasks, before and now, of each verification and position that some difference of masks touches."""

    closed: Mapping[tuple[int, int], date]
    positions: frozenset[int] | None
    """Which were compared; None: all."""

    def covers(self, verifications: Collection[int], positions: Collection[int]) -> bool:
        """Whether it tells of all of these."""
        known = self.positions is None or self.positions.issuperset(positions)
        return known and self.signed.keys() >= set(verifications)

    def differs(self, row: _Row) -> bool:
        """Whether the task was added or closed, or deciding it again gives something else."""
        if row.before is None or row.now is None:
            return True
        signed = self.signed[row.verification]
        if signed.comparable and row.before == row.now:
            return False
        return signed.read(row) != self.now.read(*self.now.masks(row.now))

    def stale(self) -> set[tuple[int, int]]:
        """The verifications and positions that are stale."""
        return {key for key, rows in self.rows.items() if any(map(self.differs, rows))} | self.closed.keys()

    def words(self, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], Words]:
        """What has changed of stale positions."""
        found: dict[tuple[int, int], Words] = {
            key: (closed_words(self.closed[key]),) for key in keys if key in self.closed
        }
        changed = {key: self.rows[key] for key in keys if key not in found}
        titles = _titles([row.task for rows in changed.values() for row in rows if self.differs(row)])
        for key, rows in changed.items():
            tasks = [TaskChange(titles.get(row.task, ""), self._before(row), self._now(row)) for row in rows]
            found[key] = words_of(tasks)
        return found

    def _before(self, row: _Row) -> Mapping[Mode, ModeRead] | None:
        return None if row.before is None else self.signed[row.verification].read(row)

    def _now(self, row: _Row) -> Mapping[Mode, ModeRead] | None:
        return None if row.now is None else self.now.read(*self.now.masks(row.now))


def stale_positions(
    determination: Determination, footing: Footing, positions: Collection[int] | None = None
) -> Mapping[int, Words]:
    """What has changed, in sentences, by the key of each position that the determination lists and that is stale.

    `footing` is that of the determination's institution.

    `positions` asks about some alone. Whether the determination still holds for them is not asked here.
    """
    comparison = _compare(footing, [determination.verification], positions)
    found = comparison.words(comparison.stale())
    return {position: words for (_verification, position), words in found.items()}


def stale_in_force(footing: Footing, positions: Collection[int] | None = None) -> Mapping[int, Words]:
    """The same over every determination in force on the day: each position by the one that holds for it."""
    comparison, keys = _stale_in_force(footing, positions)
    found = comparison.words(keys) if comparison else {}
    return {position: words for (_verification, position), words in found.items()}


def stale_of(footing: Footing, holding: Mapping[int, Verification]) -> Mapping[int, Words]:
    """The same of a few positions, each given with the verification whose determination holds for it."""
    verifications = {one.pk: one for one in holding.values()}
    kept = (one for one in footing.comparisons if one.covers(verifications, holding))
    comparison = next(kept, None) or _compare(footing, list(verifications.values()), list(holding))
    keys = comparison.stale() & {(one.pk, position) for position, one in holding.items()}
    return {position: words for (_verification, position), words in comparison.words(keys).items()}


def stale_keys(footing: Footing, positions: Collection[int] | None = None) -> frozenset[int]:
    """The keys alone of the positions that are stale, each by the determination that holds for it on the day.

    The comparison stays with the footing, so that what is then asked of some of the positions needs none of its own.
    """
    comparison, keys = _stale_in_force(footing, positions)
    if comparison:
        footing.comparisons.append(comparison)
    return frozenset(position for _verification, position in keys)


def stale_counts(footing: Footing) -> Mapping[int, int]:
    """How many positions of each agency (by key) are stale, each by the determination that holds for it."""
    keys = stale_keys(footing)
    if not keys:
        return {}
    agencies = dict(Position.objects.filter(institution=footing.institution).order_by().values_list("pk", "agency_id"))
    return Counter(agencies[key] for key in keys)


def _stale_in_force(
    footing: Footing, positions: Collection[int] | None
) -> tuple[_Comparison | None, set[tuple[int, int]]]:
    held = holding(footing).held
    verifications = _verifications(set(held.values()), positions)
    if not verifications:
        return None, set()
    comparison = _compare(footing, verifications, positions)
    stale = comparison.stale()
    return comparison, stale & _rows_that_hold(verifications, held, {position for _one, position in stale})


def _verifications(keys: set[int], positions: Collection[int] | None) -> list[Verification]:
    """Those that list some of the positions; a single one is not looked for, nor are those of many positions."""
    if positions is None or len(positions) > _MANY or len(keys) == 1:
        return verifications_of(sorted(keys))
    return verifications_of(sorted(keys & {one.verification for one in listings_of(positions)}))


_MANY: Final = 5_000
"""Up to so many keys are named in a query; beyond, all rows are read and picked."""


def _rows_that_hold(
    verifications: Sequence[Verification], held: Mapping[int, int], positions: Collection[int]
) -> set[tuple[int, int]]:
    """The verification that holds for each position: it holds for the agency; of two, the later one."""
    if not positions:
        return set()
    ages = {one.pk: (d.effective_from, d.recorded_at, d.pk) for one in verifications for d in [one.determination]}
    rows = DeterminedPosition.objects.filter(verification__in=verifications, mode=next(iter(Mode)).value)
    if len(positions) <= _MANY:
        rows = rows.filter(position__in=positions)
    found: dict[int, int] = {}
    for key, agency, position in rows.order_by().values_list("verification_id", "agency_id", "position_id"):
        if held.get(agency) == key and (position not in found or ages[key] > ages[found[position]]):
            found[position] = key
    return {(key, position) for position, key in found.items()}


def _compare(footing: Footing, verifications: Sequence[Verification], positions: Collection[int] | None) -> _Comparison:
    rulebook, grounds = footing.parts()
    some = None if positions is None else sorted(positions)
    if some is None:
        alone = verifications[0].agency if len(verifications) == 1 and not verifications[0].with_subtree else None
        judged = judged_tasks(rulebook, grounds, footing.institution, alone)
    else:
        # What reads the grounds of some agencies alone asks of positions there.
        below = _below(grounds, some) if footing.agencies is None else grounds
        judged = judged_tasks(rulebook, below, footing.institution, None, some)
    signed = {}
    for one in verifications:
        comparable = one.rulebook_id in rulebook.fingerprints and one.layout == judged.layout.digest
        signed[one.pk] = _Signed(one, comparable)
    closed = _closed(verifications, footing.on, some)
    rows = _touched(signed, judged, some)
    _read_rulebooks([signed[key].verification for key in {verification for verification, _position in rows}])
    of = None if positions is None else frozenset(positions)
    return _Comparison(signed, _reader(judged.layout), rows, closed, of)


def _read_rulebooks(verifications: Iterable[Verification]) -> None:
    """Give those of which something differs the rulebook stored with them, all in one statement."""
    lacking = [one for one in verifications if not Verification.rulebook.is_cached(one)]
    stored = {one.pk: one for one in _rulebooks(sorted({one.rulebook_id for one in lacking}))}
    for one in lacking:
        one.rulebook = stored[one.rulebook_id]


@prepared
def _rulebooks(fingerprints: Collection[str]) -> QuerySet[StoredRulebook]:
    return StoredRulebook.objects.filter(pk__in=fingerprints)


def _below(grounds: Grounds, positions: Sequence[int]) -> Grounds:
    """The grounds that the tasks of some positions stand on; all of them for many positions."""
    if len(positions) > MOST_KEYS:
        return grounds
    places = _places(positions)
    return grounds.only({agency for agency, _unit in places}, {unit for _agency, unit in places}) if places else grounds


@prepared
def _places(positions: Sequence[int]) -> QuerySet[Any, tuple[int, int | None]]:
    rows = TaskProfile.objects.filter(position__in=positions).order_by()
    return rows.values_list("agency_id", "unit_id").distinct()


def _touched(
    signed: Mapping[int, _Signed], judged: JudgedTasks, positions: Sequence[int] | None
) -> Mapping[tuple[int, int], Sequence[_Row]]:
    """The tasks of positions of which some task was added or closed or has other masks, or masks not comparable."""
    with connection.cursor() as cursor:
        cursor.execute(*_comparing(list(signed), judged, positions))
        found = [_Row(*row) for row in cursor.fetchall()]
    by_position: dict[tuple[int, int], list[_Row]] = defaultdict(list)
    touched = set()
    for row in found:
        key = (row.verification, row.position)
        by_position[key].append(row)
        if row.before != row.now or not signed[row.verification].comparable:
            touched.add(key)
    return {key: by_position[key] for key in touched}


def _comparing(
    verifications: Sequence[int], judged: JudgedTasks, positions: Sequence[int] | None
) -> tuple[str, list[Any]]:
    """The statement that gives each determined task before and now, and each task that came since."""
    of = ", ".join(map(str, verifications))
    only, params = "", []
    if positions is not None:
        only, params = f" AND {{row}}.position_id IN ({', '.join(['%s'] * len(positions)) or 'NULL'})", [*positions]
    tasks, rows = DeterminedTask._meta.db_table, DeterminedPosition._meta.db_table
    known = f"SELECT 1 FROM {tasks} d WHERE d.verification_id = p.verification_id AND d.task_id = n.task_id"
    statement = (
        f"{judged.query}, n AS (SELECT task_id, position_id, {judged.masks} AS masks FROM b) "
        "SELECT d.verification_id, d.position_id, d.task_id, d.masks, n.masks "
        f"FROM {tasks} d LEFT JOIN n ON n.task_id = d.task_id "
        f"WHERE d.verification_id IN ({of}){only.format(row='d')} UNION ALL "
        "SELECT p.verification_id, p.position_id, n.task_id, NULL, n.masks "
        f"FROM n JOIN {rows} p ON p.position_id = n.position_id AND p.mode = '{next(iter(Mode)).value}' "
        f"AND p.verification_id IN ({of}) WHERE NOT EXISTS ({known}){only.format(row='n')}"
    )
    return statement, [*judged.params, *params, *params]


def _closed(
    verifications: Sequence[Verification], on: date, positions: Sequence[int] | None
) -> Mapping[tuple[int, int], date]:
    """Since when determined positions are closed on the day."""
    keys = [one.pk for one in verifications]
    found = _closed_rows(keys, on) if positions is None else _closed_of(positions, keys, on)
    return {(verification, position): closed for verification, position, closed in found if closed}


@prepared
def _closed_rows(verifications: Sequence[int], on: date) -> QuerySet[Any, tuple[int, int, date | None]]:
    rows = DeterminedPosition.objects.filter(
        verification__in=verifications, mode=next(iter(Mode)).value, position__closed_on__lte=on
    )
    return rows.order_by().values_list("verification_id", "position_id", "position__closed_on")


@prepared
def _closed_of(
    positions: Sequence[int], verifications: Sequence[int], on: date
) -> QuerySet[Any, tuple[int, int, date | None]]:
    rows = DeterminedPosition.objects.filter(
        position__in=positions, verification__in=verifications, mode=next(iter(Mode)).value
    )
    rows = rows.filter(position__closed_on__lte=on).order_by()
    return rows.values_list("verification_id", "position_id", "position__closed_on")


def _titles(tasks: Sequence[int]) -> dict[int, str]:
    if not tasks:
        return {}
    rows = Task.objects.order_by()
    rows = rows.filter(pk__in=tasks) if len(tasks) <= _MANY else rows
    return dict(rows.values_list("pk", "title"))
