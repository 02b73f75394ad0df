"""The one way to institutions, agencies and positions: by the grants a user holds today.

Unknown and forbidden look the same: both raise Http404. A grant is in force by the real date, also
in demonstration mode, and the superuser flag opens nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from agencies.models import Agency, Grant, Institution, Position, Role, User

Visitor = User | AnonymousUser

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
    rows = Grant.objects.in_force(today).filter(user=user)
    held: dict[Institution, list[Grant]] = {}
    for grant in rows.select_related("institution").order_by("institution__name", "pk"):
        held.setdefault(grant.institution, []).append(grant)
    return [Standing(institution, today, _leading_first(grants)) for institution, grants in held.items()]


def _leading_first(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(grants, key=lambda grant: RANK.index(Role(grant.role))))


def institutions_of(user: Visitor) -> list[Institution]:
    """The institutions in which the user holds a grant today."""
    return [standing.institution for standing in standings(user)]


def get_standing(user: Visitor, code: str) -> Standing:
    """The user's standing in the institution of that code.

    Raises Http404 where there is no such institution or no grant in it.
    """
    for standing in standings(user):
        if standing.institution.code == code:
            return standing
    raise Http404


def get_institution(user: Visitor, code: str) -> Institution:
    """The institution of that code; Http404 where it is unknown or not the user's."""
    return get_standing(user, code).institution


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
    agency = visible_agencies(standing).select_related("parent").filter(code=code).first()
    if agency is None:
        raise Http404
    return agency


def get_position(standing: Standing, pk: int) -> Position:
    """The position of that key; Http404 where it is unknown or in an agency out of sight."""
    seen = Position.objects.filter(institution=standing.institution)
    position = seen.select_related("institution", "agency", "unit").filter(pk=pk).first()
    if position is None:
        raise Http404
    if not standing.sees_all and not visible_agencies(standing).filter(pk=position.agency_id).exists():
        raise Http404
    return position
