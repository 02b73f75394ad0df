"""The rows that checks look at, by level: which there are, to which agency each belongs, how a list orders them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext_lazy as _

from agencies.models import (
    Agency,
    DisciplineGate,
    Employee,
    Employment,
    Grant,
    HolderTask,
    Position,
    Posting,
    PublicService,
    TaskProfile,
    Unit,
)
from agencies.querysets import open_on
from agencies.xray.looking import Looking

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Level:
    """A kind of rows. `agency` is the path to the key of the agency that a row belongs to.

    `kept`: only the HR officer of the whole institution reads its rows. `personal`: they name people. `holder` is the
    path to the key of the employee by whose definitive posting the agency is found, where it is.
    """

    code: str
    label: _StrPromise
    rows: Callable[[Looking], QuerySet[Any]]
    agency: str
    order: tuple[str, ...]
    related: tuple[str, ...] = ()
    personal: bool = False
    kept: bool = False
    holder: str = ""

    def within(self, looking: Looking, agencies: Collection[int]) -> QuerySet[Any]:
        """The rows that belong to the agencies."""
        rows = self.rows(looking).filter(**{f"{self.agency}__in": agencies})
        if not self.holder:
            return rows
        # Said once more by the postings, so that not everybody of the city is asked where she is.
        held = looking.definitive(position__agency__in=agencies).values("employee")
        return rows.filter(**{f"{self.holder}__in": held})


def _open_above(looking: Looking) -> Q:
    """The agency of a row counts on the day."""
    return Q(agency__closed_on__isnull=True) | Q(agency__closed_on__gt=looking.on)


def _agencies(looking: Looking) -> QuerySet[Agency]:
    return Agency.objects.filter(open_on(looking.on), institution=looking.institution)


def _units(looking: Looking) -> QuerySet[Unit]:
    return Unit.objects.filter(open_on(looking.on), _open_above(looking), agency__institution=looking.institution)


def _positions(looking: Looking) -> QuerySet[Position]:
    """With the number of definitive holders."""
    holders = looking.definitive(position=OuterRef("pk")).values("position").annotate(number=Count("pk"))
    rows = Position.objects.filter(open_on(looking.on), institution=looking.institution)
    return rows.alias(holders=Coalesce(Subquery(holders.values("number")[:1]), 0))


def _tasks(looking: Looking) -> QuerySet[TaskProfile]:
    return TaskProfile.objects.filter(open_on(looking.on), institution=looking.institution)


def _services(looking: Looking) -> QuerySet[PublicService]:
    rows = PublicService.objects.filter(open_on(looking.on), _open_above(looking))
    return rows.filter(agency__institution=looking.institution)


def _agency_of(looking: Looking, employee: str) -> Subquery:
    """The agency in which somebody holds a position definitively; null for who holds none."""
    held = looking.definitive(employee=OuterRef(employee)).order_by("-effective_from", "-pk")
    return Subquery(held.values("position__agency")[:1])


def _employees(looking: Looking) -> QuerySet[Employee]:
    """With the day of birth that the number holds, as text, and the kind of employment."""
    begun = Employment.objects.current().filter(employee=OuterRef("pk"), effective_from__lte=looking.on)
    latest = begun.order_by("-effective_from", "-recorded_at", "-pk")
    rows = Employee.objects.filter(institution=looking.institution).annotate(at_agency=_agency_of(looking, "pk"))
    return rows.alias(
        born=Substr("nip", 1, 8, output_field=TextField()),
        kind=Subquery(latest.values("kind")[:1]),
        standing=Subquery(latest.values("standing")[:1]),
    )


def _postings(looking: Looking) -> QuerySet[Posting]:
    """Those in force on the day."""
    return looking.postings(position__institution=looking.institution)


def _past_postings(looking: Looking) -> QuerySet[Posting]:
    """Those that were over before the day, in the agency where their holder is by now: who moved on is read there."""
    over: QuerySet[Posting] = Posting.objects.current().filter(effective_until__lt=looking.on).order_by()
    rows = over.filter(position__institution=looking.institution)
    return rows.annotate(at_agency=_agency_of(looking, "employee"))


def _gates(looking: Looking) -> QuerySet[DisciplineGate]:
    rows: QuerySet[DisciplineGate] = DisciplineGate.objects.current().filter(employee__institution=looking.institution)
    return rows.annotate(at_agency=_agency_of(looking, "employee"))


def _grants(looking: Looking) -> QuerySet[Grant]:
    return Grant.objects.in_force(looking.on).filter(institution=looking.institution, user__is_active=True)


def _holder_tasks(looking: Looking) -> QuerySet[HolderTask]:
    still = Q(task__closed_on__isnull=True) | Q(task__closed_on__gt=looking.on)
    return HolderTask.objects.current().filter(still, task__position__institution=looking.institution)


AGENCY: Final = Level("agency", _("Agencies"), _agencies, "pk", ("name", "pk"), related=("parent",))
UNIT: Final = Level("unit", _("Units"), _units, "agency", ("name", "pk"), related=("agency",))
POSITION: Final = Level("position", _("Positions"), _positions, "agency", ("title", "pk"), related=("agency", "unit"))
TASK: Final = Level(
    "task", _("Tasks"), _tasks, "agency", ("task__title", "pk"), related=("agency", "unit", "position", "task")
)
SERVICE: Final = Level("service", _("Public services"), _services, "agency", ("name", "pk"), related=("agency",))
EMPLOYEE: Final = Level("employee", _("Employees"), _employees, "at_agency", ("name", "pk"), personal=True, holder="pk")
POSTING: Final = Level(
    "posting",
    _("Postings"),
    _postings,
    "position__agency",
    ("employee__name", "pk"),
    related=("employee", "position__agency"),
    personal=True,
)
PAST_POSTING: Final = Level(
    "past_posting",
    _("Postings that are over"),
    _past_postings,
    "at_agency",
    ("employee__name", "pk"),
    related=("employee", "position__agency"),
    personal=True,
)
HOLDER: Final = Level(
    "holder",
    _("Tasks of holders"),
    _holder_tasks,
    "task__position__agency",
    ("employee__name", "pk"),
    related=("employee", "task__position__agency"),
    personal=True,
)
GATE: Final = Level(
    "gate",
    _("Discipline"),
    _gates,
    "at_agency",
    ("employee__name", "pk"),
    related=("employee",),
    personal=True,
    kept=True,
    holder="employee",
)
GRANT: Final = Level(
    "grant",
    _("Roles"),
    _grants,
    "agency",
    ("user__username", "pk"),
    related=("user", "agency"),
    personal=True,
    kept=True,
)

LEVELS: Final = (AGENCY, UNIT, POSITION, TASK, SERVICE, EMPLOYEE, POSTING, PAST_POSTING, HOLDER, GATE, GRANT)
"""Every level, in the order in which the page shows them."""
