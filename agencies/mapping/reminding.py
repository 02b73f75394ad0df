"""Reminders of sheets that wait for an answer, by e-mail once the act is done; the queue shows them too."""

from __future__ import annotations

import logging
import smtplib
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


def send_reminders(waiting: QuerySet[Assessment], institution: Institution) -> dict[int, int]:
    """Remind the reviewers of these assessments; how many wait for each, by the reviewer's key."""
    rows = waiting.order_by().values_list("reviewer").annotate(number=Count("pk"))
    counts = {reviewer: number for reviewer, number in rows if reviewer is not None}
    for user in User.objects.filter(pk__in=counts, is_active=True).exclude(email=""):
        transaction.on_commit(partial(_mail, user.email, counts[user.pk], institution), robust=True)
    return counts


def _mail(address: str, number: int, institution: Institution) -> None:
    """Where the mail server does not take it, the queue in the portal still says what waits."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Mapping sheets wait for your answers")
        sentence = ngettext(
            "%(number)d mapping sheet of %(institution)s waits for your answers.",
            "%(number)d mapping sheets of %(institution)s wait for your answers.",
            number,
        )
        where = f"{settings.PUBLIC_URL}{reverse('mapping_queue', args=[institution.code])}"
        closing = _("Details are in the portal. This message was sent automatically; do not answer it.")
        body = f"{sentence % {'number': number, 'institution': institution}}\n\n{closing}\n{where}\n"
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
    except (smtplib.SMTPException, OSError) as problem:
        logger.warning("A reminder was not sent by e-mail: %s", type(problem).__name__)
