"""What can be wrong with what stands in one field of a form, by the kind of the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from agencies.forms.people import GradeField

HUGE: Final = 100_000
"""Characters; more than any field of the portal takes."""

MISSING: Final = None
"""The field is not sent at all."""


@dataclass(frozen=True)
class Broken:
    """What is sent for a field (None: nothing; several values for one sent several times), and what is wrong with it.

    `surely`: no form may take it. Otherwise it may be meant, and is only not counted where it is taken.
    """

    what: str
    sent: tuple[Any, ...] | None
    surely: bool = True


_UNSEEN: Final = {
    "NUL": "\x00",
    "backspace": "\x08",
    "escape": "\x1b",
    "delete": "\x7f",
    "next line": "\x85",
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "zero width": "\u200b",
    "byte order mark": "\ufeff",
    "line separator": "\u2028",
}
_TEXTS: Final = {
    "half a surrogate": "\ud83d",
    "emoji": "🏛️👩‍💻",
    "SQL": "'); DROP TABLE agencies_agency; --",
    "HTML": '<script>alert("x")</script><img src=x onerror=alert(1)>',
    "formula": '=HYPERLINK("http://contoh.invalid","klik")',
    "template": "{{ settings.SECRET_KEY }}{% load x %}%(count)s%s{0}",
    "path": "../../../../etc/passwd",
    "right-to-left mark": "\u200fאבג",
    "combining": "Z" + "\u0301" * 60,
}
_BLANK: Final = {"spaces": "   ", "no-break spaces": "\u00a0\u00a0", "tabs": "\t\t", "lines": "\n\n"}
_NO_DAYS: Final = (
    *("2025-02-30", "31/04/2025", "0000-01-01", "2025-13-01", "2025-00-10", "10000-01-01", "-2025-01-01"),
    *("besok", "2025-07", "20250701T00", "2025-07-01T00:00:00Z", "1e9", "\x002025-07-01", "2025-07-01\x00", "🗓️"),
    *("9999-12-31", "0001-01-01", "0999-12-31", "1-1-1", "[]", "9" * HUGE, "'; SELECT 1; --", "29/02/2023"),
)
_NO_NUMBERS: Final = (
    *(
        "tiga",
        "-1",
        "1,5,5",
        "1.5",
        "1e3",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x10",
        "--1",
        "1_0_0x",
        "9" * 19,
        "9" * 400,
    ),
    *("9" * HUGE, "-" + "9" * 40, "\x001", "1\x00", str(2**31), str(2**63), str(2**64), "²", "½", "[1]", "1 2", "🥇"),
)
_NO_KEYS: Final = (
    *("0", "-1", "tiada", "1.5", str(2**31), str(2**63 - 1), str(2**63), str(2**70), "9" * 400, "9" * 5000, "\x00"),
    *("1; DROP TABLE x", "²", "1\x00", "[1]", "None", "1e3", "🗝️", "' OR '1'='1", " ", "0x1"),
)
_NO_CHOICES: Final = (
    *(
        "tiada",
        "TIADA",
        "\x00",
        "[]",
        "{}",
        "None",
        "null",
        "0",
        "-1",
        "true",
        "🗳️",
        "<b>x</b>",
        "x" * HUGE,
        "%s",
        "' --",
    ),
)


def broken(field: forms.Field, valid: str, others: Mapping[Any, str]) -> Iterator[Broken]:
    """What can be wrong with this field, where `valid` would be right; `others` are keys of rows out of reach."""
    if field.required:
        yield Broken("missing", MISSING)
        yield Broken("empty", ("",))
        yield Broken("sent twice, the second empty", (valid, ""))
    if isinstance(field, forms.ModelChoiceField):
        offered: Any = field.queryset
        other = (others[offered.model],) if offered.model in others else ()
        yield from _rows(field, valid, other)
    else:
        yield from _plain(field, valid)


def _rows(field: Any, valid: str, others: tuple[str, ...]) -> Iterator[Broken]:
    if isinstance(field, forms.ModelMultipleChoiceField):
        yield from _several(field, valid, (*_NO_KEYS[:-2], *others))
    else:
        for key in (*(one for one in _NO_KEYS if one.strip()), *others):
            yield Broken(f"key {key[:30]!r}", (key,))
            yield Broken(f"a right key and then {key[:30]!r}", (valid, key))


def _plain(field: forms.Field, valid: str) -> Iterator[Broken]:
    if isinstance(field, forms.MultipleChoiceField):
        yield from _several(field, valid, _NO_CHOICES)
    elif isinstance(field, forms.ChoiceField):
        for choice in _NO_CHOICES:
            yield Broken(f"choice {choice[:30]!r}", (choice,))
            yield Broken(f"a right choice and then {choice[:30]!r}", (valid, choice))
    elif isinstance(field, forms.DateField):
        for day in _NO_DAYS:
            yield Broken(f"day {day[:30]!r}", (day,))
    elif isinstance(field, forms.IntegerField):
        yield from _numbers(field)
    elif isinstance(field, forms.CharField):
        yield from _texts(field, valid)


def _several(field: forms.Field, valid: str, wrong: tuple[str, ...]) -> Iterator[Broken]:
    for one in wrong:
        yield Broken(f"{one[:30]!r}", (one,))
        if valid:
            yield Broken(f"a right one and {one[:30]!r}", (valid, one))
    yield Broken("five hundred unknown ones", tuple(str(2**40 + n) for n in range(500)))


def _numbers(field: forms.IntegerField) -> Iterator[Broken]:
    for number in _NO_NUMBERS:
        yield Broken(f"number {number[:30]!r}", (number,))
    if field.min_value is not None:
        yield Broken("one below the least", (str(field.min_value - 1),))
    if field.max_value is not None:
        yield Broken("one above the most", (str(field.max_value + 1),))


def _texts(field: forms.CharField, valid: str) -> Iterator[Broken]:
    first, rest = (valid[:1], valid[1:]) if len(valid) > 1 else ("a", "b")
    for what, sign in _UNSEEN.items():
        yield Broken(f"{what} within", (f"{first}{sign}{rest}",), surely=not (sign.isspace() and _closes_up(field)))
    if not isinstance(field.widget, forms.Textarea | forms.HiddenInput) and not _closes_up(field):
        yield Broken("a line break within", (f"{first}\n{rest}",))
    for what, text in _TEXTS.items():
        yield Broken(what, (text,), surely=False)
    for what, blank in _BLANK.items() if field.required else ():
        yield Broken(f"{what} only", (blank,))
    if field.max_length:
        yield Broken("one over", ("x" * (field.max_length + 1),))
        yield Broken("huge", ("x" * HUGE,))
        yield Broken("huge emoji", ("🏛" * (HUGE // 10),))
    else:
        yield Broken("huge", ("x" * HUGE,), surely=False)


def _closes_up(field: forms.CharField) -> bool:
    """Whether it takes numbers and grades as they are copied, with blanks between their parts."""
    return isinstance(field, GradeField) or field.widget.attrs.get("inputmode") == "numeric"
