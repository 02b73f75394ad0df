"""The demonstration is two true-looking cities: right numbers, right titles, right facts, and the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO
from typing import Final

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.models import Count, F, Q, Sum
from django.test import TestCase, override_settings

from agencies.clock import DEMONSTRATION_DAYS
from agencies.demonstration.catalogue import rows
from agencies.demonstration.cities import CITIES
from agencies.demonstration.lots import falls, lot
from agencies.demonstration.sign_ins import PASSWORD, SIGN_INS
from agencies.exposure import proposed_exposure
from agencies.fact_values import as_text
from agencies.facts import TASK_FACTS
from agencies.models import Agency, FactRecord, Grant, Institution, Position, Role, Task, TaskProfile, User
from eligibility.actions.law import load_rules
from eligibility.grounds import grounds
from eligibility.loading import rulebook
from eligibility.rulebook import Mode, Outcome
from eligibility.screening import position_bounds
from eligibility.seeds import seed_files
from oversight.models import TrailEntry

KNOWN_AT: Final = datetime(2026, 12, 1, tzinfo=UTC)
DAYS: Final = {"kota-malang": date(2025, 7, 1), "kota-semarang": date(2025, 7, 3)}
MALANG: Final = {
    "Disdikbud": 2420,
    "Dinkes": 720,
    "RSUD": 250,
    "kecamatan": 125,
    "kelurahan": 399,
    "Satpol PP": 210,
    "DPUPRPKP": 200,
    "DLH": 190,
    "Dishub": 186,
    "Setda": 170,
    "Bapenda": 130,
    "Diskopindag": 130,
    "BKAD": 85,
    "Dinsos-P3AP2KB": 85,
    "Disnaker-PMPTSP": 80,
    "Dispendukcapil": 75,
    "Dispangtan": 70,
    "Disporapar": 65,
    "Inspektorat": 60,
    "Bappeda": 60,
    "BKPSDM": 60,
    "Diskominfo": 60,
    "Dispussipda": 50,
    "Setwan": 45,
    "BPBD": 45,
    "Bakesbangpol": 30,
}
"""People by agency with the units below it; the hospital apart from its department, districts together."""
CORE: Final = tuple(fact.column for fact in TASK_FACTS if not fact.column.startswith("local_"))


def malang() -> Institution:
    return Institution.objects.get(code="kota-malang")


def group_of(agency: Agency) -> str:
    """The line of the table of people that an agency belongs to."""
    if agency.kind in ("kecamatan", "kelurahan", "rumah_sakit"):
        return {"rumah_sakit": agency.code}.get(agency.kind, agency.kind)
    return agency.parent.code if agency.parent else agency.code


def outcomes(city: Institution, positions: models.QuerySet[Position], on: date | None = None) -> Counter[Outcome]:
    """How many of these positions have which outcome for work at home."""
    day = on or DAYS[city.code]
    law, ground = rulebook(city, day, KNOWN_AT), grounds(city, day, KNOWN_AT)
    keys = list(positions.values_list("pk", flat=True))
    assert keys, "no such position"
    bounds = position_bounds(law, ground, institution=city, positions=keys)
    return Counter(bounds[key][Mode.HOME].outcome for key in keys)


def all_known(positions: models.QuerySet[Position]) -> bool:
    unknown = Q()
    for column in CORE:
        unknown |= Q(**{f"{column}__isnull": True})
    return not TaskProfile.objects.filter(unknown, position__in=positions).exists()


def row_counts() -> dict[str, int]:
    """How many rows every table holds."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


def cities() -> list[Institution]:
    return [Institution.objects.get(code=code) for code in DAYS]


@override_settings(DEMO=True, LANGUAGE_CODE="en")
class TestDemonstration(TestCase):
    """Both cities and the law, loaded once for all of these tests."""

    said: str

    @classmethod
    def setUpTestData(cls) -> None:
        """Load the law and the cities."""
        load_rules(actor=None, files=seed_files())
        out = StringIO()
        call_command("demo", stdout=out)
        cls.said = out.getvalue()
        # Once here: PostgreSQL would check all these rows again at the end of every test.
        connection.check_constraints()

    def test_malang_has_its_people_agency_by_agency(self) -> None:
        people: Counter[str] = Counter()
        for position in malang().positions.select_related("agency__parent"):
            people[group_of(position.agency)] += position.filled or 0
        assert people == MALANG
        assert people.total() == 6000

    def test_each_city_has_as_many_employees_as_its_positions_have_holders(self) -> None:
        for city in cities():
            with self.subTest(city):
                assert city.employees.count() == city.positions.aggregate(sum=Sum("filled"))["sum"]
                assert not city.employees.exclude(name__contains="intetis").exists()

    def test_each_city_has_about_2600_positions_and_every_real_agency(self) -> None:
        for city in cities():
            with self.subTest(city):
                assert 2_400 <= city.positions.count() <= 2_800
                assert city.agencies.filter(positions__isnull=True).count() == 0
                real = {row["singkatan"] for row in rows(f"{city.code}-perangkat-daerah.csv")}
                units = city.agencies.exclude(kind__in=("kelurahan", "puskesmas", "sekolah"))
                assert set(units.values_list("code", flat=True)) == real

    def test_kelurahan_stand_under_their_kecamatan_and_puskesmas_under_dinkes(self) -> None:
        below = Counter(malang().agencies.filter(kind="kelurahan").values_list("parent__name", flat=True))
        assert below == {
            "Kecamatan Blimbing": 11,
            "Kecamatan Kedungkandang": 12,
            "Kecamatan Klojen": 11,
            "Kecamatan Lowokwaru": 12,
            "Kecamatan Sukun": 11,
        }
        assert malang().agencies.filter(kind="puskesmas", parent__code="Dinkes").count() == 16

    def test_what_is_estimated_or_only_a_sample_says_so(self) -> None:
        for city in cities():
            with self.subTest(city):
                assert not city.agencies.exclude(note__contains="perkiraan").exists()
                assert not city.agencies.filter(kind="sekolah").exclude(note__contains="Sampel unit").exists()
                sampled = city.agencies.filter(kind="kelurahan", note__contains="Sampel unit").exists()
                assert sampled == (city.code == "kota-semarang")

    def test_a_second_run_changes_nothing_and_says_so(self) -> None:
        assert "created" in self.said
        before = row_counts()
        out = StringIO()
        call_command("demo", stdout=out)
        assert out.getvalue().count("nothing changed") == len(CITIES)
        assert before == row_counts()

    def test_loading_a_city_is_one_entry_of_its_trail(self) -> None:
        for city in cities():
            with self.subTest(city):
                assert TrailEntry.objects.filter(institution=city).count() == 1

    def test_outside_demonstration_mode_nothing_is_loaded(self) -> None:
        with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO=1"):
            call_command("demo")

    def test_lots_fall_by_their_keys_alone(self) -> None:
        assert lot("kota-malang", "BPBD-00") == lot("kota-malang", "BPBD-00")
        assert 5 <= sum(falls(10, "a", str(number)) for number in range(200)) <= 35

    def test_between_4_and_12_percent_of_the_answers_are_unknown(self) -> None:
        for city in cities():
            with self.subTest(city):
                profiles = TaskProfile.objects.filter(institution=city)
                unknown = sum(profiles.filter(**{f"{column}__isnull": True}).count() for column in CORE)
                assert 0.04 <= unknown / (len(CORE) * profiles.count()) <= 0.12

    def test_about_one_position_in_five_is_split_and_known_shares_fill_the_time(self) -> None:
        for city in cities():
            with self.subTest(city):
                positions = city.positions.annotate(
                    parts=Count("tasks"), told=Count("tasks__share"), sum=Sum("tasks__share")
                )
                assert 0.17 <= positions.filter(parts__gt=1).count() / positions.count() <= 0.23
                assert not positions.filter(Q(parts=0) | Q(parts__gt=3)).exists()
                assert not positions.filter(told=F("parts")).exclude(sum=100).exists()
                assert positions.filter(told=0).exists()
                whole = Task.objects.filter(position__in=positions.filter(parts=1)).select_related("position")
                assert all(task.title == str(task.position) for task in whole)

    def test_every_profile_is_what_the_last_records_say(self) -> None:
        for city in cities():
            with self.subTest(city):
                records = FactRecord.objects.filter(institution=city)
                assert set(records.values_list("source", flat=True)) == {"Data sintetis demonstrasi"}
                assert set(records.filter(fact="task.exposure").values_list("basis", flat=True)) == {"proposed"}
                assert set(records.exclude(fact="task.exposure").values_list("basis", flat=True)) == {"imported"}
                told = {(task, fact): value for task, fact, value in records.values_list("task", "fact", "value")}
                for profile in TaskProfile.objects.filter(institution=city):
                    for fact in TASK_FACTS:
                        assert told.get((profile.pk, fact.name)) == as_text(getattr(profile, fact.column))

    def test_exposure_and_kind_of_service_follow_from_the_services_served(self) -> None:
        for city in cities():
            with self.subTest(city):
                for task in (
                    Task.objects.filter(position__institution=city)
                    .select_related("profile")
                    .prefetch_related("services")
                ):
                    kinds = [service.kind for service in task.services.all()]
                    assert task.profile.exposure in (None, proposed_exposure(kinds))
                    assert task.profile.service_kind in (None, *(kinds or ["none"]))
                assert not city.agencies.filter(services__hours="").exists()

    def test_titles_categories_and_echelons_are_as_in_use(self) -> None:
        for title, category, echelon, leads in (
            ("Sekretaris Daerah", "jpt_pratama", "ii_a", "agency"),
            ("Kepala Dinas Kesehatan", "jpt_pratama", "ii_b", "agency"),
            ("Inspektur", "jpt_pratama", "ii_b", "agency"),
            ("Kepala Pelaksana BPBD", "jpt_pratama", "ii_b", "agency"),
            ("Direktur RSUD Kota Malang", "administrator", "iii_a", "agency"),
            ("Camat Klojen", "administrator", "iii_a", "agency"),
            ("Lurah Kauman", "pengawas", "iv_a", "agency"),
            ("Sekretaris Dinas Kesehatan", "administrator", "iii_a", "unit"),
            ("Kepala Bidang Statistik", "administrator", "iii_b", "unit"),
        ):
            with self.subTest(title):
                position = Position.objects.get(institution=malang(), title=title)
                assert (position.category, position.echelon, position.leads) == (category, echelon, leads)

    def test_every_agency_has_one_head_and_schools_and_puskesmas_a_functional_one(self) -> None:
        for city in cities():
            with self.subTest(city):
                heads = city.positions.filter(leads="agency")
                assert heads.count() == heads.values("agency").distinct().count() == city.agencies.count()
                additional = heads.filter(agency__kind__in=("sekolah", "puskesmas"))
                assert set(additional.values_list("category", "echelon")) == {("fungsional", "none")}
                assert not city.positions.filter(title__icontains="loket").exists()

    def test_the_stances_of_the_cities_stand_with_their_sources(self) -> None:
        for city in cities():
            with self.subTest(city):
                stage = city.policy_stages.in_force(DAYS[city.code])
                assert stage is not None
                assert stage.stage == {"kota-malang": "studying", "kota-semarang": "not_adopted"}[city.code]
                assert "Pers" in stage.source

    def test_who_serves_the_public_directly_is_not_eligible_for_home(self) -> None:
        for city_code, positions in (
            (
                "kota-malang",
                Q(agency__code="Dispendukcapil", tasks__services__code__in=["loket_adminduk", "mpp_adminduk"]),
            ),
            ("kota-malang", Q(agency__parent__code="Dinkes", job_family="perawat")),
            ("kota-malang", Q(agency__code="Dinkes", job_family="perawat")),
            ("kota-malang", Q(agency__code="BPBD", tasks__services__kind="emergency")),
            ("kota-semarang", Q(agency__code="Disdukcapil", tasks__services__code="loket_adminduk")),
            ("kota-semarang", Q(agency__code="Dinkes", job_family="perawat")),
            ("kota-semarang", Q(agency__code="BPBD", job_family="penanggulangan_bencana")),
        ):
            with self.subTest(city_code):
                city = Institution.objects.get(code=city_code)
                found = Position.objects.filter(positions, institution=city).distinct()
                assert set(outcomes(city, found)) == {Outcome.NOT_ELIGIBLE}

    def test_counter_clerks_nurses_and_responders_have_all_facts_known(self) -> None:
        for positions in (
            Q(agency__code="Dispendukcapil", tasks__title__startswith="Petugas loket"),
            Q(agency__code__in=["Dinkes"], job_family="perawat"),
            Q(agency__kind="puskesmas", job_family="perawat"),
            Q(agency__code="BPBD", tasks__services__kind="emergency"),
        ):
            found = malang().positions.filter(positions).distinct()
            assert found.exists()
            assert all_known(found)
            exposures = set(TaskProfile.objects.filter(position__in=found).values_list("exposure", flat=True))
            assert exposures <= {"direct", "emergency"}

    def test_who_works_with_data_and_archives_is_suited(self) -> None:
        for city_code, agency, family in (
            ("kota-malang", "Diskominfo", "pranata_komputer"),
            ("kota-malang", "Bappeda", "statistisi"),
            ("kota-malang", "Bappeda", "pengolah_data"),
            ("kota-malang", "Dispussipda", "arsiparis"),
            ("kota-malang", "Dinkes", "arsiparis"),
            ("kota-semarang", "Diskominfo", "pranata_komputer"),
            ("kota-semarang", "Diskominfo", "statistisi"),
            ("kota-semarang", "Bappeda", "pengolah_data"),
            ("kota-semarang", "Arpus", "arsiparis"),
            ("kota-semarang", "Dinkes", "arsiparis"),
        ):
            with self.subTest(city_code):
                city = Institution.objects.get(code=city_code)
                found = city.positions.filter(agency__code=agency, job_family=family)
                known = [position for position in found if all_known(city.positions.filter(pk=position.pk))]
                whole = city.positions.filter(pk__in=[position.pk for position in known])
                assert outcomes(city, whole)[Outcome.ELIGIBLE] >= 1

    def test_an_auditor_writes_anywhere_and_audits_in_the_field(self) -> None:
        for city in cities():
            with self.subTest(city):
                auditors = city.positions.filter(agency__code="Inspektorat", job_family="auditor")
                assert all_known(auditors)
                assert set(outcomes(city, auditors)) == {Outcome.CONDITIONAL}
                shares = Task.objects.filter(position__in=auditors).values_list(
                    "share", "profile__work_place", "profile__with_tik"
                )
                assert set(shares) == {(60, "free", True), (40, "field", False)}

    def test_supporting_work_can_be_told_from_direct_service(self) -> None:
        city = malang()
        before = outcomes(city, city.positions.all(), date(2024, 4, 15))
        during = outcomes(city, city.positions.all(), date(2024, 4, 16))
        assert set(before) == {Outcome.NOT_ELIGIBLE}
        assert during[Outcome.CONDITIONAL] + during[Outcome.ELIGIBLE] > 300
        nurses = city.positions.filter(job_family="perawat")
        assert set(outcomes(city, nurses, date(2024, 4, 16))) == {Outcome.NOT_ELIGIBLE}

    def test_every_sign_in_opens_with_the_published_password_and_has_its_role(self) -> None:
        for one in SIGN_INS:
            user = User.objects.get(username=one.username)
            assert "(sintetis)" in user.first_name
            assert user.check_password(PASSWORD)
            grant = Grant.objects.in_force(DEMONSTRATION_DAYS.get(one.institution, date(2025, 7, 1))).get(user=user)
            assert (grant.role, grant.institution.code) == (one.role, one.institution)
            assert (grant.agency.code if grant.agency else "") == one.agency
        in_malang = {one.role for one in SIGN_INS if one.institution == "kota-malang"}
        assert in_malang == set(Role.values) - {"outside_reader"}, "whoever reads from outside is shown in kota-contoh"
        assert {one.role for one in SIGN_INS} == set(Role.values)
        assert authenticate(username="sari", password="wrong") is None


@override_settings(DEMO=True)
def test_the_sign_ins_are_listed_for_the_terminal_without_loading_anything() -> None:
    out = StringIO()
    call_command("demo", "--sign-ins", stdout=out)
    assert PASSWORD in out.getvalue()
    assert all(one.username in out.getvalue() for one in SIGN_INS)
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo", "--sign-ins", stdout=out)
