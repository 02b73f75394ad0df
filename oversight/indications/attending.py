"""Counts indications for the inspector's overview."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.models import User
from oversight.attention import Attention, address_of
from oversight.indications.looking import Readable, counts


def indicated(standing: Standing, user: User, on: date, known_at: datetime) -> Iterator[Attention]:
    """Each indication with what it points at in the agencies that the user audits, or that nobody has looked yet."""
    for one in counts(standing.institution, Readable.by(standing, user), on, known_at):
        label = _("Indication: %(name)s") % {"name": one.indication.name}
        address = address_of("indication", standing.institution.code, one.indication.code)
        yield Attention(one.indication.severity, label, one.number, address, one.at)
