"""The pages that keep agencies, units, positions, tasks and services."""

from __future__ import annotations

from agencies.access import PEOPLE_READERS
from agencies.models import Agency, PublicService, Role, Task, Unit
from tests.addresses.address import Address, Where
from tests.factories import PublicServiceFactory, UnitFactory
from tests.judged_city import JudgedCity

OFFICER = frozenset({Role.HR_OFFICER})


def _of(agency: Agency, page: str, city: JudgedCity) -> str:
    return city.url(f"opd/{agency.code}/susunan/{page}")


def _agency_page(name: str, page: str, *, sends: bool = True) -> Address:
    own: Where = lambda city: _of(city.cast.agency, page, city)  # noqa: E731
    other: Where = lambda city: _of(city.below, page, city)  # noqa: E731
    return Address(name, OFFICER, own, other, sends=sends)


def _unit(agency: Agency) -> Unit:
    return Unit.objects.filter(agency=agency, code="alamat").first() or UnitFactory.create(agency=agency, code="alamat")


def _service(agency: Agency) -> PublicService:
    found = PublicService.objects.filter(agency=agency, code="alamat").first()
    return found or PublicServiceFactory.create(agency=agency, code="alamat")


def _task(city: JudgedCity, *, own: bool) -> Task:
    return (city.eligible if own else city.refused).tasks.get()


def _unit_page(name: str, page: str) -> Address:
    own: Where = lambda city: city.url(f"unit/{_unit(city.cast.agency).pk}/{page}")  # noqa: E731
    other: Where = lambda city: city.url(f"unit/{_unit(city.below).pk}/{page}")  # noqa: E731
    return Address(name, OFFICER, own, other, sends=True)


def _service_page(name: str, page: str) -> Address:
    own: Where = lambda city: city.url(f"layanan/{_service(city.cast.agency).pk}/{page}")  # noqa: E731
    other: Where = lambda city: city.url(f"layanan/{_service(city.below).pk}/{page}")  # noqa: E731
    return Address(name, OFFICER, own, other, sends=True)


def _position_page(name: str, page: str) -> Address:
    own: Where = lambda city: city.url(f"jabatan/{city.eligible.pk}/{page}")  # noqa: E731
    other: Where = lambda city: city.url(f"jabatan/{city.refused.pk}/{page}")  # noqa: E731
    return Address(name, OFFICER, own, other, sends=True)


def _task_page(name: str, page: str, *, sends: bool = True) -> Address:
    own: Where = lambda city: city.url(f"uraian-tugas/{_task(city, own=True).pk}/{page}")  # noqa: E731
    other: Where = lambda city: city.url(f"uraian-tugas/{_task(city, own=False).pk}/{page}")  # noqa: E731
    return Address(name, OFFICER, own, other, sends=sends)


XRAY = frozenset(PEOPLE_READERS)

ADDRESSES = [
    Address("xray", XRAY, lambda city: city.url("rontgen-data/")),
    Address("xray_check", XRAY, lambda city: city.url("rontgen-data/jabatan-tanpa-uraian-tugas/")),
    Address("xray_check", XRAY, lambda city: city.url("rontgen-data/tanpa-domisili/")),
    Address(
        "xray_check",
        frozenset({Role.HR_OFFICER}),
        lambda city: city.url("rontgen-data/disiplin-tanpa-akhir/"),
        whole=True,
    ),
    Address("agency_add", OFFICER, lambda city: city.url("opd-baru/"), whole=True, sends=True),
    _agency_page("agency_structure", "", sends=False),
    _agency_page("agency_correct", "ubah/"),
    _agency_page("agency_close", "tutup/"),
    _agency_page("agency_add_below", "unit-organisasi-baru/"),
    _agency_page("unit_add", "unit-baru/"),
    _agency_page("service_add", "layanan-baru/"),
    _agency_page("position_add", "jabatan-baru/"),
    _agency_page("closed_positions", "jabatan-tutup/", sends=False),
    _agency_page("non_asn_count", "non-asn/"),
    _unit_page("unit_correct", "ubah/"),
    _unit_page("unit_close", "tutup/"),
    _service_page("service_correct", "ubah/"),
    _service_page("service_close", "tutup/"),
    _service_page("service_needs", "jam/"),
    Address(
        "coverage",
        frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD, Role.INSPECTOR}),
        lambda city: city.url(f"opd/{_service(city.cast.agency).agency.code}/layanan/"),
        lambda city: city.url(f"opd/{_service(city.below).agency.code}/layanan/"),
    ),
    _position_page("position_correct", "ubah/"),
    _position_page("position_close", "tutup/"),
    _position_page("task_add", "tugas-baru/"),
    _position_page("task_shares", "bagian-waktu/"),
    _task_page("task", "", sends=False),
    _task_page("task_correct", "ubah/"),
    _task_page("task_close", "tutup/"),
    _task_page("task_services", "layanan/"),
    _task_page("task_holders", "pemegang/"),
    _task_page("task_fact", "fakta/with_tik/"),
]
