"""The demonstration lives three months with eight faults in them; an audit finds these eight and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import StringIO
from typing import Final

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from agencies.demonstration.loading import load_city
from agencies.institutions_register import ensure_institutions
from agencies.models import Institution
from eligibility.actions.law import load_rules
from eligibility.demonstration.faults import seeded_faults
from eligibility.demonstration.signed_city import CITY
from eligibility.models import Approval, Arrangement, ArrangementState
from eligibility.seeds import seed_files
from oversight.actions.reperformances import reperform
from oversight.indications.definitions import Ground
from oversight.indications.register import INDICATIONS
from oversight.models import Difference, TrailEntry
from oversight.verification import verify_all

SHOWN: Final = date(2025, 10, 1)

INDICATION_OF: Final[Mapping[str, str]] = {
    "no_instrument": "tanpa-dasar-pelaksanaan",
    "share": "melebihi-kuota",
    "own_decision": "memutus-sendiri",
    "gate_closed": "syarat-pegawai-tertutup",
    "stale": "penetapan-usang",
    "in_a_row": "diputus-beruntun",
    "no_consultation": "ditolak-tanpa-konsultasi",
    "worked_past_end": "lewat-masa-masih-dijalankan",
}
"""By which indication each kind of fault is to be found."""

DECIDED_OTHERWISE: Final = frozenset({"no_instrument", "share", "gate_closed", "stale"})
"""The faults that deciding again brings to light, too."""


def indicated(city: Institution) -> dict[str, list[str]]:
    """The codes of the agencies of the rows that each indication points at, those without rows left out."""
    ground = Ground(city, SHOWN, timezone.now())
    rows = {one.code: [flag.arrangement for flag in one.looks(ground)] for one in INDICATIONS}
    codes = dict(Arrangement.objects.values_list("pk", "agency__code"))
    return {code: [codes[key] for key in keys if key is not None] for code, keys in rows.items() if keys}


def decided_otherwise(city: Institution) -> set[str]:
    """The codes of the agencies of the arrangements that deciding again judges differently."""
    reperform(actor=None, institution=city, since=None)
    assert not Difference.objects.filter(approval__isnull=True).exists(), "every Penetapan stands as it was signed"
    approvals = Approval.objects.filter(pk__in=Difference.objects.values("approval"))
    return set(approvals.values_list("arrangement__agency__code", flat=True))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the demonstration is lived in the embedded database")
@pytest.mark.long
@pytest.mark.django_db
@override_settings(DEMO=True, LANGUAGE_CODE="en")
def test_indications_and_deciding_again_find_the_eight_faults_and_raise_no_false_one() -> None:
    with pytest.raises(CommandError, match="demo_penetapan"):
        call_command("demo_fleksibilitas")
    load_rules(actor=None, files=seed_files())
    city = ensure_institutions()[CITY]
    load_city(city)
    call_command("demo_penetapan", stdout=StringIO())
    call_command("demo_fleksibilitas", stdout=StringIO())
    assert 250 <= city.arrangements.count() <= 350
    assert set(city.arrangements.values_list("state", flat=True)) == set(ArrangementState.values)

    faults = {fault.kind: fault.agency for fault in seeded_faults()}
    assert len(faults) == 8, "of eight different kinds"
    assert faults.keys() == INDICATION_OF.keys()
    expected = {INDICATION_OF[kind]: [agency] * (5 if kind == "in_a_row" else 1) for kind, agency in faults.items()}
    assert indicated(city) == expected
    assert decided_otherwise(city) == {faults[kind] for kind in DECIDED_OTHERWISE}

    assert verify_all(city).is_whole, "what was entered falsely was entered by acts: the trail itself is whole"
    entries = TrailEntry.objects.count()
    call_command("demo_fleksibilitas", stdout=StringIO())
    assert TrailEntry.objects.count() == entries, "a second run changes nothing"
