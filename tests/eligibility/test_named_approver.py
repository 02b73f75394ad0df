"""A condition that names the Sekda brings each request before her ahead of the last station; nobody else passes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from agencies.errors import ActRefused
from agencies.models import User
from eligibility.actions.approvals import approve_request, endorse_request
from eligibility.arrangements.reporting_line import APPROVER, DECIDE, ENDORSE
from eligibility.arrangements.stations import route_of
from eligibility.models import Arrangement
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.arranged_city import ArrangedCity, arranged_city
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
