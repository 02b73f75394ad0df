"""What is determined is changed by nobody: raw SQL is refused by the database, and where it is not, named."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from agencies.errors import ActRefused
from eligibility.actions import determinations as acts
from eligibility.actions import results
from eligibility.models import (
    Determination,
    DeterminationRevocation,
    DeterminedGround,
    DeterminedPosition,
    DeterminedSource,
    DeterminedTask,
    State,
    Step,
    StoredRulebook,
    Verification,
    VerificationStep,
)
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.base import assemble_cast
from tests.eligibility.determined import NOON, ON, determine, paper, pass_all, record, send
from tests.judged_city import JudgedCity, judged_city
from tests.oversight.chains import unprotected

TABLES: tuple[type[Model], ...] = (
    StoredRulebook,
    Verification,
    VerificationStep,
    Determination,
    DeterminedGround,
    DeterminedSource,
    DeterminedTask,
    DeterminedPosition,
)
FROZEN_WITH: tuple[type[Model], ...] = (
    DeterminedGround,
    DeterminedSource,
    DeterminedTask,
    DeterminedPosition,
    VerificationStep,
)
ROWS: tuple[type[Model], ...] = (DeterminedGround, DeterminedSource, DeterminedTask, DeterminedPosition)
COLUMN: dict[type[Model], str] = {
    StoredRulebook: "text",
    Verification: "notes",
    VerificationStep: "reason",
    Determination: "number",
    DeterminedGround: "content",
    DeterminedSource: "source",
    DeterminedTask: "masks",
    DeterminedPosition: "title",
}


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def copied(table: str) -> str:
    """SQL that adds a row like those that are there, with a key of its own."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    values = {name: f'"{name}"' for name in names} | {"id": "-1"}
    columns, chosen = (", ".join(some) for some in ((f'"{name}"' for name in names), (values[name] for name in names)))
    return f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} LIMIT 1"


@pytest.mark.django_db
def test_rows_may_go_until_they_are_determined_and_then_the_database_refuses_every_change(city: JudgedCity) -> None:
    sent = pass_all(send(city, city.below), city.cast.hr_officer)
    for model in ROWS:
        with transaction.atomic():
            run(f"DELETE FROM {model._meta.db_table}")
            transaction.set_rollback(True)
    record(sent, city.cast.hr_officer)
    for model in TABLES:
        table = model._meta.db_table
        with pytest.raises(IntegrityError, match="UPDATE refused"), transaction.atomic():
            run(f"UPDATE {table} SET \"{COLUMN[model]}\" = 'x'")
        with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic():
            run(f"DELETE FROM {table}")
    for table in (one._meta.db_table for one in FROZEN_WITH):
        with pytest.raises(IntegrityError, match="INSERT refused"), transaction.atomic():
            run(copied(table))


@pytest.mark.django_db
def test_steps_and_revocations_are_only_ever_added(city: JudgedCity) -> None:
    made = determine(city)
    revoked = acts.revoke_determination(
        actor=None, determination=made, signed=paper("R"), effective_from=ON, reason="x", at=NOON
    )
    for row in (revoked, VerificationStep.objects.all()[0]):
        with pytest.raises(IntegrityError, match="UPDATE refused"), transaction.atomic():
            row.save(force_update=True)
        with pytest.raises(IntegrityError, match="DELETE refused"), transaction.atomic():
            row.delete()
    assert DeterminationRevocation.objects.count() == 1


@pytest.mark.django_db
def test_a_keputusan_is_inserted_only_on_results_that_an_act_determined(city: JudgedCity) -> None:
    sent = send(city)
    with pytest.raises(IntegrityError, match="INSERT refused"), transaction.atomic():
        Determination.objects.create(
            institution=sent.institution,
            verification=sent,
            number="188/1",
            signatory_title="Wali Kota",
            signed_on=ON,
            effective_from=ON,
            recorded_at=NOON,
        )


TAMPERING: dict[str, str] = {
    "eligibility.determinedposition": "UPDATE eligibility_determinedposition SET best = 2 WHERE best = 0",
    "eligibility.determinedtask": "UPDATE eligibility_determinedtask SET with_tik = NULL",
    "eligibility.determinedground": "UPDATE eligibility_determinedground SET content = '{}'",
    "eligibility.determinedsource": "UPDATE eligibility_determinedsource SET basis = 'agreed'",
    "eligibility.determination": "UPDATE eligibility_determination SET number = '188/9'",
    "eligibility.storedrulebook": "UPDATE eligibility_storedrulebook SET text = '{}'",
    "eligibility.verification": "UPDATE eligibility_verification SET notes = '{}'",
    "eligibility.verificationstep": "DELETE FROM eligibility_verificationstep WHERE step = 'sekda'",
}


@pytest.mark.django_db
@pytest.mark.parametrize("table", TAMPERING)
def test_what_raw_sql_changed_without_the_triggers_is_named_by_its_table(city: JudgedCity, table: str) -> None:
    determine(city, city.below)
    assert verify_all(city.cast.institution).is_whole
    with unprotected():
        run(TAMPERING[table])
    assert {fault.table for fault in verify_all(city.cast.institution).rows} == {table}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_of_two_senders_at_the_same_moment_one_sends_and_the_other_is_told() -> None:
    city = judged_city(assemble_cast())
    start, results = threading.Barrier(2), list[object]()

    def act() -> None:
        start.wait()
        try:
            results.append(send(city))
        except ActRefused as refusal:
            results.append(str(refusal))
        finally:
            connection.close()

    senders = [threading.Thread(target=act) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(type(result).__name__ for result in results) == ["Verification", "str"]
    assert Verification.objects.get().state == State.SENT
    assert DeterminedPosition.objects.count() == Verification.objects.get().positions * 5
    assert TrailEntry.objects.filter(action="results_sent").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_of_a_return_and_a_pass_at_the_same_moment_one_counts() -> None:
    city = judged_city(assemble_cast())
    sent = send(city)
    start, ends = threading.Barrier(2), list[str]()

    def act(returns: bool) -> None:
        start.wait()
        try:
            if returns:
                results.return_results(
                    actor=None, verification=sent, step=Step.HEAD_PROPOSAL, signed=paper(), reason="x", at=NOON
                )
            else:
                results.pass_step(actor=None, verification=sent, step=Step.HEAD_PROPOSAL, signed=paper(), at=NOON)
            ends.append("done")
        except ActRefused:
            ends.append("refused")
        finally:
            connection.close()

    senders = [threading.Thread(target=act, args=[returns]) for returns in (True, False)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(ends) == ["done", "refused"]
    assert VerificationStep.objects.count() == 1
