"""The addresses of decisions."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import arrangements, decision_acts

_ONE = "<slug:institution>/fleksibilitas/<key:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/fleksibilitas/", arrangements.arrangements, name="arrangements"),
    path("<slug:institution>/fleksibilitas/menunggu/", arrangements.waiting, name="decisions_waiting"),
    path("<slug:institution>/kehadiran/", arrangements.presence, name="presence"),
    path(_ONE, arrangements.arrangement, name="arrangement"),
    path(f"{_ONE}dukung/", decision_acts.endorse, name="arrangement_endorse"),
    path(f"{_ONE}kembalikan/", decision_acts.give_back, name="arrangement_return"),
    path(f"{_ONE}konsultasi/", decision_acts.consult, name="arrangement_consult"),
    path(f"{_ONE}setujui/", decision_acts.approve, name="arrangement_approve"),
    path(f"{_ONE}tolak/", decision_acts.refuse, name="arrangement_refuse"),
    path(f"{_ONE}jawab-keberatan/", decision_acts.answer, name="arrangement_answer"),
    path(f"{_ONE}tangguhkan/", decision_acts.suspend, name="arrangement_suspend"),
    path(f"{_ONE}lanjutkan/", decision_acts.resume, name="arrangement_resume"),
    path(f"{_ONE}akhiri/", decision_acts.end, name="arrangement_end"),
]
