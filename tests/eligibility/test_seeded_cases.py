"""The rules that come with the portal bring their cases: every criterion is tried, and a file is stored once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from eligibility.actions.law import RulesRefused, load_rules
from eligibility.actions.rule_cases import close_case
from eligibility.case_runs import runs_of
from eligibility.case_runs import written as read
from eligibility.casework import coverage
from eligibility.loading import rulebook
from eligibility.models import RuleCase, RuleVersion
from eligibility.rulebook import Mode
from eligibility.seeds import SEEDS, seed_files
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.base import Cast
from tests.eligibility.law import NOW
from tests.eligibility.test_load_rules import Content, instrument, loaded, stored, version

pytestmark = pytest.mark.django_db
Writing = Callable[[Content], Path]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


ALWAYS_KNOWN = frozenset({"agency.code", "agency.kind"})
"""Facts of the place itself: there is no agency of which they are not known."""


def case(**changes: Any) -> Content:
    """A case of the rule of `of_case`, in the city that comes with the portal."""
    content = {
        "title": "Tanpa TIK",
        "on": "2025-06-01",
        "mode": "home",
        "agency_kind": "dinas",
        "agencies": ["Diskominfo"],
        "job": "arsiparis",
        "facts": {"task.with_tik": False},
        "outcome": "not_eligible",
        "deciding": ["UJI-1"],
    }
    return content | changes


def of_case(*cases: Content, **changes: Any) -> Content:
    """An instrument with one rule that requires TIK, with these cases."""
    content = instrument(version()) | {"jobs": {"arsiparis": {"task.with_tik": True}}} | changes
    content["rules"][0]["cases"] = list(cases or (case(),))
    return content


def test_every_rule_has_a_case_it_decides_and_one_it_does_not_and_all_come_as_expected() -> None:
    load_rules(actor=None, files=seed_files())
    runs = list(runs_of(RuleCase.objects.all(), NOW))
    assert [run.row.title for run in runs if not run.holds] == []
    # Without a norm that lifts it, the office is the default.
    for code in RuleVersion.objects.exclude(rule__code="OFFICE").values_list("rule__code", flat=True):
        own = [run.result.deciding for run in runs if run.row.rule.code == code and run.result]
        assert [found for found in own if code in found], f"write a case that {code} decides"
        assert [found for found in own if code not in found], f"write a case that {code} does not decide"


def test_every_criterion_of_the_portals_rules_is_seen_holding_failing_and_unknown() -> None:
    load_rules(actor=None, files=seed_files())
    wanting, tried = [], 0
    for row in RuleVersion.objects.select_related("rule"):
        cases = list(row.rule.cases.select_related("institution"))
        rule = rulebook(cases[0].institution, row.effective_from, NOW).by_code[row.rule.code]
        for one in coverage(rule, [read(case) for case in cases]):
            known = one.criterion.fact in ALWAYS_KNOWN
            tried += 1
            wanting += [] if one.holding and one.failing and (one.unknown or known) else [(rule.code, one)]
    assert wanting == []
    assert tried == 35


def test_the_command_finds_a_fresh_load_as_expected_and_says_what_is_not() -> None:
    call_command("load_rules", stdout=StringIO())
    said = StringIO()
    call_command("run_cases", stdout=said)
    assert said.getvalue() == f"Cases judged: {RuleCase.objects.count()}, not as expected: 0.\n"
    row = RuleCase.objects.filter(rule__code="SE2-2025").order_by("pk").first()
    assert row is not None
    row.pk, row.title, row.outcome = None, "Wrong", "not_eligible"
    row.save()
    with pytest.raises(CommandError, match="not as expected: 1"):
        call_command("run_cases", stdout=said)
    assert "SE2-2025: Case “Wrong”" in said.getvalue()


def test_a_case_of_a_day_to_come_is_judged_by_what_is_known_then() -> None:
    load_rules(actor=None, files=seed_files())
    before = datetime(2025, 7, 1, tzinfo=UTC)
    later = RuleCase.objects.filter(on__gt=before)
    assert later.filter(on__gte=date(2026, 3, 16)).exists()
    assert all(run.holds for run in runs_of(later, before))


def test_cases_are_stored_with_the_act_of_loading_and_loading_again_changes_nothing(written: Writing) -> None:
    path = written(of_case())
    assert "created (rules: 1, periods: 1); new cases: 1" in loaded(path)
    row = RuleCase.objects.get()
    assert (row.written_by, row.institution.code) == (None, "kota-malang")
    assert read(row).facts == {"task.with_tik": False}, "what is said of the case goes before what its job has"
    assert verify_all().is_whole
    before = stored()
    assert "unchanged" in loaded(path)
    assert (stored(), RuleCase.objects.count()) == (before, 1)
    path = written(of_case(case(), case(title="Dengan TIK", facts={}, outcome="eligible", deciding=[])))
    assert "Uji 1/2025: new cases: 1" in loaded(path)
    assert '"cases":1' in TrailEntry.objects.order_by("pk").last().body.replace(" ", "")  # type: ignore[union-attr]
    assert verify_all().is_whole


def test_a_stored_case_that_differs_is_refused_until_it_is_closed_and_one_closed_stays_closed(
    written: Writing,
    cast: Cast,
) -> None:
    loaded(written(of_case()))
    row, before = RuleCase.objects.get(), stored()
    other = of_case(case(mode="other_office", deciding=[], outcome="eligible"))
    with pytest.raises(RulesRefused, match="UJI-1, case “Tanpa TIK”: A stored case cannot change"):
        load_rules(actor=None, files=[written(other)])
    assert (stored(), RuleCase.objects.count()) == (before, 1)
    close_case(actor=cast.rules_administrator, case=row)
    assert "unchanged" in loaded(written(of_case()))
    assert "new cases: 1" in loaded(written(other))
    assert RuleCase.objects.get(closed_at__isnull=True).mode == Mode.OTHER_OFFICE


def test_a_new_version_is_refused_while_a_case_of_its_rule_fails(written: Writing) -> None:
    before = stored()
    with pytest.raises(RulesRefused) as refusal:
        load_rules(actor=None, files=[written(of_case(case(outcome="eligible")))])
    assert "uji.json, rule UJI-1: Case “Tanpa TIK”" in str(refusal.value)
    assert "found: Not eligible by UJI-1" in str(refusal.value)
    assert stored() == before
    content = of_case()
    loaded(written(content))
    content["rules"][0]["versions"].append(version(number=2, modes=["shift"]))
    with pytest.raises(RulesRefused, match="found: Eligible by no rule"):
        load_rules(actor=None, files=[written(content)])
    content["rules"][0]["versions"][1]["effective_from"] = "2025-06-02"
    assert "new version 2 of UJI-1" in loaded(written(content))


WRONG = [
    ("an unknown mode", case(mode="moon"), "“moon” is not possible for “mode”; use one of: other_office, home"),
    ("an unknown outcome", case(outcome="maybe"), "“maybe” is not possible for “outcome”"),
    ("an unknown fact", case(facts={"task.mood": True}), "The fact “task.mood” is not known; correct the spelling."),
    ("no value of the fact", case(facts={"task.with_tik": "moon"}), "“moon” is no value of “task.with_tik”; write one"),
    ("an unknown rule", case(deciding=["GHOST"]), "There is no rule of this code: GHOST."),
    ("an unknown job", case(job="guru"), "There is no job “guru” in “jobs”; describe it there or correct the name."),
    ("nowhere", case(institution="atlantis"), "The institution “atlantis” is not recorded"),
    ("elsewhere", case(institution="kota-semarang"), "The law of kota-malang does not reach “kota-semarang”"),
    ("a unit alone", case(unit="A", agencies=[]), "A unit is named without its agency; add “agencies”."),
    ("an unknown key", case(colour="red"), "“colour” is not known here"),
    ("no day", case(on="soon"), "“on” is no date"),
    ("a long title", case(title="x" * 121), "“title” has 121 characters; shorten it to 120."),
]


@pytest.mark.parametrize(("name", "wrong", "sentence"), WRONG, ids=[name for name, _wrong, _sentence in WRONG])
def test_a_malformed_case_is_refused_with_the_way_out_and_a_sound_one_is_stored(
    name: str,
    wrong: Content,
    sentence: str,
    written: Writing,
) -> None:
    before = stored()
    with pytest.raises(RulesRefused) as refusal:
        load_rules(actor=None, files=[written(of_case(wrong))])
    assert sentence in str(refusal.value)
    assert f"uji.json, rule UJI-1, case “{wrong['title']}”" in str(refusal.value)
    assert (stored(), RuleCase.objects.exists()) == (before, False)
    loaded(written(of_case()))
    assert RuleCase.objects.count() == 1


def test_a_title_twice_is_refused(written: Writing) -> None:
    with pytest.raises(RulesRefused, match="The rule has more than one case of this title"):
        load_rules(actor=None, files=[written(of_case(case(), case()))])


def test_the_files_of_the_portal_tell_no_person() -> None:
    for path in SEEDS.glob("*.json"):
        for rule in json.loads(path.read_text(encoding="utf-8")).get("rules", ()):
            assert all(set(one) <= set(case()) | {"institution"} for one in rule["cases"]), path.name
