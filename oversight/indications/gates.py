"""Decided after a gate had closed: on the person, or of the agency or institution; recorded before the approval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.facts import gettext_noop
from agencies.models import AgencyReview, DisciplineGate, Employment, PolicyStage, Posting
from agencies.months import months_after
from eligibility.arrangements.check_words import is_about_the_person
from eligibility.arrangements.checks import Check, CheckKind, House
from eligibility.arrangements.refusal_words import INSTRUMENT
from eligibility.loading import settings_in_force
from eligibility.models import Arrangement
from oversight.indications.confirming import confirmed
from oversight.indications.definitions import Flag, Ground
from oversight.indications.examining import Candidate

_AFTER: Final = gettext_noop("Approved on %(approved)s although this was recorded before:")


def gate_closed(ground: Ground) -> Iterator[Flag]:
    """Approvals for which a gate was closed and known to be: of the person, her posting, agency or institution."""
    yield from confirmed(ground, _possible(ground), _is_gate, _AFTER, gates=True)


def _is_gate(check: Check) -> bool:
    if check.kind is CheckKind.HOUSE:
        return check.name in (House.ACTIVE, House.POSTED)
    return is_about_the_person(check) or _is_above_the_person(check)


def _is_above_the_person(check: Check) -> bool:
    """Whether the gate is of agency or institution; the implementing instrument has an indication of its own."""
    read = {fact.fact for fact in check.facts}
    return check.kind is CheckKind.GATE and INSTRUMENT not in read and any(one.startswith(_ABOVE) for one in read)


_ABOVE: Final = ("agency.", "institution.")


def _possible(ground: Ground) -> Iterator[Candidate]:
    """Approved arrangements for which something was recorded by then that may close a gate."""
    approved = Arrangement.objects.filter(institution=ground.institution, approved_at__isnull=False)
    of_person = Exists(_disciplined()) | Exists(_inactive()) | ~Exists(_held())
    found = approved.filter(of_person | Exists(_not_ready()) | Exists(_not_adopted())).order_by("pk")
    for key, approved_at in found.values_list("pk", "approved_at").iterator(chunk_size=5000):
        assert approved_at is not None
        yield key, approved_at
    yield from _new_in_position(ground)


def _new_in_position(ground: Ground) -> Iterator[Candidate]:
    """Those who came to a position so few months before that they may count as new."""
    settings = settings_in_force(ground.institution, ground.on, ground.known_at)
    months = settings.number("new_employee_months") or 0
    newest = Posting.objects.filter(_known(), reason__in=settings.members("new_posting_reasons"), **_HERS)
    newest = newest.filter(effective_from__lte=OuterRef("ends_on")).order_by("-effective_from")
    rows = Arrangement.objects.filter(institution=ground.institution, approved_at__isnull=False).order_by("pk")
    dated = rows.annotate(since=newest.values("effective_from")[:1])
    columns = dated.values_list("pk", "approved_at", "starts_on", "since")
    for key, approved_at, starts_on, since in columns.iterator(chunk_size=5000):
        assert approved_at is not None
        if since is not None and months_after(since, months) > starts_on:
            yield key, approved_at


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


def _not_ready() -> QuerySet[Any]:
    """Studies of the agency, signed by the approval, that conclude neither ready nor pilot."""
    signed = AgencyReview.objects.filter(agency=OuterRef("agency"), signed_at__lte=OuterRef("approved_at"))
    return signed.filter(valid_from__lte=OuterRef("ends_on")).exclude(conclusion__in=("ready", "pilot"))


def _not_adopted() -> QuerySet[Any]:
    """Policy stages before adoption, recorded by the approval, that were not over before the plan began."""
    known = PolicyStage.objects.filter(institution=OuterRef("institution"), recorded_at__lte=OuterRef("approved_at"))
    later = PolicyStage.objects.filter(
        institution=OuterRef("institution"),
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=OuterRef(OuterRef("starts_on")),
        recorded_at__lte=OuterRef(OuterRef("approved_at")),
    )
    begun = known.filter(valid_from__lte=OuterRef("ends_on")).exclude(stage__in=("adopted", "pilot"))
    return begun.filter(~Exists(later))
