"""`manage.py import_positions`: brings agencies, units, positions, tasks and facts to what a CSV file tells."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import imports
from agencies.actions import positions_import as actions
from agencies.models import Agency, Institution, Position, Task, TaskProfile, Unit

_NAMES = {
    "agencies": Agency._meta.verbose_name_plural,
    "units": Unit._meta.verbose_name_plural,
    "positions": Position._meta.verbose_name_plural,
    "tasks": Task._meta.verbose_name_plural,
    "profiles": TaskProfile._meta.verbose_name_plural,
}


class Command(BaseCommand):
    """All or nothing; the same file a second time changes nothing."""

    help = f"{imports.__doc__}\n\nColumns: {', '.join(imports.COLUMNS)}."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the lines of the help as they are written."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which institution, which file, and whether to write."""
        parser.add_argument("institution", help="code of the institution, such as kota-malang")
        parser.add_argument("file", type=Path, help="CSV file, UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file, or print every error and fail."""
        institution = self._institution(options["institution"])
        path: Path = options["file"]
        try:
            report = actions.import_positions(
                actor=None,
                institution=institution,
                content=_content(path),
                source=path.name[:300],
                valid_from=timezone.localdate(),
                dry_run=options["dry_run"],
            )
        except imports.ImportRefused as refusal:
            for error in refusal.errors:
                self.stderr.write(str(error))
            raise CommandError(str(refusal)) from refusal
        self._print(report, dry_run=options["dry_run"])

    def _institution(self, code: str) -> Institution:
        institution = Institution.objects.filter(code=code).first()
        if institution is None:
            codes = ", ".join(Institution.objects.governing().values_list("code", flat=True))
            raise CommandError(
                _("There is no institution “%(code)s”; choose one of: %(codes)s.") % {"code": code, "codes": codes}
            )
        return institution

    def _print(self, report: actions.ImportReport, *, dry_run: bool) -> None:
        for name, count in report.counts.items():
            self.stdout.write(
                _("%(name)s: %(created)d created, %(changed)d changed, %(unchanged)d unchanged")
                % {
                    "name": _NAMES[name],
                    "created": count.created,
                    "changed": count.changed,
                    "unchanged": count.unchanged,
                }
            )
        self.stdout.write(_summary(report, dry_run=dry_run))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be read (%(reason)s); check the path.") % {"path": path, "reason": error.strerror}
        ) from error


def _summary(report: actions.ImportReport, *, dry_run: bool) -> str:
    numbers = {"rows": report.rows, "facts": report.facts}
    if not report.changed:
        return _("%(rows)d rows read; nothing changed, everything is recorded already.") % numbers
    if dry_run:
        return _("%(rows)d rows read; %(facts)d facts would change. Nothing was written.") % numbers
    return _("%(rows)d rows read; %(facts)d facts recorded.") % numbers
