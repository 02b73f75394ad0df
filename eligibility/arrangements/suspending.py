"""For what an arrangement is suspended: a closed list of grounds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SuspensionGround(models.TextChoices):
    """What made a suspension necessary; the text says more. What a gate has found of a person is never said."""

    GATE = "gate", _("A requirement of the regulation is no longer met")
    DETERMINATION = "determination", _("The Penetapan no longer opens the form")
    SUITABILITY = "suitability", _("The tasks no longer suit the form")
    LIMIT = "limit", _("A limit is exceeded")
    SHARE = "share", _("Too many are away at the same time")
    SERVICE = "service", _("The service needs the presence")
    PLACE = "place", _("The place of work is no longer available")
    POSTING = "posting", _("The position or the standing of the employee has changed")
    OUTPUT = "output", _("Outputs are not delivered")
    SECURITY = "security", _("Infrastructure or data security does not suffice")
    OTHER = "other", _("Another ground, as the text says")
