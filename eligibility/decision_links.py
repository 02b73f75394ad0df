"""The pages of those who decide that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list them for heads and HR officers."""
    # Imported here: models exist only once all apps are loaded.
    from eligibility.arrangement_access import IN_CHARGE

    offer(Group.ACT, _("Flexible work (Fleksibilitas Kerja)"), "arrangements", IN_CHARGE)
    offer(Group.ACT, _("Waiting for a decision"), "decisions_waiting", IN_CHARGE)
    # In the navigation of some roles other pages stand where the rules would.
    offer(Group.LAW, _("Rules"), "rules", tuple(Role), governing=False)
    offer(Group.LAW, _("What changed in the rules"), "law_changes", tuple(Role), governing=False)
    offer(Group.PEOPLE, _("Who is where"), "presence", IN_CHARGE)
