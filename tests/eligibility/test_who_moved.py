"""After an import of employees a page tells who joined, left, moved or is rated otherwise, and what follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from agencies.actions.imports import apply_import, undo_import
from agencies.errors import ActRefused
from agencies.models import DataImport, Employee, ImportedMove
from eligibility.models import Reexamination
from tests.agencies.importing import AT, PEOPLE, PERSON_HEADINGS, employee, examined, text
from tests.arranged_city import ArrangedCity, written
from tests.base import Cast
from tests.factories import PositionFactory
from tests.test_query_counts import queries

What = ImportedMove.What
LATER = AT + timedelta(days=1)
ONE, TWO = "198503172010011901", "198604182011021902"


def done(cast: Cast, rows: list[Any], at: datetime = LATER) -> DataImport:
    """An import of employees that was carried out."""
    row = examined(cast, "employees", text([[*PERSON_HEADINGS, "posting_until"], *rows]), f"{len(rows)}.csv")
    apply_import(actor=cast.hr_officer, data_import=row, at=at)
    row.refresh_from_db()
    return row


def moves(row: DataImport) -> set[tuple[str, str]]:
    return set(row.moves.values_list("employee__nip", "what"))


@pytest.fixture
def city(cast: Cast) -> Cast:
    """Two employees who were imported a day before, and another position."""
    PositionFactory.create(agency=cast.other_agency, code="DINKES-01", title="Perawat")
    first = done(cast, [*PEOPLE[1:]], AT)
    assert moves(first) == {(ONE, What.JOINED), (TWO, What.JOINED), (ONE, What.RATED), (TWO, What.RATED)}
    return cast


def posted(nip: str, code: str, reason: str, since: date, until: str = "") -> list[Any]:
    """A row that tells of a posting alone."""
    return [nip, "", "", "", "", code, reason, since, "", "", "", until]


def test_each_is_told_once_by_what_changed_for_her(city: Cast) -> None:
    since = date(2025, 7, 1)
    row = done(city, [posted(ONE, "DINKES-01", "transfer", since), posted(TWO, "DINKES-01", "promotion", since)])
    assert moves(row) == {(ONE, What.MOVED), (TWO, What.PROMOTED)}
    move = row.moves.get(employee__nip=ONE)
    assert move.was_position is not None
    assert move.now_position is not None
    assert (move.was_position.code, move.now_position.code) == ("DISKOMINFO-01", "DINKES-01")


def test_leaving_a_rating_and_a_standing_are_told(city: Cast) -> None:
    left = posted(TWO, "DISKOMINFO-01", "formation", date(2011, 2, 1), "2025-06-30")
    rated = [ONE, "", "pns", "III/b", "2025-04-01", "", "", "", "kurang", "2025-01-01", "2025-03-31", ""]
    row = done(city, [left, rated])
    assert moves(row) == {(TWO, What.LEFT), (ONE, What.RATED), (ONE, What.STANDING)}
    assert list(row.moves.filter(what=What.STANDING).values_list("was", "now")) == [
        ("pns · III/a · active", "pns · III/b · active")
    ]


def test_the_page_tells_what_follows_for_penetapan_and_arrangements(client: Client, arranged: ArrangedCity) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    written(arranged, asker, state="approved", approved_at=AT, starts_on=date(2025, 10, 1), ends_on=date(2025, 12, 31))
    PositionFactory.create(agency=cast.other_agency, code="DINKES-99", title="Perawat Baru")
    row = done(cast, [posted(asker.nip, "DINKES-99", "transfer", date(2025, 10, 1))])
    assert Reexamination.objects.filter(institution=cast.institution, cause="import").exists()
    client.force_login(cast.hr_officer)
    with override_settings(LANGUAGE_CODE="en"):
        page = client.get(f"/kota-contoh/impor/{row.pk}/pegawai/", headers={"Accept-Language": "en"})
    lines = page.context["moves"].lines
    assert [line.employee for line in lines] == [asker]
    assert len(lines[0].follows) == 2, "one sentence on the Penetapan, one on the arrangement"
    assert asker.nip not in page.content.decode()
    assert cast.institution.personal_data_reads.filter(page="moves", count=1).exists()


def test_an_approval_that_rests_on_an_import_keeps_it_from_being_undone(arranged: ArrangedCity) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    row = done(cast, [[asker.nip, "Nama Baru", "", "", "", "", "", "", "", "", "", ""]])
    arrangement = written(arranged, asker, state="approved", approved_at=LATER + timedelta(hours=1))
    arrangement.approvals.create(round=1, at=LATER + timedelta(hours=1), on=date(2025, 10, 1), plan="{}", checks="[]")
    with override_settings(LANGUAGE_CODE="en"), pytest.raises(ActRefused, match="approved since then"):
        undo_import(actor=cast.hr_officer, data_import=row, reason="Keliru", at=LATER + timedelta(days=1))
    assert Employee.objects.get(pk=asker.pk).name == "Nama Baru"


def test_a_page_of_moves_costs_the_same_for_one_and_for_many(client: Client, city: Cast) -> None:
    client.force_login(city.hr_officer)
    one = done(city, [posted(ONE, "DINKES-01", "transfer", date(2025, 7, 1))])
    before = queries(client, f"/kota-contoh/impor/{one.pk}/pegawai/")
    numbers = [f"19850317201001{number}" for number in range(1910, 1950)]
    rows = [employee(nip, f"Pegawai {nip[-2:]}", "pns", "", date(2010, 1, 1)) for nip in numbers]
    many = done(city, [[*row, ""] for row in rows], LATER + timedelta(hours=1))
    assert queries(client, f"/kota-contoh/impor/{many.pk}/pegawai/") == before
    for page in ("impor/", f"impor/{many.pk}/"):
        assert queries(client, f"/kota-contoh/{page}") < 20
