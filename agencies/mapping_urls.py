"""The addresses of the mapping; the sheet itself, which shows what answers mean, is eligibility's."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import mapping, sheet_acts, splitting

_AGENCY: Final = "<slug:institution>/opd/<code:agency_code>/pemetaan/"
_SHEET: Final = "<slug:institution>/lembar/<key:pk>/"

MAPPING: Final[list[URLPattern]] = [
    path("<slug:institution>/pemetaan/", mapping.show_queue, name="mapping_queue"),
    path("<slug:institution>/pemetaan/kemajuan/", mapping.show_progress, name="mapping_progress"),
    path("<slug:institution>/pemetaan/kesepakatan/", mapping.show_agreement, name="mapping_agreement"),
    path(_AGENCY, mapping.show_agency, name="agency_sheets"),
    path(f"{_AGENCY}buka/", mapping.open_sheets, name="sheets_open"),
    path(f"{_AGENCY}penilai/", mapping.assign, name="sheets_assign"),
    path(f"{_AGENCY}ingatkan/", mapping.remind, name="sheets_remind"),
    path(f"{_AGENCY}batalkan/", mapping.cancel, name="sheets_cancel"),
    path(f"{_SHEET}jawaban/<slug:column>/bukti/", sheet_acts.evidence, name="sheet_evidence"),
    path(f"{_SHEET}bukti/<slug:side>/<slug:column>/", sheet_acts.evidence_file, name="sheet_evidence_file"),
    path(f"{_SHEET}kirim/", sheet_acts.submit, name="sheet_submit"),
    path(f"{_SHEET}tarik/", sheet_acts.take_back, name="sheet_take_back"),
    path(f"{_SHEET}kembalikan/", sheet_acts.send_back, name="sheet_return"),
    path(f"{_SHEET}selesaikan/", sheet_acts.settle, name="sheet_settle"),
    path("<slug:institution>/jabatan/<key:pk>/urai/", splitting.split, name="position_split"),
]
