"""The demonstration lives three months in which all may be seen, with eight faults; an audit finds just these."""

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
from eligibility.arrangements.stands import Stands, standing_so
from eligibility.demonstration.faults import seeded_faults
from eligibility.demonstration.signed_city import CITY
from eligibility.models import Approval, Arrangement, ArrangementObjection, ArrangementState, ArrangementStep, Letter
from eligibility.seeds import seed_files
from oversight.actions.reperformances import reperform
from oversight.checkpoints import read_text
from oversight.indications.definitions import Ground
from oversight.indications.register import INDICATIONS
from oversight.models import Checkpoint, Difference, TrailEntry
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


def everything_is_shown(city: Institution) -> None:
    """Every way to stand on the day of the city, and whatever may become of an arrangement, has a row."""
    for one in Stands:
        assert city.arrangements.filter(standing_so(one, SHOWN)).exists(), one
    suspended = city.arrangements.filter(standing_so(Stands.SUSPENDED, SHOWN))
    told = ArrangementStep.objects.filter(arrangement__in=suspended, what="suspended")
    by_the_portal = {(ground, by is None) for ground, by in told.values_list("ground", "by")}
    assert by_the_portal == {("output", False), ("gate", True), ("posting", True)}
    assert city.arrangements.filter(state="approved", steps__what="resumed").exists(), "one holds again"
    assert city.arrangements.filter(asked_by_head=True, mode="home", station__isnull=False).exists()
    assert city.arrangements.filter(asked_by_head=True, mode="other_office").count() > 1, "asked for as a group"
    assert city.arrangements.filter(amends__isnull=False).exists()
    objections = ArrangementObjection.objects.filter(arrangement__institution=city)
    assert set(objections.values_list("state", flat=True)) == set(ArrangementObjection.State.values)


def whoever_acts_has_a_role(city: Institution) -> None:
    """Nothing in the trail of the city was done by somebody without a role, and who decides leads something."""
    assert not TrailEntry.objects.filter(institution=city, actor_label="without role").exists()
    decided = TrailEntry.objects.filter(institution=city, action__in=("arrangement_endorsed", "arrangement_refused"))
    assert set(decided.values_list("actor_label", flat=True)) == {f"agency_head · {CITY}"}


def letters_print_the_last_checkpoint(city: Institution) -> None:
    """Every letter of September names the checkpoint of the end of August, and where the chain stood then."""
    sealed = read_text(*Checkpoint.objects.order_by("at").values_list("text", "signature")[2]).head_of(CITY)
    assert sealed is not None
    letters = Letter.objects.filter(institution=city, signed_on__month=9)
    assert letters.count() > 20
    for content in letters.values_list("content", flat=True):
        assert sealed.digest[:16] in content


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the demonstration is lived in the embedded database")
@pytest.mark.long
@pytest.mark.django_db
@override_settings(DEMO=True, LANGUAGE_CODE="en", CHECKPOINT_KEY=bytes(range(32)))
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
    everything_is_shown(city)
    whoever_acts_has_a_role(city)
    letters_print_the_last_checkpoint(city)

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
