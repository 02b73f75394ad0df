"""`manage.py load_rules [FILE …]`: stores and publishes instruments and rules, and says what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from eligibility.actions.law import InstrumentChange, RulesRefused, load_rules
from eligibility.seeds import seed_files


class Command(BaseCommand):
    """Loads the files that come with the portal, or those given; loading again changes nothing."""

    help = "Stores and publishes the instruments and rules of the seed files; all of them or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="seed files; those of the portal if none is given")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        try:
            changes = load_rules(actor=None, files=files or seed_files())
        except RulesRefused as refusal:
            heading = _("Nothing was loaded. Correct these %(count)d faults:") % {"count": len(refusal.faults)}
            raise CommandError("\n".join([heading, *map(str, refusal.faults)])) from refusal
        for change in changes:
            self.stdout.write(f"{change.title}: {_what_changed(change)}")


def _what_changed(change: InstrumentChange) -> str:
    if not change.changed:
        return _("unchanged")
    return "; ".join((*_new_law(change), *_new_cases(change)))


def _new_cases(change: InstrumentChange) -> list[str]:
    return [_("new cases: %(count)d") % {"count": change.cases}] if change.cases else []


def _new_law(change: InstrumentChange) -> list[str]:
    if change.created:
        rules = len({code for code, _number in change.versions})
        return [_("created (rules: %(rules)d, periods: %(periods)d)") % {"rules": rules, "periods": change.periods}]
    parts = []
    if change.periods:
        parts.append(_("new period: %(count)d") % {"count": change.periods})
    if change.provisions:
        parts.append(_("new provision: %(count)d") % {"count": change.provisions})
    parts += [
        _("new version %(number)d of %(rule)s") % {"number": number, "rule": rule} for rule, number in change.versions
    ]
    return parts
