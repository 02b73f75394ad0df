"""Who may answer for the agency and who for BKPSDM; nobody answers for both."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from agencies.models import Agency, Assessment, Grant, Institution, Role, User

Side = Assessment.Side


def reviewers_for_bkpsdm(institution: Institution, on: date) -> QuerySet[User]:
    """The HR officers of the whole institution."""
    grants = Grant.objects.in_force(on).filter(institution=institution, role=Role.HR_OFFICER, agency__isnull=True)
    return _accounts(grants)


def reviewers_for_agency(agency: Agency, on: date) -> QuerySet[User]:
    """The personnel clerks and heads of an agency or of one above it, without the officers of the whole institution."""
    agencies = Agency.objects.filter(institution=agency.institution_id)
    lineage = agencies.lineages()[agency.pk]
    roles = (Role.HR_OFFICER, Role.AGENCY_HEAD)
    named = Grant.objects.in_force(on).filter(
        institution=agency.institution_id, role__in=roles, agency__code__in=lineage
    )
    return _accounts(named).exclude(pk__in=reviewers_for_bkpsdm(agency.institution, on).values("pk"))


def reviewers_for(side: str, agency: Agency, on: date) -> QuerySet[User]:
    """Who may be named for a side of the sheets of an agency."""
    return reviewers_for_agency(agency, on) if side == Side.AGENCY else reviewers_for_bkpsdm(agency.institution, on)


def _accounts(grants: QuerySet[Grant]) -> QuerySet[User]:
    held = Exists(grants.filter(user=OuterRef("pk")))
    return User.objects.filter(held, is_active=True).order_by("first_name", "username")
