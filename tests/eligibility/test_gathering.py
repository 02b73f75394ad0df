"""What is gathered to examine requests: her tasks, the Penetapan, who is counted beside her; for many as for one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actions.personal_records import end_posting
from agencies.facts import Level
from agencies.models import Employee, NonAsnStaff, Position
from eligibility.actions.law import load_rules
from eligibility.arrangements.gathering import Asked, asked_of, gather
from eligibility.arrangements.matters import Group, Matter, SpanGround
from eligibility.arrangements.requests import Request
from eligibility.loading import NoLawInForce
from eligibility.models import ArrangementStep, InstitutionSetting
from eligibility.rulebook import Mode, Outcome, Verdict
from tests.arranged_city import AT, ArrangedCity, holder, written
from tests.factories import (
    RECORDED,
    AdditionalTaskFactory,
    AgencyFactory,
    EmploymentFactory,
    HolderTaskFactory,
    InstitutionFactory,
    PositionFactory,
    PostingFactory,
    PublicServiceFactory,
    TaskFactory,
)

FIRST, LAST = date(2025, 10, 6), date(2025, 11, 28)
LATER = datetime(2025, 10, 2, 3, tzinfo=UTC)


def asked(city: ArrangedCity, employee: Employee | None = None, **values: Any) -> Asked:
    first, last = values.pop("first", FIRST), values.pop("last", LAST)
    mode = values.pop("mode", Mode.HOME)
    request = Request(mode, "recorded_residence", frozenset({"tuesday"}), first, last, date(2025, 10, 1))
    person = employee or city.asker
    return Asked(**{"key": 0, "employee": person.pk, "position": city.programmer.pk, "request": request, **values})


def matter(city: ArrangedCity, one: Asked | None = None, known_at: datetime = LATER) -> Matter:
    one = one or asked(city)
    return gather(city.city.cast.institution, [one], known_at=known_at)[one.key]


def span(city: ArrangedCity, one: Asked | None = None) -> SpanGround:
    return matter(city, one).spans[0]


def share(code: str, per: str, population: str = "all", **parts: Any) -> dict[str, Any]:
    """A rule of a circular: at most half of the staff away."""
    limit = {"quantity": "share_of_staff", "direction": "most", "value": 50, "together": ["home"]}
    version = {
        "number": 1,
        "title": f"Paling banyak separuh pegawai ({code})",
        "provision": "Ketentuan kehadiran",
        "subject": "position",
        "effect": "limit",
        "modes": ["home"],
        "effective_from": "2025-07-01",
        "known_from": "2025-07-01T00:00:00+07:00",
        "limit": {**limit, "population": population, "per": per, "counting": "any_day"},
        **parts,
    }
    return {"code": code, "versions": [version]}


def circular(tmp_path: Path, *rules: dict[str, Any]) -> None:
    """Publish a synthetic circular of the city that holds the rules."""
    known = "2025-07-01T00:00:00+07:00"
    content = {
        "instrument": {
            "code": "SE-KOTA-CONTOH",
            "owner": "kota-contoh",
            "title": "SE Kota Contoh (data sintetis)",
            "subject": "Kehadiran",
            "issuer": "Wali Kota",
            "layer": 50,
            "known_from": known,
        },
        "periods": [{"kind": "in_force", "starts_on": "2025-07-01", "basis": "SE", "known_from": known}],
        "scopes": [{"institution_code": "kota-contoh"}],
        "provisions": [{"reference": "Ketentuan kehadiran", "summary": "Separuh pegawai.", "mark": "1"}],
        "rules": list(rules),
    }
    path = tmp_path / "se.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    load_rules(actor=None, files=[path], at=RECORDED)


def test_a_matter_holds_what_decides_for_her_tasks_and_nothing_is_absent_but_the_request(
    arranged: ArrangedCity,
) -> None:
    found = matter(arranged)
    (one,) = found.spans
    assert (found.mode, found.employee, found.own) == (Mode.HOME, arranged.asker.pk, ())
    assert (one.starts_on, one.ends_on, one.is_posted, one.is_active) == (FIRST, LAST, True, True)
    assert one.determination == arranged.determination.pk
    assert one.determined is not None
    assert one.determined.outcome is Outcome.ELIGIBLE
    assert (one.stale, one.groups, one.services) == ((), (), ())
    (task,) = one.tasks
    assert task.share == 100
    assert task.case.absent == {Level.ARRANGEMENT}
    assert task.case.values["task.with_tik"] is True
    assert one.values.items() <= task.case.values.items()
    assert one.values["agency.implementing_instrument"] is True
    assert one.values["position.job_family"] == arranged.programmer.job_family
    assert (one.values["employee.kind"], one.values["employee.discipline"]) == ("pns", False)
    other = span(arranged, asked(arranged, position=arranged.city.refused.pk))
    assert (other.determination, other.determined, other.is_posted) == (None, None, False)
    assert gather(arranged.city.cast.institution, [], known_at=LATER) == {}
    with pytest.raises(NoLawInForce):
        matter(arranged, asked(arranged, first=date(2001, 1, 1), last=date(2001, 1, 2)))


def test_a_determined_position_that_changed_since_says_what_changed(arranged: ArrangedCity) -> None:
    arranged.programmer.tasks.get().profile.__class__.objects.filter(position=arranged.programmer).update(
        with_tik=False
    )
    one = span(arranged)
    assert one.stale
    assert one.determined is not None
    assert one.determined.worst is Verdict.ELIGIBLE, "the Penetapan stands as it was signed"


def test_her_tasks_are_everybodys_her_own_and_her_additional_ones(arranged: ArrangedCity) -> None:
    hers = TaskFactory.create(position=arranged.programmer, number=2, title="Basis data", share=30)
    others = TaskFactory.create(position=arranged.programmer, number=3, title="Jaringan", share=20)
    HolderTaskFactory.create(task=hers, employee=arranged.asker)
    HolderTaskFactory.create(task=others, employee=arranged.colleagues[0])
    told = {"with_tik": False, "hours_per_day": "2.5", "work_place": "office", "share": 40, "face_to_face": None}
    extra = AdditionalTaskFactory.create(employee=arranged.asker, facts=told)
    AdditionalTaskFactory.create(employee=arranged.asker, ends_on=FIRST - timedelta(days=1))
    tasks = span(arranged).tasks
    assert [task.title for task in tasks] == ["Pranata Komputer Ahli Muda", "Basis data", "Bendahara pengeluaran"]
    assert [task.share for task in tasks] == [100, 30, None]
    additional = tasks[-1]
    assert additional.key == -extra.pk
    values = additional.case.values
    assert (values["task.with_tik"], values["task.hours_per_day"], values["task.work_place"]) == (
        False,
        Decimal("2.5"),
        "office",
    )
    assert values["task.face_to_face"] is values["task.exposure"] is None
    assert values["employee.kind"] == "pns"


def groups(one: SpanGround) -> dict[tuple[str, str], Group]:
    return {(group.kind, group.population): group for group in one.groups}


def test_groups_are_those_that_limits_count_over_and_their_active_staff(arranged: ArrangedCity, tmp_path: Path) -> None:
    below = AgencyFactory.create(institution=arranged.city.cast.institution, parent=arranged.programmer.agency)
    holder(PositionFactory.create(agency=below), "Di bawah")
    elsewhere = PositionFactory.create(agency=arranged.city.cast.other_agency)
    holder(elsewhere, "Di tempat lain")
    holder(arranged.programmer, "Sementara", capacity="plt")
    EmploymentFactory.create(employee=arranged.colleagues[0], standing="study", effective_from=FIRST)
    usage = written(arranged, arranged.colleagues[1], state="approved", approved_at=AT)
    far = written(arranged, arranged.colleagues[2], state="approved", approved_at=AT, position=elsewhere)
    circular(
        tmp_path,
        share("BAGIAN-UNIT", "unit"),
        share("BAGIAN-OPD", "agency"),
        share("BAGIAN-INSTANSI", "institution"),
        share(
            "BAGIAN-PIMPINAN",
            "agency",
            "subject",
            applies=[{"fact": "position.leads", "operator": "one_of", "operands": ["unit", "agency"]}],
        ),
    )
    found = groups(span(arranged))
    unit = arranged.programmer.unit
    assert unit is not None
    assert [(g.kind, g.name, g.staff) for g in found.values()] == [
        ("unit", unit.name, 5),
        ("agency", arranged.programmer.agency.name, 7),
        ("institution", "Kota Contoh", 9),
        ("agency", arranged.programmer.agency.name, 2),
    ], "asker, three active colleagues and two leaders; Plt is staff of her own office"
    counted = {key: [one.key for one in group.usages] for key, group in found.items()}
    assert counted == {
        ("unit", "all"): [usage.pk],
        ("agency", "all"): [usage.pk],
        ("institution", "all"): [usage.pk, far.pk],
        ("agency", "BAGIAN-PIMPINAN"): [],
    }
    assert span(arranged, asked(arranged, mode=Mode.DYNAMIC)).groups == ()
    alone = groups(span(arranged, asked(arranged, position=arranged.city.eligible.pk)))["unit", "all"]
    assert (alone.name, alone.staff) == (arranged.programmer.agency.name, 6), "without a unit: her agency alone"


def test_non_asn_staff_enter_the_base_of_shares_where_the_institution_says_so(
    arranged: ArrangedCity, tmp_path: Path
) -> None:
    circular(tmp_path, share("BAGIAN-UNIT", "unit"), share("BAGIAN-OPD", "agency"))
    agency, unit = arranged.programmer.agency, arranged.programmer.unit
    for where, count, counted_on in ((unit, 3, FIRST), (None, 10, FIRST), (None, 90, LAST)):
        NonAsnStaff.objects.create(
            agency=agency, unit=where, count=count, counted_on=counted_on, source="Hitungan", recorded_at=RECORDED
        )
    assert [group.staff for group in span(arranged).groups] == [6, 7]
    InstitutionSetting.objects.create(
        institution=arranged.city.cast.institution,
        name="share_base",
        value="asn_and_non_asn",
        valid_from=FIRST,
        source="Keputusan 1/2025",
        known_from=RECORDED,
    )
    assert [group.staff for group in span(arranged).groups] == [9, 17]


def test_a_span_ends_where_somebody_who_is_counted_is_known_to_go_and_goes_on_where_somebody_comes(
    arranged: ArrangedCity, tmp_path: Path
) -> None:
    circular(tmp_path, share("BAGIAN-UNIT", "unit"))
    elsewhere, goes = holder(arranged.city.refused, "Perawat"), arranged.colleagues[0].postings.get()
    on, last = date(2025, 11, 3), date(2025, 10, 31)
    end_posting(actor=None, posting=goes, last_day=last, at=AT)
    end_posting(actor=None, posting=elsewhere.postings.get(), last_day=FIRST, at=AT)
    PostingFactory.create(employee=elsewhere, position=arranged.programmer, effective_from=on, recorded_at=RECORDED)
    spans = matter(arranged).spans
    assert [(one.starts_on, one.ends_on) for one in spans] == [(FIRST, last), (date(2025, 11, 1), LAST)]
    assert [[group.staff for group in one.groups] for one in spans] == [[6], [5]]
    assert len(matter(arranged, known_at=AT - timedelta(hours=1)).spans) == 1, "nobody knew it then"


def test_a_service_is_served_by_the_holders_of_tasks_that_serve_it(arranged: ArrangedCity) -> None:
    agency, unit = arranged.programmer.agency, arranged.programmer.unit
    counter = PublicServiceFactory.create(agency=agency, unit=unit, name="Helpdesk", staff_on_site=2)
    PublicServiceFactory.create(agency=agency, name="Loket lain")
    arranged.programmer.tasks.get().services.add(counter)
    clerk = PositionFactory.create(agency=agency)
    own = TaskFactory.create(position=clerk)
    own.services.add(counter)
    serves, does_not = holder(clerk, "Melayani"), holder(clerk, "Tidak melayani")
    HolderTaskFactory.create(task=own, employee=serves)
    NonAsnStaff.objects.create(
        agency=agency, unit=unit, count=3, counted_on=FIRST, source="Hitungan", recorded_at=RECORDED
    )
    away = written(arranged, serves, state="approved", approved_at=AT, position=clerk)
    written(arranged, does_not, state="approved", approved_at=AT, position=clerk)
    (service,) = span(arranged).services
    assert (service.name, service.staff, service.needed) == ("Helpdesk", 5 + 1 + 3, 2)
    assert [usage.key for usage in service.usages] == [away.pk]
    assert span(arranged, asked(arranged, position=clerk.pk)).services == (), "a task of another holder is not hers"


def test_usages_are_granted_known_days_of_others_and_her_own_apart(arranged: ArrangedCity, tmp_path: Path) -> None:
    circular(tmp_path, share("BAGIAN-OPD", "agency"))
    one, two, three, four = arranged.colleagues
    whole = written(arranged, one, state="approved", approved_at=AT)
    stopped = written(arranged, two, state="suspended", approved_at=AT, suspended_on=date(2025, 10, 20))
    written(arranged, three, state="ended", approved_at=AT, ended_on=FIRST)
    written(arranged, four, state="submitted")
    mine = written(arranged, mode="dynamic", place="", state="approved", approved_at=AT)
    replaced = written(arranged, state="approved", approved_at=AT)
    again = written(arranged, three, state="approved", approved_at=LATER)
    found = matter(arranged, asked(arranged, amends=replaced.pk))
    (group,) = found.spans[0].groups
    assert [(u.key, u.ends_on) for u in group.usages] == [
        (whole.pk, LAST),
        (stopped.pk, date(2025, 10, 19)),
        (again.pk, LAST),
    ]
    assert [usage.key for usage in found.own] == [mine.pk]
    assert group.usages[0].weekdays == {"tuesday", "wednesday"}
    known_before = matter(arranged, known_at=LATER - timedelta(seconds=1)).spans[0].groups[0]
    assert [usage.key for usage in known_before.usages] == [whole.pk, stopped.pk]
    earlier = matter(arranged, asked_of_approved(arranged, stopped.pk))
    assert [usage.key for usage in earlier.spans[0].groups[0].usages] == [whole.pk]
    assert matter(arranged, asked(arranged, first=LAST + timedelta(days=1), last=LAST + timedelta(days=9))).own == ()


def asked_of_approved(city: ArrangedCity, key: int) -> Asked:
    """As if it were examined again: only arrangements approved earlier count."""
    return asked(city, key=key, employee=city.colleagues[1], before=(AT, key))


def test_what_was_done_with_an_arrangement_after_the_moment_is_not_seen(arranged: ArrangedCity, tmp_path: Path) -> None:
    circular(tmp_path, share("BAGIAN-OPD", "agency"))
    ended = written(arranged, arranged.colleagues[0], state="ended", approved_at=AT, ended_on=FIRST)
    resumed = written(arranged, arranged.colleagues[1], state="approved", approved_at=AT)
    what = ArrangementStep.What
    for row, done, on, at in (
        (ended, what.ENDED, FIRST, LATER),
        (resumed, what.SUSPENDED, FIRST, AT + timedelta(hours=1)),
        (resumed, what.RESUMED, FIRST, LATER),
    ):
        ArrangementStep.objects.create(arrangement=row, round=1, what=done, on=on, at=at)
    before, after = (matter(arranged, known_at=at).spans[0].groups[0] for at in (LATER - timedelta(hours=1), LATER))
    assert [usage.key for usage in before.usages] == [ended.pk]
    assert [usage.key for usage in after.usages] == [resumed.pk]


def test_twenty_requests_take_as_many_reads_as_one(arranged: ArrangedCity, tmp_path: Path) -> None:
    circular(tmp_path, share("BAGIAN-OPD", "agency"), share("BAGIAN-UNIT", "unit"))
    service = PublicServiceFactory.create(agency=arranged.programmer.agency)
    arranged.programmer.tasks.get().services.add(service)
    rows = [
        written(
            arranged,
            holder(_another(arranged, number), f"Pemohon {number}"),
            starts_on=FIRST + timedelta(days=number),
        )
        for number in range(20)
    ]
    requests = [asked_of(row, asked_on=date(2025, 10, 1)) for row in rows]
    institution = arranged.city.cast.institution
    gather(institution, requests, known_at=LATER)
    with CaptureQueriesContext(connection) as one:
        gather(institution, requests[:1], known_at=LATER)
    with CaptureQueriesContext(connection) as many:
        found = gather(institution, requests, known_at=LATER)
    assert len(found) == 20
    assert [m.spans[0].starts_on.day for m in found.values()][:3] == [6, 7, 8]
    assert len({id(one.rulebook) for m in found.values() for one in m.spans}) == 1
    assert len(many) == len(one)


def _another(city: ArrangedCity, number: int) -> Position:
    """Half of them hold the same position, the others one of their own."""
    if number % 2:
        return city.programmer
    position = PositionFactory.create(agency=city.programmer.agency, unit=city.programmer.unit)
    TaskFactory.create(position=position)
    return position


def test_a_request_is_read_from_its_row(arranged: ArrangedCity) -> None:
    row = written(arranged, mode="dynamic", place="")
    one = asked_of(row, asked_on=FIRST)
    assert (one.key, one.employee, one.position, one.amends, one.before) == (
        row.pk,
        arranged.asker.pk,
        arranged.programmer.pk,
        None,
        None,
    )
    assert one.request == Request(Mode.DYNAMIC, None, frozenset({"tuesday", "wednesday"}), FIRST, LAST, FIRST)
    assert InstitutionFactory.create().arrangements.count() == 0
