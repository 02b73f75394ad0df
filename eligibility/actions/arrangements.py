"""The acts on a request from the side of the employee: written, submitted, withdrawn, a refusal objected to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import Leaf, gone
from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Employee, Institution, Posting, User
from eligibility.arrangements import notices
from eligibility.arrangements.conditions import conditions_of
from eligibility.arrangements.examined import examined
from eligibility.arrangements.notices import NoticeCode
from eligibility.arrangements.planning import plan_faults, plan_of, submission_faults, write_plan
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.arrangements.reporting_line import route_for
from eligibility.arrangements.rising import next_above
from eligibility.arrangements.stations import place_at, route_of, route_text
from eligibility.arrangements.transitions import Deed, What, definitive_posting, locked, move, refuse_unless, told
from eligibility.models import Arrangement, ArrangementObjection, ArrangementOutput, ArrangementState, RuleVersion
from eligibility.rulebook import Attach

_S = ArrangementState


@transaction.atomic
def save_request(
    *,
    actor: User,
    employee: Employee,
    plan: Plan,
    arrangement: Arrangement | None = None,
    amends: Arrangement | None = None,
    asked_by_head: bool = False,
    on: date,
    at: datetime | None = None,
) -> Arrangement:
    """Write the plan of a new request (`arrangement` None), or mend a draft or one that was returned.

    `amends` is the granted arrangement of the same employee and form that it is to take the place of. Who writes
    last declares: a head for the employee (`asked_by_head`), confirming no residence in her name, or she herself.
    Where all stands there already, nothing is written. Raises ValuesRefused with every fault by the plan's fields,
    ActRefused for somebody else's request and for one that can no longer be mended.
    """
    institution = Institution.objects.held(employee.institution_id)
    moment = at or timezone.now()
    _refuse_stranger(actor, employee, asked_by_head)
    plan = replace(plan, residence_confirmed=False) if asked_by_head else plan
    row = locked(arrangement) if arrangement else Arrangement(institution=institution, recorded_at=moment)
    if arrangement:
        refuse_unless(row, _S.DRAFT, _S.RETURNED)
        if (plan_of(row), row.asked_by_head) == (plan, asked_by_head) and amends in (None, row.amends):
            return row
    else:
        row.asked_by, row.amends = actor, amends
    row.asked_by_head = asked_by_head
    _place(row, definitive_posting(employee.pk, on, moment))
    write_plan(row, plan)
    _refuse_faults(row, plan, employee)
    row.save()
    _saved(actor, row, _write_outputs(row, plan.outputs), moment, is_new=arrangement is None)
    return row


def _saved(actor: User, row: Arrangement, removed: list[Leaf], at: datetime, *, is_new: bool) -> None:
    events.record(
        actor=actor,
        action="arrangement_drafted" if is_new else "arrangement_mended",
        subject=row,
        at=at,
        leaves=removed,
        mode=row.mode,
        state=str(row.state),
        round=row.round,
        outputs=row.outputs.count(),
        amends=row.amends_id,
        asked_by_head=row.asked_by_head,
    )


def _refuse_stranger(actor: User, employee: Employee, asked_by_head: bool) -> None:
    """A request is written by the employee, or by her head for her; nobody asks for herself as her own head."""
    if not asked_by_head and actor.employee_id != employee.pk:
        raise ActRefused(_("Everybody asks for herself; the head asks for others as head."))
    if asked_by_head and actor.employee_id == employee.pk:
        raise ActRefused(_("You ask for yourself as an employee, not as head."))


def _place(row: Arrangement, posting: Posting) -> None:
    """Where she works: her definitive position, its agency and unit."""
    row.employee, row.position = posting.employee, posting.position
    row.agency, row.unit = posting.position.agency, posting.position.unit


def _refuse_faults(row: Arrangement, plan: Plan, employee: Employee) -> None:
    """Raise ValuesRefused with what is wrong with the plan and the row, all at once."""
    faults = plan_faults(plan, employee, own=not row.asked_by_head)
    old = row.amends
    if old is not None:
        fits = old.employee_id == employee.pk and old.mode == row.mode
        if not fits or old.state not in (_S.APPROVED, _S.SUSPENDED):
            faults.setdefault("", []).append(
                _("Only a granted arrangement of the same employee and form is changed; ask for a new one instead.")
            )
    try:
        checked(row)
    except ValuesRefused as refusal:
        said = {sentence for sentences in faults.values() for sentence in sentences}
        for field, sentences in refusal.faults.items():
            # The plan's own sentence says more than the column's.
            if not said.issuperset(sentences):
                faults.setdefault(field, list(sentences))
    if faults:
        raise ValuesRefused(faults)


def _write_outputs(row: Arrangement, lines: tuple[OutputLine, ...]) -> list[Leaf]:
    """Bring the outputs to the lines; gives the leaves of those that are no longer there."""
    stored = {one.number: one for one in row.outputs.all()}
    for number, line in enumerate(lines, 1):
        output = stored.pop(number, None) or ArrangementOutput(arrangement=row, number=number)
        output.output, output.target, output.skp = line.output.strip(), line.target.strip(), line.skp.strip()
        checked(output).save()
    removed = [gone(one) for one in stored.values()]
    row.outputs.filter(number__in=stored).delete()
    return removed


@transaction.atomic
def submit_request(*, actor: User, arrangement: Arrangement, on: date, at: datetime | None = None) -> Arrangement:
    """Bring a draft, or a returned request that was mended, before the first station of its reporting line.

    Whether it could be approved is not asked here: the page shows it. Raises ValuesRefused for missing declarations
    and a first day that is past, ActRefused where nobody could decide; NoLawInForce only while some rule names an
    approver, for then the request is examined to find whose approval it needs.
    """
    row = locked(arrangement)
    moment = at or timezone.now()
    _refuse_other(row, actor)
    refuse_unless(row, _S.DRAFT, _S.RETURNED)
    plan = plan_of(row)
    faults = plan_faults(plan, row.employee, own=not row.asked_by_head) | submission_faults(plan, on)
    if faults:
        raise ValuesRefused(faults)
    _place(row, definitive_posting(row.employee_id, on, moment))
    row.round += row.state == _S.RETURNED
    _send(row, on, moment)
    deed = Deed(What.SUBMITTED, actor, on, moment)
    columns = ("position", "agency", "unit", "round", "route", "station", "waits_for", "submitted_at")
    move(row, deed, _S.SUBMITTED, *columns)
    notices.to_station(row, NoticeCode.WAITS, on, moment)
    told(row, deed, "arrangement_submitted", more={"stations": len(route_of(row))})
    return row


def _send(row: Arrangement, on: date, at: datetime) -> None:
    """Set the stations, with the approvers that conditions name, and let the row wait at the first."""
    stations = route_for(row.employee, row.position, _conditions(row, on, at), on=on, known_at=at)
    if not stations:
        raise ActRefused(_("No office is recorded that could decide on this request. Ask BKPSDM to record the heads."))
    row.route, row.submitted_at = route_text(stations), at
    place_at(row, 0)


def _conditions(row: Arrangement, on: date, at: datetime) -> tuple[Attach, ...]:
    """The conditions that may name an approver; while no rule has one, nothing is examined for it."""
    if not RuleVersion.objects.naming_approvers(at).exists():
        return ()
    found = examined(row, on=on, at=at)
    return conditions_of(found.examination, found.matter)


def _refuse_other(row: Arrangement, actor: User) -> None:
    """Only the employee, or who wrote the request for her, sends it or takes it back."""
    if actor.employee_id != row.employee_id and actor.pk != row.asked_by_id:
        raise ActRefused(_("Only the employee, or the head who asked for her, does this."))


@transaction.atomic
def take_back_request(
    *, actor: User, arrangement: Arrangement, text: str = "", on: date, at: datetime | None = None
) -> Arrangement:
    """Take a request that waits for a decision back to mend it; all that was typed stays, and it is sent anew.

    It waits for nobody then, and goes its whole way again in the next round. `text` says what is to be mended.
    """
    row = locked(arrangement)
    moment = at or timezone.now()
    _refuse_other(row, actor)
    refuse_unless(row, _S.SUBMITTED, _S.CONSULTATION)
    place_at(row, None)
    deed = Deed(What.TAKEN_BACK, actor, on, moment, text=text)
    move(row, deed, _S.RETURNED, "station", "waits_for")
    told(row, deed, "arrangement_taken_back")
    return row


@transaction.atomic
def withdraw_request(
    *, actor: User, arrangement: Arrangement, reason: str, on: date, at: datetime | None = None
) -> Arrangement:
    """Take a request back that was not decided yet; a draft needs no reason."""
    row = locked(arrangement)
    moment = at or timezone.now()
    _refuse_other(row, actor)
    if row.may_become(_S.WITHDRAWN) and row.state != _S.DRAFT and not reason.strip():
        raise ActRefused(_("Write why the request is withdrawn."), field="reason")
    place_at(row, None)
    deed = Deed(What.WITHDRAWN, actor, on, moment, text=reason)
    move(row, deed, _S.WITHDRAWN, "station", "waits_for")
    told(row, deed, "arrangement_withdrawn")
    return row


@transaction.atomic
def object_to_refusal(
    *, actor: User, arrangement: Arrangement, statement: str, on: date, at: datetime | None = None
) -> ArrangementObjection:
    """Raise a keberatan against a refusal, once: the next office upwards of who refused answers it.

    Raises ActRefused where it is not her own request, where it was not refused, where one was raised before, and
    where nobody stands above who refused.
    """
    row = locked(arrangement)
    moment = at or timezone.now()
    _refuse_objection(row, actor, statement)
    stations, index = next_above(row, on, moment)
    row.route = route_text(stations)
    place_at(row, index)
    objection = ArrangementObjection(
        arrangement=row,
        round=row.round,
        statement=statement.strip(),
        raised_by=actor,
        raised_at=moment,
        office_id=stations[index].position,
    )
    checked(objection).save(force_insert=True)
    deed = Deed(What.OBJECTED, actor, on, moment, text=statement)
    move(row, deed, None, "route", "station", "waits_for")
    notices.to_station(row, NoticeCode.OBJECTION_WAITS, on, moment)
    told(row, deed, "arrangement_objected", more=_before_whom(objection))
    return objection


def _refuse_objection(row: Arrangement, actor: User, statement: str) -> None:
    if actor.employee_id != row.employee_id:
        raise ActRefused(_("An objection is raised by the employee herself."))
    if row.objections.exists():
        raise ActRefused(_("An objection to this refusal was raised already; it is answered once."))
    refuse_unless(row, _S.REFUSED)
    if not statement.strip():
        raise ActRefused(_("Write why the refusal is not right."), field="statement")


def _before_whom(objection: ArrangementObjection) -> Mapping[str, events.Detail]:
    return {"objection": objection.pk, "before": objection.office_id}
