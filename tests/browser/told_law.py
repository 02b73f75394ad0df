"""What the guide tells those who write law: a circular for the last days of a year, before and after it is law."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from eligibility.actions import drafts, instrument_drafts, publication, rule_cases
from eligibility.casework import WrittenCase
from eligibility.models import Instrument, RuleVersion
from eligibility.rulebook import Mode, Outcome
from eligibility.texts import CriterionText, PeriodText, ProvisionText, VersionText
from tests.acts.drafts import circular_text, counter_text, second_administrator
from tests.base import Cast
from tests.eligibility.law_typing import ADMIN
from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import SUITS_HOME

AT = datetime(2025, 12, 16, 2, tzinfo=UTC)
ISSUED = datetime(2025, 12, 14, 17, tzinfo=UTC)
DAY = date(2025, 12, 29)


@dataclass(frozen=True)
class ToldLaw:
    """A published rule, its next version as a draft of somebody else, and a draft of the reader herself."""

    published: RuleVersion
    following: RuleVersion
    own: RuleVersion

    @property
    def places(self) -> dict[str, tuple[str, str, str]]:
        """For each picture its page, words that stand there, and what is brought to the top of the picture."""
        versions, instruments = f"{ADMIN}/ruleversion", f"{ADMIN}/instrument"
        draft, law = self.own.provision.instrument_id, self.published.provision.instrument_id
        return {
            "edaran-isian": (f"{instruments}/{draft}/change/", "Tingkat norma", "main"),
            "edaran-baris": (f"{instruments}/{draft}/change/", "Hari pertama", "#periods-group"),
            "aturan-isian": (f"{versions}/{self.own.pk}/change/", "Maka aturan ini", "#applies-group"),
            "aturan-kalimat": (f"{versions}/{self.own.pk}/change/", "KARENA", "#exceptions-group"),
            "aturan-tinjau": (f"{versions}/{self.following.pk}/tinjau/", "KECUALI", "main"),
            "aturan-menghalangi": (f"{versions}/{self.own.pk}/terbitkan/", "Yang menghalangi", "main"),
            "aturan-beda": (f"{versions}/{self.following.pk}/beda/", "Tidak lagi", "main"),
            "ketentuan-cocok": (f"{ADMIN}/provision/{self.published.provision_id}/change/", "Sesuai naskah", "main"),
            "aturan-kasus": (f"{versions}/{self.own.pk}/kasus/", "Sesuai harapan", "main"),
            "aturan-dampak": (f"{versions}/dampak/?v={self.own.pk}", "Nama orang tidak ditampilkan", "main"),
            "aturan-analisis": (
                f"/admin/analisis/?institution=kota-contoh&on={DAY}&drafts=on",
                "Dicari dan tidak ditemukan",
                "main",
            ),
            "aturan-berkas": (f"{instruments}/{law}/change/", "SHA-256", "section.module:last-of-type"),
            "edaran-terbit": (f"{instruments}/{law}/change/", "Perpanjang", "main"),
            "aturan-cabut": (f"{versions}/{self.published.pk}/cabut/", "Dasar pengakhiran", "main"),
            "pengaturan-daftar": ("/kota-contoh/pengaturan/", "Dibaca dalam penilaian", "main"),
            "pengaturan-isian": (
                f"{ADMIN}/institutionsetting/add/?institution=kota-contoh&name=new_employee_months",
                "Yang sudah tercatat",
                "main",
            ),
        }


def told_law(cast: Cast) -> ToldLaw:
    """Write it."""
    published = _published(cast)
    place = published.provision
    instrument_drafts.verify_provision(
        actor=cast.rules_administrator, provision=place, note="Sesuai naskah di JDIH", at=AT
    )
    following = drafts.clone_version(actor=second_administrator(cast), version=published, at=AT)
    changed = replace(
        _counter(number=2, title="Petugas loket tetap di kantor, kecuali layanannya daring"),
        exceptions=((CriterionText("task.face_to_face", "is", ("none",)),),),
    )
    drafts.change_draft(
        actor=second_administrator(cast), version=following, instrument=place.instrument, text=changed, at=AT
    )
    return ToldLaw(published, following, _own(cast))


def _counter(**other: Any) -> VersionText:
    return counter_text(effective_from=DAY, known_from=ISSUED, **other)


def _circular(cast: Cast, number: int, subject: str, says: str) -> Instrument:
    text = circular_text(
        code=f"SE-{number}-2025",
        title=f"SE Wali Kota {number}/2025",
        number=f"{number}/2025",
        subject=subject,
        issued_on=date(2025, 12, 15),
        known_from=ISSUED,
        periods=(PeriodText("in_force", DAY, date(2025, 12, 31), f"SE {number}/2025", "", ISSUED),),
        provisions=(ProvisionText("Angka 1", says, "1"),),
    )
    return instrument_drafts.draft_instrument(
        actor=cast.rules_administrator, institution=cast.institution, text=text, at=AT
    )


def _published(cast: Cast) -> RuleVersion:
    instrument = _circular(cast, 14, "Penyesuaian sistem kerja akhir tahun", "Petugas loket tetap di kantor.")
    row = drafts.draft_version(
        actor=cast.rules_administrator, instrument=instrument, code="SE14-LOKET", text=_counter(), at=AT
    )
    drafts.review_version(actor=second_administrator(cast), version=row, at=AT)
    publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=AT)
    row.refresh_from_db()
    return row


def _own(cast: Cast) -> RuleVersion:
    """A draft that closes one job of the city, with a case that shows it."""
    job = PositionFactory.create(agency=cast.agency, title="Petugas Siaga Bencana", code="siaga")
    TaskFactory.create(position=job, **SUITS_HOME | {"profile__exposure": "emergency"})
    row = _draft_of_emergency(cast)
    facts = {"task.exposure": "emergency", "task.face_to_face": "minimal"}
    expected = Outcome.NOT_ELIGIBLE, frozenset({"PERMEN4-11", "PERMEN4-13-1", "PERMEN4-23", "SE15-DARURAT"})
    case = WrittenCase("Siaga bencana pada akhir tahun", DAY, Mode.HOME, facts, *expected)
    rule_cases.write_case(actor=cast.rules_administrator, rule=row.rule, institution=cast.institution, case=case, at=AT)
    return row


def _draft_of_emergency(cast: Cast) -> RuleVersion:
    instrument = _circular(cast, 15, "Layanan pada pergantian tahun", "Layanan darurat tetap di kantor.")
    text = replace(
        _counter(title="Petugas layanan darurat tetap di kantor"),
        applies=(CriterionText("task.exposure", "is", ("emergency",)),),
        exceptions=((CriterionText("task.face_to_face", "is", ("none",)),),),
    )
    return drafts.draft_version(
        actor=cast.rules_administrator, instrument=instrument, code="SE15-DARURAT", text=text, at=AT
    )
