"""The pages about employees that "Pengelolaan" lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.access import PEOPLE_READERS
from agencies.hub import Group, offer
from agencies.models import Role


def offer_links() -> None:
    """Have the hub list them, each for those who may open it."""
    offer(Group.PEOPLE, _("List of employees"), "employees", PEOPLE_READERS)
    offer(Group.PEOPLE, _("Add an employee"), "employee_add", [Role.HR_OFFICER], whole=True)
    offer(Group.PEOPLE, _("Objections to facts about employees"), "objections", [Role.HR_OFFICER])
    offer(Group.PEOPLE, _("Log of reads of personal data"), "personal_data_reads", [Role.DATA_PROTECTION_OFFICER])
    offer(Group.PEOPLE, _("My own file"), "own_file", tuple(Role))
