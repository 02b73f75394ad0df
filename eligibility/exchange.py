"""Rules that travel as one JSON file with a digest: written from texts, and read with a fault for what is wrong.

The format is described in EXCHANGE.md; instruments have the shape of seed files.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from eligibility.seeds import read_instrument
from eligibility.texts import (
    CaseText,
    CriterionText,
    Fault,
    InstrumentText,
    LiftText,
    LimitText,
    PeriodText,
    ProvisionText,
    RuleText,
    ScopeText,
    VersionText,
)

FORMAT: Final = "wfa-rules/1"
"""The name of the format with its number; what reads one reads no other."""

MOST_BYTES: Final = 5_000_000
"""The greatest file that is read. All the law that comes with the portal takes less than a tenth of it."""

_KEYS: Final = frozenset({"format", "digest", "instruments"})

Content = dict[str, object]


def exchange_file(texts: Iterable[InstrumentText]) -> str:
    """The file that hands the instruments on, with all their rules, in the order of their codes."""
    instruments = [_instrument(text) for text in sorted(texts, key=lambda text: text.code)]
    whole = {"format": FORMAT, "digest": digest_of(instruments), "instruments": instruments}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def digest_of(instruments: object) -> str:
    """SHA-256, in hexadecimal, of the instruments as JSON in ASCII with sorted keys and without spaces."""
    text = json.dumps(instruments, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read_exchange(data: bytes, source: str) -> tuple[list[InstrumentText], list[Fault]]:
    """The instruments of a file, and every fault of its shape; with a fault nothing of it is to be used.

    What the rules say is not checked here: `checks.check_instruments` does.
    """
    try:
        rows = _rows(data)
    except _Unreadable as problem:
        return [], [Fault(source, problem.place, problem.sentence)]
    except RecursionError:  # on reading, or on working out the digest of what could just be read
        return [], [Fault(source, "", _("The file is nested too deeply to be rules; export it again."))]
    read = [read_instrument(row, source) for row in rows]
    faults = [fault for _text, found in read for fault in found]
    return ([], faults) if faults else ([text for text, _found in read], [])


class _Unreadable(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.place = sentence, place


def _rows(data: bytes) -> Sequence[Mapping[str, object]]:
    whole = _parsed(data)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise _Unreadable(
            _("This is no file of rules in the format “%(format)s”; export it again.") % {"format": FORMAT}
        )
    if unknown := sorted(whole.keys() - _KEYS):
        sentence = _("“%(key)s” is no key of such a file; take it out, or export the file again.")
        raise _Unreadable(sentence % {"key": unknown[0][:80]})
    rows = whole.get("instruments")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _Unreadable(_("“instruments” holds no list of objects; export the file again."))
    if whole.get("digest") != digest_of(rows):
        raise _Unreadable(_("The digest does not fit what the file holds, so it was changed on its way; get it again."))
    return rows


def _parsed(data: bytes) -> object:
    if len(data) > MOST_BYTES:
        raise _Unreadable(_("The file is larger than %(most)d bytes; export fewer instruments.") % {"most": MOST_BYTES})
    try:
        return json.loads(
            data.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_without_repeats
        )
    except UnicodeDecodeError:
        raise _Unreadable(_("The file is not written in UTF-8; export it again.")) from None
    except json.JSONDecodeError as problem:
        place = _("line %(line)d, column %(column)d") % {"line": problem.lineno, "column": problem.colno}
        raise _Unreadable(_("This is no valid JSON from here on; correct it there."), place) from None
    except ValueError:
        raise _Unreadable(_("The file holds a number that is too long; correct it.")) from None


def _without_repeats(pairs: list[tuple[str, object]]) -> Content:
    """An object of the file; of a key that stands there twice nobody knows which value is meant."""
    content = dict(pairs)
    if len(content) < len(pairs):
        repeated = next(key for key, count in Counter(key for key, _value in pairs).items() if count > 1)
        raise _Unreadable(_("The key “%(key)s” stands twice in one object; keep one.") % {"key": repeated[:80]})
    return content


def _no_number(name: str) -> object:
    raise _Unreadable(_("%(name)s is no number that a rule can hold; correct it.") % {"name": name})


def _plain(text: object, *leaving: str) -> Content:
    """The fields of a text that say something, as JSON has them; those left out are written otherwise."""
    own = {field.name: getattr(text, field.name) for field in fields(text) if field.name not in leaving}  # type: ignore[arg-type]
    return {name: _value(value) for name, value in own.items() if value not in ("", None, ())}


def _value(value: object) -> object:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _instrument(text: InstrumentText) -> Content:
    parts: dict[str, tuple[PeriodText, ...] | tuple[ScopeText, ...] | tuple[ProvisionText, ...]] = {
        "periods": text.periods,
        "scopes": text.scopes,
        "provisions": text.provisions,
    }
    return {
        "instrument": _plain(text, "source", "rules", *parts),
        **{name: [_plain(one) for one in found] for name, found in parts.items()},
        "rules": [_rule(rule) for rule in text.rules],
    }


def _rule(text: RuleText) -> Content:
    cases = {"cases": [_case(case) for case in text.cases]} if text.cases else {}
    return {"code": text.code, "versions": [_version(version) for version in text.versions], **cases}


def _case(text: CaseText) -> Content:
    return {**_plain(text, "facts"), "facts": dict(text.facts)}


_OWN_SHAPE: Final = (
    *("applies", "requires", "exceptions", "limit", "lifts"),
    *("condition_kind", "condition_text", "condition_approver"),
)
"""The fields of a version that are objects in the file."""


def _version(text: VersionText) -> Content:
    content = _plain(text, *_OWN_SHAPE)
    content["applies"] = _criteria(text.applies)
    content["requires"] = _criteria(text.requires)
    content["exceptions"] = [_criteria(group) for group in text.exceptions]
    content["lifts"] = [_lift(lift) for lift in text.lifts]
    if text.limit is not None:
        content["limit"] = _limit(text.limit)
    if text.condition_kind:
        condition = {"kind": text.condition_kind, "text": text.condition_text, "approver": text.condition_approver}
        content["condition"] = {name: value for name, value in condition.items() if value}
    return content


def _criteria(texts: Iterable[CriterionText]) -> list[Content]:
    return [_plain(text) for text in texts]


def _limit(text: LimitText) -> Content:
    return _plain(text)


def _lift(text: LiftText) -> Content:
    enabling = {"instrument": text.instrument, "reference": text.reference}
    return {"rule": text.rule, **({"enabled_by": enabling} if text.instrument else {})}
