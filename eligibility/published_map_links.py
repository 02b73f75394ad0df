"""The page of what governments have published that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from eligibility.access import MAP_READERS


def offer_links() -> None:
    """Have the hub list it for everybody who maps, also where an institution has no agencies of its own."""
    offer(Group.JOBS, _("Results of other governments"), "published_maps", MAP_READERS, governing=False)
