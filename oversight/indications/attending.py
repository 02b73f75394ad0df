"""Counts indications for the inspector's overview."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.models import User
from oversight import access
from oversight.attention import Attention, address_of
from oversight.indications.looking import counts


def indicated(standing: Standing, user: User, on: date, known_at: datetime) -> Iterator[Attention]:
    """Each indication that points at something in the agencies that the user audits."""
    for one in counts(standing.institution, access.audited(standing, user), on, known_at):
        label = _("Indication: %(name)s") % {"name": one.indication.name}
        address = address_of("indication", standing.institution.code, one.indication.code)
        yield Attention(one.indication.severity, label, one.number or 0, address)
