"""A condition that names the Sekda brings each request before her ahead of the last station; nobody else passes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from agencies.errors import ActRefused
from agencies.models import Role, User
from eligibility.actions.approvals import (
    answer_objection,
    approve_request,
    endorse_request,
    record_consultation,
    refuse_request,
    return_request,
)
from eligibility.actions.arrangements import object_to_refusal, submit_request
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.arrangements.checks import CheckKind
from eligibility.arrangements.group_requests import decide_many
from eligibility.arrangements.records import read_checks
from eligibility.arrangements.reporting_line import APPROVER, DECIDE, ENDORSE
from eligibility.arrangements.stations import route_of
from eligibility.models import Approval, Arrangement
from oversight.actions.reperformances import reperform
from oversight.models import TrailEntry
from oversight.reperformance.words import Reader, sentences
from oversight.verification import verify_all
from tests.arranged_city import ArrangedCity, arranged_city
from tests.base import person
from tests.eligibility.approving import NOW, waiting
from tests.eligibility.test_condition_approver import condition
from tests.eligibility.test_gathering import circular
from tests.judged_city import JudgedCity


@pytest.fixture
def conditioned(city: JudgedCity, settings: Settings, tmp_path: Path) -> ArrangedCity:
    """The arranged city, whose Penetapan was signed when its circular asked for the Sekda already."""
    settings.DEMO = True
    circular(tmp_path, condition("IZIN", approver="sekda"))
    return arranged_city(city, colleagues=0)


def passes(client: Client, account: User, url: str) -> bool:
    """Whether the account's press on the button moved the request on."""
    client.force_login(account)
    entries = TrailEntry.objects.count()
    assert client.get(url).status_code in {200, 302, 404}
    client.post(url, {"text": "Mendukung."})
    return TrailEntry.objects.count() == entries + 1


def test_the_sekda_is_asked_before_the_last_station_and_only_she_passes_hers(
    client: Client, conditioned: ArrangedCity
) -> None:
    city = conditioned
    row = waiting(city, city.asker)
    assert [(one.kind, one.title) for one in route_of(row)] == [
        (ENDORSE, "Kepala Bidang Aplikasi"),
        (APPROVER, "Sekretaris Daerah"),
        (DECIDE, "Kepala Dinas Komunikasi"),
    ]
    page = city.url(f"fleksibilitas/{row.pk}/")
    others = (city.head_account, city.unit_head_account, city.asker_account, city.city.cast.hr_officer)
    for other in others:
        assert not passes(client, other, f"{page}dukung/"), other.username
        assert not passes(client, other, f"{page}setujui/"), other.username
        with pytest.raises(ActRefused):
            endorse_request(actor=other, arrangement=row, text="", **NOW)
    with pytest.raises(ActRefused, match="Sekretaris Daerah"):
        approve_request(actor=city.head_account, arrangement=row, **NOW)
    assert not passes(client, city.sekda_account, f"{page}setujui/"), "she is asked, the last one decides"
    assert passes(client, city.sekda_account, f"{page}dukung/")
    row.refresh_from_db()
    assert (row.state, row.waits_for.leads if row.waits_for else "") == ("submitted", "agency")
    assert not passes(client, city.sekda_account, f"{page}dukung/"), "once"
    assert passes(client, city.head_account, f"{page}setujui/")
    assert Arrangement.objects.get().state == "approved"
    by = list(row.steps.order_by("pk").values_list("what", "office_title"))
    assert by[-2:] == [("endorsed", "Sekretaris Daerah"), ("approved", "Kepala Dinas Komunikasi")]
    assert verify_all(city.city.cast.institution).is_whole


def asks_for_the_sekda() -> dict[str, Any]:
    """A rule on the request itself, so that no Penetapan changes by it."""
    rule: dict[str, Any] = condition("IZIN", approver="sekda")
    rule["versions"][0]["subject"] = "arrangement"
    return rule


def test_a_rule_published_after_the_submission_still_brings_the_request_before_whom_it_names(
    client: Client, arranged: ArrangedCity, tmp_path: Path
) -> None:
    row = waiting(arranged)
    page = arranged.url(f"fleksibilitas/{row.pk}/")
    assert not passes(client, arranged.head_account, f"{page}dukung/"), "nobody else is to be asked"
    circular(tmp_path, asks_for_the_sekda())
    with pytest.raises(ApprovalRefused) as refusal:
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    for words in ("Sekretaris Daerah", "SE Kota Contoh"):
        assert words in str(refusal.value)
    assert str(refusal.value).count(".") < 4, "nothing else stands in the way, and no other plan is advised"
    (together,) = decide_many(actor=arranged.head_account, arrangements=[row], **NOW)
    assert together.refusal == str(refusal.value)
    told = client.get(page).content.decode()
    assert "Dukung dan teruskan" in told
    assert "Persetujuan Sekretaris Daerah" in told
    assert passes(client, arranged.head_account, f"{page}dukung/")
    row.refresh_from_db()
    entry = TrailEntry.objects.latest("number")
    assert (entry.action, json.loads(entry.body)["named"]) == ("arrangement_endorsed", ["IZIN"])
    assert [(one.kind, one.title) for one in route_of(row)][1:] == [
        (APPROVER, "Sekretaris Daerah"),
        (DECIDE, "Kepala Dinas Komunikasi"),
    ]
    assert not passes(client, arranged.head_account, f"{page}setujui/"), "the Sekda has not said anything yet"
    assert passes(client, arranged.sekda_account, f"{page}dukung/")
    assert not passes(client, arranged.head_account, f"{page}dukung/"), "everybody was asked"
    assert passes(client, arranged.head_account, f"{page}setujui/")
    (check,) = [one for one in read_checks(Approval.objects.get().checks) if one.kind is CheckKind.APPROVER]
    assert (check.passed, check.subject, [rule.code for rule in check.norms]) == (True, "Sekretaris Daerah", ["IZIN"])
    assert verify_all(arranged.city.cast.institution).is_whole


def test_what_was_mended_is_endorsed_anew_by_whom_a_rule_names(arranged: ArrangedCity, tmp_path: Path) -> None:
    row = waiting(arranged)
    circular(tmp_path, asks_for_the_sekda())
    endorse_request(actor=arranged.head_account, arrangement=row, text="", **NOW)
    return_request(actor=arranged.sekda_account, arrangement=row, text="Perjelas keluaran.", **NOW)
    submit_request(actor=arranged.asker_account, arrangement=row, **NOW)
    endorse_request(actor=arranged.unit_head_account, arrangement=row, text="", **NOW)
    row.refresh_from_db()
    assert row.waits_for is not None
    assert row.waits_for.title == "Sekretaris Daerah"
    with pytest.raises(ActRefused, match="Sekretaris Daerah"):
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)


def test_deciding_again_tells_of_an_approval_that_lacked_whom_its_own_rulebook_names(
    arranged: ArrangedCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def differences() -> list[str]:
        cast = arranged.city.cast
        again = reperform(actor=cast.inspector, institution=cast.institution, since=None).run.differences.all()
        return [" ".join(sentences(one, Reader(whole=True))) for one in again]

    first, second = waiting(arranged), waiting(arranged, arranged.colleagues[0], "monday")
    third = waiting(arranged, arranged.colleagues[1], "thursday")
    approve_request(actor=arranged.head_account, arrangement=first, **NOW)
    circular(tmp_path, asks_for_the_sekda())
    assert differences() == [], "nobody is accused for a rule that was published afterwards"
    endorse_request(actor=arranged.head_account, arrangement=second, text="", **NOW)
    endorse_request(actor=arranged.sekda_account, arrangement=second, text="", **NOW)
    approve_request(actor=arranged.head_account, arrangement=second, **NOW)
    assert differences() == []
    # As approvals were given when the conditions were read at the submission alone.
    monkeypatch.setattr("eligibility.arrangements.examined._with_approvers", lambda _rows, _place, found, *_when: found)
    approve_request(actor=arranged.head_account, arrangement=third, **NOW)
    (difference,) = differences()
    assert "Persetujuan Sekretaris Daerah" in difference


def test_a_granted_objection_sets_the_refusal_of_a_named_office_aside(
    client: Client, conditioned: ArrangedCity
) -> None:
    city = conditioned
    row = waiting(city, city.asker)
    sekda, mayor = city.sekda_account, person("mayor", Role.AGENCY_HEAD, city.city.cast.institution)
    record_consultation(actor=sekda, arrangement=row, held_on=NOW["on"], text="Dibahas.", **NOW)
    refuse_request(actor=sekda, arrangement=row, ground="task", text="Rilis.", **NOW)
    object_to_refusal(actor=city.asker_account, arrangement=row, statement="Tidak benar.", **NOW)
    answer_objection(actor=mayor, arrangement=row, granted=True, answer="Diterima.", **NOW)
    client.force_login(mayor)
    page = client.get(city.url(f"fleksibilitas/{row.pk}/")).content.decode()
    assert "penolakannya dikesampingkan oleh keberatan yang dikabulkan" in page
    assert "Dukung dan teruskan" not in page, "who was overruled is not asked again"
    approval = approve_request(actor=mayor, arrangement=row, **NOW)
    (told,) = (check for check in read_checks(approval.checks) if check.kind is CheckKind.APPROVER)
    assert told.name == "overruled"
    again = reperform(actor=None, institution=city.city.cast.institution, since=None)
    assert not again.run.differences.exists()
