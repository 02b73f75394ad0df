"""What stands above an exported table: of which day, narrowed by what, by which rules, made when and by which role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Visitor, standings
from agencies.exporting.rulebooks import fingerprint_on
from agencies.exporting.tables import ExportTable
from agencies.models import Institution
from agencies.templatetags.portal import moment


@dataclass(frozen=True, slots=True)
class Heading:
    """The title, what is said of the table by name, and the mark of synthetic data ("" where there is none)."""

    title: str
    lines: tuple[tuple[str, str], ...]
    mark: str
    at: datetime


def heading_of(table: ExportTable, user: Visitor, at: datetime) -> Heading:
    """The block of a table that the user takes away at a moment; it names roles, never a person."""
    lines = (
        (_("Institution"), table.institution.name),
        (_("As of"), date_format(table.on)),
        *(table.filters or ((_("Narrowed by"), _("nothing: the whole table")),)),
        (_("Rulebook (SHA-256)"), _rulebook(table, at)),
        (_("Made"), moment(at, table.institution)),
        (_("Made by"), _roles(user, table.institution)),
    )
    mark = _("SYNTHETIC DATA. Not an official document.") if settings.DEMO else ""
    return Heading(table.title, lines, mark, at)


def _rulebook(table: ExportTable, at: datetime) -> str:
    """The rulebook that the rows were read with, else that of their day; where there is none, a sentence says so."""
    found = table.fingerprint or fingerprint_on(table.institution, table.on, table.known_at or at)
    return found or _("The portal knows no rule in force on this day.")


def _roles(user: Visitor, institution: Institution) -> str:
    held = [standing for standing in standings(user) if standing.institution == institution]
    return ", ".join(sorted(str(role.label) for standing in held for role in standing.roles))
