"""The acts on files of rules: their law lands as drafts, and whose key signs them is recorded."""

from __future__ import annotations

from dataclasses import replace

from agencies.signing import public_key_of
from eligibility.actions.rule_imports import import_rules
from eligibility.actions.sender_keys import record_sender_key
from eligibility.exchange import Received, exchange_file, read_exchange
from eligibility.texts import InstrumentText, RuleText
from tests.acts.drafts import NOON, circular_text, counter_text
from tests.base import Cast

KEY = bytes(range(32))


def circular_with_rules(*codes: str, **other: object) -> InstrumentText:
    """The circular of the mayor with rules that say the same."""
    return circular_text(rules=tuple(RuleText(code, (counter_text(),)) for code in codes), **other)


def received(*texts: InstrumentText, key: bytes = b"") -> Received:
    """A file as it is read."""
    found = read_exchange(exchange_file([replace(text, source="") for text in texts], key).encode(), "aturan.json")
    assert found.faults == ()
    return found


def imported(cast: Cast) -> object:
    return import_rules(
        actor=cast.rules_administrator,
        institution=cast.institution,
        received=received(circular_with_rules("LOKET"), key=KEY),
        at=NOON,
    )


def recorded_key(cast: Cast) -> object:
    return record_sender_key(
        actor=cast.rules_administrator,
        institution=cast.institution,
        public_key=public_key_of(KEY),
        holder="Kementerian Contoh",
        trusted=True,
        source="Surat nomor 3/2025",
        at=NOON,
    )


ACTS = {
    "eligibility.actions.rule_imports.import_rules": imported,
    "eligibility.actions.sender_keys.record_sender_key": recorded_key,
}
