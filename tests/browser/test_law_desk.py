"""A circular becomes law at the browser: typed as data, reviewed by somebody else, published, judged day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page
from pytest_django.live_server_helper import LiveServer

from agencies.institutions_register import ensure_institutions
from agencies.models import Institution, Role, User
from eligibility.actions import rule_cases
from eligibility.actions.drafts import clone_version
from eligibility.actions.law import load_rules
from eligibility.exchange import exchange_file
from eligibility.models import RuleVersion
from eligibility.seeds import seed_files
from eligibility.texts import RuleText
from tests.acts.drafts import circular_text, counter_text, published, second_administrator
from tests.acts.rule_cases import COUNTER
from tests.acts.rule_imports import KEY
from tests.base import Cast, person
from tests.browser.law_writing import review_and_publish, write_circular
from tests.browser.looking import faults
from tests.eligibility.circulars import SE_MENPANRB_1_2024, SURABAYA
from tests.eligibility.circulars_of_seeds import typed
from tests.eligibility.law import judged_now, law_cases
from tests.eligibility.law_typing import ADMIN
from tests.eligibility.test_law_typed import (
    BY_SEED,
    agencies_of,
    check_balai_rw,
    check_cases,
    ensure_surabaya,
    without,
)
from tests.factories import AgencyFactory


def test_a_circular_typed_as_data_decides_on_its_days_as_its_seed_does(
    transactional_db: None, cast: Cast, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    load_rules(actor=None, files=[path for path in seed_files() if path.stem != "se-menpanrb-1-2024"])
    nation = Institution.objects.get(code="nasional")
    writer, reviewer = (person(f"national_{n}", Role.RULES_ADMINISTRATOR, nation) for n in (1, 2))
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(writer)
    instrument = write_circular(page, live_server.url, SE_MENPANRB_1_2024)
    page.goto(f"{live_server.url}{ADMIN}/instrument/{instrument.pk}/change/")
    assert faults(page) == []
    with page.expect_navigation():  # the page left has a title, too
        page.locator("section.module li a").first.click()
    page.locator("[name=title]").fill("Kalimat yang berubah di layar")
    page.locator("#law-words .law-title", has_text="Kalimat yang berubah di layar").wait_for()
    assert faults(page) == []
    review_and_publish(page, live_server.url, SE_MENPANRB_1_2024, change_person=lambda: sign_in(reviewer))
    cases = [case for case in law_cases() if case.file == "april-2024"]
    assert {case.on.day for case in cases} >= {15, 16, 17, 18}, "the day before, both days, the day after"
    for case in cases:
        answer = judged_now(case)
        assert answer.found == case.expected, case.name
        assert answer.outcome is case.outcome, case.name


@pytest.mark.parametrize("stem", ["provinsi-jawa-timur-2025-03", "kota-malang-2025-03"])
def test_a_circular_of_a_region_is_typed_with_its_agencies_and_percentages(
    transactional_db: None,
    cast: Cast,
    live_server: LiveServer,
    page: Page,
    sign_in: Callable[[User], None],
    stem: str,
    tmp_path: Path,
) -> None:
    ensure_institutions()
    load_rules(actor=None, files=without(stem, tmp_path))
    circular = typed(BY_SEED[stem])
    owner = Institution.objects.get(code=circular.institution)
    for code in agencies_of(circular):
        AgencyFactory.create(institution=owner, code=code)
    writer, reviewer = (person(f"regional_{n}", Role.RULES_ADMINISTRATOR, owner) for n in (1, 2))
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(writer)
    write_circular(page, live_server.url, circular)
    review_and_publish(page, live_server.url, circular, change_person=lambda: sign_in(reviewer))
    check_cases()


def test_camat_and_lurah_at_the_balai_rw_are_typed_as_another_place(
    transactional_db: None, cast: Cast, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    load_rules(actor=None, files=seed_files())
    owner = ensure_surabaya()
    writer, reviewer = (person(f"surabaya_{n}", Role.RULES_ADMINISTRATOR, owner) for n in (1, 2))
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(writer)
    write_circular(page, live_server.url, SURABAYA)
    review_and_publish(page, live_server.url, SURABAYA, change_person=lambda: sign_in(reviewer))
    check_balai_rw()


def test_a_circular_is_extended_by_a_dated_amendment(
    transactional_db: None,
    cast: Cast,
    live_server: LiveServer,
    page: Page,
    sign_in: Callable[[User], None],
    tmp_path: Path,
) -> None:
    stem = "se-mendagri-800-1-5-3349-sj"
    load_rules(actor=None, files=without(stem, tmp_path))
    nation = Institution.objects.get(code="nasional")
    writer, reviewer = (person(f"national_{n}", Role.RULES_ADMINISTRATOR, nation) for n in (1, 2))
    whole = typed(BY_SEED[stem])
    first, second = whole.periods
    circular = replace(whole, periods=[{**first, "ends_on": "2026-05-20"}])
    sign_in(writer)
    instrument = write_circular(page, live_server.url, circular)
    review_and_publish(page, live_server.url, circular, change_person=lambda: sign_in(reviewer))
    page.goto(f"{live_server.url}{ADMIN}/instrument/{instrument.pk}/perpanjang/")
    fields = {"first_day": second["starts_on"], "basis": second["basis"], "known_from": "2026-05-21"}
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(str(value))
    with page.expect_navigation():
        page.locator("main [name=confirm]").click()
    check_cases()


def test_every_page_of_the_administration_is_accessible_and_its_acts_are_reached_by_keyboard(
    transactional_db: None, cast: Cast, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    law = published(cast)
    case = rule_cases.write_case(
        actor=cast.rules_administrator, rule=law.rule, institution=cast.institution, case=COUNTER
    )
    clone = clone_version(actor=cast.rules_administrator, version=law)
    page.set_viewport_size({"width": 1280, "height": 900})
    version, instrument = f"{ADMIN}/ruleversion", f"{ADMIN}/instrument/{law.provision.instrument_id}"
    paths = [
        "/admin/",
        *(f"{ADMIN}/{name}/" for name in ("instrument", "ruleversion", "provision", "institutionsetting", "senderkey")),
        *(f"{ADMIN}/{name}/add/" for name in ("instrument", "ruleversion", "senderkey")),
        f"{ADMIN}/instrument/impor/",
        f"{ADMIN}/institutionsetting/add/?name=new_employee_months",
        *(f"{version}/{law.pk}/{part}/" for part in ("change", "salin", "cabut", "kasus", f"kasus/{case.pk}/tutup")),
        *(f"{version}/{clone.pk}/{part}/" for part in ("change", "beda", "tinjau", "terbitkan", "buang")),
        *(f"{instrument}/{part}/" for part in ("change", "perpanjang", "akhiri", "ketentuan")),
        f"{version}/dampak/?v={clone.pk}",
        *(f"{version}/dampak/?v={clone.pk}&daftar={listed}" for listed in ("penetapan", "fleksibilitas")),
        f"{ADMIN}/provision/{law.provision_id}/change/",
        f"{ADMIN}/provision/{law.provision_id}/bandingkan/",
    ]
    found: dict[str, object] = {}
    sign_in(second_administrator(cast))
    for path in paths:
        answer = page.goto(live_server.url + path)
        assert answer is not None
        found[path] = answer.status if answer.status != 200 else faults(page) + unreached(page)
    assert {path: said for path, said in found.items() if said} == {}


def unreached(page: Page) -> list[str]:
    """The visible parts of a page to act with that the Tab key passes by."""
    left: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main a[href], main button, main input, main select, main textarea")]
            .filter(one => one.type !== "hidden" && one.checkVisibility() && !one.disabled && one.tabIndex < 0)
            .map(one => "not by keyboard: " + (one.name || one.textContent.trim()))"""
    )
    return left


def test_a_file_of_rules_is_chosen_looked_at_and_imported_at_the_browser(
    transactional_db: None, cast: Cast, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    published(cast)
    second = replace(counter_text(), number=2, title="Petugas loket dan kasir tetap di kantor")
    rules = (RuleText("LOKET", (counter_text(), second)), RuleText("KASIR", (counter_text(),)))
    file = exchange_file([circular_text(rules=rules)], KEY).encode()
    sign_in(second_administrator(cast))
    page.goto(f"{live_server.url}{ADMIN}/instrument/impor/")
    payload: FilePayload = {"name": "aturan.json", "mimeType": "application/json", "buffer": file}
    page.locator("main input[type=file]").set_input_files(payload)
    page.locator("main [name=_look]").click()
    page.locator("main [name=confirm]").wait_for()
    page.locator("main summary").click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) + unreached(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    with page.expect_navigation():
        page.locator("main [name=confirm]").click()
    drafts = RuleVersion.objects.drafts().order_by("rule__code")
    assert [str(one) for one in drafts] == ["KASIR v1", "LOKET v2"]
