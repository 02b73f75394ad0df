"""What an institution says of itself by forms: its stage, places of work, own criteria."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.actions import places
from agencies.errors import ActRefused
from agencies.models import LocalCriterion, PolicyStage, Workplace
from oversight.models import TrailEntry
from tests.acts.institution import NOON, balai, in_register
from tests.base import Cast
from tests.factories import AgencyFactory, UnitFactory
from tests.judged_city import JudgedCity


def confirmed(client: Client, url: str, typed: Mapping[str, object]) -> str:
    """Send a form, look at what follows, confirm it; the page with what follows."""
    shown = client.post(url, {**typed, "preview": "1"})
    page = shown.content.decode()
    assert shown.status_code == 200
    assert shown.context["consequences"] is not None, shown.context["form"].errors
    previewed = shown.context["form"].data["previewed"]
    answer = client.post(url, {**typed, "previewed": previewed, "confirm": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    return page


def last_entry(city: JudgedCity) -> TrailEntry:
    """The last link of the city's own chain."""
    return TrailEntry.objects.filter(institution=city.cast.institution).latest("number")


@pytest.fixture
def officer(client: Client, city: JudgedCity) -> Client:
    """A browser signed in as the city's HR officer."""
    client.force_login(city.cast.hr_officer)
    return client


STAGE = {"stage": "adopted", "valid_from": "2025-07-01", "source": "Keputusan Wali Kota 9/2025"}


def test_a_stage_is_recorded_after_what_follows_was_shown_and_the_earlier_stays(
    officer: Client, city: JudgedCity
) -> None:
    page = confirmed(officer, city.url("tahap-kebijakan/catat/"), STAGE)
    assert "Belum ada yang disimpan." in page
    shown = officer.get(city.url("tahap-kebijakan/")).content.decode()
    assert "Diterapkan" in shown or "Keputusan Wali Kota 9/2025" in shown
    assert "Pers, Juni 2025" in shown, "the history keeps the earlier stage"
    stages = city.cast.institution.policy_stages
    assert (stages.in_force(date(2025, 6, 30)).stage, stages.in_force(date(2025, 7, 1)).stage) == (  # type: ignore[union-attr]
        "studying",
        "adopted",
    )
    entry = last_entry(city)
    assert entry.action == "policy_stage_recorded"
    assert "Keputusan" not in entry.body, "a source may name people"


def test_looking_at_what_follows_stores_nothing_and_a_changed_form_is_shown_again(
    officer: Client, city: JudgedCity
) -> None:
    url = city.url("tahap-kebijakan/catat/")
    shown = officer.post(url, STAGE | {"preview": "1"})
    assert PolicyStage.objects.count() == 1
    previewed = shown.context["form"].data["previewed"]
    again = officer.post(url, STAGE | {"stage": "pilot", "previewed": previewed, "confirm": "1"})
    assert (again.status_code, PolicyStage.objects.count()) == (200, 1)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"stage": "mungkin"}, "stage"),
        ({"stage": ""}, "stage"),
        ({"valid_from": "1 Juli"}, "valid_from"),
        ({"source": ""}, "source"),
        ({"source": "x" * 501}, "source"),
    ],
)
def test_a_stage_is_refused_at_its_field_with_everything_typed(
    officer: Client, city: JudgedCity, typed: dict[str, str], field: str
) -> None:
    answer = officer.post(city.url("tahap-kebijakan/catat/"), STAGE | typed | {"preview": "1"})
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["source"].value() == (STAGE | typed)["source"]
    assert PolicyStage.objects.count() == 1


PLACE = {
    "code": "BALAI-RW-05",
    "name": "Balai RW 05",
    "kind": "other_office",
    "agency": "",
    "address": "Jalan Contoh 5",
    "basis": "Keputusan 1/2025",
    "valid_from": "2025-07-01",
}


def test_a_place_is_added_corrected_and_closed_and_the_trail_keeps_what_was(officer: Client, city: JudgedCity) -> None:
    assert officer.post(city.url("tempat-kerja/tambah/"), PLACE).status_code == 302
    place = Workplace.objects.get()
    correction = PLACE | {"address": "Jalan Lain 7", "agency": city.cast.agency.pk}
    assert officer.post(city.url(f"tempat-kerja/{place.pk}/"), correction).status_code == 302
    confirmed(officer, city.url(f"tempat-kerja/{place.pk}/tutup/"), {"closed_on": "2025-09-01"})
    place.refresh_from_db()
    assert (place.address, place.agency, place.closed_on) == ("Jalan Lain 7", city.cast.agency, date(2025, 9, 1))
    page = officer.get(city.url("tempat-kerja/")).content.decode()
    assert "Jalan Lain 7" in page
    assert "1 September 2025" in page
    entries = TrailEntry.objects.filter(institution=city.cast.institution).order_by("number")
    actions = list(entries.values_list("action", flat=True))[-3:]
    assert actions == ["workplace_added", "workplace_corrected", "workplace_closed"]


def test_a_place_is_refused_at_its_field(officer: Client, city: JudgedCity) -> None:
    stranger = AgencyFactory.create()
    in_register(city.cast)
    for typed, field in (
        ({"code": "KANTOR-2"}, "code"),
        ({"agency": stranger.pk}, "agency"),
        ({"kind": "kafe"}, "kind"),
        ({"basis": ""}, "basis"),
        ({"valid_from": "2025-02-30"}, "valid_from"),
    ):
        answer = officer.post(city.url("tempat-kerja/tambah/"), PLACE | typed)
        assert list(answer.context["form"].errors) == [field]
    place = in_register(city.cast)
    answer = officer.post(city.url(f"tempat-kerja/{place.pk}/tutup/"), {"closed_on": "2025-06-30", "preview": "1"})
    assert list(answer.context["form"].errors) == ["closed_on"]
    assert Workplace.objects.filter(closed_on=None).count() == 1


def test_an_act_of_another_city_on_an_agency_is_refused(cast: Cast) -> None:
    values = balai(agency=AgencyFactory.create())
    with pytest.raises(ActRefused) as refusal:
        places.add_workplace(actor=None, institution=cast.institution, values=values, at=NOON)
    assert refusal.value.field == "agency"
    assert not Workplace.objects.exists()


def test_an_own_criterion_bears_its_name_on_the_answer_card(officer: Client, city: JudgedCity) -> None:
    typed = {"label": "Data di server pemerintah", "question": "Apakah datanya di server pemerintah?"}
    confirmed(officer, city.url("kriteria-lokal/2/"), typed)
    assert "Data di server pemerintah" in officer.get(city.url("kriteria-lokal/")).content.decode()
    assert LocalCriterion.objects.get().number == 2
    assert officer.get(city.url("kriteria-lokal/5/")).status_code == 404
    answer = officer.post(city.url("kriteria-lokal/2/"), typed | {"question": ""})
    assert list(answer.context["form"].errors) == ["question"]


def test_what_is_sent_again_changes_nothing_and_leaves_no_entry(officer: Client, city: JudgedCity) -> None:
    confirmed(officer, city.url("tahap-kebijakan/catat/"), STAGE)
    entries = TrailEntry.objects.count()
    confirmed(officer, city.url("tahap-kebijakan/catat/"), STAGE)
    assert TrailEntry.objects.count() == entries


def test_the_register_costs_the_same_for_one_place_and_for_fifty(officer: Client, city: JudgedCity) -> None:
    def queries() -> int:
        officer.get(city.url("tempat-kerja/"))
        with CaptureQueriesContext(connection) as captured:
            officer.get(city.url("tempat-kerja/"))
        return len(captured)

    in_register(city.cast)
    before = queries()
    for number in range(50):
        values = balai(code=f"K-{number}", agency=city.cast.agency)
        places.add_workplace(actor=None, institution=city.cast.institution, values=values, at=NOON)
    assert queries() == before


def test_no_form_offers_what_is_closed_but_a_place_keeps_its_agency(client: Client, cast: Cast) -> None:
    closed = AgencyFactory.create(institution=cast.institution, name="Dinas Lama", closed_on=date(2020, 1, 1))
    UnitFactory.create(agency=closed, name="Bidang Lama", closed_on=date(2020, 1, 1))
    kept = Workplace.objects.create(
        institution=cast.institution,
        code="lama",
        name="Kantor lama",
        kind="uptd",
        agency=closed,
        address="Jalan Lama 1",
        basis="SK 1",
        valid_from=date(2019, 1, 1),
        recorded_at=timezone.now(),
    )
    client.force_login(cast.hr_officer)
    for page in ("tempat-kerja/tambah/", "dasar-pelaksanaan/catat/"):
        shown = client.get(f"/kota-contoh/{page}").content.decode()
        assert "Dinas Kesehatan" in shown
        assert "Lama" not in shown
    assert "Dinas Lama" in client.get(f"/kota-contoh/tempat-kerja/{kept.pk}/").content.decode()
