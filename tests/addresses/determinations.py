"""The pages from results to a Keputusan. A Penetapan is open to everybody with a grant; what comes before is not."""

from __future__ import annotations

from agencies.models import Agency, Document, Role
from eligibility.actions.determinations import record_determination
from eligibility.models import Determination, Verification
from tests.acts.institution import add_document
from tests.addresses.address import EVERY_ROLE, Address, Where
from tests.eligibility.determined import NOON, ON, determine, paper, pass_all, send
from tests.judged_city import JudgedCity

OFFICER = frozenset({Role.HR_OFFICER})
PROPOSES = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})
READERS = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD, Role.INSPECTOR, Role.OUTSIDE_READER, Role.RULES_ADMINISTRATOR})


def _sent(city: JudgedCity, agency: Agency) -> Verification:
    """Results of the agency that wait for its head."""
    return Verification.objects.filter(agency=agency).first() or send(city, agency)


def _determined(city: JudgedCity, agency: Agency) -> Determination:
    found = Determination.objects.filter(verification__agency=agency).first()
    return found or determine(city, agency, number=f"188/{agency.pk}")


def _both(name: str, roles: frozenset[Role], where: Where, other: Where, *, sends: bool = False) -> Address:
    return Address(name, roles, where, other, sends=sends)


def _verification(name: str, roles: frozenset[Role], page: str, *, sends: bool = False) -> Address:
    def at(city: JudgedCity, agency: Agency) -> str:
        return city.url(f"verifikasi/{_sent(city, agency).pk}/{page}")

    return _both(name, roles, lambda c: at(c, c.cast.agency), lambda c: at(c, c.below), sends=sends)


def _last_step(city: JudgedCity, agency: Agency) -> str:
    """The form of the Keputusan, for results that wait for the PPK."""
    found = _sent(city, agency)
    if found.step != found.way[-1]:
        pass_all(found, city.cast.hr_officer)
    return city.url(f"verifikasi/{found.pk}/penetapan/")


def _with_document(city: JudgedCity, agency: Agency) -> str:
    """The signed Keputusan of an agency, as a PDF."""
    document = add_document(city.cast)
    assert isinstance(document, Document)
    found = Determination.objects.filter(verification__agency=agency).first() or record_determination(
        actor=city.cast.hr_officer,
        verification=pass_all(send(city, agency), city.cast.hr_officer),
        signed=paper(f"188/{agency.pk}"),
        effective_from=ON,
        document=document,
        at=NOON,
    )
    return city.url(f"penetapan/{found.pk}/naskah/")


def _determination(name: str, page: str, roles: frozenset[Role] = EVERY_ROLE, *, sends: bool = False) -> Address:
    def at(city: JudgedCity, agency: Agency) -> str:
        return city.url(f"penetapan/{_determined(city, agency).pk}/{page}")

    return _both(name, roles, lambda c: at(c, c.cast.agency), lambda c: at(c, c.below), sends=sends)


ADDRESSES = [
    Address("determinations", EVERY_ROLE, lambda city: city.url("penetapan/")),
    Address(
        "results_send",
        OFFICER,
        lambda city: city.url(f"opd/{city.cast.agency.code}/verifikasi/"),
        lambda city: city.url(f"opd/{city.below.code}/verifikasi/"),
        sends=True,
    ),
    _verification("verification", READERS, ""),
    _verification("verification_pdf", READERS, "lampiran.pdf"),
    _verification("verification_xlsx", READERS, "lampiran.xlsx"),
    _both(
        "verified_position",
        READERS,
        lambda c: c.url(f"verifikasi/{_sent(c, c.cast.agency).pk}/jabatan/{c.eligible.pk}/"),
        lambda c: c.url(f"verifikasi/{_sent(c, c.below).pk}/jabatan/{c.refused.pk}/"),
    ),
    _verification("results_pass", PROPOSES, "teruskan/", sends=True),
    _verification("results_return", PROPOSES, "kembalikan/", sends=True),
    _verification("results_withdraw", OFFICER, "tarik/", sends=True),
    _both(
        "determination_record",
        OFFICER,
        lambda c: _last_step(c, c.cast.agency),
        lambda c: _last_step(c, c.below),
        sends=True,
    ),
    _determination("determination", ""),
    _determination("annex_pdf", "lampiran.pdf"),
    _determination("annex_xlsx", "lampiran.xlsx"),
    _both(
        "determination_document",
        EVERY_ROLE,
        lambda c: _with_document(c, c.cast.agency),
        lambda c: _with_document(c, c.below),
    ),
    _determination("determination_revoke", "cabut/", OFFICER, sends=True),
    _both(
        "determined_position",
        EVERY_ROLE,
        lambda c: c.url(f"penetapan/{_determined(c, c.cast.agency).pk}/jabatan/{c.eligible.pk}/"),
        lambda c: c.url(f"penetapan/{_determined(c, c.below).pk}/jabatan/{c.refused.pk}/"),
    ),
]
