"""Which live sheets of an agency an act is about: all, those of a unit or of a kind of position, or single ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from agencies.keys import is_key
from agencies.models import Agency, Assessment, Sheet

Side = Assessment.Side
_WHERE = "task__position__"


@dataclass(frozen=True)
class Choice:
    """What sheets are chosen by; what is empty narrows nothing. `unit` 0: directly under an agency.

    `unnamed` are the sides that lack a reviewer: a sheet that lacks one of them is chosen.
    """

    agency: int | None = None
    unit: int | None = None
    title: str = ""
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offered:
    """What the live sheets of an agency can be chosen by: keys and names, in order of names."""

    agencies: Sequence[tuple[int, str]]
    units: Sequence[tuple[int, str]]
    titles: Sequence[str]


def live_sheets(agency: Agency) -> QuerySet[Sheet]:
    """The live sheets of an agency and of those below it."""
    below = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
    return Sheet.objects.live().of_agencies(below)


def named_sheets(live: QuerySet[Sheet], keys: Sequence[str]) -> QuerySet[Sheet]:
    """Those that an address names by their keys: all where it names none, none where it names what is no key."""
    known = [int(key) for key in keys if is_key(key)]
    return live.filter(pk__in=known) if keys else live


def offered(live: QuerySet[Sheet]) -> Offered:
    """Everything that some of these sheets can be chosen by."""
    columns = ("agency", "agency__name", f"{_WHERE}unit", f"{_WHERE}unit__name", f"{_WHERE}title")
    rows = list(live.order_by().values_list(*columns).distinct())
    return Offered(
        sorted({(agency, name) for agency, name, *_rest in rows}, key=lambda one: one[1]),
        sorted(
            {(unit, f"{name}, {agency}") for _key, agency, unit, name, _title in rows if unit}, key=lambda one: one[1]
        ),
        sorted({title for *_rest, title in rows}),
    )


def chosen_sheets(live: QuerySet[Sheet], choice: Choice) -> QuerySet[Sheet]:
    """The sheets of a choice."""
    found = live
    if choice.agency is not None:
        found = found.filter(agency=choice.agency)
    if choice.unit is not None:
        # A position directly under its agency has no unit: null is not compared.
        found = found.filter(**({f"{_WHERE}unit": choice.unit} if choice.unit else {f"{_WHERE}unit__isnull": True}))
    if choice.title:
        found = found.filter(**{f"{_WHERE}title": choice.title})
    if choice.unnamed:
        nobodys = Assessment.objects.current().filter(reviewer__isnull=True, side__in=choice.unnamed)
        found = found.filter(Q(pk__in=nobodys.values("sheet")))
    return found
