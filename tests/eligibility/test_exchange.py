"""Rules travel as one file: what is read is what was written, and whatever is wrong with it is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import translation

from eligibility.exchange import MOST_BYTES, exchange_file, read_exchange
from eligibility.seeds import read_seeds, seed_files
from eligibility.texts import InstrumentText


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences as the code has them."""
    with translation.override("en"):
        yield


SEEDED, _FAULTS = read_seeds(seed_files())


@pytest.mark.parametrize("text", SEEDED, ids=[text.code for text in SEEDED])
def test_an_instrument_is_read_as_it_was_written_and_not_after_a_change_on_its_way(text: InstrumentText) -> None:
    file = exchange_file([text])
    read, faults = read_exchange(file.encode(), "a.json")
    assert (read, faults) == ([replace(text, source="a.json")], [])
    changed = json.loads(file)
    changed["instruments"][0]["instrument"]["title"] += "!"
    read, faults = read_exchange(json.dumps(changed).encode(), "a.json")
    assert read == []
    assert "digest" in str(faults[0])


def test_all_seeds_travel_in_one_file_far_below_the_greatest_size() -> None:
    file = exchange_file(reversed(SEEDED)).encode()
    read, faults = read_exchange(file, "a.json")
    assert (read, faults) == ([replace(t, source="a.json") for t in sorted(SEEDED, key=lambda t: t.code)], [])
    assert len(file) * 10 < MOST_BYTES


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b'{"format": "wfa-rules/1", "instruments": [{"a": ' + b"[" * 900 + b"]" * 900 + b"}]}", "digest does not fit"),
        (b'{"format": "wfa-rules/1", "signed": 1, "instruments": []}', "“signed” is no key"),
        (b'{"format": "wfa-rules/1", "instruments": [], "instruments": []}', "“instruments” stands twice"),
        (b'{"format": "wfa-rules/1", "instruments": [{"rules": [{"code": 1, "code": 2}]}]}', "“code” stands twice"),
        (b'{"format": NaN}', "NaN is no number"),
        (b" " * (MOST_BYTES + 1), "larger than"),
        (b'{"format":\n x}', "line 2, column 2"),
        (b"\xff\xfe", "UTF-8"),
        (b"9" * 5_000, "too long"),
        (b"[]", "wfa-rules/1"),
        (b'{"format": "wfa-rules/2"}', "wfa-rules/1"),
        (b'{"format": "wfa-rules/1", "instruments": [7]}', "no list of objects"),
    ],
)
def test_a_hostile_file_gets_a_sentence_and_nothing_is_read_from_it(data: bytes, said: str) -> None:
    read, faults = read_exchange(data, "a.json")
    assert read == []
    assert said in str(faults[0])
