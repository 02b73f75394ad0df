"""Which determination holds on a day: begun, not ended, not revoked, not superseded, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Position
from eligibility.actions import determinations as acts
from eligibility.determinations.holding import held_by
from eligibility.footing import Footing
from eligibility.models import Determination, DeterminationRevocation, DeterminedPosition
from eligibility.rulebook import Mode
from tests.eligibility.determined import KNOWN, NOON, ON, determine, paper, pass_all, record, send
from tests.factories import InstitutionFactory, PositionFactory
from tests.judged_city import JudgedCity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def numbers(city: JudgedCity, on: date, known_at: datetime = KNOWN) -> set[str]:
    rows = Determination.objects.in_force(city.cast.institution, on, known_at)
    return set(rows.values_list("number", flat=True))


def holding(city: JudgedCity, position: Position, on: date = ON) -> list[str]:
    """By the database, and alike by what is kept of determinations."""
    rows = DeterminedPosition.objects.in_force(city.cast.institution, on, KNOWN)
    found = rows.filter(position=position, mode=Mode.HOME)
    told = list(found.values_list("verification__determination__number", flat=True))
    kept = held_by(Footing(city.cast.institution, on, KNOWN), [position.pk]).values()
    assert [one.determination.number for one in kept] == told
    return told


def day(number: int) -> date:
    return ON + timedelta(days=number)


def test_it_holds_from_its_first_day_to_its_last_once_it_is_known(city: JudgedCity) -> None:
    determine(city, number="A", effective_from=day(1), last_day=day(3))
    assert [bool(numbers(city, day(number))) for number in range(5)] == [False, True, True, True, False]
    assert numbers(city, day(1), NOON - timedelta(seconds=1)) == set()
    other = InstitutionFactory.create()
    assert not Determination.objects.in_force(other, day(1), KNOWN).exists()


def test_a_later_one_supersedes_for_its_agency_and_what_it_set_aside_does_not_come_back(city: JudgedCity) -> None:
    determine(city, number="A")
    determine(city, city.below, number="B")
    later = determine(city, number="C", effective_from=day(2), last_day=day(4))
    assert numbers(city, day(1)) == {"A", "B"}
    assert numbers(city, day(2)) == {"B", "C"}
    assert numbers(city, day(5)) == {"B"}
    assert holding(city, city.eligible, day(1)) == ["A"]
    assert holding(city, city.eligible, day(2)) == ["C"]
    assert holding(city, city.eligible, day(5)) == []
    acts.revoke_determination(
        actor=None, determination=later, signed=paper("D"), effective_from=day(3), reason="Keliru", at=NOON
    )
    assert numbers(city, day(2)) == {"B", "C"}
    assert numbers(city, day(3)) == {"B"}


def test_one_for_the_subtree_is_superseded_agency_by_agency(city: JudgedCity) -> None:
    top = city.cast.other_agency
    above = PositionFactory.create(agency=top)
    determine(city, top, with_subtree=True, number="A")
    determine(city, city.below, number="B", effective_from=day(1))
    assert numbers(city, day(1)) == {"A", "B"}
    assert holding(city, above, day(1)) == ["A"]
    assert holding(city, city.refused, day(1)) == ["B"]
    determine(city, top, number="C", effective_from=day(2))
    assert numbers(city, day(2)) == {"B", "C"}
    determine(city, top, with_subtree=True, number="D", effective_from=day(3))
    assert numbers(city, day(3)) == {"D"}


def test_of_two_for_the_same_day_the_one_recorded_later_holds(city: JudgedCity) -> None:
    determine(city, number="A")
    determine(city, number="B", at=NOON + timedelta(hours=1))
    assert numbers(city, ON) == {"B"}
    assert numbers(city, ON, NOON) == {"A"}


def test_one_may_name_the_one_it_supersedes_which_then_holds_for_no_agency(city: JudgedCity) -> None:
    top = city.cast.other_agency
    PositionFactory.create(agency=top)
    earlier = determine(city, top, with_subtree=True, number="A")
    waiting = pass_all(send(city, top), city.cast.hr_officer)
    named = record(waiting, None, number="B", effective_from=day(1), supersedes=earlier)
    assert named.supersedes == earlier
    assert numbers(city, ON) == {"A"}
    assert numbers(city, day(1)) == {"B"}
    assert holding(city, city.refused, day(1)) == []


def test_only_an_earlier_determination_of_the_institution_is_superseded(city: JudgedCity) -> None:
    coming = determine(city, number="A", effective_from=day(9))
    waiting = pass_all(send(city, city.below), city.cast.hr_officer)
    with pytest.raises(ActRefused, match="only an earlier one"):
        record(waiting, None, number="B", effective_from=day(1), supersedes=coming)
    elsewhere = Determination.objects.get(pk=coming.pk)
    elsewhere.institution = InstitutionFactory.create()
    with pytest.raises(ActRefused, match="of this institution"):
        record(waiting, None, number="B", effective_from=day(10), supersedes=elsewhere)
    assert record(waiting, None, number="B", effective_from=day(10), supersedes=coming).number == "B"


def test_a_revocation_has_its_day_and_is_made_once_and_by_no_plt(city: JudgedCity) -> None:
    made = determine(city, number="A")

    def revoke(**how: str) -> DeterminationRevocation:
        return acts.revoke_determination(
            actor=city.cast.hr_officer,
            determination=made,
            signed=paper("R", **how),
            effective_from=day(2),
            reason="Tugas berubah",
            at=NOON,
        )

    with pytest.raises(ValuesRefused, match="not a Keputusan"):
        revoke(capacity="acting", delegation_basis="SK 1")
    assert revoke().determination == made
    assert numbers(city, day(1)) == {"A"}
    assert numbers(city, day(2)) == set()
    with pytest.raises(ActRefused, match="revoked already"):
        revoke()


def test_one_revoked_before_it_began_supersedes_nothing(city: JudgedCity) -> None:
    determine(city, number="A")
    coming = determine(city, number="B", effective_from=day(5))
    acts.revoke_determination(
        actor=None, determination=coming, signed=paper("R"), effective_from=day(5), reason="Batal", at=NOON
    )
    assert numbers(city, day(6)) == {"A"}
    assert holding(city, city.eligible, day(6)) == ["A"]


def test_a_position_that_moved_is_determined_by_its_new_agency(city: JudgedCity) -> None:
    determine(city, number="A")
    city.eligible.agency = city.below
    city.eligible.save(update_fields=["agency"])
    assert holding(city, city.eligible, day(1)) == ["A"]
    determine(city, city.below, number="B", effective_from=day(1), at=datetime(2025, 7, 1, 6, tzinfo=UTC))
    assert holding(city, city.eligible, day(1)) == ["B"]
    assert holding(city, city.asked, day(1)) == ["A"]
