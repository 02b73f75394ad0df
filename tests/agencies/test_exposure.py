"""The direct service exposure follows from the services served, and departs from them only with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agencies.actions.task_facts import FactRefused, set_task_fact
from agencies.exposure import EXPOSURE_OF_SERVICE, proposed_exposure
from agencies.facts import EXPOSURES, SERVICE_KINDS, FactValue
from agencies.models import Basis, FactRecord
from oversight.models import TrailEntry
from tests.base import Cast
from tests.factories import PublicServiceFactory

AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kinds", "exposure"),
    [
        ([], "none"),
        (["internal"], "none"),
        (["online"], "indirect"),
        (["counter"], "direct"),
        (["mal_pelayanan_publik"], "direct"),
        (["field"], "direct"),
        (["inpatient"], "direct"),
        (["school"], "direct"),
        (["emergency"], "emergency"),
        (["internal", "online"], "indirect"),
        (["online", "counter"], "direct"),
        (["emergency", "counter", "internal"], "emergency"),
    ],
)
def test_the_strongest_exposure_of_the_services_served_is_proposed(kinds: list[str], exposure: str) -> None:
    assert proposed_exposure(kinds) == exposure


def test_every_kind_of_service_has_an_exposure_and_no_other_word_has_one() -> None:
    kinds = {choice.code for choice in SERVICE_KINDS} - {"none"}
    assert set(EXPOSURE_OF_SERVICE) == kinds
    assert set(EXPOSURE_OF_SERVICE.values()) <= {choice.code for choice in EXPOSURES}
    with pytest.raises(KeyError):
        proposed_exposure(["none"])


def set_fact(cast: Cast, fact: str, value: FactValue | None, basis: Basis = Basis.AGREED, reason: str = "") -> bool:
    """Set a fact of the cast's task and say whether anything was written."""
    receipt = set_task_fact(
        actor=cast.hr_officer,
        task=cast.task,
        fact=fact,
        value=value,
        basis=basis,
        source="Lembar pemetaan",
        reason=reason,
        valid_from=date(2025, 6, 2),
        at=AT,
    )
    return receipt is not None


def test_another_exposure_than_the_proposed_one_needs_a_reason(cast: Cast) -> None:
    cast.task.services.add(PublicServiceFactory.create(agency=cast.agency, kind="counter"))
    with pytest.raises(FactRefused, match="Langsung"):
        set_fact(cast, "task.exposure", "none")
    assert not FactRecord.objects.exists()
    assert not TrailEntry.objects.exists()

    assert set_fact(cast, "task.exposure", "none", reason="Tugas di belakang loket")
    cast.task.profile.refresh_from_db()
    assert cast.task.profile.exposure == "none"
    record = FactRecord.objects.get()
    assert (record.value, record.basis, record.reason) == ("none", "agreed", "Tugas di belakang loket")
    assert TrailEntry.objects.count() == 1


def test_the_proposed_exposure_and_an_unknown_one_need_no_reason(cast: Cast) -> None:
    cast.task.services.add(PublicServiceFactory.create(agency=cast.agency, kind="online"))
    assert set_fact(cast, "task.exposure", "indirect")
    assert set_fact(cast, "task.exposure", None)
    assert list(FactRecord.objects.values_list("value", flat=True)) == ["indirect", None]


def test_without_linked_services_the_kind_that_the_profile_names_proposes(cast: Cast) -> None:
    set_fact(cast, "task.service_kind", "emergency")
    assert set_fact(cast, "task.exposure", "emergency")
    with pytest.raises(FactRefused):
        set_fact(cast, "task.exposure", "direct")


def test_the_same_value_on_the_same_basis_writes_nothing_a_firmer_basis_does(cast: Cast) -> None:
    assert set_fact(cast, "task.with_tik", True, Basis.PROPOSED)
    assert not set_fact(cast, "task.with_tik", True, Basis.PROPOSED)
    assert set_fact(cast, "task.with_tik", True, Basis.AGREED)
    assert TrailEntry.objects.count() == FactRecord.objects.count() == 2


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("task.exposure", "loud"),
        ("task.with_tik", "ya"),
        ("task.days_per_week", True),
        ("position.category", "fungsional"),
        ("task.colour", "red"),
    ],
)
def test_a_value_that_the_fact_cannot_take_is_refused(cast: Cast, fact: str, value: FactValue) -> None:
    with pytest.raises(FactRefused):
        set_fact(cast, fact, value)
    assert not FactRecord.objects.exists()
