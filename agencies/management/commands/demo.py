"""`manage.py demo`: fills the demonstration cities with synthetic jobs, facts and sign-ins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies.demonstration.cities import CITIES
from agencies.demonstration.loading import Loaded, load_city
from agencies.institutions_register import ensure_institutions
from agencies.models import Institution


class Command(BaseCommand):
    """Idempotent: a city that has agencies is left as it is."""

    help = "Fill the demonstration cities with synthetic data. Only in demonstration mode (DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each city and say what it holds."""
        if not settings.DEMO:
            raise CommandError(
                _("Synthetic data and published passwords belong to demonstration mode only. Set DEMO=1 and try again.")
            )
        institutions = ensure_institutions()
        for code in CITIES:
            self.stdout.write(_sentence(institutions[code], load_city(institutions[code])))


def _sentence(institution: Institution, loaded: Loaded) -> str:
    if not loaded.created:
        return _("%(institution)s: here already with %(positions)d positions; nothing changed.") % {
            "institution": institution,
            "positions": loaded.positions,
        }
    return _(
        "%(institution)s: created %(agencies)d agencies, %(positions)d positions, %(tasks)d tasks, %(facts)d facts."
    ) % {
        "institution": institution,
        "agencies": loaded.agencies,
        "positions": loaded.positions,
        "tasks": loaded.tasks,
        "facts": loaded.facts,
    }
