"""`manage.py demo_penetapan`: gives the fictional city its instrument and the signed Penetapan of all its agencies."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.demonstration.signed_city import CITY, sign_city


class Command(BaseCommand):
    """Idempotent: a city that has a Penetapan is left as it is."""

    help = "Sign the Penetapan of the fictional city. Only in demonstration mode (DEMO=1), after `demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign them, or say that they are there."""
        if not settings.DEMO:
            raise CommandError(_("Invented Penetapan belong to demonstration mode only. Set DEMO=1 and try again."))
        institution = Institution.objects.filter(code=CITY).first()
        if institution is None or not institution.agencies.exists():
            raise CommandError(_("The fictional city has no agencies yet; run manage.py demo first."))
        signed = sign_city(institution)
        sentence = (
            _("%(institution)s: %(determinations)d Penetapan of %(positions)d positions signed.")
            if signed.created
            else _("%(institution)s: here already with %(determinations)d Penetapan; nothing changed.")
        )
        numbers = {"determinations": signed.determinations, "positions": signed.positions}
        self.stdout.write(sentence % {"institution": institution, **numbers})
