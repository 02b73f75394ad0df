"""What an act would change is told before it happens: outcomes by form, answers lost, gates; nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from agencies.consequences import SHOWN, Consequence, Touch, foresee
from agencies.models import Agency, PolicyStage, Position, TaskProfile
from eligibility.models import Instrument, InstrumentPeriod
from tests.base import Cast
from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import SUITS_HOME, JudgedCity

ON = date(2025, 7, 1)


def told(city: JudgedCity, act: Callable[[], object], **touched: Any) -> list[Consequence]:
    """What follows from an act, as the portal tells it on ON."""
    return foresee(act, Touch(city.cast.institution, touched.pop("on", ON), **touched))


def sentences(found: list[Consequence]) -> str:
    return "\n".join(consequence.sentence for consequence in found)


def without_tik(position: Position) -> Callable[[], object]:
    return lambda: TaskProfile.objects.filter(position=position).update(with_tik=False)


def test_a_changed_outcome_is_told_with_the_forms_that_change_alike(city: JudgedCity) -> None:
    found = told(city, without_tik(city.eligible), positions=[city.eligible.pk])
    assert "Di kantor lain, Di rumah: 1 jabatan berubah dari “Dapat” menjadi “Tidak dapat”" in found[0].sentence
    assert len(found) == 2, "another place was conditional before"
    assert found[0].items == ("Pranata Komputer Ahli Muda, Dinas Komunikasi",)
    assert found[0].weighty
    assert TaskProfile.objects.get(position=city.eligible).with_tik is True, "it was taken back"


def test_nothing_is_told_where_no_outcome_changes(city: JudgedCity) -> None:
    title = lambda: Position.objects.filter(pk=city.eligible.pk).update(title="Programmer")  # noqa: E731
    assert told(city, title, positions=[city.eligible.pk]) == []
    assert told(city, without_tik(city.eligible), positions=[city.refused.pk]) == [], (
        "only what is touched is looked at"
    )
    assert told(city, without_tik(city.eligible)) == []


def test_agencies_and_the_whole_city_are_looked_at_where_they_are_touched(city: JudgedCity) -> None:
    by_agency = told(city, without_tik(city.eligible), agencies=[city.cast.agency.pk])
    assert sentences(by_agency) == sentences(told(city, without_tik(city.eligible), everything=True)) != ""
    below = told(city, without_tik(city.eligible), agencies=[city.cast.other_agency.pk])
    assert below == [], "an agency is touched with its own positions only"
    many = [city.cast.agency.pk, *(pk for pk in Agency.objects.values_list("pk", flat=True)), *range(900_000, 900_009)]
    assert sentences(told(city, without_tik(city.eligible), agencies=many)) == sentences(by_agency)


def test_more_than_twenty_are_counted_and_not_all_named(city: JudgedCity) -> None:
    keys = []
    for number in range(SHOWN + 5):
        position = PositionFactory.create(agency=city.cast.agency, title=f"Arsiparis {number:02}")
        TaskFactory.create(position=position, **SUITS_HOME)
        keys.append(position.pk)
    act = lambda: TaskProfile.objects.filter(position__in=keys).update(with_tik=False)  # noqa: E731
    found = told(city, act, positions=keys)
    assert (len(found[0].items), found[0].total) == (SHOWN, SHOWN + 5)


def test_new_and_closed_positions_are_told(city: JudgedCity) -> None:
    def add() -> None:
        TaskFactory.create(position=PositionFactory.create(agency=city.cast.agency, title="Juru Arsip"))

    found = told(city, add, agencies=[city.cast.agency.pk])
    assert "1 jabatan yang sebelumnya tidak dinilai kini “Perlu data”" in sentences(found)
    assert any("Juru Arsip" in item for one in found for item in one.items)

    def close() -> None:
        Position.objects.filter(pk=city.eligible.pk).update(closed_on=ON)
        TaskProfile.objects.filter(position=city.eligible).update(closed_on=ON)

    assert "1 jabatan tidak lagi dihitung" in sentences(told(city, close, positions=[city.eligible.pk]))
    assert told(city, close, positions=[city.eligible.pk], on=date(2025, 6, 30)) == [], "the day before it still counts"


def test_answers_that_become_unknown_are_counted(city: JudgedCity) -> None:
    act = lambda: TaskProfile.objects.filter(position=city.eligible).update(with_tik=None, exposure=None)  # noqa: E731
    found = told(city, act, positions=[city.eligible.pk])
    assert "2 jawaban tentang tugas menjadi belum diketahui" in sentences(found)


def test_gates_that_open_are_told_with_their_agencies(city: JudgedCity) -> None:
    known = datetime(2025, 6, 1, tzinfo=UTC)

    def order() -> None:
        circular = Instrument.objects.create(
            code="kota-contoh/pelaksana",
            owner=city.cast.institution,
            title="Peraturan Wali Kota",
            layer=Instrument._meta.get_field("layer").choices[-1][0],  # type: ignore[index]
            implementing=True,
            known_from=known,
        )
        InstrumentPeriod.objects.create(
            instrument=circular, kind="in_force", starts_on=date(2025, 6, 1), known_from=known
        )
        PolicyStage.objects.create(
            institution=city.cast.institution, stage="adopted", valid_from=date(2025, 6, 15), source="Perwal"
        )

    found = told(city, order, everything=True)
    assert "tidak lagi menghalangi persetujuan di 3 perangkat daerah" in sentences(found)
    assert not Instrument.objects.filter(code="kota-contoh/pelaksana").exists()


def test_a_day_without_law_is_said_in_one_sentence(cast: Cast) -> None:
    touch = Touch(cast.institution, ON, positions=[cast.position.pk])
    found = foresee(lambda: TaskProfile.objects.update(with_tik=True), touch)
    assert len(found) == 1
    assert "1 Juli 2025" in found[0].sentence
