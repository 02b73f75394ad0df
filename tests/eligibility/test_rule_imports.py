"""Rules of a file land as drafts in one act, once; what says otherwise than what is here is refused and stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agencies.errors import ActRefused, PortalError
from eligibility.actions.drafts import review_version
from eligibility.actions.law import RulesRefused
from eligibility.actions.publication import publish_versions
from eligibility.actions.rule_imports import ArrivalChanged, import_rules
from eligibility.arrivals import Arriving, arrival
from eligibility.exchange import Received
from eligibility.models import Instrument, Provision, Rule, RuleVersion
from eligibility.stored_texts import version_text
from eligibility.texts import InstrumentText, ProvisionText, RuleText, ScopeText
from oversight.models import TrailEntry
from tests.acts.drafts import NOON, circular_text, counter_text, drafted, published, second_administrator
from tests.acts.rule_imports import KEY, circular_with_rules, received
from tests.base import Cast
from tests.factories import InstitutionFactory

NOW = datetime(2026, 7, 1, tzinfo=UTC)
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


def test_what_is_not_in_the_power_of_the_institution_or_not_its_own_is_refused(cast: Cast) -> None:
    neighbour = InstitutionFactory.create(code="kota-tetangga")
    before = counted()
    for text, said in (
        (circular_with_rules("LOKET", layer=10), "writes norms of another layer"),
        (circular_with_rules("LOKET", scopes=()), "it would reach everybody"),
        (circular_with_rules("LOKET", scopes=(ScopeText(institution_code="kota-tetangga"),)), "may reach"),
        (circular_with_rules("LOKET", issued_on=date(2025, 7, 2)), "still to come"),
        (circular_with_rules("LOKET", periods=circular_text().periods * 2), "overlaps"),
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
