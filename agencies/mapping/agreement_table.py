"""How far the two reviewers of each agency agree, and on which questions they differ most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, FilteredRelation, Q, TextField
from django.db.models.sql.compiler import SQLCompiler

from agencies.mapping.agreement import Agreement, Pair, agreement
from agencies.mapping.questions import Question, questions_of
from agencies.models import Agency, Comparison, Institution, Sheet


@dataclass(slots=True)
class _Places:
    """Every group once for each agency that has sheets of it; a place and a group are told by their numbers.

    A group are sheets of alike tasks that the same two answered blind to each other. A pair of answers to a question
    counts once in it, on however many sheets it stands: nothing tells an answer that was copied to an alike sheet from
    one that was given there anew, so that neither counts as a judgement of its own. Where a sheet of the group has
    other answers, these count as a further pair.
    """

    of_sheet: dict[int, int] = field(default_factory=dict)
    agency: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)

    def groups(self, places: Collection[int]) -> int:
        """How many groups they are over all agencies."""
        return len(set(map(self.group.__getitem__, places)))

    def by_agency(self, places: Collection[int]) -> Counter[int]:
        """How many groups they are in each agency."""
        return Counter(map(self.agency.__getitem__, places))


_Judged = Mapping[str, Mapping[Pair, set[int]]]
"""By question and pair of answers the places where it was given."""


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """The agreement over all questions of an agency's sheets."""

    agency: Agency
    found: Agreement


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """The agreement on one question over all agencies in sight."""

    question: Question
    found: Agreement


@dataclass(frozen=True)
class AgreementTable:
    """Both tables, and the agreement over everything; of answers as they were given blind."""

    total: Agreement
    agencies: tuple[AgencyLine, ...]
    questions: tuple[QuestionLine, ...]


def agreement_table(institution: Institution, agencies: Collection[Agency]) -> AgreementTable:
    """Compare the blind answers of these agencies; the questions most disagreed on come first."""
    keys = [one.pk for one in agencies]
    places = _places(keys)
    judged = _judged(keys, places)
    of_fact = {fact: {pair: places.groups(one) for pair, one in pairs.items()} for fact, pairs in judged.items()}
    where = {fact: set[int]().union(*pairs.values()) for fact, pairs in judged.items()}
    everywhere = set[int]().union(*where.values())
    asked = (
        QuestionLine(one, agreement({fact: of_fact[fact]}, places.groups(where[fact])))
        for one in questions_of(institution)
        if (fact := one.fact.name) in of_fact
    )
    return AgreementTable(
        agreement(of_fact, places.groups(everywhere)),
        tuple(_agency_lines(agencies, places, judged, everywhere)),
        tuple(sorted(asked, key=lambda one: one.found.observed)),
    )


def _agency_lines(
    agencies: Collection[Agency], places: _Places, judged: _Judged, everywhere: Collection[int]
) -> Iterator[AgencyLine]:
    counted: dict[int, dict[str, dict[Pair, int]]] = defaultdict(lambda: defaultdict(dict))
    for fact, pairs in judged.items():
        for pair, where in pairs.items():
            for agency, number in places.by_agency(where).items():
                counted[agency][fact][pair] = number
    groups = places.by_agency(everywhere)
    for one in agencies:
        if one.pk in counted:
            yield AgencyLine(one, agreement(counted[one.pk], groups[one.pk]))


class _Listed(Aggregate):
    """The keys in many rows as one list: much faster to fetch than the rows."""

    function = "ARRAY_AGG"
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **options)

    def get_db_converters(self, connection: Any) -> list[Any]:
        return [_keys_in_text] if connection.vendor == "sqlite" else []


def _keys_in_text(value: str, _expression: Any, _connection: Any) -> list[int]:
    return list(map(int, value.split(",")))


def _judged(agencies: Collection[int], places: _Places) -> _Judged:
    """What was answered about the sheets of these agencies."""
    found: dict[str, dict[Pair, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = Comparison.objects.filter(sheet__agency__in=agencies).order_by()
    answers = rows.values_list("fact", "by_agency", "by_bkpsdm").annotate(sheets=_Listed("sheet"))
    for fact, one, other, sheets in answers:
        # None are sheets compared between the two statements: counted when the page is next opened.
        if where := {place for place in map(places.of_sheet.get, sheets) if place is not None}:
            found[fact][one or "?", other or "?"] |= where
    return found


def _places(agencies: Collection[int]) -> _Places:
    """Where each compared sheet of these agencies counts."""
    found = _Places()
    numbers: dict[tuple[Any, ...], int] = {}
    for sheet, place in {sheet: place for sheet, *place in _compared(agencies)}.items():
        found.of_sheet[sheet] = numbers.setdefault(tuple(place), len(numbers))
    groups: dict[tuple[Any, ...], int] = {}
    for agency, *group in numbers:
        found.agency.append(agency)
        found.group.append(groups.setdefault(tuple(group), len(groups)))
    return found


def _compared(agencies: Collection[int]) -> Iterable[tuple[Any, ...]]:
    """The compared sheets of these agencies: key, agency, likeness, and who answered for either side.

    Of a side that was given to another after a return, the first who submitted answered blind: her row comes last.
    """
    compared = Sheet.objects.filter(agency__in=agencies, compared_at__isnull=False)
    sheets = compared.annotate(of_agency=_submitted("agency"), of_bkpsdm=_submitted("bkpsdm"))
    submitted = sheets.filter(Q(of_agency__isnull=False) | Q(of_bkpsdm__isnull=False))
    reviewers = ("of_agency__reviewer", "of_bkpsdm__reviewer")
    rows = submitted.order_by("-of_agency__pk", "-of_bkpsdm__pk")
    return rows.values_list("pk", "agency", "likeness", *reviewers)


def _submitted(side: str) -> FilteredRelation:
    """The parts of a sheet's side that were submitted at any time."""
    return FilteredRelation("assessments", condition=Q(assessments__side=side, assessments__submitted_at__isnull=False))
