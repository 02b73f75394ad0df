"""The addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("<slug:institution>/peta/", views.matrix, name="matrix"),
    path("<slug:institution>/opd/<str:agency_code>/", views.agency, name="agency"),
    path("<slug:institution>/jabatan/<int:pk>/", views.position, name="position"),
    path("<slug:institution>/aturan/", views.rules, name="rules"),
]
