"""How a row of the structure is corrected: never over a change nobody saw, and every former value stays recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.events import Detail, Receipt, record
from agencies.fact_records import FactAct, Subject, changed, corrected, key_of
from agencies.models import Agency, Basis, Unit, User
from agencies.structure import RowValues, written

FREE_TEXT: Final = frozenset({"note"})
"""Columns that may name people: the trail keeps them aside, and no fact record repeats them."""


@dataclass(frozen=True)
class Correction:
    """The columns that changed, as text, before and after."""

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]

    def private(self) -> dict[str, Detail]:
        """What the trail keeps aside; empty where no free text changed."""
        names = [name for name in self.after if name in FREE_TEXT and self.before[name] != self.after[name]]
        return {name: {"before": self.before[name], "after": self.after[name]} for name in names}


def refuse_unseen(row: Subject, kind: type[RowValues], seen: str | None) -> None:
    """Raise ActRefused where the row is no longer what its editor saw; without a digest nobody looked."""
    if seen and kind.of(row).digest != seen:
        raise ActRefused(unseen_change())


def unseen_change() -> str:
    """What an editor is told when somebody else was quicker."""
    return _(
        "Somebody else has changed this in the meantime. What you typed still stands here; check it and send again."
    )


def refuse_foreign_unit(agency: Agency, unit: Unit | None, field: str = "unit") -> None:
    """Raise ActRefused for a unit of another agency."""
    if unit is not None and unit.agency_id != agency.pk:
        message = _("This unit belongs to another agency; choose one of %(agency)s.")
        raise ActRefused(message % {"agency": agency}, field)


def correct(row: Subject, values: Mapping[str, object], act: FactAct) -> Correction | None:
    """Bring a row that is locked to the values, and record every change with what was there before.

    None, and nothing written, where all stand there already. Raises ValuesRefused with every fault by its field.
    """
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return None
    for name in before:
        setattr(row, name, values[name])
    checked(row)
    row.save(update_fields=list(before))
    found = Correction(_as_text(before), _as_text({name: values[name] for name in before}))
    level = key_of(row)
    for name, former in found.before.items():
        if name not in FREE_TEXT and former != found.after[name]:
            fact = f"{level}.{name}"
            change = changed(row, fact, found.after[name], Basis.AGREED)
            act.write(corrected(row, fact, former, change, act.valid_from))
    return found


def record_new(row: Subject, values: Mapping[str, object], act: FactAct) -> None:
    """The fact records of a new row: all that is known of it."""
    known = {name: text for name, text in _as_text(values).items() if text is not None and name not in FREE_TEXT}
    act.write(changed(row, f"{key_of(row)}.{name}", text, Basis.AGREED) for name, text in known.items())


def _as_text(values: Mapping[str, object]) -> dict[str, str | None]:
    return {name: written(value) for name, value in values.items()}


def _without_free_text(values: Mapping[str, str | None]) -> dict[str, Detail]:
    return {name: value for name, value in values.items() if name not in FREE_TEXT}


def told(actor: User | None, action: str, subject: Subject, act: FactAct, found: Correction) -> Receipt:
    """The trail entry of a correction; its source stays with the fact records, because it may name people."""
    return record(
        actor=actor,
        action=action,
        subject=subject,
        institution=act.institution,
        at=act.at,
        private=found.private(),
        act=act.number,
        valid_from=act.valid_from,
        before=_without_free_text(found.before),
        after=_without_free_text(found.after),
    )


def told_new(actor: User | None, action: str, subject: Subject, act: FactAct, values: Mapping[str, object]) -> Receipt:
    """The trail entry of a new row."""
    nothing = dict.fromkeys(values, None)
    return told(actor, action, subject, act, Correction(nothing, _as_text(values)))
