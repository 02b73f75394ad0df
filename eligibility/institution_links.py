"""The pages about settings and implementing instruments that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list them for every role of an institution."""
    offer(Group.LAW, _("Implementing basis"), "instruments", tuple(Role))
    offer(Group.LAW, _("Settings of the institution"), "settings", tuple(Role))
    offer(Group.LAW, _("Write rules"), "law_desk", (Role.RULES_ADMINISTRATOR,), whole=True, governing=False)
    offer(Group.LAW, _("Guide"), "guide", (Role.RULES_ADMINISTRATOR,), governing=False)
