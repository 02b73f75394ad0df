"""The pages of oversight that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list them for who reads the desk, and the trail for everybody."""
    # Imported here: models exist only once all apps are loaded.
    from oversight import access, finding_access

    desk = access.READERS
    offer(Group.OVERSIGHT, _("Overview: exceptions and what was approved"), "oversight", desk)
    offer(Group.OVERSIGHT, _("Cases: arrangements one by one"), "cases", desk)
    offer(Group.OVERSIGHT, _("Indications that need clarification"), "indications", desk)
    offer(Group.OVERSIGHT, _("Decided again: what comes out otherwise"), "reperformances", desk)
    offer(Group.OVERSIGHT, _("Findings (temuan)"), "findings", finding_access.READING)
    offer(Group.TRAIL, _("Trail, entry by entry"), "trail_browser", desk, whole=True)
    offer(Group.TRAIL, _("What the trail proves"), "trail", tuple(Role), governing=False)
    erasing = _("Erase personal data beside an entry")
    offer(Group.TRAIL, erasing, "trail_erase", [Role.DATA_PROTECTION_OFFICER], whole=True, governing=False)
