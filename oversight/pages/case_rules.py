"""The rules that an approval rested on, task by task, read again from what was stored with it.

A task that may not be done in the form asked for is named with the rule that closes it; what passed is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.facts import Level
from agencies.prepared import prepared
from eligibility.answers import OwnNames, naming, own_names
from eligibility.arrangements.records import read_again
from eligibility.arrangements.requests import Request
from eligibility.arrangements.span_decisions import SpanReading
from eligibility.arrangements.span_texts import outcome_text
from eligibility.decisions import Reason, State, TaskDecision, limit_standings
from eligibility.explanations import ReasonWords, criterion_words, full_sentence, word_limit, word_reason
from eligibility.models import ApprovalSpan, Provision, ProvisionVerification, StoredRulebook
from eligibility.models.instruments import Layer
from eligibility.rulebook import Case, Criterion, Limit, Outcome, Rule, Rulebook, exception_truth, reaches_case
from eligibility.stored_rulebooks import stored_layout
from oversight.stored_texts import UNREADABLE

OF_PERSON: Final = ("employee.", "posting.")
"""How the names of the facts of a person begin."""
_WORST_FIRST: Final = (State.FAILED, State.UNKNOWN, State.CONDITION, State.PASSED)


class NotKept(ValueError):
    """The rulebook of a span is not stored, or its text is not what its fingerprint says."""


@dataclass(frozen=True, slots=True)
class Source:
    """A provision as reasons cite it: the code of its instrument and its place; `internal` is no legislation."""

    instrument: str
    reference: str
    words: str
    internal: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """How a rule stands to a task, in words; `excepted` is the exception of its own that is met."""

    words: ReasonWords
    source: Source
    excepted: str = ""

    @property
    def set_aside(self) -> bool:
        """Whether a lift or an exception keeps the rule from speaking."""
        return self.words.state == State.PASSED and bool(self.words.lifted_by or self.excepted)


@dataclass(frozen=True, slots=True)
class TaskRules:
    """The tasks of which the same was decided: what does not simply pass, worst first, and the rules that passed."""

    titles: tuple[str, ...]
    outcome: Outcome
    first: tuple[RuleLine, ...]
    passed: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True)
class LimitLine:
    """What is left of a quantity: the norms that set it, those they beat, and those that may become stricter."""

    sentence: str
    sources: tuple[Source, ...]
    beaten: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpanRules:
    """What the rules said in a span. `agrees`: the portal of today reads the outcome that was stored."""

    tasks: tuple[TaskRules, ...]
    limits: tuple[LimitLine, ...]
    agrees: bool

    def sources(self) -> Iterator[Source]:
        """Every provision that is cited with its standing."""
        for task in self.tasks:
            yield from (line.source for line in (*task.first, *task.passed))
        for limit in self.limits:
            yield from limit.sources


@dataclass(frozen=True, slots=True)
class JudgedSpans:
    """The spans of an approval in which the rules said the same; `rules` None: they cannot be read again."""

    periods: tuple[tuple[date, date], ...]
    rules: SpanRules | None


@dataclass(frozen=True, slots=True)
class Wording:
    """On what the words depend: `person` is whether the reader may know the facts of the person."""

    person: bool
    language: str | None
    names: OwnNames
    """What the institution calls its own criteria today."""

    def word(self, message: str) -> str:
        """The message in the language, with those names."""
        return naming(self.names, _)(message)


def wording_of(institution: int, *, person: bool) -> Wording:
    """That of whom the portal answers now, on cases of the institution."""
    return Wording(person, get_language(), own_names(institution))


def judged_spans(plan: Request | None, spans: Iterable[ApprovalSpan], wording: Wording) -> tuple[JudgedSpans, ...]:
    """The spans with their rules, equal ones once."""
    periods: dict[SpanRules | None, list[tuple[date, date]]] = {}
    for span in spans:
        periods.setdefault(_rules_of(plan, span, wording), []).append((span.starts_on, span.ends_on))
    return tuple(JudgedSpans(tuple(found), rules) for rules, found in periods.items())


def _rules_of(plan: Request | None, span: ApprovalSpan, wording: Wording) -> SpanRules | None:
    """None where the plan, the facts or the rulebook cannot be read: changed behind the portal, as digests tell."""
    if plan is None:
        return None
    try:
        return _read(span.facts, span.outcome, span.rulebook_id, plan, wording)
    except UNREADABLE:
        return None


@lru_cache(maxsize=256)
def _read(facts: str, outcome: str, fingerprint: str, plan: Request, wording: Wording) -> SpanRules:
    """Texts and rulebook say it all, so that it is read once for equal wordings. Raises what UNREADABLE names."""
    reading = read_again(facts, _rulebook(fingerprint), plan)
    return SpanRules(tuple(_tasks(reading, wording)), tuple(_limits(reading, wording)), _agrees(reading, outcome))


@lru_cache(maxsize=16)
def _rulebook(fingerprint: str) -> Rulebook:
    """The rulebook that was stored, the very same object each time. Raises NotKept."""
    stored = StoredRulebook.objects.filter(pk=fingerprint).first()
    found = stored_layout(stored).rulebook if stored else None
    if found is None or found.fingerprint != fingerprint:
        raise NotKept(fingerprint)
    return found


def _agrees(reading: SpanReading, outcome: str) -> bool:
    try:
        return outcome_text(reading) == outcome
    except LookupError:
        # Today's portal asks for a count that was not made then.
        return False


def _tasks(reading: SpanReading, wording: Wording) -> Iterator[TaskRules]:
    """Tasks of which the same was decided stand together; closed ones first, then those not known to be open."""
    same: dict[tuple[Outcome, tuple[RuleLine, ...]], list[str]] = {}
    for task, (title, judged) in zip(reading.ground.tasks, reading.decision.tasks, strict=True):
        case = Case({**task.case.values, **reading.asked}, task.case.place, frozenset())
        lines = tuple(_line(_as_may_be_known(reason, wording), case, wording) for reason in _telling(judged))
        same.setdefault((judged.bounds.outcome, lines), []).append(title)
    for (outcome, lines), titles in sorted(same.items(), key=lambda one: _OUTCOMES.index(one[0][0])):
        ordered = sorted(lines, key=_rank)
        first = tuple(line for line in ordered if line.set_aside or line.words.state != State.PASSED)
        yield TaskRules(tuple(titles), outcome, first, tuple(line for line in ordered if line not in first))


_OUTCOMES: Final = (Outcome.NOT_ELIGIBLE, Outcome.NEEDS_INFORMATION, Outcome.CONDITIONAL, Outcome.ELIGIBLE)


def _rank(line: RuleLine) -> int:
    return _WORST_FIRST.index(State(line.words.state))


def _telling(judged: TaskDecision) -> Iterator[Reason]:
    """What the rules say of the task: limits stand apart, and so does what passes without having read anything."""
    for reason in judged.reasons:
        limits = isinstance(reason.rule.effect, Limit) and not reason.norms
        speaks = reason.state is not State.PASSED or (not limits and (reason.facts or reason.lifted_by))
        if reason.state is not State.LIMIT and speaks:
            yield reason


def _line(reason: Reason, case: Case, wording: Wording) -> RuleLine:
    words = word_reason(reason, wording.word)
    if reason.state is State.UNKNOWN and all(fact.value is not None for fact in reason.facts):
        words = replace(words, sentence=_only_of_person(reason))
    return RuleLine(words, _source(reason.rule), _excepted(reason, case, wording))


def _only_of_person(reason: Reason) -> str:
    told = full_sentence(reason.rule.title)
    return _("%(title)s Cannot be judged yet; what is not known is about the person.") % {"title": told}


def _as_may_be_known(reason: Reason, wording: Wording) -> Reason:
    """The reason without the facts of the person, and without lifts that read them, for who may not know them."""
    if wording.person:
        return reason
    facts = tuple(fact for fact in reason.facts if not fact.fact.startswith(OF_PERSON))
    lifts = tuple(lift for lift in reason.lifted_by if not _of_person(lift.criteria()))
    return replace(reason, facts=facts, lifted_by=lifts)


def _of_person(criteria: Iterable[Criterion]) -> bool:
    return any(criterion.fact.startswith(OF_PERSON) for criterion in criteria)


def _excepted(reason: Reason, case: Case, wording: Wording) -> str:
    """The exception of the rule itself that keeps it from speaking to the case, in words."""
    if reason.state is not State.PASSED or reason.norms or reaches_case(reason.rule, case) is not True:
        return ""
    for exception in reason.rule.exceptions:
        if exception_truth(exception, case) is True and (wording.person or not _of_person(exception)):
            return " · ".join(criterion_words(criterion, wording.word) for criterion in exception)
    return ""


def _limits(reading: SpanReading, wording: Wording) -> Iterator[LimitLine]:
    limiting = (one for one in reading.limits if wording.person or one.rule.subject is not Level.EMPLOYEE)
    for standing in limit_standings(limiting):
        words = word_limit(standing, wording.word)
        yield LimitLine(words.sentence, tuple(map(_source, standing.norms)), words.beaten, words.possible)


def _source(rule: Rule) -> Source:
    cited = rule.citation
    return Source(cited.instrument, cited.reference, str(cited), cited.layer == Layer.INTERNAL)


# What is known of provisions: stored rulebooks say nothing of it.

Known = Mapping[tuple[str, str], tuple[bool, str]]
"""By instrument and place: whether it was compared with the official text, and what is not certain."""


def known_of(judged: Iterable[JudgedSpans]) -> Known:
    """What is known today of the provisions that are cited."""
    codes = {source.instrument for one in judged if one.rules for source in one.rules.sources()}
    rows = _provisions(sorted(codes)) if codes else []
    return {(code, reference): (verified, note) for code, reference, note, verified in rows}


@prepared
def _provisions(instruments: list[str]) -> QuerySet[Any, Any]:
    ticks = ProvisionVerification.objects.filter(provision=OuterRef("pk"))
    found = Provision.objects.filter(instrument__code__in=instruments).annotate(verified=Exists(ticks))
    return found.order_by("pk").values_list("instrument__code", "reference", "open_note", "verified")
