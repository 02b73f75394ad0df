"""The administration of the law: who opens it, what may be written there, what is only to be read."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.models import Role, User
from eligibility.models import InstitutionSetting, Instrument, ProvisionVerification, Rule, RuleVersion
from oversight.models import TrailEntry
from tests.acts.drafts import circular, drafted, published, second_administrator
from tests.acts.rule_cases import case_of_counter
from tests.base import Cast, person
from tests.eligibility.law_typing import ADMIN, no_rows
from tests.factories import GrantFactory, InstitutionFactory, UserFactory

PAGES = (
    "/admin/",
    "/admin/analisis/",
    *(f"{ADMIN}/{model}/" for model in ("instrument", "ruleversion", "provision", "institutionsetting", "senderkey")),
    f"{ADMIN}/instrument/impor/",
    f"{ADMIN}/senderkey/add/",
)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def acts_on(row: RuleVersion) -> list[str]:
    return [
        f"{ADMIN}/ruleversion/{row.pk}/{act}/" for act in ("tinjau", "terbitkan", "buang", "salin", "cabut", "kasus")
    ]


def test_grants_of_rules_administrators_open_it_and_nothing_else_does(client: Client, cast: Cast) -> None:
    case = case_of_counter(cast)
    row = drafted(cast)
    closing = f"{ADMIN}/ruleversion/{row.pk}/kasus/{case.pk}/tutup/"
    everything = [closing, *PAGES, f"{ADMIN}/ruleversion/{row.pk}/change/", f"{ADMIN}/ruleversion/add/", *acts_on(row)]
    for url in everything:
        assert client.get(url).status_code == 302, "a visitor is asked to sign in"
    superuser = UserFactory.create(is_superuser=True, is_staff=True)
    clerk = UserFactory.create()
    GrantFactory.create(user=clerk, role=Role.RULES_ADMINISTRATOR, institution=cast.institution, agency=cast.agency)
    for user in (*(one for one in cast.insiders if one != cast.rules_administrator), cast.outsider, superuser, clerk):
        for url in everything:
            assert signed_in(user).get(url).status_code == 404, (user.username, url)
    for url in (closing, *PAGES):
        assert signed_in(cast.rules_administrator).get(url).status_code == 200, url


def test_who_writes_elsewhere_reads_what_is_published_and_knows_nothing_of_drafts(cast: Cast) -> None:
    neighbour = person("neighbour", Role.RULES_ADMINISTRATOR, InstitutionFactory.create(code="kota-tetangga"))
    client = signed_in(neighbour)
    draft = drafted(cast)
    for url in (
        f"{ADMIN}/ruleversion/{draft.pk}/change/",
        f"{ADMIN}/instrument/{draft.provision.instrument_id}/change/",
    ):
        assert client.get(url).status_code == 404, url
    assert "LOKET" not in client.get(f"{ADMIN}/ruleversion/").content.decode()
    row = published(cast)
    page = client.get(f"{ADMIN}/ruleversion/{row.pk}/change/").content.decode()
    assert "Petugas loket tetap di kantor" in page
    assert '<form method="post" id="ruleversion_form"' not in page
    for url in acts_on(row):
        assert client.post(url, {"confirm": "1"}).status_code == 404, url
    for act in ("perpanjang", "akhiri", "ketentuan", "buang", "terbitkan"):
        assert client.post(f"{ADMIN}/instrument/{row.provision.instrument_id}/{act}/", {}).status_code == 404
    assert client.post(f"{ADMIN}/provision/{row.provision_id}/bandingkan/", {"confirm": "1"}).status_code == 404


def test_what_is_published_is_read_only_everywhere_in_it(cast: Cast) -> None:
    row = published(cast)
    client = signed_in(cast.rules_administrator)
    before = TrailEntry.objects.count()
    for model, key in (
        ("ruleversion", row.pk),
        ("instrument", row.provision.instrument_id),
        ("provision", row.provision_id),
    ):
        page = client.get(f"{ADMIN}/{model}/{key}/change/")
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode(), model
        client.post(f"{ADMIN}/{model}/{key}/change/", {"_save": "1", "title": "Diubah", "summary": "Diubah"})
        assert client.post(f"{ADMIN}/{model}/{key}/delete/", {"post": "yes"}).status_code == 404, model
        assert client.get(f"{ADMIN}/{model}/{key}/history/").status_code == 404, model
    listed = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    client.post(f"{ADMIN}/ruleversion/", listed)
    assert RuleVersion.objects.get(pk=row.pk).title == "Petugas loket tetap di kantor"
    assert TrailEntry.objects.count() == before


def test_a_draft_is_shown_as_its_sentence_reviewed_published_cloned_compared_and_repealed(cast: Cast) -> None:
    row = drafted(cast)
    writer, reviewer = signed_in(cast.rules_administrator), signed_in(second_administrator(cast))
    page = f"{ADMIN}/ruleversion/{row.pk}"
    assert "Petugas loket tetap di kantor" in writer.get(f"{page}/change/").content.decode()
    unreviewed = writer.get(f"{page}/terbitkan/").content.decode()
    assert "Belum ada yang meninjau" in unreviewed
    assert 'name="confirm"' not in unreviewed
    refused = writer.post(f"{page}/tinjau/", {"confirm": "1"})
    assert "pengelola aturan kedua" in refused.content.decode()
    assert reviewer.post(f"{page}/tinjau/", {"confirm": "1"}).status_code == 302
    assert writer.post(f"{page}/terbitkan/", {"confirm": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.published_at
    assert writer.post(f"{page}/salin/", {"confirm": "1"}).status_code == 302
    clone = RuleVersion.objects.drafts().get(rule=row.rule)
    assert "Berlaku mulai" in writer.get(f"{ADMIN}/ruleversion/{clone.pk}/beda/").content.decode()
    assert writer.post(f"{ADMIN}/ruleversion/{clone.pk}/buang/", {"confirm": "1"}).status_code == 302
    bad = writer.post(f"{page}/cabut/", {"confirm": "1", "ends_from": "besok", "basis": "", "known_from": "2099-01-01"})
    assert bad.status_code == 200
    assert not row.rule.repeals.exists()
    sent = {"confirm": "1", "ends_from": "2025-07-03", "basis": "SE 12/2025", "known_from": "2025-07-02"}
    assert writer.post(f"{page}/cabut/", sent).status_code == 302
    assert row.rule.repeals.count() == 1


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"effective_from": "2025-02-30"}, "effective_from"),
        ({"modes": ["moon"]}, "modes"),
        ({"effect": "limit", "limit": "share_of_staff:most", "limit_value": "banyak"}, "limit_value"),
        ({"effect": "limit", "limit": "share_of_staff:most", "limit_value": "150"}, "limit"),
        ({"effect": "attach", "condition_kind": "text"}, "condition_kind"),
        ({"effect": "require"}, "effect"),
        ({"effect": "lift"}, "effect"),
        ({"provision": "0"}, "provision"),
        ({"title": ""}, "title"),
        ({"condition_approver": "sekda"}, "condition_approver"),
        ({"required_count": "2"}, "required_count"),
        ({"code": "dua kata"}, "code"),
    ],
)
def test_wrong_input_is_answered_at_its_field(cast: Cast, fields: dict[str, object], place: str) -> None:
    right = _right(cast)
    answer = signed_in(cast.rules_administrator).post(f"{ADMIN}/ruleversion/add/", right | fields)
    assert answer.status_code == 200
    assert place in answer.context["form"].errors, answer.context["form"].errors
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        {"fact": "task.with_tik", "operator": "at_least", "values": "yes"},
        {"fact": "task.with_tik", "operator": "is", "values": "mungkin"},
        {"fact": "task.exposure", "operator": "one_of", "values": ["direct", "lunar"]},
        {"fact": "task.exposure", "operator": "is", "values": ["direct", "emergency"]},
        {"fact": "task.hours_per_day", "operator": "at_least", "values": "delapan"},
        {"fact": "task.hours_per_day", "operator": "at_least", "values": "9" * 400},
        {"fact": "task.forgotten", "operator": "is", "values": "1"},
        {"fact": "employee.kind", "operator": "is", "values": ["pns"]},
        {"fact": "task.with_tik", "operator": "is"},
        {"fact": "task.with_tik", "operator": "is", "values": "yes", "setting": "tiada"},
    ],
)
def test_wrong_criteria_are_answered_in_their_row(cast: Cast, row: dict[str, object]) -> None:
    sent = _right(cast) | {"applies-TOTAL_FORMS": "1"} | {f"applies-0-{name}": value for name, value in row.items()}
    answer = signed_in(cast.rules_administrator).post(f"{ADMIN}/ruleversion/add/", sent)
    assert answer.status_code == 200
    applies = answer.context["sections"][1].rows[0]
    assert applies.forms[0].errors, row
    assert not Rule.objects.exists()
    assert "errorlist" in answer.content.decode()


def test_contradictory_days_and_overlaps_are_answered_in_their_row(cast: Cast) -> None:
    client = signed_in(cast.rules_administrator)
    sent = {
        "code": "SE-1",
        "title": "SE 1",
        "issuer": "Wali Kota",
        "subject": "x",
        "layer": "50",
        "known_from": "2025-06-01",
        "periods-TOTAL_FORMS": "2",
        "periods-INITIAL_FORMS": "0",
        "periods-0-starts_on": "2025-07-01",
        "periods-0-ends_on": "2025-07-04",
        "periods-1-starts_on": "2025-07-03",
        "scopes-TOTAL_FORMS": "0",
        "scopes-INITIAL_FORMS": "0",
        "provisions-TOTAL_FORMS": "1",
        "provisions-INITIAL_FORMS": "0",
        "provisions-0-reference": "Angka 1",
        "provisions-0-summary": "x",
        "provisions-0-mark": "1",
        "provisions-0-quote": "Kutipan tanpa sumber",
        "_save": "1",
    }
    url = f"{ADMIN}/instrument/add/"
    answer = client.post(url, sent)
    assert "url" in answer.context["sections"][3].rows[0].forms[0].errors
    answer = client.post(url, sent | {"provisions-0-quote": ""})
    assert answer.context["sections"][1].rows[0].forms[1].errors
    answer = client.post(url, sent | {"provisions-0-quote": "", "periods-0-ends_on": "2025-06-30"})
    assert "ends_on" in answer.context["sections"][1].rows[0].forms[0].errors
    assert not Instrument.objects.exists()
    assert client.post(url, sent | {"provisions-0-quote": "", "periods-1-starts_on": ""}).status_code == 302


def test_without_a_script_the_fields_follow_the_fact_and_the_sentence_is_shown(cast: Cast) -> None:
    client = signed_in(cast.rules_administrator)
    rows: dict[str, object] = {"applies-TOTAL_FORMS": "1", "applies-0-fact": "task.exposure"}
    sent = _right(cast, save=False) | rows
    updated = client.post(f"{ADMIN}/ruleversion/add/", sent | {"_refresh": "1"})
    assert '<option value="direct">' in updated.content.decode()
    assert "errorlist" not in updated.content.decode()
    sent |= {"applies-0-operator": "one_of", "applies-0-values": ["direct"]}
    shown = client.post(f"{ADMIN}/ruleversion/add/", sent | {"_words": "1"}).content.decode()
    assert "JIKA" in shown
    assert "KARENA" in shown
    live = client.post(f"{ADMIN}/ruleversion/kalimat/", sent)
    assert "law-sentence" in live.content.decode()
    cells = client.get(f"{ADMIN}/ruleversion/isian/?part=applies&number=3&fact=agency.code").content.decode()
    assert "applies-3-values" in cells
    assert "Dinas Kesehatan (Dinkes)" in cells
    assert not Rule.objects.exists()


def test_places_are_ticked_and_settings_are_added_as_dated_rows(cast: Cast) -> None:
    client = signed_in(cast.rules_administrator)
    place = circular(cast).provisions.get()
    assert client.post(f"{ADMIN}/provision/{place.pk}/bandingkan/", {"confirm": "1", "note": "JDIH"}).status_code == 302
    tick = ProvisionVerification.objects.get(provision=place)
    assert (tick.verified_by, tick.note) == (cast.rules_administrator, "JDIH")
    url = f"{ADMIN}/institutionsetting/add/?name=new_employee_months"
    assert client.post(url, {"value": "abc", "valid_from": "2025-07-01", "source": "SK 1"}).status_code == 200
    for months in ("6", "8"):
        assert client.post(url, {"value": months, "valid_from": "2025-07-01", "source": "SK 1"}).status_code == 302
    assert [row.value for row in InstitutionSetting.objects.order_by("pk")] == [6, 8], "nothing is overwritten"
    assert client.get(f"{ADMIN}/institutionsetting/?name=new_employee_months").status_code == 200


def _right(cast: Cast, *, save: bool = True) -> dict[str, object]:
    """A rule that could be saved as it is."""
    place = circular(cast).provisions.get()
    values = {
        "code": "LOKET-9",
        "provision": str(place.pk),
        "title": "Loket tetap di kantor",
        "effective_from": "2025-07-01",
        "known_from": "2025-06-25",
        "subject": "task",
        "modes": ["home"],
        "effect": "prohibit",
        **no_rows(),
    }
    return values | ({"_save": "1"} if save else {})
