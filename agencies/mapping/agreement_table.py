"""How far the two reviewers of each agency agree, and on which questions they differ most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from agencies.mapping.agreement import Agreement, Pair, agreement
from agencies.mapping.questions import Question, questions_of
from agencies.models import Agency, Assessment, Comparison, Institution


class _Group(NamedTuple):
    """Sheets of alike tasks that the same two answered blind to each other."""

    likeness: str
    by_agency: int | None
    by_bkpsdm: int | None


class _Judged(NamedTuple):
    """The two answers to a question about the tasks of a group: counted once, on however many sheets they stand.

    Nothing tells an answer that was copied to an alike sheet from one that was given there anew, so that neither
    counts as a judgement of its own. Where a sheet of the group has other answers, these count as a further pair.
    """

    group: _Group
    fact: str
    pair: Pair


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
    groups = _groups(keys)
    by_agency: dict[int, set[_Judged]] = defaultdict(set)
    by_fact: dict[str, set[_Judged]] = defaultdict(set)
    rows = Comparison.objects.filter(sheet__agency__in=keys).order_by()
    for sheet, agency, fact, one, other in rows.values_list("sheet", "sheet__agency", "fact", "by_agency", "by_bkpsdm"):
        if sheet not in groups:  # compared between the two statements: counted when the page is next opened
            continue
        judged = _Judged(groups[sheet], fact, (one or "?", other or "?"))
        by_agency[agency].add(judged)
        by_fact[fact].add(judged)
    lines = (AgencyLine(one, _agreement(by_agency[one.pk])) for one in agencies if one.pk in by_agency)
    asked = (QuestionLine(one, _agreement(by_fact.get(one.fact.name, ()))) for one in questions_of(institution))
    found = sorted((one for one in asked if one.found.pairs), key=lambda one: one.found.observed)
    total = _agreement([judged for of_fact in by_fact.values() for judged in of_fact])
    return AgreementTable(total, tuple(lines), tuple(found))


def _groups(agencies: Collection[int]) -> dict[int, _Group]:
    """The group of each compared sheet of these agencies, by its key."""
    found: dict[int, _Group] = {}
    parts = Assessment.objects.filter(
        sheet__agency__in=agencies, sheet__compared_at__isnull=False, submitted_at__isnull=False
    )
    # Of a side that was given to another after a return, the first who submitted answered blind: she comes last here.
    for sheet, likeness, side, reviewer in parts.order_by("-pk").values_list(
        "sheet", "sheet__likeness", "side", "reviewer"
    ):
        group = found.get(sheet, _Group(likeness, None, None))
        is_agency = side == Assessment.Side.AGENCY
        found[sheet] = group._replace(by_agency=reviewer) if is_agency else group._replace(by_bkpsdm=reviewer)
    return found


def _agreement(judged: Collection[_Judged]) -> Agreement:
    counted: dict[str, Counter[Pair]] = defaultdict(Counter)
    for one in judged:
        counted[one.fact][one.pair] += 1
    return agreement(counted, len({one.group for one in judged}))
