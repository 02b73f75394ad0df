"""A government publishes its aggregate map; others read it beside their own, and nothing else of it."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Position, Role
from agencies.querysets import open_on
from eligibility.actions.published_maps import publish_map, withdraw_map
from eligibility.footing import Footing
from eligibility.models import MapWithdrawal, PublishedMap
from eligibility.published_maps.counting import counted
from eligibility.published_maps.kept import kept_map
from eligibility.published_maps.texts import read, written
from eligibility.rulebook import Mode
from eligibility.screening import AlikePositions, alike_positions, position_bounds
from oversight.faults import Change
from oversight.verification import verify_all
from tests.acts.published_maps import DAY, published
from tests.acts.studies import NOON, drafted
from tests.agencies.two_steps import fields, opened
from tests.base import Cast, person
from tests.exported import from_csv, from_xlsx
from tests.factories import AgencyFactory, GrantFactory, InstitutionFactory, PositionFactory, TaskFactory, UserFactory
from tests.judged_city import SUITS_HOME, JudgedCity
from tests.oversight.chains import unprotected

PUBLISH = "peta-terbit/terbitkan/"


@pytest.fixture
def grown(city: JudgedCity) -> JudgedCity:
    """The judged city with eight jobs at home, three of them with staff that nobody counted."""
    for number in range(8):
        filled = None if number < 3 else 4
        position = PositionFactory.create(agency=city.cast.agency, title=f"Arsiparis {number}", filled=filled)
        TaskFactory.create(position=position, **SUITS_HOME)
    return city


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def elsewhere(role: Role, *, of_agency: bool = False) -> tuple[Client, str]:
    """Somebody with a role in another city, and that city's code."""
    place = InstitutionFactory.create()
    agency = AgencyFactory.create(institution=place)
    user = UserFactory.create()
    GrantFactory.create(user=user, role=role, institution=place, agency=agency if of_agency else None)
    return signed_in(user), place.code


def test_what_the_officer_saw_is_published_and_others_read_it_beside_their_own(grown: JudgedCity) -> None:
    officer = signed_in(grown.cast.hr_officer)
    page = opened(officer, grown.url(PUBLISH))
    assert "belum diterbitkan" in page
    typed = fields(page) | {"note": "Tahap pertama"}
    assert officer.post(grown.url(PUBLISH), typed).status_code == 302
    row = PublishedMap.objects.get()
    assert (row.judged_on, row.published_by, row.note) == (DAY, grown.cast.hr_officer, "Tahap pertama")
    assert row.rulebook.fingerprint == Footing(row.institution, DAY, NOON).rulebook.fingerprint
    reader = signed_in(grown.cast.outsider)
    listing = opened(reader, "/kota-lain/peta-terbit/")
    assert "Kota Contoh" in listing
    shown = opened(reader, f"/kota-lain/peta-terbit/{row.pk}/")
    assert "Tahap pertama" in shown
    assert row.rulebook_id in shown
    for secret in ("Arsiparis", "Pranata Komputer", grown.cast.hr_officer.username, "Dinas Komunikasi"):
        assert secret not in shown, "no job, person or agency of the other city is named"


def test_a_map_that_changed_since_it_was_seen_is_not_published(grown: JudgedCity) -> None:
    officer = signed_in(grown.cast.hr_officer)
    typed = fields(opened(officer, grown.url(PUBLISH))) | {"note": "x"}
    for number in range(5):
        TaskFactory.create(position=PositionFactory.create(agency=grown.cast.agency, code=f"baru-{number}"))
    answer = officer.post(grown.url(PUBLISH), typed)
    assert "Data telah berubah" in answer.content.decode()
    assert not PublishedMap.objects.exists()


def test_the_map_of_a_page_is_the_one_of_the_last_act_and_nothing_older_is_published(grown: JudgedCity) -> None:
    published(grown.cast)
    officer, place = signed_in(grown.cast.hr_officer), grown.cast.institution

    def shown() -> int:
        return kept_map(Footing(place, DAY, NOON), anew=False).positions

    def add(number: int) -> None:
        TaskFactory.create(position=PositionFactory.create(agency=grown.cast.agency, code=f"baru-{number}"))

    page = opened(officer, grown.url(PUBLISH))
    for number in range(5):
        add(number)
    assert shown() == 13, "no act has told of them"
    assert "Data telah berubah" in officer.post(grown.url(PUBLISH), fields(page)).content.decode()
    assert (shown(), PublishedMap.objects.count()) == (18, 1)
    add(5)
    drafted(grown.cast)
    assert shown() == 19


def test_every_role_that_maps_reads_it_and_nobody_else(grown: JudgedCity) -> None:
    row = published(grown.cast)
    readers = {Role.HR_OFFICER, Role.AGENCY_HEAD, Role.RULES_ADMINISTRATOR, Role.INSPECTOR}
    for role in Role:
        client, code = elsewhere(role, of_agency=role is Role.AGENCY_HEAD)
        expected = 200 if role in readers else 404
        assert client.get(f"/{code}/peta-terbit/").status_code == expected, role
        assert client.get(f"/{code}/peta-terbit/{row.pk}/").status_code == expected, role
        assert client.get(f"/{code}/peta-terbit/{row.pk}/?unduh=csv").status_code == expected, role
        assert client.get(f"/{code}/peta-terbit/{row.pk}/tarik/").status_code == 404, role
        assert client.get(grown.url(f"peta-terbit/{row.pk}/")).status_code == 404, "not through the other's own pages"
        assert client.get(grown.url("peta/")).status_code == 404


def test_an_agencys_head_sees_her_own_city_only_as_published(grown: JudgedCity) -> None:
    client, code = elsewhere(Role.AGENCY_HEAD, of_agency=True)
    row = published(grown.cast)
    assert "tidak tertera di sampingnya" in opened(client, f"/{code}/peta-terbit/{row.pk}/")


def test_a_withdrawn_map_is_seen_by_nobody_else_and_stays_in_the_trail(grown: JudgedCity) -> None:
    row, officer = published(grown.cast), signed_in(grown.cast.hr_officer)
    url = grown.url(f"peta-terbit/{row.pk}/tarik/")
    assert officer.post(url, fields(opened(officer, url)) | {"reason": ""}).status_code == 200
    assert not MapWithdrawal.objects.exists()
    assert officer.post(url, fields(opened(officer, url)) | {"reason": "Data diperbaiki"}).status_code == 302
    reader = signed_in(grown.cast.outsider)
    assert reader.get(f"/kota-lain/peta-terbit/{row.pk}/").status_code == 404
    assert "Kota Contoh" not in opened(reader, "/kota-lain/peta-terbit/")
    assert "Ditarik pada" in opened(officer, grown.url(f"peta-terbit/{row.pk}/"))
    assert signed_in(grown.cast.inspector).get(grown.url(f"peta-terbit/{row.pk}/")).status_code == 404
    assert withdraw_map(actor=None, published_map=row, reason="lagi", at=NOON) is None


def test_of_another_government_only_the_newest_map_is_seen_and_no_older_one_comes_back(grown: JudgedCity) -> None:
    """Beside each other two maps would tell of the single position by which they differ."""
    officer, reader = signed_in(grown.cast.hr_officer), signed_in(grown.cast.outsider)
    former = published(grown.cast)
    TaskFactory.create(position=PositionFactory.create(agency=grown.cast.agency, filled=4), **SUITS_HOME)
    newest = publish_map(actor=None, institution=grown.cast.institution, judged_on=DAY, note="Kedua", at=NOON)
    assert newest is not None
    assert newest.content != former.content
    places = {row.pk: f"peta-terbit/{row.pk}/" for row in (former, newest)}
    pages = {key: (f"/kota-lain/{place}", f"/kota-contoh/{place}") for key, place in places.items()}
    listing = opened(reader, "/kota-lain/peta-terbit/")
    assert (pages[newest.pk][0] in listing, pages[former.pk][0] in listing) == (True, False)
    for suffix in ("", "?unduh=csv"):
        assert reader.get(f"{pages[newest.pk][0]}{suffix}").status_code == 200
        assert reader.get(f"{pages[former.pk][0]}{suffix}").status_code == 404
    for own in (officer, signed_in(grown.cast.inspector)):
        listing = opened(own, grown.url("peta-terbit/"))
        for _theirs, url in pages.values():
            assert url in listing
            assert own.get(url).status_code == 200
    withdraw_map(actor=None, published_map=newest, reason="Keliru", at=NOON)
    for theirs, _own in pages.values():
        assert reader.get(theirs).status_code == 404
    again = publish_map(actor=None, institution=grown.cast.institution, judged_on=DAY, note="Ketiga", at=NOON)
    assert again is not None
    assert reader.get(f"/kota-lain/peta-terbit/{again.pk}/").status_code == 200


def test_published_maps_are_frozen_and_what_is_changed_behind_the_portal_is_named(grown: JudgedCity) -> None:
    row = published(grown.cast)
    withdrawal = withdraw_map(actor=None, published_map=row, reason="Keliru", at=NOON)
    assert withdrawal is not None
    for found in (row, withdrawal):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(found)._base_manager.filter(pk=found.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedMap.objects.update(note="lain")
    assert verify_all().is_whole
    with unprotected(), connection.cursor() as cursor:
        cursor.execute("UPDATE eligibility_publishedmap SET note = 'lain' WHERE id = %s", [row.pk])
    assert {(one.table, one.key, one.change) for one in verify_all().rows} == {
        ("eligibility.publishedmap", str(row.pk), Change.CHANGED)
    }


def test_the_text_gives_the_map_back_and_counts_every_open_position_once(grown: JudgedCity) -> None:
    row = published(grown.cast)
    found = read(row.content)
    assert written(found) == row.content
    place = grown.cast.institution
    assert found.positions == place.positions.count() == 13
    counts = counted(Footing(place, DAY, NOON))
    assert {sum(count.positions for group in counts.values() for count in group[mode]) for mode in found.totals} == {13}
    assert not re.search(r"(?<![0-9])[1-4](?![0-9])", re.sub(r'"format":1', "", row.content)), "no small number is told"


def test_positions_counted_together_are_those_judged_one_by_one(grown: JudgedCity) -> None:
    agency = grown.cast.agency
    TaskFactory.create(position=PositionFactory.create(agency=agency, code="tutup", closed_on=DAY, filled=7))
    PositionFactory.create(agency=agency, code="tanpa tugas", filled=2)
    footing = Footing(agency.institution, DAY, NOON)
    known = position_bounds(footing.rulebook, footing.grounds, institution=agency.institution)
    one_by_one: dict[tuple[object, ...], list[int | None]] = {}
    for row in Position.objects.filter(open_on(DAY), institution=agency.institution):
        key = (row.agency_id, *(known[row.pk][mode] for mode in Mode))
        one_by_one.setdefault(key, []).append(row.filled)
    together: dict[tuple[object, ...], list[AlikePositions]] = {}
    for one in alike_positions(footing.rulebook, footing.grounds, agency.institution):
        together.setdefault((one.agency, *(one.bounds[mode] for mode in Mode)), []).append(one)
    assert together.keys() == one_by_one.keys()
    for key, staff in one_by_one.items():
        assert sum(part.positions for part in together[key]) == len(staff)
        told = [part.staff for part in together[key]]
        assert None in told if None in staff else sum(filter(None, told)) == sum(filter(None, staff))


def test_a_place_of_few_positions_publishes_nothing(cast: Cast, city: JudgedCity) -> None:
    small = InstitutionFactory.create(code="kota-kecil")
    PositionFactory.create(agency=AgencyFactory.create(institution=small))
    officer = signed_in(person("bkd", Role.HR_OFFICER, small))
    page = opened(officer, "/kota-kecil/peta-terbit/terbitkan/?per=2025-07-01")
    assert "kurang dari lima" in page
    answer = officer.post("/kota-kecil/peta-terbit/terbitkan/?per=2025-07-01", fields(page))
    assert "Tidak ada yang diterbitkan" in answer.content.decode()
    assert not PublishedMap.objects.exists()


def test_the_comparison_is_taken_away_as_it_is_shown(grown: JudgedCity) -> None:
    row, reader = published(grown.cast), signed_in(grown.cast.outsider)
    url = f"/kota-lain/peta-terbit/{row.pk}/?bentuk=home"
    for kind, reading in (("csv", from_csv), ("xlsx", from_xlsx)):
        file = reading(reader.get(f"{url}&unduh={kind}"))
        assert file.rows[-1][0] == "Seluruhnya"
        assert str(file.rows[-1][1]).removesuffix(".0") == "13"
        assert "disembunyikan" in {str(cell) for line in file.rows for cell in line}
        assert row.rulebook_id in " ".join(file.told.values())


def test_the_pages_cost_the_same_for_one_map_and_for_twenty(grown: JudgedCity) -> None:
    published(grown.cast)
    reader = signed_in(grown.cast.hr_officer)

    def queries() -> int:
        reader.get(grown.url("peta-terbit/"))
        with CaptureQueriesContext(connection) as captured:
            reader.get(grown.url("peta-terbit/"))
        return len(captured)

    before = queries()
    for number in range(20):
        publish_map(actor=None, institution=grown.cast.institution, judged_on=DAY, note=f"{number}", at=NOON)
    assert PublishedMap.objects.count() == 21
    assert queries() == before
