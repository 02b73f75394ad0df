"""The addresses of this app. Their names carry no prefix: settings name `login` and `home` bare."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from agencies import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", views.sign_in, name="login"),
    path("keluar/", views.sign_out, name="logout"),
    path("kata-sandi/", views.change_password, name="password_change"),
]
