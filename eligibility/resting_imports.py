"""What of eligibility rests on an import: results sent and arrangements approved since, for what it touched.

A map that was published since then does not: its numbers are frozen, and whoever undoes the import is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.importing.resting import keys_of
from agencies.models import (
    Agency,
    DataImport,
    Employee,
    Employment,
    Position,
    Posting,
    Predicate,
    ServiceWeek,
    Task,
    TaskProfile,
    Unit,
)
from eligibility.models import Approval, PublishedMap, Verification
from eligibility.models.verifications import State

_VERSIONED = (Employment, Posting, Predicate)
_NAMED = 3


def rest_on(data_import: DataImport) -> list[str]:
    """The finder of this app; see `agencies.importing.resting`."""
    return [*_results(data_import), *_approvals(data_import)]


def _results(data_import: DataImport) -> Iterator[str]:
    """Results sent after the import that judge a position it touched."""
    sent = Verification.objects.filter(institution=data_import.institution, sent_at__gte=data_import.applied_at)
    touched = Position.objects.filter(_touched(data_import)).values("pk")
    found = sent.exclude(state=State.WITHDRAWN).filter(determined_positions__position__in=touched).distinct()
    names = [str(one) for one in found.order_by("sent_at")[: _NAMED + 1]]
    if names:
        message = _("Results sent since then, or their Penetapan, rest on it: %(names)s.")
        yield message % {"names": _some(names)}


def _touched(data_import: DataImport) -> Q:
    """The positions that it wrote, or of whose tasks, unit or agency it wrote something."""
    tasks = Q(tasks__in=keys_of(data_import, Task)) | Q(tasks__in=keys_of(data_import, TaskProfile))
    above = Q(unit__in=keys_of(data_import, Unit)) | Q(agency__in=keys_of(data_import, Agency))
    return Q(pk__in=keys_of(data_import, Position)) | tasks | above


def _approvals(data_import: DataImport) -> Iterator[str]:
    """Arrangements approved after the import, of an employee, for a position or beside a service that it touched."""
    people = Q(arrangement__employee__in=keys_of(data_import, Employee))
    for model in _VERSIONED:
        rows = data_import.imported_rows.filter(part=model._meta.model_name).order_by()
        people |= Q(arrangement__employee__in=rows.values("of"))
    weeks = data_import.imported_rows.filter(part=ServiceWeek._meta.model_name).order_by()
    serving = Q(tasks__services__in=weeks.values("of"))
    positions = Position.objects.filter(_touched(data_import) | serving).values("pk")
    approved = Approval.objects.filter(
        people | Q(arrangement__position__in=positions),
        arrangement__institution=data_import.institution,
        at__gte=data_import.applied_at,
    )
    count = approved.count()
    if count:
        yield _("Arrangements (Fleksibilitas Kerja) approved since then rest on it: %(count)d.") % {"count": count}


def maps_since(data_import: DataImport) -> list[str]:
    """The maps that the institution shows to others and that were counted after the import."""
    shown = PublishedMap.objects.filter(institution=data_import.institution).shown()
    found = shown.filter(published_at__gte=data_import.applied_at).order_by("published_at")
    days = [date_format(one) for one in found.values_list("judged_on", flat=True)[: _NAMED + 1]]
    if not days:
        return []
    message = _(
        "Maps published since then were counted with this import and stay as they are, as of %(days)s: withdraw what"
        " would mislead its readers, and publish anew."
    )
    return [message % {"days": _some(days)}]


def _some(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
