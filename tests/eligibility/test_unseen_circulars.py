"""Circulars that nobody has seen before, typed as data: each decides on its days, for who fits and who does not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.test import Client

from agencies.models import Position, TaskProfile
from eligibility.models import Instrument, RuleVersion
from tests.acts.drafts import second_administrator
from tests.eligibility.circulars import OFFICE
from tests.eligibility.law_typing import ADMIN, Row, TypedCircular, TypedRule, faults, publish, type_circular
from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import SUITS_HOME, JudgedCity

BEFORE, FIRST, LAST, AFTER = (f"2025-07-{day:02}" for day in (6, 7, 10, 11))
FOUR_DAYS: Final = {BEFORE: False, FIRST: True, LAST: True, AFTER: False}
"""The day before, the first and the last day of a circular, the day after: whether it is in force."""

DISKOMINFO: Final = {"fact": "agency.code", "operator": "one_of", "values": ["Diskominfo"]}


@dataclass(frozen=True)
class Unseen:
    """What a rule says, and how the page speaks of it: for who fits, and for a colleague whom it leaves alone."""

    name: str
    fields: Row
    state: str
    outcome: str = "eligible"
    applies: Sequence[Row] = ()
    exceptions: Sequence[Row] = ()
    reaches_all: bool = False


def limit(kind: str, **fields: Any) -> dict[str, Any]:
    """The fields of a limit that counts home alone."""
    counted = {"limit_population": "all", "limit_per": "agency", "limit_counting": "any_day"}
    return {"effect": "limit", "limit": kind, "limit_together": ["home"], **counted, **fields}


def condition(kind: str, text: str, **fields: str) -> dict[str, Any]:
    """The fields of a condition."""
    return {"effect": "attach", "condition_kind": kind, "condition_text": text, **fields}


UNSEEN: Final = (
    Unseen("share by agency", limit("share_of_staff:most", limit_value="30"), "limit", applies=[DISKOMINFO]),
    Unseen(
        "share by echelon",
        limit("share_of_staff:most", limit_value="10", limit_population="subject") | {"subject": "position"},
        "limit",
        applies=[{"fact": "position.echelon", "operator": "one_of", "values": ["iii_a", "iii_b"]}],
    ),
    Unseen("weekdays", limit("weekdays:set", limit_weekdays=["monday", "friday"]), "limit", applies=[DISKOMINFO]),
    Unseen("home only", limit("places:set", limit_places=["recorded_residence"]), "limit", applies=[DISKOMINFO]),
    Unseen("least staff on site", limit("staff_on_site:least", limit_value="3"), "limit", applies=[DISKOMINFO]),
    Unseen("the city closed", {"effect": "prohibit"}, "failed", "not_eligible", reaches_all=True),
    Unseen(
        "counters of one agency",
        {"effect": "prohibit", "subject": "task"},
        "failed",
        "not_eligible",
        applies=[DISKOMINFO, {"fact": "task.exposure", "operator": "is", "values": ["direct"]}],
    ),
    Unseen(
        "permission of the Sekda",
        condition("approver_role", "Dengan izin Sekretaris Daerah", condition_approver="sekda"),
        "condition",
        "conditional",
        applies=[DISKOMINFO],
    ),
    Unseen("report first", condition("report", "Melapor dahulu"), "condition", "conditional", applies=[DISKOMINFO]),
    Unseen(
        "unless special circumstances",
        {"effect": "prohibit"},
        "failed",
        "not_eligible",
        applies=[DISKOMINFO],
        exceptions=[
            {"group": "1", "fact": "employee.special_circumstances", "operator": "is", "values": "yes"},
        ],
    ),
)


def circular(rule: TypedRule) -> TypedCircular:
    """A circular of four days in the fictional city that says this."""
    return TypedCircular(
        institution="kota-contoh",
        fields={
            "code": "SE-CONTOH-7",
            "title": "SE Wali Kota Contoh 7/2025",
            "issuer": "Wali Kota Contoh",
            "subject": "Penyesuaian sistem kerja",
            "layer": "50",
            "known_from": "2025-07-01",
        },
        periods=[{"starts_on": FIRST, "ends_on": LAST}],
        provisions=[{"reference": "Angka 1", "summary": "Ketentuan rekaan.", "mark": "1"}],
        rules=[rule],
    )


def rule(fields: Row, **rows: Sequence[Row]) -> TypedRule:
    """Its one rule, about home."""
    once = {"title": "Ketentuan rekaan", "effective_from": FIRST, "known_from": "2025-07-01"}
    return TypedRule("CONTOH-7", "Angka 1", {**once, "subject": "agency", "modes": ["home"], **fields}, **rows)


def published(city: JudgedCity, written: TypedCircular) -> Client:
    """Type it, have it reviewed by somebody else, publish it; the writer, who goes on."""
    writer, reviewer = Client(), Client()
    writer.force_login(city.cast.rules_administrator)
    reviewer.force_login(second_administrator(city.cast))
    instrument = type_circular(writer, written)
    draft = RuleVersion.objects.drafts().get(provision__instrument=instrument)
    writer.post(f"{ADMIN}/ruleversion/{draft.pk}/tinjau/", {"confirm": "1"})
    writer.post(f"{ADMIN}/ruleversion/{draft.pk}/terbitkan/", {"confirm": "1"})
    draft.refresh_from_db()
    assert (draft.reviewed_at, draft.published_at) == (None, None), "who wrote it neither reviews nor publishes it"
    publish(writer, reviewer, written)
    return writer


def shown(position: Position, on: str, known_at: str = "2026-12-01") -> tuple[str, Mapping[str, Any]]:
    """What `screen` says of home: the outcome, and what it says of the circular's rule, if anything."""
    out = StringIO()
    asked = {"position": str(position.pk), "explain": True, "mode": "home", "on": on, "known_at": known_at}
    call_command("screen", position.institution.code, format="json", stdout=out, **asked)
    (answer,) = json.loads(out.getvalue())["modes"]
    said = {one["code"]: one for one in answer["reasons"]}
    return answer["outcome"], said.get("CONTOH-7", {})


def colleagues(city: JudgedCity) -> tuple[Position, Position]:
    """Who fits, and a colleague of another agency whom no circular of one agency reaches."""
    other = PositionFactory.create(agency=city.cast.other_agency, echelon="none", code="ARSIP")
    TaskFactory.create(position=other, **SUITS_HOME)
    return city.eligible, other


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda one: one.name)
def test_a_circular_typed_as_data_decides_on_its_days_only(city: JudgedCity, unseen: Unseen) -> None:
    fitting, other = colleagues(city)
    fitting.echelon = "iii_a"
    fitting.save()
    if "counters" in unseen.name:
        TaskProfile.objects.filter(task__position=fitting).update(exposure="direct")
        other = city.conditional  # the back office of the same agency
    usual = {job.pk: shown(job, BEFORE)[0] for job in (fitting, other)}
    published(city, circular(rule(unseen.fields, applies=unseen.applies, exceptions=unseen.exceptions)))
    for day, in_force in FOUR_DAYS.items():
        outcome, said = shown(fitting, day)
        assert said.get("state") == (unseen.state if in_force else None), day
        worse = in_force and unseen.state != "limit"
        assert outcome == (unseen.outcome if worse else usual[fitting.pk]), day
        assert said.get("for_a_person", False) is (in_force and bool(unseen.exceptions)), day
        outcome, said = shown(other, day)
        assert bool(said) is (in_force and unseen.reaches_all), day
        assert outcome == (unseen.outcome if said else usual[other.pk]), day


@pytest.mark.parametrize("whole_city", [False, True], ids=["one agency", "the city opened"])
def test_a_named_rule_is_set_aside_for_its_days_and_no_longer_once_that_is_repealed(
    city: JudgedCity, whole_city: bool
) -> None:
    enabling = [{"rule": "PERMEN4-23", "enabling": OFFICE}]
    nurse = {"fact": "agency.code", "operator": "one_of", "values": ["pkm-1"]}
    elsewhere = PositionFactory.create(agency=city.cast.other_agency, code="LAIN")
    TaskFactory.create(position=elsewhere, **SUITS_HOME | {"profile__face_to_face": "constant"})
    writer = published(city, circular(rule({"effect": "lift"}, applies=[] if whole_city else [nurse], lifts=enabling)))
    for day, in_force in FOUR_DAYS.items():
        assert shown(city.refused, day)[0] == ("eligible" if in_force else "not_eligible"), day
        assert shown(elsewhere, day)[0] == ("eligible" if in_force and whole_city else "not_eligible"), day
    version = RuleVersion.objects.get(rule__code="CONTOH-7")
    sent = {"confirm": "1", "ends_from": "2025-07-09", "basis": "SE 8/2025", "known_from": "2025-07-08"}
    answer = writer.post(f"{ADMIN}/ruleversion/{version.pk}/cabut/", sent)
    assert answer.status_code == 302, faults(answer)
    found = {day: shown(city.refused, f"2025-07-{day:02}")[0] for day in (6, 7, 8, 9, 10)}
    assert found == dict.fromkeys((6, 9, 10), "not_eligible") | dict.fromkeys((7, 8), "eligible")
    assert shown(city.refused, LAST, known_at="2025-07-07")[0] == "eligible", "what was known before stays"


def test_an_extension_and_an_early_end_leave_what_was_known_before_as_it_was(city: JudgedCity) -> None:
    fitting, other = colleagues(city)
    writer = published(city, circular(rule({"effect": "prohibit"}, applies=[DISKOMINFO])))
    page = f"{ADMIN}/instrument/{Instrument.objects.get(code='SE-CONTOH-7').pk}"
    longer = {"first_day": AFTER, "last_day": "2025-07-18", "basis": "Perpanjangan", "known_from": "2025-07-09"}
    answer = writer.post(f"{page}/perpanjang/", longer | {"confirm": "1"})
    assert answer.status_code == 302, faults(answer)
    for day, closed in {BEFORE: False, FIRST: True, AFTER: True, "2025-07-18": True, "2025-07-19": False}.items():
        assert (shown(fitting, day)[0] == "not_eligible") is closed, day
        assert shown(other, day)[0] == "eligible", day
    assert shown(fitting, AFTER, known_at="2025-07-08")[0] == "eligible"
    sooner = {"ends_from": "2025-07-16", "basis": "SE 9/2025", "known_from": "2025-07-15"}
    answer = writer.post(f"{page}/akhiri/", sooner | {"confirm": "1"})
    assert answer.status_code == 302, faults(answer)
    assert [shown(fitting, f"2025-07-{day}")[0] for day in (15, 16)] == ["not_eligible", "eligible"]
    assert shown(fitting, "2025-07-16", known_at="2025-07-14")[0] == "not_eligible", "what was known before stays"
