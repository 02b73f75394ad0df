"""Where a finding begins: with an indication of an arrangement, with a difference, or with the inspector's own eyes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.models import Agency, User
from eligibility.models import Provision
from oversight import access, indications
from oversight.actions.findings import FindingOrigin
from oversight.attention import of_audited
from oversight.forms.findings import LONGEST
from oversight.indications import Flag, Indication
from oversight.models import Difference, Finding
from oversight.provisions import days_measured, provisions_of
from oversight.reperformance.words import Reader, sentences

_PERMEN: Final = "PERMENPANRB-4-2025"
_REFERENCES: Final = {
    "tanpa-dasar-pelaksanaan": "Pasal 12 ayat (4)",
    "syarat-pegawai-tertutup": "Pasal 25 ayat (1) huruf a",
    "melebihi-kuota": "Pasal 13",
    "penetapan-usang": "Pasal 23",
}
"""The provision that an indication is first measured by; the inspector chooses."""


@dataclass(frozen=True)
class FindingStart:
    """What a new finding is about and what its form is filled with; `agency` None: the inspector chooses it."""

    origin: FindingOrigin
    agency: Agency | None = None
    initial: dict[str, object] = field(default_factory=dict)


def finding_start(standing: Standing, user: User, query: QueryDict, on: date, known_at: datetime) -> FindingStart:
    """Where the finding begins that the address names; Http404 for what she does not audit or is not there."""
    if "difference" in query:
        return _from_difference(standing, user, query.get("difference", ""))
    if "arrangement" not in query:
        return FindingStart(FindingOrigin())
    case = access.get_case(standing, user, _key(query.get("arrangement", "")))
    indication = indications.find(query.get("indikasi", ""))
    if indication is None:
        return FindingStart(FindingOrigin(arrangement=case), case.agency)
    look = indications.look(indication, standing.institution, on, known_at)
    flag = next((one for one in look.flags if one.arrangement == case.pk), None)
    origin = FindingOrigin(Finding.Origin.INDICATION, indication.code, arrangement=case)
    rows = provisions_of(days_measured(on, case, None), known_at)
    return FindingStart(origin, case.agency, _initial(indication, flag, rows))


def _initial(indication: Indication, flag: Flag | None, rows: QuerySet[Provision]) -> dict[str, object]:
    """Title, kondisi and kriteria as far as the indication says them."""
    provision = _provision(indication, flag, rows)
    criterion = f"{provision}: {provision.summary}" if provision else str(indication.provision)
    return {
        "title": str(indication.name),
        "condition": indications.told(flag, sees_person=False) if flag else str(indication.definition),
        "provision": provision,
        "criterion": criterion,
    }


def _provision(indication: Indication, flag: Flag | None, rows: QuerySet[Provision]) -> Provision | None:
    """The provision of the norm that failed, else that of the indication; None: a house rule, which has none."""
    norms = [norm for check in flag.checks for norm in check.norms] if flag else []
    if norms:
        cited = norms[0].citation
        return rows.filter(instrument__code=cited.instrument, reference=cited.reference).first()
    reference = _REFERENCES.get(indication.code, "")
    return rows.filter(instrument__code=_PERMEN, reference=reference).first() if reference else None


def _from_difference(standing: Standing, user: User, key: str) -> FindingStart:
    rows = Difference.objects.filter(run__institution=standing.institution, pk=_key(key))
    related = ("run", "approval__arrangement__agency", "position__agency", "determination__verification__agency")
    row = of_audited(rows, standing, user).select_related(*related).first()
    if row is None:
        raise Http404
    arrangement = row.approval.arrangement if row.approval else None
    initial: dict[str, object] = {"title": row.get_kind_display(), "condition": _differing(row)}
    origin = FindingOrigin(Finding.Origin.DIFFERENCE, row.kind, arrangement, row.determination)
    return FindingStart(origin, difference_agency(row), initial)


def difference_agency(row: Difference) -> Agency:
    """The agency of the case, of the position, or of the whole Penetapan that the difference is about."""
    if row.approval:
        return row.approval.arrangement.agency
    if row.position:
        return row.position.agency
    assert row.determination is not None
    return row.determination.verification.agency


def _differing(row: Difference) -> str:
    """What differs, in the sentences of the run as far as they fit; nothing of a person: the agency reads it too."""
    words = {"day": date_format(row.run.at, "DATE_FORMAT"), "kind": row.get_kind_display()}
    told = _("Decided again on %(day)s by what was known then: %(kind)s.") % words
    more = _("More differs; it stands on the page of the run.")
    for sentence in sentences(row, Reader(whole=False)):
        if len(told) + len(sentence) + len(more) + 2 > LONGEST:
            return f"{told}\n{more}"
        told = f"{told}\n{sentence}"
    return told


def _key(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)
