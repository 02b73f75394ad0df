"""`manage.py reperform [institution] [--since DATE]`: decides again what was determined and approved, and says what
comes out otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.management.commands.screen import day_of
from oversight.actions.reperformances import Reperformed, reperform
from oversight.management.commands.verify_trail import find_institution
from oversight.models import Difference
from oversight.reperformance.words import Reader, sentences


class Command(BaseCommand):
    """Ends with 0 where everything came out as it was decided, with 1 where something differs."""

    help = "Decide every Penetapan and approval again from the facts, rules and knowledge of its moment."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which institution, and since when."""
        parser.add_argument("institution", nargs="?", help="code of the institution; all of them if not given")
        parser.add_argument("--since", metavar="DATE", help="only what was signed or approved from this day on")

    def handle(self, *args: Any, institution: str | None, **options: Any) -> None:
        """Run each institution, print counts, rates and differences."""
        since = day_of(options["since"]) if options["since"] else None
        chosen = [find_institution(institution)] if institution else _all()
        if sum([self._reperform(one, since) for one in chosen]):
            sys.exit(1)

    def _reperform(self, institution: Institution, since: date | None) -> int:
        """How many differences there are."""
        done = reperform(actor=None, institution=institution, since=since)
        for line in _counted(institution, done):
            self.stdout.write(line)
        found = done.run.differences.select_related(
            "determination", "position__agency", "approval__arrangement__agency"
        )
        for difference in found.iterator(chunk_size=500):
            for sentence in sentences(difference, Reader(whole=False)):
                self.stdout.write(f"  {_about(difference)}: {sentence}")
        return len(done.redone.found)


def _all() -> list[Institution]:
    return list(Institution.objects.governing().order_by("code"))


def _counted(institution: Institution, done: Reperformed) -> Iterator[str]:
    """What was decided again and how quickly, what differs, and what is held against nobody."""
    run, redone = done.run, done.redone
    words = {"institution": institution.code, "count": run.determinations, "positions": run.positions}
    words["rate"] = _rate(run.positions, redone.determining)
    yield _("%(institution)s: Penetapan %(count)s, positions %(positions)s (%(rate)s a second).") % words
    words = {"count": run.approvals, "rate": _rate(run.approvals, redone.deciding)}
    words["known"] = _rate(run.approvals, redone.examining)
    yield _("  Approvals %(count)s: decided again %(rate)s a second, by what was known %(known)s a second.") % words
    if run.later:
        yield _("  Law recorded only afterwards, held against nobody: %(count)d.") % {"count": run.later}
    yield _("  Differences: %(count)d.") % {"count": len(redone.found)}


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f}" if count and seconds else "-"


def _about(difference: Difference) -> str:
    """The case, position or Penetapan that differs, without anybody's name."""
    if difference.approval is not None:
        words = {"key": difference.approval.arrangement_id, "agency": difference.approval.arrangement.agency.code}
        return _("Case %(key)s, %(agency)s") % words
    if difference.position is not None:
        return f"{difference.position.agency.code}, {difference.position}"
    return str(difference.determination)
