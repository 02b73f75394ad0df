"""The page of what is wrong with the law itself: for whom it opens, with drafts and without, and what it answers."""

from __future__ import annotations

from django.test import Client

from tests.acts.drafts import drafted, published
from tests.base import Cast

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


def test_a_draft_is_looked_at_only_when_asked_and_its_page_leads_here(cast: Cast) -> None:
    row = drafted(cast)
    client = Client()
    client.force_login(cast.rules_administrator)
    assert PAGE in client.get(f"/admin/eligibility/ruleversion/{row.pk}/change/").content.decode()
    asked = {"institution": cast.institution.code, "on": "2025-07-01", "drafts": "on"}
    page = client.get(PAGE, asked)
    assert "refusal" in page.context or page.context["drafts"] == [row]


def test_a_day_that_is_none_and_an_institution_of_others_are_refused_at_their_field(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.rules_administrator)
    page = client.get(PAGE, {"institution": "kota-lain", "on": "32 Juli"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"institution", "on"}
    assert "32 Juli" in page.content.decode()
