"""Who moved by an import of employees: her entries as they were known just before it, beside those it left in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
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
    """What was last known of one employee: her latest definitive posting, predicate and employment."""

    posting: Posting | None = None
    predicate: Predicate | None = None
    employment: Employment | None = None


_NOTHING: Final = Known()


def keep_moves(data_import: DataImport, at: datetime) -> int:
    """Tell what the import means for each employee it touched, and return how many moves those are."""
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
            for move in _moves(before.get(key, _NOTHING), after.get(key, _NOTHING), new=key in created)
        )
        count += insert_rows(ImportedMove, _COLUMNS, rows)
    return count


def _known(keys: list[int], when: Q) -> Mapping[int, Known]:
    """The latest entries of these employees among those for which the condition holds."""
    definitive = Posting.objects.filter(when, employee__in=keys, capacity=Posting.Capacity.DEFINITIVE)
    postings = {one.employee_id: one for one in definitive.order_by("effective_from", "pk")}
    rated = Predicate.objects.filter(when, employee__in=keys).order_by("period_ends_on", "pk")
    predicates = {one.employee_id: one for one in rated}
    rows = Employment.objects.filter(when, employee__in=keys).order_by("effective_from", "pk")
    employments = {one.employee_id: one for one in rows}
    return {key: Known(postings.get(key), predicates.get(key), employments.get(key)) for key in keys}


Move = tuple[str, int | None, int | None, str, str]


def _moves(before: Known, after: Known, *, new: bool) -> Iterator[Move]:
    yield from _of_posting(before.posting, after.posting, new=new)
    yield from _of_predicate(before.predicate, after.predicate)
    if before.employment and after.employment and _standing(before.employment) != _standing(after.employment):
        yield What.STANDING.value, None, None, _standing(before.employment), _standing(after.employment)


def _of_posting(before: Posting | None, after: Posting | None, *, new: bool) -> Iterator[Move]:
    was = before.position_id if before is not None else None
    now = after.position_id if after is not None else None
    if new or (before is None and after is not None):
        yield What.JOINED.value, was, now, "", ""
    elif before is not None and after is not None and was != now:
        what = What.PROMOTED if after.reason in _PROMOTING else What.MOVED
        yield what.value, was, now, "", ""
    elif before is not None and after is not None and before.effective_until is None and after.effective_until:
        yield What.LEFT.value, was, None, "", after.effective_until.isoformat()


def _of_predicate(before: Predicate | None, after: Predicate | None) -> Iterator[Move]:
    if after is not None and (before is None or before.predicate != after.predicate):
        yield What.RATED.value, None, None, before.predicate if before else "", after.predicate


def _standing(row: Any) -> str:
    """Kind, golongan and kedudukan hukum as one text of codes."""
    return " · ".join(part for part in (row.kind, row.grade, row.standing) if part)
