"""Cases beside a rule: judged on command and before publication, which one that fails refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from agencies.errors import ValuesRefused
from agencies.models import Institution
from eligibility.actions import publication, rule_cases
from eligibility.case_runs import covered, open_cases, runs_of
from eligibility.models import InstitutionSetting, Rule, RuleCase, RuleVersion
from eligibility.publication import PublicationRefused
from eligibility.rulebook import Outcome
from tests.acts.drafts import NOON, reviewed
from tests.acts.rule_cases import COUNTER
from tests.base import Cast
from tests.eligibility.law_typing import ADMIN
from tests.factories import AgencyFactory, PositionFactory


@pytest.fixture(autouse=True)
def _in_indonesian() -> Iterator[None]:
    """Whatever language a page of an earlier test was read in."""
    with translation.override("id"):
        yield


@pytest.fixture
def law(db: None) -> None:
    """The law of the portal, so that something is in force before the draft."""
    call_command("load_rules", stdout=StringIO())


def _write(cast: Cast, **other: object) -> RuleCase:
    return rule_cases.write_case(
        actor=cast.rules_administrator,
        rule=reviewed(cast).rule,
        institution=cast.institution,
        case=replace(COUNTER, **other),  # type: ignore[arg-type]
        at=NOON,
    )


def _found(cast: Cast) -> frozenset[str]:
    """The rules that decide the open case with the draft."""
    row = reviewed(cast)
    (run,) = runs_of(open_cases([row.rule_id]), NOON, [row])
    assert run.result is not None
    return run.result.deciding


def test_a_case_that_fails_refuses_publication_and_one_that_holds_does_not(cast: Cast, law: None) -> None:
    row = reviewed(cast)
    wrong = _write(cast, outcome=Outcome.ELIGIBLE)
    deciding = _found(cast)
    assert "LOKET" in deciding
    with pytest.raises(PublicationRefused) as refused:
        publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    (fault,) = refused.value.faults
    for named in ("Loket langsung", "mengharapkan Dapat menurut LOKET", "hasilnya: Tidak dapat"):
        assert named in fault.sentence, fault.sentence
    rule_cases.close_case(actor=cast.rules_administrator, case=wrong, at=NOON)
    _write(cast, deciding=deciding)
    publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    row.refresh_from_db()
    assert row.published_at


def test_the_command_names_what_fails_and_ends_in_failure_only_then(cast: Cast, law: None) -> None:
    row = _write(cast, outcome=Outcome.ELIGIBLE)
    said = StringIO()
    with pytest.raises(CommandError, match="1"):
        call_command("run_cases", cast.institution.code, stdout=said)
    assert "LOKET: " in said.getvalue()
    assert "Loket langsung" in said.getvalue()
    with pytest.raises(CommandError, match="kota-tak-ada"):
        call_command("run_cases", "kota-tak-ada")
    rule_cases.close_case(actor=cast.rules_administrator, case=row, at=NOON)
    said = StringIO()
    call_command("run_cases", stdout=said)
    assert "0" in said.getvalue()


def test_a_case_names_rules_that_are_there_and_one_title_once(cast: Cast) -> None:
    first = _write(cast)
    assert _write(cast) == first, "the very same again changes nothing"
    with pytest.raises(ValuesRefused) as refused:
        _write(cast, deciding=frozenset({"TAK-ADA"}))
    assert set(refused.value.faults) == {"title", "deciding"}
    assert RuleCase.objects.count() == 1


def _sent(cast: Cast, **other: str) -> dict[str, str]:
    right = {
        "title": "Loket langsung",
        "institution": cast.institution.code,
        "on": "2025-07-01",
        "mode": "home",
        "outcome": "not_eligible",
        "deciding": "LOKET",
        "facts-TOTAL_FORMS": "2",
        "facts-INITIAL_FORMS": "0",
        "facts-0-fact": "task.exposure",
        "facts-0-value": "direct",
        "facts-1-fact": "task.with_tik",
        "facts-1-value": "",
        "_save": "1",
    }
    return right | other


def test_a_case_is_written_read_with_its_criteria_and_closed_on_the_page_of_the_version(cast: Cast, law: None) -> None:
    row = reviewed(cast)
    url = f"{ADMIN}/ruleversion/{row.pk}/kasus/"
    client = Client()
    client.force_login(cast.outsider)
    assert client.get(url).status_code == 404
    client.force_login(cast.rules_administrator)
    assert "Belum ada kasus terbuka" in client.get(url).content.decode()
    for wrong, said in (
        ({"facts-0-value": "bulan"}, "Ini bukan nilai fakta tersebut"),
        ({"facts-1-fact": "task.exposure"}, "Fakta ini sudah ada"),
        ({"deciding": "TAK-ADA"}, "Tidak ada aturan berkode: TAK-ADA"),
        ({"position": "TAK-ADA"}, "Tidak ada jabatan demikian"),
    ):
        page = client.post(url, _sent(cast, **wrong)).content.decode()
        assert said in page, wrong
        assert "Loket langsung" in page, "what was typed is kept"
    assert not row.rule.cases.exists()
    assert client.post(url, _sent(cast)).status_code == 302
    case = row.rule.cases.get()
    assert case.facts == '{"task.exposure":"direct","task.with_tik":null}'
    page = client.get(url).content.decode()
    assert "Tidak sesuai harapan" in page, "other rules of the day decide it too"
    assert "<td>Loket langsung</td><td>belum</td>" in page, "the criterion is seen holding and not failing yet"
    assert client.post(f"{url}{case.pk}/tutup/", {"confirm": "1"}).status_code == 302
    assert client.get(f"{url}{case.pk}/tutup/").status_code == 404
    assert "Kasus yang ditutup" in client.get(url).content.decode()


def test_the_facts_of_a_position_are_taken_where_it_may_be_read(cast: Cast, law: None) -> None:
    row = reviewed(cast)
    position = PositionFactory.create(agency=cast.agency)
    client = Client()
    client.force_login(cast.rules_administrator)
    sent = _sent(cast, position=position.code) | {"_take": "1"}
    del sent["_save"]
    page = client.post(f"{ADMIN}/ruleversion/{row.pk}/kasus/", sent).content.decode()
    assert "data perorangan tidak diambil" in page
    assert "employee." not in "".join(part for part in page.split("<option") if "selected" in part)
    assert not row.rule.cases.exists()


def test_the_first_rule_of_a_city_is_tried_by_itself_and_a_day_without_law_is_said(cast: Cast) -> None:
    row = reviewed(cast)
    assert not RuleVersion.objects.published().exists()
    url = f"{ADMIN}/ruleversion/{row.pk}/kasus/"
    client = Client()
    client.force_login(cast.rules_administrator)
    page = client.get(url).content.decode()
    assert "Belum ada kasus terbuka" in page
    assert "<td>belum</td><td>belum</td><td>belum</td>" in page, "the criteria are read before there is a case"
    assert client.post(url, _sent(cast)).status_code == 302
    assert client.post(url, _sent(cast, title="Sehari sebelumnya", on="2025-06-30")).status_code == 302
    page = client.get(url).content.decode()
    assert "Sesuai harapan: Tidak dapat" in page
    assert "tidak ada aturan yang berlaku pada hari itu" in page
    assert "<td>Loket langsung, Sehari sebelumnya</td><td>belum</td>" in page
    with pytest.raises(PublicationRefused):
        publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    early = row.rule.cases.get(title="Sehari sebelumnya")
    rule_cases.close_case(actor=cast.rules_administrator, case=early, at=NOON)
    publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    said = StringIO()
    call_command("run_cases", stdout=said)
    assert "1" in said.getvalue()


def test_criteria_are_seen_in_the_cases_of_every_institution(cast: Cast, law: None) -> None:
    rule = Rule.objects.get(code="PERMEN4-25-1-B")
    rule.cases.update(closed_at=NOON)
    cities = [cast.institution, Institution.objects.get(code="kota-semarang")]
    InstitutionSetting.objects.create(
        institution=cities[1],
        name="new_employee_months",
        value=6,
        valid_from=date(2025, 4, 1),
        source="SK",
        known_from=NOON,
    )
    for city, months in zip(cities, (24, 3), strict=True):
        AgencyFactory.create(institution=city)
        case = replace(
            COUNTER, name=city.code, facts={"employee.months_in_position": Decimal(months)}, deciding=frozenset()
        )
        rule_cases.write_case(actor=cast.rules_administrator, rule=rule, institution=city, case=case, at=NOON)
    version = rule.versions.get()
    found = covered(version, list(rule.cases.filter(closed_at__isnull=True)), NOON, ())
    assert found is not None
    assert [(one.criterion.operands, one.holding, one.failing) for one in found] == [
        ((Decimal(12),), ("kota-contoh",), ()),
        ((Decimal(6),), (), ("kota-semarang",)),
    ]
