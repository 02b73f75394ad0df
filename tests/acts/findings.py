"""The acts on findings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from agencies.errors import ActRefused
from agencies.models import Document
from eligibility.models import Instrument, Provision
from oversight.actions import findings
from oversight.models import Finding
from tests.acts.institution import add_document
from tests.arranged_city import AT, TODAY
from tests.base import Cast

NOW: Final[dict[str, Any]] = {"on": TODAY, "at": AT}


def values(cast: Cast, condition: str = "Tiga hari seminggu.") -> findings.FindingValues:
    instrument, _made = Instrument.objects.get_or_create(
        code="SE-SINTETIS", defaults={"owner": cast.institution, "title": "SE", "layer": 50, "known_from": AT}
    )
    provision, _made = Provision.objects.get_or_create(
        instrument=instrument, reference="Angka 1", defaults={"summary": "Dua hari.", "mark": "1"}
    )
    return findings.FindingValues("Melebihi batas", condition, "Dua hari.", provision, "Lalai.", "Kurang.", "Atur.")


def draft(cast: Cast) -> object:
    return findings.draft_finding(
        actor=cast.inspector, institution=cast.institution, agency=cast.agency, values=values(cast), at=AT
    )


def change(cast: Cast) -> object:
    said = values(cast, "Empat hari seminggu.")
    return findings.change_finding(actor=cast.inspector, finding=Finding.objects.get(), values=said, at=AT)


def issue(cast: Cast) -> object:
    return findings.issue_finding(actor=cast.inspector, finding=Finding.objects.get(), **NOW)


def withdraw(cast: Cast) -> object:
    finding = Finding.objects.get()
    return findings.withdraw_finding(actor=cast.inspector, finding=finding, reason="Keliru.", at=AT)


def reply(cast: Cast) -> object:
    finding = Finding.objects.get()
    said: dict[str, Any] = {"text": "Sudah diatur.", "replied_on": TODAY}
    return findings.reply_to_finding(actor=cast.agency_head, finding=finding, **said, **NOW)


def review(cast: Cast) -> object:
    said: dict[str, Any] = {"status": "done", "text": "Sesuai bukti.", "reviewed_on": TODAY}
    return findings.review_follow_up(actor=cast.inspector, finding=Finding.objects.get(), **said, **NOW)


def show(cast: Cast) -> object:
    document, finding = Document.objects.get(), Finding.objects.get()
    said: dict[str, Any] = {"dated_on": TODAY, "note": "Daftar hadir"}
    return findings.add_evidence(actor=cast.inspector, finding=finding, document=document, **said, **NOW)


def issued(cast: Cast) -> None:
    draft(cast)
    issue(cast)


def with_document(cast: Cast) -> None:
    draft(cast)
    add_document(cast)


def once(act: Callable[[Cast], object]) -> Callable[[Cast], object]:
    """The act, whose repetition is refused with a sentence."""

    def done(cast: Cast) -> object:
        with suppress(ActRefused):
            return act(cast)
        return None

    return done


_NAME: Final = "oversight.actions.findings"
ACTS = {
    f"{_NAME}.draft_finding": once(draft),
    f"{_NAME}.change_finding": change,
    f"{_NAME}.issue_finding": once(issue),
    f"{_NAME}.withdraw_finding": once(withdraw),
    f"{_NAME}.reply_to_finding": once(reply),
    f"{_NAME}.review_follow_up": once(review),
    f"{_NAME}.add_evidence": show,
}
BEFORE = {
    f"{_NAME}.change_finding": draft,
    f"{_NAME}.issue_finding": draft,
    f"{_NAME}.withdraw_finding": draft,
    f"{_NAME}.reply_to_finding": issued,
    f"{_NAME}.review_follow_up": issued,
    f"{_NAME}.add_evidence": with_document,
}
