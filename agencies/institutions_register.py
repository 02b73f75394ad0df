"""The institutions that the portal ships with, created by whichever command needs them first."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from agencies.models import Institution

REGISTER: Final = Path(__file__).parent / "data" / "institutions.csv"


def ensure_institutions() -> dict[str, Institution]:
    """Every shipped institution by its code; those that are missing are created, the others are left as they are."""
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: Institution.objects.get_or_create(
            code=row["code"],
            defaults={"name": row["name"], "kind": row["kind"], "time_zone": row["time_zone"]},
        )[0]
        for row in rows
    }
