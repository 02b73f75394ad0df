"""Thousands of bad inputs: each is answered where it is wrong, none brings the server down, nothing is stored."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from itertools import islice

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from agencies.actions.documents import LARGEST
from agencies.models import Role
from tests.acts.institution import add_document
from tests.addresses import ADDRESSES, Address
from tests.bad_input.breaking import HUGE, MISSING, Broken, broken
from tests.bad_input.judging import faults, refused
from tests.bad_input.sending import PDF, Sending, answer, browsers_of, opened, quoted
from tests.bad_input.watching import Watch
from tests.factories import AgencyFactory, EmploymentFactory, PostingFactory, UnitFactory
from tests.judged_city import JudgedCity

SEED = 20_250_701
FORMS = [address for address in ADDRESSES if address.sends and address.reads]
LISTS = [address for address in ADDRESSES if address.reads and not address.sends]
SURE_OF_NOTHING = {"agency_close", "task_close"}
"""Forms that refuse even what is rightly filled in: an agency with positions, the only task of a position."""

FULL = connection.vendor == "sqlite"
"""PostgreSQL takes a fifth: what differs there are the signs and numbers it cannot hold."""


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


def strangers() -> tuple[str, ...]:
    """Keys of rows of another institution."""
    unit = UnitFactory.create(agency=AgencyFactory.create())
    return str(unit.pk), str(unit.agency_id)


class Tally:
    """How many bad inputs were answered, and which were not as they must be."""

    def __init__(self) -> None:
        self.answered = 0
        self.wrong: list[str] = []

    def note(self, where: str, problems: list[str]) -> None:
        self.answered += not problems
        self.wrong += [f"{where}: {problem}" for problem in problems]


def broken_forms(sending: Sending, others: tuple[str, ...], draw: random.Random) -> Iterator[dict[str, Broken]]:
    """Each field broken in each way, then several at once with text that only looks dangerous."""
    each = {name: list(broken(field, _text(sending, name), others)) for name, field in sending.form.fields.items()}
    sure = [{name: one} for name, ways in each.items() for one in ways if one.surely]
    draw.shuffle(sure)
    yield from sure if FULL else sure[: len(sure) // 5]
    harmless = {name: [one for one in ways if not one.surely] for name, ways in each.items()}
    for name, ways in harmless.items():
        for one in ways if sure and FULL else ():
            worse = draw.choice([case for case in sure if name not in case] or [{}])
            if worse:
                yield {name: one, **worse}


def _text(sending: Sending, name: str) -> str:
    found = sending.right.get(name, ("",))[0]
    return found if isinstance(found, str) else ""


def broken_files(sending: Sending) -> Iterator[dict[str, Broken]]:
    """Files that are none, are empty, too large, or not what their name says."""
    for name in (one for one, field in sending.form.fields.items() if isinstance(field, forms.FileField)):
        for what, file in (
            ("empty", SimpleUploadedFile("naskah.pdf", b"")),
            ("a page", SimpleUploadedFile("naskah.pdf", b"<html><script>alert(1)</script>", "application/pdf")),
            ("a program", SimpleUploadedFile("naskah.pdf", b"MZ" + bytes(range(256)), "application/pdf")),
            ("zeros", SimpleUploadedFile("naskah.pdf", bytes(5000), "application/pdf")),
            ("almost a PDF", SimpleUploadedFile("naskah.pdf", b"%PDF", "application/pdf")),
            ("a PDF further on", SimpleUploadedFile("naskah.pdf", b"\n" + PDF, "application/pdf")),
            ("too large", SimpleUploadedFile("naskah.pdf", PDF + bytes(LARGEST), "application/pdf")),
            ("a path for a name", SimpleUploadedFile("../../etc/passwd", b"root", "application/pdf")),
        ):
            yield {name: Broken(what, (file,))}


def check(sending: Sending, changed: Mapping[str, Broken], watch: Watch, tally: Tally) -> None:
    """Send a broken form and note how it was answered; whatever it did is taken back."""
    where = f"{sending.name} ({sending.url}), " + "; ".join(f"{name}: {one.what}" for name, one in changed.items())
    point = transaction.savepoint()
    try:
        found = sending.send(changed, preview="1")
    except Exception as fault:
        import os, traceback  # DEV
        if os.environ.get("BAD_COLLECT"):  # DEV
            tb = traceback.extract_tb(fault.__traceback__)  # DEV
            own = [f"{f.filename.split('/main/')[-1]}:{f.lineno}" for f in tb if "/main/" in f.filename and ".venv" not in f.filename][-1]  # DEV
            tally.note(where, [f"SERVER ERROR {type(fault).__name__} {str(fault)[:100]} at {own} {tb[-1].filename.split('/')[-1]}:{tb[-1].lineno}"])  # DEV
            transaction.savepoint_rollback(point)  # DEV
            return  # DEV
        fault.add_note(f"{where} (seed {SEED})")
        raise
    problems = [f"stored in {table}" for table in watch.changed()]
    if refused(found):
        problems += faults(sending, changed, found)
    else:
        problems.append(f"taken, with status {found.status_code}")
    tally.note(where, problems)
    transaction.savepoint_rollback(point)


def test_every_field_of_every_form_broken_in_every_way_is_answered_at_the_form(peopled: JudgedCity) -> None:
    tally, draw, browsers = Tally(), random.Random(SEED), browsers_of(peopled)  # noqa: S311  # the same each run
    others = strangers()
    for address in FORMS:
        point = transaction.savepoint()
        sending = opened(peopled, address, browsers)
        watch = Watch()
        import time; t0 = time.time(); n0 = tally.answered; before = len(tally.wrong)  # DEV
        for changed in broken_forms(sending, others, draw):
            check(sending, changed, watch, tally)
        for changed in broken_files(sending):
            check(sending, changed, watch, tally)
        print(f"{address.name:25} answered {tally.answered-n0} wrong {len(tally.wrong)-before} {time.time()-t0:.1f}s")  # DEV
        if changes := watch.changed(deep=True):
            tally.wrong.append(f"{address.name}: changed {changes}")
        transaction.savepoint_rollback(point)
    assert not tally.wrong, f"{len(tally.wrong)} (seed {SEED}):\n" + "\n".join(tally.wrong[:4000])
    assert tally.answered >= (3500 if FULL else 700)
