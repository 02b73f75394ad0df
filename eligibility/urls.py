"""The addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import answers

urlpatterns: list[URLPattern | URLResolver] = [
    path("", answers.home, name="home"),
    path("<slug:institution>/peta/", answers.matrix, name="matrix"),
    path("<slug:institution>/opd/<str:agency_code>/", answers.agency, name="agency"),
    path("<slug:institution>/jabatan/<int:pk>/", answers.position, name="position"),
    path("<slug:institution>/aturan/", answers.rules, name="rules"),
]
