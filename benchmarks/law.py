"""The rulebooks that are timed: the seeded law of 1 July 2025, and invented circulars of the kinds that exist."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from agencies.facts import FactValue, Level
from agencies.models import Institution
from eligibility import loading
from eligibility.rulebook import (
    Attach,
    Citation,
    ConditionKind,
    Conjunction,
    Criterion,
    Direction,
    Effect,
    Lift,
    Limit,
    Mode,
    Operator,
    Prohibit,
    Quantity,
    Require,
    Rule,
    Rulebook,
    Scope,
)

ON: Final = date(2025, 7, 1)
KNOWN_AT: Final = datetime(2025, 7, 1, 16, 59, 59, tzinfo=UTC)
RULES: Final = 40

_CITATION: Final = Citation(0, "SE-CONTOH", "SE Wali Kota Contoh", "", 50)
_OTHER, _HOME, _ELSEWHERE, _SHIFT, _DYNAMIC = Mode
_BY_PLACE: Final = (_OTHER, _HOME, _ELSEWHERE)
_AWAY: Final = (_HOME, _ELSEWHERE)
_ALL: Final = tuple(Mode)
_PROHIBIT: Final = Prohibit()


def _test(fact: str, operator: Operator, *operands: FactValue) -> Criterion:
    return Criterion(fact, operator, operands)


def _is(fact: str, operand: FactValue) -> Criterion:
    return _test(fact, Operator.IS, operand)


def _in(fact: str, *operands: FactValue) -> Criterion:
    return _test(fact, Operator.ONE_OF, *operands)


def _at_least(fact: str, number: str) -> Criterion:
    return _test(fact, Operator.AT_LEAST, Decimal(number))


def _all(*criteria: Criterion) -> Require:
    return Require(criteria, len(criteria))


def _most(quantity: Quantity, value: int, modes: Iterable[Mode], per: str = "person") -> Limit:
    return Limit(quantity, Direction.MOST, Decimal(value), together=frozenset(modes), per=per)


def _rule(
    code: str,
    modes: Iterable[Mode],
    effect: Effect,
    applies: Conjunction = (),
    *exceptions: Conjunction,
    kinds: Iterable[str] = (),
    below: Iterable[str] = (),
    subject: Level = Level.TASK,
) -> Rule:
    scope = Scope(agency_kinds=frozenset(kinds), subtrees=frozenset(below))
    return Rule(code, 1, code, subject, frozenset(modes), effect, _CITATION, applies, exceptions, scope)


READINESS: Final = tuple(
    _is(f"agency.{name}", True)
    for name in ("infrastructure", "e_office", "tte", "electronic_attendance", "performance_system")
)

# Who stays at the office, as circulars say it: by service, by agency, by rank, by what the work needs.
_STAYING: Final = (
    _rule("DIRECT", _BY_PLACE, _PROHIBIT, (_in("task.exposure", "direct", "emergency"),)),
    _rule("RESCUE", _BY_PLACE, _PROHIBIT, (_is("task.function", "rescue"),)),
    _rule("ORDER", _BY_PLACE, _PROHIBIT, (_is("task.function", "order"),)),
    _rule(
        "HEALTH",
        _BY_PLACE,
        _PROHIBIT,
        (_is("task.function", "health"),),
        (_in("task.service_kind", "internal", "none"), _in("task.face_to_face", "none", "minimal")),
    ),
    _rule(
        "EDUCATION", _BY_PLACE, _PROHIBIT, (_is("task.function", "education"),), (_is("task.service_kind", "online"),)
    ),
    _rule("JPT", _BY_PLACE, _PROHIBIT, (_in("position.category", "jpt_madya", "jpt_pratama"),)),
    _rule("CAMAT-LURAH", _AWAY, _PROHIBIT, (_in("position.job_family", "camat", "lurah"),)),
    _rule(
        "AGENCIES",
        _BY_PLACE,
        _PROHIBIT,
        (_in("agency.code", "Satpol PP", "BPBD", "Dishub", "DLH"),),
        (_in("task.function", "secretariat", "finance"), _is("position.leads", "none")),
        subject=Level.AGENCY,
    ),
    _rule("WARDS", _AWAY, _PROHIBIT, (_is("task.service_kind", "inpatient"),), kinds=("rumah_sakit", "puskesmas")),
    _rule(
        "COUNTERS",
        _AWAY,
        _PROHIBIT,
        (_in("task.service_kind", "counter", "mal_pelayanan_publik"),),
        (_is("agency.e_office", True), _in("task.exposure", "none", "indirect")),
    ),
    _rule("CONFIDENTIAL", _AWAY, _PROHIBIT, (_is("task.confidential_material", True),)),
    _rule(
        "HEADS",
        _AWAY,
        _PROHIBIT,
        (_is("position.leads", "agency"),),
        kinds=("dinas", "badan", "satuan", "kecamatan", "kelurahan"),
    ),
    _rule("LOCAL", _AWAY, _PROHIBIT, (_is("task.local_1", False), _in("task.function", "tax", "licensing"))),
    _rule(
        "UNIFORMED",
        _BY_PLACE,
        _PROHIBIT,
        (_in("position.job_family", "polisi_pamong_praja", "pemadam_kebakaran", "penguji_kendaraan"),),
    ),
)
# What must be there before work leaves the office.
_NEEDED: Final = (
    _rule("MEASURABLE", _AWAY, _all(_is("task.output_measurable", True))),
    _rule("READY", _AWAY, Require(READINESS, 3), subject=Level.AGENCY),
    _rule("STUDY", _BY_PLACE, _PROHIBIT, (_is("agency.review_conclusion", "cannot"),), subject=Level.AGENCY),
    _rule(
        "SIGNED",
        _AWAY,
        Require((_is("agency.tte", True), _is("task.local_2", True)), 1),
        (_in("task.function", "finance", "licensing"),),
    ),
    _rule("WEEK", (_DYNAMIC,), _all(_at_least("task.hours_per_week", "37.5"))),
    _rule(
        "DAYTIME",
        (_SHIFT,),
        _PROHIBIT,
        (_in("task.function", "secretariat", "protocol"),),
        (_at_least("task.hours_per_day", "8.51"),),
    ),
    _rule("LIAISON", (_OTHER,), _PROHIBIT, (_is("task.special_workspace", True), _is("task.face_to_face", "constant"))),
)
# What sets a rule aside: for online services, for field work, and for clerks of health centres.
_LIFTING: Final = (
    _rule(
        "ONLINE",
        _AWAY,
        Lift(frozenset({"DIRECT"})),
        (_is("task.service_kind", "online"), _is("task.with_tik", True)),
    ),
    _rule("FIELD", _BY_PLACE, Lift(frozenset({"PERMEN4-23", "DIRECT"})), (_is("task.work_place", "field"),)),
    _rule(
        "CLERKS",
        (_HOME,),
        Lift(frozenset({"WARDS", "HEALTH"})),
        (_in("task.function", "secretariat", "finance", "data"),),
        below=("Dinkes",),
    ),
)
# Under which conditions, and how much.
_CONDITIONS: Final = (
    _rule("REPORT", _AWAY, Attach(ConditionKind.REPORT, "Lapor."), (_in("task.function", "analysis", "policy"),)),
    _rule(
        "CALLED",
        _AWAY,
        Attach(ConditionKind.PRESENCE, "Datang bila dipanggil."),
        (_test("position.category", Operator.NONE_OF, "pelaksana"),),
        kinds=("dinas", "badan", "sekretariat"),
    ),
    _rule("ROSTER", (_SHIFT,), Attach(ConditionKind.SCHEDULE, "Jadwal sif."), (_is("task.agency_hours", True),)),
    _rule("ONE-DAY", _AWAY, _most(Quantity.DAYS_PER_WEEK, 1, _AWAY), (_in("position.category", "pengawas"),)),
    _rule("HALF", _AWAY, _most(Quantity.SHARE_OF_STAFF, 50, _AWAY, "agency"), kinds=("dinas", "badan")),
    _rule("QUARTER", _AWAY, _most(Quantity.SHARE_OF_STAFF, 25, _AWAY, "agency"), kinds=("kelurahan", "kecamatan")),
    _rule(
        "FRIDAY",
        (_HOME,),
        Limit(Quantity.WEEKDAYS, Direction.SET, members=frozenset({"friday"}), together=frozenset({_HOME})),
        (_is("task.exposure", "indirect"),),
        (_is("task.service_kind", "online"),),
    ),
)
# A second circular, which the decisions in memory add so that 40 rules speak to one mode.
_SECOND: Final = (
    _rule("SUPERVISED", _AWAY, _PROHIBIT, (_is("task.continuous_supervision", True), _is("position.echelon", "none"))),
    _rule("TAX", _AWAY, _PROHIBIT, (_is("task.function", "tax"), _is("task.local_3", False))),
    _rule("LONG-DAYS", _AWAY, _PROHIBIT, (_at_least("task.hours_per_day", "10"),)),
    _rule("TEACHERS", _AWAY, _PROHIBIT, (_is("position.job_family", "guru"),), (_is("position.leads", "agency"),)),
    _rule("DRIVERS", _AWAY, _PROHIBIT, (_is("position.job_family", "layanan_operasional"),)),
    _rule("ARCHIVE", _AWAY, Attach(ConditionKind.TEXT, "Arsip digital."), (_is("task.function", "archives"),)),
    _rule("AUDIT", _AWAY, Attach(ConditionKind.PLACE, "Surat tugas."), (_is("task.function", "supervision"),)),
    _rule("ECHELON", _AWAY, Attach(ConditionKind.APPROVER_ROLE, "Sekda."), (_in("position.echelon", "iii_a"),)),
    _rule("TWO-DAYS", _AWAY, _most(Quantity.DAYS_PER_WEEK, 2, _AWAY), (_is("task.agency_hours", True),)),
)
_CIRCULAR: Final = (*_STAYING, *_NEEDED, *_LIFTING, *_CONDITIONS)


def seeded_rules(city: Institution) -> tuple[Rule, ...]:
    """The seeded rules in force that judge jobs; gates ask about the person and enter no screening."""
    book = loading.rulebook(city, ON, KNOWN_AT)
    return tuple(rule for rule in book.rules if not rule.is_gate)


def rulebook_of_all_modes(city: Institution) -> Rulebook:
    """40 rules over five modes, for the screening."""
    return _of_forty((*seeded_rules(city), *_CIRCULAR))


def rulebook_of_home(city: Institution) -> Rulebook:
    """40 rules that all speak to work from home, for one decision in one mode."""
    return _of_forty(tuple(rule for rule in (*seeded_rules(city), *_CIRCULAR, *_SECOND) if _HOME in rule.modes))


def _of_forty(rules: tuple[Rule, ...]) -> Rulebook:
    if len(rules) != RULES:
        raise ValueError(f"{len(rules)} rules, {RULES} are to be timed: the seeded law has changed, adapt {__name__}")
    return Rulebook(rules)
