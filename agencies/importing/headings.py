"""Which column a heading of somebody else's file means: our own names, those of SIASN and SIMPEG, those learnt."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from agencies.models import ImportKind

LEFT_OUT: Final = ""
"""The column of a heading that is not imported."""

_SAID: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    ImportKind.EMPLOYEES.value: {
        "nip": ("nip", "nipbaru", "nip18", "nippegawai", "nipnipppk", "nipppk"),
        "name": ("nama", "namalengkap", "namapns", "namapegawai"),
        "residence": ("alamat", "alamatrumah", "alamatdomisili", "domisili", "alamatsekarang"),
        "kind": ("jenispegawai", "jenispegawainama", "statuspegawai", "statuskepegawaian", "statuscpnspns", "jenisasn"),
        "grade": ("gol", "golongan", "golakhirnama", "golonganakhir", "golruang", "golonganruang", "pangkatgol"),
        "standing": ("kedudukanhukum", "kedudukanhukumnama", "kedudukan", "kedhukum"),
        "employment_sk": ("noskgolongan", "noskpangkat", "nomorskgolongan", "nosk"),
        "employment_from": ("tmtgolongan", "tmtgol", "tmtgolakhir", "tmtpangkat", "tmtcpns"),
        "position_code": ("kodejabatan", "jabatanid", "idjabatan", "kodejab"),
        "capacity": ("statusjabatan", "definitifpltplh", "kapasitas"),
        "posting_reason": ("jenismutasi", "alasanpenempatan", "jenispenempatan"),
        "posting_sk": ("noskjabatan", "nomorskjabatan", "skjabatan"),
        "posting_from": ("tmtjabatan", "tmtjab", "tmtmutasi"),
        "posting_until": ("sampaidengan", "akhirjabatan", "tmtakhirjabatan"),
        "predicate": ("predikat", "predikatkinerja", "hasilpredikat", "kuadrankinerja", "predikatskp"),
        "predicate_from": ("awalperiode", "periodeawal", "periodemulai", "tanggalawalperiode"),
        "predicate_until": ("akhirperiode", "periodeakhir", "periodeselesai", "tanggalakhirperiode"),
    },
    ImportKind.POSITIONS.value: {
        "agency_code": ("kodeopd", "kodeperangkatdaerah", "kodeunor", "unorindukid", "kodeskpd", "kodepd"),
        "agency_name": ("opd", "namaopd", "perangkatdaerah", "unorinduknama", "unorinduk", "skpd", "instansiunit"),
        "agency_kind": ("jenisopd", "jenisperangkatdaerah"),
        "agency_sector": ("urusan", "urusanpemerintahan"),
        "agency_parent": ("opdinduk", "kodeinduk"),
        "unit_code": ("kodeunit", "unorid", "kodeunitkerja", "kodebidang"),
        "unit_name": ("unit", "unitkerja", "unornama", "namaunor", "bidang", "namaunit"),
        "unit_kind": ("jenisunit",),
        "position_code": ("kodejabatan", "jabatanid", "idjabatan", "kodejab"),
        "position_title": ("jabatan", "namajabatan", "jabatannama", "nomenklaturjabatan"),
        "jenjang": ("jenjang", "jenjangjabatan"),
        "category": ("jenisjabatan", "jenisjabatannama", "kelompokjabatan"),
        "echelon": ("eselon", "eselonnama"),
        "needed": ("kebutuhan", "abk", "kebutuhanabk", "jumlahkebutuhan"),
        "filled": ("bezetting", "bazetting", "jumlahpegawai", "terisi"),
        "task_number": ("nouraian", "nomoruraiantugas", "nouraiantugas"),
        "task_title": ("uraiantugas", "tugas", "uraian"),
        "task_share": ("bagianwaktu", "persentasewaktu", "bobotwaktu"),
    },
    ImportKind.SERVICES.value: {
        "agency_code": ("kodeopd", "kodeperangkatdaerah", "kodeunor"),
        "service_code": ("kodelayanan", "kodepelayanan"),
        "service_name": ("layanan", "namalayanan", "jenispelayanan", "namapelayanan"),
        "service_kind": ("jenislayanan", "bentuklayanan"),
        "unit_code": ("kodeunit", "unorid", "kodeunitkerja"),
        "hours": ("jam", "jamlayanan", "waktupelayanan", "jampelayanan"),
        "staff_on_site": ("petugas", "kebutuhanpetugas", "jumlahpetugas", "petugasditempat"),
        "position_code": ("kodejabatan", "jabatanid"),
        "task_number": ("nouraiantugas",),
    },
    ImportKind.SERVICE_NEEDS.value: {
        "agency_code": ("kodeopd", "kodeperangkatdaerah", "kodeunor"),
        "service_code": ("kodelayanan", "kodepelayanan"),
        "weekday": ("hari", "harilayanan"),
        "opens": ("buka", "jambuka", "dari", "mulai", "jammulai"),
        "closes": ("tutup", "jamtutup", "sampai", "selesai", "jamselesai"),
        "staff": ("petugas", "kebutuhanpetugas", "jumlahpetugas", "petugasditempat"),
    },
}
"""Headings that mean a column, as `plain` writes them."""

_LONGEST: Final = 100


def plain(heading: str) -> str:
    """A heading without regard to case, spaces and signs."""
    return re.sub(r"[\W_]+", "", heading.casefold())[:_LONGEST]


def guessed(
    kind: str, columns: Collection[str], headings: Sequence[str], learnt: Mapping[str, str] | None = None
) -> list[str]:
    """The column that each heading most likely means; each column once, the first heading that names it."""
    known = {plain(name): name for name in columns}
    for column, names in _SAID[kind].items():
        known |= dict.fromkeys(names, column)
    known |= learnt or {}
    found: list[str] = []
    for heading in headings:
        column = known.get(plain(heading), LEFT_OUT)
        found.append(column if column in columns and column not in found else LEFT_OUT)
    return found


def most_likely_header(
    kind: str, columns: Collection[str], rows: Sequence[Sequence[str]], learnt: Mapping[str, str] | None = None
) -> int:
    """The number of the row, among the first, that names most columns; 1 where none names any."""
    counts = [sum(1 for column in guessed(kind, columns, row, learnt) if column) for row in rows]
    return counts.index(max(counts)) + 1 if counts else 1
