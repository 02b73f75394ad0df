"""The one way to what is audited: nobody audits her own agency or case, and the Inspektorat is read from outside.

Unknown looks like forbidden. An inspector reads the agencies of her grants without the perangkat daerah she is
posted in and without the Inspektorat; the outside reader (Inspektorat Provinsi, BPK) reads the Inspektorat too.
Neither reads a case of her own or one in which she acted, nor those of an agency from the time she was posted there
(`own_part.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from agencies import clock
from agencies.access import Standing, acting_as, once
from agencies.models import Agency, Posting, Role, User
from agencies.prepared import prepared
from eligibility.arrangement_access import ALWAYS_READ, placed
from eligibility.models import Arrangement
from eligibility.querysets import ArrangementQuerySet
from oversight.own_part import Held, OwnPart, acted, own_part

READERS: Final = (Role.INSPECTOR, Role.OUTSIDE_READER)
"""Who reads what is audited."""

INSPEKTORAT: Final = "inspektorat"
"""The kind of agency that inspectors belong to."""


def auditor(standing: Standing) -> Standing:
    """The standing narrowed to the grants that audit; Http404 for everybody else."""
    return acting_as(standing, *READERS)


@dataclass(frozen=True)
class _Reach:
    """The keys of all agencies of the institution, and of those that are audited; and where the reader was posted."""

    lines: Mapping[int, tuple[int, ...]]
    """For each agency its key and those of the agencies above it, that at the top last."""
    kept: frozenset[int]
    held: tuple[Held, ...]

    def tree_of(self, agency: int) -> frozenset[int]:
        """The perangkat daerah of an agency with all that belongs to it; empty for one of elsewhere."""
        line = self.lines.get(agency)
        return frozenset(key for key, above in self.lines.items() if above[-1] == line[-1]) if line else frozenset()

    @property
    def closed(self) -> frozenset[int]:
        """The keys of those that are not."""
        return frozenset(self.lines) - self.kept


def audited(standing: Standing, user: User) -> QuerySet[Agency]:
    """The agencies whose arrangements and determinations the user may look at; Http404 for who audits nothing."""
    reach = _reach(standing, user)
    agencies = Agency.objects.filter(institution=standing.institution)
    return agencies.filter(pk__in=sorted(reach.kept)) if reach.closed else agencies


def audited_arrangements(standing: Standing, user: User) -> ArrangementQuerySet:
    """The arrangements of audited agencies that were ever submitted: a draft is nobody's business but the writer's.

    Where all but a few agencies are audited, those few are left out by key, so that the list keeps its index.
    """
    reach = _reach(standing, user)
    kept_back = _own_part(standing, user, reach).cases
    found = _in_reach(standing, reach)
    return found.exclude(kept_back) if kept_back else found


def kept_back(standing: Standing, user: User) -> ArrangementQuerySet:
    """The arrangements of agencies that she audits which are kept from her: in each she has a part of her own."""
    reach = _reach(standing, user)
    condition = _own_part(standing, user, reach).cases
    found = _in_reach(standing, reach)
    return found.filter(condition) if condition else found.none()


def _in_reach(standing: Standing, reach: _Reach) -> ArrangementQuerySet:
    found = _submitted(standing.institution.pk)
    if len(reach.closed) < len(reach.kept):
        return found.exclude(agency__in=sorted(reach.closed)) if reach.closed else found
    return found.filter(agency__in=sorted(reach.kept))


def _own_part(standing: Standing, user: User, reach: _Reach) -> OwnPart:
    """Worked out once for a page."""

    def read() -> OwnPart:
        held = ((one, reach.tree_of(one.agency)) for one in reach.held)
        # What she does not audit today is left out as a whole.
        return own_part(standing.institution, user, [(one, tree) for one, tree in held if tree & reach.kept])

    return once(user, ("own part", auditor(standing)), read)


def get_case(standing: Standing, user: User, pk: int) -> Arrangement:
    """The arrangement of that key; Http404 where it is unknown, a draft, or none that she audits."""
    reach = _reach(standing, user)
    found = next(iter(_case(standing.institution.pk, pk, user.pk, user.employee_id or 0)), None)
    if found is None or found.agency_id not in reach.kept:
        raise Http404
    if _own_part(standing, user, reach).has(found, acted=vars(found)["acted"]):
        raise Http404
    return placed(found, standing.institution)


def _submitted(institution: int) -> ArrangementQuerySet:
    """The arrangements of an institution that were ever submitted."""
    found = Arrangement.objects.filter(institution_id=institution).exclude(state="draft")
    return found.exclude(state="withdrawn", submitted_at__isnull=True)


@prepared
def _case(institution: int, pk: int, user: int, employee: int) -> QuerySet[Any, Arrangement]:
    rows = _submitted(institution).select_related(*ALWAYS_READ, "norm").filter(pk=pk).order_by()
    return rows.annotate(acted=acted(user, employee))


def audited_of(standing: Standing, user: User, keys: Iterable[int]) -> frozenset[int]:
    """Of these arrangements, by key, those that she may open as a case."""
    return frozenset(audited_arrangements(standing, user).filter(pk__in=list(keys)).values_list("pk", flat=True))


def _reach(standing: Standing, user: User) -> _Reach:
    """What is audited, worked out once for a page."""
    narrowed = auditor(standing)
    return once(user, ("reach", narrowed), lambda: _reached(narrowed, user))


def _reached(narrowed: Standing, user: User) -> _Reach:
    """What is audited by these grants, over the agencies read once."""
    institution, held = narrowed.institution, _held(user)
    rows = {pk: (parent, kind) for pk, parent, kind in _agencies(institution.pk)}
    above = {pk: _lineage(pk, rows) for pk in rows}
    closed = {above[key][-1] for key in _posted(held, clock.today(institution)) if key in above}
    if narrowed.holds(Role.INSPECTOR):
        closed |= {pk for pk, (_parent, kind) in rows.items() if kind == INSPEKTORAT}
    named = None if narrowed.sees_all else narrowed.agencies
    kept = (
        pk for pk, line in above.items() if closed.isdisjoint(line) and (named is None or not named.isdisjoint(line))
    )
    return _Reach(above, frozenset(kept), held)


def _lineage(key: int, rows: Mapping[int, tuple[int | None, str]]) -> tuple[int, ...]:
    """The agency and those above it, that at the top last."""
    parent = rows[key][0]
    return (key,) if parent is None else (key, *_lineage(parent, rows))


def _posted(held: Iterable[Held], on: date) -> set[int]:
    """The keys of the agencies she is posted in on the day."""
    return {one.agency for one in held if one.first <= on <= one.last}


def _held(user: User) -> tuple[Held, ...]:
    """Where she was, is and will be posted, as far as recorded now."""
    if user.employee_id is None:
        return ()
    rows = _postings(user.employee_id, timezone.now())
    return tuple(Held(agency, first, last or date.max) for agency, first, last in rows)


@prepared
def _postings(employee: int, known_at: datetime) -> QuerySet[Any, tuple[int, date, date | None]]:
    held = Posting.objects.known(known_at).filter(employee=employee).order_by("effective_from", "pk")
    return held.values_list("position__agency_id", "effective_from", "effective_until")


@prepared
def _agencies(institution: int) -> QuerySet[Any, tuple[int, int | None, str]]:
    """Key, key of the agency above and kind of each agency."""
    found = Agency.objects.filter(institution_id=institution).order_by()
    return found.values_list("pk", "parent_id", "kind")
