"""Who moved by an import of employees: her entries as they were known just before it, beside those it left in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from agencies.bulk_rows import insert_rows
from agencies.importing.position_plans import slices
from agencies.models import DataImport, Employment, ImportedMove, ImportedRow, Posting, Predicate

What = ImportedMove.What

_COLUMNS: Final = ("data_import", "employee", "what", "was_position", "now_position", "was", "now")
_PROMOTING: Final = frozenset({Posting.Reason.PROMOTION, Posting.Reason.LEVEL})


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of one employee: her postings in their order, her latest predicate and employment."""

    postings: Sequence[Posting] = ()
    predicate: Predicate | None = None
    employment: Employment | None = None

    def definitive(self) -> list[Posting]:
        """Those in which she holds the position herself."""
        return [one for one in self.postings if one.capacity == Posting.Capacity.DEFINITIVE]

    def standing_in(self) -> list[Posting]:
        """Those in which she is Plt or Plh."""
        return [one for one in self.postings if one.capacity != Posting.Capacity.DEFINITIVE]


_NOTHING: Final = Known()


def keep_moves(data_import: DataImport, at: datetime, on: date) -> int:
    """Tell what the import means for each employee it touched, and return how many moves those are.

    Postings are compared as they stand around the day of the import: one that ended before it counts as left.
    """
    part = Q(part__in=[str(model._meta.model_name) for model in (Posting, Predicate, Employment)])
    touched = data_import.imported_rows.filter(part, of__isnull=False).order_by("of")
    created = set(
        data_import.imported_rows.filter(part="employee", what=ImportedRow.What.CREATED).values_list("key", flat=True)
    )
    count = 0
    for some in slices(list(touched.values_list("of", flat=True).distinct())):
        before = _known(some, Q(recorded_at__lt=at) & (Q(superseded_at__isnull=True) | Q(superseded_at=at)))
        after = _known(some, Q(superseded_at__isnull=True))
        rows = (
            (data_import.pk, key, *move)
            for key in some
            for move in _moves(before.get(key, _NOTHING), after.get(key, _NOTHING), on, new=key in created)
        )
        count += insert_rows(ImportedMove, _COLUMNS, rows)
    return count


def _known(keys: list[int], when: Q) -> Mapping[int, Known]:
    """The entries of these employees for which the condition holds: all postings, else the latest."""
    postings: dict[int, list[Posting]] = defaultdict(list)
    for one in Posting.objects.filter(when, employee__in=keys).order_by("effective_from", "pk"):
        postings[one.employee_id].append(one)
    rated = Predicate.objects.filter(when, employee__in=keys).order_by("period_ends_on", "pk")
    predicates = {one.employee_id: one for one in rated}
    rows = Employment.objects.filter(when, employee__in=keys).order_by("effective_from", "pk")
    employments = {one.employee_id: one for one in rows}
    return {key: Known(postings.get(key, ()), predicates.get(key), employments.get(key)) for key in keys}


Move = tuple[str, int | None, int | None, str, str]


def _moves(before: Known, after: Known, on: date, *, new: bool) -> Iterator[Move]:
    yield from _of_posting(before.definitive(), after.definitive(), on, new=new)
    yield from _of_standing_in(before.standing_in(), after.standing_in(), on)
    yield from _of_predicate(before.predicate, after.predicate)
    if before.employment and after.employment and _standing(before.employment) != _standing(after.employment):
        yield What.STANDING.value, None, None, _standing(before.employment), _standing(after.employment)


def _of_posting(before: Sequence[Posting], after: Sequence[Posting], on: date, *, new: bool) -> Iterator[Move]:
    now = _lasting(after, on)
    was = _lasting(before, on) or _continued(before, now)
    if new or (was is None and now is not None):
        yield What.JOINED.value, None, now.position_id if now is not None else None, "", ""
    elif was is not None and now is not None and was.position_id != now.position_id:
        what = What.PROMOTED if now.reason in _PROMOTING else What.MOVED
        yield what.value, was.position_id, now.position_id, "", ""
    elif was is not None and _last_day(after) < _last_day(before):
        yield What.LEFT.value, was.position_id, None, "", _last_day(after).isoformat() if after else ""


def _of_standing_in(before: Sequence[Posting], after: Sequence[Posting], on: date) -> Iterator[Move]:
    """The appointment that begins, in place of a former one or not, or the last day of one that now ends earlier."""
    was, now = _lasting(before, on), _lasting(after, on)
    position = was.position_id if was is not None else None
    if now is not None and (was is None or _office(was) != _office(now)):
        yield What.STANDING_IN.value, position, now.position_id, was.capacity if was else "", now.capacity
    elif was is not None and _last_day(after) < _last_day(before):
        last = _last_day(after).isoformat() if after else ""
        yield What.STANDING_IN.value, position, None, was.capacity, last


def _office(row: Posting) -> tuple[int, str]:
    return row.position_id, row.capacity


def _lasting(postings: Sequence[Posting], on: date) -> Posting | None:
    """The latest begun of those that have not ended before the day; one that begins later counts too."""
    return next((one for one in reversed(postings) if _end(one) >= on), None)


def _continued(before: Sequence[Posting], now: Posting | None) -> Posting | None:
    """The posting that ended the day before the new one begins, where its reason is not that of somebody new."""
    if now is None or now.reason == Posting.Reason.FORMATION:
        return None
    eve = now.effective_from - timedelta(days=1)
    return next((one for one in reversed(before) if one.effective_until == eve), None)


def _end(row: Posting) -> date:
    return row.effective_until or date.max


def _last_day(postings: Sequence[Posting]) -> date:
    """The last day in any of them; without an end it is the end of all days."""
    return max(map(_end, postings), default=date.min)


def _of_predicate(before: Predicate | None, after: Predicate | None) -> Iterator[Move]:
    if after is not None and (before is None or before.predicate != after.predicate):
        yield What.RATED.value, None, None, before.predicate if before else "", after.predicate


def _standing(row: Any) -> str:
    """Kind, golongan and kedudukan hukum as one text of codes."""
    return " · ".join(part for part in (row.kind, row.grade, row.standing) if part)
