"""The acts on findings: drafted, changed, issued, withdrawn; replied to, evidenced, and followed up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Agency, Document, Institution, User
from eligibility.loading import settings_in_force
from eligibility.models import Arrangement, Determination, Provision
from oversight.finding_clocks import waiting_for_review
from oversight.models import Evidence, Finding, FindingReply, FindingState, FollowUp

_CLOSING: Final = (FollowUp.Status.DONE, FollowUp.Status.IMPOSSIBLE)
"""The statuses with which nothing more is expected."""


@dataclass(frozen=True, slots=True)
class FindingValues:
    """What a finding says; only a draft may leave cause, effect, recommendation and provision open."""

    title: str
    condition: str
    criterion: str
    provision: Provision | None = None
    cause: str = ""
    effect: str = ""
    recommendation: str = ""


@dataclass(frozen=True, slots=True)
class FindingOrigin:
    """What a finding began with: an indication or a difference by its code, and what it is about."""

    origin: Finding.Origin = Finding.Origin.HAND
    code: str = ""
    arrangement: Arrangement | None = None
    determination: Determination | None = None


@transaction.atomic
def draft_finding(
    *,
    actor: User | None,
    institution: Institution,
    agency: Agency,
    values: FindingValues,
    origin: FindingOrigin | None = None,
    at: datetime | None = None,
) -> Finding:
    """Write a draft with the next number of the institution; the same draft written twice is refused.

    Raises ActRefused for an agency or arrangement of elsewhere, ValuesRefused by field.
    """
    moment, began = at or timezone.now(), origin or FindingOrigin()
    Institution.objects.held(institution.pk)
    _refuse_elsewhere(institution, agency, began)
    mine = Finding.objects.filter(institution=institution)
    if mine.filter(agency=agency, title=values.title.strip(), state=FindingState.DRAFT).exists():
        raise ActRefused(_("A draft with this title stands already for this agency; go on with that one."), "title")
    row = Finding(
        institution=institution,
        agency=agency,
        # Counted while the institution is held, so that no number is given twice; findings are never removed.
        number=mine.count() + 1,
        origin=began.origin,
        origin_code=began.code,
        arrangement=began.arrangement,
        determination=began.determination,
        created_by=actor,
        recorded_at=moment,
    )
    _put(row, values)
    checked(row).save(force_insert=True)
    _told(actor, row, "finding_drafted", moment, origin=row.origin, origin_code=row.origin_code)
    return row


@transaction.atomic
def change_finding(
    *, actor: User | None, finding: Finding, values: FindingValues, at: datetime | None = None
) -> Finding | None:
    """Change what a draft says; None where it says so already. Raises ActRefused once it is issued."""
    row, moment = _locked(finding), at or timezone.now()
    if row.state != FindingState.DRAFT:
        raise ActRefused(_("What was issued is not changed; withdraw it and write another, or add evidence."))
    changed = _put(row, values)
    if not changed:
        return None
    checked(row).save(update_fields=changed)
    _told(actor, row, "finding_changed", moment, changed=changed)
    return row


@transaction.atomic
def issue_finding(*, actor: User | None, finding: Finding, on: date, at: datetime | None = None) -> Finding:
    """Give the finding to the agency; from then on the days for its reply run.

    Raises ValuesRefused, by field, where kondisi, kriteria, sebab, akibat or rekomendasi is not written.
    """
    row, moment = _locked(finding), at or timezone.now()
    _refuse_move(row, FindingState.ISSUED)
    missing = [name for name in _WHOLE if not getattr(row, name)]
    if missing:
        labels = ", ".join(str(Finding._meta.get_field(name).verbose_name) for name in missing)  # type: ignore[union-attr]
        sentence = _("Write first, before it is issued: %(labels)s.") % {"labels": labels}
        raise ValuesRefused({"": [sentence]})
    row.state, row.issued_on, row.reply_due_on = FindingState.ISSUED, on, _reply_due(row, on, moment)
    checked(row).save(update_fields=["state", "issued_on", "reply_due_on"])
    _told(actor, row, "finding_issued", moment, on=on, reply_due_on=row.reply_due_on)
    return row


def _reply_due(row: Finding, since: date, known_at: datetime) -> date:
    """The last day for the reply, counted from a day."""
    days = settings_in_force(row.institution, since, known_at).number("follow_up_days") or 0
    return since + timedelta(days=days)


@transaction.atomic
def withdraw_finding(*, actor: User | None, finding: Finding, reason: str, at: datetime | None = None) -> Finding:
    """Take a finding back, with the reason; its number stays taken."""
    row, moment = _locked(finding), at or timezone.now()
    _refuse_move(row, FindingState.WITHDRAWN)
    if not reason.strip():
        raise ActRefused(_("Write why it is withdrawn."), "reason")
    row.state = FindingState.WITHDRAWN
    row.save(update_fields=["state"])
    _told(actor, row, "finding_withdrawn", moment, private={"reason": reason.strip()})
    return row


@transaction.atomic
def reply_to_finding(
    *, actor: User | None, finding: Finding, text: str, replied_on: date, on: date, at: datetime | None = None
) -> FindingReply:
    """Record what the agency answers; more than one reply is possible while the finding is open."""
    row, moment = _locked(finding), at or timezone.now()
    _refuse_unless_issued(row)
    _refuse_day(row, "replied_on", replied_on, on)
    if row.replies.filter(text=text.strip(), replied_on=replied_on).exists():
        raise ActRefused(_("This very reply is recorded already."), "text")
    reply = FindingReply(finding=row, text=text.strip(), replied_on=replied_on, by=actor, at=moment)
    checked(reply).save(force_insert=True)
    _told(actor, row, "finding_replied", moment, replied_on=replied_on)
    return reply


@transaction.atomic
def review_follow_up(
    *,
    actor: User | None,
    finding: Finding,
    status: str,
    text: str,
    reviewed_on: date,
    on: date,
    at: datetime | None = None,
) -> FollowUp:
    """Judge what was done; sesuai and tidak dapat ditindaklanjuti close the finding.

    Belum sesuai, or any other judgement of a reply that leaves it open, gives the agency its days anew.
    """
    row, moment = _locked(finding), at or timezone.now()
    _refuse_unless_issued(row)
    _refuse_day(row, "reviewed_on", reviewed_on, on)
    if row.follow_ups.filter(status=status, text=text.strip(), reviewed_on=reviewed_on).exists():
        raise ActRefused(_("This very review is recorded already."), "text")
    review = FollowUp(finding=row, status=status, text=text.strip(), reviewed_on=reviewed_on, by=actor, at=moment)
    replied = waiting_for_review(row.replies.all(), row.follow_ups.all()) is not None
    checked(review).save(force_insert=True)
    if review.status in _CLOSING:
        row.state = FindingState.CLOSED
        row.save(update_fields=["state"])
    elif review.status == FollowUp.Status.NOT_YET or replied:
        row.reply_due_on = _reply_due(row, reviewed_on, moment)
        row.save(update_fields=["reply_due_on"])
    status, due = str(review.status), row.reply_due_on
    _told(actor, row, "finding_reviewed", moment, status=status, reviewed_on=reviewed_on, reply_due_on=due)
    return review


@transaction.atomic
def add_evidence(
    *,
    actor: User | None,
    finding: Finding,
    document: Document,
    dated_on: date,
    note: str,
    on: date,
    at: datetime | None = None,
) -> Evidence | None:
    """Attach a document that is kept, with the date it bears and what it shows; None where it is attached so already.

    The digest is that of the document as it was given.
    """
    row, moment = _locked(finding), at or timezone.now()
    if row.state not in (FindingState.DRAFT, FindingState.ISSUED):
        raise ActRefused(_("This finding is closed; nothing is added to it."))
    if document.institution_id != row.institution_id:
        raise ActRefused(_("The document belongs to another institution."), "file")
    if dated_on > on:
        raise ActRefused(_("Evidence bears a date up to today."), "dated_on")
    if row.evidence.filter(document=document, dated_on=dated_on, note=note.strip()).exists():
        return None
    evidence = Evidence(
        finding=row,
        document=document,
        dated_on=dated_on,
        note=note.strip(),
        sha256=document.sha256,
        by=actor,
        at=moment,
    )
    checked(evidence).save(force_insert=True)
    _told(actor, row, "finding_evidenced", moment, dated_on=dated_on, document=document.pk, sha256=document.sha256)
    return evidence


_WHOLE: Final = ("provision", "cause", "effect", "recommendation")
"""What a draft may leave open."""


def _put(row: Finding, values: FindingValues) -> list[str]:
    """Write the values into the row; gives the names of those that changed."""
    changed: list[str] = []
    for field in fields(values):
        new = getattr(values, field.name)
        new = new.strip() if isinstance(new, str) else new
        if getattr(row, field.name) != new:
            setattr(row, field.name, new)
            changed.append(field.name)
    return changed


def _locked(finding: Finding) -> Finding:
    """The row as it is now, locked until the act ends."""
    Institution.objects.held(finding.institution_id)
    rows = Finding.objects.select_related("institution", "agency", "provision").select_for_update(of=("self",))
    return rows.get(pk=finding.pk)


def _refuse_elsewhere(institution: Institution, agency: Agency, began: FindingOrigin) -> None:
    about: Iterable[Agency | Arrangement | Determination | None] = (agency, began.arrangement, began.determination)
    if any(one is not None and one.institution_id != institution.pk for one in about):
        raise ActRefused(_("A finding is about an agency of its own institution."), "agency")
    if began.arrangement is not None and began.arrangement.agency_id != agency.pk:
        raise ActRefused(_("The arrangement belongs to another agency."), "agency")


def _refuse_move(row: Finding, state: FindingState) -> None:
    if not row.may_become(state):
        raise ActRefused(
            _("This cannot be done now: the finding stands at “%(state)s”.") % {"state": row.get_state_display()}
        )


def _refuse_unless_issued(row: Finding) -> None:
    if row.state != FindingState.ISSUED:
        raise ActRefused(
            _("This is done while a finding is open; it stands at “%(state)s”.") % {"state": row.get_state_display()}
        )


def _refuse_day(row: Finding, field: str, day: date, on: date) -> None:
    assert row.issued_on is not None
    if not row.issued_on <= day <= on:
        raise ActRefused(
            _("Choose a day from the issue of the finding (%(first)s) up to today.")
            % {"first": date_format(row.issued_on)},
            field,
        )


def _told(
    actor: User | None,
    row: Finding,
    action: str,
    at: datetime,
    *,
    private: dict[str, events.Detail] | None = None,
    **details: events.Detail,
) -> None:
    """The trail entry: number, agency and codes; what was written in words stays with the finding."""
    events.record(
        actor=actor,
        action=action,
        subject=row,
        institution=row.institution,
        at=at,
        private=private,
        leaves=(),
        number=row.number,
        agency=row.agency_id,
        state=str(row.state),
        arrangement=row.arrangement_id,
        **details,
    )
