"""The page about determinations that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list it for every role of an institution."""
    offer(Group.ACT, _("Determinations (Keputusan)"), "determinations", tuple(Role))
