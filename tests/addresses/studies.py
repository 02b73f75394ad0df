"""The pages of the studies of agencies."""

from __future__ import annotations

from agencies.access import STUDY_READERS, STUDY_WRITERS
from agencies.models import AgencyReview, Role
from tests.acts.studies import DAY, NOON, drafted, signed
from tests.addresses.address import EVERY_ROLE, Address, Where
from tests.judged_city import JudgedCity

WRITERS = frozenset(STUDY_WRITERS)


def _page(page: str, *, below: bool = False) -> Where:
    def where(city: JudgedCity) -> str:
        agency = city.below if below else city.cast.agency
        return city.url(f"opd/{agency.code}/kajian/{page}")

    return where


def _with_draft(page: str) -> Where:
    def where(city: JudgedCity) -> str:
        if not AgencyReview.objects.drafts().exists():
            drafted(city.cast)
        return _page(page)(city)

    return where


def _study(city: JudgedCity) -> str:
    row = AgencyReview.objects.signed().first() or signed(city.cast)
    return city.url(f"opd/{city.cast.agency.code}/kajian/{row.pk}/")


def _study_elsewhere(city: JudgedCity) -> str:
    row = AgencyReview.objects.create(agency=city.below, valid_from=DAY, source="Kajian", signed_at=NOON)
    return city.url(f"opd/{row.agency.code}/kajian/{row.pk}/")


ADDRESSES = [
    Address("studies", frozenset(STUDY_READERS), lambda city: city.url("kajian/")),
    Address("agency_reviews", EVERY_ROLE, _page(""), _page("", below=True)),
    Address("study", EVERY_ROLE, _study, _study_elsewhere),
    Address("study_draft", WRITERS, _page("konsep/"), _page("konsep/", below=True), sends=True),
    Address("study_discard", WRITERS, _with_draft("konsep/hapus/"), _page("konsep/hapus/", below=True), sends=True),
    Address("study_sign", frozenset({Role.HR_OFFICER}), _with_draft("konsep/tanda-tangan/"), whole=True, sends=True),
]
