"""Acts on what an institution says of itself: its policy stage, its places of work, its own criteria."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.models import Agency, Institution, LocalCriterion, PolicyStage, User, Workplace


def record_policy_stage(
    *,
    actor: User | None,
    institution: Institution,
    stage: str,
    valid_from: date,
    source: str,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Record the stance of the institution from a day on; of two rows of one day the later recorded holds.

    Nothing is written, and None returned, when the row in force from that very day says the same.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        before = _locked(institution).policy_stages.in_force(valid_from)
        row = PolicyStage(institution=institution, stage=stage, valid_from=valid_from, source=source.strip())
        if before and _same(before, row, ("stage", "valid_from", "source")):
            return None
        checked(row).save()
        return events.record(
            actor=actor,
            action="policy_stage_recorded",
            subject=row,
            at=moment,
            before=before.stage if before else None,
            after=stage,
            valid_from=valid_from,
        )


@dataclass(frozen=True)
class WorkplaceValues:
    """What is recorded of an office or another place; `agency` where it belongs to one."""

    code: str
    name: str
    kind: str
    address: str
    basis: str
    valid_from: date
    agency: Agency | None = None


_WORKPLACE: Final = tuple(field.name for field in fields(WorkplaceValues))


def add_workplace(
    *, actor: User | None, institution: Institution, values: WorkplaceValues, at: datetime | None = None
) -> events.Receipt | None:
    """Add an office or another place to the register (Pasal 12 ayat (1), (2) and (4)).

    Nothing is written, and None returned, when the register holds this very place already.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        _locked(institution)
        row = Workplace(institution=institution, recorded_at=moment)
        _set(row, values)
        kept = institution.workplaces.filter(code=row.code, closed_on=None).first()
        if kept and _same(kept, row, _WORKPLACE):
            return None
        _check_workplace(row)
        checked(row).save()
        return events.record(
            actor=actor, action="workplace_added", subject=row, at=moment, code=row.code, kind=row.kind
        )


def correct_workplace(
    *, actor: User | None, workplace: Workplace, values: WorkplaceValues, at: datetime | None = None
) -> events.Receipt | None:
    """Correct what is recorded of a place; what stood there before is kept in the trail.

    Nothing is written, and None returned, when all is as it was.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _locked_place(workplace)
        before = {name: _told(getattr(row, name)) for name in _WORKPLACE}
        _set(row, values)
        after = {name: _told(getattr(row, name)) for name in _WORKPLACE}
        changed = [name for name in _WORKPLACE if before[name] != after[name]]
        if not changed:
            return None
        _check_workplace(row)
        checked(row).save(update_fields=changed)
        return events.record(
            actor=actor,
            action="workplace_corrected",
            subject=row,
            at=moment,
            changed=changed,
            private={
                "before": {name: before[name] for name in changed},
                "after": {name: after[name] for name in changed},
            },
        )


def close_workplace(
    *, actor: User | None, workplace: Workplace, closed_on: date, at: datetime | None = None
) -> events.Receipt | None:
    """From a day on nobody may be placed there; None when it is closed from that day already."""
    moment = at or timezone.now()
    with transaction.atomic():
        row = _locked_place(workplace)
        before = row.closed_on
        if before == closed_on:
            return None
        row.closed_on = closed_on
        _check_workplace(row)
        row.save(update_fields=["closed_on"])
        return events.record(
            actor=actor, action="workplace_closed", subject=row, at=moment, before=before, after=closed_on
        )


def name_local_criterion(
    *,
    actor: User | None,
    institution: Institution,
    number: int,
    label: str,
    question: str,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Say what one of the four own task criteria is called and asks (Pasal 23 ayat (6), Pasal 26).

    None when it is called and asks so already.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        _locked(institution)
        row = institution.local_criteria.filter(number=number).first()
        before = [row.label, row.question] if row else None
        row = row or LocalCriterion(institution=institution, number=number)
        row.label, row.question = label.strip(), question.strip()
        if before == [row.label, row.question]:
            return None
        checked(row).save()
        return events.record(
            actor=actor,
            action="local_criterion_named",
            subject=row,
            at=moment,
            number=number,
            before=before,
            after=[row.label, row.question],
        )


def _locked(institution: Institution) -> Institution:
    """The institution, held until the end of the act, so that two acts never both think they are first."""
    return Institution.objects.held(institution.pk)


def _locked_place(workplace: Workplace) -> Workplace:
    """The place, with its institution held: nothing is approved there meanwhile."""
    Institution.objects.held(workplace.institution_id)
    return Workplace.objects.select_for_update(of=("self",)).get(pk=workplace.pk)


def _same(one: object, other: object, names: tuple[str, ...]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _told(value: object) -> str | None:
    """A value as the trail tells it: an agency by its code, a day as text."""
    if value is None:
        return None
    return value.code if isinstance(value, Agency) else str(value)


def _set(row: Workplace, values: WorkplaceValues) -> None:
    for name in _WORKPLACE:
        value = getattr(values, name)
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _check_workplace(row: Workplace) -> None:
    taken = Workplace.objects.filter(institution=row.institution_id, code=row.code).exclude(pk=row.pk)
    if taken.exists():
        raise ActRefused(_("Another place of this institution has this code; choose another."), "code")
    if row.agency and row.agency.institution_id != row.institution_id:
        raise ActRefused(_("This agency is not of this institution; choose one of the list."), "agency")
    if row.closed_on and row.closed_on < row.valid_from:
        sentence = _("The place is in the register from %(day)s; it is closed on that day or later.")
        raise ActRefused(sentence % {"day": date_format(row.valid_from)}, "closed_on")
