"""What the portal tells accounts about arrangements: a row for each, words made on reading, an e-mail after the commit.

An e-mail never says why: a reason may be about discipline or health, and a mailbox is no place for it.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from agencies.models import Grant, Posting, Role, User
from eligibility.arrangements.reporting_line import Station
from eligibility.arrangements.stations import route_of, station_of
from eligibility.models import Arrangement, Notice

logger = logging.getLogger(__name__)


class NoticeCode(models.TextChoices):
    """What a notice is about, with its subject line."""

    WAITS = "waits", gettext_lazy("A request waits for you")
    RETURNED = "returned", gettext_lazy("Your request was returned to be mended")
    APPROVED = "approved", gettext_lazy("Your request was approved")
    REFUSED = "refused", gettext_lazy("Your request was refused")
    SUSPENDED = "suspended", gettext_lazy("Your arrangement is suspended")
    SUSPENDED_STAFF = "suspended_staff", gettext_lazy("An arrangement of your staff is suspended")
    RESUMED = "resumed", gettext_lazy("Your arrangement holds again")
    ENDED = "ended", gettext_lazy("Your arrangement is ended")
    OBJECTION_WAITS = "objection_waits", gettext_lazy("An objection (keberatan) waits for your answer")
    OBJECTION_GRANTED = "objection_granted", gettext_lazy("Your objection was granted")
    OBJECTION_DISMISSED = "objection_dismissed", gettext_lazy("Your objection was dismissed")


_C = NoticeCode

SENTENCES: Final = {
    _C.WAITS: gettext_lazy("A request for %(mode)s from %(start)s to %(end)s waits for you."),
    _C.RETURNED: gettext_lazy("Your request for %(mode)s from %(start)s to %(end)s was returned. Mend it and submit."),
    _C.APPROVED: gettext_lazy("Your request for %(mode)s from %(start)s to %(end)s was approved."),
    _C.REFUSED: gettext_lazy(
        "Your request for %(mode)s from %(start)s to %(end)s was refused. You may raise an objection (keberatan)."
    ),
    _C.SUSPENDED: gettext_lazy("Your %(mode)s is suspended from %(day)s. Until it is resumed you work at the office."),
    _C.SUSPENDED_STAFF: gettext_lazy("An arrangement for %(mode)s of your staff is suspended from %(day)s."),
    _C.RESUMED: gettext_lazy("Your %(mode)s holds again, to %(end)s."),
    _C.ENDED: gettext_lazy("Your %(mode)s is ended from %(day)s."),
    _C.OBJECTION_WAITS: gettext_lazy("An objection to the refusal of a request for %(mode)s waits for your answer."),
    _C.OBJECTION_GRANTED: gettext_lazy("Your objection was granted: your request for %(mode)s is decided on anew."),
    _C.OBJECTION_DISMISSED: gettext_lazy("Your objection about %(mode)s was dismissed: the refusal stands."),
}
"""What each says; neither the reason nor a name stands in it."""


def notice_title(code: str) -> str:
    """The subject line of a notice of that code."""
    return str(NoticeCode(code).label)


def notice_sentence(code: str, arrangement: Arrangement) -> str:
    """What a notice of that code says of an arrangement as it stands now."""
    day = arrangement.ended_on or arrangement.suspended_on
    return SENTENCES[NoticeCode(code)] % {
        "mode": arrangement.get_mode_display(),
        "start": date_format(arrangement.starts_on),
        "end": date_format(arrangement.ends_on),
        "day": date_format(day) if day else "",
    }


def to_employee(row: Arrangement, code: NoticeCode, at: datetime) -> None:
    """Tell the employee's account; without one nobody is told."""
    _tell(row, code, User.objects.filter(employee=row.employee_id), at)


def to_station(row: Arrangement, code: NoticeCode, on: date, at: datetime) -> None:
    """Tell the accounts of whoever holds, that day, the office at which the row waits."""
    station = station_of(row)
    if station is not None:
        _tell(row, code, holders_of(row, [station], on, at), at)


def to_superior(row: Arrangement, code: NoticeCode, on: date, at: datetime) -> None:
    """Tell the nearest superior: whoever holds, that day, the first office of its stations."""
    _tell(row, code, holders_of(row, route_of(row)[:1], on, at), at)


def holders_of(row: Arrangement, stations: Collection[Station], on: date, at: datetime) -> QuerySet[User]:
    """The accounts of who holds one of the offices that day, Plt and Plh included, the employee herself left out."""
    positions = [one.position for one in stations if one.position is not None]
    held = Posting.objects.in_force(on, at).filter(position__in=positions)
    found = Q(employee__in=held.values("employee"))
    if any(one.position is None for one in stations):
        heads = Grant.objects.in_force(on).filter(
            institution=row.institution_id, role=Role.AGENCY_HEAD, agency__isnull=True
        )
        found |= Q(pk__in=heads.values("user"))
    # A null employee (an account of an office) is not the requester: `exclude` alone would drop it.
    return User.objects.filter(found).filter(Q(employee__isnull=True) | ~Q(employee=row.employee_id))


def _tell(row: Arrangement, code: NoticeCode, users: Iterable[User], at: datetime) -> None:
    """Write a notice for each active account, and send it by e-mail once the act is done."""
    for user in users:
        if not user.is_active:
            continue
        notice = Notice.objects.create(
            institution_id=row.institution_id, user=user, arrangement=row, code=code.value, at=at
        )
        if user.email:
            transaction.on_commit(partial(_mail, notice, user.email), robust=True)


def _mail(notice: Notice, address: str) -> None:
    """Send a notice; where the mail server does not take it the act stands, and the notice stays in the portal."""
    with override(settings.LANGUAGE_CODE):
        subject = notice_title(notice.code)
        closing = _("Details are in the portal. This message was sent automatically; do not answer it.")
        where = f"{settings.PUBLIC_URL}{reverse('notices', args=[notice.institution.code])}"
        body = f"{notice_sentence(notice.code, notice.arrangement)}\n\n{closing}\n{where}\n"
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
    except (smtplib.SMTPException, OSError) as problem:
        logger.warning("Notice %s was not sent by e-mail: %s", notice.pk, type(problem).__name__)
        return
    Notice.objects.filter(pk=notice.pk).update(mailed_at=Now())
