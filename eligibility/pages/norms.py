"""The norms that speak to an agency on a day, each with its standing and days, and when they next change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from agencies.facts import gettext_noop
from agencies.models import Agency
from eligibility.explanations import MODE_LABELS, RuleWords, limit_words, word_rule
from eligibility.loading import scope_for
from eligibility.models import Instrument
from eligibility.models.rules import Layer
from eligibility.norm_stack import LimitStack, StackedNorm, Standing, stack_of
from eligibility.pages.reading import Reading
from eligibility.periods import Span, known_spans
from eligibility.rulebook import Case, Mode

_N = gettext_noop

STANDING_LABELS: Final = {
    Standing.WINS: _N("wins: the strictest"),
    Standing.BEATEN: _N("in force, but another norm is stricter"),
    Standing.HOLDS: _N("closes the mode"),
    Standing.POSSIBLE: _N("possible: depends on facts of the job that differ or are not known"),
    Standing.LIFTED: _N("set aside"),
    Standing.OUT_OF_SCOPE: _N("out of scope: does not reach this agency"),
    Standing.NOT_CONCERNED: _N("does not concern this agency"),
    Standing.EXCEPTED: _N("an exception is met"),
}


@dataclass(frozen=True, slots=True)
class LiftLine:
    """A lift with the days of its instrument that the day lies in."""

    words: RuleWords
    days: Span | None


@dataclass(frozen=True, slots=True)
class NormLine:
    """A norm in words with its standing, its layer, the days it is in force, and the lifts that set it aside."""

    words: RuleWords
    standing: str
    label: str
    layer: str
    days: Span | None
    lifts: tuple[LiftLine, ...]


@dataclass(frozen=True, slots=True)
class LimitLines:
    """One quantity: what is left of it in words (empty: no sure limit) and every norm that speaks to it."""

    sentence: str
    norms: tuple[NormLine, ...]


@dataclass(frozen=True, slots=True)
class ModeNorms:
    """A mode with what closes and what limits it."""

    code: str
    label: str
    prohibitions: tuple[NormLine, ...]
    limits: tuple[LimitLines, ...]


@dataclass(frozen=True, slots=True)
class InstrumentDays:
    """An instrument that reaches the institution and is not in force on the day: its days; `begun`: they are over."""

    instrument: Instrument
    days: tuple[Span, ...]
    begun: bool


@dataclass(frozen=True, slots=True)
class NormsPage:
    """The whole page; `next_change` is the next day on which an instrument begins or is no longer in force."""

    agency: Agency
    modes: tuple[ModeNorms, ...]
    resting: tuple[InstrumentDays, ...]
    next_change: date | None


def norms_page(reading: Reading, agency: Agency) -> NormsPage:
    """Every norm for the agency on the day; what differs from job to job is left unknown."""
    ground = reading.within([agency.pk]).grounds.of(agency.pk, None)
    case = Case(ground.values, ground.place)
    instruments = _reaching(reading)
    days = {one.code: known_spans(one.periods.all(), reading.known_at) for one in instruments}
    running = {code: _running(found, reading.on) for code, found in days.items()}
    modes = tuple(_mode(reading, case, mode, running) for mode in Mode)
    resting = tuple(_resting(one, days[one.code], reading.on) for one in instruments if not running[one.code])
    return NormsPage(agency, modes, resting, _next(days.values(), reading.on))


def _reaching(reading: Reading) -> list[Instrument]:
    """The instruments with rules, known by the moment, that reach the institution, in the order of their layers."""
    found = Instrument.objects.valid().filter(
        known_from__lte=reading.known_at, provisions__rule_versions__published_at__isnull=False
    )
    rows = found.distinct().order_by("layer", "code").prefetch_related("periods", "scopes")
    return [one for one in rows if scope_for(list(one.scopes.all()), reading.institution) is not None]


def _running(days: Sequence[Span], on: date) -> Span | None:
    """The days in force around the day; the latest begun where several hold."""
    return max((span for span in days if span.holds(on)), key=lambda span: span.first, default=None)


def _resting(instrument: Instrument, days: Sequence[Span], on: date) -> InstrumentDays:
    return InstrumentDays(instrument, tuple(days), all(span.first <= on for span in days))


def _next(days: Iterable[Sequence[Span]], on: date) -> date | None:
    """The first day after this one on which some instrument begins or has ended."""
    spanned = [span for found in days for span in found]
    ends = [span.last + timedelta(days=1) for span in spanned if span.last]
    return min((day for day in (*(span.first for span in spanned), *ends) if day > on), default=None)


def _mode(reading: Reading, case: Case, mode: Mode, running: dict[str, Span | None]) -> ModeNorms:
    stack = stack_of(reading.rulebook, case, mode)
    return ModeNorms(
        mode.value,
        _(MODE_LABELS[mode]),
        tuple(_line(norm, running) for norm in stack.prohibitions),
        tuple(_limit(limit, running) for limit in stack.limits),
    )


def _limit(stack: LimitStack, running: dict[str, Span | None]) -> LimitLines:
    sentence = limit_words(stack.limit, _) if stack.limit else ""
    return LimitLines(sentence, tuple(_line(norm, running) for norm in stack.norms))


def _line(norm: StackedNorm, running: dict[str, Span | None]) -> NormLine:
    words = word_rule(norm.rule, _)
    lifts = tuple(LiftLine(word_rule(lift, _), running.get(lift.citation.instrument)) for lift in norm.lifts)
    layer = str(Layer(words.layer).label)
    label = _(STANDING_LABELS[norm.standing])
    return NormLine(words, norm.standing.value, label, layer, running.get(words.instrument), lifts)
