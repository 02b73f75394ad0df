"""Approvals decided again from the facts and the rulebook that are stored with them: the same text, or what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from eligibility.arrangements.records import NotRecorded, decide_again, read_plan
from eligibility.arrangements.requests import Request
from eligibility.models import Approval, ApprovalSpan
from oversight.reperformance.differences import Found, Kind, told
from oversight.reperformance.law import Law, UnreadableRulebook
from oversight.stored_texts import UNREADABLE


@lru_cache(maxsize=4096)
def plan_of(text: str) -> Request:
    """The plan that was approved; many are alike."""
    return read_plan(text)


def outcomes_again(approval: Approval, law: Law) -> Iterator[Found]:
    """Each span of the approval whose outcome does not come out byte for byte as it is stored."""
    try:
        request = plan_of(approval.plan)
    except UNREADABLE:
        yield Found(Kind.OUTCOME, told("unreadable"), approval=approval.pk)
        return
    for span in approval.spans.all():
        different = _outcome_again(span, law, request)
        if different is not None:
            yield different


def _outcome_again(span: ApprovalSpan, law: Law, request: Request) -> Found | None:
    days = [span.starts_on.isoformat(), span.ends_on.isoformat()]
    try:
        again = decide_again(span.facts, law.stored(span.rulebook_id), request)
        if again == span.outcome:
            return None
        what = told("span", days=days, **_compared(json.loads(span.outcome), json.loads(again)))
    except UnreadableRulebook:
        return Found(Kind.LAW, told("unreadable", days=days), approval=span.approval_id)
    except NotRecorded:
        what = told("uncounted", days=days)
    except UNREADABLE:
        what = told("unreadable", days=days)
    return Found(Kind.OUTCOME, what, approval=span.approval_id)


_KEPT: Final = ("kind", "name", "state")


def _compared(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of two outcomes that differ; a check by kind, name and how it stands."""
    found: dict[str, Any] = {}
    if before["bounds"] != now["bounds"]:
        found["bounds"] = [before["bounds"], now["bounds"]]
    if before["tasks"] != now["tasks"]:
        found["tasks"] = True
    missing = [[*check[: len(_KEPT)], "before"] for check in before["checks"] if check not in now["checks"]]
    added = [[*check[: len(_KEPT)], "now"] for check in now["checks"] if check not in before["checks"]]
    return {**found, "checks": sorted([*missing, *added])}
