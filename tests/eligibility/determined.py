"""How results of the judged city are sent, passed and determined in tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from agencies.models import Agency, User
from eligibility.actions import determinations as acts
from eligibility.actions import results
from eligibility.determinations.signing import Signature
from eligibility.models import Determination, Step, Verification
from tests.judged_city import JudgedCity

ON: Final = date(2025, 7, 1)
NOON: Final = datetime(2025, 7, 1, 5, tzinfo=UTC)
KNOWN: Final = datetime(2026, 12, 1, tzinfo=UTC)
"""Everything seeded is known by then."""


def paper(number: str = "800/1", **how: str) -> Signature:
    """A paper signed on the judged day, in the own office unless `how` says otherwise."""
    return Signature(number=number, signed_on=ON, title="Sekretaris Daerah", name="Nama Pejabat", **how)


def send(city: JudgedCity, agency: Agency | None = None, *, with_subtree: bool = False) -> Verification:
    """Results of the cast's agency, sent by the HR officer."""
    return results.send_results(
        actor=city.cast.hr_officer,
        agency=agency or city.cast.agency,
        judged_on=ON,
        known_at=KNOWN,
        with_subtree=with_subtree,
        at=NOON,
    )


def pass_all(verification: Verification, actor: User | None) -> Verification:
    """All steps up to the PPK's."""
    for number, step in enumerate(verification.way[:-1]):
        verification = results.pass_step(
            actor=actor, verification=verification, step=step, signed=paper(f"800/{number}"), at=NOON
        )
    return verification


def give_back(verification: Verification, actor: User | None, step: Step | None = None) -> Verification:
    """The step it waits at returns it."""
    return results.return_results(
        actor=actor,
        verification=verification,
        step=step or Step(verification.step),
        signed=paper(),
        reason="Lengkapi fakta jabatan Statistisi.",
        at=NOON,
    )


def record(
    verification: Verification,
    actor: User | None,
    *,
    number: str = "188.45/1/2025",
    effective_from: date = ON,
    last_day: date | None = None,
    supersedes: Determination | None = None,
    signed: Signature | None = None,
    at: datetime = NOON,
) -> Determination:
    """The Keputusan on results that wait for the PPK."""
    return acts.record_determination(
        actor=actor,
        verification=verification,
        signed=signed or paper(number),
        effective_from=effective_from,
        last_day=last_day,
        supersedes=supersedes,
        at=at,
    )


def determine(
    city: JudgedCity,
    agency: Agency | None = None,
    *,
    with_subtree: bool = False,
    number: str = "188.45/1/2025",
    effective_from: date = ON,
    last_day: date | None = None,
    at: datetime = NOON,
) -> Determination:
    """The whole way, from results to a Keputusan."""
    actor = city.cast.hr_officer
    waiting = pass_all(send(city, agency, with_subtree=with_subtree), actor)
    return record(waiting, actor, number=number, effective_from=effective_from, last_day=last_day, at=at)
