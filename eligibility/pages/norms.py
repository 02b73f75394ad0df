"""The norms that speak to an agency or a unit on a day, each with its standing and days, and when they next change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from agencies.facts import gettext_noop
from agencies.models import Agency, Unit
from eligibility.answers import naming_local_criteria
from eligibility.explanations import MODE_LABELS, RuleWords, Translate, limit_words, word_rule
from eligibility.loading import scope_for
from eligibility.models import Instrument
from eligibility.models.instruments import Layer
from eligibility.norm_stack import LimitStack, ModeStack, StackedNorm, Standing, stack_of
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.law_turns import NextTurn, next_turn
from eligibility.pages.reading import Reading
from eligibility.periods import Span, known_spans
from eligibility.rulebook import Case, Direction, Limit, Mode, Place, Rule

_N = gettext_noop

STANDING_LABELS: Final = {
    Standing.WINS: _N("wins: the strictest"),
    Standing.BEATEN: _N("in force, but another norm is stricter"),
    Standing.HOLDS: _N("closes the mode"),
    Standing.DEMANDS: _N("holds beside the others"),
    Standing.POSSIBLE: _N("possible: depends on facts of the job that differ or are not known"),
    Standing.LIFTED: _N("set aside"),
    Standing.SOME_UNITS: _N("reaches only some units of this agency: choose the unit"),
    Standing.OUT_OF_SCOPE: _N("out of scope: does not reach this agency or unit"),
    Standing.NOT_CONCERNED: _N("does not concern this agency or unit"),
    Standing.EXCEPTED: _N("an exception is met"),
}


_ORDER: Final = tuple(Standing)


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

    @property
    def heading(self) -> str:
        """What is left, or that nothing is sure, or that nothing holds."""
        if self.sentence:
            return self.sentence
        return _("No sure limit") if self.possible else _("A limit that does not hold here")

    @property
    def possible(self) -> tuple[NormLine, ...]:
        """The norms that may apply, depending on the job."""
        return tuple(norm for norm in self.norms if norm.standing == Standing.POSSIBLE)


@dataclass(frozen=True, slots=True)
class NormLines:
    """Everything that closes, limits and demands, in words."""

    prohibitions: tuple[NormLine, ...]
    limits: tuple[LimitLines, ...]
    demands: tuple[NormLine, ...]

    @property
    def closing(self) -> tuple[NormLine, ...]:
        """The norms that surely close the mode here."""
        return tuple(norm for norm in self.prohibitions if norm.standing == Standing.HOLDS)

    @property
    def limiting(self) -> tuple[LimitLines, ...]:
        """The quantities that are, or may be, limited here."""
        return tuple(limit for limit in self.limits if limit.sentence or limit.possible)

    @property
    def demanded(self) -> int:
        """How many demands are, or may be, made of jobs here."""
        return sum(norm.standing in (Standing.DEMANDS, Standing.POSSIBLE) for norm in self.demands)

    @property
    def perhaps_closing(self) -> tuple[NormLine, ...]:
        """Those that may, depending on the job."""
        return tuple(norm for norm in self.prohibitions if norm.standing == Standing.POSSIBLE)


@dataclass(frozen=True, slots=True)
class ModeNorms:
    """Modes to which the same norms speak in the same way; `code` is that of the first."""

    code: str
    label: str
    lines: NormLines


@dataclass(frozen=True, slots=True)
class InstrumentDays:
    """An instrument that reaches the institution and is not in force on the day: its days; `begun`: they are over."""

    instrument: Instrument
    days: tuple[Span, ...]
    begun: bool


@dataclass(frozen=True, slots=True)
class NormsPage:
    """The whole page; `unit` is the chosen one, None the agency as a whole."""

    agency: Agency
    unit: Unit | None
    gate: GateNotice
    modes: tuple[ModeNorms, ...]
    resting: tuple[InstrumentDays, ...]
    next_turn: NextTurn | None


def norms_page(reading: Reading, agency: Agency, unit: Unit | None = None) -> NormsPage:
    """Every norm for the agency, or one of its units, on the day; what differs from job to job is left unknown."""
    narrowed = reading.within([agency.pk])
    ground = narrowed.grounds.of(agency.pk, unit.pk if unit else None)
    case = Case(ground.values, ground.place)
    days = {one: known_spans(one.periods.all(), reading.known_at) for one in _reaching(reading)}
    running = {one.code: _running(found, reading.on) for one, found in days.items()}
    wording = _Wording(naming_local_criteria(reading.institution, _), running)
    return NormsPage(
        agency,
        unit,
        gate_notice(narrowed, [agency.pk]),
        tuple(_modes(reading, case, wording)),
        tuple(_resting(one, found, reading.on) for one, found in days.items() if not running[one.code]),
        next_turn(reading, {one: found for one, found in days.items() if _reaches(one, reading, case.place)}),
    )


def _reaching(reading: Reading) -> list[Instrument]:
    """The instruments with rules, known by the moment, that reach the institution, in the order of their layers."""
    found = Instrument.objects.valid().filter(
        known_from__lte=reading.known_at, provisions__rule_versions__published_at__isnull=False
    )
    rows = found.distinct().order_by("layer", "code").prefetch_related("periods", "scopes")
    return [one for one in rows if scope_for(list(one.scopes.all()), reading.institution) is not None]


def _reaches(instrument: Instrument, reading: Reading, place: Place) -> bool:
    """Whether it reaches the place, or a unit of it."""
    scope = scope_for(list(instrument.scopes.all()), reading.institution)
    return scope is not None and (scope.reaches(place) or scope.reaches_a_unit_of(place))


def _running(days: Sequence[Span], on: date) -> Span | None:
    """The days in force around the day; the latest begun where several hold."""
    return max((span for span in days if span.holds(on)), key=lambda span: span.first, default=None)


def _resting(instrument: Instrument, days: Sequence[Span], on: date) -> InstrumentDays:
    return InstrumentDays(instrument, tuple(days), all(span.first <= on for span in days))


def _modes(reading: Reading, case: Case, wording: _Wording) -> Iterator[ModeNorms]:
    """The modes, those with the same norms together."""
    found: dict[NormLines, list[Mode]] = {}
    for mode in Mode:
        found.setdefault(wording.stack(stack_of(reading.rulebook, case, mode)), []).append(mode)
    for lines, modes in found.items():
        yield ModeNorms(modes[0].value, ", ".join(_(MODE_LABELS[mode]) for mode in modes), lines)


@dataclass(frozen=True)
class _Wording:
    """The translation that knows the institution's own criteria, and the days in force by instrument."""

    translate: Translate
    running: dict[str, Span | None]

    def stack(self, stack: ModeStack) -> NormLines:
        return NormLines(
            self._lines(stack.prohibitions), tuple(map(self._limit, stack.limits)), self._lines(stack.demands)
        )

    def _limit(self, stack: LimitStack) -> LimitLines:
        return LimitLines(self._left(stack.limit), self._lines(stack.norms))

    def _left(self, limit: Limit | None) -> str:
        if limit is None:
            return ""
        if limit.direction is Direction.SET and not limit.members:
            return _("Nothing is left: no day or place is allowed by all of these norms")
        return limit_words(limit, self.translate)

    def _lines(self, norms: Iterable[StackedNorm]) -> tuple[NormLine, ...]:
        """Those that decide something first."""
        return tuple(map(self._line, sorted(norms, key=lambda norm: _ORDER.index(norm.standing))))

    def _line(self, norm: StackedNorm) -> NormLine:
        words = self._words(norm.rule)
        lifts = tuple(LiftLine(self._words(lift), self.running.get(lift.citation.instrument)) for lift in norm.lifts)
        label = _(STANDING_LABELS[norm.standing])
        days = self.running.get(words.instrument)
        return NormLine(words, norm.standing.value, label, str(Layer(words.layer).label), days, lifts)

    def _words(self, rule: Rule) -> RuleWords:
        return word_rule(rule, self.translate)
