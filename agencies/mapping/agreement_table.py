"""How far the two reviewers of each agency agree, and on which questions they differ most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count

from agencies.mapping.agreement import Agreement, Pair, agreement
from agencies.mapping.questions import Question, questions_of
from agencies.models import Agency, Comparison, Institution

Counted = Mapping[str, Mapping[Pair, int]]


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
    """Count the pairs of answers of these agencies in one statement; the questions most disagreed on come first."""
    by_agency: dict[int, dict[str, dict[Pair, int]]] = defaultdict(lambda: defaultdict(dict))
    over_all: dict[str, dict[Pair, int]] = defaultdict(lambda: defaultdict(int))
    rows = Comparison.objects.filter(sheet__agency__in=[one.pk for one in agencies]).order_by()
    for agency, fact, one, other, number in rows.values_list(
        "sheet__agency", "fact", "by_agency", "by_bkpsdm"
    ).annotate(number=Count("pk")):
        pair = (one or "?", other or "?")
        by_agency[agency][fact][pair] = by_agency[agency][fact].get(pair, 0) + number
        over_all[fact][pair] += number
    lines = (AgencyLine(one, agreement(by_agency[one.pk])) for one in agencies if one.pk in by_agency)
    asked = (QuestionLine(one, agreement({"": over_all.get(one.fact.name, {})})) for one in questions_of(institution))
    found = sorted((one for one in asked if one.found.pairs), key=lambda one: one.found.observed)
    return AgreementTable(agreement(over_all), tuple(lines), tuple(found))
