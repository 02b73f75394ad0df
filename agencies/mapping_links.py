"""The pages of the mapping that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.mapping.access import MAPPERS


def offer_links() -> None:
    """Have the hub list them."""
    offer(Group.JOBS, _("Guide"), "guide", MAPPERS)
    offer(Group.JOBS, _("Mapping sheets: what waits for me"), "mapping_queue", MAPPERS)
    offer(Group.JOBS, _("Progress of the mapping"), "mapping_progress", MAPPERS)
    offer(Group.JOBS, _("Agreement of reviewers"), "mapping_agreement", MAPPERS)
