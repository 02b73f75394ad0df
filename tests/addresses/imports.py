"""The pages of the import wizard, of who moved by it and who is missing; for HR officers of the institution."""

from __future__ import annotations

from agencies.models import ImportKind, Role
from tests.acts.imports import applied, examined, keep_import_file, of_full_register
from tests.addresses.address import Address, Where
from tests.judged_city import JudgedCity

OFFICER = frozenset({Role.HR_OFFICER})


def _page(name: str, where: Where, *, sends: bool = False, reads: bool = True) -> Address:
    return Address(name, OFFICER, where, whole=True, sends=sends, reads=reads)


def _examined(city: JudgedCity, page: str = "") -> str:
    return city.url(f"impor/{examined(city.cast).pk}/{page}")


def _applied(city: JudgedCity, page: str, kind: ImportKind = ImportKind.POSITIONS) -> str:
    return city.url(f"impor/{applied(city.cast, kind).pk}/{page}")


ADDRESSES = [
    _page("imports", lambda city: city.url("impor/")),
    _page("import_start", lambda city: city.url("impor/baru/jabatan/"), sends=True),
    _page("import_template", lambda city: city.url("impor/templat/pegawai.xlsx")),
    _page("import_recorded", lambda city: city.url("impor/tercatat/pegawai.csv")),
    _page("data_import", _examined),
    _page("import_columns", lambda city: city.url(f"impor/{keep_import_file(city.cast).pk}/kolom/"), sends=True),
    _page("import_apply", lambda city: _examined(city, "laksanakan/"), sends=True, reads=False),
    _page("import_again", lambda city: _examined(city, "ulangi/"), sends=True, reads=False),
    _page("import_abandon", lambda city: _examined(city, "urungkan/"), sends=True, reads=False),
    _page("import_undo", lambda city: _applied(city, "batalkan/"), sends=True),
    _page("import_faults", lambda city: _examined(city, "kesalahan.xlsx")),
    _page("who_moved", lambda city: _applied(city, "pegawai/", ImportKind.EMPLOYEES)),
    _page("import_missing", lambda city: city.url(f"impor/{of_full_register(city.cast).pk}/tidak-ada/")),
]
