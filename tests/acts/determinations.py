"""The acts from checked results to a Penetapan; done twice they are refused, and so leave no second entry."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final

from agencies.errors import ActRefused
from eligibility.actions import determinations as acts
from eligibility.actions import law, results
from eligibility.determinations.signing import Signature
from eligibility.models import Determination, Step, Verification
from eligibility.seeds import seed_files
from tests.base import Cast

NOON: Final = datetime(2025, 7, 1, 5, tzinfo=UTC)
ON: Final = date(2025, 7, 1)
PAPER: Final = Signature("800/1", ON, "Kepala Dinas")


def sent(cast: Cast) -> None:
    """Results on their way."""
    law.load_rules(actor=None, files=seed_files(), at=NOON)
    send(cast)


def waiting(cast: Cast) -> None:
    """Results that wait for the PPK."""
    sent(cast)
    for step in list(Step)[:-1]:
        verification = Verification.objects.get()
        results.pass_step(actor=cast.hr_officer, verification=verification, step=step, signed=PAPER, at=NOON)


def determined(cast: Cast) -> None:
    """Results with a Keputusan."""
    waiting(cast)
    record(cast)


def send(cast: Cast) -> object:
    return results.send_results(actor=cast.hr_officer, agency=cast.agency, judged_on=ON, known_at=NOON, at=NOON)


def pass_step(cast: Cast) -> object:
    verification = Verification.objects.get()
    return results.pass_step(
        actor=cast.hr_officer, verification=verification, step=Step.HEAD_PROPOSAL, signed=PAPER, at=NOON
    )


def give_back(cast: Cast) -> object:
    return results.return_results(
        actor=cast.hr_officer,
        verification=Verification.objects.get(),
        step=Step.HEAD_PROPOSAL,
        signed=PAPER,
        reason="Lengkapi fakta.",
        at=NOON,
    )


def withdraw(cast: Cast) -> object:
    verification = Verification.objects.get()
    return results.withdraw_results(actor=cast.hr_officer, verification=verification, reason="Keliru.", at=NOON)


def record(cast: Cast) -> object:
    return acts.record_determination(
        actor=cast.hr_officer,
        verification=Verification.objects.get(),
        signed=Signature("188.45/1/2025", ON, "Wali Kota"),
        effective_from=ON,
        at=NOON,
    )


def revoke(cast: Cast) -> object:
    return acts.revoke_determination(
        actor=cast.hr_officer,
        determination=Determination.objects.get(),
        signed=Signature("188.45/9/2025", ON, "Wali Kota"),
        effective_from=ON,
        reason="Tugas berubah.",
        at=NOON,
    )


def refused_again(act: Callable[[Cast], object]) -> Callable[[Cast], object]:
    """The act, whose repetition is refused with a sentence."""

    def done(cast: Cast) -> object:
        with suppress(ActRefused):
            return act(cast)
        return None

    return done


_RESULTS: Final = "eligibility.actions.results"
_NAME: Final = "eligibility.actions.determinations"
ACTS = {
    f"{_RESULTS}.send_results": refused_again(send),
    f"{_RESULTS}.pass_step": refused_again(pass_step),
    f"{_RESULTS}.return_results": refused_again(give_back),
    f"{_RESULTS}.withdraw_results": withdraw,
    f"{_NAME}.record_determination": refused_again(record),
    f"{_NAME}.revoke_determination": refused_again(revoke),
}
BEFORE = {
    f"{_RESULTS}.send_results": lambda cast: law.load_rules(actor=None, files=seed_files(), at=NOON),
    f"{_RESULTS}.pass_step": sent,
    f"{_RESULTS}.return_results": sent,
    f"{_RESULTS}.withdraw_results": sent,
    f"{_NAME}.record_determination": waiting,
    f"{_NAME}.revoke_determination": determined,
}
