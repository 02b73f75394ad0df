"""Whether anything was stored: row counts and last keys after each input, the content of every table now and then."""

from __future__ import annotations

import hashlib

from django.apps import apps
from django.db import connection
from django.db.models import Model

from agencies.models import PersonalDataRead


def _models() -> list[type[Model]]:
    """Everything the portal stores; that somebody read is noted whatever comes of a form."""
    found = [
        model
        for app in ("agencies", "eligibility", "oversight")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.managed and model is not PersonalDataRead
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


class Watch:
    """The stored rows at the moment it began; `changed` says which tables are no longer as they were."""

    def __init__(self) -> None:
        self.tables = [(model._meta.db_table, model._meta.pk.column) for model in _models()]
        name = connection.ops.quote_name
        last = "max(CAST({} AS varchar(200)))"  # keys are numbers here, texts there
        parts = (f"SELECT count(*), {last.format(name(key))} FROM {name(table)}" for table, key in self.tables)
        self.counting = " UNION ALL ".join(f"SELECT {n}, t.* FROM ({part}) t" for n, part in enumerate(parts))
        self.counts, self.content = self._counted(), self._digests()

    def changed(self, *, deep: bool = False) -> list[str]:
        """The tables with other rows than then; `deep`: or with other content."""
        found = {row[0] for row in self._counted() ^ self.counts}
        if deep:
            found |= {n for n, digest in self._digests().items() if digest != self.content[n]}
        return [self.tables[n][0] for n in sorted(found)]

    def _counted(self) -> set[tuple[int, int, str]]:
        with connection.cursor() as cursor:
            cursor.execute(self.counting)
            return {(number, count, str(last)) for number, count, last in cursor.fetchall()}

    def _digests(self) -> dict[int, str]:
        found = {}
        with connection.cursor() as cursor:
            for number, (table, key) in enumerate(self.tables):
                name = connection.ops.quote_name
                cursor.execute(f"SELECT * FROM {name(table)} ORDER BY {name(key)}")  # our own tables
                rows = [[_plain(one) for one in row] for row in cursor.fetchall()]
                found[number] = hashlib.sha256(repr(rows).encode()).hexdigest()
        return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
