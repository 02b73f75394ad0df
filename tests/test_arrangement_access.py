"""Who may open and do what with one arrangement, wherever it stands: every page × every account × every state.

What is not allowed looks as if it were not there, or leads back with a sentence to where the request may be read;
and it changes nothing. Strangers, one for each role of another institution, find nothing at the request's own address
and nothing by their own institution's. So that all of it takes seconds, views are asked themselves, and two things are
asked once instead of each time: what an account stands for, and whether a request is within its sight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django_htmx.middleware import HtmxDetails

from agencies.models import Institution, Role, User
from eligibility import arrangement_access
from eligibility.actions import approvals, endings
from eligibility.actions.arrangements import (
    object_to_refusal,
    save_request,
    submit_request,
    take_back_request,
    withdraw_request,
)
from eligibility.actions.letters import issue_letter
from eligibility.actions.worked_days import record_worked_days
from eligibility.models import (
    Approval,
    Arrangement,
    ArrangementObjection,
    ArrangementOutput,
    ArrangementState,
    ArrangementStep,
    Letter,
    WorkedDay,
)
from oversight.models import Finding, TrailEntry
from tests.arranged_city import TODAY, ArrangedCity, holder, link
from tests.base import person
from tests.eligibility.approving import NOW, approved, waiting
from tests.eligibility.test_request_pages import typed
from tests.factories import AgencyFactory, PositionFactory, UserFactory
from tests.test_access_matrix import OF_ONE_AGENCY, named_patterns, same_words

LATER: Final = date(2025, 10, 20)
"""A Monday within the period."""
WORKED: Final = date(2025, 9, 30)

ACCOUNTS: Final = (
    *(
        "asker",
        "colleague",
        "unit_head",
        "head",
        "sekda",
        "paper_head",
        "other_head",
        "hr_officer",
        "hr_elsewhere",
    ),
    *("inspector", "inspector_inside", "outside_reader"),
    *("rules_administrator", "data_protection_officer", "system_administrator"),
)
LINE: Final = "unit_head head hr_officer"
"""The offices of the reporting line, and the HR officer: who may stop what was granted."""
CHARGE: Final = f"{LINE} paper_head"
"""Who reads the requests of the agency, drafts apart: also a head by grant alone, without an office to decide in."""
DESK: Final = "inspector outside_reader"
"""Who audits: not the inspector who is posted in the agency herself."""


def _draft(city: ArrangedCity) -> Arrangement:
    return save_request(actor=city.asker_account, employee=city.asker, plan=city.plan(), **NOW)


def _draft_by_head(city: ArrangedCity) -> Arrangement:
    told: dict[str, Any] = {"employee": city.asker, "plan": city.plan(), "asked_by_head": True}
    return save_request(actor=city.unit_head_account, **told, **NOW)


def _submitted(city: ArrangedCity) -> Arrangement:
    return submit_request(actor=city.asker_account, arrangement=_draft(city), **NOW)


def _returned(city: ArrangedCity) -> Arrangement:
    row = waiting(city)
    return approvals.return_request(actor=city.head_account, arrangement=row, text="Lengkapi.", **NOW)


def _taken_back(city: ArrangedCity) -> Arrangement:
    return take_back_request(actor=city.asker_account, arrangement=waiting(city), text="Hari lain.", **NOW)


def _consulted(city: ArrangedCity) -> Arrangement:
    told: dict[str, Any] = {"held_on": TODAY, "text": "Dibahas."}
    return approvals.record_consultation(actor=city.head_account, arrangement=waiting(city), **told, **NOW)


def _refused(city: ArrangedCity) -> Arrangement:
    told: dict[str, Any] = {"ground": "task", "text": "Rilis aplikasi."}
    return approvals.refuse_request(actor=city.head_account, arrangement=_consulted(city), **told, **NOW)


def _objected(city: ArrangedCity) -> Arrangement:
    row = _refused(city)
    object_to_refusal(actor=city.asker_account, arrangement=row, statement="Rilis selesai.", **NOW)
    return row


def _lettered(city: ArrangedCity) -> Arrangement:
    row = approved(city)
    issue_letter(actor=city.head_account, arrangement=row, number="800/1", signed_on=TODAY, **NOW)
    record_worked_days(actor=city.head_account, arrangement=row, days=[WORKED], source="Presensi", **NOW)
    return row


def _suspended(city: ArrangedCity) -> Arrangement:
    told: dict[str, Any] = {"on": LATER, "ground": "output", "text": "Keluaran belum ada.", "at": NOW["at"]}
    return endings.suspend_arrangement(actor=city.head_account, arrangement=approved(city), **told)


def _ended(city: ArrangedCity) -> Arrangement:
    told: dict[str, Any] = {"on": LATER, "reason": "Selesai.", "at": NOW["at"]}
    return endings.end_arrangement(actor=city.head_account, arrangement=approved(city), **told)


def _withdrawn(city: ArrangedCity) -> Arrangement:
    return withdraw_request(actor=city.asker_account, arrangement=waiting(city), reason="Berubah.", **NOW)


@dataclass(frozen=True)
class Case:
    """Where a request stands: how it came there, who reads its page, who reads it on the inspector's desk."""

    state: ArrangementState
    made: Callable[[ArrangedCity], Arrangement]
    readers: str = f"asker {CHARGE}"
    desk: str = DESK


_S = ArrangementState
CASES: Final = {
    "draft": Case(_S.DRAFT, _draft, readers="asker", desk=""),
    "draft_by_head": Case(_S.DRAFT, _draft_by_head, readers="asker unit_head", desk=""),
    "submitted": Case(_S.SUBMITTED, _submitted),
    "endorsed": Case(_S.SUBMITTED, waiting),
    "returned": Case(_S.RETURNED, _returned),
    "taken_back": Case(_S.RETURNED, _taken_back),
    "consulted": Case(_S.CONSULTATION, _consulted),
    "approved": Case(_S.APPROVED, approved),
    "lettered": Case(_S.APPROVED, _lettered),
    "refused": Case(_S.REFUSED, _refused),
    "objected": Case(_S.REFUSED, _objected, readers=f"asker {CHARGE} sekda"),
    "suspended": Case(_S.SUSPENDED, _suspended),
    "ended": Case(_S.ENDED, _ended),
    "withdrawn": Case(_S.WITHDRAWN, _withdrawn),
}


@dataclass(frozen=True)
class Act:
    """A form about one request: its address, what is typed, and by case who may send it."""

    page: str
    sent: dict[str, Any]
    allowed: dict[str, str]


def _by(who: str, *cases: str) -> dict[str, str]:
    return dict.fromkeys(cases, who)


ACTS: Final = {
    "arrangement_edit": Act(
        "ubah/",
        typed("monday", do="save"),
        {**_by("asker", "draft", "returned", "taken_back"), "draft_by_head": "asker unit_head"},
    ),
    "arrangement_submit": Act(
        "ajukan/", {}, {**_by("asker", "draft", "returned", "taken_back"), "draft_by_head": "asker unit_head"}
    ),
    "arrangement_take_back": Act(
        "perbaiki/", {"text": "Hari lain."}, _by("asker", "submitted", "endorsed", "consulted")
    ),
    "arrangement_withdraw": Act(
        "tarik/",
        {"reason": "Rencana berubah."},
        {
            **_by("asker", "draft", "submitted", "endorsed", "returned", "taken_back", "consulted"),
            "draft_by_head": "asker unit_head",
        },
    ),
    "arrangement_amend": Act(
        "perubahan/",
        typed("monday", "friday", do="save"),
        _by(f"asker {CHARGE}", "approved", "lettered", "suspended"),
    ),
    "arrangement_object": Act("keberatan/", {"statement": "Rilis selesai."}, _by("asker", "refused")),
    "arrangement_endorse": Act("dukung/", {"text": ""}, _by("unit_head", "submitted")),
    "arrangement_return": Act(
        "kembalikan/", {"text": "Lengkapi."}, {"submitted": "unit_head", **_by("head", "endorsed", "consulted")}
    ),
    "arrangement_consult": Act(
        "konsultasi/",
        {"held_on": TODAY, "text": "Dibahas."},
        {"submitted": "unit_head", **_by("head", "endorsed", "consulted")},
    ),
    "arrangement_approve": Act("setujui/", {}, _by("head", "endorsed", "consulted")),
    "arrangement_refuse": Act("tolak/", {"ground": "task", "text": "Rilis."}, _by("head", "consulted")),
    "arrangement_answer": Act("jawab-keberatan/", {"granted": "no", "answer": "Tetap."}, _by("sekda", "objected")),
    "arrangement_suspend": Act(
        "tangguhkan/",
        {"on": LATER, "ground": "output", "text": "Keluaran belum ada."},
        _by(LINE, "approved", "lettered"),
    ),
    "arrangement_resume": Act("lanjutkan/", {"on": LATER}, _by("head", "suspended")),
    "arrangement_end": Act(
        "akhiri/", {"on": LATER, "reason": "Selesai."}, _by(f"asker {LINE}", "approved", "lettered", "suspended")
    ),
    "arrangement_letter": Act(
        "surat/",
        {"number": "800/2", "signed_on": TODAY, "capacity": "", "signatory": ""},
        _by("head hr_officer", "approved"),
    ),
    "worked_days": Act(
        "hari-kerja/",
        {"days": "2025-09-29", "source": "Presensi"},
        _by(CHARGE, "approved", "lettered", "suspended", "ended"),
    ),
    "worked_day_withdraw": Act(f"hari-kerja/{WORKED}/tarik/", {}, _by(CHARGE, "lettered")),
}
"""By the name of the address. Whoever is not named may not, in whatever office; nobody acts on her own request."""

READ: Final = {"arrangement", "letter_pdf", "case"}
NOT_OF_ONE: Final = {"letter_check"}
"""Open to everybody, for what a letter says."""

Where = Callable[[ArrangedCity, Arrangement], str]


def _one(city: ArrangedCity, row: Arrangement, page: str = "") -> str:
    return city.url(f"fleksibilitas/{row.pk}/{page}")


@pytest.fixture
def accounts(arranged: ArrangedCity) -> dict[str, User]:
    """Everybody."""
    cast, city = arranged.city.cast, arranged
    there = PositionFactory.create(agency=cast.other_agency, title="Kepala Dinas Kesehatan", leads="agency")
    found: dict[str, User] = {name: getattr(cast, name) for name in ACCOUNTS if hasattr(cast, name)}
    found |= {"asker": city.asker_account, "unit_head": city.unit_head_account, "head": city.head_account}
    found["sekda"] = city.sekda_account
    found["colleague"] = person("colleague", Role.EMPLOYEE, cast.institution, cast.agency)
    found["paper_head"] = person("paper_head", Role.AGENCY_HEAD, cast.institution, cast.agency)
    found["other_head"] = person("other_head", Role.AGENCY_HEAD, cast.institution, cast.other_agency)
    found["hr_elsewhere"] = person("hr_elsewhere", Role.HR_OFFICER, cast.institution, cast.other_agency)
    found["inspector_inside"] = person("inspector_inside", Role.INSPECTOR, cast.institution)
    link(found["colleague"], city.colleagues[0])
    link(found["other_head"], holder(there, "Kepala Lain"))
    link(found["inspector_inside"], holder(city.programmer, "Pemeriksa"))
    assert set(found) == set(ACCOUNTS)
    assert {role.value for role in Role} - {"employee", "agency_head"} <= set(found)
    return found


@dataclass(frozen=True)
class Stranger:
    """An account without a grant in the city, and the code of the institution in which it holds a role."""

    user: User
    home: str


@pytest.fixture
def strangers(arranged: ArrangedCity) -> dict[str, Stranger]:
    """Who holds each role in another city, with an office of her own there; who writes the law of all; nobody's."""
    there, nation = arranged.city.cast.outsider.grants.get().institution, Institution.objects.get(code="nasional")
    found = {f"{role.value}_of_{there.code}": _stranger(role, there) for role in Role}
    found["rules_administrator_of_all"] = Stranger(person("law", Role.RULES_ADMINISTRATOR, nation), nation.code)
    found["without_grant"] = Stranger(UserFactory.create(), there.code)
    return found


def _stranger(role: Role, there: Institution) -> Stranger:
    agency = AgencyFactory.create(institution=there)
    user = person(f"{role.value}_there", role, there, agency if role in OF_ONE_AGENCY else None)
    office = PositionFactory.create(agency=agency, leads="agency" if role is Role.AGENCY_HEAD else "none")
    link(user, holder(office, f"Pegawai {role.value}"))
    return Stranger(user, there.code)


def asked(user: User, url: str, sent: dict[str, Any] | None = None) -> tuple[HttpRequest, HttpResponse | None]:
    """The view's answer to opening an address, or to sending it a form; None: there is nothing.

    Asked of the view itself: what surrounds it costs ten times as much and is the same for all.
    """
    factory = RequestFactory()
    request = factory.get(url) if sent is None else factory.post(url, sent)
    request.user = user
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    found = resolve(url.split("?")[0])
    try:
        return request, found.func(request, *found.args, **found.kwargs)
    except Http404:
        return request, None


def stored(row: Arrangement) -> list[object]:
    """The request with everything that hangs on it, and how long the trail is."""
    of = {"arrangement": row.pk}
    tables = (ArrangementOutput, ArrangementStep, ArrangementObjection, Approval, WorkedDay)
    return [
        *Arrangement.objects.order_by("pk").values(),
        *(list(table.objects.filter(**of).order_by("pk").values()) for table in tables),
        Letter.objects.count(),
        Finding.objects.count(),
        TrailEntry.objects.count(),
    ]


def refused(user: User, url: str, sent: dict[str, Any] | None, *, back: str) -> bool:
    """Whether the form was not there, or led back to the page of the request with a sentence, or to its draft."""
    request, answer = asked(user, url, sent)
    if answer is None:
        return True
    place = answer.headers.get("Location", "") if answer.status_code == 302 else ""
    return place == f"{back}ubah/" or (place == back and bool(list(get_messages(request))))


def carried_out(user: User, url: str, sent: dict[str, Any]) -> bool:
    """Whether the form opened, and what was sent became an act; taken back at once."""
    _request, form = asked(user, url)
    entries = TrailEntry.objects.count()
    with transaction.atomic():
        _request, answer = asked(user, url, sent)
        acted = TrailEntry.objects.count() > entries
        transaction.set_rollback(True)
    return form is not None and form.status_code == 200 and answer is not None and answer.status_code == 302 and acted


@contextmanager
def sight(*keys: int) -> Iterator[None]:
    """The one way to requests leads to these alone; whom it leads where is asked for real in `reading`."""
    seen = Arrangement.objects.filter(pk__in=keys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrangement_access, "visible_arrangements", lambda *given: seen)
        yield


@pytest.mark.usefixtures("standings_once")
def test_each_account_does_exactly_what_is_for_it_in_every_state(
    arranged: ArrangedCity, accounts: dict[str, User], strangers: dict[str, Stranger]
) -> None:
    wrong = []
    for name, case in CASES.items():
        with transaction.atomic():
            row = case.made(arranged)
            row.refresh_from_db()
            assert row.state == case.state
            before = stored(row)
            wrong += [f"{name}, {fault}" for fault in reading(arranged, accounts, row, case, name)]
            wrong += [f"{name}, {fault}" for fault in acting(arranged, accounts, row, case, name)]
            wrong += [f"{name}, {fault}" for fault in from_outside(strangers, row, name)]
            if stored(row) != before:
                wrong.append(f"{name}: something changed")
            transaction.set_rollback(True)
    assert wrong == [], "\n".join(wrong)


def reading(city: ArrangedCity, accounts: dict[str, User], row: Arrangement, case: Case, name: str) -> Iterable[str]:
    """Who reads what she should not, or does not read what she should."""
    pages = {
        _one(city, row): case.readers,
        _one(city, row, "surat.pdf"): case.readers if name == "lettered" else "",
        city.url(f"pengawasan/kasus/{row.pk}/"): case.desk,
        city.url(f"pengawasan/temuan/tulis/?arrangement={row.pk}"): case.desk.replace("outside_reader", ""),
    }
    for who, user in accounts.items():
        for url, readers in pages.items():
            _request, answer = asked(user, url)
            if (answer is not None and answer.status_code == 200) != (who in readers.split()):
                yield f"{who}: {url} answered {answer and answer.status_code}"


def from_outside(strangers: dict[str, Stranger], row: Arrangement, name: str) -> Iterable[str]:
    """Who of another institution is told of the request, by its address or by the same one in her own institution."""
    acts = [act for act in ACTS.values() if name in act.allowed]
    for who, stranger in strangers.items():
        for code in {row.institution.code, stranger.home}:
            one = f"/{code}/fleksibilitas/{row.pk}/"
            read = [one, f"{one}surat.pdf", f"/{code}/pengawasan/kasus/{row.pk}/"]
            read += [f"/{code}/pengawasan/temuan/tulis/?arrangement={row.pk}"]
            tried: list[tuple[str, dict[str, Any] | None]] = [(url, None) for url in read]
            tried += [(f"{one}{act.page}", act.sent) for act in acts]
            tried += [(f"{one}{act.page}", None) for act in acts if code != stranger.home]
            for url, sent in tried:
                if asked(stranger.user, url, sent)[1] is not None:
                    yield f"{who}: {url} tells that there is something"


def acting(city: ArrangedCity, accounts: dict[str, User], row: Arrangement, case: Case, name: str) -> Iterable[str]:
    """Who can do what she may not, or cannot do what she may."""
    back, readers = _one(city, row), case.readers.split()
    for act in ACTS.values():
        url, allowed = _one(city, row, act.page), act.allowed.get(name, "").split()
        assert set(allowed) <= set(readers)
        # Opening a form is asked for in the states in which somebody has it.
        sendings = (None, act.sent) if allowed else (act.sent,)
        with sight(row.pk):
            for who in readers:
                if who in allowed:
                    if not carried_out(accounts[who], url, act.sent):
                        yield f"{who}: {act.page} was not carried out"
                elif not all(refused(accounts[who], url, sent, back=back) for sent in sendings):
                    yield f"{who}: {act.page} was not refused"
        with sight():
            for who in set(accounts) - set(readers):
                if any(asked(accounts[who], url, sent)[1] is not None for sent in sendings):
                    yield f"{who}: {act.page} tells that there is something"


def test_every_state_and_every_address_of_one_arrangement_stands_in_the_table() -> None:
    assert {case.state for case in CASES.values()} == set(ArrangementState)
    resolver = get_resolver()
    of_one = {name for name in named_patterns(resolver) if "fleksibilitas/" in _route(resolver, name)}
    assert of_one <= {*ACTS, *READ}


def _route(resolver: URLResolver, name: str) -> str:
    """The route of an address about one row; empty for another."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            if one.name == name and "<key:pk>" in str(one.pattern):
                return str(one.pattern)
        elif found := _route(one, name):
            return found
    return ""


def test_what_is_out_of_sight_looks_as_if_it_were_not_there(client: Client, arranged: ArrangedCity) -> None:
    row, cast = approved(arranged), arranged.city.cast
    for user in (arranged.sekda_account, cast.inspector, cast.system_administrator, cast.outsider):
        client.force_login(user)
        for page in ("", "akhiri/", "surat.pdf"):
            seen, nothing = (client.get(arranged.url(f"fleksibilitas/{key}/{page}")) for key in (row.pk, 99999999))
            assert (seen.status_code, nothing.status_code) == (404, 404)
            assert same_words(seen.content.decode(), nothing.content.decode())


def test_a_visitor_is_asked_to_sign_in_whatever_the_address(client: Client, arranged: ArrangedCity) -> None:
    row = approved(arranged)
    for page in ("", "surat.pdf", *(act.page for act in ACTS.values())):
        for answer in (client.get(_one(arranged, row, page)), client.post(_one(arranged, row, page), {})):
            assert answer.status_code in {302, 405}, page
            assert answer.headers.get("Location", "/masuk/").startswith("/masuk/"), page
    row.refresh_from_db()
    assert row.state == "approved"
