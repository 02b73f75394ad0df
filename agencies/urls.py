"""The addresses of this app. Their names carry no prefix: settings name `login` and `home` bare."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from agencies.views import accounts

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", accounts.sign_in, name="login"),
    path("keluar/", accounts.sign_out, name="logout"),
    path("kata-sandi/", accounts.change_password, name="password_change"),
]
