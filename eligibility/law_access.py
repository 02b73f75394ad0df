"""Who writes which law: by grants of rules administrators for a whole institution. Unknown looks like forbidden."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from agencies.access import Visitor, holds_whole, standings
from agencies.models import Institution, Role
from eligibility.loading import scope_for
from eligibility.models import Instrument, Provision, RuleVersion
from eligibility.querysets import RuleVersionQuerySet
from eligibility.stored_texts import versions_in_words


def administered(user: Visitor) -> list[Institution]:
    """The institutions whose law the user writes today, by name."""
    return [one.institution for one in standings(user) if holds_whole(one, Role.RULES_ADMINISTRATOR)]


def writes_law(user: Visitor) -> bool:
    """Whether the user writes the law of any institution; it is what opens the administration."""
    return bool(administered(user))


def may_write(user: Visitor, owner: int) -> bool:
    """Whether the user writes the law of the institution of that key."""
    return any(institution.pk == owner for institution in administered(user))


def visible_instruments(user: Visitor) -> QuerySet[Instrument]:
    """What is no draft, of everybody, because it is law; drafts of the institutions that the user writes for."""
    found = Instrument.objects.valid() | Instrument.objects.filter(owner__in=administered(user))
    return found if writes_law(user) else Instrument.objects.none()


def published_instruments(user: Visitor) -> QuerySet[Instrument]:
    """What is no draft, for whoever writes the law of any institution."""
    return Instrument.objects.valid() if writes_law(user) else Instrument.objects.none()


def visible_versions(user: Visitor) -> RuleVersionQuerySet:
    """What is published, of everybody, and drafts of the institutions that the user writes for."""
    found = RuleVersion.objects.published() | RuleVersion.objects.filter(rule__owner__in=administered(user))
    return found if writes_law(user) else RuleVersion.objects.none()


def visible_provisions(user: Visitor) -> QuerySet[Provision]:
    """The places of visible instruments."""
    return Provision.objects.filter(instrument__in=visible_instruments(user))


def get_own_instrument(user: Visitor, pk: int) -> Instrument:
    """An instrument that the user may work on; Http404 where it is unknown or of somebody else."""
    row = Instrument.objects.select_related("owner").filter(pk=pk, owner__in=administered(user)).first()
    if row is None:
        raise Http404
    return row


def get_own_version(user: Visitor, pk: int) -> RuleVersion:
    """A version that the user may work on; Http404 where it is unknown or of somebody else."""
    found = RuleVersion.objects.select_related("rule__owner", "provision__instrument__owner", "drafted_by")
    row = found.filter(pk=pk, rule__owner__in=administered(user)).first()
    if row is None:
        raise Http404
    return row


def get_own_provision(user: Visitor, pk: int) -> Provision:
    """A place of an instrument that the user may work on; Http404 where it is unknown or of somebody else."""
    found = Provision.objects.select_related("instrument__owner")
    row = found.filter(pk=pk, instrument__owner__in=administered(user)).first()
    if row is None:
        raise Http404
    return row


def get_reaching_versions(institution: Institution, code: str, known_at: datetime) -> list[RuleVersion]:
    """The published versions of a rule known by the moment whose instrument reaches the institution, the first first.

    Http404 where there is none: a rule of another city looks like one that never was.
    """
    rows = versions_in_words().filter(rule__code=code, known_from__lte=known_at)
    found = [row for row in rows if scope_for(list(row.provision.instrument.scopes.all()), institution) is not None]
    if not found:
        raise Http404
    return found
