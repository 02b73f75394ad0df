"""The act of importing employees."""

from __future__ import annotations

from datetime import UTC, datetime

from agencies.actions import employees_import
from tests.base import Cast

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)


def import_employees(cast: Cast) -> object:
    return employees_import.import_employees(
        actor=cast.hr_officer,
        institution=cast.institution,
        content=b"nip,name,kind,employment_from\n198503172010011901,Pegawai Sintetis,pns,2010-01-01\n",
        source="pegawai.csv",
        at=NOON,
    )


ACTS = {"agencies.actions.employees_import.import_employees": import_employees}
