"""The acts on the import of a file: it is kept, its columns are assigned, it is carried out, undone or given up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.errors import ActRefused, ValuesRefused
from agencies.fact_records import FactAct
from agencies.importing.carrying_out import Brought, carry_out, file_name
from agencies.importing.examining import Examination, examine, file_of, sheet_of
from agencies.importing.first_guess import best_sheet, first_guess, learn, likely_for_new
from agencies.importing.grids import Grid
from agencies.importing.kinds import KINDS, Kind, valid_values
from agencies.importing.missing import A_PART, Register, forget_missing
from agencies.importing.progress import Teller
from agencies.importing.refusals import FileRefused
from agencies.importing.undoing import undo
from agencies.models import DataImport, ImportedFile, ImportKind, Institution, PlannedRow, User

State = DataImport.State

OPEN: Final = (State.UPLOADED, State.EXAMINING, State.EXAMINED, State.APPLYING)
"""States of an import whose file is kept."""


class PlanChanged(ActRefused):
    """What would be done now is not what the dry run showed."""


def keep_import_file(
    *, actor: User, institution: Institution, kind: str, name: str, content: bytes, at: datetime | None = None
) -> DataImport:
    """Keep a file that is to be imported, with the columns that its headings most likely mean.

    The same file that is kept already is that import. Raises FileRefused for what cannot be read or holds no rows.
    """
    digest, moment = hashlib.sha256(content).hexdigest(), at or timezone.now()
    known = DataImport.objects.filter(institution=institution, kind=kind, sha256=digest, state__in=OPEN).first()
    if known is not None:
        return known
    grid = best_sheet(kind, content)
    header, columns = first_guess(institution, kind, grid)
    row = DataImport(institution=institution, kind=kind, sha256=digest, size=len(content), file_name=file_name(name))
    row.uploaded_by, row.uploaded_at, row.sheet, row.rows = actor, moment, grid.sheet[:100], grid.count(header)
    row.header_row, row.columns, row.for_new = header, columns, likely_for_new(institution, kind, columns)
    if not row.rows:
        raise FileRefused(_("The file has no headings, or no rows below them. Fill it and choose it again."))
    with transaction.atomic():
        row.save()
        ImportedFile.objects.create(data_import=row, content=content)
        _recorded(actor, "import_file_kept", row, moment, row.rows)
        return row


def assign_columns(
    *,
    actor: User,
    data_import: DataImport,
    sheet: str,
    header_row: int,
    columns: Sequence[str],
    valid_from: date | None,
    for_new: Mapping[str, str] | None = None,
    register: Register = A_PART,
    grid: Grid | None = None,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Say which column each heading means, and remember it for the next file; the dry run follows.

    `for_new` are values for everything new, by columns that no heading means; `register` is how much of the staff
    the file tells of; `grid` is the sheet, if it was read. None where this is said already. Raises ValuesRefused.
    """
    moment = at or timezone.now()
    # A file never changes; to read a large one takes seconds, in which nobody should wait for the row.
    read = grid or _read(data_import, sheet)
    with transaction.atomic():
        row = _locked(data_import)
        said = (sheet, header_row, [*columns], valid_from, {**(for_new or {})}, register)
        if row.state == State.EXAMINED and _said(row) == said:
            return None
        _refuse_unless(row, State.EXAMINING)
        _say(row, *said)
        headings = (read or file_of(row)).headings(header_row)
        _refuse_said(row, headings)
        PlannedRow.objects.filter(data_import=row).delete()
        row.state, row.alive_at, row.plan_changed, row.counts = State.EXAMINING, moment, False, {}
        row.save()
        learn(row.institution, row.kind, headings, columns, row.for_new)
        return _recorded(actor, "import_columns_assigned", row, moment, row.rows)


def apply_import(
    *, actor: User, data_import: DataImport, at: datetime | None = None, teller: Teller | None = None
) -> events.Receipt | None:
    """Carry an import out, all or nothing, exactly as its dry run showed it; None where that is done already.

    Raises PlanChanged where the data has changed since and something else would be done, and ActRefused for what has
    faults or nothing to do.
    """
    moment, quiet = at or timezone.now(), teller or Teller()
    grid = _read(data_import, data_import.sheet)
    with transaction.atomic():
        # Whatever is planned here nobody changes before it is written.
        Institution.objects.held(data_import.institution_id)
        row = _locked(data_import)
        if row.state == State.APPLIED:
            return None
        _refuse_unless(row, State.APPLIED)
        found = examine(row, grid or file_of(row), quiet)
        _refuse_another_plan(row, found)
        act = FactAct(row.institution, row.file_name, row.valid_from or timezone.localdate(moment), moment)
        _end_of_file(row)
        return carry_out(actor, row, Brought(found.plan, found.rows, found.counts, found.missing), act)


def undo_import(
    *, actor: User, data_import: DataImport, reason: str, at: datetime | None = None, teller: Teller | None = None
) -> events.Receipt | None:
    """Record again what stood there before an import, as one act; None where that is done already.

    Raises ActRefused naming what rests on the import.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(data_import.institution_id)
        row = _locked(data_import)
        if row.state == State.UNDONE:
            return None
        _refuse_unless(row, State.UNDONE)
        count = undo(row, moment, teller or Teller())
        forget_missing(row)
        row.state, row.ended_by, row.ended_at, row.reason = State.UNDONE, actor, moment, reason
        row.save(update_fields=["state", "ended_by", "ended_at", "reason"])
        return _recorded(actor, "import_undone", row, moment, count)


def abandon_import(*, actor: User | None, data_import: DataImport, at: datetime | None = None) -> events.Receipt | None:
    """Give an import up that was not carried out; its file is deleted. None where that is done already."""
    moment = at or timezone.now()
    with transaction.atomic():
        row = _locked(data_import)
        if row.state == State.ABANDONED:
            return None
        _refuse_unless(row, State.ABANDONED)
        _end_of_file(row)
        row.state, row.ended_by, row.ended_at = State.ABANDONED, actor, moment
        row.save(update_fields=["state", "ended_by", "ended_at"])
        return _recorded(actor, "import_given_up", row, moment, row.rows)


def _read(data_import: DataImport, sheet: str) -> Grid | None:
    """The rows of the file, where it is still kept."""
    kept = ImportedFile.objects.filter(data_import=data_import).exists()
    return sheet_of(data_import, sheet) if kept else None


def _locked(data_import: DataImport) -> DataImport:
    return DataImport.objects.select_for_update(of=("self",)).select_related("institution").get(pk=data_import.pk)


def _refuse_unless(row: DataImport, state: State) -> None:
    if not row.may_become(state):
        message = _("This import is “%(state)s” already; nothing more can be done with it here.")
        raise ActRefused(message % {"state": row.get_state_display()})


def _refuse_said(row: DataImport, headings: Sequence[str]) -> None:
    _refuse_columns(KINDS[row.kind], headings, row.columns)
    _refuse_for_new(KINDS[row.kind], row.columns, row.for_new)
    _refuse_register(row, Register.of(row))
    if KINDS[row.kind].dated and row.valid_from is None:
        raise ValuesRefused({"valid_from": [_("Say from which day on what the file says holds.")]})


def _refuse_columns(kind: Kind, headings: Sequence[str], columns: Sequence[str]) -> None:
    """Raise ValuesRefused unless each column stands at one heading at most, and the one that is needed at one."""
    if not headings or len(headings) != len(columns):
        message = _("This row holds no headings, or others than were shown; choose the row and look again.")
        raise ValuesRefused({"": [message]})
    named = [column for column in columns if column]
    twice = sorted({column for column in named if named.count(column) > 1 or column not in kind.columns})
    if twice:
        message = _("%(columns)s stands at several headings; leave it at one of them.")
        raise ValuesRefused({"": [message % {"columns": ", ".join(twice)}]})
    if kind.needed not in named:
        message = _("Say which heading means %(column)s: without it no row can be understood.")
        raise ValuesRefused({"": [message % {"column": kind.needed}]})


def _said(row: DataImport) -> tuple[object, ...]:
    return row.sheet, row.header_row, row.columns, row.valid_from, row.for_new, Register.of(row)


def _say(
    row: DataImport,
    sheet: str,
    header_row: int,
    columns: list[str],
    valid_from: date | None,
    for_new: dict[str, str],
    register: Register,
) -> None:
    row.sheet, row.header_row, row.columns, row.valid_from, row.for_new = (
        sheet,
        header_row,
        columns,
        valid_from,
        for_new,
    )
    row.register, row.register_agency, row.register_on = register.scope, register.agency, register.on


def _refuse_for_new(kind: Kind, columns: Sequence[str], for_new: Mapping[str, str]) -> None:
    """Raise ValuesRefused unless each value is one that its column takes, and the file has no such column itself."""
    for name, value in for_new.items():
        takes = [code for code, _label in valid_values(kind.columns[name])] if name in kind.for_new else []
        if name in columns or value not in takes:
            message = _("For %(column)s no value can be said for everything new; leave it to the file, or choose one.")
            raise ValuesRefused({"": [message % {"column": name}]})


def _refuse_register(row: DataImport, register: Register) -> None:
    """Raise ValuesRefused unless a full register is one of employees and says of which day, and of which agency."""
    scope, agency = register.scope, register.agency
    if scope is not DataImport.Register.PART and row.kind != ImportKind.EMPLOYEES:
        raise ValuesRefused({"": [_("Only a file of employees is a register of the staff.")]})
    if (scope is DataImport.Register.PART) is not (register.on is None):
        raise ValuesRefused({"register_on": [_("Say of which day the full register is; of a part no day is said.")]})
    if (scope is DataImport.Register.AGENCY) is not (agency is not None) or (
        agency is not None and agency.institution_id != row.institution_id
    ):
        raise ValuesRefused({"register_agency": [_("Say of which agency of the institution the full register is.")]})


def _refuse_another_plan(row: DataImport, found: Examination) -> None:
    if found.faults.errors and row.counts.get(PlannedRow.What.REFUSED.value):
        raise ActRefused(_("The file has rows with faults; nothing is carried out before all of them are mended."))
    if found.faults.errors or found.digest != row.plan_digest:
        raise PlanChanged(
            _("What is recorded has changed since this was examined, and something else would be done now. Look again.")
        )
    if found.plan.empty:
        raise ActRefused(_("Everything in this file is recorded just so already; there is nothing to carry out."))


def _end_of_file(row: DataImport) -> None:
    """The file and its dry run hold personal data: they are kept no longer than they are needed."""
    ImportedFile.objects.filter(data_import=row).delete()
    forget_missing(row)
    PlannedRow.objects.filter(data_import=row).delete()


def _recorded(actor: User | None, action: str, row: DataImport, moment: datetime, rows: int) -> events.Receipt:
    return events.record(actor=actor, action=action, subject=row, at=moment, file_digest=row.sha256, rows=rows)
