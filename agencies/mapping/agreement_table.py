"""How far the two reviewers of each agency agree, and on which questions they differ most."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.core.cache import cache

from agencies.mapping.agreement import Agreement
from agencies.mapping.agreement_counts import Counted, counted
from agencies.mapping.questions import Question, questions_of
from agencies.models import Agency, Institution
from agencies.receipts import last_act

KEPT: Final = 600
"""Seconds after which answers are compared again in any case: rows may change behind the portal too."""


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
    found = _counted_since_last_act(institution, sorted(one.pk for one in agencies))
    lines = (AgencyLine(one, found.by_agency[one.pk]) for one in agencies if one.pk in found.by_agency)
    asked = (
        QuestionLine(one, found.by_fact[one.fact.name])
        for one in questions_of(institution)
        if one.fact.name in found.by_fact
    )
    return AgreementTable(found.total, tuple(lines), tuple(sorted(asked, key=lambda one: one.found.observed)))


def _counted_since_last_act(institution: Institution, agencies: list[int]) -> Counted:
    """The figures, worked out once for each state of the trail: a city has tens of thousands of answers."""
    act = last_act(institution)
    key = f"agreement:{sha256(repr((institution.pk, act, agencies)).encode()).hexdigest()}"
    found: Counted | None = cache.get(key) if act else None
    if found is None:
        found = counted(institution.pk, frozenset(agencies))
        if act:
            cache.set(key, found, KEPT)
    return found
