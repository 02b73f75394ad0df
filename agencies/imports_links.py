"""The page of the import wizard that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list it; everything else is reached from there."""
    offer(Group.JOBS, _("Imports of files"), "imports", [Role.HR_OFFICER], whole=True)
