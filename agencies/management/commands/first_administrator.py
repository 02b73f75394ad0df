"""Creates the account that administers an institution nobody administers yet, and prints its one-time password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.actions.users import appoint_first_administrator
from agencies.errors import PortalError
from agencies.institutions_register import ensure_institutions
from agencies.models import Institution


class Command(BaseCommand):
    """`manage.py first_administrator <institution> <username> [--name NAME]`."""

    help = "Creates the first system administrator of an institution; refused where there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, and who."""
        parser.add_argument("institution", help="code of the institution, for example kota-malang")
        parser.add_argument("username", help="user name of the new account")
        parser.add_argument("--name", default="", help="name of the person")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account and print its password once."""
        institution = Institution.objects.filter(code=options["institution"]).first()
        if institution is None:
            institution = ensure_institutions().get(options["institution"])
        if institution is None:
            raise CommandError(f'There is no institution with the code "{options["institution"]}".')
        try:
            issued = appoint_first_administrator(
                institution=institution, username=options["username"], name=options["name"]
            )
        except PortalError as refusal:
            raise CommandError(str(refusal)) from refusal
        slip = issued.slips[0]
        self.stdout.write(f"{institution.name}: {slip.username} is system administrator from today on.")
        self.stdout.write(f"One-time password, shown only now: {slip.password}")
        self.stdout.write("The first sign-in asks for another password.")
