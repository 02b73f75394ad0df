"""The addresses of answers, the institution's own law, and determinations."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import answers, determination_acts, determinations, history, institution, law, law_desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("", answers.home, name="home"),
    path("<slug:institution>/peta/", answers.matrix, name="matrix"),
    path("<slug:institution>/opd/<code:agency_code>/", answers.agency, name="agency"),
    path("<slug:institution>/opd/<code:agency_code>/norma/", answers.norms, name="norms"),
    path("<slug:institution>/jabatan/<key:pk>/", answers.position, name="position"),
    path("<slug:institution>/jabatan/<key:pk>/riwayat/", history.position, name="position_history"),
    path("<slug:institution>/aturan/", answers.rules, name="rules"),
    path("<slug:institution>/aturan/<slug:code>/", law.rule, name="rule"),
    path("<slug:institution>/perubahan-aturan/", law.changes, name="law_changes"),
    path("<slug:institution>/penulisan-aturan/", law_desk.law_desk, name="law_desk"),
    path("<slug:institution>/pengaturan/", institution.settings, name="settings"),
    path("<slug:institution>/pengaturan/<slug:name>/", institution.setting, name="setting"),
    path("<slug:institution>/pengaturan/<slug:name>/catat/", institution.setting_record, name="setting_record"),
    path("<slug:institution>/dasar-pelaksanaan/", institution.instruments, name="instruments"),
    path("<slug:institution>/dasar-pelaksanaan/catat/", institution.instrument_record, name="instrument_record"),
    path("<slug:institution>/dasar-pelaksanaan/<slug:code>/", institution.instrument, name="instrument"),
    path(
        "<slug:institution>/dasar-pelaksanaan/<slug:code>/perpanjang/",
        institution.instrument_extend,
        name="instrument_extend",
    ),
    path("<slug:institution>/dasar-pelaksanaan/<slug:code>/akhiri/", institution.instrument_end, name="instrument_end"),
    path(
        "<slug:institution>/dasar-pelaksanaan/<slug:code>/keliru/",
        institution.instrument_annul,
        name="instrument_annul",
    ),
    path(
        "<slug:institution>/dasar-pelaksanaan/<slug:code>/naskah/",
        institution.instrument_document,
        name="instrument_document",
    ),
    path("<slug:institution>/penetapan/", determinations.determinations, name="determinations"),
    path("<slug:institution>/penetapan/<key:pk>/", determinations.determination, name="determination"),
    path(
        "<slug:institution>/penetapan/<key:pk>/jabatan/<key:position>/",
        determinations.determined_position,
        name="determined_position",
    ),
    path(
        "<slug:institution>/penetapan/<key:pk>/lampiran.pdf",
        determinations.determination_annex,
        {"kind": "pdf"},
        name="annex_pdf",
    ),
    path(
        "<slug:institution>/penetapan/<key:pk>/lampiran.xlsx",
        determinations.determination_annex,
        {"kind": "xlsx"},
        name="annex_xlsx",
    ),
    path(
        "<slug:institution>/penetapan/<key:pk>/naskah/",
        determinations.determination_document,
        name="determination_document",
    ),
    path("<slug:institution>/penetapan/<key:pk>/cabut/", determination_acts.revoke, name="determination_revoke"),
    path("<slug:institution>/opd/<code:agency_code>/verifikasi/", determination_acts.send, name="results_send"),
    path("<slug:institution>/verifikasi/<key:pk>/", determinations.verification, name="verification"),
    path(
        "<slug:institution>/verifikasi/<key:pk>/jabatan/<key:position>/",
        determinations.verified_position,
        name="verified_position",
    ),
    path(
        "<slug:institution>/verifikasi/<key:pk>/lampiran.pdf",
        determinations.verification_annex,
        {"kind": "pdf"},
        name="verification_pdf",
    ),
    path(
        "<slug:institution>/verifikasi/<key:pk>/lampiran.xlsx",
        determinations.verification_annex,
        {"kind": "xlsx"},
        name="verification_xlsx",
    ),
    path("<slug:institution>/verifikasi/<key:pk>/teruskan/", determination_acts.pass_on, name="results_pass"),
    path("<slug:institution>/verifikasi/<key:pk>/kembalikan/", determination_acts.give_back, name="results_return"),
    path("<slug:institution>/verifikasi/<key:pk>/tarik/", determination_acts.withdraw, name="results_withdraw"),
    path("<slug:institution>/verifikasi/<key:pk>/penetapan/", determination_acts.record, name="determination_record"),
]
