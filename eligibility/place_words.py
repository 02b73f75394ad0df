"""Whom an instrument reaches, in words: names instead of codes; a code that names nothing here stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from agencies.facts import AGENCY_KINDS, INSTITUTION_KINDS
from agencies.models import Agency, Institution, Unit
from eligibility.models import InstrumentScope

PlaceNames = Mapping[tuple[str, str], str]
"""Names of agencies and units, by the code of the agency and that of the unit (none: the agency)."""


def place_names(institution: Institution) -> PlaceNames:
    """Those of an institution."""
    return _names_within([institution.code]).get(institution.code, {})


def reach_words(lines: Iterable[InstrumentScope], names: PlaceNames) -> tuple[str, ...]:
    """Whom the lines reach within one institution; nothing: all of it."""
    found = tuple(_part_words(line, names) for line in lines)
    return found if all(found) else ()


def scope_words(lines: Iterable[InstrumentScope]) -> tuple[str, ...]:
    """Each line with the institution or the kind of institution it is about; no line reaches everybody."""
    rows = list(lines)
    codes = {row.institution_code for row in rows if row.institution_code}
    institutions = dict(Institution.objects.filter(code__in=codes).values_list("code", "name"))
    names = _names_within(codes)
    kinds = {choice.code: choice.label for choice in INSTITUTION_KINDS}
    found = []
    for row in rows:
        whose = institutions.get(row.institution_code, row.institution_code)
        if not whose and row.institution_kind:
            whose = _("every institution of the kind %(kind)s") % {"kind": _(kinds[row.institution_kind])}
        part = _part_words(row, names.get(row.institution_code, {}))
        found.append(": ".join(word for word in (whose, part) if word) or _("Everybody"))
    return tuple(found)


def _part_words(line: InstrumentScope, names: PlaceNames) -> str:
    """The kind of agency, the agency or the unit that a line names; empty: it names none."""
    name = names.get((line.agency_code, ""), line.agency_code)
    if line.agency_kind:
        return _({choice.code: choice.label for choice in AGENCY_KINDS}[line.agency_kind])
    if line.unit_code:
        return f"{name}: {names.get((line.agency_code, line.unit_code), line.unit_code)}"
    return _("%(name)s with the agencies below it") % {"name": name} if line.with_subtree else name


def _names_within(institutions: Iterable[str]) -> dict[str, dict[tuple[str, str], str]]:
    """Names by the code of the institution."""
    codes = list(institutions)
    found: dict[str, dict[tuple[str, str], str]] = {}
    agencies = Agency.objects.filter(institution__code__in=codes)
    for whose, agency, name in agencies.values_list("institution__code", "code", "name"):
        found.setdefault(whose, {})[agency, ""] = name
    units = Unit.objects.filter(agency__institution__code__in=codes)
    for whose, agency, unit, name in units.values_list("agency__institution__code", "agency__code", "code", "name"):
        found.setdefault(whose, {})[agency, unit] = name
    return found
