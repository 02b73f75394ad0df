"""A signed row is stale when deciding again gives something else, and only then; what was signed is still told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agencies.actions.positions import close_position
from agencies.actions.task_facts import set_task_fact
from agencies.actions.tasks import close_task
from agencies.consequences import Touch, foresee
from agencies.facts import FACTS, FactValue
from agencies.models import Basis, LocalCriterion, Position
from eligibility.determinations.reading import SignedResults, explain
from eligibility.determinations.stale import stale_counts, stale_in_force, stale_keys, stale_positions
from eligibility.footing import Footing
from eligibility.loading import rulebook
from eligibility.models import InstitutionSetting, Verification
from eligibility.rulebook import Mode, Outcome
from eligibility.screening import position_bounds
from tests.eligibility.determined import KNOWN, NOON, ON, determine
from tests.factories import AgencyFactory, PositionFactory, TaskFactory
from tests.judged_city import SUITS_HOME, JudgedCity

pytestmark = pytest.mark.django_db
LATER = datetime(2025, 7, 2, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def plain(message: str) -> str:
    return message


def footing(city: JudgedCity, on: date = ON) -> Footing:
    """What is known now; asked again, what was recorded meanwhile is seen."""
    return Footing(city.cast.institution, on, KNOWN)


def learn(city: JudgedCity, position: Position, fact: str, value: FactValue | None, number: int = 1) -> None:
    set_task_fact(
        actor=city.cast.hr_officer,
        task=position.tasks.get(number=number),
        fact=fact,
        value=value,
        basis=Basis.AGREED,
        source="Lembar 9",
        valid_from=ON,
        at=LATER,
    )


def test_nothing_is_stale_when_nothing_changed_and_a_fact_that_moves_nothing_changes_nothing(city: JudgedCity) -> None:
    made = determine(city)
    assert stale_positions(made, footing(city)) == {}
    learn(city, city.eligible, "task.output_measurable", True)
    assert stale_positions(made, footing(city)) == {}


def test_a_changed_fact_makes_exactly_the_touched_position_stale_and_says_what_changed(city: JudgedCity) -> None:
    made = determine(city)
    learn(city, city.eligible, "task.with_tik", False)
    found = stale_positions(made, footing(city))
    assert set(found) == {city.eligible.pk}
    assert any("Eligible before, Not eligible now" in sentence for sentence in found[city.eligible.pk])
    assert any(sentence.startswith("At another office, At home") for sentence in found[city.eligible.pk])
    assert stale_counts(footing(city)) == {city.cast.agency.pk: 1}
    assert stale_positions(made, footing(city), [city.asked.pk]) == {}
    learn(city, city.eligible, "task.with_tik", True)
    assert stale_positions(made, footing(city)) == {}


def test_a_task_of_several_that_changes_makes_its_position_stale(city: JudgedCity) -> None:
    made = determine(city)
    learn(city, city.conditional, "task.with_tik", None, number=2)
    found = stale_positions(made, footing(city))
    assert set(found) == {city.conditional.pk}
    assert any("task “Audit lapangan”: Not eligible before" in sentence for sentence in found[city.conditional.pk])
    learn(city, city.conditional, "task.with_tik", False, number=2)
    assert stale_positions(made, footing(city)) == {}


def test_a_task_added_or_closed_and_a_position_closed_are_stale(city: JudgedCity) -> None:
    made = determine(city)
    TaskFactory.create(position=city.eligible, number=2, title="Rapat", **SUITS_HOME)
    assert stale_positions(made, footing(city)) == {city.eligible.pk: ("Task added: “Rapat”.",)}
    second = city.conditional.tasks.get(number=2)
    close_task(actor=None, task=second, closed_on=ON, source="SOTK", at=LATER)
    words = stale_positions(made, footing(city))[city.conditional.pk]
    assert "Task closed: “Audit lapangan”." in words
    close_position(actor=None, position=city.asked, closed_on=ON, source="SOTK", at=LATER)
    words = stale_positions(made, footing(city))[city.asked.pk]
    assert len(words) == 1
    assert "closed from" in words[0]
    assert city.asked.pk not in stale_positions(made, footing(city, date(2025, 6, 30)))


def test_a_new_fingerprint_alone_is_no_reason_and_a_setting_that_moves_an_outcome_is(city: JudgedCity) -> None:
    made = determine(city)
    before = made.verification.rulebook_id

    def set_to(name: str, value: object) -> None:
        InstitutionSetting.objects.create(
            institution=city.cast.institution, name=name, value=value, valid_from=ON, source="x", known_from=NOON
        )

    set_to("working_days_per_week", 6)
    assert rulebook(city.cast.institution, ON, KNOWN).fingerprint != before
    assert stale_positions(made, footing(city)) == {}
    set_to("location_criteria_required", 1)
    found = stale_positions(made, footing(city))
    assert city.asked.pk in found
    assert city.eligible.pk not in found


def test_another_day_with_other_law_makes_rows_stale_by_their_limits_and_the_law_of_the_day_they_were_judged_does_not(
    city: JudgedCity,
) -> None:
    made = determine(city)
    found = stale_positions(made, footing(city, date(2026, 5, 1)))
    assert found
    assert all(words for words in found.values())
    assert stale_positions(made, footing(city)) == {}


def test_masks_laid_out_by_other_code_are_worked_out_again_from_the_stored_facts(city: JudgedCity) -> None:
    made = determine(city)
    learn(city, city.eligible, "task.with_tik", False)
    expected = stale_positions(made, footing(city))
    made.verification.layout = "0" * 64
    assert stale_positions(made, footing(city)) == expected
    assert expected


def test_stale_is_asked_of_the_determination_that_holds_for_the_position(city: JudgedCity) -> None:
    determine(city)
    learn(city, city.eligible, "task.with_tik", False)
    assert stale_keys(footing(city)) == {city.eligible.pk}
    determine(city, number="188.45/2/2025", at=LATER)
    assert stale_in_force(footing(city)) == {}
    learn(city, city.eligible, "task.with_tik", True)
    assert set(stale_in_force(footing(city))) == {city.eligible.pk}
    assert stale_keys(footing(city, date(2025, 6, 30))) == frozenset()


def test_an_act_is_foretold_to_make_rows_stale_and_to_bring_them_back(city: JudgedCity) -> None:
    determine(city)
    touch = Touch(city.cast.institution, ON, positions=[city.eligible.pk])

    def told(act: Callable[[], object]) -> list[str]:
        return [one.sentence for one in foresee(act, touch) if "determined" in one.sentence]

    sentence = told(lambda: learn(city, city.eligible, "task.with_tik", False))
    assert len(sentence) == 1
    assert sentence[0].startswith("1 determined position")
    assert stale_keys(footing(city)) == frozenset()
    assert told(lambda: learn(city, city.eligible, "task.output_measurable", True)) == []
    learn(city, city.eligible, "task.with_tik", False)
    assert "again" in told(lambda: learn(city, city.eligible, "task.with_tik", True))[0]


def test_explain_gives_the_signed_reasons_after_facts_law_settings_and_the_position_changed(city: JudgedCity) -> None:
    LocalCriterion.objects.create(
        institution=city.cast.institution, number=1, label="Dokumen negara", question="Memakai dokumen negara?"
    )
    made = determine(city)
    verification = Verification.objects.get(pk=made.verification_id)
    before = explain(verification, city.eligible.pk, plain)
    refused = explain(verification, city.refused.pk, plain)
    assert before is not None
    assert refused is None, "not covered"
    assert {mode.mode: mode.outcome for mode in before.modes}[Mode.HOME] is Outcome.ELIGIBLE

    learn(city, city.eligible, "task.with_tik", False)
    city.cast.institution.local_criteria.update(label="Lain")
    InstitutionSetting.objects.create(
        institution=city.cast.institution,
        name="location_criteria_required",
        value=1,
        valid_from=ON,
        source="x",
        known_from=NOON,
    )
    Position.objects.filter(pk=city.eligible.pk).update(title="Nama lain", leads="unit")
    close_position(actor=None, position=city.eligible, closed_on=ON, source="SOTK", at=LATER)
    again = Verification.objects.get(pk=made.verification_id)
    assert explain(again, city.eligible.pk, plain) == before
    results = SignedResults(again)
    assert results.translation(plain)(FACTS["task.local_1"].label) == "Dokumen negara"
    position = next(results.positions([city.eligible.pk]))
    assert position.title == "Pranata Komputer"
    assert position.tasks[0].values["task.with_tik"] is True
    decision = results.decide(position, Mode.HOME)
    assert decision is not None
    assert decision.bounds == position.bounds[Mode.HOME]


def test_every_signed_position_is_decided_by_its_stored_facts_as_it_was_stored(city: JudgedCity) -> None:
    PositionFactory.create(agency=city.cast.agency)
    results = SignedResults(determine(city).verification)
    found = list(results.positions())
    assert len(found) == 5
    for position in found:
        for mode in Mode:
            decision = results.decide(position, mode)
            assert decision is None or decision.bounds == position.bounds[mode]
            for task, judged in decision.tasks if decision else ():
                stored = next(one for one in position.tasks if one.judged.key == task.key)
                assert judged.bounds == stored.outcomes[mode]


def test_stale_costs_as_many_queries_for_one_position_as_for_twenty(city: JudgedCity) -> None:
    def queries(made: object) -> int:
        learn(city, city.eligible, "task.with_tik", False)
        with CaptureQueriesContext(connection) as few:
            assert stale_in_force(footing(city))
        learn(city, city.eligible, "task.with_tik", True)
        return len(few)

    first = queries(determine(city))
    for number in range(20):
        TaskFactory.create(position=PositionFactory.create(agency=city.cast.agency, title=f"P {number}"), **SUITS_HOME)
    assert queries(determine(city, number="188.45/2/2025", at=LATER)) == first


def test_stored_rulebooks_are_read_at_once_however_many_determinations_differ(city: JudgedCity) -> None:
    made = []
    for number in range(4):
        agency = AgencyFactory.create(institution=city.cast.institution)
        made.append(PositionFactory.create(agency=agency, title=f"P {number}"))
        TaskFactory.create(position=made[-1], **SUITS_HOME)
        determine(city, agency, number=f"188.45/{number}/2025")
    for position in made:
        learn(city, position, "task.with_tik", False)

    def queries(some: list[Position]) -> int:
        keys = [one.pk for one in some]
        with CaptureQueriesContext(connection) as captured:
            assert set(stale_in_force(footing(city), keys)) == set(keys)
        return len(captured)

    queries(made)  # what is kept between reads is read by the first of them
    assert queries(made) == queries(made[:1])


def test_what_is_judged_on_the_grounds_of_one_agency_is_asked_of_that_agency(city: JudgedCity) -> None:
    bare = PositionFactory.create(agency=city.cast.agency)
    elsewhere = PositionFactory.create(agency=AgencyFactory.create(institution=city.cast.institution))
    whole, own = footing(city), footing(city).within([city.cast.agency.pk])
    institution = city.cast.institution
    everything = position_bounds(whole.rulebook, whole.grounds, institution=institution)
    here = position_bounds(own.rulebook, own.grounds, institution=institution)
    assert {bare.pk, elsewhere.pk} <= everything.keys()
    keys = set(Position.objects.filter(agency=city.cast.agency).values_list("pk", flat=True))
    assert here == {key: found for key, found in everything.items() if key in keys}
