"""Loading rules: all or nothing, again changes nothing, and every fault is named with its way out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from eligibility.actions.law import RulesRefused, load_rules
from eligibility.models import (
    Criterion,
    Instrument,
    InstrumentPeriod,
    LimitTerm,
    Provision,
    Rule,
    RuleVersion,
)
from eligibility.seeds import SEEDS, seed_files
from oversight.models import TrailEntry

pytestmark = pytest.mark.django_db
Content = dict[str, Any]
FROM = "2025-06-01T00:00:00+07:00"


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def version(effect: str = "require", **changes: Any) -> Content:
    content = {
        "number": 1,
        "title": "Uji",
        "provision": "Ketentuan uji",
        "subject": "task",
        "effect": effect,
        "modes": ["home"],
        "effective_from": "2025-06-01",
        "known_from": FROM,
    }
    if effect == "require":
        content["requires"] = [{"fact": "task.with_tik", "operator": "is", "operands": [True]}]
    if effect == "limit":
        content["limit"] = {"quantity": "days_per_week", "direction": "most", "value": 1}
    if effect == "attach":
        content["condition"] = {"kind": "text", "text": "Uji"}
    return content | changes


def instrument(*versions: Content, **changes: Any) -> Content:
    head = {
        "code": "UJI",
        "owner": "kota-malang",
        "title": "Uji 1/2025",
        "subject": "Uji",
        "issuer": "Uji",
        "layer": 50,
        "known_from": FROM,
    }
    content: Content = {
        "instrument": head,
        "periods": [{"starts_on": "2025-06-01", "basis": "Uji", "known_from": FROM}],
        "provisions": [{"reference": "Ketentuan uji", "summary": "Uji", "mark": "1"}],
        "rules": [{"code": f"UJI-{n}", "versions": [one]} for n, one in enumerate(versions or (version(),), 1)],
    }
    return content | changes


def stored() -> tuple[int, ...]:
    models = (Instrument, InstrumentPeriod, Provision, Rule, RuleVersion, Criterion, LimitTerm, TrailEntry)
    return tuple(model._default_manager.count() for model in models)


def loaded(*files: Path) -> str:
    out = StringIO()
    call_command("load_rules", *map(str, files), stdout=out)
    return out.getvalue()


def test_the_seeds_are_loaded_once_with_one_trail_entry_and_loading_again_changes_nothing() -> None:
    first = loaded()
    assert first.count("created (") == len(seed_files())
    entry = TrailEntry.objects.get()
    assert (entry.institution.code, entry.action) == ("nasional", "rules_loaded")
    assert "PERMEN4-13-1 v1" in entry.body
    before = stored()
    again = loaded()
    assert again.count(": unchanged\n") == len(seed_files())
    assert stored() == before
    assert not RuleVersion.objects.filter(published_at__isnull=True).exists()


def test_a_new_version_and_a_new_period_are_added_and_the_old_ones_stay(written: Callable[[Content], Path]) -> None:
    content = instrument()
    assert "Uji 1/2025: created (rules: 1, periods: 1)" in loaded(written(content))
    content["rules"][0]["versions"].append(version(number=2, effective_from="2025-08-01"))
    content["periods"].append({"starts_on": "2025-09-01", "basis": "Perpanjangan", "known_from": FROM})
    content["provisions"].append({"reference": "Ketentuan lain", "summary": "Uji", "mark": "1"})
    told = loaded(written(content))
    assert "Uji 1/2025: new period: 1; new provision: 1; new version 2 of UJI-1" in told
    assert list(RuleVersion.objects.values_list("number", flat=True)) == [1, 2]
    assert TrailEntry.objects.count() == 2
    assert "unchanged" in loaded(written(content))


def test_every_part_of_a_rule_comes_back_as_written(written: Callable[[Content], Path]) -> None:
    exceptions = [
        [{"fact": "task.work_place", "operator": "is", "operands": ["field"]}],
        [
            {"fact": "employee.kind", "operator": "none_of", "operands": ["cpns", "pns"]},
            {"fact": "arrangement.duration", "operator": "at_most", "operands": [30]},
        ],
    ]
    members = {"quantity": "weekdays", "direction": "set", "members": ["friday", "monday"]}
    number = {"fact": "task.hours_per_day", "operator": "at_least", "operands": [8.51]}
    path = written(
        instrument(
            version("limit", limit=members, exceptions=exceptions, applies=[number]),
            version(modes=["dynamic", "home"], required_count=1),
            version("attach"),
        )
    )
    loaded(path)
    assert "unchanged" in loaded(path)


FROZEN: list[tuple[str, Callable[[Content], Any], str]] = [
    (
        "a version",
        lambda c: c["rules"][0]["versions"][0].update(title="Lain", modes=["shift"]),
        "uji.json, rule UJI-1, version 1: This version is published and cannot change (it differs in: title, modes); "
        "restore it in the file and add the change as the next version.",
    ),
    (
        "an instrument",
        lambda c: c["instrument"].update(layer=40),
        "uji.json: The instrument is published and cannot change (it differs in: layer); restore it in the file.",
    ),
    (
        "a scope",
        lambda c: c.update(scopes=[{"institution_kind": "city"}]),
        "uji.json: The instrument is published and cannot change (it differs in: scopes); restore it in the file.",
    ),
    (
        "a period",
        lambda c: c["periods"][0].update(ends_on="2025-12-31"),
        "uji.json, period 2025-06-01: A stored period cannot change; restore it in the file and add a further one.",
    ),
    (
        "a provision",
        lambda c: c["provisions"][0].update(summary="Lain"),
        "uji.json, provision “Ketentuan uji”: A stored provision cannot change; "
        "restore it in the file or add another place.",
    ),
]


@pytest.mark.parametrize(("name", "change", "sentence"), FROZEN, ids=[name for name, _change, _sentence in FROZEN])
def test_published_law_is_frozen(
    name: str, change: Callable[[Content], Any], sentence: str, written: Callable[[Content], Path]
) -> None:
    content = instrument()
    load_rules(actor=None, files=[written(content)])
    before = stored()
    changed = copy.deepcopy(content)
    change(changed)
    with pytest.raises(RulesRefused) as refusal:
        load_rules(actor=None, files=[written(changed)])
    assert str(refusal.value) == sentence
    assert stored() == before


def of_fact(fact: str, operator: str, *operands: Any, **more: Any) -> Content:
    return version(requires=[{"fact": fact, "operator": operator, "operands": list(operands)} | more])


def lifting(rule: str, **enabling: Any) -> Content:
    return version("lift", lifts=[{"rule": rule} | enabling])


def limiting(**changes: Any) -> Content:
    return version("limit", limit={"quantity": "days_per_week", "direction": "most", "value": 1} | changes)


MALFORMED: list[tuple[str, Content, str]] = [
    ("an unknown fact", of_fact("task.mood", "is", True), "The fact “task.mood” is not known; correct the spelling"),
    (
        "an operator for numbers",
        of_fact("task.with_tik", "at_least", 1),
        "does not fit “task.with_tik”; use one of: is, is_not.",
    ),
    ("an operator on a set", of_fact("arrangement.weekdays", "is", "friday"), "none: sets are read by limits only"),
    (
        "an operand outside the choices",
        of_fact("task.exposure", "is", "loud"),
        "“loud” is no value of “task.exposure”; use one of: none, indirect, direct, emergency.",
    ),
    (
        "a number for yes or no",
        of_fact("task.with_tik", "is", 1),
        "“1” is no value of “task.with_tik”; use one of: true, false.",
    ),
    (
        "a word for a number",
        of_fact("task.hours_per_day", "at_least", "long"),
        "“long” is no value of “task.hours_per_day”",
    ),
    ("no operand", of_fact("task.with_tik", "is"), "needs exactly one value"),
    ("two operands", of_fact("task.with_tik", "is", True, False), "needs exactly one value"),
    (
        "an unknown setting",
        of_fact("task.hours_per_day", "at_least", setting="luck"),
        "“luck” is not possible for “setting”; use one of:",
    ),
    (
        "a setting that does not fit",
        of_fact("task.with_tik", "is", setting="new_employee_months"),
        "The setting “new_employee_months” does not fit",
    ),
    (
        "a value and a setting",
        of_fact("task.hours_per_day", "at_least", 8, setting="new_employee_months"),
        "is compared with values and with a setting; keep one.",
    ),
    (
        "the person under a task",
        of_fact("employee.kind", "is", "pns"),
        "A rule about “task” may not read “employee.kind” here; change the subject or the fact.",
    ),
    ("a task under an agency", version(subject="agency"), "A rule about “agency” may not read “task.with_tik” here"),
    ("an unknown setting of the count", version(required_count_setting="luck"), "“luck” is not possible for “setting”"),
    (
        "a count above the criteria",
        version(required_count=2),
        "“required_count” must lie between 1 and the number of required criteria",
    ),
    (
        "two counts",
        version(required_count=1, required_count_setting="location_criteria_required"),
        "by a number and by a setting; keep one of them.",
    ),
    (
        "a count on a limit",
        version("limit", required_count_setting="location_criteria_required"),
        "Only a rule that requires criteria says how many must hold",
    ),
    (
        "no citation",
        version(provision="Pasal 99"),
        "The rule cites “Pasal 99”, which the instrument does not have; add it or correct “provision”.",
    ),
    ("no mode", version(modes=[]), "The rule speaks to no form of flexible work"),
    ("an unknown mode", version(modes=["moon"]), "“moon” is not possible for “modes”; use one of: other_office, home"),
    ("an unknown subject", version(subject="planet"), "“planet” is not possible for “subject”"),
    ("an unknown effect", version("wish"), "“wish” is not possible for “effect”; use one of: require, prohibit"),
    ("an effect without its part", version(requires=[]), "A rule of effect “require” needs “requires”; add it."),
    (
        "a part of another effect",
        version("prohibit", condition={"kind": "text", "text": "x"}),
        "“condition” belongs to effect “attach”; leave it out or change the effect.",
    ),
    (
        "an unknown condition",
        version("attach", condition={"kind": "song", "text": "x"}),
        "“song” is not possible for “condition”",
    ),
    ("version nought", version(number=0), "Versions are numbered from 1; correct “number”."),
    ("a title too long", version(title="x" * 401), "“title” has 401 characters; shorten it to 400."),
    ("an unknown quantity", limiting(quantity="luck"), "“luck” is not possible for “quantity”"),
    (
        "a set as a number",
        limiting(quantity="weekdays"),
        "Weekdays and places are limited by a set, everything else by most or least",
    ),
    (
        "an unknown weekday",
        limiting(quantity="weekdays", direction="set", value=None, members=["noday"]),
        "“noday” is not possible for “members”; use one of: monday",
    ),
    (
        "a set with a number",
        limiting(quantity="weekdays", direction="set", members=["friday"]),
        "A set has members and no number; leave “value” out.",
    ),
    ("a most without number", limiting(value=None), "A most or least has a number that is not negative"),
    (
        "a share above the whole",
        limiting(quantity="share_of_staff", value=101),
        "A share lies between 0 and 100 percent",
    ),
    ("an unknown mode counted together", limiting(together=["moon"]), "“moon” is not possible for “together”"),
    (
        "a lift of nothing",
        lifting("NOBODY"),
        "The rule “NOBODY” that is to be lifted is not known; load it first or correct the code.",
    ),
    (
        "a lift of a lift",
        lifting("PERMEN4-11"),
        "“PERMEN4-11” is itself a lift, and lifts cannot be lifted; repeal or amend it.",
    ),
    (
        "a lift by a lower norm",
        lifting("OFFICE"),
        "A lower norm lifts “OFFICE” without a provision as high as it that allows it; cite one in “enabled_by”.",
    ),
    (
        "a lift enabled by a lower norm",
        lifting("OFFICE", enabled_by={"instrument": "PERMENPANRB-4-2025", "reference": "Pasal 11"}),
        "A lower norm lifts “OFFICE” without a provision as high as it",
    ),
    (
        "an unknown enabling provision",
        lifting("OFFICE", enabled_by={"instrument": "PERPRES-21-2023", "reference": "Pasal 99"}),
        "The enabling provision “Pasal 99” of PERPRES-21-2023 is not known; correct “enabled_by”.",
    ),
    ("an unknown key", version(colour="red"), "“colour” is not known here; correct the spelling or leave it out."),
    ("a wrong date", version(effective_from="soon"), "“effective_from” is no date; write it as 2025-04-21."),
    (
        "a moment without zone",
        version(known_from="2025-06-01T00:00:00"),
        "“known_from” is no moment; write it as 2025-04-21T00:00:00+07:00.",
    ),
    ("no title", version(title=""), "“title” is empty; give a text."),
]


def sound() -> Content:
    enabling = {"instrument": "PERPRES-21-2023", "reference": "Pasal 8"}
    return instrument(version(), lifting("OFFICE", enabled_by=enabling))


def test_a_malformed_rule_is_refused_with_the_way_out_and_a_sound_one_is_stored(
    written: Callable[[Content], Path], subtests: pytest.Subtests
) -> None:
    load_rules(actor=None, files=[SEEDS / "perpres-21-2023.json", SEEDS / "permenpanrb-4-2025.json"])
    before = stored()
    for name, wrong, sentence in MALFORMED:
        with subtests.test(name):
            with pytest.raises(RulesRefused) as refusal:
                load_rules(actor=None, files=[written(instrument(version(), wrong))])
            place = "uji.json, rule UJI-2, version "
            assert all(str(fault).startswith(place) for fault in refusal.value.faults)
            assert sentence in str(refusal.value)
            assert stored() == before
            with transaction.atomic():
                load_rules(actor=None, files=[written(sound())])
                assert Rule.objects.filter(code__startswith="UJI").count() == 2
                transaction.set_rollback(True)


WHOLE: list[tuple[str, Content, str]] = [
    (
        "a Pasal on what is open",
        {"provisions": [{"reference": "Pasal 5", "summary": "x", "mark": "open"}], "rules": []},
        "must not carry a Pasal; name it in words.",
    ),
    (
        "a Pasal on a house rule",
        {"provisions": [{"reference": "Pasal 5", "summary": "x", "mark": "internal"}], "rules": []},
        "must not carry a Pasal",
    ),
    (
        "a place twice",
        {"provisions": [{"reference": "A", "summary": "x", "mark": "1"}] * 2, "rules": []},
        "This place is given more than once",
    ),
    (
        "an unknown mark",
        {"provisions": [{"reference": "A", "summary": "x", "mark": "3"}], "rules": []},
        "“3” is not possible for “mark”; use one of: 2+, 1, open, internal.",
    ),
    ("no period", {"periods": []}, "The instrument has no period and would never be in force"),
    (
        "a period backwards",
        {"periods": [{"starts_on": "2025-06-02", "ends_on": "2025-06-01", "basis": "x", "known_from": FROM}]},
        "The period ends before it starts",
    ),
    (
        "a unit without agency",
        {"scopes": [{"unit_code": "A"}]},
        "A unit is named without its agency; add “agency_code”.",
    ),
    (
        "a kind and an agency",
        {"scopes": [{"agency_kind": "dinas", "agency_code": "A"}]},
        "stand in one line; write two lines.",
    ),
    (
        "an unknown kind of institution",
        {"scopes": [{"institution_kind": "village"}]},
        "“village” is not possible for “institution_kind”",
    ),
    (
        "a rule without version",
        {"rules": [{"code": "UJI-1", "versions": []}]},
        "The rule has no version; add one to “versions”.",
    ),
    ("a rule code with spaces", {"rules": [{"code": "UJI 1", "versions": [version()]}]}, "The code “UJI 1” is no code"),
    (
        "a version twice",
        {"rules": [{"code": "UJI-1", "versions": [version(), version()]}]},
        "This version is given more than once",
    ),
]


@pytest.mark.parametrize(("name", "changes", "sentence"), WHOLE, ids=[name for name, _changes, _sentence in WHOLE])
def test_a_malformed_instrument_is_refused_and_a_sound_one_is_stored(
    name: str, changes: Content, sentence: str, written: Callable[[Content], Path]
) -> None:
    before = stored()
    with pytest.raises(RulesRefused) as refusal:
        load_rules(actor=None, files=[written(instrument(**changes))])
    assert sentence in str(refusal.value)
    assert stored() == before
    load_rules(actor=None, files=[written(instrument())])
    assert Rule.objects.filter(code="UJI-1").exists()


def test_an_unknown_owner_is_named(written: Callable[[Content], Path]) -> None:
    content = instrument()
    content["instrument"]["owner"] = "atlantis"
    with pytest.raises(RulesRefused, match="The institution “atlantis” is not recorded"):
        load_rules(actor=None, files=[written(content)])
    assert stored() == (0,) * 8


def test_files_that_are_no_seed_are_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    files = [tmp_path / name for name in ("broken.json", "list.json", "absent.json")]
    with pytest.raises(RulesRefused) as refusal:
        load_rules(actor=None, files=files)
    shown = str(refusal.value)
    assert "broken.json: This is no valid JSON" in shown
    assert "list.json: The file holds no object" in shown
    assert "absent.json: The file cannot be read" in shown


def test_one_fault_stops_every_file_and_the_command_lists_all_faults(written: Callable[[Content], Path]) -> None:
    path = written(instrument(of_fact("task.mood", "is", True), version(modes=[])))
    with pytest.raises(CommandError) as refusal:
        loaded(*seed_files(), path)
    assert "Nothing was loaded. Correct these 2 faults:" in str(refusal.value)
    assert "uji.json, rule UJI-1, version 1: The fact “task.mood” is not known" in str(refusal.value)
    assert "uji.json, rule UJI-2, version 1: The rule speaks to no form" in str(refusal.value)
    assert stored() == (0,) * 8
