"""The acts on the map that an institution shows to other governments."""

from __future__ import annotations

from datetime import date

from eligibility.actions import published_maps
from eligibility.actions.law import load_rules
from eligibility.models import PublishedMap
from eligibility.seeds import seed_files
from tests.acts.studies import NOON
from tests.base import Cast
from tests.factories import PositionFactory, TaskFactory

DAY = date(2025, 7, 1)


def with_law(cast: Cast) -> None:
    """The law, and jobs enough to be told of."""
    load_rules(actor=None, files=seed_files())
    for number in range(6):
        TaskFactory.create(position=PositionFactory.create(agency=cast.agency, title=f"Arsiparis {number}"))


def publish(cast: Cast) -> PublishedMap | None:
    return published_maps.publish_map(
        actor=cast.hr_officer, institution=cast.institution, judged_on=DAY, note="Tahap pertama", at=NOON
    )


def published(cast: Cast) -> PublishedMap:
    """A map of the cast's institution that others see."""
    found = PublishedMap.objects.filter(institution=cast.institution).shown().first() or publish(cast)
    assert found is not None
    return found


def with_map(cast: Cast) -> None:
    with_law(cast)
    published(cast)


def withdraw(cast: Cast) -> object:
    found = PublishedMap.objects.get(institution=cast.institution)
    return published_maps.withdraw_map(actor=cast.hr_officer, published_map=found, reason="Data diperbaiki", at=NOON)


ACTS = {
    "eligibility.actions.published_maps.publish_map": publish,
    "eligibility.actions.published_maps.withdraw_map": withdraw,
}
BEFORE = {
    "eligibility.actions.published_maps.publish_map": with_law,
    "eligibility.actions.published_maps.withdraw_map": with_map,
}
