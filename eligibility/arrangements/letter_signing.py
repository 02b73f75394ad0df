"""Who may issue the letter of an approval, and who signs it: who decided, or who holds that office now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from agencies.access import standings
from agencies.errors import ActRefused
from agencies.models import Agency, Employee, Grant, Posting, Role, User
from agencies.querysets import PostingQuerySet
from eligibility.loading import settings_in_force
from eligibility.models import Approval, Capacity
from eligibility.models.arrangements import ArrangementStep

DELEGATED: Final = (Capacity.ON_BEHALF, Capacity.FOR_SUPERIOR)
"""Signed by another official than who decided."""

HELD_AS: Final = {"definitive": Capacity.OWN, "plt": Capacity.ACTING, "plh": Capacity.DAILY}
"""The capacity of a signature by that of the posting."""

PREFIXES: Final = {Capacity.ACTING: "Plt. ", Capacity.DAILY: "Plh. "}

_MANAGERIAL: Final = ("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the employee (None: a head of the region without a file), the office, and in which capacity.

    `above` is the office on whose behalf it is signed (empty: signed by who decided), `sk` the number of the SK
    by which a Plt or Plh holds the office.
    """

    employee: Employee | None
    name: str
    office: str
    held_as: Capacity
    capacity: Capacity
    above: str = ""
    sk: str = ""

    def lines(self) -> tuple[str, ...]:
        """What stands above the name."""
        own = PREFIXES.get(self.held_as, "") + self.office.upper() + ","
        if not self.above:
            return (own,)
        prefix = "u.b." if self.capacity is Capacity.FOR_SUPERIOR else "a.n."
        return (f"{prefix} {self.above.upper()}", own)


def office_title(approval: Approval) -> str:
    """The office in which it was approved, as printed then; that of the head of the region by the setting."""
    steps = ArrangementStep.objects.filter(arrangement=approval.arrangement_id, by=approval.by_id, at=approval.at)
    told = steps.exclude(office_title="").values_list("office_title", flat=True).first()
    if told:
        return told
    if approval.office is not None:
        return str(approval.office)
    institution = approval.arrangement.institution
    return settings_in_force(institution, approval.on, approval.at).text("ppk_title")


def signer_of(approval: Approval, issuer: User | None, on: date, known_at: datetime) -> Signer:
    """Who signs for the office on the day: its holder who issues the letter, else who decided, else who holds it.

    Raises ActRefused where nobody holds it.
    """
    title = office_title(approval)
    if approval.office is None:
        return _head_of_region(approval, title)
    held = Posting.objects.in_force(on, known_at).filter(position=approval.office).acting_first()
    postings = list(held.select_related("employee"))
    first = (issuer.employee_id if issuer else None, approval.by_employee_id)
    own = (one for employee in first for one in postings if employee and one.employee_id == employee)
    posting: Posting | None = next(iter((*own, *postings)), None)
    if posting is None:
        raise ActRefused(
            _("Nobody is known to hold the office of %(office)s on that day, so nobody can sign for it.")
            % {"office": title},
            "signed_on",
        )
    return _by_posting(posting, title)


def _by_posting(posting: Posting, title: str) -> Signer:
    held_as = HELD_AS[posting.capacity]
    return Signer(posting.employee, posting.employee.name, title, held_as, held_as, sk=posting.sk_number)


def _head_of_region(approval: Approval, title: str) -> Signer:
    employee, user = approval.by_employee, approval.by
    name = employee.name if employee else (user.get_full_name() if user else "")
    return Signer(employee, name, title, Capacity.OWN, Capacity.OWN)


def deputies(approval: Approval, on: date, known_at: datetime) -> PostingQuerySet:
    """Postings of officials who may sign for the office: managers of its agency.

    For the head of the region, the leaders of the agencies at the top.
    """
    held = Posting.objects.in_force(on, known_at).exclude(employee=approval.arrangement.employee_id)
    if approval.office is None:
        top = held.filter(position__institution=approval.arrangement.institution_id, position__leads="agency")
        return top.filter(position__agency__parent__isnull=True).select_related("employee", "position")
    managers = held.filter(position__agency=approval.office.agency_id, position__category__in=_MANAGERIAL)
    return managers.exclude(position=approval.office_id).select_related("employee", "position")


def signer_for(approval: Approval, deputy: Employee, capacity: Capacity, on: date, known_at: datetime) -> Signer:
    """The deputy who signs on behalf of the office, or for the superior. Raises ActRefused where she is none."""
    posting = deputies(approval, on, known_at).filter(employee=deputy).acting_first().first()
    if posting is None:
        raise ActRefused(
            _("On that day she holds no office that may sign for who decided; choose another official."), "signatory"
        )
    held_as = HELD_AS[posting.capacity]
    above = office_title(approval)
    return Signer(posting.employee, posting.employee.name, str(posting.position), held_as, capacity, above)


def may_issue(user: User, approval: Approval, on: date, known_at: datetime) -> bool:
    """Whether the user may issue its letter: holder of the deciding office, or HR officer there; never for herself."""
    if user.employee_id is not None and user.employee_id == approval.arrangement.employee_id:
        return False
    return _is_clerk(user, approval) or _holds_office(user, approval, on, known_at)


def _holds_office(user: User, approval: Approval, on: date, known_at: datetime) -> bool:
    if approval.office_id is None:
        return user.pk == approval.by_id
    if user.employee_id is None:
        return False
    held = Posting.objects.in_force(on, known_at).filter(position=approval.office_id)
    return held.filter(employee=user.employee_id).exists()


def _is_clerk(user: User, approval: Approval) -> bool:
    """Whether she is HR officer of the employee's agency, from above, or of the whole institution."""
    arrangement = approval.arrangement
    grants: list[Grant] = [
        grant
        for standing in standings(user)
        if standing.institution.pk == arrangement.institution_id
        for grant in standing.grants
        if grant.role == Role.HR_OFFICER
    ]
    if any(grant.agency_id is None for grant in grants):
        return True
    keys = {grant.agency_id for grant in grants if grant.agency_id is not None}
    found = Agency.objects.filter(institution=arrangement.institution_id)
    return bool(keys) and arrangement.agency_id in found.subtree(keys)
