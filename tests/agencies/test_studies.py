"""The study of an agency: its people draft it, BKPSDM signs it, and from then on it is read and never changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from agencies.actions import studies
from agencies.errors import ActRefused, ValuesRefused
from agencies.models import AgencyReview, Role
from agencies.studies.values import StudyValues
from eligibility.grounds import grounds
from oversight.faults import Change
from oversight.verification import verify_all
from tests.acts.studies import DAY, NOON, drafted, found, judged, signed
from tests.agencies.two_steps import confirm, fields, opened, preview
from tests.base import Cast, person
from tests.judged_city import JudgedCity
from tests.oversight.chains import unprotected

DRAFT = {
    "period_starts_on": "2024-07-01",
    "period_ends_on": "2024-12-31",
    "sakip_value": "82,5",
    "sakip_grade": "A",
    "sakip_source": "LHE AKIP 2024",
    "e_office": "yes",
    "tte": "no",
    "readiness_source": "Pendataan Diskominfo",
    "electricity": "Rp 12.500.000",
    "costs_source": "LRA 2024",
}
SIGNING = {
    "conclusion": "pilot",
    "reasons": "TTE belum dipakai.",
    "valid_from": "2025-07-01",
    "source": "Kajian 3/2025",
}


@pytest.fixture
def head(client: Client, city: JudgedCity) -> Client:
    client.force_login(city.cast.agency_head)
    return client


def officer_of(city: JudgedCity) -> Client:
    officer = Client()
    officer.force_login(city.cast.hr_officer)
    return officer


def conclusion_read(city: JudgedCity) -> object:
    place = city.cast.institution
    values = grounds(place, DAY, datetime(2025, 7, 2, tzinfo=UTC)).agencies[city.cast.agency.pk].values
    return values["agency.review_conclusion"], values["agency.e_office"], values["agency.tte"]


def test_the_agency_drafts_bkpsdm_signs_and_only_then_rules_read_it(head: Client, city: JudgedCity) -> None:
    draft, sign = (city.url(f"opd/Diskominfo/kajian/konsep/{page}") for page in ("", "tanda-tangan/"))
    assert head.post(draft, DRAFT | {"seen": ""}).status_code == 302
    row = AgencyReview.objects.get()
    assert (row.sakip_value, row.electricity, row.e_office, row.tte) == (Decimal("82.50"), 12_500_000, True, False)
    assert (row.vpn, row.water, row.skm_value, row.is_signed) == (None, None, None, False), (
        "unknown is never zero or no"
    )
    assert conclusion_read(city) == ("none", None, None)
    assert head.get(sign).status_code == 404, "only BKPSDM signs"
    assert head.post(sign, SIGNING | {"confirm": "1"}).status_code == 404
    officer = officer_of(city)
    page = preview(officer, sign, **SIGNING)
    assert conclusion_read(city) == ("none", None, None)
    assert confirm(officer, sign, page, **SIGNING).status_code == 302
    row.refresh_from_db()
    assert (row.is_signed, row.conclusion, row.signed_by) == (True, "pilot", city.cast.hr_officer)
    assert conclusion_read(city) == ("pilot", True, False)
    shown = opened(head, city.url(f"opd/Diskominfo/kajian/{row.pk}/"))
    assert "Rp 12.500.000" in shown
    assert "belum diketahui" in shown


def test_a_draft_is_shown_to_its_writers_alone(client: Client, city: JudgedCity) -> None:
    drafted(city.cast)
    url, word = city.url("opd/Diskominfo/kajian/"), "Lanjutkan konsep"
    clerk = person("kasubbag", Role.HR_OFFICER, city.cast.institution, city.cast.agency)
    for user, sees in (
        (city.cast.hr_officer, True),
        (city.cast.agency_head, True),
        (clerk, True),
        (city.cast.inspector, False),
        (city.cast.employee, False),
    ):
        client.force_login(user)
        assert (word in client.get(url).content.decode()) is sees, user
    client.force_login(city.cast.agency_head)
    assert client.get(city.url(f"opd/{city.below.code}/kajian/konsep/")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "at", "sentence"),
    [
        ({"sakip_value": "182"}, "sakip_value", "0 sampai 100"),
        ({"skm_value": "3,2"}, "skm_value", "25 sampai 100"),
        ({"electricity": "dua juta"}, "electricity", "bilangan bulat"),
        ({"electricity": "-5"}, "electricity", "0 sampai"),
        ({"skp_good": "12"}, "skp_poor", "kelima"),
        ({"complaints_received": "3", "complaints_answered": "4"}, "", "Aduan"),
        ({"staff": "3", "staff_with_device": "4"}, "", "perangkat"),
        ({"services_all": "3", "services_within": "4"}, "", "standar"),
        ({"period_ends_on": "2024-06-30"}, "period_ends_on", "hari pertama"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    head: Client, city: JudgedCity, typed: dict[str, str], at: str, sentence: str
) -> None:
    answer = head.post(city.url("opd/Diskominfo/kajian/konsep/"), DRAFT | typed | {"seen": ""})
    errors = answer.context["form"].errors.get(at or "__all__", [])
    assert sentence.casefold() in " ".join(map(str, errors)).casefold(), answer.context["form"].errors
    page = fields(answer.content.decode())
    assert {name: page[name] for name in typed} == typed
    assert not AgencyReview.objects.exists()


def test_two_who_write_one_draft_lose_nothing(head: Client, city: JudgedCity) -> None:
    url, officer = city.url("opd/Diskominfo/kajian/konsep/"), officer_of(city)
    first, second = fields(opened(head, url)), fields(opened(officer, url))
    assert head.post(url, first | DRAFT).status_code == 302
    answer = officer.post(url, second | DRAFT | {"skm_value": "88,40", "sakip_value": "71", "sakip_grade": "BB"})
    page = answer.content.decode()
    assert "Tercatat sekarang: “82.50”" in page
    assert AgencyReview.objects.get().skm_value is None
    assert officer.post(url, fields(page)).status_code == 302, "sent again, knowing what stands there"
    assert AgencyReview.objects.get().skm_value == Decimal("88.40")


def test_a_draft_that_changed_since_it_was_read_is_not_signed(city: JudgedCity) -> None:
    drafted(city.cast)
    sign, officer = city.url("opd/Diskominfo/kajian/konsep/tanda-tangan/"), officer_of(city)
    page = preview(officer, sign, **SIGNING)
    studies.save_study_draft(actor=None, agency=city.cast.agency, values=found(vpn=True, readiness_source="x"), at=NOON)
    assert confirm(officer, sign, page, **SIGNING).status_code == 200
    assert not AgencyReview.objects.signed().exists()


def test_a_draft_without_sources_or_period_is_not_signed(cast: Cast) -> None:
    agency = cast.agency
    for values, word in ((found(water=3), "Biaya kantor"), (StudyValues(vpn=True), "periodenya")):
        studies.save_study_draft(actor=None, agency=agency, values=values, at=NOON)
        with pytest.raises(ActRefused, match=word):
            studies.sign_study(actor=None, agency=agency, judgement=judged(), at=NOON)
    with pytest.raises(ValuesRefused):
        studies.save_study_draft(actor=None, agency=agency, values=found(skm_value=Decimal(3)), at=NOON)


def test_what_is_signed_is_frozen_and_corrected_by_a_further_study(city: JudgedCity) -> None:
    row = signed(city.cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyReview.objects.filter(pk=row.pk).update(sakip_value=90)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    officer = officer_of(city)
    url = city.url(f"opd/Diskominfo/kajian/konsep/?dari={row.pk}")
    typed = fields(opened(officer, url))
    assert typed["sakip_value"] == "82,50"
    assert officer.post(url, typed | {"sakip_value": "85"}).status_code == 302
    later = studies.sign_study(actor=None, agency=city.cast.agency, judgement=judged(conclusion="cannot"), at=NOON)
    assert later is not None
    assert conclusion_read(city)[0] == "cannot"  # type: ignore[index]
    page = opened(officer, city.url("opd/Diskominfo/kajian/"))
    assert page.count("Juli–Des 2024") <= 9, "of two of one period the later one stands in the charts"
    assert "85,00" in page
    elsewhere = city.url(f"opd/{city.below.code}/kajian/konsep/?dari={row.pk}")
    assert officer.get(elsewhere).status_code == 404, "the study of another agency is no beginning"


def test_a_signed_study_changed_behind_the_portal_is_named(cast: Cast) -> None:
    row = signed(cast)
    drafted(cast)
    assert verify_all().is_whole
    with unprotected(), connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_agencyreview SET conclusion = 'cannot' WHERE id = %s", [row.pk])
    assert {(one.table, one.key, one.change) for one in verify_all().rows} == {
        ("agencies.agencyreview", str(row.pk), Change.CHANGED)
    }


def test_a_draft_is_discarded_with_what_was_typed_and_signed_ones_stay(head: Client, city: JudgedCity) -> None:
    row = signed(city.cast)
    drafted(city.cast)
    url = city.url("opd/Diskominfo/kajian/konsep/hapus/")
    assert head.post(url, fields(opened(head, url))).status_code == 302
    assert list(AgencyReview.objects.all()) == [row]


def test_an_agency_has_one_draft_at_a_time(cast: Cast) -> None:
    drafted(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyReview.objects.create(agency=cast.agency, valid_from=date(2025, 1, 1))
    studies.save_study_draft(actor=None, agency=cast.agency, values=found(vpn=True), at=NOON)
    assert AgencyReview.objects.get().vpn is True
