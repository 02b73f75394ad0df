"""The pages that belong to one employee, which no role opens: accessible, within their width, and quick to answer."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Employee, User
from eligibility.models import Notice
from tests.arranged_city import ArrangedCity, written
from tests.browser.looking import faults_by_day_and_night


def test_an_employee_asks_and_every_page_of_hers_is_accessible(
    arranged: ArrangedCity, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    city = arranged
    Employee.objects.update(residence="Jalan Sintetis 1")
    sign_in(city.asker_account)
    page.goto(live_server.url + city.url("fleksibilitas/ajukan/?bentuk=home"))
    for day in ("tuesday", "wednesday", "thursday"):
        page.check(f"input[value={day}]")
    page.fill("#id_starts_on", "2025-10-06")
    page.fill("#id_ends_on", "2025-11-28")
    page.fill("#id_output_1", "Modul layanan")
    page.click("#jawaban button[value=use]")
    expect(page.locator("input[name=weekdays]:checked")).to_have_count(2)
    assert page.input_value("#id_output_1") == "Modul layanan"
    assert page.locator("#jawaban .outcome-eligible").count() > 0
    problems = {"ajukan": faults_by_day_and_night(page)}
    for path in pages(city):
        page.goto(live_server.url + city.url(path))
        problems[path] = faults_by_day_and_night(page)
    assert {where: found for where, found in problems.items() if found} == {}


def pages(city: ArrangedCity) -> list[str]:
    """Every page of the employee's own, with rows to show."""
    draft, refused = written(city), written(city, mode="other_office", place="uptd", state="refused")
    granted = written(city, mode="dynamic", place="", state="approved", approved_at=timezone.now())
    Notice.objects.create(
        institution=draft.institution, user=city.asker_account, arrangement=refused, code="refused", at=timezone.now()
    )
    return [
        "fleksibilitas/saya/",
        f"fleksibilitas/{draft.pk}/ubah/",
        f"fleksibilitas/{draft.pk}/ajukan/",
        f"fleksibilitas/{draft.pk}/tarik/",
        f"fleksibilitas/{refused.pk}/keberatan/",
        f"fleksibilitas/{granted.pk}/perubahan/",
        "pemberitahuan/",
    ]
