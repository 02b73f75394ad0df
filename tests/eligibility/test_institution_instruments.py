"""An implementing instrument recorded by a plain form opens the gate for its scope and its days, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Document
from eligibility.actions import instruments
from eligibility.grounds import grounds
from eligibility.models import Instrument, InstrumentPeriod, InstrumentScope, Provision
from eligibility.periods import Span, ends_from, spans
from oversight.models import TrailEntry
from tests.acts.institution import NOON, add_document, instrument_values
from tests.agencies.test_places_register import confirmed, last_entry
from tests.base import Cast
from tests.factories import AgencyFactory, InstitutionFactory, UnitFactory
from tests.judged_city import JudgedCity
from tests.test_query_counts import queries

LATER = datetime(2099, 1, 1, tzinfo=UTC)
JULY, DECEMBER = date(2025, 7, 1), date(2025, 12, 31)

TYPED: dict[str, Any] = {
    "title": "Surat Edaran Wali Kota Contoh Nomor 5 Tahun 2025",
    "number": "100.3.4/5/2025",
    "issued_on": "2025-06-25",
    "issuer": "Wali Kota Contoh",
    "subject": "Pelaksanaan Fleksibilitas Kerja",
    "first_day_1": "2025-07-01",
    "last_day_1": "2025-12-31",
    "reach": "whole",
}
CLOSED = "Belum boleh disetujui. Belum tercatat dasar pelaksanaan dari Wali Kota per 1 Juli 2025."
FORM = "dasar-pelaksanaan/catat/"


def open_on(cast: Cast, day: date, known_at: datetime = LATER) -> set[str]:
    """The codes of the agencies whose gate of approval is open on a day."""
    found = grounds(cast.institution, day, known_at).agencies.values()
    return {str(g.values["agency.code"]) for g in found if g.values["agency.implementing_instrument"] is True}


def record(cast: Cast, **other: object) -> Instrument:
    """Record an instrument for the whole city; other values given."""
    values = instrument_values(**({"periods": (Span(JULY, DECEMBER),)} | other))
    instruments.record_instrument(actor=cast.hr_officer, institution=cast.institution, values=values, at=NOON)
    return Instrument.objects.latest("pk")


@pytest.fixture
def officer(client: Client, city: JudgedCity) -> Client:
    """A browser signed in as the city's HR officer."""
    client.force_login(city.cast.hr_officer)
    return client


def test_the_gate_is_closed_before_open_on_its_days_and_the_page_says_so(officer: Client, city: JudgedCity) -> None:
    assert CLOSED in officer.get(city.url("dasar-pelaksanaan/")).content.decode()
    assert CLOSED in officer.get(city.url("peta/")).content.decode()
    preview = confirmed(officer, city.url(FORM), TYPED)
    assert "Belum ada yang disimpan." in preview
    page = officer.get(city.url("dasar-pelaksanaan/")).content.decode()
    assert "Dasar pelaksanaan tercatat per 1 Juli 2025." in page
    assert TYPED["title"] in page
    assert "Dasar pelaksanaan tercatat per 1 Juli 2025." in officer.get(city.url("peta/")).content.decode()
    days = {day: len(open_on(city.cast, day)) for day in (JULY - timedelta(days=1), JULY, DECEMBER, date(2026, 1, 1))}
    assert list(days.values()) == [0, 3, 3, 0]
    assert "belum berlaku" in officer.get(city.url("dasar-pelaksanaan/", "2025-06-30")).content.decode()


def test_what_follows_tells_of_the_gate_and_of_nothing_when_looked_at_only(officer: Client, city: JudgedCity) -> None:
    shown = officer.post(city.url(FORM), TYPED | {"preview": "1"})
    assert not Instrument.objects.filter(owner=city.cast.institution).exists()
    told = " ".join(one.sentence for one in shown.context["consequences"])
    assert "perangkat daerah" in told, told
    assert open_on(city.cast, JULY) == set()


def test_the_same_sent_twice_is_one_instrument_and_one_entry(officer: Client, city: JudgedCity) -> None:
    confirmed(officer, city.url(FORM), TYPED)
    entries = TrailEntry.objects.count()
    confirmed(officer, city.url(FORM), TYPED)
    assert TrailEntry.objects.count() == entries
    assert Instrument.objects.filter(owner=city.cast.institution).count() == 1


def test_the_past_as_it_was_known_then_stays_closed(cast: Cast) -> None:
    record(cast)
    assert open_on(cast, JULY, NOON) == {"Diskominfo", "Dinkes"}
    assert open_on(cast, JULY, NOON - timedelta(seconds=1)) == set()


def test_a_scope_opens_the_gate_for_itself_only(cast: Cast) -> None:
    below = AgencyFactory.create(
        institution=cast.institution, parent=cast.other_agency, code="pkm-1", kind="puskesmas", name="Puskesmas"
    )
    unit = UnitFactory.create(agency=cast.agency, code="tu")
    stranger = AgencyFactory.create(code="Dinkes")
    for number, (reach, opened) in enumerate(
        (
            (instruments.Reach(agencies=(cast.other_agency,)), {"Dinkes"}),
            (instruments.Reach(agencies=(cast.other_agency,), with_subtree=True), {"Dinkes", "pkm-1"}),
            (instruments.Reach(kinds=("puskesmas",)), {"pkm-1"}),
            (instruments.Reach(agencies=(cast.agency,), kinds=("puskesmas",)), {"Diskominfo", "pkm-1"}),
            (instruments.Reach(units=(unit,)), set()),
        )
    ):
        row = record(cast, number=f"1/{number}", reach=reach)
        assert open_on(cast, JULY) == opened, reach
        instruments.annul_instrument(actor=None, instrument=row, reason="uji", at=NOON + timedelta(minutes=number))
    assert below.institution == cast.institution
    found = grounds(stranger.institution, JULY, LATER).agencies[stranger.pk]
    assert found.values["agency.implementing_instrument"] is False, "the same code in another city"


def test_an_extension_and_an_ending_are_appended_and_reach_only_their_days(cast: Cast) -> None:
    row = record(cast)
    longer = Span(date(2026, 2, 1), date(2026, 3, 31))
    instruments.extend_instrument(actor=cast.hr_officer, instrument=row, period=longer, basis="SE 6", at=NOON)
    months = {month: bool(open_on(cast, date(2026, month, 15))) for month in (1, 2, 3, 4)}
    assert months == {1: False, 2: True, 3: True, 4: False}
    ended = date(2025, 10, 1)
    instruments.end_instrument(actor=cast.hr_officer, instrument=row, ends_from_day=ended, basis="SE 7", at=NOON)
    assert open_on(cast, date(2025, 9, 30))
    assert not open_on(cast, ended)
    assert not open_on(cast, date(2026, 2, 15)), "an ending reaches later periods too"
    again = instruments.end_instrument(actor=None, instrument=row, ends_from_day=ended, basis="SE 7", at=NOON)
    assert again is None
    back = Span(date(2025, 11, 1))
    instruments.extend_instrument(actor=None, instrument=row, period=back, basis="SE 8", at=NOON + timedelta(days=1))
    assert [bool(open_on(cast, date(2025, month, 15))) for month in (9, 10, 11)] == [True, False, True]


def test_an_extension_is_refused_at_its_field_where_it_overlaps_or_ends_before_it_starts(cast: Cast) -> None:
    row = record(cast)
    for first, last, field in (
        (date(2025, 12, 31), None, "first_day"),
        (date(2025, 1, 1), date(2025, 7, 1), "first_day"),
        (date(2026, 2, 1), date(2026, 1, 1), "last_day"),
    ):
        with pytest.raises(ActRefused) as refusal:
            instruments.extend_instrument(actor=None, instrument=row, period=Span(first, last), basis="x", at=NOON)
        assert refusal.value.field == field
    assert row.periods.count() == 1


def test_what_was_recorded_in_error_was_never_in_force_stays_listed_and_frees_its_number(
    officer: Client, city: JudgedCity
) -> None:
    confirmed(officer, city.url(FORM), TYPED)
    row = Instrument.objects.get(owner=city.cast.institution)
    confirmed(officer, city.url(f"dasar-pelaksanaan/{row.code}/keliru/"), {"reason": "Nomor keliru"})
    assert open_on(city.cast, JULY) == set()
    page = officer.get(city.url("dasar-pelaksanaan/")).content.decode()
    assert "dicatat keliru, tidak pernah berlaku" in page
    assert "Nomor keliru" in officer.get(city.url(f"dasar-pelaksanaan/{row.code}/")).content.decode()
    assert "Nomor keliru" not in last_entry(city).body
    with pytest.raises(ActRefused, match="keliru"):
        instruments.extend_instrument(actor=None, instrument=row, period=Span(date(2027, 1, 1)), basis="x", at=NOON)
    confirmed(officer, city.url(FORM), TYPED)
    codes = Instrument.objects.filter(owner=city.cast.institution).values_list("code", flat=True)
    assert sorted(codes) == ["kota-contoh-100-3-4-5-2025", "kota-contoh-100-3-4-5-2025-2"]
    assert open_on(city.cast, JULY)


WRONG: dict[str, tuple[dict[str, Any], set[str]]] = {
    "overlapping periods": ({"first_day_2": "2025-12-31"}, {"first_day_2"}),
    "an end before the start": ({"last_day_1": "2025-06-30"}, {"last_day_1"}),
    "a last day without a first": ({"last_day_3": "2026-12-31"}, {"first_day_3"}),
    "no period": ({"first_day_1": ""}, {"first_day_1"}),
    "no date": ({"first_day_1": "Juli", "issued_on": "2025-13-01"}, {"first_day_1", "issued_on"}),
    "a day still to come": ({"issued_on": "2999-01-01"}, {"issued_on"}),
    "a year beyond the calendar": ({"issued_on": "99999-01-01"}, {"issued_on"}),
    "an unknown agency": ({"reach": "part", "agencies": ["999999"]}, {"agencies"}),
    "no key of an agency": ({"reach": "part", "agencies": ["Dinkes'; --"]}, {"agencies"}),
    "an unknown kind": ({"reach": "part", "kinds": ["kerajaan"]}, {"kinds"}),
    "an unknown unit": ({"reach": "part", "units": ["0"]}, {"units"}),
    "a part that is not named": ({"reach": "part"}, {"reach"}),
    "the whole and a part": ({"kinds": ["dinas"]}, {"reach"}),
    "an unknown document": ({"document": "999999"}, {"document"}),
    "nothing": (dict.fromkeys(TYPED, ""), {*TYPED} - {"last_day_1"}),
    "too long": ({"number": "9" * 101, "title": "x" * 201}, {"number", "title"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_answered_at_its_field_and_nothing_is_stored(
    officer: Client, city: JudgedCity, name: str
) -> None:
    typed, fields = WRONG[name]
    before = Instrument.objects.count(), InstrumentPeriod.objects.count()
    answer = officer.post(city.url(FORM), TYPED | typed | {"preview": "1"})
    assert set(answer.context["form"].errors) == fields
    assert answer.context["form"]["subject"].value() == (TYPED | typed)["subject"]
    assert (Instrument.objects.count(), InstrumentPeriod.objects.count()) == before


def test_a_number_that_is_taken_is_refused_at_its_field(officer: Client, city: JudgedCity) -> None:
    confirmed(officer, city.url(FORM), TYPED)
    other = TYPED | {"title": "Surat Edaran lain", "number": " 100.3.4/5/2025 "}
    answer = officer.post(city.url(FORM), other | {"preview": "1"})
    assert list(answer.context["form"].errors) == ["number"]
    earlier = other | {"issued_on": "2024-06-25"}
    assert officer.post(city.url(FORM), earlier | {"preview": "1"}).context["consequences"] is not None


def test_the_act_itself_refuses_what_is_of_another_city(cast: Cast) -> None:
    stranger = UnitFactory.create()
    document = add_document(cast)
    reach = instruments.Reach(kinds=("kerajaan",), agencies=(stranger.agency,), units=(stranger,))
    values = instrument_values(reach=reach, document=document, periods=())
    with pytest.raises(ValuesRefused) as refusal:
        instruments.record_instrument(actor=None, institution=InstitutionFactory.create(), values=values, at=NOON)
    assert set(refusal.value.faults) == {"kinds", "agencies", "units", "document", "first_day_1"}


CHANGES: dict[str, Callable[[Instrument], object]] = {
    "its title": lambda row: Instrument.objects.filter(pk=row.pk).update(title="lain"),
    "its publication": lambda row: Instrument.objects.filter(pk=row.pk).update(published_at=None),
    "the instrument": lambda row: Instrument.objects.filter(pk=row.pk)._raw_delete(connection.alias),
    "its scope": lambda row: InstrumentScope.objects.create(instrument=row, agency_code="DLH"),
    "its lines": lambda row: row.scopes.all().delete(),
    "its provision": lambda row: Provision.objects.filter(instrument=row).update(summary="lain"),
    "its period": lambda row: row.periods.update(ends_on=None),
    "its periods": lambda row: row.periods.all()._raw_delete(connection.alias),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_database_refuses_to_change_what_is_recorded(cast: Cast, name: str) -> None:
    row = record(cast)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        CHANGES[name](row)
    assert row.periods.count() == 1


def test_an_instrument_of_the_rules_is_changed_by_no_form_and_a_strangers_is_not_there(
    officer: Client, city: JudgedCity
) -> None:
    seeded = Instrument.objects.create(
        code="se-lama",
        owner=city.cast.institution,
        title="SE lama",
        subject="x",
        issuer="x",
        layer=50,
        implementing=True,
        known_from=NOON,
    )
    assert officer.get(city.url("dasar-pelaksanaan/se-lama/")).status_code == 200
    for page in ("perpanjang", "akhiri", "keliru"):
        assert officer.get(city.url(f"dasar-pelaksanaan/se-lama/{page}/")).status_code == 404
    with pytest.raises(ActRefused):
        instruments.annul_instrument(actor=None, instrument=seeded, reason="x", at=NOON)
    for code in ("tiada", "permenpanrb-4-2025", "kota-malang-2024-04"):
        assert officer.get(city.url(f"dasar-pelaksanaan/{code}/")).status_code == 404


def test_every_role_reads_the_document_an_instrument_rests_on(client: Client, city: JudgedCity) -> None:
    document = add_document(city.cast)
    assert isinstance(document, Document)
    row = record(city.cast, document=document)
    client.force_login(city.cast.employee)
    answer = client.get(city.url(f"dasar-pelaksanaan/{row.code}/naskah/"))
    assert answer.content == b"%PDF-1.7 naskah"
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(city.url(f"dokumen/{document.pk}/")).status_code == 404


def test_the_list_costs_the_same_for_one_instrument_and_for_many(officer: Client, city: JudgedCity) -> None:
    record(city.cast)
    before = queries(officer, city.url("dasar-pelaksanaan/"))
    for number in range(10):
        record(city.cast, number=f"7/{number}", reach=instruments.Reach(agencies=(city.cast.agency,)))
    assert queries(officer, city.url("dasar-pelaksanaan/")) == before


def test_the_days_in_force_are_those_that_the_queries_find(cast: Cast) -> None:
    row = record(cast, periods=(Span(JULY, DECEMBER), Span(date(2026, 2, 1))))
    instruments.end_instrument(actor=None, instrument=row, ends_from_day=date(2025, 8, 1), basis="x", at=NOON)
    again = Span(date(2025, 10, 1), date(2025, 10, 31))
    instruments.extend_instrument(actor=None, instrument=row, period=again, basis="x", at=NOON + timedelta(hours=1))
    found = spans(row.periods.all())
    assert found == [Span(JULY, date(2025, 7, 31)), again]
    for offset in range(0, 300, 3):
        day = date(2025, 6, 25) + timedelta(days=offset)
        in_force = Instrument.objects.in_force(day, LATER).filter(pk=row.pk).exists()
        assert in_force == any(span.holds(day) for span in found), day
    assert ends_from(found, date(2025, 7, 15)) == [date(2025, 7, 15), date(2025, 10, 1)]
