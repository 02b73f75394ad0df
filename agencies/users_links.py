"""Offers the pages of users and roles to the hub."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Called once, when the app is ready."""
    administrator = {Role.SYSTEM_ADMINISTRATOR}
    offer(Group.ACCESS, _("Users and roles: who may do what"), "users", administrator, governing=False)
    offer(Group.ACCESS, _("New account"), "user_create", administrator, governing=False)
    offer(Group.ACCESS, _("Accounts for employees"), "users_from_employees", administrator)
    offer(Group.ACCESS, _("Many accounts from a list"), "users_from_lines", administrator, governing=False)
