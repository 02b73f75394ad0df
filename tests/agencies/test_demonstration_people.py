"""The demonstration's people are invented, in true proportions, complete, and the same on every machine."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import pairwise
from unittest.mock import patch

from django.db import connection
from django.db.models import Q
from django.test import TestCase, override_settings

from agencies.demonstration import loading
from agencies.demonstration.sign_ins import SIGN_INS
from agencies.grades import GRADES
from agencies.institutions_register import ensure_institutions
from agencies.models import (
    Absence,
    AdditionalTask,
    Agency,
    DisciplineGate,
    Employee,
    Employment,
    Institution,
    NonAsnStaff,
    Position,
    Posting,
    Predicate,
    User,
)
from agencies.nip import parse_nip
from oversight.models import TrailEntry

ON = date(2025, 7, 1)
KNOWN = datetime(2025, 7, 1, tzinfo=UTC)
NEW = ("formation", "promotion", "transfer", "rotation")


@override_settings(DEMO=True, LANGUAGE_CODE="en")
class TestPeople(TestCase):
    """Malang, filled by a version without people and then by this one."""

    city: Institution
    before: loading.Loaded
    loaded: loading.Loaded

    @classmethod
    def setUpTestData(cls) -> None:
        """Load the city twice."""
        cls.city = ensure_institutions()["kota-malang"]
        with patch.object(loading, "ensure_people", return_value=0):
            cls.before = loading.load_city(cls.city)
        cls.loaded = loading.load_city(cls.city)
        connection.check_constraints()

    def test_a_city_of_an_earlier_version_gets_its_people_in_one_act_and_once(self) -> None:
        assert (self.before.created, self.before.employees) == (True, 0)
        assert (self.loaded.created, self.loaded.added, self.loaded.employees) == (False, 6000, 6000)
        assert TrailEntry.objects.filter(institution=self.city).count() == 2
        assert loading.load_city(self.city).added == 0
        assert TrailEntry.objects.filter(institution=self.city).count() == 2

    def test_every_position_has_as_many_definitive_holders_as_it_is_said_to_have(self) -> None:
        held = Counter(
            Posting.objects.in_force(ON, KNOWN).filter(capacity="definitive").values_list("position", flat=True)
        )
        told = {pk: filled for pk, filled in Position.objects.values_list("pk", "filled") if filled}
        assert held == told
        assert Employee.objects.seen_from(Agency.objects.all(), ON, KNOWN).count() == 6000

    def test_the_kinds_of_employees_are_in_true_proportions(self) -> None:
        kinds = Counter(Employment.objects.in_force(ON, KNOWN).values_list("kind", flat=True))
        assert kinds.total() == 6000
        assert 0.58 <= kinds["pns"] / 6000 <= 0.62
        assert 0.36 <= (kinds["pppk"] + kinds["pppk_part_time"]) / 6000 <= 0.40
        assert 0.015 <= kinds["cpns"] / 6000 <= 0.025
        assert kinds["pppk_part_time"] > 20

    def test_numbers_and_golongan_fit_the_kind_and_the_sequence_says_invented(self) -> None:
        for one in Employment.objects.in_force(ON, KNOWN).select_related("employee"):
            nip = parse_nip(one.employee.nip, one.kind)
            assert nip.sequence[0] == "9"
            assert one.grade in GRADES[one.kind]
            assert nip.year - nip.born.year >= 18
            assert ON.year - nip.born.year <= 60
            assert nip.year <= one.effective_from.year <= 2025

    def test_nobody_is_taken_for_a_real_person(self) -> None:
        names = Employee.objects.exclude(name__regex=r"^Pegawai Sintetis \d{4}$")
        assert set(names.values_list("name", flat=True)) == {
            one.name for one in SIGN_INS if one.institution == "kota-malang"
        }
        assert not Employee.objects.exclude(residence__startswith="Alamat Sintetis").exists()
        assert Employee.objects.values("name").distinct().count() == 6000

    def test_predicates_discipline_and_absences_are_as_in_life(self) -> None:
        said = Counter(Predicate.objects.last_by(ON, KNOWN).values_list("predicate", flat=True))
        assert 0.91 <= said["baik"] / said.total() <= 0.95
        assert len(said) == 5
        gates = DisciplineGate.objects.in_force(ON, KNOWN)
        assert 0.002 <= gates.count() / 6000 <= 0.006
        of_pppk = Employment.objects.in_force(ON, KNOWN).filter(kind__startswith="pppk").values("employee")
        assert not gates.filter(Q(basis="pppk") & ~Q(employee__in=of_pppk)).exists()
        away = Counter(Absence.objects.in_force(ON, KNOWN).values_list("kind", flat=True))
        assert 0.02 <= away["leave"] / 6000 <= 0.04
        assert away["travel"] > 20
        standings = Counter(Employment.objects.in_force(ON, KNOWN).values_list("standing", flat=True))
        assert 1 <= standings["unpaid_leave"] <= standings["study"] <= 60

    def test_vacant_leading_positions_have_a_plt_and_heads_on_leave_a_plh(self) -> None:
        leading = Position.objects.exclude(leads="none")
        acting = Posting.objects.in_force(ON, KNOWN).exclude(capacity="definitive").select_related("position")
        by_capacity = Counter(acting.values_list("capacity", flat=True))
        assert 0.03 <= by_capacity["plt"] / leading.count() <= 0.07
        assert by_capacity["plh"] >= 1
        assert not leading.filter(filled=0).exclude(pk__in=acting.values("position")).exists()
        for one in acting:
            assert (one.position.filled == 0) is (one.capacity == "plt")
            away = Absence.objects.in_force(ON, KNOWN).filter(employee__postings__position=one.position)
            assert away.exists() is (one.capacity == "plh")

    def test_definitive_postings_of_one_person_never_overlap(self) -> None:
        careers: dict[int, list[Posting]] = {}
        for posting in Posting.objects.filter(capacity="definitive").order_by("effective_from"):
            careers.setdefault(posting.employee_id, []).append(posting)
        assert any(len(career) > 1 for career in careers.values())
        for career in careers.values():
            for earlier, later in pairwise(career):
                assert earlier.effective_until is not None
                assert earlier.effective_until < later.effective_from

    def test_months_in_position_are_known_and_one_in_six_is_new(self) -> None:
        months = Posting.objects.months_in_position(ON, KNOWN, NEW)
        assert len(months) == 6000
        assert 0.08 <= sum(count < 12 for count in months.values()) / 6000 <= 0.2

    def test_some_have_additional_tasks_and_agencies_count_their_non_asn(self) -> None:
        kinds = Counter(AdditionalTask.objects.in_force(ON, KNOWN).values_list("kind", flat=True))
        assert set(kinds) == {"treasurer", "goods", "pptk"}
        assert all(count > 30 for count in kinds.values())
        assert NonAsnStaff.objects.values("agency").distinct().count() == self.city.agencies.count()

    def test_whoever_signs_in_has_a_file_of_her_own_in_a_fitting_position(self) -> None:
        for one in SIGN_INS:
            if one.institution != "kota-malang":
                continue
            employee = User.objects.get(username=one.username).employee
            assert employee is not None
            assert employee.name == one.name
            posting = employee.postings.get(capacity="definitive", effective_until=None)
            assert posting.position.code == one.position
            assert one.agency in ("", posting.position.agency.code)
            assert not employee.discipline_gates.exists()
        head = Position.objects.get(code="DISKOMINFO-00")
        leading = Posting.objects.leading(head.agency_id, ON, KNOWN)
        assert leading is not None
        assert leading.employee.account.username == "bagus"

    def test_everybody_is_the_same_on_every_machine(self) -> None:
        told = Employee.objects.values_list("nip", "name", "residence")
        held = Posting.objects.values_list(
            "employee__nip", "position__code", "capacity", "reason", "effective_from", "effective_until"
        )
        lines = sorted(" ".join(map(str, row)) for row in (*told, *held))
        assert sha256("\n".join(lines).encode()).hexdigest()[:12] == "42932a8430ba"

    def test_what_was_recorded_was_known_before_the_shown_day(self) -> None:
        for model in (Employment, Posting, Predicate, DisciplineGate, Absence, AdditionalTask, NonAsnStaff):
            assert not model._default_manager.exclude(recorded_at__lt=KNOWN, superseded_at=None).exists()
