"""From rows to the rulebook: periods, versions, repeals, scopes, settings and what was known when; and the grounds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agencies.models import (
    Agency,
    AgencyReview,
    Institution,
    LocalCriterion,
    PolicyStage,
    Position,
    Task,
    TaskProfile,
    Unit,
)
from eligibility.answers import answer_for
from eligibility.grounds import grounds
from eligibility.loading import NoLawInForce, rulebook, settings_in_force
from eligibility.models import (
    AgencyGround,
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    Provision,
    ProvisionVerification,
    Rule,
    RuleRepeal,
    RuleVersion,
    UnitGround,
)
from eligibility.rulebook import Mode, Outcome, Place, Require, Rulebook
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
EARLY = datetime(2024, 1, 1, tzinfo=UTC)
LATER = datetime(2025, 6, 1, tzinfo=UTC)
END = datetime(2030, 1, 1, tzinfo=UTC)
DAY = date(2025, 7, 1)


@pytest.fixture
def city() -> Institution:
    return Institution.objects.create(code="kota-uji", name="Kota Uji", kind="city")


@pytest.fixture
def instrument(city: Institution) -> Instrument:
    made = Instrument.objects.create(code="se-uji", owner=city, title="SE Uji", layer=50, known_from=EARLY)
    InstrumentPeriod.objects.create(instrument=made, starts_on=date(2025, 1, 1), basis="terbit", known_from=EARLY)
    return made


def publish(instrument: Instrument, code: str = "R", number: int = 1, **values: object) -> RuleVersion:
    """A published version of a prohibition at home, other values given."""
    rule, _ = Rule.objects.get_or_create(code=code, defaults={"owner": instrument.owner})
    provision, _ = Provision.objects.get_or_create(instrument=instrument, reference="Angka 1", defaults={"mark": "1"})
    defaults: dict[str, object] = {
        "title": f"{code} versi {number}",
        "subject": "task",
        "effect": "prohibit",
        "home": True,
        "effective_from": date(2025, 1, 1),
        "known_from": EARLY,
    }
    version = RuleVersion.objects.create(rule=rule, number=number, provision=provision, **{**defaults, **values})
    RuleVersion.objects.filter(pk=version.pk).update(published_at=EARLY)
    return version


def titles(institution: Institution, on: date = DAY, known_at: datetime = END) -> set[str]:
    """What the rules in force say; nothing when no rule is."""
    try:
        return {rule.title for rule in rulebook(institution, on, known_at).rules}
    except NoLawInForce:
        return set()


def test_a_circular_is_in_force_on_its_first_and_last_day_and_neither_before_nor_after(
    city: Institution, instrument: Instrument
) -> None:
    publish(instrument)
    other = Instrument.objects.create(code="edaran", owner=city, title="Edaran", layer=50, known_from=EARLY)
    publish(other, "E")
    InstrumentPeriod.objects.create(
        instrument=other, starts_on=date(2025, 3, 24), ends_on=date(2025, 3, 27), basis="terbit", known_from=EARLY
    )
    days = {day: "E versi 1" in titles(city, date(2025, 3, day)) for day in (23, 24, 27, 28)}
    assert days == {23: False, 24: True, 27: True, 28: False}
    assert "R versi 1" in titles(city, date(2025, 3, 23))


def test_an_extension_counts_from_when_it_was_known_and_an_end_stops_what_began_before_it(
    city: Institution, instrument: Instrument
) -> None:
    publish(instrument)
    InstrumentPeriod.objects.create(
        instrument=instrument, kind="ends", starts_on=date(2025, 6, 1), basis="dicabut", known_from=LATER
    )
    assert titles(city, date(2025, 5, 31)) == {"R versi 1"}
    assert titles(city, date(2025, 6, 1)) == set()
    assert titles(city, date(2025, 6, 1), known_at=EARLY) == {"R versi 1"}
    InstrumentPeriod.objects.create(
        instrument=instrument, starts_on=date(2025, 8, 1), basis="berlaku kembali", known_from=END
    )
    assert titles(city, date(2025, 7, 31)) == set()
    assert titles(city, date(2025, 8, 1)) == {"R versi 1"}


def test_the_version_in_force_is_the_latest_effective_then_the_latest_recorded_among_those_known(
    city: Institution, instrument: Instrument
) -> None:
    publish(instrument)
    publish(instrument, number=2, effective_from=date(2025, 7, 1), known_from=LATER)
    assert titles(city, date(2025, 6, 30)) == {"R versi 1"}
    assert titles(city, date(2025, 7, 1)) == {"R versi 2"}
    assert titles(city, date(2025, 7, 1), known_at=EARLY) == {"R versi 1"}
    publish(instrument, number=3, effective_from=date(2025, 7, 1), known_from=LATER)
    assert titles(city, date(2025, 7, 1)) == {"R versi 3"}
    assert titles(city, date(2025, 7, 1), known_at=EARLY) == {"R versi 1"}


def test_a_draft_says_nothing_until_it_is_published(city: Institution, instrument: Instrument) -> None:
    publish(instrument)
    draft = RuleVersion.objects.create(
        rule=Rule.objects.get(code="R"),
        number=2,
        title="rancangan",
        provision=Provision.objects.get(),
        subject="task",
        effect="prohibit",
        home=True,
        effective_from=date(2025, 2, 1),
        known_from=EARLY,
    )
    assert titles(city) == {"R versi 1"}
    RuleVersion.objects.filter(pk=draft.pk).update(published_at=EARLY)
    assert titles(city) == {"rancangan"}


def test_a_repeal_ends_a_rule_on_its_day_as_far_as_it_was_known(city: Institution, instrument: Instrument) -> None:
    version = publish(instrument)
    RuleRepeal.objects.create(rule=version.rule, effective_from=DAY, basis="dicabut", known_from=LATER)
    assert titles(city, date(2025, 6, 30)) == {"R versi 1"}
    assert titles(city, DAY) == set()
    assert titles(city, DAY, known_at=EARLY) == {"R versi 1"}


def test_an_instrument_reaches_only_the_institutions_and_agencies_of_its_scope(
    city: Institution, instrument: Instrument
) -> None:
    regency = Institution.objects.create(code="kab-uji", name="Kabupaten Uji", kind="regency")
    InstrumentScope.objects.create(instrument=instrument, institution_code="kota-uji", agency_code="Dinkes")
    InstrumentScope.objects.create(
        instrument=instrument, institution_kind="city", agency_code="Kec. Klojen", with_subtree=True
    )
    publish(instrument)
    (rule,) = rulebook(city, DAY, END).rules
    reached = {
        code: rule.scope.reaches(Place("dinas", lineage))
        for code, lineage in {
            "Dinkes": ("Dinkes",),
            "Puskesmas": ("Puskesmas", "Dinkes"),
            "Kauman": ("Kel. Kauman", "Kec. Klojen"),
            "DLH": ("DLH",),
        }.items()
    }
    assert reached == {"Dinkes": True, "Puskesmas": False, "Kauman": True, "DLH": False}
    assert titles(regency) == set()


def test_a_scope_line_names_a_kind_or_an_agency_and_a_unit_only_with_its_agency(instrument: Instrument) -> None:
    for wrong in ({"agency_kind": "dinas", "agency_code": "Dinkes"}, {"unit_code": "loket"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InstrumentScope.objects.create(instrument=instrument, **wrong)
    assert InstrumentScope.objects.create(instrument=instrument, agency_code="Dinkes", unit_code="loket")


def test_a_setting_of_the_institution_is_an_operand_from_its_day_else_the_portals_default(
    city: Institution, instrument: Instrument
) -> None:
    publish(instrument, effect="require", required_count_setting="location_criteria_required")
    assert settings_in_force(city, DAY, END)["new_employee_months"] == Decimal(12)
    InstitutionSetting.objects.create(
        institution=city,
        name="new_employee_months",
        value=6,
        valid_from=DAY,
        source="SK uji",
        known_from=EARLY,
    )
    assert settings_in_force(city, DAY, END)["new_employee_months"] == Decimal(6)
    assert settings_in_force(city, date(2025, 6, 30), END)["new_employee_months"] == Decimal(12)
    (rule,) = rulebook(city, DAY, END).rules
    assert isinstance(rule.effect, Require)
    assert rule.effect.at_least == 5


def test_a_tick_of_verification_is_shown_and_leaves_the_fingerprint_as_it_was(
    city: Institution, instrument: Instrument
) -> None:
    version = publish(instrument)
    before = rulebook(city, DAY, END)
    ProvisionVerification.objects.create(
        provision=version.provision, verified_by=UserFactory.create(), verified_at=LATER
    )
    after = rulebook(city, DAY, END)
    assert [rule.citation.verified for rule in (*before.rules, *after.rules)] == [False, True]
    assert before.fingerprint == after.fingerprint


def test_a_city_without_any_rule_in_force_is_refused(city: Institution, instrument: Instrument) -> None:
    publish(instrument)
    assert rulebook(city, date(2025, 1, 1), END).rules
    with pytest.raises(NoLawInForce, match="2024"):
        rulebook(city, date(2024, 12, 31), END)


def test_the_grounds_read_stage_study_and_instrument_as_of_the_day(city: Institution, instrument: Instrument) -> None:
    agency = Agency.objects.create(institution=city, code="Dinkes", name="Dinkes", kind="dinas", sector="health")
    unit = Unit.objects.create(agency=agency, code="gizi", name="Gizi", kind="division")
    assert grounds(city, DAY, END).agencies[agency.pk].values | {"agency.e_office": None} == {
        "institution.kind": "city",
        "institution.policy_stage": "none",
        "agency.kind": "dinas",
        "agency.code": "Dinkes",
        "agency.sector": "health",
        "agency.infrastructure": None,
        "agency.connection": None,
        "agency.vpn": None,
        "agency.device_share": None,
        "agency.e_office": None,
        "agency.tte": None,
        "agency.electronic_attendance": None,
        "agency.performance_system": None,
        "agency.review_conclusion": "none",
        "agency.implementing_instrument": False,
    }
    PolicyStage.objects.create(institution=city, stage="pilot", valid_from=DAY, source="SK")
    AgencyReview.objects.create(agency=agency, valid_from=DAY, e_office=False, conclusion="cannot", source="konsep")
    assert grounds(city, DAY, END).agencies[agency.pk].values["agency.review_conclusion"] == "none", "a draft is unread"
    AgencyReview.objects.create(
        agency=agency,
        valid_from=DAY,
        e_office=True,
        vpn=False,
        staff=3,
        staff_with_device=2,
        conclusion="ready",
        source="kajian",
        signed_at=EARLY,
    )
    assert not Instrument.objects.filter(pk=instrument.pk, implementing=True).exists()
    opened = Instrument.objects.create(
        code="perwali-uji", owner=city, title="Perwali Uji", layer=50, implementing=True, known_from=EARLY
    )
    InstrumentPeriod.objects.create(instrument=opened, starts_on=date(2025, 1, 1), basis="terbit", known_from=EARLY)
    on_the_day = grounds(city, DAY, END).units[unit.pk].values
    names = (
        "institution.policy_stage",
        "agency.e_office",
        "agency.review_conclusion",
        "agency.implementing_instrument",
    )
    assert [on_the_day[name] for name in names] == ["pilot", True, "ready", True]
    readiness = [on_the_day[f"agency.{name}"] for name in ("vpn", "connection", "device_share")]
    assert readiness == [False, None, Decimal("66.66")], "no is no, unknown stays unknown, two of three fall short"
    day_before = grounds(city, date(2025, 6, 30), END).agencies[agency.pk].values
    assert [day_before[name] for name in names] == ["none", None, "none", True]


def test_local_criteria_bear_the_names_the_institution_gave_them(city: Institution, instrument: Instrument) -> None:
    agency = Agency.objects.create(institution=city, code="Dinkes", name="Dinkes", kind="dinas")
    position = Position.objects.create(institution=city, agency=agency, code="P1", title="Jabatan")
    task = Task.objects.create(position=position, title="Tugas", share=100)
    TaskProfile.objects.create(task=task, institution=city, agency=agency, position=position)
    version = RuleVersion.objects.create(
        rule=Rule.objects.create(code="LOCAL", owner=city),
        number=1,
        title="Kriteria setempat",
        provision=Provision.objects.create(instrument=instrument, reference="Angka 2", mark="1"),
        subject="task",
        effect="require",
        home=True,
        effective_from=date(2025, 1, 1),
        known_from=EARLY,
    )
    Criterion.objects.create(version=version, part="requires", fact="task.local_1", operator="is", operands=[True])
    RuleVersion.objects.filter(pk=version.pk).update(published_at=EARLY)
    book, known = rulebook(city, DAY, END), grounds(city, DAY, END)

    def asked() -> list[str]:
        answer = answer_for(position, book, known, str)
        assert answer is not None
        home = next(mode for mode in answer.modes if mode.mode is Mode.HOME)
        assert home.outcome is Outcome.NEEDS_INFORMATION
        return [question.label for question in home.questions]

    assert asked() == ["Local criterion 1"]
    LocalCriterion.objects.create(institution=city, number=1, label="Jaringan di rumah", question="Ada jaringan?")
    assert asked() == ["Jaringan di rumah"]


def test_a_position_without_a_task_gets_no_answer(city: Institution, instrument: Instrument) -> None:
    publish(instrument)
    agency = Agency.objects.create(institution=city, code="Dinkes", name="Dinkes", kind="dinas")
    bare = Position.objects.create(institution=city, agency=agency, code="P0", title="Kosong")
    book, known = rulebook(city, DAY, END), grounds(city, DAY, END)
    assert answer_for(bare, book, known, str) is None
    task = Task.objects.create(position=bare, title="Tugas", share=100)
    TaskProfile.objects.create(task=task, institution=city, agency=agency, position=bare)
    assert answer_for(bare, book, known, str) is not None


@pytest.mark.parametrize("model", [AgencyGround, UnitGround])
def test_the_grounds_joined_by_the_screening_are_names_not_tables(model: type[AgencyGround | UnitGround]) -> None:
    assert not model._meta.managed
    assert not Rulebook(()).rules
