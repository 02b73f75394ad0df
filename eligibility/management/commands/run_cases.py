"""`manage.py run_cases [INSTITUTION]`: judges the open cases of rules by the law in force, and says which fail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.case_runs import case_sentence, runs_of
from eligibility.models import RuleCase


class Command(BaseCommand):
    """A line for each failing case and the count; it ends in failure where one fails."""

    help = "Judges the open cases of rules, of all institutions or of one, and says which do not come as expected."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("institution", nargs="?", help="code of the institution by whose rules they are judged")

    def handle(self, *args: Any, institution: str | None, **options: Any) -> None:
        rows = RuleCase.objects.filter(closed_at__isnull=True)
        if institution:
            if not Institution.objects.filter(code=institution).exists():
                raise CommandError(_("There is no institution of the code “%(code)s”.") % {"code": institution})
            rows = rows.filter(institution__code=institution)
        runs = list(runs_of(rows, timezone.now()))
        failing = [run for run in runs if not run.holds]
        for run in failing:
            self.stdout.write(f"{run.row.rule.code}: {case_sentence(run)}")
        counts = {"all": len(runs), "failing": len(failing)}
        said = _("Cases judged: %(all)d, not as expected: %(failing)d.") % counts
        if failing:
            raise CommandError(said)
        self.stdout.write(said)
