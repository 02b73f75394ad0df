"""What the commands that import a file have in common: which institution, which file, and how errors are printed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agencies.importing.differences import Count
from agencies.importing.tables import ImportRefused
from agencies.models import Institution

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ImportCommand(BaseCommand, ABC):
    """All or nothing; the same file a second time changes nothing."""

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
        institution = _institution(options["institution"])
        try:
            self.bring_in(institution, options["file"], content_of(options["file"]), dry_run=options["dry_run"])
        except ImportRefused as refusal:
            for error in refusal.errors:
                self.stderr.write(str(error))
            raise CommandError(str(refusal)) from refusal

    @abstractmethod
    def bring_in(self, institution: Institution, path: Path, content: bytes, *, dry_run: bool) -> None:
        """Carry out the act and print what it did. May raise ImportRefused."""

    def print_counts(self, counts: Mapping[str, Count], names: Mapping[str, str | _StrPromise | None]) -> None:
        """One line for each kind of row."""
        for name, count in counts.items():
            self.stdout.write(
                _("%(name)s: %(created)d created, %(changed)d changed, %(unchanged)d unchanged")
                % {
                    "name": names[name],
                    "created": count.created,
                    "changed": count.changed,
                    "unchanged": count.unchanged,
                }
            )


def _institution(code: str) -> Institution:
    institution = Institution.objects.filter(code=code).first()
    if institution is None:
        codes = ", ".join(Institution.objects.governing().values_list("code", flat=True))
        raise CommandError(
            _("There is no institution “%(code)s”; choose one of: %(codes)s.") % {"code": code, "codes": codes}
        )
    return institution


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises CommandError with the system's reason."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be read (%(reason)s); check the path.") % {"path": path, "reason": error.strerror}
        ) from error
