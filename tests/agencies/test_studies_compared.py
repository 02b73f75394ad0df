"""Studies side by side and over time: sorted by any column with the unknown last, and what does not fit is said."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.actions import studies
from agencies.models import Agency, AgencyReview
from agencies.studies.charts import chart
from agencies.studies.figures import SAKIP_GRADES, class_of, grade_of
from agencies.studies.measures import MEASURES
from agencies.studies.over_time import over_time
from agencies.studies.recorded import recorded
from agencies.studies.remarks import remarks
from agencies.studies.side_by_side import COLUMNS, side_by_side
from tests.acts.studies import NOON, found, judged, signed
from tests.base import Cast
from tests.exported import from_csv
from tests.factories import AgencyFactory, PostingFactory, PredicateFactory
from tests.judged_city import DAY, JudgedCity


def study_of(agency: Agency, **values: object) -> AgencyReview:
    studies.save_study_draft(actor=None, agency=agency, values=found(**values), at=NOON)
    row = studies.sign_study(actor=None, agency=agency, judgement=judged(), at=NOON)
    assert row is not None
    return row


def names(page: str) -> list[str]:
    table = page[page.index("<tbody>") :]
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', table)


def test_every_column_sorts_both_ways_by_a_link_with_the_unknown_last(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    other = AgencyFactory.create(institution=city.cast.institution, name="Badan Arsip", code="Arsip")
    study_of(city.cast.agency, sakip_value=Decimal(61), sakip_grade="B")
    study_of(other, sakip_value=Decimal(95), sakip_grade="AA")
    rising = client.get(city.url("kajian/?urut=sakip")).content.decode()
    falling = client.get(city.url("kajian/?urut=-sakip")).content.decode()
    assert names(rising) == ["Dinas Komunikasi", "Badan Arsip", "Dinas Kesehatan"]
    assert names(falling) == ["Badan Arsip", "Dinas Komunikasi", "Dinas Kesehatan"]
    assert 'aria-sort="ascending"' in rising
    assert 'aria-sort="descending"' in falling
    assert "belum diketahui" in rising
    for column in COLUMNS:
        page = client.get(city.url(f"kajian/?urut=-{column}")).content.decode()
        assert len(names(page)) == 3
        assert page.count('aria-sort="descending"') == 1, "a column that is sorted by is shown"
        assert f"urut={column}#" in page.replace(f"urut={column}&amp;per={DAY}#", f"urut={column}#")
    assert names(client.get(city.url("kajian/?tingkat=semua")).content.decode())[-1] == "Puskesmas Satu"


COSTS: dict[str, object] = {
    "electricity": 6_000_000,
    "water": 600_000,
    "fuel": 3_000_000,
    "telephone": 1_200_000,
    "travel": 9_000_000,
    "costs_source": "LRA",
}


def test_each_cost_stands_apart_beside_the_sum_and_is_sorted_and_drawn_by_itself(
    client: Client, city: JudgedCity
) -> None:
    client.force_login(city.cast.hr_officer)
    other = AgencyFactory.create(institution=city.cast.institution, name="Badan Arsip", code="Arsip")
    study_of(city.cast.agency, **COSTS)
    study_of(other, **(COSTS | {"electricity": None, "water": 6_000_000}))
    page = client.get(city.url("kajian/?kolom=biaya&urut=-air")).content.decode()
    assert names(page) == ["Badan Arsip", "Dinas Komunikasi", "Dinas Kesehatan"]
    assert names(client.get(city.url("kajian/?urut=-listrik")).content.decode())[0] == "Dinas Komunikasi"
    heads = re.findall(r'<a class="sort"[^>]*>(.*?) <span', page)
    labels = ["Listrik", "Air", "Bahan bakar", "Telepon dan internet", "Perjalanan dinas", "Biaya"]
    assert heads[2:] == [f"{label} per bulan" for label in labels]
    assert "SAKIP" not in page[page.index("<table") :]
    cells = re.findall(r'data-label="(?:Air|Biaya) per bulan">([^<]*)<', page)
    assert cells == ["Rp 992.527", "belum diketahui", "Rp 99.253", "Rp 3.275.340"], "a part that is unknown has no sum"
    whole = client.get(city.url("kajian/?kolom=semua&urut=-air")).content.decode()
    assert whole.count('class="sort"') == len(COLUMNS)
    assert names(whole) == names(page)
    drawn = client.get(city.url("opd/Diskominfo/kajian/")).content.decode()
    assert all(f'id="grafik-{code}"' in drawn for code in ("listrik", "air", "bbm", "telepon", "perjalanan", "biaya"))
    assert 'id="grafik-vpn">VPN: ' in drawn
    assert "99 ribu" in drawn, "a small cost is told in thousands"


def test_a_head_compares_her_own_agency_only(client: Client, city: JudgedCity) -> None:
    study_of(city.cast.other_agency)
    client.force_login(city.cast.agency_head)
    assert names(client.get(city.url("kajian/")).content.decode()) == ["Dinas Komunikasi"]


def test_the_table_of_a_period_shows_the_study_signed_last(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    agency = city.cast.agency
    earlier = {"period_starts_on": date(2024, 1, 1), "period_ends_on": date(2024, 6, 30)}
    study_of(agency, sakip_value=Decimal(50), sakip_grade="C", **earlier)
    study_of(agency, sakip_value=Decimal(55), sakip_grade="CC", **earlier)
    study_of(agency, sakip_value=Decimal(77), sakip_grade="BB")
    page = client.get(city.url("kajian/?periode=20240101-20240630")).content.decode()
    assert "55,00" in page
    assert "50,00" not in page
    assert "77,00" not in page
    found_ = over_time(agency)
    assert [row.sakip_value for row in found_.studies] == [55, 77]
    assert [words for _label, words in found_.series[0].told] == ["55,00 (CC)", "77,00 (BB)"]


def test_the_tables_cost_the_same_for_one_study_and_for_many(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)

    def queries(page: str) -> int:
        client.get(city.url(page))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(city.url(page)).status_code == 200
        return len(captured)

    study_of(city.cast.agency)
    pages = ("kajian/", "opd/Diskominfo/kajian/")
    before = [queries(page) for page in pages]
    for number in range(20):
        year = {"period_starts_on": date(2000 + number, 1, 1), "period_ends_on": date(2000 + number, 12, 31)}
        study_of(city.cast.agency, **year)
        study_of(AgencyFactory.create(institution=city.cast.institution))
    assert [queries(page) for page in pages] == before


@pytest.mark.parametrize(
    ("value", "grade"),
    [("100", "AA"), ("90.01", "AA"), ("90", "A"), ("80", "BB"), ("60", "CC"), ("30", "D"), ("0", "D")],
)
def test_a_sakip_value_has_its_grade(value: str, grade: str) -> None:
    assert grade_of(Decimal(value)) == grade
    assert grade in SAKIP_GRADES


@pytest.mark.parametrize(("value", "quality"), [("100", "A"), ("88.31", "A"), ("88.30", "B"), ("65", "C"), ("25", "D")])
def test_a_survey_value_has_its_class(value: str, quality: str) -> None:
    assert class_of(Decimal(value)) == quality


def test_what_does_not_fit_together_is_said_and_refuses_nothing(cast: Cast) -> None:
    half_year = {"period_starts_on": date(2024, 1, 1), "period_ends_on": date(2024, 6, 30)}
    costs = {"electricity": 60_000_000, "water": 0, "fuel": 0, "telephone": 0, "travel": 0, "costs_source": "LRA"}
    before = signed(cast, found(**half_year, **costs))
    predicates = dict.fromkeys(("skp_needs_improvement", "skp_poor", "skp_very_poor"), 0)
    row = signed(
        cast,
        found(
            sakip_grade="BB",
            complaints_received=4,
            complaints_source="SP4N",
            staff=20,
            staff_with_device=4,
            readiness_source="Aset",
            skp_very_good=3,
            skp_good=30,
            skp_source="e-Kinerja",
            **predicates,
            **costs | {"electricity": 900, "travel": 400_000_000},
        ),
    )
    said = " ".join(remarks(row, None, before))
    for words in (
        "predikat A, tetapi tertulis BB",
        "Aduan dijawab",
        "33 predikat",
        "Listrik: Rp",
        "Biaya per bulan: Rp",
    ):
        assert words in said
    assert remarks(before, None, None) == []


def test_what_the_portal_has_recorded_stands_beside_what_is_typed(client: Client, city: JudgedCity) -> None:
    for predicate in ("baik", "baik", "kurang"):
        posting = PostingFactory.create(position=city.eligible)
        PredicateFactory.create(
            employee=posting.employee,
            predicate=predicate,
            period_starts_on=date(2024, 7, 1),
            period_ends_on=date(2024, 12, 31),
        )
    PostingFactory.create(position=city.refused)
    row = study_of(city.cast.agency, staff=9, readiness_source="Aset")
    beside = recorded(city.cast.agency, date(2024, 7, 1), date(2024, 12, 31), NOON.replace(year=2027))
    assert (beside.staff, beside.of("skp_good"), beside.of("skp_very_good"), beside.of("water")) == (3, 2, 0, None)
    assert any("9 pegawai, sedangkan portal mencatat 3" in words for words in remarks(row, beside, None))
    client.force_login(city.cast.hr_officer)
    page = client.get(city.url(f"opd/Diskominfo/kajian/konsep/?dari={row.pk}")).content.decode()
    assert "tercatat di portal pada 31 Desember 2024: 3" in page


def test_unknown_values_stay_unknown_in_shares_and_sums(cast: Cast) -> None:
    row = signed(
        cast, found(water=5, costs_source="LRA", complaints_received=0, complaints_answered=0, complaints_source="SP4N")
    )
    read = {measure.code: measure.read(row) for measure in MEASURES}
    assert read["air"] is not None
    assert read["vpn"] is None, "not looked at is not missing"
    assert read["biaya"] is None, "one cost is not the sum of all"
    assert read["pengaduan"] is None, "of no complaints there is no share"
    table = side_by_side([cast.agency], [row], "-biaya")
    assert table.rows[0].cells[-1][1:] == ("belum diketahui", False)


def test_a_bar_is_as_tall_as_its_value_and_the_unknown_has_none() -> None:
    points = [("2023", "50", Decimal(50)), ("2024", "?", None), ("2025", "100", Decimal(100))]
    half, none, whole = chart(points, Decimal(100)).bars
    assert int(half.height) * 2 == int(whole.height)
    assert (none.known, none.height) == (False, "0")
    assert chart([]).bars == ()


SYSTEMS: dict[str, object] = {
    "connection": True,
    "vpn": True,
    "e_office": True,
    "tte": False,
    "electronic_attendance": None,
}


def test_the_table_sorts_by_readiness_and_tells_what_nobody_knows_apart(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    other = AgencyFactory.create(institution=city.cast.institution, name="Badan Arsip", code="Arsip")
    ready: dict[str, object] = dict.fromkeys(
        ("infrastructure", "performance_system", "electronic_attendance", "tte"), True
    )
    study_of(city.cast.agency, readiness_source="Diskominfo", **SYSTEMS)
    study_of(other, readiness_source="Diskominfo", **(SYSTEMS | ready))
    page = client.get(city.url("kajian/?urut=-kesiapan")).content.decode()
    assert names(page) == ["Badan Arsip", "Dinas Komunikasi", "Dinas Kesehatan"], "without a study comes last"
    assert names(client.get(city.url("kajian/?urut=kesiapan")).content.decode())[0] == "Dinas Komunikasi"
    assert "3 dari 7; 3 belum diketahui" in page
    assert "7 dari 7<" in page
    parts = client.get(city.url("kajian/?urut=-tte")).content.decode()
    assert names(parts)[0] == "Badan Arsip"
    told = re.findall(r'data-label="(?:VPN|Presensi elektronik)">([^<]*)<', parts)
    assert told == ["Ya", "Ya", "Ya", "belum diketahui"]
    assert "Pilihan ini tidak dikenal" in client.get(city.url("kajian/?kolom=lain")).content.decode()


def test_a_study_that_knows_nothing_of_readiness_has_none_rather_than_zero(cast: Cast) -> None:
    row = signed(cast)
    assert {measure.code: measure.read(row) for measure in MEASURES}["kesiapan"] is None
    none = signed(cast, found(infrastructure=False, readiness_source="Diskominfo"))
    assert {measure.code: measure.read(none) for measure in MEASURES}["kesiapan"] == 0


def test_the_files_hold_every_figure_answer_and_reason(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    costs = {"electricity": 7_000_000, "water": 0, "costs_source": "LRA"}
    row = study_of(
        city.cast.agency, readiness_source="Diskominfo", skp_good=12, skp_source="e-Kinerja", **SYSTEMS, **costs
    )
    for address in ("kajian/", "opd/Diskominfo/kajian/"):
        read = from_csv(client.get(city.url(f"{address}?unduh=csv")))
        cells = read.rows[read.column("Dokumen kajian").index("Kajian 3/2025")]
        line = {head.split(" (")[0]: cell for head, cell in zip(read.heads, cells, strict=True)}
        assert line["Kesimpulan"] == "Siap"
        assert line["Alasan"] == "Perangkat dan jaringan cukup."
        assert (line["Nilai SAKIP"], line["Predikat SAKIP"]) == ("82,50", "A")
        answers = [
            line[label] for label in ("Jaringan internet", "VPN", "Tanda tangan elektronik", "Presensi elektronik")
        ]
        assert answers == ["Ya", "Ya", "Tidak", ""], "unknown is no answer"
        assert (line["Listrik"], line["Air"], line["Perjalanan dinas"]) == ("7000000", "0", "")
        assert line["Sumber: Biaya kantor"] == "LRA"
    alone = from_csv(client.get(city.url(f"opd/Diskominfo/kajian/{row.pk}/?unduh=csv")))
    told = dict(zip(alone.column("Unsur"), alone.column("Temuan kajian"), strict=True))
    assert told["VPN"] == "Ya"
    assert told["Listrik"].startswith("Rp")
    assert told["Perjalanan dinas"] == "belum diketahui"


def test_a_study_without_a_period_and_its_reasons_are_in_the_file_of_the_agency(
    client: Client, city: JudgedCity
) -> None:
    client.force_login(city.cast.inspector)
    agency = city.cast.agency
    first, second = study_of(agency), study_of(agency)
    AgencyReview.objects.create(
        agency=agency,
        valid_from=date(2024, 1, 1),
        signed_at=NOON,
        source="Kajian lama",
        reasons="Jaringan belum merata.",
    )
    read = from_csv(client.get(city.url("opd/Diskominfo/kajian/?unduh=csv")))
    assert len(read.rows) == 3
    assert "Jaringan belum merata." in read.column("Alasan")
    assert sorted(read.column("Mewakili periodenya")) == ["", "Tidak", "Ya"], (first, second)
