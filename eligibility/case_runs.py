"""Stored cases of rules judged by the rules of their day, with drafts as if they were published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.clock import end_of
from agencies.models import Institution
from eligibility.case_texts import known_value
from eligibility.casework import CaseResult, CriterionCoverage, WrittenCase, coverage, run_case, together
from eligibility.drafts import rulebook_with
from eligibility.explanations import OUTCOME_LABELS
from eligibility.loading import NoLawInForce
from eligibility.models import RuleCase, RuleVersion
from eligibility.rulebook import Mode, Outcome, Place, Rule, Rulebook


@dataclass(frozen=True)
class CaseRun:
    """A stored case and what came of it; None where no law is in force on its day."""

    row: RuleCase
    result: CaseResult | None

    @property
    def holds(self) -> bool:
        """Whether it came as expected."""
        return self.result is not None and self.result.holds


def open_cases(rules: Iterable[int]) -> QuerySet[RuleCase]:
    """The open cases of the rules of those keys."""
    return RuleCase.objects.filter(rule__in=list(rules), closed_at__isnull=True)


def runs_of(rows: QuerySet[RuleCase], known_at: datetime, drafts: Sequence[RuleVersion] = ()) -> Iterator[CaseRun]:
    """Each case by the rules known at a moment; the rulebook of an institution and day is read once.

    A case of a day to come is judged by what is known until the end of that day.
    """
    books: dict[tuple[int, date], Rulebook | None] = {}
    for row in rows.select_related("rule", "institution"):
        key = (row.institution_id, row.on)
        if key not in books:
            books[key] = _rulebook(row.institution, row.on, known_at, drafts)
        book = books[key]
        yield CaseRun(row, run_case(book, written(row)) if book is not None else None)


def _rulebook(institution: Institution, on: date, known_at: datetime, drafts: Sequence[RuleVersion]) -> Rulebook | None:
    try:
        return rulebook_with(institution, on, max(known_at, end_of(on, institution)), drafts)
    except NoLawInForce:
        return None


def covered(
    version: RuleVersion, rows: Sequence[RuleCase], known_at: datetime, others: Iterable[Institution]
) -> tuple[CriterionCoverage, ...] | None:
    """How each criterion of a version, as on its first day, is read in the cases, wherever they are judged.

    `others` are institutions whose words the criteria take where no case is judged by a rulebook that has the rule.
    None where none has it.
    """
    at = {row.institution for row in rows}
    found = [
        coverage(rule, [written(row) for row in rows if row.institution == institution])
        for institution in sorted(at, key=lambda one: one.name)
        if (rule := _rule(version, institution, known_at))
    ]
    if found:
        return together(found)
    return next((coverage(rule, ()) for one in others if (rule := _rule(version, one, known_at))), None)


def _rule(version: RuleVersion, institution: Institution, known_at: datetime) -> Rule | None:
    book = _rulebook(institution, version.effective_from, known_at, [version] if version.is_draft else [])
    return book.by_code.get(version.rule.code) if book else None


def written(row: RuleCase) -> WrittenCase:
    """A stored case as the engine's side reads it."""
    place = json.loads(row.place)
    return WrittenCase(
        name=row.title,
        on=row.on,
        mode=Mode(row.mode),
        facts={name: known_value(name, text) for name, text in json.loads(row.facts).items()},
        outcome=Outcome(row.outcome),
        deciding=frozenset(row.deciding.split()),
        place=Place(place["agency_kind"], tuple(place["lineage"]), place["unit"]),
    )


def case_sentence(run: CaseRun) -> str:
    """What was expected of a case and what was found instead."""
    expected = {"case": run.row.title, "day": run.row.on, "expected": _told(run.row.outcome, run.row.deciding.split())}
    if run.result is None:
        return _("Case “%(case)s” (%(day)s) expects %(expected)s; no law is in force on that day.") % expected
    found = _told(run.result.outcome, run.result.deciding)
    sentence = _("Case “%(case)s” (%(day)s) expects %(expected)s; found: %(found)s. Mend the rule or close the case.")
    return sentence % {**expected, "found": found}


def _told(outcome: str, deciding: Iterable[str]) -> str:
    codes = ", ".join(sorted(deciding)) or _("no rule")
    return _("%(outcome)s by %(rules)s") % {"outcome": _(OUTCOME_LABELS[Outcome(outcome)]), "rules": codes}
