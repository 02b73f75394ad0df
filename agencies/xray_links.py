"""The page about faults of the data that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.access import PEOPLE_READERS
from agencies.hub import Group, offer


def offer_links() -> None:
    """Have the hub list it for those who read people."""
    offer(Group.JOBS, _("Data X-ray"), "xray", PEOPLE_READERS)
