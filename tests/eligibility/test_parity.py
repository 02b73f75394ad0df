"""One rulebook, two readings: the sentences in Python and the screening in the database agree on every case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.facts import FactValue, Kind
from agencies.models import Agency, Institution, Position, Task, TaskProfile, Unit
from eligibility import screening, statements
from eligibility.actions.law import load_rules
from eligibility.decisions import JudgedTask, decide_position
from eligibility.grounds import ROW_FACTS, Ground, Grounds, case_of, grounds
from eligibility.loading import rulebook
from eligibility.rulebook import Mode, Prohibit, Rulebook, Scope
from eligibility.seeds import seed_files
from tests.eligibility.rulebooks import AGENCIES, FACT_NAMES, PLACES, criterion, random_rulebook, random_values, rule

pytestmark = pytest.mark.django_db
ROWS = 60
POSITION_COLUMNS = ("category", "echelon", "job_family", "leads")


def make_positions(agency: Agency, rows: Sequence[dict[str, FactValue | None]], each: int = 2) -> None:
    """Positions of up to `each` tasks whose facts are the rows' values; the position takes its first row's."""
    for number, start in enumerate(range(0, len(rows), each)):
        chunk = rows[start : start + each]
        carried = {column: chunk[0].get(f"position.{column}") for column in POSITION_COLUMNS}
        position = Position.objects.create(
            institution=agency.institution, agency=agency, code=f"{agency.code}-{number}", title="Jabatan", **carried
        )
        for order, row in enumerate(chunk, start=1):
            task = Task.objects.create(position=position, number=order, title=f"Tugas {order}")
            facts = {name.partition(".")[2]: value for name, value in row.items() if name.startswith("task.")}
            TaskProfile.objects.create(
                task=task, institution=agency.institution, agency=agency, position=position, **carried, **facts
            )


@pytest.fixture
def city() -> Institution:
    institution = Institution.objects.create(code="kota-uji", name="Kota Uji", kind="city")
    random = Random(7)
    for code, kind in AGENCIES.items():
        agency = Agency.objects.create(institution=institution, code=code, name=code, kind=kind)
        make_positions(agency, [random_values(random) for _ in range(ROWS // len(AGENCIES))])
    return institution


def random_grounds(random: Random, institution: Institution) -> Grounds:
    """What is known above the positions: the place, and random facts of the agency."""
    above = [name for name in FACT_NAMES if name.startswith("agency.")]
    found = {}
    for agency in institution.agencies.all():
        values = {name: value for name, value in random_values(random).items() if name in above}
        found[agency.pk] = Ground(values | {"agency.kind": agency.kind}, PLACES[agency.code])
    return Grounds(found, {})


def judged(institution: Institution, known: Grounds) -> dict[int, list[JudgedTask]]:
    """The tasks of each position as the readable reading sees them."""
    tasks: dict[int, list[JudgedTask]] = {}
    for profile in TaskProfile.objects.filter(institution=institution).select_related("task").order_by("pk"):
        case = case_of(profile, known.of(profile.agency_id, profile.unit_id))
        tasks.setdefault(profile.position_id, []).append(JudgedTask(profile.pk, "", 50, case))
    return tasks


def assert_readings_agree(book: Rulebook, institution: Institution, known: Grounds) -> int:
    """Positions, tasks and every kept reason; returns how many decisions were compared."""
    by_position = judged(institution, known)
    screened = screening.position_bounds(book, known, institution=institution)
    assert set(screened) == set(by_position)
    for position, tasks in by_position.items():
        for mode in Mode:
            assert screened[position][mode] == decide_position(book, tasks, mode).bounds, (position, mode)
    bits = statements.compiled(book).layout.bits
    masks = {row.task: row for row in screening.task_masks(book, known, institution)}
    for task in [task for tasks in by_position.values() for task in tasks]:
        row = masks[task.key]
        for place, bit in enumerate(bits):
            truth = bit.truth(task.case.values, task.case.place)
            assert (row.killed >> place & 1, row.unsure >> place & 1) == (truth is False, truth is not True)
    return len(by_position) * len(Mode)


@given(seed=st.integers(0, 2**32 - 1), rules=st.integers(1, 90), lifts=st.integers(0, 12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_rulebooks_with_lifts_read_the_same(city: Institution, seed: int, rules: int, lifts: int) -> None:
    random = Random(seed)
    assert assert_readings_agree(random_rulebook(random, rules, lifts), city, random_grounds(random, city)) > 0


def test_more_than_62_rules_take_a_second_pair_of_columns_and_read_the_same(city: Institution) -> None:
    random = Random(3)
    book = Rulebook(
        tuple(rule(f"R{n}", Prohibit(), applies=(criterion("task.hours_per_day", "is", n),)) for n in range(130))
    )
    assert len(statements.compiled(book).layout.words) == 3
    assert_readings_agree(book, city, random_grounds(random, city))


def test_without_any_rule_every_position_is_eligible_in_both_readings(city: Institution) -> None:
    known = random_grounds(Random(1), city)
    assert assert_readings_agree(Rulebook(()), city, known) > 0
    counted = screening.counts(Rulebook(()), known, city)
    assert all(count.eligible == count.total > 0 for count in counted)


def test_a_rulebook_beyond_the_columns_of_a_statement_is_refused_by_name(city: Institution) -> None:
    book = Rulebook(tuple(rule(f"R{n}", applies=(criterion("task.with_tik", "is", True),)) for n in range(993)))
    with pytest.raises(statements.TooManyRules, match="993"):
        screening.counts(book, random_grounds(Random(1), city), city)


def test_rules_that_reach_a_unit_read_the_same_with_and_without_a_unit(city: Institution) -> None:
    agency = city.agencies.get(code="diskominfo")
    unit = Unit.objects.create(agency=agency, code="loket", name="Loket", kind="service_point")
    moved = Position.objects.filter(agency=agency).order_by("pk")[:3]
    for position in moved:
        position.unit = unit
        position.save(update_fields=["unit"])
    known = random_grounds(Random(2), city)
    base = known.agencies[agency.pk]
    place = type(base.place)(base.place.agency_kind, base.place.lineage, unit.code)
    known = Grounds(known.agencies, {unit.pk: Ground({**base.values, "unit.kind": unit.kind}, place)})
    by_scope = rule("UNIT", scope=Scope(units=frozenset({("diskominfo", "loket")})))
    by_kind = rule("KIND", applies=(criterion("unit.kind", "is", "service_point"),), modes=[Mode.HOME])
    for position in moved:
        position.refresh_from_db()
    profiles = TaskProfile.objects.filter(position__in=moved)
    assert {profile.unit_id for profile in profiles} == {unit.pk}
    assert_readings_agree(Rulebook((by_scope, by_kind)), city, known)
    bounds = screening.position_bounds(Rulebook((by_scope,)), known, institution=city)
    refused = {position for position, modes in bounds.items() if modes[Mode.SHIFT].best == 0}
    assert refused == {position.pk for position in moved}


def every_cell(book: Rulebook) -> list[dict[str, FactValue | None]]:
    """A row for each cell of each fact of the rows, and one where it is unknown, from a suited and an open base."""
    layout = statements.compiled(book).layout
    suited: dict[str, FactValue | None] = {
        "task.outside_office": True,
        "task.special_workspace": False,
        "task.with_tik": True,
        "task.face_to_face": "none",
        "task.continuous_supervision": False,
        "task.exposure": "none",
        "task.function": "analysis",
        "task.work_place": "free",
    }
    names = [fact.name for fact in ROW_FACTS if fact.name in layout.criteria_by_fact]
    varied = [(name, value) for name in names for value in (*layout.cells(name), None)]
    return [suited, {}, *(base | {name: value} for base in (suited, {}) for name, value in varied)]


@pytest.mark.parametrize("day", ["2024-04-15", "2024-04-16", "2025-03-24", "2025-07-01", "2026-03-16", "2026-04-03"])
def test_the_seeded_rulebooks_read_the_same_at_every_value_around_every_operand(day: str) -> None:
    load_rules(actor=None, files=seed_files())
    city, _ = Institution.objects.get_or_create(code="kota-malang", defaults={"name": "Kota Malang", "kind": "city"})
    on = date.fromisoformat(day)
    known_at = datetime.combine(on, datetime.max.time(), tzinfo=ZoneInfo("Asia/Jakarta"))
    book = rulebook(city, on, known_at)
    for code, kind in {"Diskominfo": "dinas", "Dinkes": "dinas", "Satpol PP": "satuan", "Bappeda": "badan"}.items():
        agency = Agency.objects.create(institution=city, code=code, name=code, kind=kind)
        make_positions(agency, every_cell(book), each=1)
    assert assert_readings_agree(book, city, grounds(city, on, known_at)) >= 8 * len(Mode)


NUMBER_FACTS = [fact.name for fact in ROW_FACTS if fact.kind is Kind.NUMBER]


@pytest.mark.parametrize("fact", NUMBER_FACTS)
@pytest.mark.parametrize("operator", ["is", "is_not", "at_least", "at_most", "more_than"])
def test_numbers_on_either_side_of_an_operand_read_the_same(fact: str, operator: str) -> None:
    institution = Institution.objects.create(code="kota-tepi", name="Kota Tepi", kind="city")
    agency = Agency.objects.create(institution=institution, code="diskominfo", name="Tepi", kind="dinas")
    numbers = ["0", "4.99", "5", "5.01", "6.99", "7", "7.01"]
    values: list[FactValue | None] = [None, *(Decimal(number) for number in numbers)]
    rows = [{fact: value} for value in values]
    make_positions(agency, rows, each=1)
    book = Rulebook((rule("N", applies=(criterion(fact, operator, 5), criterion(fact, "is_not", 7))),))
    assert assert_readings_agree(book, institution, random_grounds(Random(1), institution)) == 8 * len(Mode)
