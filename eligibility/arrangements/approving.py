"""What approving a request writes beside its row: what it rested on, and the end of what it takes the place of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from agencies.digests import Leaf, leaves
from agencies.errors import ActRefused
from eligibility.arrangements import records
from eligibility.arrangements.examined import Examined
from eligibility.arrangements.refusal_words import refusal_words
from eligibility.arrangements.transitions import Deed, What, move
from eligibility.models import Approval, ApprovalSpan, Arrangement, ArrangementState, StoredRulebook
from eligibility.stored_rulebooks import store_rulebook


class ApprovalRefused(ActRefused):
    """An approval that a check stops; the examination says which, and what would pass."""

    def __init__(self, row: Arrangement, found: Examined, on: date, at: datetime) -> None:
        super().__init__(refusal_words(row.institution, found, on, at))
        self.examination = found.examination


def write_approval(row: Arrangement, found: Examined, deed: Deed) -> Approval:
    """Keep the plan, every check, and the facts and outcome of each span; the rulebooks are stored once each."""
    request, office = found.examination.request, deed.office
    approval = Approval.objects.create(
        arrangement=row,
        round=row.round,
        at=deed.at,
        on=deed.on,
        by=deed.actor,
        by_employee_id=office.employee if office else None,
        office_id=office.position if office else None,
        plan=records.write_plan(request),
        checks=records.write_checks(found.examination.checks),
    )
    for number, span in enumerate(records.span_records(found.matter, request), 1):
        ApprovalSpan.objects.create(
            approval=approval,
            number=number,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            rulebook=store_rulebook(span.rulebook, deed.at),
            determination_id=span.determination,
            facts=span.facts,
            outcome=span.outcome,
        )
    return approval


def leaves_of_approval(approval: Approval) -> Iterator[Leaf]:
    """The approval and its spans, and the rulebooks that were stored for it."""
    yield from leaves(Approval.objects.filter(pk=approval.pk))
    used = approval.spans.order_by().values("rulebook")
    yield from leaves(StoredRulebook.objects.filter(pk__in=used, stored_at=approval.at))


def end_amended(row: Arrangement, deed: Deed) -> Iterator[Leaf]:
    """End what the row takes the place of from its first day on; gives the leaves of what was ended.

    What is over by then, or was ended meanwhile, is left as it is.
    """
    if row.amends_id is None:
        return iter(())
    old = Arrangement.objects.select_for_update().get(pk=row.amends_id)
    if old.state not in (ArrangementState.APPROVED, ArrangementState.SUSPENDED) or old.ends_on < row.starts_on:
        return iter(())
    # Suspended from an earlier day: it held no longer than until then.
    old.ended_on = min(row.starts_on, old.suspended_on or row.starts_on)
    step = Deed(What.ENDED, deed.actor, row.starts_on, deed.at, deed.office)
    move(old, step, ArrangementState.ENDED, "ended_on")
    return leaves(Arrangement.objects.filter(pk=old.pk))
