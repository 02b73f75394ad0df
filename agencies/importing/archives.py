"""Looks into a workbook's archive before anything parses it: a small file may unfold to more than a machine holds."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

from django.utils.translation import gettext as _

from agencies.importing.refusals import FileRefused

MOST_ENTRIES: Final = 2_000
LARGEST_UNFOLDED: Final = 300 * 1024 * 1024
"""Bytes of all parts of a workbook together; 20,000 employees take about 30 MB."""

_HEADER: Final = struct.Struct("<26xHH")
"""The end of a part's own header: how long its name and its extra field are."""
_STEP: Final = 256 * 1024


def check_archive(content: bytes) -> None:
    """Raise FileRefused for what is no XLSX workbook, is damaged, or unfolds to too much.

    The sizes that an archive claims are not believed: every part is unfolded and counted, and thrown away.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError) as problem:
        raise _damaged() from problem
    _check_parts(parts)
    unfolded = 0
    for part in parts:
        unfolded += _unfolded(content, part, LARGEST_UNFOLDED - unfolded)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_ENTRIES:
        raise _too_much()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused(_("The workbook is protected by a password. Save it without one and choose it again."))
    if "xl/workbook.xml" not in names:
        raise FileRefused(
            _("This is no XLSX workbook, whatever its name says. Open it in a spreadsheet program and save it as XLSX.")
        )


def _unfolded(content: bytes, part: zipfile.ZipInfo, left: int) -> int:
    """How many bytes a part unfolds to. Raises FileRefused as soon as they are more than are left."""
    try:
        name, extra = _HEADER.unpack_from(content, part.header_offset)
    except struct.error as problem:
        raise _damaged() from problem
    start = part.header_offset + 30 + name + extra
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged()
    return _inflated(content[start : start + part.compress_size], left)


def _inflated(packed: bytes, left: int) -> int:
    stream, count, waiting = zlib.decompressobj(-15), 0, packed
    try:
        while waiting and not stream.eof:
            count += len(stream.decompress(waiting, _STEP))
            waiting = stream.unconsumed_tail
            if count > left:
                raise _too_much()
    except zlib.error as problem:
        raise _damaged() from problem
    return count


def _too_much() -> FileRefused:
    message = _(
        "The workbook unfolds to more than %(size)d MB and was not opened. Copy the rows into a new workbook and save"
        " that."
    )
    return FileRefused(message % {"size": LARGEST_UNFOLDED // 1024 // 1024})


def _damaged() -> FileRefused:
    return FileRefused(
        _("The workbook is damaged and cannot be opened. Open it in a spreadsheet program and save it as XLSX anew.")
    )
