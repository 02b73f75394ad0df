"""The pages of indications and findings."""

from __future__ import annotations

from agencies.models import Agency, Document, Role
from eligibility.models import Provision
from oversight.actions.findings import FindingValues, add_evidence, draft_finding, issue_finding
from oversight.models import Evidence, Finding
from tests.acts.institution import add_document
from tests.addresses.address import Address
from tests.arranged_city import AT, TODAY
from tests.judged_city import JudgedCity

DESK = frozenset({Role.INSPECTOR, Role.OUTSIDE_READER})
WRITES = frozenset({Role.INSPECTOR})
ANSWERS = frozenset({Role.AGENCY_HEAD, Role.HR_OFFICER})


def _draft(city: JudgedCity, agency: Agency) -> Finding:
    found = Finding.objects.filter(agency=agency, state="draft").first()
    words = ("Melebihi batas", "Tiga hari seminggu.", "Dua hari.")
    said = FindingValues(*words, Provision.objects.first(), "Lalai.", "Kurang.", "Atur.")
    cast = city.cast
    return found or draft_finding(actor=cast.inspector, institution=cast.institution, agency=agency, values=said, at=AT)


def _issued(city: JudgedCity, agency: Agency) -> Finding:
    found = Finding.objects.filter(agency=agency, state="issued").first()
    return found or issue_finding(actor=city.cast.inspector, finding=_draft(city, agency), on=TODAY, at=AT)


def _evidence(city: JudgedCity, agency: Agency) -> str:
    finding = _issued(city, agency)
    document = Document.objects.first() or add_document(city.cast)
    assert isinstance(document, Document)
    said = {"document": document, "dated_on": TODAY, "note": "Daftar hadir", "on": TODAY, "at": AT}
    add_evidence(actor=city.cast.inspector, finding=finding, **said)  # type: ignore[arg-type]
    return city.url(f"pengawasan/temuan/{finding.pk}/bukti/{Evidence.objects.get(finding=finding).pk}/")


def _at(name: str, page: str, roles: frozenset[Role], *, draft: bool = False, sends: bool = True) -> Address:
    def where(city: JudgedCity, agency: Agency) -> str:
        found = _draft(city, agency) if draft else _issued(city, agency)
        return city.url(f"pengawasan/temuan/{found.pk}/{page}")

    return Address(name, roles, lambda c: where(c, c.cast.agency), lambda c: where(c, c.below), sends=sends)


ADDRESSES = [
    Address("indications", DESK, lambda city: city.url("pengawasan/indikasi/")),
    Address(
        "indications_look",
        WRITES,
        lambda city: city.url("pengawasan/indikasi/lihat/"),
        whole=True,
        sends=True,
        reads=False,
    ),
    Address("indication", DESK, lambda city: city.url("pengawasan/indikasi/tanpa-dasar-pelaksanaan/")),
    Address("findings", DESK | ANSWERS, lambda city: city.url("pengawasan/temuan/")),
    Address("finding_add", WRITES, lambda city: city.url("pengawasan/temuan/tulis/"), sends=True),
    _at("finding", "", DESK | ANSWERS, sends=False),
    _at("finding_change", "ubah/", WRITES, draft=True),
    _at("finding_issue", "terbitkan/", WRITES, draft=True),
    _at("finding_withdraw", "batalkan/", WRITES),
    _at("finding_reply", "tanggapi/", ANSWERS),
    _at("finding_review", "tindak-lanjut/", WRITES),
    _at("evidence_add", "bukti/", WRITES),
    Address(
        "evidence",
        DESK | ANSWERS,
        lambda city: _evidence(city, city.cast.agency),
        lambda city: _evidence(city, city.below),
    ),
]
