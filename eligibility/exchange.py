"""Rules that travel as one signed JSON file: written from texts, and read with a fault for what is wrong (pure).

The format is described in EXCHANGE.md; instruments have the shape of seed files, without the cases beside rules.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from agencies.signing import is_public_key, is_signed, public_key_of, signature_of
from agencies.unseen_signs import unseen_sign
from eligibility.seeds import read_instrument
from eligibility.texts import (
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

_DEEPEST: Final = 20
"""How many objects and lists stand in one another at the most: rules need twelve."""

_KEYS: Final = frozenset({"format", "digest", "signature", "instruments"})
_SIGNATURE_KEYS: Final = frozenset({"public_key", "value"})

Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class Received:
    """What a file says; with a fault it says nothing. `public_key` is that of its signature, empty without one."""

    texts: tuple[InstrumentText, ...] = ()
    faults: tuple[Fault, ...] = ()
    digest: str = ""
    public_key: str = ""


def exchange_file(texts: Iterable[InstrumentText], private_key: bytes = b"") -> str:
    """The file that hands the instruments on, with all their rules, in the order of their codes; signed with a key."""
    instruments = [_instrument(text) for text in sorted(texts, key=lambda text: text.code)]
    digest = digest_of(instruments)
    whole: Content = {"format": FORMAT, "digest": digest}
    if private_key:
        signature = signature_of(private_key, _signed_text(digest))
        whole["signature"] = {"public_key": public_key_of(private_key), "value": signature}
    return json.dumps({**whole, "instruments": instruments}, ensure_ascii=False, indent=2) + "\n"


def _signed_text(digest: str) -> str:
    """What a signature is of: with the format in front, so that it is never taken for one of another kind of text."""
    return f"{FORMAT}\n{digest}"


def digest_of(instruments: object) -> str:
    """SHA-256, in hexadecimal, of the instruments as JSON in ASCII with sorted keys and without spaces."""
    text = json.dumps(instruments, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read_exchange(data: bytes, source: str) -> Received:
    """The instruments of a file, or every fault of its shape: of the file under the name given, else of an instrument.

    What the rules say is not checked here: `checks.check_instruments` does. Whose the key is, nobody knows here.
    """
    try:
        whole = _whole(data)
        rows, public_key = _rows(whole), _public_key(whole)
    except _Unreadable as problem:
        return Received(faults=(Fault(source, problem.place, problem.sentence),))
    except RecursionError:
        return Received(faults=(Fault(source, "", _("The file is nested too deeply to be rules; export it again.")),))
    read = [read_instrument(row, _name(row, number)) for number, row in enumerate(rows)]
    faults = tuple(fault for _text, found in read for fault in found)
    if faults:
        return Received(faults=faults)
    return Received(tuple(text for text, _found in read), (), str(whole["digest"]), public_key)


def _name(row: Mapping[str, object], number: int) -> str:
    """How faults name an instrument: by its code, or where it has none by its place."""
    own = row.get("instrument")
    code = own.get("code") if isinstance(own, dict) else None
    return code[:80] if isinstance(code, str) and code else f"instruments[{number}]"


class _Unreadable(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.place = sentence, place


def _whole(data: bytes) -> Content:
    whole = _parsed(data)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise _Unreadable(
            _("This is no file of rules in the format “%(format)s”; export it again.") % {"format": FORMAT}
        )
    if unknown := sorted(whole.keys() - _KEYS):
        sentence = _("“%(key)s” is no key of such a file; take it out, or export the file again.")
        raise _Unreadable(sentence % {"key": unknown[0][:80]})
    for place, text in _texts(whole, ""):
        if sign := unseen_sign(text, lines=True):
            sentence = _("Sign %(sign)d of this text cannot be seen on screen or paper; take it out.")
            raise _Unreadable(sentence % {"sign": sign}, place)
    return whole


def _texts(value: object, place: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text inside a value with its place, keys of objects too."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{place} (key)", key
            yield from _texts(inner, f"{place}.{key[:80]}".removeprefix("."), depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}[{number}]", depth + 1)


def _rows(whole: Content) -> Sequence[Mapping[str, object]]:
    rows = whole.get("instruments")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _Unreadable(_("“instruments” holds no list of objects; export the file again."))
    if whole.get("digest") != digest_of(rows):
        raise _Unreadable(_("The digest does not fit what the file holds, so it was changed on its way; get it again."))
    return rows


def _public_key(whole: Content) -> str:
    """The key by which the file is signed; empty without a signature."""
    if "signature" not in whole:
        return ""
    said = whole["signature"]
    if not isinstance(said, dict) or said.keys() != _SIGNATURE_KEYS:
        raise _Unreadable(_("“signature” is no object with “public_key” and “value”; export the file again."))
    key, value = str(said["public_key"]), str(said["value"])
    try:
        signed = is_public_key(key) and is_signed(_signed_text(str(whole["digest"])), public_key=key, signature=value)
    except ValueError:
        signed = False
    if not signed:
        raise _Unreadable(
            _("The signature does not belong to this file: it was changed after it was signed; get it again.")
        )
    return key


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
    repeals = {"repeals": [_plain(repeal) for repeal in text.repeals]} if text.repeals else {}
    return {"code": text.code, "versions": [_version(version) for version in text.versions], **repeals}


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
