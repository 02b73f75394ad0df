"""For every check of the data a row at fault and one that is not, as small as can be.

Each case is given the cast and the word whether its row is to be at fault, and returns the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Model

from agencies.facts import TASK_FACTS, Kind
from agencies.models import (
    Agency,
    AgencyReview,
    Employee,
    Position,
    PublicService,
    ServiceNeed,
    ServiceWeek,
    Task,
    TaskProfile,
    Unit,
)
from agencies.studies.figures import DEVICES, READINESS
from tests.base import Cast
from tests.factories import (
    RECORDED,
    AgencyFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    EmploymentFactory,
    GrantFactory,
    HolderTaskFactory,
    PositionFactory,
    PostingFactory,
    PredicateFactory,
    PublicServiceFactory,
    TaskFactory,
    UnitFactory,
    UserFactory,
)

ON: Final = date(2025, 7, 1)
PAST: Final = date(2025, 6, 1)
Case = Callable[[Cast, bool], Model]


def agency(cast: Cast, **values: Any) -> Agency:
    made: Agency = AgencyFactory.create(institution=cast.institution, **values)
    return made


def position(cast: Cast, **values: Any) -> Position:
    made: Position = PositionFactory.create(**{"agency": agency(cast), **values})
    return made


def task(cast: Cast, **values: Any) -> Task:
    made: Task = TaskFactory.create(**{"position": position(cast), **values})
    return made


def profile(cast: Cast, **facts: Any) -> TaskProfile:
    return task(cast, **{f"profile__{name}": value for name, value in facts.items()}).profile


def service(cast: Cast, **values: Any) -> PublicService:
    made: PublicService = PublicServiceFactory.create(**{"agency": cast.agency, **values})
    return made


def employee(cast: Cast, *, posted: bool = True, **values: Any) -> Employee:
    """Somebody who holds a position of a city's agency, unless told otherwise."""
    made: Employee = EmployeeFactory.create(institution=cast.institution, **values)
    EmploymentFactory.create(employee=made)
    if posted:
        PostingFactory.create(employee=made, position=cast.position)
    return made


def posting(cast: Cast, **values: Any) -> Any:
    return PostingFactory.create(
        **{"position": position(cast), "employee": employee(cast, posted=False), "sk_number": "SK 1", **values}
    )


def review(cast: Cast, of: Agency, **values: Any) -> AgencyReview:
    ready = dict.fromkeys(READINESS, True) | dict.fromkeys(DEVICES, 20)
    told = {"valid_from": PAST, "conclusion": "ready", "source": "Kajian", "signed_at": RECORDED, **ready, **values}
    return AgencyReview.objects.create(agency=of, **told)


def week(of: PublicService, staff: int | None) -> None:
    made = ServiceWeek.objects.create(service=of, valid_from=PAST, source="SK", recorded_at=RECORDED)
    ServiceNeed.objects.create(week=made, weekday="monday", opens=480, closes=900, staff=staff)


# Agencies, units, services.


def _sector(cast: Cast, fault: bool) -> Model:
    return agency(cast, sector=None if fault else "health")


def _study(cast: Cast, fault: bool) -> Model:
    made = position(cast).agency
    review(cast, made, **({"signed_at": None} if fault else {}))  # a draft is no study yet
    return made


def _study_open(cast: Cast, fault: bool) -> Model:
    made = agency(cast)
    review(cast, made, vpn=None)
    if not fault:
        review(cast, made, valid_from=ON)  # the later study has answered what the first left open
    return made


def _leading(cast: Cast, fault: bool) -> Model:
    return position(cast, leads="none" if fault else "agency").agency


def _head(cast: Cast, fault: bool) -> Model:
    made = position(cast, leads="agency")
    if not fault:
        PostingFactory.create(position=made, capacity="plt")
    return made.agency


def _two_heads(cast: Cast, fault: bool) -> Model:
    made = position(cast, leads="agency")
    PostingFactory.create(position=made)
    PostingFactory.create(position=made, capacity="definitive" if fault else "plh")
    return made.agency


def _kelurahan(cast: Cast, fault: bool) -> Model:
    return agency(cast, kind="kelurahan", parent=agency(cast, kind="dinas" if fault else "kecamatan"))


def _puskesmas(cast: Cast, fault: bool) -> Model:
    parent = agency(cast, sector="education" if fault else "health")
    return agency(cast, kind="puskesmas", parent=parent)


def _below_closed(cast: Cast, fault: bool) -> Model:
    return agency(cast, parent=agency(cast, closed_on=PAST if fault else None))


def _no_positions(cast: Cast, fault: bool) -> Model:
    made = agency(cast)
    if not fault:
        agency(cast, parent=made)  # it is there for those below it
    return made


def _empty_unit(cast: Cast, fault: bool) -> Model:
    made: Unit = UnitFactory.create(agency=cast.agency)
    PositionFactory.create(agency=cast.agency, unit=made, closed_on=PAST if fault else None)
    return made


def _unit_kind(cast: Cast, fault: bool) -> Model:
    made: Unit = UnitFactory.create(agency=cast.agency, kind=None if fault else "division")
    return made


def _unit_twice(cast: Cast, fault: bool) -> Model:
    UnitFactory.create(agency=cast.agency if fault else agency(cast), name="Bidang Aptika" if fault else "Bidang IKP")
    made: Unit = UnitFactory.create(agency=cast.agency, name="Bidang Aptika" if fault else "Bidang IKP")
    return made


def _need_unknown(cast: Cast, fault: bool) -> Model:
    made = service(cast, staff_on_site=None)
    week(made, None if fault else 2)
    return made


def _no_week(cast: Cast, fault: bool) -> Model:
    made = service(cast)
    if not fault:
        week(made, 2)
    return made


def _unserved(cast: Cast, fault: bool) -> Model:
    made = service(cast)
    task(cast, closed_on=PAST if fault else None).services.add(made)
    return made


def _unstaffed(cast: Cast, fault: bool) -> Model:
    """Its one task is of a position that somebody held until the day before; or holds, and is active."""
    made = service(cast)
    serving = task(cast, position=position(cast, filled=0))
    serving.services.add(made)
    who = employee(cast, posted=False)
    until = date(2025, 6, 30) if fault else None
    PostingFactory.create(employee=who, position=serving.position, effective_until=until)
    return made


def _service_unit(cast: Cast, fault: bool) -> Model:
    unit = UnitFactory.create(agency=cast.agency, closed_on=PAST if fault else None)
    return service(cast, unit=unit)


# Positions and tasks.


def _no_unit(cast: Cast, fault: bool) -> Model:
    unit = UnitFactory.create(agency=agency(cast))
    return position(cast, agency=unit.agency, leads="none" if fault else "agency")


def _no_task(cast: Cast, fault: bool) -> Model:
    made = position(cast)
    TaskFactory.create(position=made, closed_on=PAST if fault else None)
    return made


def _closed_unit(cast: Cast, fault: bool) -> Model:
    unit = UnitFactory.create(agency=agency(cast), closed_on=PAST if fault else None)
    return position(cast, agency=unit.agency, unit=unit)


def _closed_agency(cast: Cast, fault: bool) -> Model:
    return position(cast, agency=agency(cast, closed_on=PAST if fault else None))


def _filled(cast: Cast, fault: bool) -> Model:
    made = position(cast, filled=1)
    PostingFactory.create(position=made)
    PostingFactory.create(position=made, capacity="definitive" if fault else "plt")
    return made


def _above_need(cast: Cast, fault: bool) -> Model:
    return position(cast, needed=2 if fault else None, filled=3)


def _abk(cast: Cast, fault: bool) -> Model:
    return position(cast, needed=None if fault else 0)


def _shares(cast: Cast, fault: bool) -> Model:
    made = position(cast)
    TaskFactory.create(position=made, share=60)
    TaskFactory.create(position=made, share=30 if fault else 40, number=2)
    return made


def _share_unknown(cast: Cast, fault: bool) -> Model:
    made = position(cast)
    TaskFactory.create(position=made, share=None)
    if fault:
        TaskFactory.create(position=made, share=40, number=2)
    return made


def _same_title(cast: Cast, fault: bool) -> Model:
    unit = UnitFactory.create(agency=agency(cast))
    said = {"agency": unit.agency, "title": "Arsiparis"}
    position(cast, unit=unit if fault else None, **said)
    return position(cast, unit=unit, **said)


def _echelon(cast: Cast, fault: bool) -> Model:
    return position(cast, category="pengawas", echelon="ii_b" if fault else "iv_a")


def _jenjang(cast: Cast, fault: bool) -> Model:
    return position(cast, category="fungsional", jenjang="" if fault else "Ahli Muda")


def _jenjang_else(cast: Cast, fault: bool) -> Model:
    return position(cast, category="pelaksana", jenjang="Ahli Muda" if fault else "")


def _category(cast: Cast, fault: bool) -> Model:
    return position(cast, category=None if fault else "pelaksana")


def _leads(cast: Cast, fault: bool) -> Model:
    return position(cast, leads=None if fault else "none")


KNOWN: Final[dict[str, object]] = {
    fact.column: True if fact.kind is Kind.YES_NO else fact.codes[0] if fact.codes else 5
    for fact in TASK_FACTS
    if not fact.column.startswith("local_")
}


def _facts(cast: Cast, fault: bool) -> Model:
    return profile(cast, **KNOWN | ({"with_tik": None} if fault else {}))


def _exposure(cast: Cast, fault: bool) -> Model:
    return profile(cast, exposure=None if fault else "none")


def _at_counter(cast: Cast, fault: bool) -> Model:
    unit = UnitFactory.create(agency=agency(cast), kind="service_point" if fault else "division")
    return task(cast, position=position(cast, agency=unit.agency, unit=unit), profile__exposure="none").profile


def _serving(cast: Cast, fault: bool) -> Model:
    found = profile(cast, exposure="none")
    found.task.services.add(service(cast, kind="counter" if fault else "internal"))
    return found


def _local(cast: Cast, fault: bool) -> Model:
    if not fault:
        cast.institution.local_criteria.create(number=2, label="Data di server", question="Apakah?")
        return profile(cast, local_2=False)
    return profile(cast, local_3=False)


def _hours(cast: Cast, fault: bool) -> Model:
    return profile(cast, hours_per_day=7, days_per_week=5, hours_per_week=40 if fault else 35)


def _bound(cast: Cast, fault: bool) -> Model:
    return profile(cast, outside_office=True, special_workspace=fault, confidential_material=None)


# People.


def _nip(cast: Cast, fault: bool) -> Model:
    return employee(cast, nip="199013012015011901" if fault else "199012012015011901")


def _twice(cast: Cast, fault: bool) -> Model:
    first, second = ("19900101", "19900101") if fault else ("19910202", "19920303")
    employee(cast, name="Sari Sintetis", nip=f"{first}2015012902")
    return employee(cast, name="Sari Sintetis", nip=f"{second}2023212903")


def _retired(cast: Cast, fault: bool) -> Model:
    made = employee(cast, posted=False, nip=f"1965050120150119{4 if fault else 5:02}")  # sixty in May 2025
    PostingFactory.create(
        employee=made, position=position(cast, category="fungsional", jenjang="Ahli Madya" if fault else "Ahli Utama")
    )
    return made


def _young(cast: Cast, fault: bool) -> Model:
    return employee(cast, nip="200912012024011905" if fault else "200612012024011905")


def _kind(cast: Cast, fault: bool) -> Model:
    made = EmployeeFactory.create(institution=cast.institution)
    EmploymentFactory.create(employee=made, effective_from=date(2026, 1, 1) if fault else PAST)
    found: Employee = made
    return found


def _unposted(cast: Cast, fault: bool) -> Model:
    return employee(cast, posted=not fault)


def _not_posted_now(cast: Cast, fault: bool) -> Model:
    made = employee(cast, posted=False)
    PostingFactory.create(employee=made, position=cast.position, effective_until=date(2025, 6, 30) if fault else ON)
    return made


def _acting_only(cast: Cast, fault: bool) -> Model:
    made = employee(cast, posted=not fault)
    PostingFactory.create(employee=made, capacity="plt", position=position(cast))
    return made


def _residence(cast: Cast, fault: bool) -> Model:
    return employee(cast, residence="" if fault else "Jalan Sintetis 1")


def _predicate(cast: Cast, fault: bool) -> Model:
    made = employee(cast)
    year = 2023 if fault else 2024
    PredicateFactory.create(employee=made, period_starts_on=date(year, 1, 1), period_ends_on=date(year, 12, 31))
    return made


def _months(cast: Cast, fault: bool) -> Model:
    made = employee(cast, posted=False)
    PostingFactory.create(employee=made, position=cast.position, reason="reorganisation" if fault else "promotion")
    return made


def _overlap(cast: Cast, fault: bool) -> Model:
    made = posting(cast, effective_from=date(2025, 1, 1))
    until = date(2025, 1, 1) if fault else date(2024, 12, 31)
    posting(cast, employee=made.employee, effective_from=date(2024, 1, 1), effective_until=until)
    found: Model = made
    return found


def _past_overlap(cast: Cast, fault: bool) -> Model:
    made = posting(cast, effective_from=date(2023, 1, 1), effective_until=date(2023, 12, 31))
    since = date(2023, 12, 31) if fault else date(2024, 1, 1)
    posting(cast, employee=made.employee, effective_from=since, effective_until=date(2024, 12, 31))
    found: Model = made
    return found


def _closed_position(cast: Cast, fault: bool) -> Model:
    found: Model = posting(cast, position=position(cast, closed_on=PAST if fault else date(2026, 1, 1)))
    return found


def _plt_long(cast: Cast, fault: bool) -> Model:
    since = date(2024, 12, 1) if fault else date(2025, 3, 1)
    found: Model = posting(cast, capacity="plt", effective_from=since, effective_until=date(2025, 12, 31))
    return found


def _plt_open(cast: Cast, fault: bool) -> Model:
    found: Model = posting(cast, capacity="plh", effective_until=None if fault else date(2025, 12, 31))
    return found


def _plt_beside(cast: Cast, fault: bool) -> Model:
    made = posting(cast, capacity="plt")
    posting(cast, position=made.position if fault else position(cast))
    found: Model = made
    return found


def _sk(cast: Cast, fault: bool) -> Model:
    found: Model = posting(cast, sk_number="" if fault else "SK 2")
    return found


def _former_holder(cast: Cast, fault: bool) -> Model:
    found: Model = HolderTaskFactory.create(task=task(cast), employee=employee(cast, posted=False))
    if not fault:
        PostingFactory.create(employee=found.employee, position=found.task.position)  # type: ignore[attr-defined]
    return found


def _punished(cast: Cast, fault: bool) -> Model:
    found: Model = DisciplineGateFactory.create(employee=employee(cast), ends_on=None if fault else date(2025, 12, 31))
    return found


def _process(cast: Cast, fault: bool) -> Model:
    who = employee(cast)
    found: Model = DisciplineGateFactory.create(employee=who, kind="process", starts_on=date(2025, 2, 1))
    if fault:
        DisciplineGateFactory.create(employee=who, starts_on=date(2025, 5, 1), ends_on=PAST)
    return found


def _grant(cast: Cast, **values: Any) -> Model:
    found: Model = GrantFactory.create(institution=cast.institution, **values)
    return found


def _grant_closed(cast: Cast, fault: bool) -> Model:
    return _grant(cast, agency=agency(cast, closed_on=PAST if fault else None))


def _leaver(cast: Cast, fault: bool) -> Model:
    who = employee(cast, posted=False)
    PostingFactory.create(employee=who, position=cast.position, effective_until=PAST if fault else None)
    return _grant(cast, user=UserFactory.create(employee=who))


def _no_head(cast: Cast, fault: bool) -> Model:
    who = employee(cast)
    office = position(cast, leads="agency")
    if not fault:
        PostingFactory.create(employee=who, position=office, capacity="plt")
    return _grant(cast, user=UserFactory.create(employee=who), role="agency_head", agency=office.agency)


def _unlinked(cast: Cast, fault: bool) -> Model:
    user = UserFactory.create(employee=None if fault else employee(cast))
    return _grant(cast, user=user, role="employee")


CASES: Final[Mapping[str, Case]] = {
    "opd-tanpa-bidang-urusan": _sector,
    "opd-tanpa-kajian": _study,
    "kajian-belum-lengkap": _study_open,
    "opd-tanpa-jabatan-pimpinan": _leading,
    "opd-tanpa-kepala": _head,
    "dua-kepala-definitif": _two_heads,
    "kelurahan-di-luar-kecamatan": _kelurahan,
    "puskesmas-di-luar-kesehatan": _puskesmas,
    "opd-di-bawah-yang-tutup": _below_closed,
    "opd-tanpa-jabatan": _no_positions,
    "unit-tanpa-jabatan": _empty_unit,
    "unit-tanpa-jenis": _unit_kind,
    "unit-bernama-sama": _unit_twice,
    "layanan-tanpa-kebutuhan": _need_unknown,
    "layanan-tanpa-jam": _no_week,
    "layanan-tanpa-uraian-tugas": _unserved,
    "layanan-tanpa-petugas": _unstaffed,
    "layanan-di-unit-tutup": _service_unit,
    "jabatan-tanpa-unit": _no_unit,
    "jabatan-tanpa-uraian-tugas": _no_task,
    "jabatan-di-unit-tutup": _closed_unit,
    "jabatan-di-opd-tutup": _closed_agency,
    "bezetting-berbeda": _filled,
    "terisi-di-atas-kebutuhan": _above_need,
    "kebutuhan-belum-dihitung": _abk,
    "bagian-waktu-bukan-100": _shares,
    "bagian-waktu-belum-diketahui": _share_unknown,
    "nama-jabatan-ganda": _same_title,
    "eselon-tidak-sesuai": _echelon,
    "fungsional-tanpa-jenjang": _jenjang,
    "jenjang-bukan-fungsional": _jenjang_else,
    "kategori-belum-diketahui": _category,
    "pimpinan-belum-diketahui": _leads,
    "karakteristik-belum-diketahui": _facts,
    "uraian-tugas-tanpa-paparan": _exposure,
    "paparan-nihil-di-loket": _at_counter,
    "paparan-nihil-melayani": _serving,
    "kriteria-lokal-tanpa-nama": _local,
    "jam-kerja-bertentangan": _hours,
    "dapat-di-luar-namun-terikat": _bound,
    "nip-tidak-sesuai": _nip,
    "tercatat-ganda": _twice,
    "melewati-usia-pensiun": _retired,
    "usia-di-bawah-18": _young,
    "pegawai-tanpa-kedudukan": _kind,
    "pegawai-tanpa-penempatan": _unposted,
    "pegawai-tanpa-penempatan-kini": _not_posted_now,
    "hanya-plt": _acting_only,
    "tanpa-domisili": _residence,
    "tanpa-predikat-terakhir": _predicate,
    "masa-jabatan-belum-diketahui": _months,
    "penempatan-tumpang-tindih": _overlap,
    "penempatan-lampau-tumpang-tindih": _past_overlap,
    "pemegang-jabatan-tutup": _closed_position,
    "plt-terlalu-lama": _plt_long,
    "plt-tanpa-akhir": _plt_open,
    "plt-di-samping-definitif": _plt_beside,
    "penempatan-tanpa-sk": _sk,
    "uraian-tugas-milik-mantan-pemegang": _former_holder,
    "disiplin-tanpa-akhir": _punished,
    "proses-disiplin-masih-terbuka": _process,
    "peran-untuk-opd-tutup": _grant_closed,
    "akun-pegawai-berhenti": _leaver,
    "peran-kepala-bukan-pimpinan": _no_head,
    "akun-tanpa-pegawai": _unlinked,
}
