"""A legal officer at the browser: types a circular and its rules into the administration, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page

from eligibility.models import Instrument, Provision, Rule, RuleVersion
from tests.eligibility.law_typing import ADMIN, Row, TypedCircular, TypedRule, codes


def write_circular(page: Page, base: str, circular: TypedCircular) -> Instrument:
    """Type the circular, then each of its rules, as drafts."""
    page.goto(f"{base}{ADMIN}/instrument/add/?institution={circular.institution}")
    _fill_all(page, circular.fields)
    for part in ("periods", "scopes", "provisions"):
        _fill_rows(page, part, getattr(circular, part))
    _save(page)
    instrument = Instrument.objects.get(code=circular.code)
    for rule in circular.rules:
        page.goto(f"{base}{ADMIN}/ruleversion/add/?institution={circular.institution}")
        write_rule(page, rule, Provision.objects.get(instrument=instrument, reference=rule.provision))
        _save(page)
    return instrument


def write_rule(page: Page, rule: TypedRule, place: Provision) -> None:
    """Type a rule into its form, which is open."""
    effect = {"effect": rule.fields["effect"]}  # first: what belongs to other effects is out of sight
    _fill_all(page, {**effect, "code": rule.code, "provision": str(place.pk), **rule.fields})
    for part in ("applies", "requires", "lifts", "exceptions"):
        _fill_rows(page, part, getattr(rule, part))


def review_and_publish(page: Page, base: str, circular: TypedCircular, *, change_person: Any) -> None:
    """Have somebody else review each draft, then publish all of them together from the list."""
    drafts = list(RuleVersion.objects.drafts().filter(rule__in=Rule.objects.filter(code__in=codes(circular))))
    change_person()
    for draft in drafts:
        page.goto(f"{base}{ADMIN}/ruleversion/{draft.pk}/tinjau/")
        _press(page, "confirm")
    page.goto(f"{base}{ADMIN}/ruleversion/?state=reviewed")
    for draft in drafts:
        page.locator(f"input[name=_selected_action][value='{draft.pk}']").check()
    page.locator("select[name=action]").select_option("publish_together")
    with page.expect_navigation():
        page.locator("button[name=index]").click()
    _press(page, "confirm")


def _fill_all(page: Page, fields: Row) -> None:
    for name, value in fields.items():
        _fill(page, name, value)


def _fill_rows(page: Page, part: str, given: Sequence[Row]) -> None:
    for number, row in enumerate(given):
        if not page.locator(f"#{part}-{number}").count():
            page.locator(f"#{part}-group .add-row a").click()
        _fill_row(page, f"{part}-{number}", row)


def _fill_row(page: Page, prefix: str, row: Mapping[str, Any]) -> None:
    if "fact" in row:
        _fill(page, f"{prefix}-fact", row["fact"])
        page.locator(f"#{prefix}:not([aria-busy])").wait_for(state="attached")  # its fields are those of the fact
    for name, value in row.items():
        if name != "fact":
            _fill(page, f"{prefix}-{name}", value)


def _fill(page: Page, name: str, value: Any) -> None:
    field: Locator = page.locator(f"main [name='{name}']")
    kind = field.first.evaluate("field => field.type")
    if kind == "checkbox":
        for one in value if isinstance(value, list) else [""]:
            page.locator(f"main [name='{name}']" + (f"[value='{one}']" if one else "")).check()
    elif kind.startswith("select"):
        field.select_option(value)
    else:
        field.fill(str(value))


def _save(page: Page) -> None:
    _press(page, "_save")
    page.locator(".messagelist .success, .errornote").first.wait_for()
    assert page.locator(".messagelist .success").count(), page.locator(".errorlist, .errornote").all_inner_texts()


def _press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator(f"main [name={name}]").click()
