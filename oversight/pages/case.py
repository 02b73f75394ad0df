"""One case on one page: what was asked, what it rested on, who decided, the letter, and what the trail says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.facts import FactValue
from agencies.masking import masked_nip
from agencies.models import Role
from agencies.prepared import prepared
from eligibility.arrangement_parts import Parts, parts_of
from eligibility.arrangements.declarations import declarations_of, declarer
from eligibility.arrangements.records import read_facts
from eligibility.arrangements.requests import Request
from eligibility.arrangements.stands import Stands, stands
from eligibility.explanations import MODE_LABELS, value_words
from eligibility.facts import FACTS
from eligibility.models import Approval, ApprovalSpan, Arrangement, ArrangementObjection, ArrangementOutput, WorkedDay
from eligibility.pages.arrangements import place_words, weekdays_of
from eligibility.pages.checklist import Checklist, Reader, checklist
from eligibility.pages.decision import StepLine, step_lines
from eligibility.pages.letters import LetterRow, letter_rows
from eligibility.rulebook import Mode
from oversight import access
from oversight.attention import address_of
from oversight.case_trail import CaseTrail, case_trail, state_words
from oversight.models import Difference, Finding, Reperformance, TrailSide
from oversight.pages.case_rules import OF_PERSON, JudgedSpans, Known, Wording, judged_spans, known_of, wording_of
from oversight.pages.trail_browser import EntryLine, lines_of
from oversight.stored_texts import UNREADABLE, checks_beside, stored_checks, stored_plan

_RESUMED = "arrangement_resumed"
"""The act whose entry has the checks of a resumption beside it."""
_RECORDED = "worked_days_recorded"


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as it was judged, in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts above the tasks, or those of one task."""

    title: str
    lines: tuple[FactLine, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each."""
        return tuple((line.label, line.value) for line in self.lines)


@dataclass(frozen=True, slots=True)
class SpanCard:
    """A part of the approved period with the facts it was judged on."""

    span: ApprovalSpan
    groups: tuple[FactGroup, ...]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in words."""

    mode: str
    days: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ApprovalCard:
    """An approval: the plan as it was approved, every check as it was counted then, rules and facts behind them.

    `plan` None: what is stored of it cannot be read; then nothing is said of it. `judged` are the rules by task.
    """

    approval: Approval
    plan: PlanLine | None
    checks: Checklist
    is_readable: bool
    judged: tuple[JudgedSpans, ...]
    spans: tuple[SpanCard, ...]
    decided_again: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ResumedCard:
    """A suspended arrangement was resumed at a moment, and every check as it was counted then."""

    at: datetime
    checks: Checklist


@dataclass(frozen=True, slots=True)
class Worked:
    """The days recorded as worked: how many stand, and those that were taken back."""

    days: int
    taken_back: tuple[WorkedDay, ...]


@dataclass(frozen=True)
class CasePage:
    """Everything of one case; `lead` answers first. `run` is the last time that it was decided again.

    `known` is what is known of the provisions that its approvals cite.
    """

    case: Arrangement
    stands: Stands
    lead: str
    nip: str
    days: str
    place: str
    outputs: tuple[ArrangementOutput, ...]
    attested: tuple[str, ...]
    declarer: str
    approvals: tuple[ApprovalCard, ...]
    known: Known
    resumed: tuple[ResumedCard, ...]
    steps: tuple[StepLine, ...]
    worked: Worked
    objection: ArrangementObjection | None
    letters: tuple[LetterRow, ...]
    trail: CaseTrail
    trail_sentence: str
    entries: tuple[EntryLine, ...]
    run: Reperformance | None
    run_address: str
    findings: tuple[Finding, ...]
    findings_open: bool
    finding_add: str


def case_page(standing: Standing, case: Arrangement, on: date, known_at: datetime) -> CasePage:
    """Put the page together, as of a day and a moment for what still holds."""
    code = standing.institution.code
    inspects = access.auditor(standing).holds(Role.INSPECTOR)
    found = parts_of(case)
    trail = case_trail(found)
    run = next(iter(_runs(standing.institution.pk)), None)
    wording = wording_of(standing.institution.pk, person=inspects)
    approvals = tuple(_approval(standing, found, one, run, wording) for one in reversed(found.approvals))
    return CasePage(
        case=case,
        stands=stands(case, on),
        lead=_lead(approvals),
        nip=masked_nip(case.employee.nip),
        days=weekdays_of(case.days),
        place=place_words(case),
        outputs=tuple(found.outputs),
        attested=declarations_of(case),
        declarer=declarer(case),
        approvals=approvals,
        known=known_of(one for card in approvals for one in card.judged),
        resumed=_resumed(Reader(standing.institution, inspects), trail, case),
        steps=step_lines(found.steps, standing.institution),
        worked=_worked(case, trail, on),
        objection=next(iter(found.objections), None),
        letters=letter_rows(case, found.approvals, on, known_at),
        trail=trail,
        trail_sentence=state_words(trail),
        entries=tuple(lines_of([one.entry for one in trail.entries], standing.institution)),
        run=run,
        run_address=address_of("reperformance", code, run.pk) if run else "",
        findings=_findings(case, inspects),
        findings_open=bool(address_of("finding", code, 1)),
        finding_add=_finding_add(case, code) if inspects else "",
    )


def _finding_add(case: Arrangement, code: str) -> str:
    """Where a finding about the case is written; empty for who may write none."""
    adding = address_of("finding_add", code)
    return f"{adding}?arrangement={case.pk}" if adding else ""


def _findings(case: Arrangement, inspects: bool) -> tuple[Finding, ...]:
    """Drafts are the inspectors' own."""
    return tuple(one for one in _findings_about(case.pk) if inspects or one.state != "draft")


@prepared
def _findings_about(arrangement: int) -> QuerySet[Any, Finding]:
    return Finding.objects.filter(arrangement_id=arrangement).order_by("number")


def _worked(case: Arrangement, trail: CaseTrail, on: date) -> Worked:
    """Looked for where it was approved and has begun, or an act wrote days down before: nobody works by another."""
    told = any(one.entry.action == _RECORDED for one in trail.entries)
    rows = _worked_days(case.pk) if told or (case.approved_at and case.starts_on <= on) else ()
    taken_back = tuple(row for row in rows if row.superseded_at)
    return Worked(len(rows) - len(taken_back), taken_back)


@prepared
def _worked_days(arrangement: int) -> QuerySet[Any, WorkedDay]:
    """All days recorded as worked, those taken back among them."""
    return WorkedDay.objects.filter(arrangement_id=arrangement).order_by("on", "pk")


@prepared
def _runs(institution: int) -> QuerySet[Any, Reperformance]:
    """The last one."""
    return Reperformance.objects.filter(institution_id=institution).order_by("-at", "-pk")[:1]


@prepared
def _differences(run: int, approval: int) -> QuerySet[Any, Difference]:
    return Difference.objects.filter(run_id=run, approval_id=approval).order_by("pk")


def _lead(approvals: tuple[ApprovalCard, ...]) -> str:
    """What the last approval rested on, in a sentence; that there is none, where there is none."""
    if not approvals:
        return _("It was not approved.")
    last = approvals[0]
    words = {"day": date_format(last.approval.on), "total": last.checks.total}
    if not last.is_readable:
        return _("Approved on %(day)s. What is stored of its checks cannot be read.") % words
    if last.checks.passes:
        return _("Approved on %(day)s; all %(total)d checks held then.") % words
    missed = last.checks.failed + last.checks.unknown
    return _("Approved on %(day)s, although %(missed)d of %(total)d checks did not surely hold.") % {
        **words,
        "missed": missed,
    }


def _approval(
    standing: Standing, parts: Parts, approval: Approval, run: Reperformance | None, wording: Wording
) -> ApprovalCard:
    plan, checks = stored_plan(approval), stored_checks(approval)
    reader = Reader(standing.institution, wording.person)
    differences = tuple(_differences(run.pk, approval.pk)) if run else ()
    spans = [span for span in parts.spans if span.approval_id == approval.pk]
    return ApprovalCard(
        approval=approval,
        plan=_plan_line(plan) if plan else None,
        checks=checklist(reader, checks, plan or _as_asked(parts.arrangement)),
        is_readable=bool(checks),
        judged=judged_spans(plan, spans, wording),
        spans=tuple(_span(span, wording) for span in spans),
        decided_again=_decided_again(approval, run, differences),
        differences=differences,
    )


def _resumed(reader: Reader, trail: CaseTrail, case: Arrangement) -> tuple[ResumedCard, ...]:
    """What stands beside the entries of resumptions; nothing of one that was erased, or cannot be read."""
    entries = {one.entry.pk: one.entry for one in trail.entries if one.entry.action == _RESUMED}
    if not entries:
        return ()
    found = []
    for side in TrailSide.objects.filter(entry__in=entries, body__isnull=False).order_by("entry__number"):
        checks = checks_beside(side.body)
        if checks:
            found.append(ResumedCard(entries[side.entry_id].at, checklist(reader, checks, _as_asked(case))))
    return tuple(found)


def _as_asked(case: Arrangement) -> Request:
    """What the case says of itself, to tell on which days of it a check was counted."""
    asked_on = case.recorded_at.date()
    return Request(Mode(case.mode), case.place or None, frozenset(case.days), case.starts_on, case.ends_on, asked_on)


def _plan_line(plan: Request) -> PlanLine:
    days = weekdays_of(tuple(sorted(plan.weekdays, key=_weekday)))
    return PlanLine(_(MODE_LABELS[plan.mode]), days, plan.starts_on, plan.ends_on)


def _weekday(code: str) -> int:
    return [choice.code for choice in FACTS["arrangement.weekdays"].choices].index(code)


def _decided_again(approval: Approval, run: Reperformance | None, differences: tuple[Difference, ...]) -> str:
    """Whether deciding again agrees; that it was not yet decided again, where the last run did not reach it."""
    if run is None or run.at < approval.at or (run.since is not None and approval.on < run.since):
        return _("This approval was not decided again yet.")
    if differences:
        return _("Decided again on %(day)s: it comes out otherwise.") % {"day": date_format(run.at)}
    return _("Decided again on %(day)s: it comes out the same.") % {"day": date_format(run.at)}


def _span(span: ApprovalSpan, wording: Wording) -> SpanCard:
    """Facts in words; those of the person only for who may know them."""
    try:
        return SpanCard(span, _groups(span.facts, wording))
    except UNREADABLE:
        # It was changed behind the portal, which its digest tells.
        return SpanCard(span, ())


@lru_cache(maxsize=256)
def _groups(text: str, wording: Wording) -> tuple[FactGroup, ...]:
    """The facts that a text holds, in words; the same texts stand in many cases."""
    facts = read_facts(text)
    above = FactGroup(_("Institution, agency, position and employee"), _lines(facts.values, wording))
    return above, *(FactGroup(task.title, _lines(task.values, wording)) for task in facts.tasks)


def _lines(values: Mapping[str, FactValue | None], wording: Wording) -> tuple[FactLine, ...]:
    shown = {name: value for name, value in values.items() if wording.person or not name.startswith(OF_PERSON)}
    return tuple(
        FactLine(wording.word(FACTS[name].label), value_words(name, value, wording.word))
        if name in FACTS
        else FactLine(name, "")
        for name, value in shown.items()
    )
