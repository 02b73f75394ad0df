"""`manage.py demo_pemetaan`: three weeks of mapping in the fictional city, and two imports of files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.demonstration.imports import import_files
from agencies.demonstration.mapping import CITY, map_city
from agencies.models import Institution, User


class Command(BaseCommand):
    """Idempotent: a city that has any sheet, or any import, is left as it is."""

    help = "Fill the fictional city with mapping sheets. Only in demonstration mode (DEMO=1), after `demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        """Map, or say that it was mapped."""
        if not settings.DEMO:
            raise CommandError(_("Invented mapping belongs to demonstration mode only. Set DEMO=1 and try again."))
        institution = Institution.objects.filter(code=CITY).first()
        people = User.objects.in_bulk(["yuni", "tari"], field_name="username")
        if institution is None or len(people) < 2:
            raise CommandError(_("The fictional city is not there yet; run manage.py demo first."))
        mapped = map_city(institution, people["yuni"], people["tari"])
        sentence = (
            _("%(institution)s: %(number)d mapping sheets made.")
            if mapped.created
            else _("%(institution)s: here already with %(number)d mapping sheets; nothing changed.")
        )
        self.stdout.write(sentence % {"institution": institution, "number": mapped.sheets})
        number = import_files(institution, people["tari"], timezone.now())
        told = _("%(institution)s: %(number)d imports of files.")
        self.stdout.write(told % {"institution": institution, "number": number})
