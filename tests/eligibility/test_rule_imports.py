"""Rules of a file land as drafts in one act, once; what says otherwise than what is here is refused by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from random import Random
from typing import Final

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agencies.errors import ActRefused, PortalError
from agencies.institutions_register import ensure_institutions
from agencies.models import Institution, Role
from eligibility.actions.drafts import review_version
from eligibility.actions.law import RulesRefused, load_rules
from eligibility.actions.publication import publish_instrument, publish_versions
from eligibility.actions.rule_imports import ArrivalChanged, import_rules
from eligibility.arrivals import Arriving, arrival
from eligibility.exchange import Received, digest_of, exchange_file, read_exchange
from eligibility.loading import rulebook
from eligibility.models import Instrument, Provision, Rule, RuleVersion
from eligibility.seeds import seed_files
from eligibility.stored_texts import published_texts, version_text
from eligibility.texts import (
    CriterionText,
    InstrumentText,
    LiftText,
    LimitText,
    ProvisionText,
    RuleText,
    ScopeText,
)
from oversight.models import TrailEntry
from tests.acts.drafts import NOON, circular_text, counter_text, drafted, published, second_administrator
from tests.acts.rule_imports import KEY, circular_with_rules, received
from tests.base import Cast, person
from tests.factories import AgencyFactory, InstitutionFactory

NOW = datetime(2026, 7, 1, tzinfo=UTC)
EACH: Final = 600 if connection.vendor == "sqlite" else 150
"""Spoilt files. PostgreSQL takes a part: a file is read and judged in Python, and what a column takes shows sooner."""
DAYS = (date(2025, 3, 25), date(2025, 6, 2), date(2026, 6, 1))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences as the code has them."""
    with translation.override("en"):
        yield


def taken(cast: Cast, file: Received, **other: str) -> object:
    """The file imported by the administrator of the city."""
    return import_rules(actor=cast.rules_administrator, institution=cast.institution, received=file, at=NOON, **other)


def counted() -> tuple[int, ...]:
    """How much law there is, and how many acts."""
    return tuple(model.objects.count() for model in (Instrument, Provision, Rule, RuleVersion, TrailEntry))


def states(cast: Cast, *texts: InstrumentText) -> list[tuple[str, str]]:
    """What becomes of the first instrument and of each version."""
    found = arrival(cast.institution, received(*texts).texts, NOON)
    assert found.faults == ()
    versions = [(f"{v.rule} v{v.text.number}", v.state.value) for one in found.instruments for v in one.versions]
    return [(found.instruments[0].text.code, found.instruments[0].state.value), *versions]


def test_a_file_lands_as_drafts_in_one_entry_that_names_its_digest_and_key_and_a_second_time_changes_nothing(
    cast: Cast,
) -> None:
    file = received(circular_with_rules("LOKET", "LOKET-2"), key=KEY)
    assert taken(cast, file) is not None
    entry = TrailEntry.objects.get(action="rules_imported")
    assert entry.institution == cast.institution
    assert file.digest in entry.body
    assert file.public_key in entry.body
    row = Instrument.objects.get(code="SE-9-2025")
    assert (row.is_draft, row.drafted_by, row.owner) == (True, cast.rules_administrator, cast.institution)
    versions = RuleVersion.objects.order_by("rule__code")
    assert [(str(one), one.is_draft, one.reviewed_at) for one in versions] == [
        ("LOKET v1", True, None),
        ("LOKET-2 v1", True, None),
    ]
    assert [version_text(one) for one in versions] == [counter_text(), counter_text()]
    before = counted()
    assert taken(cast, file) is None
    assert counted() == before
    review_version(actor=second_administrator(cast), version=versions[0], at=NOON)
    publish_versions(actor=cast.rules_administrator, versions=[versions[0]], at=NOON)
    assert taken(cast, file) is None, "published, it is the same law"
    call_command("verify_trail", stdout=StringIO())


def test_what_says_otherwise_than_what_is_here_is_refused_by_name_and_nothing_is_stored(cast: Cast) -> None:
    drafted(cast)
    before = counted()
    other = replace(counter_text(), title="Petugas loket boleh bergantian")
    file = received(replace(circular_text(), rules=(RuleText("LOKET", (other,)), RuleText("BARU", (counter_text(),)))))
    (refused,) = [one for one in arrival(cast.institution, file.texts, NOON).instruments[0].versions if one.sentence]
    assert (refused.rule, refused.state, refused.before) == ("LOKET", Arriving.REFUSED, counter_text())
    assert "has a draft open (version 1)" in refused.sentence
    with pytest.raises(ActRefused, match="says otherwise"):
        taken(cast, file)
    assert states(cast, circular_text(subject="Lain")) == [("SE-9-2025", "refused")], "another draft of the instrument"
    assert counted() == before
    published(cast)
    before = counted()
    found = arrival(cast.institution, file.texts, NOON).instruments[0]
    assert "is published and cannot change (it differs in: title)" in found.versions[1].sentence
    for text, said in (
        (circular_text(subject="Lain"), "differs in: subject"),
        (circular_text(periods=()), ""),
        (replace(circular_text(), provisions=(ProvisionText("Angka 1", "Lain.", "1"),)), "A stored provision"),
    ):
        file = received(text)
        with pytest.raises(PortalError):
            taken(cast, file)
        sentences = [s for one in arrival(cast.institution, file.texts, NOON).instruments for s in one.sentences]
        assert said in " ".join(sentences)
    assert counted() == before


def test_a_next_version_and_a_further_place_arrive_and_the_version_after_it_waits_for_its_turn(cast: Cast) -> None:
    published(cast)
    second, third = (
        replace(counter_text(), number=n, title=f"Loket, versi {n}", effective_from=date(2025, 7, n)) for n in (2, 3)
    )
    place = ProvisionText("Angka 2", "Loket.", "1")
    text = replace(
        circular_text(),
        provisions=(*circular_text().provisions, place),
        rules=(RuleText("LOKET", (counter_text(), replace(second, provision="Angka 2"), third)),),
    )
    told = [("SE-9-2025", "changed"), ("LOKET v1", "unchanged"), ("LOKET v2", "changed"), ("LOKET v3", "waiting")]
    assert states(cast, text) == told
    assert arrival(cast.institution, received(text).texts, NOON).instruments[0].versions[1].before == counter_text()
    assert taken(cast, received(text)) is not None
    assert RuleVersion.objects.drafts().get().number == 2
    assert taken(cast, received(text)) is None
    draft = RuleVersion.objects.drafts().get()
    review_version(actor=second_administrator(cast), version=draft, at=NOON)
    publish_versions(actor=cast.rules_administrator, versions=[draft], at=NOON)
    assert taken(cast, received(text)) is not None
    assert RuleVersion.objects.drafts().get().number == 3
    only = replace(text, rules=(RuleText("LOKET", (replace(third, number=7),)),))
    assert states(cast, only)[1:] == [("LOKET v7", "refused")]
    clone = replace(text, rules=(RuleText("BARU", (replace(second, provision="Angka 1"),)),))
    assert states(cast, clone)[1:] == [("BARU v2", "refused")], "version 1 is not here"


def test_cases_that_somebody_wrote_into_a_file_are_refused_by_name(cast: Cast) -> None:
    before = counted()
    whole = json.loads(exchange_file([circular_with_rules("LOKET")]))
    case = {"title": "Loket", "institution": "kota-contoh", "on": "2025-07-01", "mode": "home", "outcome": "eligible"}
    whole["instruments"][0]["rules"][0]["cases"] = [case]
    file = json.dumps({**whole, "digest": digest_of(whole["instruments"])}).encode()
    with pytest.raises(RulesRefused, match="rule LOKET, case “Loket”: Cases do not travel"):
        taken(cast, read_exchange(file, "aturan.json"))
    assert counted() == before


def test_what_is_not_in_the_power_of_the_institution_or_not_its_own_is_refused(cast: Cast) -> None:
    neighbour = InstitutionFactory.create(code="kota-tetangga")
    before = counted()
    for text, said in (
        (circular_with_rules("LOKET", layer=10), "writes norms of another layer"),
        (circular_with_rules("LOKET", scopes=()), "it would reach everybody"),
        (circular_with_rules("LOKET", scopes=(ScopeText(institution_code="kota-tetangga"),)), "may reach"),
        (circular_with_rules("LOKET", issued_on=date(2025, 7, 2)), "still to come"),
        (circular_with_rules("LOKET", url="javascript:alert(1)"), "no address"),
    ):
        with pytest.raises(RulesRefused) as refusal:
            taken(cast, received(text))
        assert said in str(refusal.value)
        assert str(refusal.value).startswith("SE-9-2025")
    for texts in (
        (circular_with_rules(owner="kota-tetangga"),),
        (circular_with_rules(), circular_with_rules(code="SE-10-2025", owner="kota-tetangga")),
        (),
    ):
        with pytest.raises(ActRefused, match="the law of"):
            taken(cast, received(*texts))
    theirs = Instrument.objects.create(code="SE-9-2025", owner=neighbour, title="SE", layer=50, known_from=NOON)
    Rule.objects.create(code="LOKET", owner=neighbour)
    assert states(cast, circular_with_rules("LOKET")) == [("SE-9-2025", "refused"), ("LOKET v1", "refused")]
    theirs.delete()
    Rule.objects.all().delete()
    assert counted() == before


def test_what_changed_here_since_it_was_shown_is_not_stored_unseen(cast: Cast) -> None:
    file = received(circular_with_rules("LOKET"))
    seen = arrival(cast.institution, file.texts, NOON).digest
    drafted(cast)
    RuleVersion.objects.all().delete()
    with pytest.raises(ArrivalChanged):
        taken(cast, file, seen=seen)
    assert not RuleVersion.objects.exists()
    assert taken(cast, file, seen=arrival(cast.institution, file.texts, NOON).digest) is not None


def test_many_rules_cost_the_queries_of_one(cast: Cast) -> None:
    taken(cast, received(circular_with_rules("AWAL")))
    costs = []
    for number, count in enumerate((1, 40)):
        codes = [f"LOKET-{number}-{n}" for n in range(count)]
        file = received(circular_with_rules(*codes, code=f"SE-{number}"))
        with CaptureQueriesContext(connection) as asked:
            assert taken(cast, file) is not None
        with CaptureQueriesContext(connection) as again:
            assert taken(cast, file) is None
        costs.append((len(asked), len(again)))
    assert costs[0] == costs[1]
    assert costs[0] < (60, 30)


def fingerprints() -> dict[date, str]:
    """The rulebook of Malang on days of different law."""
    malang = Institution.objects.get(code="kota-malang")
    return {day: rulebook(malang, day, NOW).fingerprint for day in DAYS}


def handed_out() -> dict[str, bytes]:
    """The files of all published law, each of one institution, the higher first."""
    owners = Instrument.objects.order_by("layer").values_list("owner__code", flat=True)
    texts = {code: published_texts(Instrument.objects.valid().filter(owner__code=code)) for code in owners}
    return {code: exchange_file(found, KEY).encode() for code, found in texts.items()}


def brought_into_force(owner: Institution, file: bytes) -> None:
    """A file imported by one administrator of the institution, reviewed and published with another."""
    found = read_exchange(file, owner.code)
    assert found.faults == ()
    first, second = (person(f"{one}-{owner.code}", Role.RULES_ADMINISTRATOR, owner) for one in ("satu", "dua"))
    assert import_rules(actor=first, institution=owner, received=found, at=NOW) is not None
    drafts = list(RuleVersion.objects.drafts().filter(rule__owner=owner))
    for draft in drafts:
        review_version(actor=second, version=draft, at=NOW)
    if drafts:
        publish_versions(actor=first, versions=drafts, at=NOW)
    for instrument in Instrument.objects.filter(owner=owner, published_at=None, implementing=True):
        publish_instrument(actor=second, instrument=instrument, at=NOW)


@pytest.mark.django_db
def test_all_law_handed_out_imported_elsewhere_and_published_has_the_fingerprints_it_had() -> None:
    with transaction.atomic():
        load_rules(actor=None, files=seed_files())
        before, files = fingerprints(), handed_out()
        transaction.set_rollback(True)
    assert not Instrument.objects.exists()
    # Elsewhere rows have other keys.
    padding = Instrument.objects.create(
        code="X", owner=ensure_institutions()["nasional"], title="X", layer=10, known_from=NOON
    )
    Provision.objects.bulk_create(Provision(instrument=padding, reference=str(n), summary="X") for n in range(50))
    for code in ("Inspektorat", "BKAD", "Bappeda", "BKPSDM"):
        AgencyFactory.create(institution=Institution.objects.get(code="kota-malang"), code=code)
    for code, file in files.items():
        brought_into_force(Institution.objects.get(code=code), file)
    assert len(set(before.values())) == len(DAYS), "the days tell different law apart"
    assert fingerprints() == before
    Provision.objects.filter(instrument=padding).delete()
    padding.delete()
    call_command("verify_trail", stdout=StringIO())
    drafts = [row.code for row in Instrument.objects.order_by("code") if row.is_draft]
    assert drafts == ["PP-94-2021"], "what holds no rule is published with its first"
    Instrument.objects.filter(code__in=drafts).update(drafted_by=None)
    assert handed_out() == files, "and is handed on byte for byte"


SPOILT: Final[tuple[object, ...]] = (
    *(None, "", " ", "x" * 401, "x" * 5000, "NaN", "Infinity", "1e400", "0.001", "-1", "’;--", "<script>", "Pasal 1"),
    *(True, -1, 0, 1, 2**31, 2**63, 10**30, [], ["x"], [[]], [None], {}, {"x": 1}, "0001-01-01", "9999-12-31"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2025-07-01", "javascript:alert(1)", "nasional"),
)


def spoilt(value: object, put: Callable[[object], object]) -> Iterator[object]:
    """Every file in which one thing is something else, missing or twice; `put` puts a value where this one stands."""
    yield from (put(one) for one in SPOILT if one != value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield put({name: other for name, other in value.items() if name != key})
            yield from spoilt(inner, lambda one, key=key: put({**value, key: one}))  # type: ignore[misc]
    if isinstance(value, list):
        yield put(value * 2)
        for number, inner in enumerate(value):
            yield from spoilt(inner, lambda one, n=number: put([*value[:n], one, *value[n + 1 :]]))  # type: ignore[misc]


def test_a_file_in_which_any_one_thing_is_spoilt_is_refused_by_sentence_or_stored_and_never_breaks(cast: Cast) -> None:
    published(cast)
    lifted = replace(counter_text(), effect="lift", lifts=(LiftText("LOKET"),), applies=(), provision="Angka 2")
    limit = LimitText("share_of_staff", "most", Decimal(50), together=("home",), per="agency")
    limited = replace(counter_text(), effect="limit", limit=limit, applies=(), subject="agency")
    required = replace(counter_text(), effect="require", applies=(), requires=counter_text().applies, required_count=1)
    except_number = replace(
        required, exceptions=((CriterionText("task.hours_per_day", "at_least", ("7.5",)),),), required_count=None
    )
    told = replace(counter_text(), effect="attach", condition_kind="report", condition_text="Lapor", applies=())
    rules = {"LAMPAU": lifted, "SEPARUH": limited, "SYARAT": except_number, "LAPOR": told, "SATU": required}
    places = (ProvisionText("Angka 2", "Dua.", "1", quote="Dua", url="https://contoh.go.id/"),)
    text = circular_text(
        code="SE-10-2025",
        provisions=(*circular_text().provisions, *places),
        rules=tuple(RuleText(code, (version,)) for code, version in sorted(rules.items())),
    )
    whole = json.loads(exchange_file([text]))
    before, ends = counted(), Counter[str]()
    every = list(spoilt(whole["instruments"], lambda one: one))
    for instruments in Random(7).sample(every, EACH):
        file = json.dumps({**whole, "digest": digest_of(instruments), "instruments": instruments}).encode()
        ends[end(cast, read_exchange(file, "aturan.json"))] += 1
        assert counted() == before
    assert min(ends["unread"], ends["refused"], ends["stored"]) > EACH // 24, ends


def end(cast: Cast, file: Received) -> str:
    """What becomes of a file; what is stored is taken back."""
    if file.faults:
        assert all(len(str(fault)) > 20 for fault in file.faults)
        return "unread"
    try:
        with transaction.atomic():
            taken(cast, file)
            transaction.set_rollback(True)
    except PortalError as refusal:
        return "refused" if len(str(refusal)) > 20 else str(refusal)
    return "stored"
