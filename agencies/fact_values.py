"""How values of facts are written as text, in fact records and in imported tables (pure)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from agencies.facts import Fact, FactValue, Kind

_YES: Final = frozenset({"yes", "ya", "y", "true", "1"})
_NO: Final = frozenset({"no", "tidak", "n", "t", "false", "0"})
_MOST: Final = {"task.hours_per_day": 24, "task.days_per_week": 7, "task.hours_per_week": 168}
_DEFAULT_MOST: Final = 999


def as_text(value: FactValue | None) -> str | None:
    """The one text of a value: yes and no, the code of a choice, a number without idle zeros; None stays None.

    A set of codes is written with commas, in their order.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    return value


def from_text(fact: Fact, text: str) -> FactValue:
    """The value that a text means for a fact; "ya" and "tidak", "7,5" and "II.b" are understood.

    Raises ValueError when it means none; `allowed(fact)` names what would.
    """
    if fact.kind is Kind.YES_NO:
        return _yes_no(text)
    if fact.kind is Kind.NUMBER:
        return _number(fact, text)
    if fact.kind is Kind.CHOICE:
        return choice(fact.codes, text)
    if fact.kind is Kind.SET:
        return frozenset(choice(fact.codes, code.strip()) for code in text.split(","))
    return text


def allowed(fact: Fact) -> str:
    """What `from_text` accepts, for a sentence that tells people what to write."""
    if fact.kind is Kind.YES_NO:
        return "ya, tidak"
    if fact.kind is Kind.NUMBER:
        return f"0–{_MOST.get(fact.name, _DEFAULT_MOST)}"
    return ", ".join(fact.codes)


def choice(codes: tuple[str, ...], text: str) -> str:
    """The code that a text names, without regard to case, points, hyphens and spaces. Raises ValueError."""
    code = text.lower().translate(_SEPARATORS)
    if code not in codes:
        raise ValueError(text)
    return code


_SEPARATORS: Final = str.maketrans({".": "_", " ": "_", "-": "_"})


def _yes_no(text: str) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(text)


def _number(fact: Fact, text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(text) from None
    # Bounds first: a number of thirty digits cannot be rounded.
    within = number.is_finite() and 0 <= number <= _MOST.get(fact.name, _DEFAULT_MOST)
    if not within or number != round(number, 2):
        raise ValueError(text)
    return round(number, 2)
