"""Finds, checks and compiles the Indonesian translations in pure Python: nobody needs gettext.

`python locale/compile.py` compiles django.po and lists what is wrong with it.
`python locale/compile.py --update` first adds what the code says anew and drops what it no longer
says; the new entries are empty and wait for their Indonesian words.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
CATALOGUE = BASE_DIR / "locale/id/LC_MESSAGES/django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
CODE = ("agencies", "eligibility", "oversight", "wfa_portal")
TEMPLATES = ("templates", *CODE)

# Where each function takes its context, its text and its plural.
PLACES: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_", "_N"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
CALL = re.compile(rf"\b({'|'.join(sorted(PLACES))})\(")
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Message:
    """A text of the code as the catalogue knows it; context and plural are often empty."""

    context: str
    text: str
    plural: str = ""


def message_of(node: ast.AST) -> Message | None:
    """The message of a call to gettext or its kin; None for any other code.

    A text that is computed is none either: it must be marked with gettext_noop where it is written.
    """
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
    if name not in PLACES:
        return None
    context, text, plural = (_constant(node, place) for place in PLACES[name])
    return Message(context, text, plural) if text else None


def _constant(call: ast.Call, place: int | None) -> str:
    if place is None or place >= len(call.args):
        return ""
    value = call.args[place]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def python_messages(source: str) -> Iterator[Message]:
    """The messages of a Python module."""
    yield from filter(None, map(message_of, ast.walk(ast.parse(source))))


def template_messages(source: str) -> Iterator[Message]:
    """The messages of a template: Django turns it into calls in a sea of filler."""
    code = templatize(source)
    for match in CALL.finditer(code):
        call = _shortest_expression(code[match.start() :])
        message = message_of(call) if call else None
        if message:
            yield message


def _shortest_expression(code: str) -> ast.expr | None:
    """The call that `code` begins with, up to the first bracket that completes it."""
    for bracket in re.finditer(r"\)", code):
        try:
            return ast.parse(code[: bracket.end()], mode="eval").body
        except SyntaxError:  # that bracket stood inside a text
            continue
    return None


def messages() -> dict[tuple[str, str], tuple[Message, list[str]]]:
    """Every message by context and text, with the files that say it."""
    found: dict[tuple[str, str], tuple[Message, list[str]]] = {}
    for file, message in _said():
        key = (message.context, message.text)
        known, files = found.get(key, (message, []))
        # Said once with a plural and once without, it is one entry, with the plural.
        found[key] = (message if message.plural else known, sorted({*files, file}))
    return found


def _said() -> Iterator[tuple[str, Message]]:
    for folder in CODE:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            for message in python_messages(path.read_text("utf-8")):
                yield path.relative_to(BASE_DIR).as_posix(), message
    for folder in TEMPLATES:
        for path in sorted((BASE_DIR / folder).rglob("*")):
            if path.suffix in {".html", ".txt"}:
                for message in template_messages(path.read_text("utf-8")):
                    yield path.relative_to(BASE_DIR).as_posix(), message


def catalogue() -> polib.POFile:
    """The Indonesian catalogue as it is committed."""
    return polib.pofile(str(CATALOGUE), encoding="utf-8", wrapwidth=100)


def problems(book: polib.POFile) -> list[str]:
    """What keeps the catalogue from being complete and true, one sentence each."""
    said = messages()
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in book}
    found = [f"{_quoted(text)} has no entry" for (_, text) in said.keys() - entries.keys()]
    for key, entry in entries.items():
        if entry.obsolete or key not in said:
            found.append(f"{_quoted(entry.msgid)} is said nowhere any more")
        elif entry.fuzzy:
            found.append(f"{_quoted(entry.msgid)} is only guessed (fuzzy)")
        elif (entry.msgid_plural or "") != said[key][0].plural:
            found.append(f"{_quoted(entry.msgid)} has another plural in the code")
        elif not entry.translated():
            found.append(f"{_quoted(entry.msgid)} has no Indonesian words")
        elif not _same_placeholders(entry):
            found.append(f"{_quoted(entry.msgid)} has other placeholders in Indonesian")
    return sorted(found)


def _quoted(text: str) -> str:
    return f'"{text[:70]}{"…" if len(text) > 70 else ""}"'


def _same_placeholders(entry: polib.POEntry) -> bool:
    expected = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(set(PLACEHOLDER.findall(form)) == expected for form in forms)


def updated(book: polib.POFile) -> polib.POFile:
    """The catalogue with exactly the messages of the code; known Indonesian words stay."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in book if not entry.obsolete}
    fresh = polib.POFile(encoding="utf-8", wrapwidth=100)
    fresh.header, fresh.metadata = book.header, book.metadata
    for key, (message, files) in sorted(messages().items(), key=lambda item: item[0][::-1]):
        fresh.append(_entry(message, files, known.get(key)))
    return fresh


def _entry(message: Message, files: list[str], known: polib.POEntry | None) -> polib.POEntry:
    formatted = re.search(r"%\(\w+\)\w|%[sd]", message.text + message.plural)
    words = known.msgstr or known.msgstr_plural.get(0, "") if known else ""
    return polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.text,
        msgid_plural=message.plural,
        # Indonesian has one form for every number.
        msgstr="" if message.plural else words,
        msgstr_plural={0: words} if message.plural else {},
        comment=known.comment if known else "",
        tcomment=known.tcomment if known else "",
        # Files without line numbers: an inserted line elsewhere is no change of a translation.
        occurrences=[(file, "") for file in files],
        flags=["python-format"] if formatted else [],
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--update", action="store_true", help="take in the messages of the code")
    book = catalogue()
    if arguments.parse_args().update:
        book = updated(book)
        book.save(str(CATALOGUE))
    COMPILED.write_bytes(book.to_binary())
    found = problems(book)
    print("\n".join([*found, f"{len(book)} messages, {len(found)} to mend."]))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
