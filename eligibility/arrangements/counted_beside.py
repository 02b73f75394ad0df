"""Which arrangements are counted among the same people: in a perangkat daerah, or in a public service."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from agencies.models import Agency, Institution, Position, PublicService
from eligibility.arrangements.matters import INSTITUTION
from eligibility.models import LimitTerm


def beside_positions(institution: Institution, positions: QuerySet[Position]) -> Q | None:
    """Those of everybody whose shares or services count the holders of the positions; None where there are none."""
    agencies = set(positions.order_by().values_list("agency", flat=True))
    if not agencies:
        return None
    return _beside(institution, agencies, PublicService.objects.filter(tasks__position__in=positions))


def beside_agency(agency: Agency) -> Q:
    """Those of everybody whose shares or services count the people of the agency."""
    return _beside(agency.institution, [agency.pk], PublicService.objects.filter(agency=agency))


def serving(services: QuerySet[PublicService]) -> Q:
    """Those at positions with an open task that serves one of the services."""
    positions = Position.objects.filter(tasks__services__in=services, tasks__closed_on__isnull=True)
    return Q(position__in=positions.values("pk"))


def _beside(institution: Institution, agencies: Collection[int], services: QuerySet[PublicService]) -> Q:
    """All of the institution where some rule counts over all its people, so that no other is farther away."""
    if LimitTerm.objects.filter(per=INSTITUTION, version__published_at__isnull=False).exists():
        return Q(institution=institution)
    around = Agency.objects.filter(institution=institution).beside(agencies)
    return Q(position__agency__in=around) | serving(services)
