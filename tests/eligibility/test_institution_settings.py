"""The open points of the law: a dated value of the institution or the portal's default, named as such."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from agencies.errors import ActRefused
from agencies.models import Document, Posting
from eligibility.actions.institution import set_setting
from eligibility.loading import rulebook, settings_in_force
from eligibility.local_settings import DETERMINATION_STEPS, POSTING_REASONS, SETTINGS, SettingValue, setting_words
from eligibility.models import InstitutionSetting
from oversight.models import TrailEntry
from tests.acts.institution import NOON, add_document
from tests.agencies.test_places_register import confirmed, last_entry
from tests.base import Cast
from tests.factories import InstitutionFactory
from tests.judged_city import JudgedCity

DAY = date(2025, 7, 1)
END = datetime(2099, 1, 1, tzinfo=UTC)


def record(cast: Cast, name: str, value: SettingValue, valid_from: date = DAY) -> None:
    set_setting(
        actor=cast.hr_officer,
        institution=cast.institution,
        name=name,
        value=value,
        valid_from=valid_from,
        source="Keputusan 1/2025",
        at=NOON,
    )


def test_the_reasons_of_a_posting_are_the_same_here_and_there() -> None:
    assert [choice.code for choice in POSTING_REASONS] == Posting.Reason.values
    assert DETERMINATION_STEPS[-1].code == "ppk"


def test_the_defaults_are_the_portals_and_what_nobody_says_is_unknown(cast: Cast) -> None:
    settings = settings_in_force(cast.institution, DAY, END)
    assert settings.members("new_posting_reasons") == ("formation", "promotion", "transfer", "rotation")
    assert settings.members("determination_steps") == tuple(step.code for step in DETERMINATION_STEPS)
    assert settings.number("light_discipline_days") is None
    assert (settings.number("follow_up_days"), settings.number("review_days")) == (60, 30)
    assert settings.is_on("facts_must_be_agreed") is False
    assert (settings.text("letter_name"), settings.text("ppk_title")) == ("Surat Tugas", "Wali Kota")
    regency = InstitutionFactory.create(kind="regency")
    assert settings_in_force(regency, DAY, END).text("ppk_title") == "Bupati"


def test_a_value_holds_from_its_day_and_a_later_record_of_the_same_day_wins(cast: Cast) -> None:
    record(cast, "light_discipline_days", Decimal(90))
    record(cast, "determination_steps", frozenset({"ppk", "hr_verification"}))
    settings = settings_in_force(cast.institution, DAY, END)
    assert settings.number("light_discipline_days") == 90
    assert settings.members("determination_steps") == ("hr_verification", "ppk"), "in the order of the chain"
    assert settings_in_force(cast.institution, date(2025, 6, 30), END).number("light_discipline_days") is None
    before_recorded = datetime(2025, 7, 1, 4, tzinfo=UTC)
    assert settings_in_force(cast.institution, DAY, before_recorded).number("light_discipline_days") is None
    record(cast, "light_discipline_days", Decimal(30))
    assert settings_in_force(cast.institution, DAY, END).number("light_discipline_days") == 30
    assert InstitutionSetting.objects.count() == 3


def test_only_what_the_engine_reads_changes_the_fingerprint_of_a_rulebook(city: JudgedCity) -> None:
    institution = city.cast.institution
    before = rulebook(institution, DAY, END).fingerprint
    record(city.cast, "letter_name", "Surat Perintah")
    record(city.cast, "facts_must_be_agreed", True)
    assert rulebook(institution, DAY, END).fingerprint == before
    record(city.cast, "new_posting_reasons", frozenset({"formation"}))
    assert rulebook(institution, DAY, END).fingerprint != before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("working_days_per_week", Decimal(8)),
        ("working_days_per_week", Decimal("4.5")),
        ("working_days_per_week", Decimal("NaN")),
        ("location_criteria_required", Decimal(0)),
        ("new_posting_reasons", frozenset()),
        ("new_posting_reasons", frozenset({"kehendak"})),
        ("determination_steps", frozenset({"sekda", "hr_verification"})),
        ("determination_steps", frozenset({"ppk"})),
        ("facts_must_be_agreed", "ya"),
        ("facts_must_be_agreed", None),
        ("letter_name", "  "),
        ("letter_name", "x" * 101),
    ],
)
def test_a_value_the_setting_cannot_take_is_refused_at_its_field(cast: Cast, name: str, value: SettingValue) -> None:
    with pytest.raises(ActRefused) as refusal:
        record(cast, name, value)
    assert refusal.value.field == "value"
    assert not InstitutionSetting.objects.exists()


def test_an_unknown_setting_and_a_document_of_another_city_are_refused(cast: Cast) -> None:
    with pytest.raises(ActRefused, match="selera"):
        record(cast, "selera", True)
    document = add_document(cast)
    assert isinstance(document, Document)
    other = InstitutionFactory.create()
    with pytest.raises(ActRefused) as refusal:
        set_setting(
            actor=None,
            institution=other,
            name="letter_name",
            value="Surat Perintah",
            valid_from=DAY,
            source="x",
            document=document,
            at=NOON,
        )
    assert refusal.value.field == "document"


TYPED: dict[str, tuple[object, object]] = {
    "working_days_per_week": ("6", 6),
    "new_posting_reasons": (["formation", "level"], ["formation", "level"]),
    "facts_must_be_agreed": ("yes", True),
    "letter_name": ("Surat Perintah", "Surat Perintah"),
    "determination_steps": (["hr_verification", "ppk"], ["hr_verification", "ppk"]),
}


@pytest.mark.parametrize("name", TYPED)
def test_each_kind_of_setting_has_a_form_that_shows_what_follows(client: Client, city: JudgedCity, name: str) -> None:
    client.force_login(city.cast.hr_officer)
    value, stored = TYPED[name]
    url = city.url(f"pengaturan/{name}/catat/")
    typed = {"value": value, "valid_from": "2025-07-01", "source": "Keputusan 1/2025", "document": ""}
    assert "nilai bawaan portal" in client.get(city.url(f"pengaturan/{name}/")).content.decode()
    confirmed(client, url, typed)
    row = InstitutionSetting.objects.get()
    assert (row.name, row.value, row.source) == (name, stored, "Keputusan 1/2025")
    page = client.get(city.url(f"pengaturan/{name}/")).content.decode()
    assert "Keputusan 1/2025" in page
    assert "Keputusan 1/2025" not in last_entry(city).body
    entries = TrailEntry.objects.count()
    confirmed(client, url, typed)
    assert TrailEntry.objects.count() == entries, "the same again changes nothing"


def test_a_form_answers_bad_input_at_its_field_and_keeps_what_was_typed(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    for name, value in (
        ("working_days_per_week", "enam"),
        ("working_days_per_week", "9" * 400),
        ("new_posting_reasons", ["kehendak"]),
        ("facts_must_be_agreed", "mungkin"),
        ("determination_steps", ["ppk"]),
    ):
        typed = {"value": value, "valid_from": "2025-07-01", "source": "Keputusan 1/2025"}
        answer = client.post(city.url(f"pengaturan/{name}/catat/"), typed | {"preview": "1"})
        assert list(answer.context["form"].errors) == ["value"], name
        assert "Keputusan 1/2025" in answer.content.decode()
    answer = client.post(city.url("pengaturan/letter_name/catat/"), {"value": "x", "valid_from": "", "source": ""})
    assert list(answer.context["form"].errors) == ["valid_from", "source"]
    assert client.get(city.url("pengaturan/selera/")).status_code == 404
    assert not InstitutionSetting.objects.exists()


def test_the_page_names_every_open_point_its_default_and_what_comes_later(client: Client, city: JudgedCity) -> None:
    record(city.cast, "working_days_per_week", Decimal(6), date(2025, 9, 1))
    client.force_login(city.cast.employee)
    page = client.get(city.url("pengaturan/")).content.decode()
    assert page.count("nilai bawaan portal, belum") == len(SETTINGS)
    assert "mulai 1 September 2025: 6 hari" in page
    later = client.get(city.url("pengaturan/", "2025-09-01")).content.decode()
    assert later.count("nilai bawaan portal, belum") == len(SETTINGS) - 1
    assert "catat" not in page, "who may not write is offered no form"


def test_words_of_a_value_follow_its_kind() -> None:
    same = str
    assert setting_words(SETTINGS["working_days_per_week"], Decimal(6), same) == "6 days"
    assert setting_words(SETTINGS["facts_must_be_agreed"], True, same) == "yes"
    chosen = frozenset({"rotation", "formation"})
    assert setting_words(SETTINGS["new_posting_reasons"], chosen, same) == "Formasi, Rotasi"
    assert setting_words(SETTINGS["light_discipline_days"], None, same).startswith("not known")


def test_the_history_is_the_same_number_of_queries_for_one_value_and_for_many(client: Client, city: JudgedCity) -> None:
    from tests.test_query_counts import queries

    client.force_login(city.cast.hr_officer)
    record(city.cast, "working_days_per_week", Decimal(6))
    before = [queries(client, city.url(page)) for page in ("pengaturan/", "pengaturan/working_days_per_week/")]
    for month in range(1, 12):
        record(city.cast, "working_days_per_week", Decimal(5), date(2024, month, 1))
    after = [queries(client, city.url(page)) for page in ("pengaturan/", "pengaturan/working_days_per_week/")]
    assert after == before
