"""The one way to institutions, agencies and positions: by the grants a user holds today.

Unknown and forbidden look the same: both raise Http404. A grant is in force by the real date, also
in demonstration mode, and the superuser flag opens nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from agencies import clock
from agencies.agency_tree import AgencyTree
from agencies.models import (
    Agency,
    AgencyReview,
    DataImport,
    Document,
    Employee,
    Grant,
    Institution,
    Objection,
    Position,
    Posting,
    PublicService,
    Role,
    Task,
    Unit,
    User,
    Workplace,
)
from agencies.prepared import prepared
from agencies.querysets import EmployeeQuerySet, GrantQuerySet

Visitor = User | AnonymousUser
Part = TypeVar("Part", Unit, PublicService)
Known = TypeVar("Known")

_READ_ONCE: Final = "standings_read_once"

PEOPLE_READERS = (Role.HR_OFFICER, Role.AGENCY_HEAD, Role.INSPECTOR)
"""Who may read the files of employees, each within her agencies."""

STUDY_READERS = (
    Role.HR_OFFICER,
    Role.AGENCY_HEAD,
    Role.INSPECTOR,
    Role.OUTSIDE_READER,
    Role.RULES_ADMINISTRATOR,
)
"""Who compares the studies of agencies, each those in sight."""

STUDY_WRITERS = (Role.HR_OFFICER, Role.AGENCY_HEAD)
"""Who writes the draft of a study, each for her agencies; only the HR officer of the institution signs it."""

KEPT_BY_BKPSDM = ("discipline", "circumstance")
"""Parts of a file that only the HR officer of the whole institution reads and writes in full."""

RANK = (*(role for role in Role if role is not Role.EMPLOYEE), Role.EMPLOYEE)
"""Of several roles in one institution, the first of these is shown and chooses the home page."""


@dataclass(frozen=True)
class Standing:
    """What a user is in one institution on a day: its grants in force then, the leading role first."""

    institution: Institution
    on: date
    grants: tuple[Grant, ...]

    @property
    def role(self) -> Role:
        """The leading role."""
        return Role(self.grants[0].role)

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held."""
        return frozenset(Role(grant.role) for grant in self.grants)

    def holds(self, *roles: Role) -> bool:
        """Whether a grant of one of these roles is held, for whatever agency."""
        return any(grant.role in roles for grant in self.grants)

    @property
    def sees_all(self) -> bool:
        """Whether every agency is in sight; a grant without agency is one for all, whatever its role."""
        return any(grant.agency_id is None for grant in self.grants)

    @property
    def agencies(self) -> frozenset[int]:
        """The keys of the agencies that grants name."""
        return frozenset(grant.agency_id for grant in self.grants if grant.agency_id is not None)


def standings(user: Visitor) -> list[Standing]:
    """The user's standing in each institution where a grant is in force today, by name."""
    if not isinstance(user, User):
        return []
    today = timezone.localdate()
    return once(user, today, lambda: _standings(user, today))


def read_once(user: Visitor) -> None:
    """Let the standings of this account be read once: of a request that changes nothing, whose view and frame ask."""
    if isinstance(user, User):
        setattr(user, _READ_ONCE, {})


def once(user: User, what: Hashable, read: Callable[[], Known]) -> Known:
    """What was read for the account, where it is read once; else read it now. `what` names it."""
    known: dict[Hashable, Known] | None = getattr(user, _READ_ONCE, None)
    if known is None:
        return read()
    if what not in known:
        known[what] = read()
    return known[what]


def _standings(user: User, today: date) -> list[Standing]:
    held: dict[Institution, list[Grant]] = {}
    for grant in _grants_in_force(today, user.pk):
        held.setdefault(grant.institution, []).append(grant)
    return [Standing(institution, today, _leading_first(grants)) for institution, grants in held.items()]


@prepared
def _grants_in_force(today: date, user: int) -> QuerySet[Grant]:
    """What an account holds, by the name of the institution: every page asks."""
    grants = Grant.objects.in_force(today).filter(user=user)
    return grants.select_related("institution").order_by("institution__name", "pk")


def _leading_first(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(grants, key=lambda grant: RANK.index(Role(grant.role))))


def get_standing(user: Visitor, code: str) -> Standing:
    """The user's standing in the institution of that code.

    Raises Http404 where there is no such institution or no grant in it.
    """
    for standing in standings(user):
        if standing.institution.code == code:
            return standing
    raise Http404


def acting_as(standing: Standing, *roles: Role) -> Standing:
    """The standing narrowed to the grants of these roles: what the user may do as one of them, and where.

    Raises Http404 without any: a page that is not for a role looks as if it were not there.
    """
    grants = tuple(grant for grant in standing.grants if grant.role in roles)
    if not grants:
        raise Http404
    return replace(standing, grants=grants)


def visible_agencies(standing: Standing) -> QuerySet[Agency]:
    """The agencies in sight: all, or those that grants name with everything below them."""
    agencies = Agency.objects.filter(institution=standing.institution)
    if standing.sees_all:
        return agencies
    return agencies.filter(pk__in=agencies.subtree(standing.agencies))


def get_agency(standing: Standing, code: str) -> Agency:
    """The agency of that code; Http404 where it is unknown or out of sight."""
    agency = next(iter(_agencies(standing.institution.pk, code)), None)
    if agency is None:
        raise Http404
    if not standing.sees_all and agency.pk not in tree_of(standing.institution.pk).at_and_below(standing.agencies):
        raise Http404
    agency.institution = standing.institution
    return agency


@prepared
def _agencies(institution: int, code: str) -> QuerySet[Agency]:
    return Agency.objects.filter(institution_id=institution, code=code).select_related("parent")


def tree_of(institution: int) -> AgencyTree:
    """All agencies of an institution, by its key."""
    return AgencyTree(dict(_parents(institution)))


@prepared
def _parents(institution: int) -> QuerySet[Any, tuple[int, int | None]]:
    return Agency.objects.filter(institution_id=institution).order_by().values_list("pk", "parent_id")


def get_position(standing: Standing, pk: int) -> Position:
    """The position of that key; Http404 where it is unknown or in an agency out of sight."""
    position = next(iter(_positions(standing.institution.pk, pk)), None)
    if position is None:
        raise Http404
    position.institution = standing.institution
    if not standing.sees_all and not visible_agencies(standing).filter(pk=position.agency_id).exists():
        raise Http404
    return position


@prepared
def _positions(institution: int, pk: int) -> QuerySet[Any, Position]:
    found = Position.objects.filter(institution_id=institution, pk=pk).order_by()
    return found.select_related("agency", "unit")


def holds_whole(standing: Standing, role: Role) -> bool:
    """Whether the role is held for the whole institution."""
    return any(grant.role == role and grant.agency_id is None for grant in standing.grants)


def acting_for_all(standing: Standing, *roles: Role) -> None:
    """Raise Http404 unless one of the roles is held for the whole institution."""
    if not any(holds_whole(standing, role) for role in roles):
        raise Http404


def get_workplace(standing: Standing, pk: int) -> Workplace:
    """The place of work of that key; Http404 where it is unknown or of another institution."""
    found = Workplace.objects.filter(institution=standing.institution).select_related("agency")
    workplace = found.filter(pk=pk).first()
    if workplace is None:
        raise Http404
    return workplace


def get_document(standing: Standing, pk: int) -> Document:
    """The document of that key; Http404 where it is unknown or of another institution."""
    document = Document.objects.filter(institution=standing.institution, pk=pk).first()
    if document is None:
        raise Http404
    return document


def get_data_import(standing: Standing, pk: int) -> DataImport:
    """The import of that key; Http404 where it is unknown or of another institution."""
    found = DataImport.objects.filter(institution=standing.institution)
    row = found.select_related("institution", "uploaded_by", "applied_by", "ended_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def visible_employees(standing: Standing) -> EmployeeQuerySet:
    """The employees in sight of a standing narrowed to roles that read people.

    The HR officer of the institution sees all, other readers of the institution those with a posting at any
    time, and a grant that names an agency those who hold a position in it or below on the present day.
    """
    employees = Employee.objects.filter(institution=standing.institution)
    if holds_whole(standing, Role.HR_OFFICER):
        return employees
    if standing.sees_all:
        return employees.filter(pk__in=Posting.objects.current().values("employee"))
    today = clock.today(standing.institution)
    return employees.seen_from(visible_agencies(standing).values("pk"), today, timezone.now())


def employees_in_sight(standing: Standing, keys: Collection[int]) -> frozenset[int]:
    """Which of the employees are in sight, as `visible_employees` tells."""
    if holds_whole(standing, Role.HR_OFFICER):
        return frozenset(_of_institution(standing.institution.pk, keys))
    return frozenset(visible_employees(standing).filter(pk__in=keys).values_list("pk", flat=True))


@prepared
def _of_institution(institution: int, keys: Collection[int]) -> QuerySet[Any, int]:
    found = Employee.objects.filter(institution_id=institution, pk__in=keys)
    return found.order_by().values_list("pk", flat=True)


def get_employee(standing: Standing, pk: int) -> Employee:
    """The employee of that key; Http404 where she is unknown or out of sight."""
    employee = visible_employees(standing).select_related("institution").filter(pk=pk).first()
    if employee is None:
        raise Http404
    return employee


def visible_objections(standing: Standing) -> QuerySet[Objection]:
    """The objections to facts of employees in sight; those about what only BKPSDM keeps, for it alone."""
    found = Objection.objects.filter(employee__institution=standing.institution)
    if holds_whole(standing, Role.HR_OFFICER):
        return found
    return found.filter(employee__in=visible_employees(standing).values("pk")).exclude(about__in=KEPT_BY_BKPSDM)


def get_objection(standing: Standing, pk: int) -> Objection:
    """The objection of that key; Http404 where it is unknown or out of sight."""
    found = visible_objections(standing).select_related("employee__institution", "raised_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def keeps_structure(standing: Standing, agency: int) -> bool:
    """Whether the user may add, correct and close in the agency of that key: as HR officer there or above."""
    return _acts_in(standing, agency, Role.HR_OFFICER)


def writes_study(standing: Standing, agency: int) -> bool:
    """Whether the user may write the draft of a study of the agency of that key, and so reads it."""
    return _acts_in(standing, agency, *STUDY_WRITERS)


def _acts_in(standing: Standing, agency: int, *roles: Role) -> bool:
    """Whether a grant of one of the roles is held for the agency of that key or one above it."""
    grants = tuple(grant for grant in standing.grants if grant.role in roles)
    if not grants:
        return False
    acting = replace(standing, grants=grants)
    return acting.sees_all or visible_agencies(acting).filter(pk=agency).exists()


def get_study(standing: Standing, agency: Agency, pk: int) -> AgencyReview:
    """The signed study of an agency in sight; Http404 where it is unknown or another agency's."""
    study = AgencyReview.objects.signed().filter(agency=agency, pk=pk).first()
    if study is None:
        raise Http404
    return study


def get_unit(standing: Standing, pk: int) -> Unit:
    """The unit of that key; Http404 where it is unknown or in an agency out of sight."""
    return _within_sight(standing, Unit.objects.select_related("agency__institution").filter(pk=pk).first())


def get_service(standing: Standing, pk: int) -> PublicService:
    """The public service of that key; Http404 where it is unknown or in an agency out of sight."""
    found = PublicService.objects.select_related("agency__institution", "unit").filter(pk=pk).first()
    return _within_sight(standing, found)


def get_task(standing: Standing, pk: int) -> Task:
    """The task of that key; Http404 where it is unknown or of a position out of sight."""
    task = Task.objects.filter(pk=pk).first()
    if task is None:
        raise Http404
    task.position = get_position(standing, task.position_id)
    return task


def _within_sight(standing: Standing, found: Part | None) -> Part:
    if found is None or not visible_agencies(standing).filter(pk=found.agency_id).exists():
        raise Http404
    return found


def visible_grants(standing: Standing) -> GrantQuerySet:
    """The grants of the institution for agencies in sight; those for all agencies only where all are in sight."""
    grants = Grant.objects.filter(institution=standing.institution)
    return grants if standing.sees_all else grants.filter(agency__in=visible_agencies(standing))


def get_account(standing: Standing, pk: int) -> User:
    """The account of that key; Http404 where it is unknown or never had a role within sight."""
    seen = User.objects.filter(pk__in=visible_grants(standing).values("user"))
    user = seen.select_related("employee").filter(pk=pk).first()
    if user is None:
        raise Http404
    return user


def get_grant(standing: Standing, pk: int) -> Grant:
    """The grant of that key; Http404 where it is unknown or beyond the agencies in sight."""
    grant = visible_grants(standing).select_related("institution", "agency", "user").filter(pk=pk).first()
    if grant is None:
        raise Http404
    return grant
