"""From a file of an officer to what is recorded: columns, dry run, all or nothing, and what is told on the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.actions.imports import PlanChanged, apply_import
from agencies.models import (
    DataImport,
    Employee,
    ImportedFile,
    LearntColumn,
    PlannedRow,
    Position,
    Posting,
    PublicService,
)
from oversight.models import TrailEntry
from tests.agencies.importing import AT, JOBS, PEOPLE, SERVICES, examined, kept, told, upload, workbook
from tests.base import Cast

What = PlannedRow.What


@pytest.mark.parametrize(
    ("kind", "table", "model", "count"),
    [("positions", JOBS, Position, 3), ("employees", PEOPLE, Employee, 2), ("services", SERVICES, PublicService, 1)],
)
def test_a_workbook_is_examined_and_carried_out(cast: Cast, kind: str, table, model, count: int) -> None:
    row = examined(cast, kind, workbook(table))
    assert row.state == DataImport.State.EXAMINED, [one.fields for one in told(row, What.REFUSED)]
    assert not told(row, What.REFUSED)
    assert told(row, What.CREATED)
    before = TrailEntry.objects.count()
    assert apply_import(actor=cast.hr_officer, data_import=row, at=AT) is not None
    assert model.objects.count() == count
    assert TrailEntry.objects.count() == before + 1
    row.refresh_from_db()
    assert row.state == DataImport.State.APPLIED
    assert not ImportedFile.objects.exists()
    assert not PlannedRow.objects.exists()


def test_pages(client: Client, cast: Cast) -> None:
    client.force_login(cast.hr_officer)
    answer = upload(client, "jabatan", workbook(JOBS))
    assert answer.status_code == 200
    url = answer.redirect_chain[-1][0]
    assert url.endswith("/kolom/")
    form = answer.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(url, data, follow=True)
    assert "Statistisi" in answer.content.decode()
    row = DataImport.objects.get()
    answer = client.post(f"/kota-contoh/impor/{row.pk}/laksanakan/", follow=True)
    assert Position.objects.filter(code="B-1").exists()
    answer = client.get(f"/kota-contoh/impor/{row.pk}/batalkan/")
    assert answer.status_code == 200
    answer = client.post(f"/kota-contoh/impor/{row.pk}/batalkan/", {"reason": "salah berkas"}, follow=True)
    assert not Position.objects.filter(code="B-1").exists()
    for word in ("jabatan", "pegawai", "layanan"):
        for ending in ("xlsx", "csv"):
            assert client.get(f"/kota-contoh/impor/templat/{word}.{ending}").status_code == 200
            assert client.get(f"/kota-contoh/impor/tercatat/{word}.{ending}").status_code == 200
