"""`manage.py trail_restored <institution> --reason TEXT`: goes on after a backup was put back, in a new epoch."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from agencies.errors import PortalError
from oversight.actions.trail import restore_trail
from oversight.management.commands.verify_trail import find_institution


class Command(BaseCommand):
    """Appends the act of the restore and prints its place in the trail."""

    help = "After a backup was put back: continues the trail of an institution in a new epoch."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("institution", help="code of the institution")
        parser.add_argument("--reason", required=True, help="why the backup was put back, without naming a person")

    def handle(self, *args: Any, institution: str, reason: str, **options: Any) -> None:
        try:
            receipt = restore_trail(actor=None, institution=find_institution(institution), reason=reason)
        except PortalError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(code)s: the trail goes on with entry %(number)d (%(digest)s).")
            % {"code": receipt.institution_code, "number": receipt.number, "digest": receipt.digest}
        )
