"""The addresses of days worked."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import worked_days

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/fleksibilitas/<key:pk>/hari-kerja/", worked_days.record, name="worked_days"),
    path(
        "<slug:institution>/fleksibilitas/<key:pk>/hari-kerja/<slug:day>/tarik/",
        worked_days.withdraw,
        name="worked_day_withdraw",
    ),
]
