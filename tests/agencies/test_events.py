"""Reporting an act: inside a transaction, to exactly two listeners, without naming a person."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import transaction
from django.db.models import Model
from django.utils import translation

from agencies import events
from agencies.errors import EventError, TrailError
from agencies.models import Grant, Institution, Role, User
from oversight.models import TrailEntry
from tests.base import Cast, assemble_cast
from tests.factories import GrantFactory, InstitutionFactory, PublicServiceFactory, UserFactory
from tests.oversight.chains import NOON


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble_cast()


def recorded(subject: Model, actor: User | None = None, **more: object) -> TrailEntry:
    with transaction.atomic():
        receipt = events.record(actor=actor, action="thing.done", subject=subject, **{"at": NOON, **more})  # type: ignore[arg-type]
    entry = TrailEntry.objects.get(institution__code=receipt.institution_code, number=receipt.number)
    assert entry.digest == receipt.digest
    return entry


def test_the_receipt_names_the_entry_that_was_written(cast: Cast) -> None:
    entry = recorded(cast.position, cast.hr_officer, title="Arsiparis")
    assert (entry.number, entry.action, entry.body) == (1, "thing.done", '{"title":"Arsiparis"}')
    assert (entry.subject_type, entry.subject_id) == ("agencies.position", str(cast.position.pk))
    assert (entry.institution, entry.actor, entry.at) == (cast.institution, cast.hr_officer, NOON)


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused() -> None:
    city = InstitutionFactory.create()
    with translation.override("en"), pytest.raises(EventError, match=r"transaction\.atomic"):
        events.record(actor=None, action="thing.done", subject=city)
    assert not TrailEntry.objects.exists()
    recorded(city)


def refuse(event: events.Event) -> events.Receipt | None:
    """A trail that cannot be written."""
    raise TrailError("The disk is full.")


def forget(event: events.Event) -> events.Receipt | None:
    """A trail that writes nothing and says so."""
    return None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trail", [refuse, forget])
def test_if_the_trail_cannot_be_written_nothing_is_stored(
    monkeypatch: pytest.MonkeyPatch, trail: events.Listener
) -> None:
    city = InstitutionFactory.create(name="Kota Lama")
    monkeypatch.setitem(events._listeners, events.ORDER[1], trail)
    with pytest.raises(TrailError):
        rename(city)
    assert Institution.objects.get().name == "Kota Lama"
    monkeypatch.undo()
    rename(city)
    assert Institution.objects.get().name == "Kota Baru"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_stored_even_when_the_caller_swallows_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    city = InstitutionFactory.create(name="Kota Lama")
    monkeypatch.setitem(events._listeners, events.ORDER[1], refuse)
    with transaction.atomic():
        Institution.objects.update(name="Kota Baru")
        with suppress(TrailError):
            events.record(actor=None, action="institution.renamed", subject=city, at=NOON)
    assert Institution.objects.get().name == "Kota Lama"


def rename(city: Institution) -> None:
    """An act of the portal in small."""
    with transaction.atomic():
        Institution.objects.update(name="Kota Baru")
        events.record(actor=None, action="institution.renamed", subject=city, at=NOON)


def test_exactly_two_listeners_are_registered_eligibility_first() -> None:
    assert tuple(events._listeners) == ("eligibility.receivers.reexamine", "oversight.receivers.append")
    call_command("check")


Disorder = Callable[[dict[str, events.Listener]], dict[str, events.Listener]]


@pytest.mark.parametrize(
    "disorder",
    [
        lambda listeners: dict(reversed(listeners.items())),
        lambda listeners: listeners | {"elsewhere.listen": forget},
        lambda listeners: {events.ORDER[1]: listeners[events.ORDER[1]]},
        lambda listeners: {},
    ],
    ids=["reversed", "a third", "one", "none"],
)
def test_other_listeners_are_found_by_the_check_and_stop_every_act(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, disorder: Disorder
) -> None:
    monkeypatch.setattr(events, "_listeners", disorder(events._listeners))
    with pytest.raises(SystemCheckError, match=r"agencies\.E001"):
        call_command("check")
    with pytest.raises(TrailError), transaction.atomic():
        events.record(actor=None, action="thing.done", subject=cast.position)
    assert not TrailEntry.objects.exists()


def test_both_listeners_hear_the_act_in_their_order(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, Model]] = []

    def hearing(name: str) -> events.Listener:
        listener = events._listeners[name]

        def listen(event: events.Event) -> events.Receipt | None:
            heard.append((name, event.subject))
            return listener(event)

        return listen

    monkeypatch.setattr(events, "_listeners", {name: hearing(name) for name in events.ORDER})
    recorded(cast.position)
    assert heard == [(name, cast.position) for name in events.ORDER]


def test_the_actor_is_named_by_role_and_institution_only(cast: Cast) -> None:
    entry = recorded(cast.position, cast.hr_officer)
    assert entry.actor_label == "hr_officer · kota-contoh"
    texts = [str(getattr(entry, column.attname)) for column in TrailEntry._meta.concrete_fields]
    assert not any(cast.hr_officer.username in text.replace("hr_officer · ", "") for text in texts)


def test_without_an_actor_the_system_acted(cast: Cast) -> None:
    entry = recorded(cast.position)
    assert (entry.actor, entry.actor_label) == (None, "system")


def test_only_grants_in_force_on_the_day_of_the_act_are_named(cast: Cast) -> None:
    Grant.objects.filter(user=cast.hr_officer).update(valid_until=date(2025, 6, 30))
    assert recorded(cast.position, cast.hr_officer).actor_label == "without role"
    GrantFactory.create(
        user=cast.hr_officer, institution=cast.institution, role=Role.INSPECTOR, valid_from=date(2025, 7, 1)
    )
    assert recorded(cast.position, cast.hr_officer).actor_label == "inspector · kota-contoh"


def test_the_day_of_an_act_is_that_of_the_institution_and_not_of_the_server(cast: Cast) -> None:
    Grant.objects.filter(user=cast.hr_officer).update(valid_from=date(2025, 7, 2))
    late = datetime.fromisoformat("2025-07-01T15:30:00+00:00")
    assert recorded(cast.position, cast.hr_officer, at=late).actor_label == "without role"
    Institution.objects.filter(pk=cast.institution.pk).update(time_zone="Asia/Jayapura")
    cast.position.refresh_from_db()
    assert recorded(cast.position, cast.hr_officer, at=late).actor_label == "hr_officer · kota-contoh"


def test_several_roles_are_all_named_and_those_of_other_institutions_only_without_one_here(cast: Cast) -> None:
    GrantFactory.create(user=cast.hr_officer, institution=cast.institution, role=Role.EMPLOYEE)
    other = cast.outsider.grants.get().institution
    GrantFactory.create(user=cast.hr_officer, institution=other, role=Role.INSPECTOR)
    label = recorded(cast.position, cast.hr_officer).actor_label
    assert label == "employee · kota-contoh, hr_officer · kota-contoh"
    assert recorded(cast.position, cast.outsider).actor_label == "hr_officer · kota-lain"


def test_the_institution_is_that_of_the_subject_or_the_one_given(cast: Cast) -> None:
    service = PublicServiceFactory.create(agency=cast.agency)
    for subject in (cast.institution, cast.agency, cast.position, cast.task, service):
        assert recorded(subject).institution == cast.institution
    with translation.override("en"), pytest.raises(EventError, match="names no institution"):
        recorded(UserFactory.create())
    assert recorded(UserFactory.create(), institution=cast.institution).institution == cast.institution


def test_a_time_without_zone_is_refused(cast: Cast) -> None:
    with pytest.raises(EventError):
        recorded(cast.position, at=NOON.replace(tzinfo=None))
    assert not TrailEntry.objects.exists()
