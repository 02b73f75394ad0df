"""Documents: only a PDF of bearable size, kept once, handed out to those who may see it and only as it was given."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from agencies.actions.documents import LARGEST
from agencies.models import Document
from oversight.models import TrailEntry
from tests.base import Cast

PDF = b"%PDF-1.7\nSurat Edaran"


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    """A browser signed in as the city's HR officer."""
    client.force_login(cast.hr_officer)
    return client


def upload(client: Client, content: bytes, name: str = "se.pdf") -> dict[str, list[str]]:
    """Send a file; the faults by field."""
    file = SimpleUploadedFile(name, content, "application/pdf")
    answer = client.post("/kota-contoh/dokumen/unggah/", {"name": "SE 5/2025", "file": file})
    return {} if answer.status_code == 302 else answer.context["form"].errors


def test_a_pdf_is_kept_under_its_digest_once_however_often_it_is_given(officer: Client, cast: Cast) -> None:
    assert upload(officer, PDF) == {}
    assert upload(officer, PDF, "lain.pdf") == {}
    document = Document.objects.get()
    assert (document.sha256, document.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert document.added_by == cast.hr_officer
    assert TrailEntry.objects.filter(action="document_added").count() == 1
    answer = officer.get(f"/kota-contoh/dokumen/{document.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="se-52025.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")


def test_what_is_no_pdf_or_too_large_or_empty_is_refused_at_the_field_and_nothing_is_kept(
    officer: Client, tmp_path: Path
) -> None:
    for content in (b"<html>bukan pdf</html>", b"", b"PK\x03\x04", PDF + b"x" * LARGEST):
        assert list(upload(officer, content)) == ["file"]
    assert list(officer.post("/kota-contoh/dokumen/unggah/", {"name": "x"}).context["form"].errors) == ["file"]
    assert not Document.objects.exists()
    assert not list(tmp_path.rglob("*.pdf"))


def test_a_name_with_a_path_never_reaches_the_folder_or_the_answer(officer: Client, tmp_path: Path) -> None:
    file = SimpleUploadedFile("../../keluar.pdf", PDF, "application/pdf")
    officer.post("/kota-contoh/dokumen/unggah/", {"name": '../"a\r\nb.pdf', "file": file})
    assert not Document.objects.exists(), "a name of two lines is refused at its field"
    file.seek(0)
    officer.post("/kota-contoh/dokumen/unggah/", {"name": '../"a b.pdf', "file": file})
    document = Document.objects.get()
    assert [path.name for path in tmp_path.rglob("*.pdf")] == [f"{document.sha256}.pdf"]
    answer = officer.get(f"/kota-contoh/dokumen/{document.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="a-bpdf.pdf"'


def test_a_file_that_was_changed_or_lost_is_not_handed_out(officer: Client, tmp_path: Path) -> None:
    upload(officer, PDF)
    address = f"/kota-contoh/dokumen/{Document.objects.get().pk}/"
    (kept,) = tmp_path.rglob("*.pdf")
    kept.write_bytes(PDF + b"diubah")
    answer = officer.get(address, follow=True)
    assert "hilang atau berubah" in answer.content.decode()
    kept.unlink()
    assert officer.get(address).status_code == 302


def test_no_public_address_and_no_stranger_reaches_a_document(officer: Client, cast: Cast) -> None:
    upload(officer, PDF)
    document = Document.objects.get()
    for address in (f"/{document.file.name}", f"/media/{document.file.name}", f"/static/{document.file.name}"):
        assert officer.get(address).status_code == 404
    for person in (cast.employee, cast.agency_head, cast.system_administrator, cast.outsider):
        officer.force_login(person)
        assert officer.get(f"/kota-contoh/dokumen/{document.pk}/").status_code == 404
        assert officer.get(f"/kota-lain/dokumen/{document.pk}/").status_code == 404
    officer.force_login(cast.inspector)
    assert officer.get(f"/kota-contoh/dokumen/{document.pk}/").status_code == 200
