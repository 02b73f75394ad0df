"""What the rules administrators of an institution may write: how high, and whom it may reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from agencies.models import Agency, Institution
from eligibility.models.instruments import Layer
from eligibility.texts import InstrumentText, ScopeText

NATIONAL: Final = "nasional"

_NATIONAL_LAYERS: Final = (Layer.LAW, Layer.MINISTRY_REGULATION, Layer.MINISTRY_CIRCULAR, Layer.INTERNAL)


def layers_of(owner: Institution) -> tuple[Layer, ...]:
    """How high the norms stand that the institution may write."""
    if owner.kind == NATIONAL:
        return _NATIONAL_LAYERS
    return (Layer.PROVINCE,) if owner.kind == "province" else (Layer.LOCAL,)


def reached_by(owner: Institution) -> list[Institution]:
    """Where the law of an owner may reach: it alone, or for national and provincial law every institution with jobs."""
    if owner.kind not in (NATIONAL, "province"):
        return [owner]
    return list(Institution.objects.exclude(kind=NATIONAL).filter(agencies__isnull=False).distinct().order_by("name"))


def judging_cases_of(owner: Institution) -> list[Institution]:
    """By whose rules a case beside a rule of the owner may be judged: its own first, and where its law may reach."""
    return [owner, *(one for one in reached_by(owner) if one != owner)]


def power_faults(owner: Institution, text: InstrumentText) -> Iterator[tuple[str, str]]:
    """Where an instrument goes beyond what its owner may write, by field; scopes by their place: `scopes.0`."""
    if text.layer not in layers_of(owner):
        names = ", ".join(str(layer.label) for layer in layers_of(owner))
        sentence = _("%(owner)s writes norms of another layer: %(layers)s; choose one of them.")
        yield "layer", sentence % {"owner": owner.name, "layers": names}
    if owner.kind == NATIONAL:
        return
    if not text.scopes:
        yield "scopes", _("Without a line it would reach everybody; name %(owner)s.") % {"owner": owner.name}
    known = set(Agency.objects.filter(institution=owner).values_list("code", flat=True))
    for number, scope in enumerate(text.scopes):
        yield from ((f"scopes.{number}", sentence) for sentence in _scope_faults(owner, scope, known))


def _scope_faults(owner: Institution, scope: ScopeText, agencies: set[str]) -> Iterator[str]:
    if scope.institution_code != owner.code:
        yield _("It may reach %(owner)s only; name it in each line.") % {"owner": owner.name}
    if scope.agency_code and scope.agency_code not in agencies:
        sentence = _("%(owner)s has no agency “%(code)s”; choose one of the list.")
        yield sentence % {"owner": owner.name, "code": scope.agency_code}
