"""The page of all studies that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.access import STUDY_READERS
from agencies.hub import Group, offer


def offer_links() -> None:
    """Have the hub list it; one study is reached from its agency."""
    offer(Group.JOBS, _("Agencies side by side"), "studies", STUDY_READERS)
