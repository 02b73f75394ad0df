"""The inspector's overview: exceptions first, figures that open exactly the rows they count, the same as files."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Institution, Role
from eligibility.models import Arrangement
from oversight import attention
from oversight.attention import Attention, Severity, attend, attentions
from oversight.models import Finding, Reperformance
from tests.arranged_city import AT, TODAY, ArrangedCity, written
from tests.base import Cast
from tests.exported import from_csv, from_xlsx
from tests.factories import AgencyFactory, GrantFactory, PositionFactory

PAGE = "/kota-contoh/pengawasan/"


def granted(city: ArrangedCity, number: int, **values: object) -> Arrangement:
    """An approved arrangement of a colleague."""
    told = {"state": "approved", "approved_at": AT, "submitted_at": AT, "norm": city.instrument, **values}
    return written(city, city.colleagues[number], **told)


def exceptions(client: Client) -> list[Attention]:
    """What stands first on the page, the indications left out."""
    return [one for one in client.get(PAGE).context["page"].attentions if "/indikasi/" not in one.address]


def test_each_figure_opens_exactly_the_rows_it_counts(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    below = PositionFactory.create(agency=AgencyFactory.create(institution=cast.institution, parent=cast.agency))
    granted(arranged, 0)
    granted(arranged, 1, mode="shift", place="", norm=None, state="ended", ended_on=TODAY)
    granted(arranged, 2, approved_at=AT.replace(month=9, day=30, hour=18), position=below, agency=below.agency)
    written(arranged, state="submitted")
    client.force_login(cast.inspector)
    page = client.get(PAGE).context["page"]
    assert page.total == 3
    counted = {table.name: {figure.label: figure.number for figure in table.figures} for table in page.tables}
    assert counted["opd"] == {"Dinas Komunikasi": 3}, "what lies below is counted with the perangkat daerah"
    assert counted["norma"] == {"Tanpa dasar pelaksanaan": 1, arranged.instrument.title: 2}
    assert counted["bulan"] == {"Oktober 2025": 3}, "by the day where the city is, not by that of the server"
    for table in page.tables:
        assert sum(figure.number for figure in table.figures) == 3, table.name
        for figure in table.figures:
            assert client.get(figure.address).context["listed"].total == figure.number, figure.address


def test_who_audits_an_agency_below_another_is_given_its_own_figure_that_opens_its_rows(
    client: Client, arranged: ArrangedCity
) -> None:
    cast = arranged.city.cast
    hospital = AgencyFactory.create(institution=cast.institution, parent=cast.other_agency, name="RSUD Kota")
    ward = AgencyFactory.create(institution=cast.institution, parent=hospital, name="Instalasi")
    for number, agency in enumerate((cast.other_agency, hospital, ward)):
        granted(arranged, number, position=PositionFactory.create(agency=agency), agency=agency)
    granted(arranged, 3)
    cast.inspector.grants.update(agency=hospital)
    GrantFactory.create(user=cast.inspector, role=Role.INSPECTOR, institution=cast.institution, agency=cast.agency)
    whole = {"Dinas Kesehatan": 3, "Dinas Komunikasi": 1}
    for reader, told in ((cast.inspector, {"RSUD Kota": 2, "Dinas Komunikasi": 1}), (cast.outside_reader, whole)):
        client.force_login(reader)
        (table,) = [one for one in client.get(PAGE).context["page"].tables if one.name == "opd"]
        assert {figure.label: figure.number for figure in table.figures} == told
        for figure in table.figures:
            listed = client.get(figure.address).context["listed"]
            assert (listed.total, listed.filter.errors) == (figure.number, {}), figure.label
        read = from_csv(client.get(f"{PAGE}?unduh=csv"))
        assert told.items() <= {row[1]: int(row[2]) for row in read.rows}.items()


def test_the_figures_are_a_file_too(client: Client, arranged: ArrangedCity) -> None:
    granted(arranged, 0)
    client.force_login(arranged.city.cast.inspector)
    for read in (from_csv(client.get(f"{PAGE}?unduh=csv")), from_xlsx(client.get(f"{PAGE}?unduh=xlsx"))):
        assert len({row[0] for row in read.rows}) == 5
        assert ["Dinas Komunikasi", "1"] in [[row[1], str(int(row[2]))] for row in read.rows]


def test_exceptions_stand_first_the_weightiest_before_the_others(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    client.force_login(cast.inspector)
    assert exceptions(client) == []
    granted(arranged, 0, state="suspended", suspended_on=TODAY)
    granted(arranged, 1, state="suspended", suspended_on=date(2025, 12, 1))
    for number, due in enumerate((date(2025, 9, 30), date(2025, 10, 2)), 1):
        Finding.objects.create(
            institution=cast.institution,
            agency=cast.agency,
            number=number,
            origin="hand",
            title="x",
            condition="x",
            criterion="x",
            reply_due_on=due,
            recorded_at=AT,
        )
    Finding.objects.update(state="draft")
    (suspended,) = exceptions(client)
    assert (suspended.severity, suspended.number) == (Severity.LOW, 1), "a draft is not overdue"
    assert client.get(suspended.address).context["listed"].total == 1
    Reperformance.objects.create(
        institution=cast.institution, at=timezone.now(), determinations=1, positions=1, approvals=1
    )
    assert exceptions(client) == [suspended], "a run that agrees is no exception"


def test_another_source_is_asked_as_soon_as_it_is_registered(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    before = dict(attention._sources)
    try:
        attend(lambda *_asked: [Attention(Severity.HIGH, "Indikasi", 2), Attention(Severity.LOW, "x", 0)])
        from agencies.access import get_standing

        found = attentions(get_standing(cast.inspector, "kota-contoh"), cast.inspector, TODAY, timezone.now())
    finally:
        attention._sources.clear()
        attention._sources.update(before)
    assert [(one.label, one.number) for one in found] == [("Indikasi", 2)]


@pytest.mark.usefixtures("whole_statements")
def test_figures_are_counted_once_for_each_state_of_the_trail(client: Client, arranged: ArrangedCity) -> None:
    granted(arranged, 0)
    client.force_login(arranged.city.cast.inspector)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as again:
        client.get(PAGE)
    assert not [one for one in again if "GROUP BY" in one["sql"]]
    client.post("/kota-contoh/jejak/telusur/periksa/")
    with CaptureQueriesContext(connection) as after:
        client.get(PAGE)
    assert [one for one in after if "GROUP BY" in one["sql"]]


def test_an_empty_city_says_what_will_stand_there(client: Client, cast: Cast) -> None:
    client.force_login(cast.inspector)
    assert "pertama" in client.get(PAGE).content.decode()
    assert Institution.objects.count() == 2
