"""`manage.py import_employees`: brings employees, their postings and predicates to what a CSV file tells."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from agencies.actions import employees_import as actions
from agencies.importing import employee_rows
from agencies.management.import_command import ImportCommand
from agencies.models import Employee, Employment, Institution, Posting, Predicate

_NAMES = {
    "employees": Employee._meta.verbose_name_plural,
    "employments": Employment._meta.verbose_name_plural,
    "postings": Posting._meta.verbose_name_plural,
    "predicates": Predicate._meta.verbose_name_plural,
}


class Command(ImportCommand):
    """Employees, employments, postings and predicates."""

    help = f"{employee_rows.__doc__}\n\nColumns: {', '.join(employee_rows.COLUMNS)}."

    def bring_in(self, institution: Institution, path: Path, content: bytes, *, dry_run: bool) -> None:
        """Import as the system; the trail keeps counts and the digest of the file, no names."""
        report = actions.import_employees(
            actor=None, institution=institution, content=content, source=path.name, dry_run=dry_run
        )
        self.print_counts(report.counts, _NAMES)
        self.stdout.write(_summary(report, dry_run=dry_run))


def _summary(report: actions.EmployeesReport, *, dry_run: bool) -> str:
    numbers = {"rows": report.rows}
    if not report.changed:
        return _("%(rows)d rows read; nothing changed, everything is recorded already.") % numbers
    if dry_run:
        return _("%(rows)d rows read. Nothing was written.") % numbers
    return _("%(rows)d rows read and recorded.") % numbers
