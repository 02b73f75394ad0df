"""The city at a glance: what each row counts, how it sorts, and that approval is told apart from suitability."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.test import Client

from agencies.models import Agency
from eligibility.models import Instrument, InstrumentPeriod, InstrumentScope
from eligibility.pages.matrix import build_matrix
from eligibility.pages.tallies import Tally
from eligibility.rulebook import Mode, Outcome
from eligibility.screening import OutcomeCount
from tests.base import Cast
from tests.judged_city import JudgedCity

GATE = (
    "Belum boleh disetujui. Belum tercatat dasar pelaksanaan dari Wali Kota per 1 Juli 2025. "
    "Berdasarkan data portal, bukan pernyataan resmi."
)


def shown(client: Client, url: str) -> str:
    """The text of a page that must open."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def counts(agency: Agency, *numbers: int) -> list[OutcomeCount]:
    """The same counts in every mode: eligible, conditional, not eligible, needs information."""
    return [OutcomeCount(agency.code, agency.pk, mode, *numbers) for mode in Mode]


def city_of_three() -> tuple[Agency, Agency, Agency]:
    parent = Agency(pk=1, code="A", name="Badan A")
    return parent, Agency(pk=2, code="B", name="Balai B", parent=parent), Agency(pk=3, code="C", name="Camat C")


def test_what_lies_below_is_counted_in_its_parent_and_shown_when_opened() -> None:
    parent, below, other = city_of_three()
    own = [*counts(parent, 1, 0, 0, 0), *counts(below, 0, 2, 0, 0), *counts(other, 0, 0, 4, 1)]
    matrix = build_matrix([parent, below, other], own, opened=("A",))
    first, second = matrix.rows
    assert (first.total, second.total, matrix.total) == (3, 5, 8)
    assert first.cell(Mode.HOME).tally == Tally((1, 2, 0, 0))
    assert [child.agency for child in first.children] == [below]
    assert first.opened
    assert not second.opened


def test_an_agency_whose_parent_is_out_of_sight_stands_at_the_top() -> None:
    _parent, below, _other = city_of_three()
    matrix = build_matrix([below], counts(below, 1, 0, 0, 0))
    assert [row.agency for row in matrix.rows] == [below]


def test_rows_sort_by_name_or_by_the_share_that_a_mode_is_open_to() -> None:
    parent, _below, other = city_of_three()
    own = [*counts(parent, 1, 0, 9, 0), *counts(other, 1, 0, 1, 0)]

    def order(by: str) -> str:
        return "".join(row.agency.code for row in build_matrix([parent, other], own, by).rows)

    assert [order(by) for by in ("nama", "-nama", "home", "-home", "nonsense")] == ["AC", "CA", "CA", "AC", "AC"]


def test_a_bar_is_as_long_as_its_parts() -> None:
    parts = Tally((1, 1, 0, 2)).parts
    assert [(part.start, part.width) for part in parts] == [(0, 25), (25, 25), (50, 0), (50, 50)]
    largest = Tally((1, 1, 0, 2)).largest
    assert largest is not None
    assert largest.outcome is Outcome.NOT_ELIGIBLE
    assert Tally().largest is None


def test_the_gate_stands_apart_from_suitability_in_the_agreed_words(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = shown(client, city.url("peta/"))
    assert GATE in page
    assert "Masih dikaji" in page
    assert "Pers, Juni 2025" in page
    assert "Di rumah: 1 dapat, 1 dapat bersyarat, 2 perlu data dari 4 jabatan" in page


def test_the_gate_names_an_implementing_instrument_once_one_is_in_force(client: Client, city: JudgedCity) -> None:
    known = datetime(2025, 6, 1, tzinfo=UTC)
    instrument = Instrument.objects.create(
        code="se-contoh",
        owner=city.cast.institution,
        title="SE Wali Kota Contoh 1/2025",
        subject="Uji coba",
        issuer="Wali Kota",
        layer=50,
        implementing=True,
        known_from=known,
    )
    InstrumentPeriod.objects.create(instrument=instrument, starts_on=date(2025, 7, 1), basis="SE", known_from=known)
    InstrumentScope.objects.create(instrument=instrument, institution_code="kota-contoh", agency_code="Diskominfo")
    client.force_login(city.cast.hr_officer)
    page = shown(client, city.url("peta/"))
    assert "Dasar pelaksanaan tercatat untuk 1 dari 3 perangkat daerah per 1 Juli 2025" in page
    assert "SE Wali Kota Contoh 1/2025" in page
    assert "Belum tercatat dasar pelaksanaan" in shown(client, city.url("peta/", "2025-06-30"))


def test_the_same_data_as_a_table_and_in_english(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = shown(client, city.url("peta/?tampilan=tabel"))
    assert "/opd/Diskominfo/?per=2025-07-01&amp;cara=home&amp;hasil=eligible" in page
    client.cookies["django_language"] = "en"
    english = shown(client, city.url("peta/"))
    assert "May not be approved yet. No implementing basis from the Mayor is recorded as of 1 July 2025." in english
    assert "At home: 1 eligible" in english


def test_an_agency_is_opened_and_the_address_says_so(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    closed = shown(client, city.url("peta/?urut=home"))
    assert "buka=Dinkes" in closed
    assert "Puskesmas Satu" not in closed
    assert "Puskesmas Satu" in shown(client, city.url("peta/?urut=home&buka=Dinkes"))


def test_a_wrong_date_is_explained_at_its_field_and_what_was_typed_stays(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = shown(client, city.url("peta/?diketahui=lusa", "<kemarin>"))
    assert "Ini bukan tanggal: tulislah seperti 2025-07-01." in page
    assert 'value="&lt;kemarin&gt;"' in page
    assert 'value="lusa"' in page
    assert page.count('aria-invalid="true"') == 2


def test_a_day_before_all_law_is_not_judged(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = shown(client, city.url("peta/", "1999-01-01"))
    assert "Portal tidak mengenal aturan yang berlaku pada 1 Januari 1999" in page
    assert "Dapat bersyarat" not in page


def test_what_was_not_yet_known_is_left_out(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = shown(client, city.url("peta/?diketahui=2025-04-01"))
    assert "menurut aturan yang diketahui sampai 1 April 2025" in page
    assert "Di rumah: 4 tidak dapat dari 4 jabatan" in page


def test_a_city_without_agencies_is_told_what_will_stand_here(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.outsider)
    page = shown(client, "/kota-lain/peta/?per=2025-07-01")
    assert "Belum ada perangkat daerah yang tercatat." in page
    assert "Belum ada jabatan yang tercatat." in shown(client, "/?per=2025-07-01")


def test_only_reading_is_possible(client: Client, cast: Cast) -> None:
    client.force_login(cast.hr_officer)
    assert client.post("/kota-contoh/peta/").status_code == 405
