"""Who may open a finding and act on it, wherever it stands: every act × every account × every state.

What is not allowed looks as if it were not there; to who may act, but not now, it leads back to the finding with a
sentence. Nothing of it changes anything. So that it takes seconds, views are asked themselves, and whether a finding
is within the sight of an account is asked once, of its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from agencies.models import Document, Role, User
from oversight import finding_access
from oversight.actions import findings as acts
from oversight.models import Evidence, Finding, FindingReply, FindingState, FollowUp, TrailEntry
from oversight.urls.findings import urlpatterns
from tests.arranged_city import AT, TODAY, ArrangedCity, holder, link
from tests.base import person
from tests.oversight.test_findings import drafted, issued
from tests.test_arrangement_access import asked, carried_out

NOW: Final[dict[str, Any]] = {"on": TODAY, "at": AT}
ANSWERS: Final = "head hr_officer"
"""Who answers for the agency."""
EVERYBODY: Final = f"inspector outside_reader {ANSWERS}"
"""Who reads what was issued."""


def _replied(city: ArrangedCity) -> Finding:
    finding = issued(city)
    acts.reply_to_finding(actor=city.head_account, finding=finding, text="Sudah.", replied_on=TODAY, **NOW)
    return finding


def _reviewed(city: ArrangedCity, status: FollowUp.Status = FollowUp.Status.NOT_YET) -> Finding:
    finding = _replied(city)
    said: dict[str, Any] = {"status": status, "text": "Ditinjau.", "reviewed_on": TODAY}
    acts.review_follow_up(actor=city.city.cast.inspector, finding=finding, **said, **NOW)
    return finding


def _closed(city: ArrangedCity) -> Finding:
    return _reviewed(city, FollowUp.Status.DONE)


def _withdrawn(city: ArrangedCity, made: Callable[[ArrangedCity], Finding] = drafted) -> Finding:
    told: dict[str, Any] = {"finding": made(city), "reason": "Keliru.", "at": AT}
    return acts.withdraw_finding(actor=city.city.cast.inspector, **told)


def _taken_back(city: ArrangedCity) -> Finding:
    return _withdrawn(city, issued)


@dataclass(frozen=True)
class Case:
    """Where a finding stands: how it came there, and who reads it."""

    state: FindingState
    made: Callable[[ArrangedCity], Finding]
    readers: str = EVERYBODY


_S = FindingState
CASES: Final = {
    "draft": Case(_S.DRAFT, drafted, "inspector"),
    "issued": Case(_S.ISSUED, issued),
    "replied": Case(_S.ISSUED, _replied),
    "reviewed": Case(_S.ISSUED, _reviewed),
    "closed": Case(_S.CLOSED, _closed),
    "withdrawn": Case(_S.WITHDRAWN, _withdrawn, "inspector outside_reader"),
    "taken_back": Case(_S.WITHDRAWN, _taken_back),
}
OPEN: Final = ("issued", "replied", "reviewed")


@dataclass(frozen=True)
class Act:
    """A form about one finding: its name and address, what is typed, who may send it, and in which cases."""

    name: str
    page: str
    sent: Callable[[], dict[str, Any]]
    who: str
    cases: tuple[str, ...]


def _evidence() -> dict[str, Any]:
    file = SimpleUploadedFile("bukti.pdf", b"%PDF-1.7 bukti sintetis", content_type="application/pdf")
    return {"file": file, "note": "Daftar hadir", "dated_on": TODAY}


def _change() -> dict[str, Any]:
    return {"title": "Judul lain", "condition": "Empat hari seminggu.", "criterion": "Dua hari."}


def _judged(status: str) -> Callable[[], dict[str, Any]]:
    return lambda: {"status": status, "text": "Sesuai bukti.", "reviewed_on": TODAY}


ACTS: Final = (
    Act("finding_change", "ubah/", _change, "inspector", ("draft",)),
    Act("finding_issue", "terbitkan/", dict, "inspector", ("draft",)),
    Act("finding_withdraw", "batalkan/", lambda: {"reason": "Keliru."}, "inspector", ("draft", *OPEN)),
    Act("finding_reply", "tanggapi/", lambda: {"text": "Telah diatur.", "replied_on": TODAY}, ANSWERS, OPEN),
    Act("finding_review", "tindak-lanjut/", _judged("not_yet"), "inspector", OPEN),
    Act("finding_review", "tindak-lanjut/", _judged("done"), "inspector", OPEN),
    Act("evidence_add", "bukti/", _evidence, "inspector", ("draft", *OPEN)),
)
"""Whoever is not named may not, in whatever office; a finding is closed by the review that ends it."""

READ: Final = {"finding", "evidence"}


@pytest.fixture
def accounts(arranged: ArrangedCity) -> dict[str, User]:
    """Everybody who reads findings somewhere, and the employee."""
    cast = arranged.city.cast
    here, elsewhere = cast.institution, cast.outsider.grants.get().institution
    found = {name: getattr(cast, name) for name in ("inspector", "outside_reader", "hr_officer", "employee")}
    found["head"] = arranged.head_account
    found["other_head"] = person("other_head", Role.AGENCY_HEAD, here, cast.other_agency)
    found["inspector_of_other"] = person("inspector_of_other", Role.INSPECTOR, here, cast.other_agency)
    found["inspector_inside"] = person("inspector_inside", Role.INSPECTOR, here)
    link(found["inspector_inside"], holder(arranged.programmer, "Pemeriksa"))
    found["inspector_elsewhere"] = person("inspector_elsewhere", Role.INSPECTOR, elsewhere)
    found["head_elsewhere"] = person("head_elsewhere", Role.AGENCY_HEAD, elsewhere)
    return found


def stored() -> list[object]:
    """All findings with everything that hangs on them, and how long the trail is."""
    tables = (Finding, FindingReply, FollowUp, Evidence)
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    return [*rows, Document.objects.count(), TrailEntry.objects.count()]


@pytest.mark.usefixtures("standings_once")
def test_each_account_does_exactly_what_is_for_it_in_every_state_of_a_finding(
    arranged: ArrangedCity, accounts: dict[str, User]
) -> None:
    wrong = []
    for name, case in CASES.items():
        with transaction.atomic():
            row = case.made(arranged)
            row.refresh_from_db()
            assert row.state == case.state
            before, here = stored(), arranged.url(f"pengawasan/temuan/{row.pk}/")
            for who, user in accounts.items():
                reads = who in case.readers.split()
                told = [*reading(user, here, reads=reads)]
                with sight(row, reads=reads):
                    told += acting(user, here, name, who, reads=reads)
                wrong += [f"{name}, {who}: {fault}" for fault in told]
            if stored() != before:
                wrong.append(f"{name}: something changed")
            transaction.set_rollback(True)
    assert wrong == [], "\n".join(wrong)


@contextmanager
def sight(row: Finding, *, reads: bool) -> Iterator[None]:
    """The one way to findings leads to this one, or to none; whom it leads where is asked for real in `reading`."""
    seen = Finding.objects.filter(pk=row.pk) if reads else Finding.objects.none()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding_access, "visible_findings", lambda *given: seen)
        yield


def reading(user: User, here: str, *, reads: bool) -> Iterable[str]:
    """Whether she reads what she should not, or does not read what she should."""
    _request, answer = asked(user, here)
    if (answer is not None and answer.status_code == 200) != reads:
        yield f"the finding answered {answer and answer.status_code}"


def acting(user: User, here: str, name: str, who: str, *, reads: bool) -> Iterable[str]:
    """Whether she can do what she may not, or cannot do what she may."""
    for act in ACTS:
        url, acts_here = f"{here}{act.page}", reads and who in act.who.split()
        if acts_here and name in act.cases:
            if not carried_out(user, url, act.sent()):
                yield f"{act.page} was not carried out"
            continue
        # Opening a form is asked for in the states in which somebody has it.
        for sent in (None, act.sent()) if reads and name in act.cases else (act.sent(),):
            request, answer = asked(user, url, sent)
            place = answer.headers.get("Location") if answer is not None else None
            if acts_here and (place != here or not list(get_messages(request))):
                yield f"{act.page} did not lead back with a sentence, but to {place}"
            if not acts_here and answer is not None:
                yield f"{act.page} answered {answer.status_code}"


def test_every_state_and_every_address_of_one_finding_stands_in_the_table() -> None:
    assert {case.state for case in CASES.values()} == set(FindingState)
    assert {name for act in ACTS for name in act.cases} <= set(CASES)
    of_one = {getattr(one, "name", "") for one in urlpatterns if "temuan/<key:pk>" in str(one.pattern)}
    assert of_one == {act.name for act in ACTS} | READ
