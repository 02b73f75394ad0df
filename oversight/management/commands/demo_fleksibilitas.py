"""`manage.py demo_fleksibilitas`: three months of requests, decisions and their faults in the fictional city."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.demonstration.arranging import live_three_months
from eligibility.demonstration.signed_city import CITY
from eligibility.models import ArrangementState, Determination
from oversight.checkpoints import CheckpointRefused, make_checkpoint


class Command(BaseCommand):
    """Idempotent: a city that has any arrangement is left as it is."""

    help = "Fill the fictional city with arrangements. Only in demonstration mode (DEMO=1), after `demo_penetapan`."

    def handle(self, *args: Any, **options: Any) -> None:
        """Live the months, or say that they were lived."""
        if not settings.DEMO:
            raise CommandError(_("Invented arrangements belong to demonstration mode only. Set DEMO=1 and try again."))
        institution = Institution.objects.filter(code=CITY).first()
        if institution is None or not Determination.objects.filter(institution=institution).exists():
            raise CommandError(_("The fictional city has no Penetapan yet; run manage.py demo_penetapan first."))
        try:
            lived = live_three_months(institution, seal=make_checkpoint)
        except CheckpointRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        sentence = (
            _("%(institution)s: %(number)d arrangements made: %(states)s.")
            if lived.created
            else _("%(institution)s: here already with %(number)d arrangements; nothing changed.")
        )
        words = ", ".join(f"{state.label} {lived.states[state]}" for state in ArrangementState if state in lived.states)
        numbers = {"number": sum(lived.states.values()), "states": words}
        self.stdout.write(sentence % {"institution": institution, **numbers})
