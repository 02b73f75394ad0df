"""What is wrong with a plan before anything is judged by the law, and how a plan stands in an arrangement's row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Employee, Workplace
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.arrangements.requests import DAYS_OF_WEEK, RESIDENCE
from eligibility.arrangements.sites import code_of
from eligibility.models import Arrangement, Attestation
from eligibility.rulebook import Mode

LONGEST: Final = 366
"""Days that one request may cover; the portal's own rule, so that every request is looked at again within a year."""

Fault = tuple[str, str]
"""The field it belongs to, and the sentence."""


def place_of(plan: Plan) -> str:
    """The code of the fact arrangement.place; empty for the modes of time."""
    if plan.mode is Mode.HOME:
        return RESIDENCE
    if plan.mode is Mode.OTHER_OFFICE:
        return code_of(plan.workplace.kind, plan.mode) or "other" if plan.workplace else ""
    return "other" if plan.mode is Mode.OTHER_PLACE else ""


def plan_of(row: Arrangement) -> Plan:
    """The plan that stands in a row and its outputs."""
    return Plan(
        mode=Mode(row.mode),
        weekdays=row.days,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        outputs=tuple(OutputLine(line.output, line.target, line.skp) for line in row.outputs.order_by("number")),
        attestations=row.attested,
        workplace=row.workplace,
        purpose=row.purpose,
        residence_confirmed=row.residence_confirmed,
    )


def write_plan(row: Arrangement, plan: Plan) -> None:
    """Set the columns of the row; what the mode has no use for is left empty."""
    row.mode, row.place = plan.mode.value, place_of(plan)
    row.weekdays = " ".join(day for day in DAYS_OF_WEEK if day in plan.weekdays)
    row.starts_on, row.ends_on = plan.starts_on, plan.ends_on
    row.attestations = " ".join(code for code in Attestation.values if code in plan.attestations)
    row.workplace = plan.workplace if plan.mode in (Mode.OTHER_OFFICE, Mode.OTHER_PLACE) else None
    row.purpose = plan.purpose.strip() if plan.mode is Mode.OTHER_PLACE else ""
    row.residence_confirmed = plan.residence_confirmed and plan.mode is Mode.HOME


def plan_faults(plan: Plan, employee: Employee, *, own: bool) -> dict[str, list[str]]:
    """Every fault of the plan by its field; empty where there is none.

    `own`: the employee asks herself, and confirms that she works at the residence that is recorded of her.
    """
    found: dict[str, list[str]] = {}
    for check in (_days, _period, _outputs, _declarations):
        for field, sentence in check(plan):
            found.setdefault(field, []).append(sentence)
    for field, sentence in _place(plan, employee, own=own):
        found.setdefault(field, []).append(sentence)
    return found


def submission_faults(plan: Plan, on: date) -> dict[str, list[str]]:
    """What only matters once somebody is to decide: the declarations, and that the first day is not past."""
    found: dict[str, list[str]] = {}
    if set(Attestation.values) - set(plan.attestations):
        found["attestations"] = [_("Confirm every declaration; the request rests on them.")]
    if plan.starts_on < on:
        sentence = _("The first day is past; choose %(day)s or a later one.")
        found["starts_on"] = [sentence % {"day": date_format(on)}]
    return found


def _days(plan: Plan) -> Iterator[Fault]:
    if not plan.weekdays:
        yield "weekdays", _("Choose at least one weekday.")
    elif set(plan.weekdays) - set(DAYS_OF_WEEK):
        yield "weekdays", _("Choose days of the week.")
    elif plan.starts_on <= plan.ends_on and not _falls_on_a_day(plan):
        yield "weekdays", _("None of these weekdays falls into the period; choose others or a longer period.")


def _falls_on_a_day(plan: Plan) -> bool:
    length = (plan.ends_on - plan.starts_on).days + 1
    first = plan.starts_on.weekday()
    return any(DAYS_OF_WEEK[(first + number) % 7] in plan.weekdays for number in range(min(length, 7)))


def _period(plan: Plan) -> Iterator[Fault]:
    if plan.ends_on < plan.starts_on:
        yield "ends_on", _("The last day is on or after the first.")
    elif (plan.ends_on - plan.starts_on).days >= LONGEST:
        yield "ends_on", _("A request covers at most one year (Ketentuan internal); choose an earlier last day.")


def _outputs(plan: Plan) -> Iterator[Fault]:
    if not plan.outputs:
        yield "outputs", _("Write at least one output with its target and the result of work in the SKP.")
    for number, line in enumerate(plan.outputs, 1):
        if not (line.output.strip() and line.target.strip() and line.skp.strip()):
            sentence = _("Output %(number)s needs a target and the result of work in the SKP that it serves.")
            yield "outputs", sentence % {"number": number}


def _declarations(plan: Plan) -> Iterator[Fault]:
    if set(plan.attestations) - set(Attestation.values):
        yield "attestations", _("Choose declarations of the list.")


def _place(plan: Plan, employee: Employee, *, own: bool) -> Iterator[Fault]:
    if plan.mode is Mode.HOME:
        yield from _home(plan, employee, own=own)
    elif plan.mode is Mode.OTHER_OFFICE:
        yield from _office(plan, employee)
    elif plan.mode is Mode.OTHER_PLACE:
        yield from _other_place(plan, employee)


def _home(plan: Plan, employee: Employee, *, own: bool) -> Iterator[Fault]:
    if not employee.residence:
        yield (
            "residence_confirmed" if own else "mode",
            _("No residence is recorded in data kepegawaian (Pasal 12 ayat (3)). Ask BKPSDM to record it first."),
        )
    elif own and not plan.residence_confirmed:
        yield "residence_confirmed", _("Confirm that the recorded residence is where the work will be done.")


def _office(plan: Plan, employee: Employee) -> Iterator[Fault]:
    if plan.workplace is None:
        yield "workplace", _("Choose an office of the register.")
    elif plan.workplace.kind == Workplace.Kind.OTHER_PLACE:
        yield "workplace", _("This is no office; choose one, or ask for another place.")
    else:
        yield from _open(plan, plan.workplace, employee)


def _other_place(plan: Plan, employee: Employee) -> Iterator[Fault]:
    if plan.workplace is None and not plan.purpose.strip():
        yield "purpose", _("Choose a place of the register, or say where the work needs to be done and for what.")
    elif plan.workplace and plan.workplace.kind != Workplace.Kind.OTHER_PLACE:
        yield "workplace", _("This is an office; choose another place, or ask for another office.")
    elif plan.workplace:
        yield from _open(plan, plan.workplace, employee)


def _open(plan: Plan, workplace: Workplace, employee: Employee) -> Iterator[Fault]:
    """Whether the place is of her institution and open on every day of the period; a null day of closing is none."""
    if workplace.institution_id != employee.institution_id:
        yield "workplace", _("Choose a place of this institution.")
    elif workplace.valid_from > plan.starts_on:
        sentence = _("This place is allowed only from %(day)s; choose another or a later first day.")
        yield "workplace", sentence % {"day": date_format(workplace.valid_from)}
    elif workplace.closed_on and workplace.closed_on <= plan.ends_on:
        sentence = _("This place is closed from %(day)s; choose another or an earlier last day.")
        yield "workplace", sentence % {"day": date_format(workplace.closed_on)}
