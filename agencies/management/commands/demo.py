"""`manage.py demo`: fills the demonstration cities with synthetic jobs, facts and sign-ins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from agencies.demonstration.cities import CITIES
from agencies.demonstration.loading import Loaded, load_city, load_national_sign_ins
from agencies.demonstration.sign_ins import PASSWORD, SIGN_INS
from agencies.institutions_register import ensure_institutions
from agencies.models import Institution


class Command(BaseCommand):
    """Idempotent: a city that has agencies and people is left as it is."""

    help = "Fill the demonstration cities with synthetic data. Only in demonstration mode (DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        """One option: what `make run` prints before it serves."""
        parser.add_argument("--sign-ins", action="store_true", help="only list the demonstration's sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each city and say what it holds, or list who signs in."""
        if not settings.DEMO:
            raise CommandError(
                _("Synthetic data and published passwords belong to demonstration mode only. Set DEMO=1 and try again.")
            )
        if options["sign_ins"]:
            self._list_sign_ins()
            return
        institutions = ensure_institutions()
        for code in CITIES:
            self.stdout.write(_sentence(institutions[code], load_city(institutions[code])))
        load_national_sign_ins(institutions["nasional"])

    def _list_sign_ins(self) -> None:
        self.stdout.write(_("Demonstration sign-ins, all with the password “%(password)s”:") % {"password": PASSWORD})
        for one in SIGN_INS:
            self.stdout.write(f"  {one.username:<8} {_(one.label)}, {one.institution_name}")


def _sentence(institution: Institution, loaded: Loaded) -> str:
    numbers = {
        "institution": institution,
        "agencies": loaded.agencies,
        "positions": loaded.positions,
        "tasks": loaded.tasks,
        "facts": loaded.facts,
        "employees": loaded.employees,
    }
    if loaded.created:
        return (
            _(
                "%(institution)s: created %(agencies)d agencies, %(positions)d positions, %(tasks)d tasks,"
                " %(facts)d facts, %(employees)d employees."
            )
            % numbers
        )
    if loaded.added:
        return _("%(institution)s: here already; %(employees)d employees added.") % numbers
    return (
        _("%(institution)s: here already with %(positions)d positions and %(employees)d employees; nothing changed.")
        % numbers
    )
