"""The address of who moved by an import."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import missing, who_moved

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/impor/<key:pk>/pegawai/", who_moved.show, name="who_moved"),
    path("<slug:institution>/impor/<key:pk>/tidak-ada/", missing.show, name="import_missing"),
]
