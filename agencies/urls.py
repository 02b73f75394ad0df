"""The addresses of this app. Their names carry no prefix: settings name `login` and `home` bare."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from agencies.coverage_urls import COVERAGE
from agencies.history_urls import HISTORY
from agencies.imports_urls import IMPORTS
from agencies.mapping_urls import MAPPING
from agencies.people_urls import PEOPLE
from agencies.structure_urls import STRUCTURE
from agencies.studies_urls import STUDIES
from agencies.users_urls import USERS
from agencies.views import accounts, documents, guide, hub, places
from agencies.xray_urls import XRAY

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", accounts.sign_in, name="login"),
    path("keluar/", accounts.sign_out, name="logout"),
    path("kata-sandi/", accounts.change_password, name="password_change"),
    path("akun/", accounts.own_account, name="own_account"),
    path("<slug:institution>/kelola/", hub.show, name="hub"),
    *HISTORY,
    path("<slug:institution>/panduan/", guide.contents, name="guide"),
    path("<slug:institution>/panduan/<slug:slug>/", guide.chapter, name="guide_chapter"),
    *MAPPING,
    *IMPORTS,
    *PEOPLE,
    *STRUCTURE,
    *COVERAGE,
    *XRAY,
    *USERS,
    path("<slug:institution>/tahap-kebijakan/", places.policy_stages, name="policy_stages"),
    path("<slug:institution>/tahap-kebijakan/catat/", places.policy_stage_record, name="policy_stage_record"),
    path("<slug:institution>/tempat-kerja/", places.workplaces, name="workplaces"),
    path("<slug:institution>/tempat-kerja/tambah/", places.workplace_add, name="workplace_add"),
    path("<slug:institution>/tempat-kerja/<key:pk>/", places.workplace_correct, name="workplace_correct"),
    path("<slug:institution>/tempat-kerja/<key:pk>/tutup/", places.workplace_close, name="workplace_close"),
    path("<slug:institution>/kriteria-lokal/", places.local_criteria, name="local_criteria"),
    path("<slug:institution>/kriteria-lokal/<key:number>/", places.local_criterion, name="local_criterion"),
    *STUDIES,
    path("<slug:institution>/dokumen/", documents.listing, name="documents"),
    path("<slug:institution>/dokumen/unggah/", documents.add, name="document_add"),
    path("<slug:institution>/dokumen/<key:pk>/", documents.download, name="document"),
]
