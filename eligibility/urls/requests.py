"""The addresses of requests."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import notices, request_groups, requests

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/fleksibilitas/saya/", requests.my_flexibility, name="my_flexibility"),
    path("<slug:institution>/fleksibilitas/ajukan/", requests.new, name="arrangement_new"),
    path(
        "<slug:institution>/fleksibilitas/ajukan/<key:employee>/",
        requests.new_for,
        name="arrangement_new_for",
    ),
    path("<slug:institution>/fleksibilitas/ajukan-bersama/", request_groups.group, name="arrangement_group"),
    path("<slug:institution>/fleksibilitas/<key:pk>/ubah/", requests.edit, name="arrangement_edit"),
    path("<slug:institution>/fleksibilitas/<key:pk>/ajukan/", requests.submit, name="arrangement_submit"),
    path("<slug:institution>/fleksibilitas/<key:pk>/perbaiki/", requests.take_back, name="arrangement_take_back"),
    path("<slug:institution>/fleksibilitas/<key:pk>/tarik/", requests.withdraw, name="arrangement_withdraw"),
    path("<slug:institution>/fleksibilitas/<key:pk>/perubahan/", requests.amend, name="arrangement_amend"),
    path("<slug:institution>/fleksibilitas/<key:pk>/keberatan/", requests.object_to, name="arrangement_object"),
    path("<slug:institution>/pemberitahuan/", notices.notices, name="notices"),
    path("<slug:institution>/pemberitahuan/dibaca/", notices.mark_read, name="notices_read"),
]
