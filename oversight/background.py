"""Starts work of the audit: at once where it is small, in the background where it is large."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from agencies import clock
from agencies.errors import ActRefused
from agencies.models import Institution, User
from eligibility.models import Approval, Determination
from oversight.actions.reperformances import reperform
from oversight.indications.looking import look_through
from oversight.indications.register import INDICATIONS
from oversight.work import LOOKING, REPERFORMING, Telling, ask, work_of

AT_ONCE: Final = 2_000
"""Approvals and Penetapan decided again while the inspector waits: about half a minute, a tenth of what a server waits.
"""


def start_reperformance(actor: User, institution: Institution, since: date | None, at: datetime) -> bool:
    """Decide again now, or have the worker do it; False where it waits for the worker.

    Raises ActRefused where the institution is being decided again already.
    """
    if work := work_of(REPERFORMING, institution, at):
        words = {"moment": date_format(timezone.localtime(work.asked_at, clock.zone(institution)), "DATETIME_FORMAT")}
        raise ActRefused(_("Everything is being decided again since %(moment)s; wait for its result.") % words)
    if decided(institution, since) <= AT_ONCE:
        reperform(actor=actor, institution=institution, since=since, at=at)
        return True
    with transaction.atomic():
        reperform_in_background.enqueue(institution.pk, actor.pk, since.isoformat() if since else "")
        ask(REPERFORMING, institution, at)
    return False


def decided(institution: Institution, since: date | None) -> int:
    """How many Penetapan and approvals there are to decide again."""
    signed = Determination.objects.filter(institution=institution)
    approved = Approval.objects.filter(arrangement__institution=institution)
    if since:
        signed, approved = signed.filter(signed_on__gte=since), approved.filter(on__gte=since)
    return signed.count() + approved.count()


def start_looking(institution: Institution, at: datetime) -> bool:
    """Have the worker look by every indication; False where it waits for that or does it already."""
    if work_of(LOOKING, institution, at):
        return False
    with transaction.atomic():
        look_in_background.enqueue(institution.pk)
        ask(LOOKING, institution, at)
    return True


def look_by_all(institution: Institution) -> None:
    """Look by every indication, examine each candidate, and keep what was found for the pages."""
    with Telling(LOOKING, institution.pk, len(INDICATIONS)) as telling:
        for one in telling.counted(INDICATIONS):
            look_through(one, institution, clock.today(institution), timezone.now(), telling.lives)


@task()
def reperform_in_background(institution: int, actor: int, since: str) -> None:
    """Decide again, for who asked for it."""
    owner, first = Institution.objects.get(pk=institution), date.fromisoformat(since) if since else None
    with Telling(REPERFORMING, institution, decided(owner, first)) as telling:
        reperform(actor=User.objects.get(pk=actor), institution=owner, since=first, tell=telling.went_on)


@task()
def look_in_background(institution: int) -> None:
    """Look by every indication."""
    look_by_all(Institution.objects.get(pk=institution))
