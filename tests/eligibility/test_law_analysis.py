"""The page of what is wrong with the law itself: for whom it opens, with drafts and without, and what it answers."""

from __future__ import annotations

from django.test import Client

from agencies.models import Position
from tests.acts.drafts import drafted, published
from tests.base import Cast
from tests.judged_city import JudgedCity

PAGE = "/admin/analisis/"


def test_rules_administrators_see_the_law_with_and_without_drafts_and_nobody_else_does(cast: Cast) -> None:
    published(cast)
    client = Client()
    assert client.get(PAGE).status_code == 302
    client.force_login(cast.hr_officer)
    assert client.get(PAGE).status_code == 404
    client.force_login(cast.rules_administrator)
    assert PAGE in client.get("/admin/").content.decode()
    code = cast.institution.code
    page = client.get(PAGE, {"institution": code, "on": "2025-07-01"})
    assert page.status_code == 200
    assert page.context["examined"] > 0
    assert page.context["drafts"] == []


def test_a_draft_is_looked_at_only_when_asked_and_its_page_leads_here(city: JudgedCity) -> None:
    cast = city.cast
    row = drafted(cast)
    client = Client()
    client.force_login(cast.rules_administrator)
    assert PAGE in client.get(f"/admin/eligibility/ruleversion/{row.pk}/change/").content.decode()
    asked = {"institution": cast.institution.code, "on": "2025-07-01", "drafts": "on"}
    assert client.get(PAGE, asked).context["drafts"] == [row]
    assert client.get(PAGE, {**asked, "drafts": ""}).context["drafts"] == []


def test_before_any_norm_the_office_alone_speaks_and_afterwards_the_norm_does(city: JudgedCity) -> None:
    client = Client()
    client.force_login(city.cast.rules_administrator)
    code = city.cast.institution.code
    before = client.get(PAGE, {"institution": code, "on": "2024-01-02"}).context["unspoken"]
    jobs = {job.pk for _modes, rows in before for job in rows}
    assert jobs == set(Position.objects.filter(institution=city.cast.institution).values_list("pk", flat=True))
    assert client.get(PAGE, {"institution": code, "on": "2025-07-01"}).context["unspoken"] == []


def test_a_day_that_is_none_and_an_institution_of_others_are_refused_at_their_field(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.rules_administrator)
    page = client.get(PAGE, {"institution": "kota-lain", "on": "32 Juli"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"institution", "on"}
    assert "32 Juli" in page.content.decode()
