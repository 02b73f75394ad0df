"""Starts the work on an import: at once where the file is small, in the background where it is large."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from agencies.actions.imports import OPEN, PlanChanged, abandon_import, apply_import, undo_import
from agencies.errors import ActRefused
from agencies.importing.examining import examine, file_of, keep_examination
from agencies.importing.grids import Grid
from agencies.importing.progress import Stage, Teller, forget
from agencies.importing.resting import resting_on
from agencies.models import DataImport, Institution, User

AT_ONCE: Final = 5_000
"""Rows that are worked through while the officer waits."""
FORGOTTEN: Final = timedelta(days=7)
"""After so long a file that nobody carried out is deleted: it holds personal data."""


def start_examination(data_import: DataImport, at: datetime, grid: Grid | None = None) -> None:
    """Have the dry run made; large files wait for the worker. `grid` is its sheet where it was read already."""
    if data_import.rows <= AT_ONCE:
        keep_examination(data_import, examine(data_import, grid or file_of(data_import)), at)
        return
    with transaction.atomic():
        _waits(data_import, DataImport.State.EXAMINING, at, applied_by=None)
        examine_in_background.enqueue(data_import.pk)


def start_application(data_import: DataImport, actor: User, at: datetime) -> bool:
    """Carry the import out, or have the worker do it; False where it waits for the worker.

    Raises ActRefused as the act does; where the plan has changed, the dry run is made anew.
    """
    if data_import.rows > AT_ONCE:
        with transaction.atomic():
            _waits(data_import, DataImport.State.APPLYING, at, applied_by=actor)
            apply_in_background.enqueue(data_import.pk)
        return False
    try:
        apply_import(actor=actor, data_import=data_import, at=at)
    except PlanChanged:
        _show_again(data_import, at)
        raise
    return True


def start_undo(data_import: DataImport, actor: User, reason: str, at: datetime) -> object | None:
    """Undo the import, or have the worker do it where it is large; None where it is undone already.

    Raises ActRefused naming what rests on the import.
    """
    if data_import.rows <= AT_ONCE:
        return undo_import(actor=actor, data_import=data_import, reason=reason, at=at)
    resting = resting_on(data_import)
    if resting:
        raise ActRefused(_("This import cannot be undone any more: %(what)s") % {"what": " ".join(resting)})
    with transaction.atomic():
        _waits(data_import, DataImport.State.UNDOING, at, ended_by=actor, reason=reason)
        undo_in_background.enqueue(data_import.pk)
    return data_import


def undo_again(data_import: DataImport, at: datetime) -> None:
    """Have what was cut off undone again, by whom it was asked for."""
    with transaction.atomic():
        _waits(data_import, DataImport.State.UNDOING, at)
        undo_in_background.enqueue(data_import.pk)


def give_up_forgotten(institution: Institution, at: datetime) -> int:
    """Give up what was uploaded long ago and never carried out, and return how many that were."""
    rows = DataImport.objects.filter(institution=institution, state__in=OPEN, uploaded_at__lt=at - FORGOTTEN)
    return sum(abandon_import(actor=None, data_import=row, at=at) is not None for row in rows)


@task()
def examine_in_background(key: int) -> None:
    """The dry run of a large file; nothing where it was given up meanwhile."""
    row = _taken_up(key)
    if row is not None and row.state == DataImport.State.EXAMINING:
        teller = Teller(key)
        keep_examination(row, examine(row, file_of(row), teller), timezone.now(), teller)


@task()
def apply_in_background(key: int) -> None:
    """The import of a large file, by whom it was confirmed; nothing where it was given up or done meanwhile."""
    row = _taken_up(key)
    if row is None or row.state != DataImport.State.APPLYING or row.applied_by is None:
        return
    try:
        apply_import(actor=row.applied_by, data_import=row, teller=Teller(key))
    except PlanChanged:
        _show_again(row, timezone.now(), Teller(key))
    forget(key)


@task()
def undo_in_background(key: int) -> None:
    """The undo of a large import, by whom it was asked for; where something came to rest on it, it stays."""
    row = DataImport.objects.filter(pk=key).select_related("institution", "ended_by").first()
    if row is None or row.state != DataImport.State.UNDOING or row.ended_by is None:
        return
    try:
        undo_import(actor=row.ended_by, data_import=row, reason=row.reason, teller=Teller(key))
    except ActRefused:
        stays = DataImport.objects.filter(pk=key, state=DataImport.State.UNDOING)
        stays.update(state=DataImport.State.APPLIED, ended_by=None, reason="")
    forget(key)


def _taken_up(key: int) -> DataImport | None:
    return DataImport.objects.filter(pk=key, file__isnull=False).select_related("institution", "applied_by").first()


def _waits(data_import: DataImport, state: DataImport.State, at: datetime, **asked: User | str | None) -> None:
    """Note that the worker is waited for, and who asked for it. Raises ActRefused where the import is over already."""
    row = DataImport.objects.select_for_update().get(pk=data_import.pk)
    if not row.may_become(state):
        message = _("This import is “%(state)s” already; nothing more can be done with it here.")
        raise ActRefused(message % {"state": row.get_state_display()})
    row.state, row.alive_at, row.plan_changed = state, at, False
    for name, value in asked.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "alive_at", "plan_changed", *asked])
    Teller(row.pk).tell(Stage.WAITING, 0, row.rows)


def _show_again(data_import: DataImport, at: datetime, teller: Teller | None = None) -> None:
    """The dry run as it is now, marked as another than the one that was confirmed."""
    told = teller or Teller()
    keep_examination(data_import, examine(data_import, file_of(data_import), told), at, told)
    DataImport.objects.filter(pk=data_import.pk).update(plan_changed=True)
