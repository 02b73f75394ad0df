"""`manage.py verify_trail [institution]`: recomputes the chains and names the first broken entry."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from agencies.models import Institution
from agencies.protection import missing_triggers
from oversight.trail import Verification, institutions_with_trail, verify


class Command(BaseCommand):
    """Ends with 0 and the number of entries, or with an error that names what is wrong."""

    help = "Recomputes the trail of one institution or of all and checks that the database protects it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("institution", nargs="?", help="code of the institution; all of them if not given")

    def handle(self, *args: Any, institution: str | None, **options: Any) -> None:
        institutions = [_named(institution)] if institution else institutions_with_trail()
        faults = []
        missing = missing_triggers(connection)
        if missing:
            faults.append(
                _("Triggers that protect the data are missing or altered: %(names)s. Run manage.py migrate.")
                % {"names": ", ".join(missing)}
            )
        for one in institutions:
            result = verify(one)
            if result.broken:
                faults.append(_fault(one, result))
            else:
                self.stdout.write(_whole(one, result))
        if faults:
            raise CommandError("\n".join(faults))


def _named(code: str) -> Institution:
    found = Institution.objects.filter(code=code).first()
    if found is None:
        raise CommandError(_("There is no institution with the code “%(code)s”.") % {"code": code})
    return found


def _whole(institution: Institution, result: Verification) -> str:
    return _("%(code)s: %(count)d entries, the chain is whole.") % {
        "code": institution.code,
        "count": result.count,
    }


def _fault(institution: Institution, result: Verification) -> str:
    assert result.broken
    return _("%(code)s: entry %(number)d is broken: %(reason)s") % {
        "code": institution.code,
        "number": result.broken.number,
        "reason": result.broken.reason,
    }
