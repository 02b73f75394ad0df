"""The addresses of indications and findings."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from oversight.views import evidence, finding_acts, findings, indications

_FINDING = "<slug:institution>/pengawasan/temuan/<key:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/pengawasan/indikasi/", indications.listing, name="indications"),
    path("<slug:institution>/pengawasan/indikasi/lihat/", indications.look_at_all, name="indications_look"),
    path("<slug:institution>/pengawasan/indikasi/<slug:code>/", indications.one, name="indication"),
    path("<slug:institution>/pengawasan/temuan/", findings.listing, name="findings"),
    path("<slug:institution>/pengawasan/temuan/tulis/", finding_acts.add, name="finding_add"),
    path(_FINDING, findings.one, name="finding"),
    path(f"{_FINDING}ubah/", finding_acts.change, name="finding_change"),
    path(f"{_FINDING}terbitkan/", finding_acts.issue, name="finding_issue"),
    path(f"{_FINDING}batalkan/", finding_acts.withdraw, name="finding_withdraw"),
    path(f"{_FINDING}tanggapi/", finding_acts.reply, name="finding_reply"),
    path(f"{_FINDING}tindak-lanjut/", finding_acts.review, name="finding_review"),
    path(f"{_FINDING}bukti/", evidence.add, name="evidence_add"),
    path(f"{_FINDING}bukti/<key:evidence>/", evidence.download, name="evidence"),
]
