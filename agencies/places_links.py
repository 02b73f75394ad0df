"""The pages about the institution itself that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list them, each for those who may open it."""
    offer(Group.LAW, _("Policy stage"), "policy_stages", tuple(Role))
    offer(Group.LAW, _("Places of work"), "workplaces", tuple(Role))
    offer(Group.LAW, _("Own task criteria"), "local_criteria", tuple(Role))
    offer(Group.LAW, _("Documents"), "documents", [Role.HR_OFFICER, Role.INSPECTOR, Role.OUTSIDE_READER], whole=True)
