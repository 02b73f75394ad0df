"""Who declared what with a request: the employee, or who asked for her; nobody's words are put into another's mouth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.clock import zone
from agencies.models import Grant, Role
from eligibility.models import Arrangement, Attestation

FOR_HER: Final[Mapping[str, object]] = {
    Attestation.HOURS: gettext_lazy("The employee keeps the working hours in full."),
    Attestation.REACHABLE: gettext_lazy(
        "The employee can be reached during working hours and comes to the office when called."
    ),
    Attestation.SECURITY: gettext_lazy("The employee protects data, documents and devices as at the office."),
}
"""What is declared for an employee, by the codes of what she would declare herself."""


def declarations_of(row: Arrangement) -> tuple[str, ...]:
    """What was declared, in the words of who declared it."""
    if row.asked_by_head:
        return tuple(str(FOR_HER[code]) for code in row.attested)
    return tuple(str(Attestation(code).label) for code in row.attested)


def declarer(row: Arrangement) -> str:
    """Who declared it: the employee, or who asked for her and in which role."""
    if not row.asked_by_head:
        return _("The employee")
    on = row.recorded_at.astimezone(zone(row.institution)).date()
    grants = Grant.objects.in_force(on).filter(user=row.asked_by_id, institution=row.institution_id)
    roles = set(grants.values_list("role", flat=True))
    if Role.HR_OFFICER in roles and Role.AGENCY_HEAD not in roles:
        return _("The HR officer who asked for the employee")
    return _("The head who asked for the employee")
