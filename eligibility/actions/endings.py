"""The acts on a granted arrangement: suspended, resumed, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from agencies.models import User
from eligibility.arrangements import notices
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.arrangements.check_words import KIND_LABELS
from eligibility.arrangements.checks import Check
from eligibility.arrangements.examined import examined_to_resume
from eligibility.arrangements.notices import NoticeCode
from eligibility.arrangements.records import write_checks
from eligibility.arrangements.resuming import resuming_office
from eligibility.arrangements.suspending import SuspensionGround
from eligibility.arrangements.transitions import (
    Deed,
    What,
    locked,
    move,
    office_in_line,
    refuse_move,
    refuse_own,
    refuse_subordinate,
    refuse_unless,
    told,
)
from eligibility.models import Arrangement, ArrangementState

_S = ArrangementState


@transaction.atomic
def suspend_arrangement(
    *,
    actor: User | None,
    arrangement: Arrangement,
    on: date,
    ground: str,
    text: str,
    cause: str = "",
    at: datetime | None = None,
) -> Arrangement:
    """Let a granted arrangement hold no longer from a day on, until it is resumed; `actor` None: the portal itself.

    `cause` is the act or the event that made the portal look. One suspended from a later day is suspended from the
    earlier one instead. Raises ActRefused without a ground of the list and a text.
    """
    row = locked(arrangement)
    moment = at or timezone.now()
    deed = _deed(What.SUSPENDED, row, actor, on, moment, ground, text)
    sooner = row.state == _S.SUSPENDED and row.suspended_on is not None and on < row.suspended_on
    if not sooner:
        refuse_move(row, _S.SUSPENDED)
    if ground not in SuspensionGround.values:
        raise ActRefused(_("Choose a ground of the list."), field="ground")
    if not text.strip():
        raise ActRefused(_("Write why; the employee reads it."), field="text")
    _refuse_past(row, on)
    row.suspended_on = on
    move(row, deed, None if sooner else _S.SUSPENDED, "suspended_on")
    notices.to_employee(row, NoticeCode.SUSPENDED, moment)
    notices.to_superior(row, NoticeCode.SUSPENDED_STAFF, on, moment)
    told(row, deed, "arrangement_suspended", more={"cause": cause, "by_system": actor is None})
    return row


@transaction.atomic
def resume_arrangement(*, actor: User, arrangement: Arrangement, on: date, at: datetime | None = None) -> Arrangement:
    """Let a suspended arrangement hold again from a day on, if what is left of it passes every check now.

    An act of the line, like the approval: of the office that decides, or one above it. HR may suspend, but resumes
    only what the portal itself has suspended (`resuming_office`). The checks are kept beside the entry of the act,
    their kinds with the step. Raises ApprovalRefused, with the examination, where a check does not pass.
    """
    row = locked(arrangement)
    moment = at or timezone.now()
    refuse_unless(row, _S.SUSPENDED)
    office = resuming_office(row, actor, on, moment)
    _refuse_past(row, on)
    found = examined_to_resume(row, on=on, at=moment)
    if not found.examination.may_be_approved:
        raise ApprovalRefused(row, found, on, moment)
    checks = found.examination.checks
    row.suspended_on = None
    deed = Deed(What.RESUMED, actor, on, moment, office, text=_held_words(checks))
    move(row, deed, _S.APPROVED, "suspended_on")
    notices.to_employee(row, NoticeCode.RESUMED, moment)
    kept = {"checks": write_checks(checks)}
    told(row, deed, "arrangement_resumed", more={"checks": len(checks)}, beside=kept)
    return row


def _held_words(checks: Sequence[Check]) -> str:
    """What was checked of what is left, in the language of the portal: the step keeps it."""
    with translation.override(settings.LANGUAGE_CODE):
        kinds = dict.fromkeys(_(KIND_LABELS[check.kind]) for check in checks)
        sentence = _("What is left of the period was checked again, and all %(total)d checks held: %(kinds)s.")
        return sentence % {"total": len(checks), "kinds": ", ".join(kinds)}


@transaction.atomic
def end_arrangement(
    *, actor: User | None, arrangement: Arrangement, on: date, reason: str, at: datetime | None = None
) -> Arrangement:
    """End a granted arrangement from a day on, before its last; the employee may end her own."""
    row = locked(arrangement)
    moment = at or timezone.now()
    refuse_move(row, _S.ENDED)
    if not reason.strip():
        raise ActRefused(_("Write why the arrangement is ended."), field="reason")
    _refuse_past(row, on)
    own = actor is not None and actor.employee_id == row.employee_id
    deed = (
        Deed(What.ENDED, actor, on, moment, text=reason)
        if own
        else _deed(What.ENDED, row, actor, on, moment, text=reason)
    )
    # Suspended from an earlier day: it held no longer than until then.
    row.ended_on = min(on, row.suspended_on or on)
    move(row, deed, _S.ENDED, "ended_on")
    notices.to_employee(row, NoticeCode.ENDED, moment)
    told(row, deed, "arrangement_ended")
    return row


def _deed(
    what: What, row: Arrangement, actor: User | None, on: date, at: datetime, ground: str = "", text: str = ""
) -> Deed:
    """The deed in the office of the reporting line that the actor holds; HR and the portal act without one.

    Raises ActRefused where it is her own arrangement, or that of somebody above her.
    """
    refuse_own(row, actor)
    office = office_in_line(row, actor, on, at)
    if office is not None:
        refuse_subordinate(row, office.employee, on, at)
    return Deed(what, actor, on, at, office, ground=ground, text=text)


def _refuse_past(row: Arrangement, on: date) -> None:
    if on > row.ends_on:
        sentence = _("It ends on %(day)s; choose that day or an earlier one.") % {"day": date_format(row.ends_on)}
        raise ActRefused(sentence, field="on")
