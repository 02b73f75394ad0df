"""Answers an address that asks for a table about persons as a file: to take it away is a read of each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from agencies.access import Standing
from agencies.exporting.answers import exported, wanted
from agencies.exporting.tables import ExportTable
from agencies.models import User
from agencies.personal_data import note_read


@dataclass(frozen=True)
class PeopleTable:
    """A table about persons, and how many of them it shows."""

    table: ExportTable
    people: int


def exported_people(
    request: HttpRequest, standing: Standing, page: str, made: Callable[[], PeopleTable], stem: str
) -> HttpResponseBase | None:
    """As `exported`, and the read is logged under the page that shows the same rows."""
    if wanted(request) is None:
        return None
    found = made()
    assert isinstance(request.user, User)
    note_read(reader=request.user, standing=standing, page=page, at=timezone.now(), count=found.people)
    return exported(request, found.table, stem)
