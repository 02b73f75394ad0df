"""`manage.py verify_trail [institution]`: recomputes the chains and names the first broken entry and every row
that is not as the trail says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from agencies.models import Institution
from agencies.protection import missing_triggers
from oversight.chain import Verification
from oversight.covered_rows import count_rows
from oversight.verification import Report, verify_all


class Command(BaseCommand):
    """Ends with 0 and what was compared, or with an error that names what is wrong."""

    help = "Recomputes the trail of one institution or of all and checks that the database protects it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("institution", nargs="?", help="code of the institution; all of them if not given")

    def handle(self, *args: Any, institution: str | None, **options: Any) -> None:
        named = find_institution(institution) if institution else None
        report = verify_all(named)
        for one, result in report.chains:
            if not result.broken:
                self.stdout.write(_whole(one, result))
        faults = [*_missing_triggers(), *_faults(report)]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(_("%(count)d protected rows are as their last act left them.") % {"count": count_rows(named)})


def find_institution(code: str) -> Institution:
    """The institution of that code; CommandError where there is none."""
    found = Institution.objects.filter(code=code).first()
    if found is None:
        raise CommandError(_("There is no institution with the code “%(code)s”.") % {"code": code})
    return found


def _missing_triggers() -> Iterator[str]:
    missing = missing_triggers(connection)
    if missing:
        yield _("Triggers that protect the data are missing or altered: %(names)s. Run manage.py migrate.") % {
            "names": ", ".join(missing)
        }


def _faults(report: Report) -> Iterator[str]:
    for one, result in report.chains:
        if result.broken:
            yield _fault(one, result)
    yield from map(str, report.rows)
    yield from report.checkpoints


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
