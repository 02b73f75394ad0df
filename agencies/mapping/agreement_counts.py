"""How often each pair of blind answers was given, in all and in each agency: the figures of agreement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, FilteredRelation, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from agencies.mapping.agreement import Agreement, Pair, agreement
from agencies.models import Comparison, Sheet
from agencies.prepared import prepared


@dataclass(frozen=True, slots=True)
class Counted:
    """The agreement over everything, by the key of an agency, and by the name of a fact."""

    total: Agreement
    by_agency: Mapping[int, Agreement]
    by_fact: Mapping[str, Agreement]


@dataclass(frozen=True, slots=True)
class _Places:
    """Every group once for each agency that has sheets of it; a place and a group are told by their numbers.

    A group are sheets of alike tasks that the same two answered blind to each other. A pair of answers to a question
    counts once in it, on however many sheets it stands: nothing tells an answer that was copied to an alike sheet from
    one that was given there anew, so that neither counts as a judgement of its own. Where a sheet of the group has
    other answers, these count as a further pair.
    """

    of_sheet: Mapping[str, int]
    """By the key of a sheet, written as a text."""
    agency: Sequence[int]
    group: Sequence[int]

    def groups(self, places: Collection[int]) -> int:
        """How many groups they are over all agencies."""
        return len(set(map(self.group.__getitem__, places)))

    def by_agency(self, places: Collection[int]) -> Counter[int]:
        """How many groups they are in each agency."""
        return Counter(map(self.agency.__getitem__, places))


_Judged = Mapping[str, Mapping[Pair, set[int]]]
"""By question and pair of answers the places where it was given."""


def counted(institution: int, agencies: Collection[int]) -> Counted:
    """Compare the blind answers to the sheets of these agencies of an institution, all named by their keys."""
    places = _places(institution, agencies)
    judged = _judged(institution, places)
    of_fact = {fact: {pair: places.groups(one) for pair, one in pairs.items()} for fact, pairs in judged.items()}
    where = {fact: set[int]().union(*pairs.values()) for fact, pairs in judged.items()}
    everywhere = set[int]().union(*where.values())
    return Counted(
        agreement(of_fact, places.groups(everywhere)),
        dict(_by_agency(places, judged, places.by_agency(everywhere))),
        {fact: agreement({fact: pairs}, places.groups(where[fact])) for fact, pairs in of_fact.items()},
    )


def _by_agency(places: _Places, judged: _Judged, groups: Mapping[int, int]) -> Iterator[tuple[int, Agreement]]:
    given: dict[int, dict[str, dict[Pair, int]]] = defaultdict(lambda: defaultdict(dict))
    for fact, pairs in judged.items():
        for pair, where in pairs.items():
            for agency, number in places.by_agency(where).items():
                given[agency][fact][pair] = number
    for agency, answers in given.items():
        yield agency, agreement(answers, groups[agency])


class _Listed(Aggregate):
    """The keys in many rows as one text with commas: much faster to fetch than the rows, or than so many numbers."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **options)


def _judged(institution: int, places: _Places) -> _Judged:
    """What was answered about the sheets of these places."""
    found: dict[str, dict[Pair, set[int]]] = defaultdict(lambda: defaultdict(set))
    for fact, one, other, sheets in _answers(institution):
        where: set[Any] = set(map(places.of_sheet.get, sheets.split(",")))
        # Sheets of other agencies, and those compared between the two statements, to be counted next time.
        where.discard(None)
        if where:
            found[fact][one or "?", other or "?"] |= where
    return found


@prepared
def _answers(institution: int) -> QuerySet[Any, tuple[str, str | None, str | None, str]]:
    """Each pair of answers to a question, with the sheets on which it was given.

    Of the whole institution: to leave out agencies by their keys takes the database longer than to read them too.
    """
    rows = Comparison.objects.filter(sheet__institution_id=institution).order_by()
    listed = _Listed(Cast("sheet", TextField()))
    return rows.values_list("fact", "by_agency", "by_bkpsdm").annotate(sheets=listed)


def _places(institution: int, agencies: Collection[int]) -> _Places:
    """Where each compared sheet of these agencies counts."""
    where = {row[0]: row[1:] for row in _compared(institution) if row[1] in agencies}
    places = {place: number for number, place in enumerate(dict.fromkeys(where.values()))}
    groups = {group: number for number, group in enumerate(dict.fromkeys(place[1:] for place in places))}
    return _Places(
        {str(sheet): places[place] for sheet, place in where.items()},
        [place[0] for place in places],
        [groups[place[1:]] for place in places],
    )


@prepared
def _compared(institution: int) -> QuerySet[Any, tuple[Any, ...]]:
    """The compared sheets of an institution: key, agency, likeness, and who answered for either side.

    Of a side that was given to another after a return, the first who submitted answered blind: her row comes last.
    """
    compared = Sheet.objects.filter(institution_id=institution, compared_at__isnull=False)
    sheets = compared.annotate(of_agency=_submitted("agency"), of_bkpsdm=_submitted("bkpsdm"))
    submitted = sheets.filter(Q(of_agency__isnull=False) | Q(of_bkpsdm__isnull=False))
    reviewers = ("of_agency__reviewer", "of_bkpsdm__reviewer")
    rows = submitted.order_by("-of_agency__pk", "-of_bkpsdm__pk")
    return rows.values_list("pk", "agency", "likeness", *reviewers)


def _submitted(side: str) -> FilteredRelation:
    """The parts of a sheet's side that were submitted at any time."""
    return FilteredRelation("assessments", condition=Q(assessments__side=side, assessments__submitted_at__isnull=False))
