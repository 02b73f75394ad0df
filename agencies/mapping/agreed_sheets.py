"""From a fact that two reviewers agreed on to the sheet on which they did, for who may open it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from agencies.access import Standing, acting_as, visible_agencies
from agencies.mapping.access import READERS
from agencies.models import Position, Sheet
from agencies.prepared import prepared

AgreedSheets = Mapping[tuple[int | None, datetime], int]
"""The keys of sheets by task and by the moment at which they were agreed: the moment at which facts were recorded."""


def agreed_sheets(standing: Standing, position: Position) -> AgreedSheets:
    """The agreed sheets of a position's tasks that the user may open; none for who may open no sheet."""
    if not standing.holds(*READERS):
        return {}
    reading = acting_as(standing, *READERS)
    rows = list(_sheets(position.pk))
    if rows and not reading.sees_all:
        seen = set(
            visible_agencies(reading).filter(pk__in={row.agency_id for row in rows}).values_list("pk", flat=True)
        )
        rows = [row for row in rows if row.agency_id in seen]
    return {(row.task_id, row.agreed_at): row.pk for row in rows if row.agreed_at is not None}


@prepared
def _sheets(position: int) -> QuerySet[Any, Sheet]:
    return Sheet.objects.filter(task__position_id=position, state="agreed").order_by("pk")
