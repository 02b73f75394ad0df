"""The addresses of the pages that keep agencies, units, services, positions and tasks."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import structure_agencies, structure_positions, structure_tasks

_OPD: Final = "<slug:institution>/opd/<code:agency_code>/"
_UNIT: Final = "<slug:institution>/unit/<key:pk>/"
_SERVICE: Final = "<slug:institution>/layanan/<key:pk>/"
_POSITION: Final = "<slug:institution>/jabatan/<key:pk>/"
_TASK: Final = "<slug:institution>/uraian-tugas/<key:pk>/"

STRUCTURE: Final[list[URLPattern]] = [
    path("<slug:institution>/opd-baru/", structure_agencies.add_agency, name="agency_add"),
    path(f"{_OPD}susunan/", structure_agencies.show, name="agency_structure"),
    path(f"{_OPD}susunan/ubah/", structure_agencies.correct_agency, name="agency_correct"),
    path(f"{_OPD}susunan/tutup/", structure_agencies.close_agency, name="agency_close"),
    path(f"{_OPD}susunan/unit-organisasi-baru/", structure_agencies.add_below, name="agency_add_below"),
    path(f"{_OPD}susunan/unit-baru/", structure_agencies.add_unit, name="unit_add"),
    path(f"{_OPD}susunan/layanan-baru/", structure_agencies.add_service, name="service_add"),
    path(f"{_OPD}susunan/jabatan-baru/", structure_positions.add, name="position_add"),
    path(f"{_OPD}susunan/jabatan-tutup/", structure_positions.closed, name="closed_positions"),
    path(f"{_OPD}susunan/non-asn/", structure_agencies.count_staff, name="non_asn_count"),
    path(f"{_UNIT}ubah/", structure_agencies.correct_unit, name="unit_correct"),
    path(f"{_UNIT}tutup/", structure_agencies.close_unit, name="unit_close"),
    path(f"{_SERVICE}ubah/", structure_agencies.correct_service, name="service_correct"),
    path(f"{_SERVICE}tutup/", structure_agencies.close_service, name="service_close"),
    path(f"{_POSITION}ubah/", structure_positions.correct, name="position_correct"),
    path(f"{_POSITION}tutup/", structure_positions.close_position, name="position_close"),
    path(f"{_POSITION}tugas-baru/", structure_tasks.add, name="task_add"),
    path(f"{_POSITION}bagian-waktu/", structure_tasks.shares, name="task_shares"),
    path(_TASK, structure_tasks.show, name="task"),
    path(f"{_TASK}ubah/", structure_tasks.correct, name="task_correct"),
    path(f"{_TASK}tutup/", structure_tasks.close_task, name="task_close"),
    path(f"{_TASK}layanan/", structure_tasks.services, name="task_services"),
    path(f"{_TASK}pemegang/", structure_tasks.holders, name="task_holders"),
    path(f"{_TASK}fakta/<slug:column>/", structure_tasks.fact, name="task_fact"),
]
