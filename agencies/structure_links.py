"""The pages about agencies and positions that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list them; an agency, a position and a task are kept from their own pages."""
    offer(Group.JOBS, _("Add an agency"), "agency_add", [Role.HR_OFFICER], whole=True)
