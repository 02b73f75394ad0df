"""Reads the text of the PDF files that the portal makes: page by page, as their own tables of signs say."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|Tm(.*?)T[jJ]\n(ET)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> list[str]:
    """The text of each page; every run of signs on a line of its own."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    found = [body for _number, body in sorted(objects.items()) if b"/Type/Page/" in body]
    return [_page(objects, body) for body in found]


def _referred(body: bytes, key: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"/" + key + rb"[ \[]*(\d+) 0 R", body)]


def _unpacked(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    assert stream is not None
    return zlib.decompress(stream.group(1)) if b"FlateDecode" in body else stream.group(1)


def _page(objects: dict[int, bytes], body: bytes) -> str:
    resources = objects[_referred(body, b"Resources")[0]]
    named = {name: int(number) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
    signs = {name: _signs(objects, number) for name, number in named.items()}
    text: list[str] = []
    font: dict[int, str] = {}
    for name, shown, _end in _SHOWN.findall(_unpacked(objects[_referred(body, b"Contents")[0]])):
        if name:
            font = signs[name]
            continue
        codes = b"".join(_ESCAPE.sub(_byte, part) for part in _strings(shown))
        text += [font.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2)] + ["\n"]
    return "".join(text)


def _strings(shown: bytes) -> Iterator[bytes]:
    """The strings of an operand; brackets inside one need no escape where they are balanced."""
    depth, start, at = 0, 0, 0
    while at < len(shown):
        sign = shown[at : at + 1]
        if sign == b"\\":
            at += 1
        elif sign == b"(":
            depth += 1
            start = at + 1 if depth == 1 else start
        elif sign == b")":
            depth -= 1
            if not depth:
                yield shown[start:at]
        at += 1


def _byte(match: re.Match[bytes]) -> bytes:
    code = match.group(1)
    return bytes([int(code, 8)]) if code.isdigit() else _PLAIN.get(code, code)


def _signs(objects: dict[int, bytes], number: int) -> dict[int, str]:
    """A font's glyph numbers and the text they stand for."""
    table = _unpacked(objects[_referred(objects[number], b"ToUnicode")[0]])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
