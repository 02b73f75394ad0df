"""Reminders of sheets to answer and of differences to settle, by e-mail once the act is done; the queue shows them."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from agencies.models import Assessment, Institution, User

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many sheets wait for the answers of each reviewer, and to be settled by each, by the reviewer's key."""

    answers: Mapping[int, int]
    differences: Mapping[int, int]

    @property
    def people(self) -> set[int]:
        """Everybody who is reminded of anything."""
        return {*self.answers, *self.differences}


def send_reminders(waiting: QuerySet[Assessment], settling: QuerySet[Assessment], institution: Institution) -> Reminded:
    """Remind the reviewers of parts that wait for their answers, and of parts of sheets that wait to be settled."""
    found = Reminded(_counted(waiting), _counted(settling))
    for user in User.objects.filter(pk__in=found.people, is_active=True).exclude(email=""):
        numbers = found.answers.get(user.pk, 0), found.differences.get(user.pk, 0)
        transaction.on_commit(partial(_mail, user.email, *numbers, institution), robust=True)
    return found


def _counted(parts: QuerySet[Assessment]) -> dict[int, int]:
    rows = parts.order_by().values_list("reviewer").annotate(number=Count("pk"))
    return {reviewer: number for reviewer, number in rows if reviewer is not None}


def _sentences(answers: int, differences: int, institution: Institution) -> Iterator[str]:
    """What waits for one person."""
    if answers:
        sentence = ngettext(
            "%(number)d mapping sheet of %(institution)s waits for your answers.",
            "%(number)d mapping sheets of %(institution)s wait for your answers.",
            answers,
        )
        yield sentence % {"number": answers, "institution": institution}
    if differences:
        sentence = ngettext(
            "The differences of %(number)d mapping sheet of %(institution)s wait to be settled.",
            "The differences of %(number)d mapping sheets of %(institution)s wait to be settled.",
            differences,
        )
        yield sentence % {"number": differences, "institution": institution}


def _mail(address: str, answers: int, differences: int, institution: Institution) -> None:
    """Where the mail server does not take it, the queue in the portal still says what waits."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Mapping sheets wait for your answers") if answers else _("Mapping sheets wait to be settled")
        told = "\n".join(_sentences(answers, differences, institution))
        where = f"{settings.PUBLIC_URL}{reverse('mapping_queue', args=[institution.code])}"
        closing = _("Details are in the portal. This message was sent automatically; do not answer it.")
        body = f"{told}\n\n{closing}\n{where}\n"
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
    except (smtplib.SMTPException, OSError) as problem:
        logger.warning("A reminder was not sent by e-mail: %s", type(problem).__name__)
