"""The fictional city of the demonstration: every perangkat daerah has its signed Penetapan, made by ordinary acts.

Each of these acts is tested on every database; how the demonstration puts them together is lived once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from agencies.demonstration.loading import load_city
from agencies.institutions_register import ensure_institutions
from agencies.models import Agency, AgencyReview, Institution, Position
from eligibility.actions.law import load_rules
from eligibility.demonstration.signed_city import CITY
from eligibility.grounds import grounds
from eligibility.models import Determination, DeterminedPosition, PublishedMap
from eligibility.rulebook import Mode
from eligibility.seeds import seed_files
from oversight.models import TrailEntry
from oversight.verification import verify_all

DAY = date(2025, 10, 1)
NOW = datetime(2025, 10, 1, 5, tzinfo=UTC)


@pytest.mark.once
@pytest.mark.django_db
@override_settings(DEMO=True, LANGUAGE_CODE="en")
def test_every_agency_has_its_penetapan_once_the_trail_proves_it_and_the_gate_opens_with_its_instrument() -> None:
    with pytest.raises(CommandError, match="demo"):
        call_command("demo_penetapan")
    load_rules(actor=None, files=seed_files())
    city = ensure_institutions()[CITY]
    load_city(city)
    call_command("demo_penetapan", stdout=StringIO())
    everything_is_determined(city)
    the_gate_opens_with_its_instrument_and_not_before(city)
    entries = TrailEntry.objects.count()
    call_command("demo_penetapan", stdout=StringIO())
    assert TrailEntry.objects.count() == entries, "a second run changes nothing"
    assert verify_all(city).is_whole


def everything_is_determined(city: Institution) -> None:
    """Each perangkat daerah has its Penetapan, each position its rows, each agency its studies."""
    top = Agency.objects.filter(institution=city, parent=None)
    assert set(Determination.objects.values_list("verification__agency", flat=True)) == set(
        top.values_list("pk", flat=True)
    )
    rows = DeterminedPosition.objects.in_force(city, DAY, NOW)
    assert rows.count() == Position.objects.filter(institution=city).count() * len(Mode)
    studies = AgencyReview.objects.signed().filter(agency__institution=city)
    assert set(studies.values_list("agency", flat=True)) == set(city.agencies.values_list("pk", flat=True))
    assert {studies.filter(agency=agency).count() for agency in top} == {3}, "three periods"
    assert PublishedMap.objects.shown().get().institution == city


def the_gate_opens_with_its_instrument_and_not_before(city: Institution) -> None:
    opened = {
        day: {ground.values["agency.implementing_instrument"] for ground in grounds(city, day, NOW).agencies.values()}
        for day in (date(2025, 6, 30), date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1))
    }
    assert opened == {
        date(2025, 6, 30): {False},
        date(2025, 7, 1): {True},
        date(2025, 12, 31): {True},
        date(2026, 1, 1): {False},
    }


@pytest.mark.django_db
def test_invented_acts_stay_out_of_a_real_portal() -> None:
    with pytest.raises(CommandError):
        call_command("demo_penetapan")
    assert not Determination.objects.exists()
