"""`manage.py indications [institution]`: looks by every indication, examines each candidate, and says how many rows
each points at; pages then show these numbers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from agencies.models import Institution
from oversight.background import look_by_all
from oversight.indications import INDICATIONS
from oversight.indications.kept_looks import kept_look
from oversight.management.commands.verify_trail import find_institution


class Command(BaseCommand):
    """Safe to run twice or side by side; best once a night where more than 5,000 arrangements stand."""

    help = "Look by every indication, examine every candidate, and keep what was found for the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which institution."""
        parser.add_argument("institution", nargs="?", help="code of the institution; all of them if not given")

    def handle(self, *args: Any, institution: str | None, **options: Any) -> None:
        """Look, and print a line for each indication."""
        for one in [find_institution(institution)] if institution else Institution.objects.governing().order_by("code"):
            look_by_all(one)
            self.stdout.write(f"{one.code}:")
            for indication in INDICATIONS:
                found = kept_look(indication, one)
                assert found is not None
                words = {"code": indication.code, "number": len(found.flags), "examined": found.candidates}
                self.stdout.write(_("  %(code)s: %(number)d (candidates examined: %(examined)d)") % words)
