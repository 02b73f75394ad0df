"""`Reseal`: the step of a migration that seals covered rows by a new recipe, after it compared them with the old.

A recipe changes when a covered table gains or loses a column. A new column comes first (a migration of the
table's own app), then the rows are resealed (a migration of this app that depends on it), and only then may an
old column go. Rows that existed before their table was covered are sealed by the same step without an old recipe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.digests import Recipe, leaves_by
from agencies.errors import PortalError
from agencies.events import SYSTEM
from oversight.covered_rows import sealed_digests
from oversight.entries import RESEALED, canonical
from oversight.trail import Tables, write_entry

_ROWS_AT_ONCE: Final = 900


class ResealRefused(PortalError):
    """Rows that are not as the trail says: they are not sealed anew, or the change would be sealed with them."""


class Reseal(Operation):
    """Verify the rows of a table by the recipe `old`, then append one act for each institution with their leaves
    by `new`.

    Without `old`, rows that no act sealed yet are sealed and the others left alone. `rows` narrows the table
    to those that are covered, as keywords of a filter; `institution` is the path to the owner of a row.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(
        self, model: str, old: Recipe | None, new: Recipe, *, institution: str, rows: Mapping[str, object] | None = None
    ) -> None:
        self.model, self.old, self.new = model, old, new
        self.institution, self.rows = institution, dict(rows or {})

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As it was written."""
        named = {"institution": self.institution, "rows": self.rows}
        return self.__class__.__qualname__, [self.model, self.old, self.new], named

    def describe(self) -> str:
        """One line for the list of a migration's steps."""
        return f"Seal the rows of {self.model} by recipe {self.new.number}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The tables stay as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Raises ResealRefused that names rows which are not as the trail says."""
        apps = to_state.apps
        rows = apps.get_model(self.model)._base_manager.filter(**self.rows).order_by("pk")
        keys = list(self._unsealed(rows) if self.old is None else self._verified(rows, self.old))
        owners = rows.order_by(self.institution).values_list(self.institution, flat=True).distinct()
        for owner in owners if keys else ():
            # Chosen by key only where some rows stay as they are: a long list of keys is slow.
            own = rows.filter(**{self.institution: owner})
            self._append(apps, owner, own.filter(pk__in=keys) if self.old is None else own)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """What is in the trail stays: the rows are sealed by the old recipe as well."""

    def _unsealed(self, rows: QuerySet[Any]) -> Iterator[Any]:
        keys = rows.values_list("pk", flat=True).iterator(chunk_size=_ROWS_AT_ONCE)
        while chunk := list(islice(keys, _ROWS_AT_ONCE)):
            sealed = sealed_digests(rows.model._meta.label_lower, [str(key) for key in chunk])
            yield from (key for key in chunk if str(key) not in sealed)

    def _verified(self, rows: QuerySet[Any], old: Recipe) -> Iterator[Any]:
        found = leaves_by(old, rows)
        differing: list[str] = []
        while chunk := list(islice(found, _ROWS_AT_ONCE)):
            for table in {leaf.table for leaf in chunk}:
                own = [leaf for leaf in chunk if leaf.table == table]
                sealed = sealed_digests(table, [leaf.key for leaf in own])
                differing += [f"{table} {leaf.key}" for leaf in own if sealed.get(leaf.key) != leaf.digest]
            yield from (leaf.key for leaf in chunk)
        if differing:
            raise ResealRefused(
                _(
                    "These rows are not as their last act left them, so they are not sealed anew: %(rows)s. "
                    "Run manage.py verify_trail."
                )
                % {"rows": ", ".join(differing)}
            )

    def _append(self, apps: Apps, institution: int, rows: QuerySet[Any]) -> None:
        tables = Tables(*(apps.get_model("oversight", name) for name in ("TrailEntry", "TrailHead", "TrailLeaf")))
        if not rows.exists():
            return
        details = {"table": self.model.lower(), "old": self.old.number if self.old else None, "new": self.new.number}
        columns = {
            "at": timezone.now(),
            "actor_id": None,
            "actor_label": SYSTEM,
            "action": RESEALED,
            "subject_type": "agencies.institution",
            "subject_id": str(institution),
            "subject_digest": "",
            "body": canonical(details),
            "side_digest": "",
        }
        write_entry(tables, institution, columns, leaves_by(self.new, rows))
