"""Who reads which finding and who acts on it: inspectors theirs, the audited agency what was issued to it.

Unknown looks like forbidden. Drafts are the inspectors' alone; nobody writes about her own agency or case.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from agencies.access import Standing, acting_as, visible_agencies
from agencies.models import Agency, Role, User
from oversight import access
from oversight.models import Evidence, Finding, FindingState

ANSWERING: Final = (Role.AGENCY_HEAD, Role.HR_OFFICER)
"""Who reads what was issued to her agencies, and replies."""

READING: Final = (*access.READERS, *ANSWERING)


def visible_findings(standing: Standing, user: User) -> QuerySet[Finding]:
    """The findings a user may open; Http404 for who reads none at all."""
    acting_as(standing, *READING)
    seen = Q(pk__in=[])
    if standing.holds(Role.OUTSIDE_READER):
        outside = access.audited(acting_as(standing, Role.OUTSIDE_READER), user)
        seen |= Q(agency__in=outside.values("pk")) & ~Q(state=FindingState.DRAFT) & not_kept_back(standing, user)
    if standing.holds(Role.INSPECTOR):
        seen |= Q(agency__in=audited_by_inspector(standing, user).values("pk")) & not_kept_back(standing, user)
    if standing.holds(*ANSWERING):
        seen |= Q(agency__in=_answered_for(standing).values("pk"), issued_on__isnull=False)
    return Finding.objects.filter(seen, institution=standing.institution)


def not_kept_back(standing: Standing, user: User) -> Q:
    """A condition on findings: about no case in which the auditor has a part of her own."""
    kept_back = access.kept_back(standing, user).order_by().values("pk")
    return Q(arrangement__isnull=True) | ~Q(arrangement__in=kept_back)


def get_finding(standing: Standing, user: User, pk: int) -> Finding:
    """The finding of that key; Http404 where it is unknown or out of sight."""
    related = ("institution", "agency", "provision__instrument", "arrangement__employee", "determination", "created_by")
    found = visible_findings(standing, user).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def audited_by_inspector(standing: Standing, user: User) -> QuerySet[Agency]:
    """The agencies that the user may write findings about; Http404 for who is no inspector."""
    return access.audited(acting_as(standing, Role.INSPECTOR), user)


def may_write(standing: Standing, user: User, finding: Finding) -> bool:
    """Whether the user, as inspector, acts on the finding."""
    if not standing.holds(Role.INSPECTOR):
        return False
    if not audited_by_inspector(standing, user).filter(pk=finding.agency_id).exists():
        return False
    return Finding.objects.filter(not_kept_back(standing, user), pk=finding.pk).exists()


def may_reply(standing: Standing, finding: Finding) -> bool:
    """Whether the user answers for the audited agency, and there is something to answer."""
    return finding.state == FindingState.ISSUED and answers_for(standing, finding)


def answers_for(standing: Standing, finding: Finding) -> bool:
    """Whether the user answers for the audited agency, wherever the finding stands."""
    if not standing.holds(*ANSWERING):
        return False
    return _answered_for(standing).filter(pk=finding.agency_id).exists()


def _answered_for(standing: Standing) -> QuerySet[Agency]:
    return visible_agencies(acting_as(standing, *ANSWERING))


def evidence_alone() -> Q:
    """A condition on documents: brought in as evidence, so that drafts do not show through the list of documents."""
    return Q(Exists(Evidence.objects.filter(document=OuterRef("pk"), by=OuterRef("added_by"))))
