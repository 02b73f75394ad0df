"""The clocks of a finding: the days that the agency has to reply, and those that the inspector has to review a reply.

The agency's runs from the issue, and anew from a review that finds the follow-up wanting; a reply stops it. The
inspector's runs from the first reply that no review has followed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Institution
from eligibility.local_settings import SETTINGS
from eligibility.models import InstitutionSetting
from oversight.models import Finding, FindingReply, FindingState, FollowUp

REVIEW_DAYS: Final = "review_days"


@dataclass(frozen=True, slots=True)
class Clock:
    """How long the agency still has to reply, or the inspector to review; `overdue`: the day has passed."""

    words: str
    overdue: bool


@dataclass(frozen=True)
class ReviewDays:
    """The institution's days for the review of a reply, from which day on; read once for many findings."""

    begun: tuple[tuple[date, object], ...]
    otherwise: object

    @classmethod
    def of(cls, institution: Institution, known_at: datetime) -> ReviewDays:
        """As known at the moment."""
        rows = InstitutionSetting.objects.filter(institution=institution, name=REVIEW_DAYS, known_from__lte=known_at)
        begun = rows.order_by("valid_from", "recorded_at", "pk").values_list("valid_from", "value")
        return cls(tuple(begun), SETTINGS[REVIEW_DAYS].default_for(institution.kind))

    def due(self, reply: FindingReply) -> date | None:
        """The last day for the review of the reply; None where the institution does not say how many days there are."""
        held = [value for first, value in self.begun if first <= reply.replied_on]
        days = held[-1] if held else self.otherwise
        return None if days is None else reply.replied_on + timedelta(days=int(str(days)))


def waiting_for_review(replies: Iterable[FindingReply], follow_ups: Iterable[FollowUp]) -> FindingReply | None:
    """The first of the replies after which nothing was reviewed; both in the order of their moments."""
    reviewed = max((one.at for one in follow_ups), default=None)
    return next((one for one in replies if reviewed is None or one.at > reviewed), None)


def clock_of(finding: Finding, on: date, *, replied: bool) -> Clock | None:
    """The agency's clock of an issued finding; none before it is issued and once it is closed."""
    if finding.state != FindingState.ISSUED or finding.reply_due_on is None:
        return None
    if replied:
        words = _("Replied; the reply was due on %(day)s.") % {"day": date_format(finding.reply_due_on)}
        return Clock(words, overdue=False)
    return Clock(_("Due on %(day)s, %(rest)s") % _left(finding.reply_due_on, on), overdue=finding.reply_due_on < on)


def clock_now(finding: Finding, on: date, days: ReviewDays) -> Clock | None:
    """Whose clock runs: the inspector's where a reply waits for review, else the agency's."""
    waiting = waiting_for_review(finding.replies.all(), finding.follow_ups.all())
    due = days.due(waiting) if waiting else None
    if waiting is None or due is None or finding.state != FindingState.ISSUED:
        return clock_of(finding, on, replied=waiting is not None)
    words = {"replied": date_format(waiting.replied_on), **_left(due, on)}
    return Clock(_("Replied on %(replied)s; review due on %(day)s, %(rest)s") % words, overdue=due < on)


def _left(due: date, on: date) -> dict[str, str]:
    left = (due - on).days
    if left < 0:
        rest = ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}
    else:
        rest = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left} if left else _("today")
    return {"day": date_format(due), "rest": rest}


def without_reply(on: date) -> Q:
    """A condition on findings: the last day for the reply has passed, and none waits for review."""
    return ~Q(Exists(_unreviewed().filter(finding=OuterRef("pk")))) & Q(state=FindingState.ISSUED, reply_due_on__lt=on)


def without_review(findings: QuerySet[Finding], on: date, days: ReviewDays) -> QuerySet[Finding]:
    """Those of the findings of which a reply waits for a review that is overdue."""
    waiting = _unreviewed().filter(finding__in=findings.filter(state=FindingState.ISSUED).order_by())
    late = {one.finding_id for one in waiting if (due := days.due(one)) is not None and due < on}
    return findings.filter(pk__in=sorted(late))


def _unreviewed() -> QuerySet[FindingReply]:
    """Replies after which nothing was reviewed."""
    reviewed = FollowUp.objects.filter(finding=OuterRef("finding"), at__gte=OuterRef("at"))
    return FindingReply.objects.filter(~Q(Exists(reviewed)))
