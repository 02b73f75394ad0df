"""A rulebook's text gives it back for ever; its bits lie the same in every process; masks say what decisions say."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.decisions import FactRead, State, decide_task
from eligibility.mask_readings import ConditionRead, LimitRead, MaskReader, ModeRead
from eligibility.masks import lay_out
from eligibility.models import StoredRulebook
from eligibility.rulebook import FORMAT, FORMATS, Attach, Bounds, Case, Limit, Mode, Rulebook, Verdict
from eligibility.rulebook_text import citation_notes, ground_text, read_ground, read_rulebook, with_notes
from eligibility.stored_rulebooks import UnfaithfulText, store_rulebook, stored_layout
from tests.eligibility.law import SeededLaw
from tests.eligibility.rulebooks import random_case, random_rulebook, rule
from tests.oversight.chains import NOON

SEEDS: Final = st.integers(0, 2**32 - 1)


def bounds(rulebook: Rulebook, case: Case) -> list[Bounds]:
    """What is decided in each mode."""
    return [decide_task(rulebook, case, mode).bounds for mode in Mode]


def reasons(rulebook: Rulebook, case: Case) -> list[set[tuple[str, State, frozenset[FactRead]]]]:
    """Why, in each mode; of limits that leave nothing together the first names them all, whatever the order."""
    decisions = [decide_task(rulebook, case, mode).reasons for mode in Mode]
    return [{(one.rule.code, one.state, frozenset(one.facts)) for one in found if not one.norms} for found in decisions]


@given(seed=SEEDS, rules=st.integers(1, 25), lifts=st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_the_text_of_a_random_rulebook_gives_back_one_that_decides_the_same(seed: int, rules: int, lifts: int) -> None:
    random = Random(seed)
    book = replace(random_rulebook(random, rules, lifts), format=random.choice(FORMATS))
    back = read_rulebook(book.canonical_json, book.format)
    assert back.fingerprint == book.fingerprint
    assert sorted(back.rules, key=str) == sorted(book.rules, key=str)
    for _ in range(5):
        case = random_case(random)
        assert bounds(back, case) == bounds(book, case)
        assert reasons(back, case) == reasons(book, case)


def test_the_text_of_the_seeded_law_gives_it_back_on_every_day_of_its_cases(law: SeededLaw) -> None:
    books = list(law.rulebooks.values())
    assert books
    for book in books:
        assert read_rulebook(book.canonical_json).fingerprint == book.fingerprint
        assert (
            with_notes(read_rulebook(book.canonical_json), citation_notes(book)).by_code.keys() == book.by_code.keys()
        )


def test_notes_bring_back_what_was_known_of_provisions_and_a_format_without_reader_is_refused() -> None:
    noted = replace(rule("A").citation, verified=True, open_note="Belum dicek", url="https://example.org/a")
    book = Rulebook((replace(rule("A"), citation=noted), rule("B")))
    by_key = {str(noted.provision): [noted.verified, noted.open_note, noted.url]}
    for written_in, notes in ((FORMAT, citation_notes(Rulebook((book.rules[0],)))), (FORMATS[0], by_key)):
        written = replace(book, format=written_in)
        back = with_notes(read_rulebook(written.canonical_json, written_in), notes)
        citation = back.by_code["A"].citation
        assert (citation.verified, citation.open_note, citation.url) == (True, "Belum dicek", "https://example.org/a")
        assert back.fingerprint == written.fingerprint
    with pytest.raises(ValueError, match="no reader"):
        read_rulebook(book.canonical_json, FORMAT + 1)


def elsewhere(book: Rulebook, key: int, **other: Any) -> Rulebook:
    """The same law where provisions have other keys, or cite something else."""
    rules = (
        replace(one, citation=replace(one.citation, provision=key + n, **other)) for n, one in enumerate(book.rules)
    )
    return replace(book, rules=tuple(rules))


@given(seed=SEEDS, key=st.integers(0, 10**9))
@settings(max_examples=30, deadline=None)
def test_equal_law_has_one_fingerprint_whatever_keys_its_rows_have_and_another_where_it_cites_another_place(
    seed: int, key: int
) -> None:
    book = random_rulebook(Random(seed), 8, 2)
    assert elsewhere(book, key).fingerprint == book.fingerprint
    assert elsewhere(book, key).fingerprints >= {book.fingerprint}
    for other in ({"reference": "Pasal 999"}, {"instrument": "lain"}, {"instrument_title": "Lain"}):
        assert elsewhere(book, key, **other).fingerprint != book.fingerprint
    first = replace(book, format=FORMATS[0])
    assert elsewhere(first, 10**10).fingerprint != first.fingerprint, "texts stored before say the keys"
    assert first.fingerprint in book.fingerprints


def read_slowly(rulebook: Rulebook, case: Case, mode: Mode) -> ModeRead:
    """The reading of a mode from the decision itself."""
    decision = decide_task(rulebook, case, mode)
    if decision.bounds.best is Verdict.NOT_ELIGIBLE:
        return ModeRead(decision.bounds, frozenset(), frozenset())
    conditions = frozenset(
        ConditionRead(reason.rule.effect.kind.value, reason.rule.effect.text, reason.state is State.CONDITION)
        for reason in decision.reasons_in(State.CONDITION, State.UNKNOWN)
        if isinstance(reason.rule.effect, Attach)
    )
    limits = frozenset(
        LimitRead(one.limit, frozenset(r.effect for r in one.possible if isinstance(r.effect, Limit)))
        for one in decision.limits
    )
    return ModeRead(decision.bounds, conditions, limits)


@given(seed=SEEDS, rules=st.integers(1, 40), lifts=st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_masks_say_of_bounds_conditions_and_limits_what_the_decision_says(seed: int, rules: int, lifts: int) -> None:
    random = Random(seed)
    book = random_rulebook(random, rules, lifts)
    reader = MaskReader(lay_out(book))
    for _ in range(8):
        case = random_case(random)
        read = reader.read(*reader.masks_of(case.values, case.place))
        assert read == {mode: read_slowly(book, case, mode) for mode in Mode}


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_equal_rulebooks_have_equal_layouts_whatever_the_order_of_their_rules(seed: int) -> None:
    random = Random(seed)
    book = random_rulebook(random, 20, 4)
    shuffled = list(book.rules)
    random.shuffle(shuffled)
    assert (
        lay_out(Rulebook(tuple(shuffled))).digest
        == lay_out(book).digest
        == lay_out(read_rulebook(book.canonical_json)).digest
    )
    other = Rulebook((*book.rules, rule("ONE-MORE")))
    assert lay_out(other).digest != lay_out(book).digest


DIGEST: Final = """
import sys
from eligibility.masks import lay_out
from eligibility.rulebook_text import read_rulebook
print([lay_out(read_rulebook(line)).digest for line in sys.stdin])
"""


def test_the_layout_does_not_depend_on_the_process() -> None:
    books = [random_rulebook(Random(seed), 30, 5) for seed in range(5)]
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            input="\n".join(book.canonical_json for book in books),
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }
    assert told == {str([lay_out(book).digest for book in books])}


def test_a_ground_is_read_back_as_it_was() -> None:
    case = random_case(Random(4), unknown=0.5)
    assert read_ground(ground_text(case.values, case.place)) == (dict(case.values), case.place)


@pytest.mark.django_db
def test_a_rulebook_is_stored_once_under_its_fingerprint_and_only_if_it_can_be_read_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = random_rulebook(Random(1), 10, 2)
    stored = store_rulebook(book, NOON)
    assert store_rulebook(read_rulebook(book.canonical_json), NOON) == stored
    assert StoredRulebook.objects.get().text == book.canonical_json
    assert stored_layout(stored).digest == lay_out(book).digest
    monkeypatch.setattr("eligibility.stored_rulebooks.read_rulebook", lambda text, written_in: Rulebook(()))
    with pytest.raises(UnfaithfulText):
        store_rulebook(random_rulebook(Random(2), 3, 0), NOON)
    assert StoredRulebook.objects.count() == 1
