"""What a command on the server brings in stands in the list of imports and is undone like what was uploaded."""

from __future__ import annotations

from hashlib import sha256
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.test import Client

from agencies.models import Agency, DataImport, Posting
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.base import Cast
from tests.exported import from_csv

AGENCIES = "agency_code,agency_name,agency_kind\nDLH,Dinas Lingkungan Hidup,dinas\n"
PEOPLE = (
    "nip,name,kind,employment_from,position_code,posting_reason,posting_from\n"
    "198503172010011901,Pegawai Sintetis,pns,2010-01-01,DISKOMINFO-01,mutasi,2020-01-01\n"
)
LISTING = "/kota-contoh/impor/"


def brought(command: str, cast: Cast, file: Path, text: str, *options: str) -> None:
    file.write_text(text)
    call_command(command, cast.institution.code, file, *options, stdout=StringIO())


def test_it_is_listed_with_its_digest_and_undone_by_an_officer(client: Client, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "opd.csv"
    brought("import_positions", cast, file, AGENCIES, "--dry-run")
    assert not DataImport.objects.exists(), "a dry run brings nothing in"
    brought("import_positions", cast, file, AGENCIES)
    row = DataImport.objects.get()
    entries = TrailEntry.objects.filter(institution=cast.institution)
    assert entries.latest("number").subject_id == str(row.pk)
    client.force_login(cast.hr_officer)
    ((name, _kind, _uploaded, by, rows, _state, _applied, digest),) = from_csv(client.get(f"{LISTING}?unduh=csv")).rows
    assert (name, by, rows) == ("opd.csv", "perintah di server", "1")
    assert digest == sha256(AGENCIES.encode()).hexdigest()
    shown = client.get(f"{LISTING}{row.pk}/").content.decode()
    assert "perintah di server" in shown
    assert "perintah di server" in client.get(LISTING).content.decode()
    brought("import_positions", cast, file, AGENCIES)
    assert DataImport.objects.count() == 1, "nothing was changed, and nothing is listed"
    client.post(f"{LISTING}{row.pk}/batalkan/", {"reason": "Berkas keliru"})
    assert not Agency.objects.filter(code="DLH").exists()
    assert verify_all(cast.institution).is_whole


def test_who_moved_by_it_is_told(client: Client, cast: Cast, tmp_path: Path) -> None:
    brought("import_employees", cast, tmp_path / "pegawai.csv", PEOPLE)
    assert Posting.objects.get().position.code == "DISKOMINFO-01"
    client.force_login(cast.hr_officer)
    shown = client.get(f"{LISTING}{DataImport.objects.get().pk}/pegawai/").content.decode()
    assert "Pegawai Sintetis" in shown
    assert "198503172010011901" not in shown
