"""`manage.py demo_lengkap`: everything that the demonstration shows, prepared in one process."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies.clock import DEMONSTRATION_DAYS

STEPS: Final = ("load_rules", "demo", "demo_penetapan", "demo_fleksibilitas", "demo_pemetaan")


class Command(BaseCommand):
    """Every step changes nothing when there is nothing to change. To start anew for each would take longer than it."""

    help = "Prepare the whole demonstration: tables, rules, cities, sign-ins. Only in demonstration mode (DEMO=1)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then print what may be done in each city on its day and who signs in."""
        if not settings.DEMO:
            raise CommandError(
                _("Synthetic data and published passwords belong to demonstration mode only. Set DEMO=1 and try again.")
            )
        call_command("migrate", verbosity=0)
        for step in STEPS:
            call_command(step, stdout=self.stdout)
        for city, day in DEMONSTRATION_DAYS.items():
            call_command("screen", city, on=day.isoformat(), stdout=self.stdout)
        call_command("demo", sign_ins=True, stdout=self.stdout)
