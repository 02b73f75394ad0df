"""`manage.py watch`: examines granted arrangements again where something has changed, or a day has begun."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import clock
from agencies.models import Institution
from eligibility.arrangements.watching import ask_for_the_day, work_queue
from eligibility.loading import NoLawInForce
from eligibility.management.commands.screen import day_of


class Command(BaseCommand):
    """Safe to run twice or side by side; best once an hour, and once soon after midnight."""

    help = "Examine granted arrangements again and suspend those that no longer hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which institution, whether everything, and which day."""
        parser.add_argument("institution", nargs="?", help="code of the institution; all without it")
        parser.add_argument("--all", action="store_true", help="examine everything, whether something waits or not")
        parser.add_argument("--on", metavar="DATE", help="the day from which they are looked at (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work the queue of each institution, and print how many were examined and suspended."""
        day = day_of(options["on"]) if options["on"] else None
        refused = [one for one in _institutions(options["institution"]) if not self._watch(one, day, options["all"])]
        if refused:
            raise CommandError(_("Where no rule is in force nothing was examined; what waits there still waits."))

    def _watch(self, institution: Institution, day: date | None, everything: bool) -> bool:
        """Whether the institution could be examined."""
        on, at = day or clock.today(institution), timezone.now()
        ask_for_the_day(institution, on, at)
        try:
            tally = work_queue(institution, on=on, at=at, everything=everything)
        except NoLawInForce as refusal:
            self.stderr.write(f"{institution.code}: {refusal}")
            return False
        if tally is None:
            self.stdout.write(_("%(institution)s: nothing waits.") % {"institution": institution.code})
            return True
        words = {"institution": institution.code, "examined": tally.examined, "suspended": tally.suspended}
        self.stdout.write(_("%(institution)s: %(examined)d examined, %(suspended)d suspended.") % words)
        return True


def _institutions(code: str | None) -> list[Institution]:
    """All that have agencies of their own, or the one of that code. Raises CommandError with the codes there are."""
    found = Institution.objects.governing().order_by("code")
    chosen = list(found.filter(code=code) if code else found)
    if code and not chosen:
        words = {"code": code, "codes": ", ".join(found.values_list("code", flat=True))}
        raise CommandError(_("There is no institution “%(code)s”; choose one of: %(codes)s.") % words)
    return chosen
