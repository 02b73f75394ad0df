"""The addresses of accounts and roles, below the institution's code."""

from __future__ import annotations

from django.urls import URLPattern, path

from agencies.views import grants, new_accounts, users

USERS: list[URLPattern] = [
    path("<slug:institution>/pengguna/", users.index, name="users"),
    path("<slug:institution>/pengguna/baru/", new_accounts.one, name="user_create"),
    path("<slug:institution>/pengguna/daftar/", new_accounts.lines, name="users_from_lines"),
    path("<slug:institution>/pengguna/dari-pegawai/", new_accounts.from_employees, name="users_from_employees"),
    path("<slug:institution>/pengguna/<key:pk>/", users.show, name="user"),
    path("<slug:institution>/pengguna/<key:pk>/peran/", grants.give, name="user_role"),
    path("<slug:institution>/pengguna/<key:pk>/pegawai/", grants.link, name="user_link"),
    path("<slug:institution>/pengguna/<key:pk>/kata-sandi/", users.reset, name="user_reset"),
    path("<slug:institution>/pengguna/<key:pk>/tutup/", users.close, name="user_close"),
    path("<slug:institution>/pengguna/<key:pk>/buka/", users.reopen, name="user_reopen"),
    path("<slug:institution>/pengguna/<key:pk>/kunci/", users.release, name="user_release"),
    path("<slug:institution>/peran/<key:pk>/", grants.last_day, name="grant_last_day"),
    path("<slug:institution>/peran/<key:pk>/tarik/", grants.withdraw, name="grant_withdraw"),
]
