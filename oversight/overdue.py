"""Counts findings whose reply or review is overdue, for the inspector's overview."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.models import User
from oversight import access, finding_access
from oversight.attention import Attention, Severity, address_of
from oversight.finding_clocks import ReviewDays, without_reply, without_review
from oversight.forms.findings import LATE_REPLY, LATE_REVIEW
from oversight.models import Finding


def overdue_replies(standing: Standing, user: User, on: date, _known_at: datetime) -> Iterator[Attention]:
    """Issued findings whose last day for the reply has passed without one."""
    number = _audited(standing, user).filter(without_reply(on)).count()
    label = _("Findings without a reply in time")
    yield Attention(Severity.MEDIUM, label, number, _address(standing, LATE_REPLY))


def overdue_reviews(standing: Standing, user: User, on: date, known_at: datetime) -> Iterator[Attention]:
    """Replies that the Inspektorat has not reviewed in its own time."""
    days = ReviewDays.of(standing.institution, known_at)
    number = without_review(_audited(standing, user), on, days).count()
    label = _("Replies without a review in time")
    yield Attention(Severity.MEDIUM, label, number, _address(standing, LATE_REVIEW))


def _audited(standing: Standing, user: User) -> QuerySet[Finding]:
    found = Finding.objects.filter(institution=standing.institution, agency__in=access.audited(standing, user))
    return found.filter(finding_access.not_kept_back(standing, user))


def _address(standing: Standing, late: str) -> str:
    return f"{address_of('findings', standing.institution.code)}?lewat={late}"
