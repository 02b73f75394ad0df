"""Decided after a gate on the person had closed, with everything that closed it recorded before the approval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.facts import gettext_noop
from agencies.models import DisciplineGate, Employment, Posting
from agencies.months import months_after
from eligibility.arrangements.check_words import is_about_the_person
from eligibility.arrangements.checks import Check, CheckKind, House
from eligibility.loading import settings_in_force
from eligibility.models import Arrangement
from oversight.indications.confirming import confirmed
from oversight.indications.definitions import Flag, Ground

_AFTER: Final = gettext_noop("Approved on %(approved)s although this was recorded before:")


def gate_closed(ground: Ground) -> Iterator[Flag]:
    """Approvals for which a gate on the person, her employment or her posting was closed and known to be."""
    yield from confirmed(ground.institution, _possible(ground), _is_of_the_person, _AFTER)


def _is_of_the_person(check: Check) -> bool:
    if check.kind is CheckKind.HOUSE:
        return check.name in (House.ACTIVE, House.POSTED)
    return is_about_the_person(check)


def _possible(ground: Ground) -> list[int]:
    """Keys of approved arrangements of whose person something was recorded by then that may close a gate."""
    approved = Arrangement.objects.filter(institution=ground.institution, approved_at__isnull=False)
    found = approved.filter(Exists(_disciplined()) | Exists(_inactive()) | ~Exists(_held()))
    return [*found.order_by("pk").values_list("pk", flat=True), *_new_in_position(ground)]


def _new_in_position(ground: Ground) -> Iterator[int]:
    """Those who came to a position so few months before that they may count as new."""
    settings = settings_in_force(ground.institution, ground.on, ground.known_at)
    months = settings.number("new_employee_months") or 0
    newest = Posting.objects.filter(_known(), reason__in=settings.members("new_posting_reasons"), **_HERS)
    newest = newest.filter(effective_from__lte=OuterRef("ends_on")).order_by("-effective_from")
    rows = Arrangement.objects.filter(institution=ground.institution, approved_at__isnull=False).order_by("pk")
    dated = rows.annotate(since=newest.values("effective_from")[:1]).values_list("pk", "starts_on", "since")
    for key, starts_on, since in dated.iterator(chunk_size=5000):
        if since is not None and months_after(since, months) > starts_on:
            yield key


_HERS: Final = {"employee": OuterRef("employee")}


def _known() -> Q:
    """A condition on versioned rows: held to be true at the approval of the outer arrangement."""
    at = OuterRef("approved_at")
    return Q(recorded_at__lte=at) & (Q(superseded_at__isnull=True) | Q(superseded_at__gt=at))


def _disciplined() -> QuerySet[Any]:
    """Discipline gates with a day in common with the plan; how long a light one lasts is worked out afterwards."""
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("starts_on"))
    return DisciplineGate.objects.filter(_known(), running, starts_on__lte=OuterRef("ends_on"), **_HERS)


def _inactive() -> QuerySet[Any]:
    """Employments of another kedudukan hukum than active that begin by the end of the plan."""
    other = Employment.objects.exclude(standing=Employment.Standing.ACTIVE)
    return other.filter(_known(), effective_from__lte=OuterRef("ends_on"), **_HERS)


def _held() -> QuerySet[Any]:
    """Postings to the very position over the whole plan."""
    lasting = Q(effective_until__isnull=True) | Q(effective_until__gte=OuterRef("ends_on"))
    began = Q(effective_from__lte=OuterRef("starts_on"))
    return Posting.objects.filter(_known(), lasting, began, position=OuterRef("position"), **_HERS)
