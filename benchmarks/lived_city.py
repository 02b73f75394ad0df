"""A city in which a hundred thousand arrangements were lived: people, arrangements, approvals, steps and their trail.

Everything is synthetic. One arrangement is examined and approved as acts do; the others carry the same texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection, transaction

from agencies import triggers
from agencies.models import Agency, Employee, Grant, Institution, Position, Role, User
from agencies.protection import install_triggers
from benchmarks.jobs import make_agencies
from benchmarks.rows import fill
from benchmarks.signing import TASKS_PER_POSITION, new_verification, store, tidied
from eligibility.actions.determinations import record_determination
from eligibility.actions.instruments import InstrumentValues, Reach, record_instrument
from eligibility.arrangements.approving import write_approval
from eligibility.arrangements.examined import examined
from eligibility.arrangements.reporting_line import route_for
from eligibility.arrangements.stations import route_text
from eligibility.arrangements.transitions import Deed, What
from eligibility.determinations.signing import Signature
from eligibility.models import Arrangement, Determination, DeterminedPosition
from eligibility.periods import Span

EMPLOYEES: Final = 20_000
ARRANGEMENTS: Final = 100_000
ON: Final = date(2025, 7, 1)
AT: Final = datetime(2025, 7, 1, 5, tzinfo=UTC)
TODAY: Final = date(2025, 10, 1)
NOW: Final = datetime(2025, 10, 1, 3, tzinfo=UTC)
_BEFORE: Final = datetime(2025, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Lived:
    """The city, who reads in it, and one arrangement that is lived by."""

    city: Institution
    hr_officer: User
    head: User
    inspector: User
    employee: User
    region: User
    """Of the head of the region."""
    arrangement: Arrangement


def live(city: Institution) -> Lived:
    """Fill the city; every agency is led by the holder of its first position."""
    fill(make_agencies(city), round(EMPLOYEES * TASKS_PER_POSITION))
    agencies = list(Agency.objects.filter(institution=city).order_by("pk"))
    triggers.remove(connection)
    _people(city)
    install_triggers(connection.alias)
    _signed(city, agencies)
    row = _first_arrangement(city)
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for statement in (_OTHERS, _OUTPUTS, _APPROVALS, _SPANS, _STEPS, _NOTICES, _TRAIL):
            cursor.execute(statement)
        cursor.execute("UPDATE oversight_trailhead SET number = (SELECT max(number) FROM oversight_trailentry)")
    install_triggers(connection.alias)
    tidied()
    return Lived(city, *_accounts(city, row), row)


def _people(city: Institution) -> None:
    """An employee for each position, employed, posted and rated long ago; every agency's first leads it."""
    with connection.cursor() as cursor:
        first = "(SELECT min(id) FROM agencies_position GROUP BY agency_id)"
        cursor.execute(f"UPDATE agencies_position SET leads = CASE WHEN id IN {first} THEN 'agency' ELSE 'none' END")
        cursor.execute(
            "UPDATE agencies_taskprofile t SET leads = p.leads FROM agencies_position p WHERE p.id = t.position_id"
        )
        for statement in _PEOPLE:
            cursor.execute(statement, {"city": city.pk, "at": _BEFORE})
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('agencies_employee', 'id'), (SELECT max(id) FROM agencies_employee))"
        )
    tidied()


_PEOPLE: Final = (
    "INSERT INTO agencies_employee (id, institution_id, nip, name, residence, recorded_at) "
    "SELECT id, %(city)s, '19900101201501' || lpad((id %% 10000)::text, 4, '0'), 'Pegawai ' || id, "
    "'Jalan Contoh ' || id, %(at)s "
    "FROM agencies_position WHERE id <= 10000",
    "INSERT INTO agencies_employee (id, institution_id, nip, name, residence, recorded_at) "
    "SELECT id, %(city)s, '19910101201501' || lpad((id %% 10000)::text, 4, '0'), 'Pegawai ' || id, "
    "'Jalan Contoh ' || id, %(at)s "
    "FROM agencies_position WHERE id > 10000 AND id < 20000",
    "INSERT INTO agencies_employment (employee_id, kind, grade, standing, sk_number, effective_from, recorded_at) "
    "SELECT id, 'pns', 'III/a', 'active', '', '2020-01-01', %(at)s FROM agencies_employee",
    "INSERT INTO agencies_posting (employee_id, position_id, capacity, reason, sk_number, effective_from, recorded_at) "
    "SELECT id, id, 'definitive', 'formation', '', '2020-01-01', %(at)s FROM agencies_employee",
    "INSERT INTO agencies_predicate (employee_id, period_starts_on, period_ends_on, predicate, recorded_at) "
    "SELECT id, '2024-01-01', '2024-12-31', 'baik', %(at)s FROM agencies_employee",
)


def _signed(city: Institution, agencies: list[Agency]) -> None:
    """The Penetapan of the whole city, and the instrument that it is carried out by."""
    verification = new_verification(city, agencies)
    with transaction.atomic():
        store(verification, agencies)
        signed = Signature("188.45/1/2025", ON, "Wali Kota")
        record_determination(actor=None, verification=verification, signed=signed, effective_from=ON, at=AT)
    actor = User.objects.create(username="benchmark_recorder")
    Grant.objects.create(user=actor, institution=city, role=Role.HR_OFFICER, valid_from=ON)
    values = InstrumentValues(
        title="Keputusan Wali Kota 120/2025 (data sintetis)",
        number="120/2025",
        issued_on=ON,
        issuer="Wali Kota",
        subject="Pelaksanaan Fleksibilitas Kerja",
        periods=(Span(ON, date(2025, 12, 31)),),
        reach=Reach(),
    )
    record_instrument(actor=actor, institution=city, values=values, at=AT)


def new_request(city: Institution, position: Position, **values: Any) -> Arrangement:
    """A request of the holder of the position for Tuesdays at home, as acts leave it before its first station."""
    holder = Employee.objects.get(pk=position.pk)
    route = route_for(holder, position, (), on=TODAY, known_at=NOW)
    return Arrangement.objects.create(
        **{
            "institution": city,
            "employee": holder,
            "position": position,
            "agency": position.agency,
            "mode": "home",
            "place": "recorded_residence",
            "residence_confirmed": True,
            "weekdays": "tuesday",
            "starts_on": date(2025, 10, 6),
            "ends_on": date(2025, 11, 28),
            "attestations": "hours reachable security",
            "route": route_text(route),
            "submitted_at": NOW,
            "recorded_at": NOW,
            **values,
        }
    )


def suitable(city: Institution) -> list[Position]:
    """Positions that surely suit work at home and that somebody holds who leads nothing."""
    verification = Determination.objects.get(institution=city).verification
    determined = DeterminedPosition.objects.filter(verification=verification, mode="home", worst__gt=0)
    rows = Position.objects.filter(pk__in=determined.values("position"), leads="none", pk__lt=EMPLOYEES)
    return list(rows.select_related("agency").order_by("pk"))


def _first_arrangement(city: Institution) -> Arrangement:
    """The one whose approval is written by the portal; whether every check passes does not matter to its pages."""
    position = suitable(city)[-1]
    values = {"state": "approved", "approved_at": AT, "starts_on": date(2025, 7, 7), "ends_on": date(2025, 12, 19)}
    row = new_request(city, position, **values, recorded_at=AT)
    write_approval(row, examined(row, on=ON, at=NOW), Deed(What.APPROVED, None, ON, AT))
    return row


_COPIED: Final = "residence_confirmed, place, purpose, attestations, asked_by_head, round, mode, route"
_DAYS: Final = "(ARRAY['monday','tuesday','wednesday','thursday','friday'])[1 + n % 5]"
_OTHERS: Final = (
    "INSERT INTO eligibility_arrangement (institution_id, employee_id, position_id, agency_id, state, weekdays, "
    f"starts_on, ends_on, submitted_at, approved_at, ended_on, recorded_at, norm_id, {_COPIED}) "
    "SELECT f.institution_id, p.id, p.id, p.agency_id, "
    f"CASE WHEN n < {EMPLOYEES} THEN 'approved' WHEN n % 7 = 0 THEN 'ended' ELSE 'approved' END, {_DAYS}, "
    f"CASE WHEN n < {EMPLOYEES} THEN date '2025-07-07' ELSE date '2025-01-06' + (n / {EMPLOYEES})::int * 30 END, "
    f"CASE WHEN n < {EMPLOYEES} THEN date '2025-12-19' ELSE date '2025-01-31' + (n / {EMPLOYEES})::int * 30 END, "
    "f.approved_at - interval '2 days', f.approved_at + n * interval '1 second', "
    f"CASE WHEN n >= {EMPLOYEES} AND n % 7 = 0 THEN date '2025-01-20' + (n / {EMPLOYEES})::int * 30 END, "
    "f.recorded_at - interval '3 days' + n * interval '1 second', f.norm_id, "
    + ", ".join(f"f.{name.strip()}" for name in _COPIED.split(","))
    + f" FROM eligibility_arrangement f, generate_series(0, {ARRANGEMENTS - 1}) AS s(n) "
    f"JOIN agencies_position p ON p.id = 1 + n % ({EMPLOYEES} - 1) WHERE f.employee_id <> p.id"
)
_OUTPUTS: Final = (
    "INSERT INTO eligibility_arrangementoutput (arrangement_id, number, output, target, skp) "
    "SELECT id, 1, 'Laporan hasil kerja', '1 laporan', 'Tersusunnya laporan' FROM eligibility_arrangement"
)
_APPROVALS: Final = (
    'INSERT INTO eligibility_approval (arrangement_id, round, at, "on", plan, checks) '
    'SELECT a.id, 1, a.approved_at, f."on", f.plan, f.checks FROM eligibility_arrangement a, eligibility_approval f '
    "WHERE a.id <> f.arrangement_id"
)
_SPANS: Final = (
    "INSERT INTO eligibility_approvalspan (approval_id, number, starts_on, ends_on, rulebook_id, determination_id, "
    "facts, outcome) SELECT p.id, 1, a.starts_on, a.ends_on, f.rulebook_id, f.determination_id, f.facts, f.outcome "
    "FROM eligibility_approval p JOIN eligibility_arrangement a ON a.id = p.arrangement_id, "
    "(SELECT * FROM eligibility_approvalspan ORDER BY id LIMIT 1) f WHERE p.id <> f.approval_id"
)
_STEPS: Final = (
    "INSERT INTO eligibility_arrangementstep "
    '(arrangement_id, round, what, office_title, capacity, "on", at, ground, text) '
    "SELECT a.id, 1, w.what, '', '', a.starts_on - 3, a.approved_at - w.n * interval '1 hour', '', '' "
    "FROM eligibility_arrangement a, (VALUES ('submitted', 2), ('endorsed', 1), ('approved', 0)) AS w(what, n)"
)
_NOTICES: Final = (
    "INSERT INTO eligibility_notice (institution_id, user_id, arrangement_id, code, at) "
    "SELECT a.institution_id, u.id, a.id, 'approved', a.approved_at FROM eligibility_arrangement a, "
    "(SELECT min(id) AS id FROM agencies_user) u WHERE a.id % 100 = 0"
)
_TRAIL: Final = (
    "INSERT INTO oversight_trailentry (id, institution_id, number, recipe, at, actor_label, action, subject_type, "
    "subject_id, subject_digest, body, merkle_root, previous_digest, epoch, side_digest, digest) "
    "SELECT gen_random_uuid(), h.institution_id, h.number + row_number() OVER (ORDER BY a.id), 1, a.approved_at, "
    "'agency_head', 'arrangement_approved', 'eligibility.arrangement', a.id::text, repeat('0', 64), '{}', '', "
    "repeat('0', 64), h.epoch, '', md5(a.id::text) || md5(a.id::text) "
    "FROM eligibility_arrangement a JOIN oversight_trailhead h ON h.institution_id = a.institution_id"
)


def _accounts(city: Institution, row: Arrangement) -> tuple[User, User, User, User, User]:
    """HR officer, head of the agency of the arrangement, inspector, its employee, and the head of the region."""
    leader = Position.objects.get(agency=row.agency, leads="agency")
    return (
        _account(city, Role.HR_OFFICER),
        _account(city, Role.AGENCY_HEAD, row.agency, Employee.objects.get(pk=leader.pk)),
        _account(city, Role.INSPECTOR, Agency.objects.get(institution=city, code="Inspektorat")),
        _account(city, Role.EMPLOYEE, None, row.employee),
        _account(city, Role.AGENCY_HEAD),
    )


def _account(city: Institution, role: Role, agency: Agency | None = None, employee: Employee | None = None) -> User:
    user = User.objects.create(username=f"benchmark_{role}_{agency.pk if agency else 0}", employee=employee)
    of = None if role is Role.INSPECTOR else agency
    Grant.objects.create(user=user, institution=city, role=role, agency=of, valid_from=ON)
    return user
