"""Who may give which role to whom: how far an administrator reaches, roles that exclude each other, the last one.

The checks read the database; the acts that use them hold the institution's row locked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from agencies.models import Agency, Grant, Institution, Role, User

NEEDS_ANOTHER: Final = frozenset({Role.HR_OFFICER, Role.INSPECTOR, Role.OUTSIDE_READER, Role.DATA_PROTECTION_OFFICER})
"""Roles that an administrator does not give herself: another administrator must."""

OF_ONE_AGENCY: Final = frozenset({Role.AGENCY_HEAD, Role.EMPLOYEE})
"""Roles that mean nothing without an agency."""

FARTHEST: Final = date(2199, 12, 31)
"""The last day that a role may name; whoever means for ever leaves it open."""

_DECIDES: Final = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD, Role.RULES_ADMINISTRATOR})
_AUDITOR: Final = "inspektorat"


@dataclass(frozen=True)
class Authority:
    """How far an administrator reaches in an institution: to all of it (agencies None), or to these agencies.

    Without an actor it is the system that acts.
    """

    actor: User | None
    institution: Institution
    agencies: frozenset[int] | None

    def covers(self, agency: int | None) -> bool:
        """Whether a grant for this agency (None: for all) is within reach."""
        return self.agencies is None or agency in self.agencies


def authority(actor: User | None, institution: Institution, on: date) -> Authority:
    """The reach of an account on a day; raises ActRefused for who is no administrator there."""
    if actor is None:
        return Authority(None, institution, None)
    held = Grant.objects.in_force(on).filter(user=actor, user__is_active=True, institution=institution)
    named = list(held.filter(role=Role.SYSTEM_ADMINISTRATOR).values_list("agency_id", flat=True))
    if not named:
        raise ActRefused(_("Only a system administrator of %(place)s may do this.") % {"place": institution.name})
    if None in named:
        return Authority(actor, institution, None)
    below = Agency.objects.filter(institution=institution).subtree([key for key in named if key is not None])
    return Authority(actor, institution, frozenset(below))


def why_not_managed(reach: Authority, user: User, on: date) -> str:
    """Why an administrator may not reset, close or reopen an account; empty where she may.

    Whoever sets a password can sign in as that account, so all of its roles must be within reach.
    """
    lasting = [grant for grant in user.grants.all() if grant.valid_until is None or grant.valid_until >= on]
    if user.is_superuser or user.is_staff:
        return _("This account opens the technical administration too; it is managed on the server.")
    if any(grant.institution_id != reach.institution.pk for grant in lasting):
        return _("This account also has a role in another institution; ask the administrators of both.")
    if any(not reach.covers(grant.agency_id) for grant in lasting):
        return _("This account has a role beyond your agency; ask the administrator of the whole institution.")
    if user.employee is not None and user.employee.institution_id != reach.institution.pk:
        return _("This account belongs to an employee of another institution.")
    return ""


def check_gift(reach: Authority, grant: Grant, on: date) -> None:
    """That a role may be given as it is written, whatever else the account holds; raises ActRefused at a field."""
    role, agency = Role(grant.role), grant.agency
    if agency is not None and agency.institution_id != reach.institution.pk:
        raise ActRefused(_("This agency belongs to another institution."), "agency")
    if not reach.covers(grant.agency_id):
        raise ActRefused(_("You may give roles only for your agency and those below it."), "agency")
    if agency is None and role in OF_ONE_AGENCY:
        raise ActRefused(_("Name the agency: this role is always for one agency."), "agency")
    if agency is not None and agency.closed_on is not None and agency.closed_on <= grant.valid_from:
        raise ActRefused(_("This agency is closed on that day; choose the one that took its place."), "agency")
    check_days(grant, on)
    if reach.actor is not None and reach.actor.pk == grant.user_id and role in NEEDS_ANOTHER:
        raise ActRefused(_("Nobody gives this role to herself; another administrator must."), "role")


def check_days(grant: Grant, on: date) -> None:
    """That a role ends on or after its first day and on or after the given one; raises ActRefused at a field."""
    if grant.valid_from > FARTHEST:
        raise ActRefused(_("This day is too far ahead."), "valid_from")
    if grant.valid_until is None:
        return
    if grant.valid_until < max(grant.valid_from, on):
        raise ActRefused(_("The last day is today or later, and not before the first day."), "valid_until")
    if grant.valid_until > FARTHEST:
        raise ActRefused(_("This day is too far ahead; leave it empty for a role without end."), "valid_until")


def check_beside(grant: Grant, others: Iterable[Grant]) -> None:
    """That a role does not repeat or contradict another that the account holds on the same days."""
    for other in others:
        if other.pk == grant.pk or other.institution_id != grant.institution_id or not _overlap(grant, other):
            continue
        if (other.role, other.agency_id) == (grant.role, grant.agency_id):
            raise ActRefused(
                _("The account has this role there already on these days; change its last day instead."), "role"
            )
        if _excluded(grant, other) or _excluded(other, grant):
            raise ActRefused(
                _("“%(one)s” and “%(other)s” do not go together: who inspects takes no part in deciding.")
                % {"one": Role(grant.role).label, "other": Role(other.role).label},
                "role",
            )


def _overlap(one: Grant, other: Grant) -> bool:
    starts, ends = max(one.valid_from, other.valid_from), [one.valid_until, other.valid_until]
    return all(end is None or end >= starts for end in ends)


def _excluded(auditor: Grant, decider: Grant) -> bool:
    """Whether the first inspects and the second decides; to head the Inspektorat itself is no contradiction.

    Who reads for an outside body reads the Inspektorat too, so she neither decides nor inspects in it.
    """
    if auditor.role == Role.OUTSIDE_READER:
        return decider.role in _DECIDES or decider.role == Role.INSPECTOR
    if auditor.role != Role.INSPECTOR or decider.role not in _DECIDES:
        return False
    return not (decider.role == Role.AGENCY_HEAD and decider.agency and decider.agency.kind == _AUDITOR)


def administrations(institution: Institution) -> list[Grant]:
    """The grants that administer the whole institution and whose account is open."""
    held = Grant.objects.filter(institution=institution, role=Role.SYSTEM_ADMINISTRATOR, agency=None)
    return list(held.filter(user__is_active=True))


def check_still_administered(institution: Institution, lost: Iterable[Grant], on: date) -> None:
    """That on every day from `on` that these grants administered somebody else still does.

    A grant that is only shortened is given with the days it loses. Raises ActRefused.
    """
    ending = list(lost)
    left = [grant for grant in administrations(institution) if grant.pk not in {one.pk for one in ending}]
    for one in ending:
        if one.role == Role.SYSTEM_ADMINISTRATOR and one.agency_id is None:
            gap = _first_gap(max(one.valid_from, on), one.valid_until, left)
            if gap is not None:
                raise ActRefused(
                    _(
                        "From %(day)s on nobody would administer %(place)s. "
                        "Give another account this role for the whole institution first."
                    )
                    % {"day": date_format(gap), "place": institution.name}
                )


def _first_gap(start: date, end: date | None, left: list[Grant]) -> date | None:
    """The first day from start to end (None: for ever) on which none of the grants is in force."""
    day = start
    while end is None or day <= end:
        lasts = [g.valid_until for g in left if g.valid_from <= day and (g.valid_until is None or g.valid_until >= day)]
        if not lasts:
            return day
        if None in lasts or date.max in lasts:
            return None
        day = max(last for last in lasts if last is not None) + timedelta(days=1)
    return None
