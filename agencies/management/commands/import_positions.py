"""`manage.py import_positions`: brings agencies, units, positions, tasks and facts to what a CSV file tells."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actions import positions_import as actions
from agencies.importing import position_rows
from agencies.management.import_command import ImportCommand
from agencies.models import Agency, Institution, Position, Task, TaskProfile, Unit

_NAMES = {
    "agencies": Agency._meta.verbose_name_plural,
    "units": Unit._meta.verbose_name_plural,
    "positions": Position._meta.verbose_name_plural,
    "tasks": Task._meta.verbose_name_plural,
    "profiles": TaskProfile._meta.verbose_name_plural,
}


class Command(ImportCommand):
    """Agencies, units, positions, tasks and facts."""

    help = f"{position_rows.__doc__}\n\nColumns: {', '.join(position_rows.COLUMNS)}."

    def bring_in(self, institution: Institution, path: Path, content: bytes, *, dry_run: bool) -> None:
        """Import what is valid from today on."""
        report = actions.import_positions(
            actor=None,
            institution=institution,
            content=content,
            source=path.name[:300],
            valid_from=timezone.localdate(),
            dry_run=dry_run,
        )
        self.print_counts(report.counts, _NAMES)
        self.stdout.write(_summary(report, dry_run=dry_run))


def _summary(report: actions.ImportReport, *, dry_run: bool) -> str:
    numbers = {"rows": report.rows, "facts": report.facts}
    if not report.changed:
        return _("%(rows)d rows read; nothing changed, everything is recorded already.") % numbers
    if dry_run:
        return _("%(rows)d rows read; %(facts)d facts would change. Nothing was written.") % numbers
    return _("%(rows)d rows read; %(facts)d facts recorded.") % numbers
