"""The positions that drafts of rules flip, as a table to take away."""

from __future__ import annotations

from django.utils.translation import gettext as _

from agencies.exporting.tables import Column, ExportTable
from agencies.models import Position
from eligibility.pages.flips import LISTS, FlipsPage, mode_words


def flip_table(page: FlipsPage, drafts: str) -> ExportTable:
    """A row for each position of the list that the page shows; titles and agencies, nobody's name."""
    assert page.chosen is not None, "only a chosen list is a table"
    kind, flips = page.chosen
    positions = Position.objects.filter(pk__in=[flip.position for flip in flips]).select_related("agency", "unit")
    return ExportTable(
        title=_("Who flips: draft beside no draft"),
        institution=page.institution,
        on=page.span.on,
        filters=(
            (_("Drafts"), drafts),
            (_("List"), str(LISTS[kind])),
            (_("Form of flexible work"), mode_words(flips[0].mode)),
        ),
        fingerprint=page.span.after.fingerprint,
        columns=(
            Column(_("Agency"), width=40),
            Column(_("Position"), width=40),
            Column(_("Without the draft"), width=24),
            Column(_("With the draft"), width=24),
        ),
        rows=lambda: (
            (row.position.agency.name, str(row.position), row.before, row.after)
            for row in page.worded(list(positions.order_by("title", "jenjang", "pk")))
        ),
    )
