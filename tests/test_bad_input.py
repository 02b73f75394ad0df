"""Thousands of bad inputs to forms and addresses: each is answered where it is wrong, and nothing is stored."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from agencies.actions.documents import LARGEST
from agencies.models import Agency, Employee, PublicService, Role, Task, Unit
from tests.acts.institution import add_document
from tests.addresses import ADDRESSES
from tests.bad_input import LEAST
from tests.bad_input.breaking import Broken, broken
from tests.bad_input.judging import faults, refused
from tests.bad_input.sending import PDF, Sending, browsers_of, opened, quoted, reader_of
from tests.bad_input.watching import Watch
from tests.factories import (
    AgencyFactory,
    EmployeeFactory,
    EmploymentFactory,
    PostingFactory,
    PublicServiceFactory,
    TaskFactory,
    UnitFactory,
)
from tests.judged_city import JudgedCity

pytestmark = pytest.mark.usefixtures("frameless")
SEED: Final = 20_250_701
FULL: Final = connection.vendor == "sqlite"
"""PostgreSQL takes a part: what differs there are the signs and numbers it cannot hold, which a few forms would show.

Every form is sent and every page asked for there, too, each with fewer bad inputs.
"""

EACH: Final = 34 if FULL else 8
"""Bad inputs to a form, spread over its fields; a form of few fields has fewer."""

TURNS: Final = 4
"""The forms are taken in turns, so that the workers of a run share them."""

FORMS: Final = [address for address in ADDRESSES if address.sends and address.reads]
PAGES: Final = [
    address
    for address in ADDRESSES
    if address.reads and not address.sends and not address.name.endswith(("_pdf", "_xlsx", "document"))
]
REFUSED_ANYWAY: Final = {
    *("agency_close", "position_close", "task_close", "task_add", "task_services", "task_holders", "trail_erase"),
    *("decisions_waiting", "arrangement_group", "arrangement_submit", "arrangement_approve", "arrangement_resume"),
    "arrangement_letter",
}
"""What cannot be done even when all is filled in rightly, such as to close an agency that has positions.

No Penetapan and no implementing instrument is recorded in this city, so that no flexible work can be approved in it,
and what was approved all the same, written without acts, rests on nothing that a letter could cite.
"""


@pytest.fixture
def peopled(city: JudgedCity) -> JudgedCity:
    """The judged city with an employee who has an account and one who has none, and an entry in its trail."""
    posted = PostingFactory.create(position=city.cast.position)
    city.cast.employee.employee = posted.employee
    city.cast.employee.save(update_fields=["employee"])
    for one in (posted, PostingFactory.create(position=city.eligible)):
        EmploymentFactory.create(employee=one.employee)
    add_document(city.cast)
    return city


def strangers() -> dict[type, str]:
    """Keys of rows of another institution."""
    unit = UnitFactory.create(agency=AgencyFactory.create())
    rows: tuple[Any, ...] = (unit, unit.agency, PublicServiceFactory.create(agency=unit.agency))
    rows += (EmployeeFactory.create(), TaskFactory.create())
    assert {type(row) for row in rows} == {Agency, Unit, PublicService, Employee, Task}
    return {type(row): str(row.pk) for row in rows}


class Tally:
    """How many bad inputs were answered, and which were not as they must be."""

    def __init__(self) -> None:
        self.answered = 0
        self.wrong: list[str] = []

    def note(self, where: str, problems: list[str]) -> None:
        """Count an input, or keep what was wrong with its answer."""
        self.answered += not problems
        self.wrong += [f"{where}: {problem}" for problem in problems]

    def told(self) -> str:
        """What was wrong, to be repeated with the same seed."""
        return f"{len(self.wrong)} (seed {SEED}):\n" + "\n".join(self.wrong[:60])


def broken_forms(sending: Sending, others: Mapping[Any, str], draw: random.Random) -> Iterator[dict[str, Broken]]:
    """A field at a time broken surely, in turn; now and then another beside it holds what only looks dangerous."""
    ways = {name: list(broken(field, _text(sending, name), others)) for name, field in sending.form.fields.items()}
    sure = {name: [one for one in found if one.surely] for name, found in ways.items()}
    doubtful = [(name, one) for name, found in ways.items() for one in found if not one.surely]
    for found in sure.values():
        draw.shuffle(found)
    turns = zip_longest(*([(name, one) for one in found] for name, found in sure.items()))
    for number, (name, one) in enumerate([case for turn in turns for case in turn if case][:EACH]):
        beside = draw.choice(doubtful) if doubtful and number % 3 == 0 else (name, one)
        yield dict([beside, (name, one)])


def _text(sending: Sending, name: str) -> str:
    found = sending.right.get(name, ("",))[0]
    return found if isinstance(found, str) else ""


def broken_files(sending: Sending) -> Iterator[dict[str, Broken]]:
    """Files that are empty, too large, or not what their name says."""
    for name in (one for one, field in sending.form.fields.items() if isinstance(field, forms.FileField)):
        for what, called, content in (
            ("empty", "naskah.pdf", b""),
            ("a page", "naskah.pdf", b"<html><script>alert(1)</script>"),
            ("a program", "naskah.pdf", b"MZ" + bytes(range(256))),
            ("zeros", "naskah.pdf", bytes(5000)),
            ("almost a PDF", "naskah.pdf", b"%PDF"),
            ("a PDF further on", "naskah.pdf", b"\n" + PDF),
            ("too large", "naskah.pdf", PDF + bytes(LARGEST)),
            ("a path for a name", "../../etc/passwd", b"root"),
            ("a long name", "n" * 5000 + ".pdf", b"root"),
        ):
            yield {name: Broken(what, (SimpleUploadedFile(called, content, "application/pdf"),))}


def check(sending: Sending, changed: Mapping[str, Broken], watch: Watch, tally: Tally) -> None:
    """Send a broken form and note how it was answered; whatever it did is taken back."""
    where = f"{sending.name} ({sending.url}), " + "; ".join(f"{name}: {one.what}" for name, one in changed.items())
    point = transaction.savepoint()
    try:
        found = sending.send(changed, preview="1")
    except Exception as fault:
        fault.add_note(f"{where} (seed {SEED})")
        raise
    problems = [f"stored in {table}" for table in watch.changed()]
    problems += faults(sending, changed, found) if refused(found) else [f"taken, with status {found.status_code}"]
    tally.note(where, problems)
    transaction.savepoint_rollback(point)


@pytest.mark.parametrize("turn", range(TURNS))
def test_every_form_answers_what_is_broken_at_the_field_keeps_what_was_typed_and_stores_nothing(
    peopled: JudgedCity, turn: int
) -> None:
    draw = random.Random(SEED + turn)  # the same each run
    tally, browsers, others = Tally(), browsers_of(peopled), strangers()
    for address in FORMS[turn::TURNS]:
        point = transaction.savepoint()
        sending = opened(peopled, address, browsers)
        watch = Watch()
        for changed in (*broken_forms(sending, others, draw), *broken_files(sending)):
            check(sending, changed, watch, tally)
        tally.wrong += [f"{address.name}: changed {table}" for table in watch.changed(deep=True)]
        transaction.savepoint_rollback(point)
    assert not tally.wrong, tally.told()
    assert tally.answered >= (LEAST["forms"] if FULL else 430) // TURNS


BODIES: Final[tuple[tuple[str, bytes, str], ...]] = (
    ("nothing", b"", "application/x-www-form-urlencoded"),
    ("JSON", b'{"name": "x"}', "application/json"),
    ("deep JSON", b"[" * 100_000, "application/json"),
    ("plain text", b"name=x", "text/plain"),
    ("XML", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "text/xml"),
    ("parts without a boundary", b"--x\r\n\r\n", "multipart/form-data"),
    ("parts broken off", b'--x\r\nContent-Disposition: form-data; name="a"\r\n', "multipart/form-data; boundary=x"),
    ("bytes of no text", bytes(range(256)) * 4, "application/x-www-form-urlencoded"),
    ("half percents", b"nam%=%&%zz=%ff%fe&%00=%00", "application/x-www-form-urlencoded"),
    ("another alphabet", b"name=%E4", "application/x-www-form-urlencoded; charset=utf-16"),
    ("5,000 fields", b"&".join(b"f%d=1" % n for n in range(5000)), "application/x-www-form-urlencoded"),
    ("three megabytes", b"name=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
)
"""What programs send instead of a form."""


@pytest.mark.parametrize("turn", range(TURNS))
def test_what_is_no_form_at_all_is_refused_and_a_forged_or_stale_confirmation_asks_anew(
    peopled: JudgedCity, turn: int
) -> None:
    draw = random.Random(SEED + turn)
    tally, browsers = Tally(), browsers_of(peopled)
    for address in FORMS[turn::TURNS]:
        point = transaction.savepoint()
        sending = opened(peopled, address, browsers)
        watch = Watch()
        required = any(field.required for field in sending.form.fields.values())
        for what, body, kind in draw.sample(BODIES, 6 if FULL else 2) if required else ():
            found: Any = sending.client.post(sending.url, body, content_type=kind)
            good = refused(found) or found.status_code in {400, 413}
            problems = [] if good else [f"answered {found.status_code}"]
            tally.note(f"{address.name}, {what}", problems + watch.changed())
        tally.note(f"{address.name}, forged confirmation", [*_forged(sending), *watch.changed(deep=True)])
        transaction.savepoint_rollback(point)
    assert not tally.wrong, tally.told()
    assert tally.answered >= (LEAST["bodies"] if FULL else 150) // TURNS


def _forged(sending: Sending) -> list[str]:
    """What is wrong where the rightly filled form is confirmed with consequences that were never shown."""
    point = transaction.savepoint()
    shown = sending.send({}, preview="1")
    transaction.savepoint_rollback(point)
    if refused(shown):
        return [] if sending.name in REFUSED_ANYWAY else [f"refuses what is right: {shown.context['form'].errors}"]
    if shown.context is None or shown.context.get("consequences") is None:
        return []  # nothing is shown first
    found = sending.send({"previewed": Broken("forged", ("0" * 64,))}, confirm="1")
    again = found.status_code == 200 and found.context["consequences"] is not None
    return [] if again else [f"a forged confirmation is answered {found.status_code}"]


WRONG_KEYS: Final = (
    "0",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(10**30),
    "9" * 1000,
    "-1",
    "abc",
    "1.5",
    "%00",
    "%F0%9F%8F%9B",
)
WRONG_CODES: Final = (
    "tiada",
    "%00",
    "Diskominfo%00",
    "x" * 2000,
    "%27%20OR%201",
    "%ED%A0%80",
    "%E2%80%AE",
    "..",
    "Dinkes%0A",
)


def _wrong_addresses(url: str) -> Iterator[str]:
    """An address with another key or code in each place."""
    path = url.partition("?")[0].split("/")
    for place, part in enumerate(path):
        codes = WRONG_KEYS if part.isdigit() else WRONG_CODES if part in {"kota-contoh", "Diskominfo", "se-1"} else ()
        for code in codes:
            yield "/".join([*path[:place], code, *path[place + 1 :]])


@pytest.mark.usefixtures("refusals_unworded")
def test_a_wrong_key_or_code_in_an_address_is_told_not_to_be_there(peopled: JudgedCity) -> None:
    browsers, tally, draw = browsers_of(peopled), Tally(), random.Random(SEED)
    for address in (*FORMS, *PAGES):
        point = transaction.savepoint()
        client = browsers[reader_of(address)]
        wrong = list(_wrong_addresses(address.own(peopled)))
        for url in draw.sample(wrong, min(len(wrong), 10 if FULL else 4)):
            found = client.get(url)
            tally.note(url, [] if found.status_code in {404, 302, 301} else [f"answers {found.status_code}"])
        transaction.savepoint_rollback(point)
    assert not tally.wrong, tally.told()
    assert tally.answered >= (500 if FULL else 200)


PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("per", "diketahui", "dari", "sampai"), ("2025-02-30", "0001-01-01", "9999-12-31", "besok", "\x00")
    ),
    **dict.fromkeys(("sesudah", "sebelum"), ("0", "-1", str(2**63), "9" * 18, "9" * 400, "abc", "²", "\x00", "1.5")),
    **dict.fromkeys(
        ("cari", "pegawai", "pembaca"), ("\x00", "x" * 3000, "% _ \\", "'; --", "a " * 1000, "\ud83d", "<b>")
    ),
    **dict.fromkeys(
        (
            "opd",
            "jenis",
            "peran",
            "keadaan",
            "urut",
            "buka",
            "unit",
            "saring",
            "cara",
            "hasil",
            "penetapan",
            "berubah",
            "isi",
        ),
        ("tiada", "\x00", "x" * 3000, "-1", "[]", "🏛️", "semua"),
    ),
    **dict.fromkeys(("halaman", "usul", "lembar"), ("0", "-1", "2.5", "9" * 400, "²", "\x00", "abc")),
    **dict.fromkeys(
        ("sendiri", "tampil", "tampilan", "versi", "cetak", "jabatan", "instansi", "bentuk", "periode", "tingkat"),
        ("\x00", "tabel", "9" * 99, "x" * 3000),
    ),
}
"""Parts of addresses, and what cannot be read in them."""


def test_what_cannot_be_read_in_the_address_of_a_page_is_left_out_or_told(peopled: JudgedCity) -> None:
    draw = random.Random(SEED)
    browsers, tally = browsers_of(peopled), Tally()
    for address in PAGES:
        point = transaction.savepoint()
        client, url = browsers[reader_of(address)], address.own(peopled)
        watch = Watch()
        for _time in range(8 if FULL else 2):
            typed = {name: [draw.choice(ways)] for name, ways in PARTS.items() if draw.random() < 0.6}
            query = "&".join(f"{name}={quoted(one)}" for name, sent in typed.items() for one in sent)
            found = client.get(f"{url.partition('?')[0]}?{query}")
            problems = [] if found.status_code in {200, 302, 404} else [f"answers {found.status_code}"]
            tally.note(f"{url.partition('?')[0]}?{query[:500]}", problems + watch.changed())
        transaction.savepoint_rollback(point)
    assert not tally.wrong, tally.told()
    assert tally.answered >= (200 if FULL else 80)


def test_a_number_that_is_none_finds_nobody_and_stands_in_no_address(peopled: JudgedCity) -> None:
    client = browsers_of(peopled)[Role.HR_OFFICER]
    for typed in (
        "",
        "1",
        "19850317201001190",
        "198513172010011901",
        "1.98503E+17",
        "9" * 5000,
        "\x00",
        "٣" * 18,
        "🧍",
        "abc",
    ):
        found = client.post("/kota-contoh/pegawai/cari/", {"nip": typed})
        assert found.status_code == 302
        assert not typed or typed not in found["Location"]
        assert 'role="' in client.get(found["Location"]).content.decode()
