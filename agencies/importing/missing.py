"""Who is missing from a full register: those with a running posting on its day of whom no row of the file tells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.bulk_rows import insert_rows
from agencies.models import Agency, DataImport, MissingEmployee, Posting
from agencies.querysets import PostingQuerySet

_COLUMNS: Final = ("data_import", "employee")


@dataclass(frozen=True, slots=True)
class Register:
    """How much of the staff a file tells of: a part, or the whole of an institution or of one agency on a day."""

    scope: DataImport.Register = DataImport.Register.PART
    agency: Agency | None = None
    on: date | None = None

    @classmethod
    def of(cls, data_import: DataImport) -> Register:
        """What was said of a file."""
        return cls(DataImport.Register(data_import.register), data_import.register_agency, data_import.register_on)


A_PART: Final = Register()
"""What is taken of a file of which nothing else is said."""


def missing_from(data_import: DataImport, present: Collection[str]) -> list[int]:
    """The keys of the employees of whom a full register should tell and does not; `present` are the numbers it has.

    Of a part nobody is missing: who is not in it is not known to have left.
    """
    if data_import.register_on is None:
        return []
    rows = _expected(data_import, data_import.register_on).order_by(
        "position__agency__code", "position__code", "employee__name", "pk"
    )
    found = (key for key, nip in rows.values_list("employee", "employee__nip") if nip not in present)
    return list(dict.fromkeys(found))


def _expected(data_import: DataImport, on: date) -> PostingQuerySet:
    """The postings that run on the day as recorded now.

    The register of one agency names who is posted there definitively: a Plt or Plh stands in that of her own place.
    """
    rows = Posting.objects.running(on).filter(employee__institution=data_import.institution_id)
    if data_import.register_agency_id is None:
        return rows
    agencies = Agency.objects.subtree({data_import.register_agency_id})
    return rows.filter(capacity=Posting.Capacity.DEFINITIVE, position__agency__in=agencies)


def keep_missing(data_import: DataImport, employees: Collection[int]) -> int:
    """Keep who is missing in the place of whom an earlier look found."""
    forget_missing(data_import)
    return insert_rows(MissingEmployee, _COLUMNS, ((data_import.pk, key) for key in employees))


def forget_missing(data_import: DataImport) -> None:
    """Keep nobody any more."""
    MissingEmployee.objects.filter(data_import=data_import).delete()
