"""Published law is taken along as a file from its page, by whoever reads it and by nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import transaction
from django.test import Client

from agencies.models import Institution, Role, User
from eligibility.actions.law import load_rules
from eligibility.exchange import read_exchange
from eligibility.loading import rulebook
from eligibility.models import Instrument
from eligibility.seeds import read_seeds, seed_files
from eligibility.stored_texts import published_texts
from eligibility.texts import InstrumentText
from tests.acts.drafts import circular, circular_text, clone_version, counter_text, drafted, published
from tests.base import Cast, person
from tests.eligibility.law_typing import ADMIN
from tests.factories import InstitutionFactory

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DAYS = (date(2025, 3, 25), date(2025, 6, 2), date(2026, 6, 1))


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_published_is_downloaded_by_who_writes_law_and_a_draft_by_nobody(cast: Cast) -> None:
    row = circular(cast)
    drafted(cast)
    one, all_of_it = f"{ADMIN}/instrument/{row.pk}/berkas/", f"{ADMIN}/instrument/berkas/kota-contoh/"
    writer = _signed_in(cast.rules_administrator)
    assert [writer.get(url).status_code for url in (one, all_of_it)] == [404, 404], "a draft is not taken along"
    published(cast)
    neighbour = person("neighbour", Role.RULES_ADMINISTRATOR, InstitutionFactory.create(code="kota-tetangga"))
    for client in (writer, _signed_in(neighbour)):
        for url in (one, all_of_it):
            received = read_exchange(client.get(url).content, "")
            assert received.faults == ()
            assert [(text.code, [rule.code for rule in text.rules]) for text in received.texts] == [
                ("SE-9-2025", ["LOKET"])
            ]
            assert received.texts[0].rules[0].versions == (counter_text(),)
            assert received.texts[0].periods == circular_text().periods
    page = writer.get(f"{ADMIN}/instrument/{row.pk}/change/").content.decode()
    assert one in page
    assert all_of_it in page
    assert "Kota Contoh" in page.split("Cakupan</h2>")[1].split("</section>")[0], "a name, not a code"
    for url in (one, all_of_it):
        assert _signed_in(cast.outsider).get(url).status_code == 404
        assert Client().get(url).status_code == 302, "a visitor is asked to sign in"
    assert writer.get(f"{ADMIN}/instrument/berkas/kota-tetangga/").status_code == 404, "it has published nothing"


def test_a_later_draft_of_a_rule_stays_out_of_the_file(cast: Cast) -> None:
    clone_version(cast)
    received = read_exchange(
        _signed_in(cast.rules_administrator).get(f"{ADMIN}/instrument/berkas/kota-contoh/").content, ""
    )
    assert received.faults == ()
    assert [version.number for _rule, version in received.texts[0].versions()] == [1]


def test_every_seed_is_taken_along_as_it_was_loaded(db: None) -> None:
    load_rules(actor=None, files=seed_files())
    seeded, _faults = read_seeds(seed_files())
    stored = {text.code: text for text in published_texts(Instrument.objects.valid())}
    assert stored.keys() == {text.code for text in seeded}
    for text in seeded:
        found = stored[text.code]
        assert _unordered(found) == _unordered(text), text.code


def _unordered(text: InstrumentText) -> dict[str, object]:
    """The rules of an instrument by their codes, its parts without order."""
    return {
        "rules": {rule.code: rule.versions for rule in text.rules},
        "periods": set(text.periods),
        "scopes": set(text.scopes),
        "provisions": set(text.provisions),
        "own": replace(text, source="", rules=(), periods=(), scopes=(), provisions=()),
    }


def _fingerprints() -> dict[date, str]:
    """The rulebook of Malang on days of different law."""
    malang = Institution.objects.get(code="kota-malang")
    return {day: rulebook(malang, day, NOW).fingerprint for day in DAYS}


def test_the_law_of_every_seed_is_the_same_rulebook_where_its_files_are_loaded(
    tmp_path: Path, cast: Cast, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with transaction.atomic():
        load_rules(actor=None, files=seed_files())
        before = _fingerprints()
        client, owners = _signed_in(cast.rules_administrator), Instrument.objects.values_list("owner__code", flat=True)
        for owner in sorted(set(owners)):
            with django_assert_max_num_queries(25):
                file = client.get(f"{ADMIN}/instrument/berkas/{owner}/").content
            for number, content in enumerate(json.loads(file)["instruments"]):
                (tmp_path / f"{owner}-{number}.json").write_text(json.dumps(content), encoding="utf-8")
        transaction.set_rollback(True)
    assert not Instrument.objects.exists()
    load_rules(actor=None, files=sorted(tmp_path.glob("*.json")))
    assert len(set(before.values())) == len(DAYS), "the days tell different law apart"
    assert _fingerprints() == before
