"""The addresses of the pages about employees, below the institution's code."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import objections, own_file, people, personal_records, reads

ONE: Final = "<slug:institution>/pegawai/<key:pk>/"

PEOPLE: Final[list[URLPattern]] = [
    path("<slug:institution>/pegawai/", people.employees, name="employees"),
    path("<slug:institution>/pegawai/cari/", people.find, name="employee_find"),
    path("<slug:institution>/pegawai/tambah/", people.add, name="employee_add"),
    path(ONE, people.employee, name="employee"),
    path(f"{ONE}nip/", people.full_number, name="employee_nip"),
    path(f"{ONE}identitas/", people.correct, name="employee_correct"),
    path(f"{ONE}berhenti/", people.leave, name="employee_leave"),
    path(f"{ONE}penempatan/<key:row>/akhiri/", personal_records.end_posting, name="posting_end"),
    path(f"{ONE}<slug:noun>/tambah/", personal_records.add, name="employee_record_add"),
    path(f"{ONE}<slug:noun>/<key:row>/koreksi/", personal_records.correct, name="employee_record_correct"),
    path(f"{ONE}<slug:noun>/<key:row>/batalkan/", personal_records.withdraw, name="employee_record_withdraw"),
    path("<slug:institution>/berkas-saya/", own_file.own_file, name="own_file"),
    path("<slug:institution>/berkas-saya/nip/", own_file.own_number, name="own_nip"),
    path("<slug:institution>/berkas-saya/keberatan/", own_file.object_to, name="objection_raise"),
    path("<slug:institution>/berkas-saya/keberatan/<key:pk>/tarik/", own_file.withdraw, name="objection_withdraw"),
    path("<slug:institution>/keberatan-data/", objections.objections, name="objections"),
    path("<slug:institution>/keberatan-data/<key:pk>/", objections.answer, name="objection_answer"),
    path("<slug:institution>/pembacaan/", reads.personal_data_reads, name="personal_data_reads"),
]
