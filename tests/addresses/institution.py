"""The pages of an institution's settings, stage, places, documents and implementing instruments."""

from __future__ import annotations

from agencies.models import Document, Role
from tests.acts.institution import add_document, in_register, recorded
from tests.addresses.address import EVERY_ROLE, Address
from tests.judged_city import JudgedCity

OFFICER = frozenset({Role.HR_OFFICER})
READERS = frozenset({Role.HR_OFFICER, Role.INSPECTOR, Role.OUTSIDE_READER})


def _place(city: JudgedCity, page: str = "") -> str:
    return city.url(f"tempat-kerja/{in_register(city.cast).pk}/{page}")


def _instrument(city: JudgedCity, page: str = "") -> str:
    return city.url(f"dasar-pelaksanaan/{recorded(city.cast).code}/{page}")


def _document(city: JudgedCity) -> Document:
    document = add_document(city.cast)
    assert isinstance(document, Document)
    return document


def _text_of_instrument(city: JudgedCity) -> str:
    row = recorded(city.cast)
    other = type(row)(
        **{field.attname: getattr(row, field.attname) for field in row._meta.fields if field.name != "id"}
        | {"code": "se-2", "published_at": None, "document_id": _document(city).pk}
    )
    other.save()
    return city.url("dasar-pelaksanaan/se-2/naskah/")


def _form(name: str, page: str) -> Address:
    return Address(name, OFFICER, lambda city: city.url(page), whole=True, sends=True)


ADDRESSES = [
    Address("settings", EVERY_ROLE, lambda city: city.url("pengaturan/")),
    Address("setting", EVERY_ROLE, lambda city: city.url("pengaturan/letter_name/")),
    _form("setting_record", "pengaturan/determination_steps/catat/"),
    Address("policy_stages", EVERY_ROLE, lambda city: city.url("tahap-kebijakan/")),
    _form("policy_stage_record", "tahap-kebijakan/catat/"),
    Address("workplaces", EVERY_ROLE, lambda city: city.url("tempat-kerja/")),
    _form("workplace_add", "tempat-kerja/tambah/"),
    Address("workplace_correct", OFFICER, _place, whole=True, sends=True),
    Address("workplace_close", OFFICER, lambda city: _place(city, "tutup/"), whole=True, sends=True),
    Address("local_criteria", EVERY_ROLE, lambda city: city.url("kriteria-lokal/")),
    _form("local_criterion", "kriteria-lokal/1/"),
    Address("documents", READERS, lambda city: city.url("dokumen/"), whole=True),
    _form("document_add", "dokumen/unggah/"),
    Address("document", READERS, lambda city: city.url(f"dokumen/{_document(city).pk}/"), whole=True),
    Address("law_desk", frozenset({Role.RULES_ADMINISTRATOR}), lambda city: city.url("penulisan-aturan/"), whole=True),
    Address("instruments", EVERY_ROLE, lambda city: city.url("dasar-pelaksanaan/")),
    _form("instrument_record", "dasar-pelaksanaan/catat/"),
    Address("instrument", EVERY_ROLE, _instrument),
    Address("instrument_extend", OFFICER, lambda city: _instrument(city, "perpanjang/"), whole=True, sends=True),
    Address("instrument_end", OFFICER, lambda city: _instrument(city, "akhiri/"), whole=True, sends=True),
    Address("instrument_annul", OFFICER, lambda city: _instrument(city, "keliru/"), whole=True, sends=True),
    Address("instrument_document", EVERY_ROLE, _text_of_instrument),
]
