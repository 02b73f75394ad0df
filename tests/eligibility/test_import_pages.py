"""A file of rules is chosen, looked at and confirmed in the administration; whatever is wrong with it is said first."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from agencies.institutions_register import ensure_institutions
from agencies.models import Role
from agencies.signing import key_fingerprint, public_key_of
from eligibility.actions.law import RulesRefused, load_rules
from eligibility.exchange import exchange_file, read_exchange
from eligibility.models import Instrument, Rule, RuleVersion, SenderKey
from eligibility.texts import InstrumentText, RuleText
from oversight.models import TrailEntry
from tests.acts.drafts import NOON, circular_text, counter_text, drafted, published, repeal_rule
from tests.acts.rule_imports import KEY, circular_with_rules, recorded_key
from tests.base import Cast, person
from tests.eligibility.law_typing import ADMIN
from tests.factories import InstitutionFactory

IMPORT = f"{ADMIN}/instrument/impor/"


@pytest.fixture
def writer(client: Client, cast: Cast) -> Client:
    """Who writes the rules of the city, in English."""
    client.force_login(cast.rules_administrator)
    client.cookies["django_language"] = "en"
    return client


def file_of(*texts: InstrumentText, key: bytes = b"") -> bytes:
    return exchange_file(texts, key).encode()


def chosen(client: Client, content: bytes) -> Any:
    """The answer to a file, and what follows where it leads somewhere."""
    return client.post(IMPORT, {"file": SimpleUploadedFile("aturan.json", content)}, follow=True)


def confirmed(client: Client, looked: Any) -> Any:
    """The answer to the confirmation of what was looked at."""
    seen = looked.context["found"].digest
    return client.post(looked.redirect_chain[-1][0], {"confirm": "1", "seen": seen}, follow=True)


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Instrument, Rule, RuleVersion, TrailEntry))


def test_a_file_is_looked_at_without_an_act_then_lands_as_drafts_and_a_second_time_there_is_nothing_to_do(
    writer: Client, cast: Cast
) -> None:
    before = counted()
    looked = chosen(writer, file_of(circular_with_rules("LOKET", "LOKET-2")))
    page = looked.content.decode()
    assert counted() == before
    for said in ("No signature.", "Nothing proves who wrote this file", "LOKET-2 v1", "New: comes as a draft"):
        assert said in page
    assert "Petugas loket tetap di kantor" in page
    landed = confirmed(writer, looked)
    assert "waits as drafts" in landed.content.decode()
    assert landed.redirect_chain[-1][0] == f"{ADMIN}/instrument/"
    assert RuleVersion.objects.drafts().count() == 2
    assert TrailEntry.objects.filter(action="rules_imported").count() == 1
    after = counted()
    again = chosen(writer, file_of(circular_with_rules("LOKET", "LOKET-2")))
    assert "Everything in this file is here already" in again.content.decode()
    assert 'name="confirm"' not in again.content.decode()
    sent = writer.post(again.redirect_chain[-1][0], {"confirm": "1", "seen": ""}, follow=True)
    assert "nothing was changed" in sent.content.decode()
    assert counted() == after


def test_what_differs_from_the_version_here_is_shown_part_by_part(writer: Client, cast: Cast) -> None:
    published(cast)
    second = replace(counter_text(), number=2, title="Petugas loket dan kasir tetap di kantor")
    page = chosen(writer, file_of(circular_text(rules=(RuleText("LOKET", (counter_text(), second)),)))).content.decode()
    assert "Next version: comes as a draft" in page
    assert "<del>Petugas loket tetap di kantor</del>" in page
    assert "<ins>Petugas loket dan kasir tetap di kantor</ins>" in page
    assert page.count("Unchanged") == 2, "the instrument, and in the count of rules"
    assert "Rules that stay as they are: LOKET v1" in page


def test_a_rule_with_a_draft_here_is_refused_by_name_and_what_else_is_in_the_file_stays_out_too(
    writer: Client, cast: Cast
) -> None:
    drafted(cast)
    before = counted()
    other = replace(counter_text(), title="Lain")
    text = circular_text(rules=(RuleText("BARU", (counter_text(),)), RuleText("LOKET", (other,))))
    looked = chosen(writer, file_of(text))
    page = looked.content.decode()
    assert "This rule has a draft open (version 1)" in page
    assert "Nothing of the file is imported while something of it is refused" in page
    assert 'name="confirm"' not in page
    assert "says otherwise" in confirmed(writer, looked).content.decode()
    assert counted() == before


def test_what_changed_between_looking_and_confirming_is_shown_again(writer: Client, cast: Cast) -> None:
    looked = chosen(writer, file_of(circular_with_rules("LOKET")))
    drafted(cast)
    RuleVersion.objects.all().delete()
    page = confirmed(writer, looked).content.decode()
    assert "Something changed here since you looked" in page
    assert not RuleVersion.objects.exists()
    stale = writer.post(f"{IMPORT}{'0' * 64}/", {"confirm": "1"}, follow=True)
    assert "choose it again" in stale.content.decode()


def test_another_account_does_not_find_the_file_that_was_chosen(writer: Client, cast: Cast) -> None:
    looked = chosen(writer, file_of(circular_with_rules("LOKET")))
    colleague = Client()
    colleague.force_login(person("colleague", Role.RULES_ADMINISTRATOR, cast.institution))
    assert colleague.get(looked.redirect_chain[-1][0]).status_code == 302
    writer.force_login(cast.hr_officer)
    assert writer.get(looked.redirect_chain[-1][0]).status_code == 404


def changed(content: bytes, **parts: object) -> bytes:
    return json.dumps({**json.loads(content), **parts}).encode()


def test_a_broken_hostile_or_foreign_file_is_answered_at_once_and_nothing_is_stored(writer: Client, cast: Cast) -> None:
    InstitutionFactory.create(code="kota-tetangga")
    before = counted()
    right = file_of(circular_with_rules("LOKET"), key=KEY)
    spoilt = json.loads(right)["instruments"]
    spoilt[0]["rules"][0]["versions"][0] |= {"number": "satu", "warna": "biru"}
    unknown = replace(counter_text(), applies=(replace(counter_text().applies[0], fact="task.colour"),))
    for content, said in (
        (b"", "empty"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * 5_000_001, "larger than 5 MB"),
        (b'{"format": "wfa-rules/1", "format": "wfa-rules/1"}', "stands twice"),
        (changed(right, digest="0" * 64), "The digest does not fit"),
        (changed(right, signature={"public_key": public_key_of(KEY), "value": "AAAA"}), "The signature does not"),
        (changed(right, instruments=[]), "The digest does not fit"),
        (file_of(), "holds no instrument"),
        (file_of(circular_text(owner="kota-tetangga")), "for which you do not write"),
        (file_of(circular_text(owner="kota-tiada")), "for which you do not write"),
        (file_of(circular_text(), circular_text(owner="nasional", code="SE-1")), "several institutions"),
        (file_of(circular_text(title="<script>alert(1)</script>", url="javascript:alert(1)")), "no address"),
        (file_of(circular_text(rules=(RuleText("LOKET", (unknown,)),))), "rule LOKET, version 1"),
        (file_of(circular_text(layer=10)), "writes norms of another layer"),
    ):
        answer = chosen(writer, content)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert said in page, said
        assert "<script>alert" not in page
        assert 'name="confirm"' not in page
    none = writer.post(IMPORT, {})
    assert "This is needed" in none.content.decode()
    assert counted() == before


def test_the_circular_of_a_ministry_is_imported_by_who_writes_national_law_here(client: Client, cast: Cast) -> None:
    nation = ensure_institutions()["nasional"]
    circular = replace(circular_with_rules("LOKET"), owner="nasional", layer=30, scopes=())
    client.force_login(cast.rules_administrator)
    assert not chosen(client, file_of(circular)).redirect_chain
    client.force_login(person("national", Role.RULES_ADMINISTRATOR, nation))
    confirmed(client, chosen(client, file_of(circular)))
    row = Instrument.objects.get(code="SE-9-2025")
    assert (row.owner, row.is_draft, RuleVersion.objects.get().rule.owner) == (nation, True, nation)


def test_whose_key_signed_a_file_is_said_as_it_is_recorded_here(writer: Client, cast: Cast, settings: Settings) -> None:
    row = published(cast).provision.instrument
    read, file = f"{ADMIN}/instrument/{row.pk}/change/", f"{ADMIN}/instrument/{row.pk}/berkas/"
    assert "It has no signature" in writer.get(read).content.decode()
    settings.RULES_KEYS = {"kota-contoh": KEY}
    public = public_key_of(KEY)
    assert public in writer.get(read).content.decode()
    content = writer.get(file).content
    looked = chosen(writer, content)
    assert "Signed with a key that is not known here" in looked.content.decode()
    assert key_fingerprint(public) in looked.content.decode()
    add = f"{ADMIN}/senderkey/add/?institution=kota-contoh"
    typed = {"public_key": public, "holder": "Kota Contoh", "source": "Surat 3/2025", "trusted": "on"}
    for wrong in ({"public_key": "abc"}, {"holder": ""}, {"source": ""}, {"public_key": public[:-1] + "%"}):
        answer = writer.post(add, typed | wrong)
        assert answer.status_code == 200
        assert typed["source"] in answer.content.decode() or "source" in wrong
    assert not SenderKey.objects.exists()
    elsewhere = person("elsewhere", Role.RULES_ADMINISTRATOR, InstitutionFactory.create(code="kota-tetangga"))
    writer.force_login(elsewhere)
    assert writer.post(add.replace("kota-contoh", "kota-tetangga"), typed).status_code == 302
    assert writer.post(add, typed).status_code == 404
    writer.force_login(cast.rules_administrator)
    where = looked.redirect_chain[-1][0]
    assert "not known here" in writer.get(where).content.decode(), "what a neighbour was told counts for the neighbour"
    assert writer.post(add, typed).status_code == 302
    page = writer.get(where).content.decode()
    assert "Signed with a key known here, of Kota Contoh" in page
    assert "Surat 3/2025" in page
    assert writer.post(add, {name: value for name, value in typed.items() if name != "trusted"}).status_code == 302
    assert "no longer in use" in writer.get(where).content.decode()


def test_the_register_of_keys_is_only_added_to_and_shows_what_the_own_institution_was_told(
    writer: Client, cast: Cast
) -> None:
    recorded_key(cast)
    public = public_key_of(KEY)
    own = SenderKey.objects.get(institution=cast.institution)
    again = writer.get(f"{ADMIN}/senderkey/{own.pk}/change/")
    assert public in writer.get(again["Location"]).content.decode()
    theirs = SenderKey.objects.create(
        institution=InstitutionFactory.create(), public_key=public, holder="X", source="X", recorded_at=NOON
    )
    assert writer.get(f"{ADMIN}/senderkey/{theirs.pk}/change/").status_code == 404
    listed = writer.get(f"{ADMIN}/senderkey/").content.decode()
    assert listed.count(key_fingerprint(public)) == 1


def test_a_page_of_many_rules_costs_the_queries_of_one(writer: Client, cast: Cast) -> None:
    published(cast)
    costs = []
    for count in (1, 40):
        second = replace(counter_text(), number=2, title="Lain")
        rules = [RuleText(f"BARU-{n}", (counter_text(),)) for n in range(count)]
        text = circular_text(rules=(RuleText("LOKET", (counter_text(), second)), *rules))
        where = chosen(writer, file_of(text)).redirect_chain[-1][0]
        with CaptureQueriesContext(connection) as asked:
            assert writer.get(where).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert costs[0] < 40


def test_a_repeal_travels_with_its_rule_and_is_told_until_it_is_recorded_here(
    writer: Client, cast: Cast, tmp_path: Path
) -> None:
    rule = published(cast).rule
    repeal_rule(cast)
    content = writer.get(f"{ADMIN}/instrument/{Instrument.objects.get().pk}/berkas/").content
    (repeal,) = read_exchange(content, "").texts[0].rules[0].repeals
    assert (repeal.effective_from, repeal.basis) == (date(2025, 7, 3), "SE 12/2025")
    assert "Repealed at the sender" not in chosen(writer, content).content.decode(), "it is recorded here"
    earlier = replace(repeal, effective_from=date(2025, 7, 2))
    for repeals in ((earlier,), (repeal, earlier)):
        text = circular_text(rules=(RuleText(rule.code, (counter_text(),), repeals),))
        page = chosen(writer, file_of(text)).content.decode()
        assert "Repealed at the sender" in page
        assert "LOKET: 2 July 2025 (SE 12/2025)" in page
        assert "there is nothing to import" in page
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(json.loads(content)["instruments"][0]), encoding="utf-8")
    with pytest.raises(RulesRefused) as refusal:
        load_rules(actor=None, files=[seed])
    assert "repeals" in str(refusal.value)
