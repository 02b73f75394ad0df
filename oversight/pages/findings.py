"""What the pages of findings show: the list, one finding with its clock, and where a new one begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.events import Receipt
from agencies.exporting.choices import choices_of
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Agency, Institution, Role, User
from agencies.paging import Page, keyset_page
from agencies.receipts import receipt_of
from oversight import access, finding_access
from oversight.finding_clocks import Clock, ReviewDays, clock_now, without_reply, without_review
from oversight.forms.findings import LATE_REPLY, LATE_REVIEW, FindingFilter
from oversight.models import Evidence, Finding, FindingReply, FindingState, FollowUp, TrailSide
from oversight.stored_texts import stored_details

NEWEST: Final = ("-number", "-pk")


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of the list, its clock, and the last judgement of what was done."""

    finding: Finding
    clock: Clock | None
    status: str


@dataclass(frozen=True)
class FindingList:
    """One page of findings and how many fit; `left_out` counts those about cases that are kept from the reader."""

    rows: tuple[FindingRow, ...]
    page: Page[Finding]
    total: int
    filter: FindingFilter
    narrowed: bool
    may_add: bool
    left_out: int


def finding_list(standing: Standing, user: User, query: QueryDict, on: date, known_at: datetime) -> FindingList:
    """The page that the address asks for, the newest first."""
    seen = finding_access.visible_findings(standing, user)
    agencies = Agency.objects.filter(pk__in=seen.order_by().values("agency")).order_by("name")
    chosen = FindingFilter(query, agencies=agencies)
    narrowing, days = chosen.read(), ReviewDays.of(standing.institution, known_at)
    found = _narrowed(seen, narrowing, standing.institution, on, days)
    page = keyset_page(found.select_related("agency").prefetch_related("replies", "follow_ups"), query, NEWEST)
    rows = tuple(FindingRow(one, clock_now(one, on, days), _status(one)) for one in page.rows)
    inspects = standing.holds(Role.INSPECTOR)
    left_out = _left_out(standing, user)
    return FindingList(rows, page, found.order_by().count(), chosen, bool(narrowing), inspects, left_out)


def _left_out(standing: Standing, user: User) -> int:
    """Findings about cases in which the auditor has a part of her own; those of her agencies she reads all the same.

    Drafts of inspectors are told to inspectors alone.
    """
    if not standing.holds(*access.READERS):
        return 0
    kept_back = access.kept_back(standing, user).order_by().values("pk")
    others_drafts = Q(state=FindingState.DRAFT)
    if standing.holds(Role.INSPECTOR):
        others_drafts &= ~Q(agency__in=finding_access.audited_by_inspector(standing, user).values("pk"))
    about = Finding.objects.filter(arrangement__in=kept_back).exclude(others_drafts)
    return about.exclude(pk__in=finding_access.visible_findings(standing, user).values("pk")).count()


def finding_table(standing: Standing, user: User, query: QueryDict, on: date, known_at: datetime) -> ExportTable:
    """Every finding that the address asks for, the newest first."""
    seen = finding_access.visible_findings(standing, user)
    agencies = Agency.objects.filter(pk__in=seen.order_by().values("agency")).order_by("name")
    chosen = FindingFilter(query, agencies=agencies)
    days = ReviewDays.of(standing.institution, known_at)
    found = _narrowed(seen, chosen.read(), standing.institution, on, days)
    related = found.select_related("agency").prefetch_related("replies", "follow_ups")
    return ExportTable(
        title=_("Findings"),
        institution=standing.institution,
        on=on,
        filters=choices_of(chosen),
        fingerprint=None,
        columns=(
            Column(_("Number"), "number", 10),
            Column(_("Title"), width=44),
            Column(_("Agency"), width=36),
            Column(_("State"), width=18),
            Column(_("Reply due on"), "date", 14),
            Column(_("Reply and follow-up"), width=36),
            Column(_("Status of the follow-up"), width=28),
        ),
        rows=told_in_parts(related.order_by(*NEWEST), lambda part: (_cells(one, on, days) for one in part)),
    )


def _cells(one: Finding, on: date, days: ReviewDays) -> tuple[Cell, ...]:
    clock = clock_now(one, on, days)
    told = clock.words if clock else None
    return (one.number, one.title, one.agency.name, one.get_state_display(), one.reply_due_on, told, _status(one))


def _narrowed(
    found: QuerySet[Finding], narrowing: dict[str, Any], institution: Institution, on: date, days: ReviewDays
) -> QuerySet[Finding]:
    if "opd" in narrowing:
        agencies = Agency.objects.filter(institution=institution)
        named = agencies.filter(code=narrowing["opd"]).values_list("pk", flat=True)
        found = found.filter(agency__in=agencies.subtree(named))
    if "keadaan" in narrowing:
        found = found.filter(state=narrowing["keadaan"])
    if narrowing.get("lewat") == LATE_REPLY:
        found = found.filter(without_reply(on))
    elif narrowing.get("lewat") == LATE_REVIEW:
        found = without_review(found, on, days)
    return found


def _status(finding: Finding) -> str:
    last = list(finding.follow_ups.all())[-1:]
    return last[0].get_status_display() if last else ""


@dataclass(frozen=True)
class FindingPage:
    """One finding with everything that followed, and what the reader may do."""

    finding: Finding
    clock: Clock | None
    replies: tuple[FindingReply, ...]
    follow_ups: tuple[FollowUp, ...]
    evidence: tuple[Evidence, ...]
    withdrawn_because: str
    opens_case: bool
    may_write: bool
    may_reply: bool
    receipt: Receipt | None

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed and issued."""
        return self.finding.state == FindingState.DRAFT

    @property
    def is_issued(self) -> bool:
        """Whether it waits for reply and review."""
        return self.finding.state == FindingState.ISSUED

    @property
    def is_open(self) -> bool:
        """Whether anything may still be added."""
        return self.is_draft or self.is_issued


def finding_page(standing: Standing, user: User, finding: Finding, on: date, known_at: datetime) -> FindingPage:
    """The page of one finding, for who may open it."""
    replies = tuple(finding.replies.select_related("by"))
    return FindingPage(
        finding=finding,
        clock=clock_now(finding, on, ReviewDays.of(standing.institution, known_at)),
        replies=replies,
        follow_ups=tuple(finding.follow_ups.select_related("by")),
        evidence=tuple(finding.evidence.select_related("document")),
        withdrawn_because=_withdrawn_because(finding),
        opens_case=standing.holds(*access.READERS) and _audits(standing, user, finding),
        may_write=finding_access.may_write(standing, user, finding),
        may_reply=finding_access.may_reply(standing, finding),
        receipt=receipt_of(finding, "finding_issued"),
    )


def _audits(standing: Standing, user: User, finding: Finding) -> bool:
    return access.audited(standing, user).filter(pk=finding.agency_id).exists()


def _withdrawn_because(finding: Finding) -> str:
    """The reason that the act of withdrawing gave; it stands beside its entry."""
    if finding.state != FindingState.WITHDRAWN:
        return ""
    side = TrailSide.objects.filter(
        entry__institution=finding.institution_id,
        entry__action="finding_withdrawn",
        entry__subject_type="oversight.finding",
        entry__subject_id=str(finding.pk),
    ).first()
    return str(stored_details(side.body).get("reason", "")) if side else ""
