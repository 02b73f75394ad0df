"""Random rulebooks and cases: rules over every kind of fact with exceptions, requirements, lifts, scopes, limits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from random import Random

from agencies.facts import FactValue, Kind, Level
from eligibility.facts import FACTS
from eligibility.rulebook import (
    Attach,
    Case,
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
    Place,
    Prohibit,
    Quantity,
    Require,
    Rule,
    Rulebook,
    Scope,
)

CITATION = Citation(1, "perpres-21-2023", "Perpres 21/2023", "Pasal 8", 10)
AGENCIES = {"diskominfo": "dinas", "bappeda": "badan", "kel-samaan": "kelurahan"}
"""Codes and kinds of the agencies that random cases stand in; the subdistrict lies below Bappeda."""

PLACES = {
    "diskominfo": Place("dinas", ("diskominfo",)),
    "bappeda": Place("badan", ("bappeda",)),
    "kel-samaan": Place("kelurahan", ("kel-samaan", "bappeda")),
}
FACT_NAMES = (
    "task.outside_office",
    "task.with_tik",
    "task.face_to_face",
    "task.exposure",
    "task.hours_per_day",
    "position.category",
    "agency.kind",
    "agency.sector",
    "agency.e_office",
    "agency.vpn",
    "agency.device_share",
)
HOURS = [Decimal(number) for number in ("4", "6", "7.5", "8")]


def criterion(fact: str, operator: str, *operands: object) -> Criterion:
    """A criterion; plain numbers become decimals."""
    values = tuple(Decimal(str(o)) if isinstance(o, int | float) and not isinstance(o, bool) else o for o in operands)
    return Criterion(fact, Operator(operator), values)  # type: ignore[arg-type]


def rule(
    code: str,
    effect: Effect | None = None,
    *,
    modes: Iterable[Mode] = Mode,
    applies: Conjunction = (),
    exceptions: tuple[Conjunction, ...] = (),
    scope: Scope | None = None,
    subject: Level = Level.TASK,
) -> Rule:
    """A rule that says only what matters to the test; it prohibits unless told otherwise."""
    return Rule(
        code, 1, code, subject, frozenset(modes), effect or Prohibit(), CITATION, applies, exceptions, scope or Scope()
    )


def random_value(random: Random, name: str) -> FactValue:
    """A known value of a fact."""
    fact = FACTS[name]
    if fact.kind is Kind.YES_NO:
        return random.random() < 0.5
    return random.choice(HOURS) if fact.kind is Kind.NUMBER else random.choice(fact.codes[:4])


def random_criterion(random: Random, names: tuple[str, ...] = FACT_NAMES) -> Criterion:
    """A test of a random fact with operands of its kind."""
    name = random.choice(names)
    kind = FACTS[name].kind
    if kind is Kind.YES_NO:
        return Criterion(name, random.choice((Operator.IS, Operator.IS_NOT)), (random_value(random, name),))
    if kind is Kind.NUMBER:
        operator = random.choice(
            (Operator.IS, Operator.IS_NOT, Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN)
        )
        return Criterion(name, operator, (random_value(random, name),))
    operator = random.choice((Operator.IS, Operator.ONE_OF, Operator.NONE_OF, Operator.IS_NOT))
    count = 1 if operator in (Operator.IS, Operator.IS_NOT) else random.randint(1, 3)
    return Criterion(name, operator, tuple({random_value(random, name) for _ in range(count)}))


def random_conjunction(random: Random, most: int) -> Conjunction:
    """Up to `most` criteria, sometimes none."""
    return tuple(random_criterion(random) for _ in range(random.randint(0, most)))


def random_exceptions(random: Random) -> tuple[Conjunction, ...]:
    """Up to two exceptions, now and then one that reads the person, who is absent."""
    exceptions = [random_conjunction(random, 2) or (random_criterion(random),) for _ in range(random.randint(0, 2))]
    if random.random() < 0.1:
        exceptions.append((criterion("employee.special_circumstances", "is", True),))
    return tuple(exceptions)


def random_scope(random: Random) -> Scope:
    """Mostly everyone; else a kind, an agency, or an agency with its subtree."""
    code = random.choice(list(AGENCIES))
    scopes = (Scope(agency_kinds=frozenset({AGENCIES[code]})), Scope(agencies=frozenset({code})))
    with_subtree = Scope(subtrees=frozenset({code}))
    return Scope() if random.random() < 0.6 else random.choice((*scopes, with_subtree))


def random_limit(random: Random) -> Limit:
    """A limit of days, sometimes of none at all, or of weekdays."""
    if random.random() < 0.5:
        return Limit(Quantity.DAYS_PER_WEEK, Direction.MOST, Decimal(random.randint(0, 3)))
    days = frozenset(random.sample(["monday", "tuesday", "friday"], random.randint(1, 2)))
    return Limit(Quantity.WEEKDAYS, Direction.SET, members=days)


def random_effect(random: Random) -> Effect:
    """Any effect but a lift."""
    pick = random.random()
    if pick < 0.4:
        criteria = tuple(random_criterion(random) for _ in range(random.randint(1, 4)))
        return Require(criteria, random.randint(1, len(criteria)))
    if pick < 0.6:
        return Prohibit()
    return random_limit(random) if pick < 0.75 else Attach(ConditionKind.TEXT, "melapor")


def random_modes(random: Random) -> frozenset[Mode]:
    """At least one mode."""
    return frozenset(random.sample(list(Mode), random.randint(1, len(Mode))))


def random_rule(random: Random, code: str, effect: Effect | None = None) -> Rule:
    """A whole random sentence."""
    return rule(
        code,
        effect or random_effect(random),
        modes=random_modes(random),
        applies=random_conjunction(random, 3),
        exceptions=random_exceptions(random),
        scope=random_scope(random),
    )


def random_rulebook(random: Random, rules: int, lifts: int) -> Rulebook:
    """A rulebook of so many rules, some of them set aside by so many lifts."""
    plain = [random_rule(random, f"R{number}") for number in range(rules)]
    named = [frozenset(random.sample([r.code for r in plain], min(rules, random.randint(1, 3)))) for _ in range(lifts)]
    lifting = [random_rule(random, f"L{number}", Lift(names)) for number, names in enumerate(named)]
    return Rulebook((*plain, *lifting))


def random_values(random: Random, unknown: float = 0.25) -> dict[str, FactValue | None]:
    """A value for every fact of random rules; some are unknown."""
    return {name: None if random.random() < unknown else random_value(random, name) for name in FACT_NAMES}


def random_case(random: Random, unknown: float = 0.25) -> Case:
    """A case in one of the agencies, its kind as the agency's."""
    code = random.choice(list(PLACES))
    values = random_values(random, unknown) | {"agency.kind": AGENCIES[code]}
    return Case(values, PLACES[code])
