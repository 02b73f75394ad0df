"""A few deliberate gaps in the fictional city, so that the look through the data has something of each kind to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agencies.models import Agency, PublicService, Unit

WITH_GAPS: Final = "kota-contoh"


def leave_gaps(agencies: Mapping[str, Agency]) -> None:
    """A unit that was emptied and not closed, named as another, and two services that nobody was tied to."""
    agency = agencies["Diskominfo"]
    named = Unit.objects.filter(agency=agency).order_by("code").first()
    assert named is not None
    Unit.objects.bulk_create(
        [
            Unit(agency=agency, code="sotk-lama", name=named.name),
            Unit(agency=agency, code="persandian", name="Persandian"),
        ]
    )
    PublicService.objects.bulk_create(
        PublicService(agency=agency, code=code, name=name, kind=kind, hours="Senin-Jumat 08.00-15.00")
        for code, name, kind in (
            ("pengaduan_lama", "Loket pengaduan (lama)", "counter"),
            ("peminjaman_alat", "Peminjaman peralatan rapat daring", "internal"),
        )
    )
