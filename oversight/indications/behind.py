"""Changed behind the portal: arrangements, approvals and letters that are not as their last act left them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.apps import apps
from django.db.models import Model

from agencies.facts import gettext_noop
from eligibility.models import Approval, Arrangement, Letter
from oversight.covered_rows import row_faults_of
from oversight.faults import Change, RowFault
from oversight.indications.definitions import Flag, Ground

AT_ONCE: Final = 20_000
"""Rows of each table compared in one look, the newest; `manage.py verify_trail` compares every one."""

_CHANGED: Final = gettext_noop("The row %(table)s %(key)s is not as its last act left it.")
_ADDED: Final = gettext_noop("No act wrote the row %(table)s %(key)s.")
_REMOVED: Final = gettext_noop("An act wrote the row %(table)s %(key)s; it is no longer there.")
_SENTENCES: Final = {Change.ADDED: _ADDED, Change.REMOVED: _REMOVED}


def changed_behind(ground: Ground) -> Iterator[Flag]:
    """Rows whose digest is not that of their last act, rows that no act wrote, rows that are gone."""
    faults = [
        fault
        for model in (Arrangement, Approval, Letter)
        for fault in row_faults_of(model, ground.institution, at_most=AT_ONCE)
    ]
    owners = _owners(faults)
    agencies = dict(Arrangement.objects.filter(pk__in=set(owners.values())).values_list("pk", "agency_id"))
    found: dict[tuple[int | None, str], Flag] = {}
    for fault in sorted(faults):
        key = owners.get((fault.table, fault.key))
        words = (("table", fault.table), ("key", fault.key))
        flag = Flag(key, agencies.get(key or 0), _SENTENCES.get(fault.change, _CHANGED), words)
        # One row for each arrangement; what is gone has no arrangement to stand with.
        found.setdefault((key, "" if key else f"{fault.table} {fault.key}"), flag)
    yield from found.values()


_PATHS: Final[Mapping[str, str]] = {
    "eligibility.arrangement": "pk",
    "eligibility.arrangementoutput": "arrangement_id",
    "eligibility.arrangementstep": "arrangement_id",
    "eligibility.arrangementobjection": "arrangement_id",
    "eligibility.approval": "arrangement_id",
    "eligibility.approvalspan": "approval__arrangement_id",
    "eligibility.letter": "approval__arrangement_id",
}
"""From a row of each table to its arrangement."""


def _owners(faults: list[RowFault]) -> dict[tuple[str, str], int]:
    """The arrangement of each row that is still there."""
    found: dict[tuple[str, str], int] = {}
    for table in {fault.table for fault in faults}:
        model: type[Model] = apps.get_model(table)
        keys = [fault.key for fault in faults if fault.table == table]
        rows: Any = model._base_manager.filter(pk__in=keys)
        found |= {(table, str(key)): owner for key, owner in rows.values_list("pk", _PATHS[table])}
    return found
