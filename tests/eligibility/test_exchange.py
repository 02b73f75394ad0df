"""Rules travel as one file: what is read is what was written, and whatever is wrong with it is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from agencies.signing import public_key_of
from eligibility.exchange import MOST_BYTES, exchange_file, read_exchange
from eligibility.seeds import read_seeds, seed_files
from eligibility.texts import InstrumentText


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences as the code has them."""
    with translation.override("en"):
        yield


KEY = bytes(range(32))
READ, _FAULTS = read_seeds(seed_files())
SEEDED = [replace(text, rules=tuple(replace(rule, cases=()) for rule in text.rules)) for text in READ]
"""As they travel: without their cases."""


@pytest.mark.parametrize("text", SEEDED, ids=[text.code for text in SEEDED])
def test_an_instrument_is_read_as_it_was_written_and_not_after_a_change_on_its_way(text: InstrumentText) -> None:
    file = exchange_file([text])
    received = read_exchange(file.encode(), "a.json")
    assert (received.texts, received.faults) == ((replace(text, source=text.code),), ())
    changed = json.loads(file)
    changed["instruments"][0]["instrument"]["title"] += "!"
    received = read_exchange(json.dumps(changed).encode(), "a.json")
    assert received.texts == ()
    assert "digest" in str(received.faults[0])


def test_cases_beside_rules_stay_out() -> None:
    assert any(rule.cases for text in READ for rule in text.rules)
    assert exchange_file(READ) == exchange_file(SEEDED)


def signed_file() -> dict[str, Any]:
    """A file that a ministry signed, taken apart."""
    whole: dict[str, Any] = json.loads(exchange_file(SEEDED[:1], KEY))
    return whole


def test_a_signed_file_names_its_key_and_any_other_signature_is_refused() -> None:
    received = read_exchange(json.dumps(signed_file()).encode(), "a.json")
    assert (received.public_key, received.faults) == (public_key_of(KEY), ())
    assert received.digest == signed_file()["digest"]
    assert received.texts == (replace(SEEDED[0], source=SEEDED[0].code),)
    plain = {name: part for name, part in signed_file().items() if name != "signature"}
    assert read_exchange(json.dumps(plain).encode(), "a.json").public_key == "", "the signature can be taken off"
    other = json.loads(exchange_file(SEEDED[1:2], KEY))
    for signature in (
        other["signature"],
        {**signed_file()["signature"], "public_key": public_key_of(bytes(32))},
        {**signed_file()["signature"], "value": ""},
        {**signed_file()["signature"], "value": "%"},
        {**signed_file()["signature"], "public_key": "AAAA"},
        {**signed_file()["signature"], "public_key": ["A"]},
        {**signed_file()["signature"], "by": "nasional"},
        None,
        "ya",
        {},
    ):
        received = read_exchange(json.dumps({**signed_file(), "signature": signature}).encode(), "a.json")
        assert (received.texts, received.public_key) == ((), "")
        assert "signature" in str(received.faults[0])


def test_all_seeds_travel_in_one_file_far_below_the_greatest_size() -> None:
    file = exchange_file(reversed(SEEDED)).encode()
    received = read_exchange(file, "a.json")
    assert received.texts == tuple(replace(t, source=t.code) for t in sorted(SEEDED, key=lambda t: t.code))
    assert received.faults == ()
    assert len(file) * 10 < MOST_BYTES


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b'{"format": "wfa-rules/1", "instruments": [{"a": ' + b"[" * 900 + b"]" * 900 + b"}]}", "nested too deeply"),
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
        (b'{"format": "wfa-rules/1", "instruments": [{"a": ["\\u0000"]}]}', "instruments[0].a[0]: Sign 1 of this text"),
        (b'{"format": "wfa-rules/1", "instruments": [{"a": "x\\ud800"}]}', "instruments[0].a: Sign 2 of this text"),
        (b'{"format": "wfa-rules/1", "instruments": [7]}', "no list of objects"),
    ],
)
def test_a_hostile_file_gets_a_sentence_and_nothing_is_read_from_it(data: bytes, said: str) -> None:
    received = read_exchange(data, "a.json")
    assert received.texts == ()
    assert said in str(received.faults[0])
