"""Approvals examined by what was recorded at their moment: which requirements were not met, which facts differ.

Persons, postings, counts, law and Penetapan are read as known then. What the database keeps no earlier versions of
stands as the approval recorded it: facts of agency, unit and position, the one need of a service, staleness. Tasks have
the facts of the Penetapan. Whether the place of work was open is not asked again: its register keeps one version, and
the approval's own checks say it. So nobody is accused for what was recorded later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agencies.facts import TASK_FACTS, FactValue
from agencies.models import Institution
from eligibility.arrangements.approvers import Asking
from eligibility.arrangements.checks import Check
from eligibility.arrangements.conditions import naming_rules
from eligibility.arrangements.examination import examine
from eligibility.arrangements.gathering import Asked, gather
from eligibility.arrangements.matters import Matter, ServiceGroup, SpanGround
from eligibility.arrangements.records import read_again, read_checks
from eligibility.arrangements.requests import Request
from eligibility.decisions import JudgedTask
from eligibility.loading import NoLawInForce
from eligibility.models import Approval, ApprovalSpan, DeterminedTask
from eligibility.rulebook import Case, Rule
from oversight.reperformance.approvals import plan_of
from oversight.reperformance.differences import Found, Kind, LawChange, told, told_checks, told_facts, told_law
from oversight.reperformance.law import Law
from oversight.stored_texts import UNREADABLE

INSTRUMENT: Final = "agency.implementing_instrument"
_PERSON: Final = "employee."

Values = Mapping[str, FactValue | None]
TaskValues = Mapping[tuple[int, int], Values]
"""Facts of tasks by the keys of determination and task."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A span of an approval as it is stored."""

    row: ApprovalSpan
    ground: SpanGround


@dataclass(frozen=True, slots=True)
class _Told:
    """An approval whose texts can be read."""

    approval: Approval
    request: Request
    spans: tuple[_Recorded, ...]

    @property
    def asked(self) -> Asked:
        """What was asked for; only what had been approved before is counted."""
        row, before = self.approval.arrangement, (self.approval.at, self.approval.arrangement_id)
        return Asked(row.pk, row.employee_id, row.position_id, self.request, row.amends_id, before)


def examined_then(
    institution: Institution, approvals: Sequence[Approval], law: Law
) -> Iterator[tuple[Approval, Found | LawChange]]:
    """What approvals that knew the same did not meet, or met by other facts than were recorded then.

    One whose texts cannot be read is passed over: deciding it again has said so.
    """
    readable = [one for one in (_told(approval, law) for approval in approvals) if one is not None]
    if not readable:
        return
    try:
        matters = gather(institution, [one.asked for one in readable], known_at=approvals[-1].at)
    except NoLawInForce:
        yield from _one_by_one(institution, readable, law)
        return
    facts = _facts_of_tasks(readable)
    for one in readable:
        for found in _of_approval(one, matters[one.approval.arrangement_id], facts, law):
            yield one.approval, found


def _one_by_one(
    institution: Institution, readable: Sequence[_Told], law: Law
) -> Iterator[tuple[Approval, Found | LawChange]]:
    """Which of them has a day without any law."""
    if len(readable) == 1:
        yield readable[0].approval, Found(Kind.LAW, told("no_law"), approval=readable[0].approval.pk)
        return
    for one in readable:
        yield from examined_then(institution, [one.approval], law)


def _told(approval: Approval, law: Law) -> _Told | None:
    try:
        request = plan_of(approval.plan)
        spans = tuple(
            _Recorded(row, read_again(row.facts, law.stored(row.rulebook_id), request).ground)
            for row in approval.spans.all()
        )
    except UNREADABLE:
        return None
    return _Told(approval, request, spans)


def _facts_of_tasks(readable: Sequence[_Told]) -> TaskValues:
    """The facts by which the tasks were determined: one read."""
    spans = [span for one in readable for span in one.spans]
    keys = {task.key for span in spans for task in span.ground.tasks if task.key > 0}
    determinations = {span.row.determination_id for span in spans if span.row.determination_id}
    columns = [fact.column for fact in TASK_FACTS]
    rows = DeterminedTask.objects.filter(verification__determination__in=determinations, task__in=keys).order_by()
    return {
        (determination, task): dict(zip((fact.name for fact in TASK_FACTS), values, strict=True))
        for determination, task, *values in rows.values_list("verification__determination__pk", "task_id", *columns)
    }


def _of_approval(one: _Told, matter: Matter, facts: TaskValues, law: Law) -> Iterator[Found | LawChange]:
    key, later = one.approval.pk, law.instrument_recorded_later(one.approval.at)
    spans = []
    for ground in matter.spans:
        recorded = next((r for r in one.spans if r.row.starts_on <= ground.starts_on <= r.row.ends_on), None)
        if recorded is None:
            continue
        now = ground if not later else _with_instrument(ground, recorded.ground)
        yield from _law_changed(one.approval, recorded, ground, law)
        if ground.starts_on == recorded.row.starts_on and (different := _different_facts(recorded.ground, now)):
            days = (recorded.row.starts_on.isoformat(), recorded.row.ends_on.isoformat())
            yield Found(Kind.FACTS, told_facts(different, days), approval=key)
        spans.append(_as_recorded(now, recorded, facts))
    judged = replace(matter, spans=tuple(spans))
    examination = examine(judged, one.request)
    missed = [check for check in examination.checks if not check.passed]
    missed += _named_but_not_asked(one, naming_rules(examination, judged))
    missed = missed or _recorded_misses(one.approval)
    if missed:
        yield Found(Kind.CHECKS, told_checks(missed), approval=key)


def _named_but_not_asked(one: _Told, rules: Sequence[Rule]) -> list[Check]:
    """The offices that a condition of the stored rulebook names and that had not endorsed the request by then."""
    if not rules:
        return []
    approval = one.approval
    asking = Asking.of(approval.arrangement.institution, [approval.arrangement], approval.on, approval.at)
    return asking.missed(approval, rules, one.request)


def _recorded_misses(approval: Approval) -> list[Check]:
    """The checks that did not hold by the approval's own record, although it was given."""
    try:
        return [check for check in read_checks(approval.checks) if not check.passed]
    except UNREADABLE:
        return []


def _law_changed(approval: Approval, recorded: _Recorded, ground: SpanGround, law: Law) -> Iterator[Found | LawChange]:
    """Whether the law rows give another rulebook for the span than it was decided by."""
    stored = recorded.ground.rulebook
    change = law.change(stored, ground.starts_on, approval.at, approval.at, given=ground.rulebook)
    if change is not None:
        yield change if change.later else Found(Kind.LAW, told_law(change), approval=approval.pk)


def _with_instrument(ground: SpanGround, recorded: SpanGround) -> SpanGround:
    return replace(ground, values={**ground.values, INSTRUMENT: recorded.values.get(INSTRUMENT)})


def _different_facts(recorded: SpanGround, now: SpanGround) -> dict[str, tuple[FactValue | None, FactValue | None]]:
    """The facts that the approval has otherwise than they were recorded at its moment."""
    named = {name for name in (*recorded.values, *now.values) if _is_versioned(name)}
    before = {name: recorded.values.get(name) for name in named} | _stands(recorded)
    after = {name: now.values.get(name) for name in named} | _stands(now)
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def _stands(ground: SpanGround) -> dict[str, FactValue | None]:
    """What is known of a span beside its facts: posting, kedudukan hukum, and the bounds of the Penetapan."""
    bounds = ground.determined
    told_bounds = None if bounds is None else f"{int(bounds.worst)} {int(bounds.best)}"
    return {"posted": ground.is_posted, "active": ground.is_active, "determined": told_bounds}


def _is_versioned(name: str) -> bool:
    return name.startswith(_PERSON) or name == INSTRUMENT


def _as_recorded(now: SpanGround, recorded: _Recorded, facts: TaskValues) -> SpanGround:
    """The span as known then, with what has no earlier versions as the approval recorded it."""
    then = recorded.ground
    values = {**then.values, **{name: value for name, value in now.values.items() if _is_versioned(name)}}
    groups = {(one.kind, one.name, one.population) for one in then.groups}
    services = {one.key: one for one in then.services}
    return replace(
        now,
        rulebook=then.rulebook,
        place=then.place,
        values=values,
        tasks=tuple(_task(task, recorded.row, values, facts) for task in then.tasks),
        stale=then.stale,
        groups=tuple(one for one in now.groups if (one.kind, one.name, one.population) in groups),
        services=tuple(_service(one, services[one.key]) for one in now.services if one.key in services),
    )


def _service(now: ServiceGroup, recorded: ServiceGroup) -> ServiceGroup:
    """The service with its week as known then; one number for every day and filled places have no earlier versions."""
    then = replace(now, unnamed=recorded.unnamed)
    return then if now.week is not None else replace(then, needed=recorded.needed)


def _task(task: JudgedTask, span: ApprovalSpan, values: Values, facts: TaskValues) -> JudgedTask:
    """The task with the facts by which it was determined; one that the Penetapan does not list as it was recorded."""
    own = facts.get((span.determination_id or 0, task.key))
    if own is None:
        own = {name: value for name, value in task.case.values.items() if name not in values}
    return replace(task, case=Case({**values, **own}, task.case.place, frozenset()))
