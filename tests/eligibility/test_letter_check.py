"""The public page of a letter: whether it holds, for exactly what it says; never why, and nothing else of anybody."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from agencies import clock
from agencies.masking import masked_nip
from agencies.models import DisciplineGate, Workplace
from eligibility.actions.endings import end_arrangement, suspend_arrangement
from eligibility.arrangements.letters import letter_text, read_letter
from eligibility.arrangements.validity import LetterStanding, Validity, standing_of
from eligibility.models import Letter
from eligibility.rulebook import Mode
from tests.arranged_city import ADOPTED, TODAY, ArrangedCity
from tests.eligibility.lettered import ISSUED, NUMBER, approved, approved_for, day, issued
from tests.eligibility.test_request_pages import office
from tests.factories import DisciplineGateFactory

REASON = "Alasan yang tidak untuk umum"


def page(client: Client, code: str, on: date, monkeypatch: pytest.MonkeyPatch, **typed: str) -> tuple[int, str]:
    """What the page says on a day."""
    monkeypatch.setitem(clock.DEMONSTRATION_DAYS, "kota-contoh", on)
    answer = client.get(f"/surat/{code}/", typed)
    assert not answer.cookies, "it needs no cookie"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    return answer.status_code, " ".join(answer.content.decode().split())


def test_it_says_not_yet_then_valid_then_since_when_not(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrangement = approved(arranged)
    letter = issued(arranged, arrangement)
    english = {"bahasa": "en"}
    assert "Not valid yet: valid from 6 October 2025" in page(client, letter.code, TODAY, monkeypatch, **english)[1]
    status, told = page(client, letter.code, day(10, 7), monkeypatch, **english)
    assert status == 200
    assert "</span> Valid</strong>" in told
    head, noon = arranged.head_account, ISSUED + timedelta(days=9)
    suspend_arrangement(actor=head, arrangement=arrangement, on=day(10, 10), ground="service", text=REASON, at=noon)
    assert "</span> Valid</strong>" in page(client, letter.code, day(10, 9), monkeypatch, **english)[1]
    _status, told = page(client, letter.code, day(10, 13), monkeypatch, **english)
    assert "Not valid since 10 October 2025" in told
    assert REASON not in told
    assert "uspen" not in told, "not even what it was"


def test_it_shows_what_the_letter_says_and_nothing_else(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = issued(arranged, approved(arranged))
    _status, told = page(client, letter.code, day(10, 7), monkeypatch)
    shown = (NUMBER, "Kota Contoh", "Dinas Komunikasi", "Nita Pemohon", masked_nip(arranged.asker.nip))
    office = read_letter(letter.content).signatory.lines
    for words in (
        *shown,
        *office,
        str(arranged.programmer),
        "Selasa, Rabu",
        date_format(day(10, 6)),
        date_format(day(11, 28)),
    ):
        assert words in told, words
    hidden = (arranged.asker.nip, arranged.asker.residence, "Modul layanan", "Bayu Kepala", arranged.head.nip)
    for words in hidden:
        assert words not in told, words
    _status, english = page(client, letter.code, day(10, 7), monkeypatch, bahasa="en")
    assert 'lang="en"' in english
    assert "Tuesday, Wednesday" in english


def test_it_names_the_kind_of_place_and_another_office_but_no_address(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home = issued(arranged, approved(arranged))
    uptd = office(arranged.city.cast.institution, "Sukun", name="UPTD Sukun", address="Jalan Sintetis 7")
    plan: dict[str, Any] = {"mode": Mode.OTHER_OFFICE, "workplace": uptd, "residence_confirmed": False}
    elsewhere = issued(arranged, approved_for(arranged, arranged.colleagues[0], **plan), number="2")
    said = dict(read_letter(elsewhere.content).plan)
    assert said["Tempat kerja"] == "UPTD Sukun, Jalan Sintetis 7", "the letter itself names the address"
    Workplace.objects.filter(pk=uptd.pk).update(name="UPTD Klojen")
    for letter, place in ((at_home, "Tempat tinggal sebagaimana tercatat"), (elsewhere, "UPTD: UPTD Sukun")):
        told = page(client, letter.code, day(10, 7), monkeypatch)[1]
        assert f"<dt>Tempat kerja</dt><dd>{place}</dd>" in told
        assert "Jalan Sintetis" not in told
    english = page(client, at_home.code, day(10, 7), monkeypatch, bahasa="en")[1]
    assert "<dt>Place of work</dt><dd>Residence as recorded</dd>" in english


def test_a_letter_that_did_not_say_its_office_apart_is_still_read(arranged: ArrangedCity) -> None:
    content = read_letter(issued(arranged, approved(arranged)).content)
    earlier = json.loads(letter_text(content)) | {"format": 1}
    del earlier["office"]
    assert read_letter(json.dumps(earlier)) == content
    with pytest.raises(KeyError):
        read_letter(json.dumps(earlier | {"format": 3}))


def test_every_unknown_code_gets_the_same_page(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = issued(arranged, approved(arranged))
    found = {page(client, code, TODAY, monkeypatch) for code in ("a" * 32, letter.code[:-1], letter.code.upper(), "x")}
    assert [status for status, _told in found] == [404], "one page for all of them"


def test_what_was_not_told_to_the_portal_by_an_act_is_found_on_reading(arranged: ArrangedCity) -> None:
    letter = issued(arranged, approved(arranged))
    on, at = day(10, 14), ISSUED + timedelta(days=13)
    assert standing_of(letter, on, at) == LetterStanding(Validity.VALID)
    DisciplineGateFactory.create(employee=arranged.asker, starts_on=on, recorded_at=ADOPTED)
    assert DisciplineGate.objects.exists()
    assert standing_of(letter, on, at) == LetterStanding(Validity.NO_LONGER, on)
    assert standing_of(letter, day(10, 13), at).holds, "it held until then"


def test_the_day_since_when_it_does_not_hold_is_the_same_whenever_it_is_asked(arranged: ArrangedCity) -> None:
    letter = issued(arranged, approved(arranged))
    DisciplineGateFactory.create(
        employee=arranged.asker, starts_on=day(10, 8), ends_on=day(10, 24), recorded_at=ADOPTED
    )
    at = ISSUED + timedelta(days=60)
    for asked in (day(10, 8), day(10, 15), day(10, 22)):
        assert standing_of(letter, asked, at) == LetterStanding(Validity.NO_LONGER, day(10, 8)), asked
    for asked in (day(10, 7), day(10, 25)):
        assert standing_of(letter, asked, at).holds, asked


def test_what_ended_or_is_past_does_not_come_back(arranged: ArrangedCity) -> None:
    first, second = approved(arranged), approved_for(arranged, arranged.colleagues[0])
    one, other = issued(arranged, first), issued(arranged, second, number="2")
    assert standing_of(one, day(11, 29), ISSUED) == LetterStanding(Validity.NO_LONGER, day(11, 29))
    end_arrangement(actor=arranged.head_account, arrangement=second, on=day(10, 20), reason=REASON, at=ISSUED)
    other = Letter.objects.get(pk=other.pk)
    assert standing_of(other, day(10, 19), ISSUED).holds
    assert standing_of(other, day(12, 31), ISSUED) == LetterStanding(Validity.NO_LONGER, day(10, 20))


def test_the_page_costs_the_same_however_many_there_are(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = issued(arranged, approved(arranged))
    page(client, letter.code, day(10, 7), monkeypatch)
    with CaptureQueriesContext(connection) as alone:
        page(client, letter.code, day(10, 7), monkeypatch)
    issued(arranged, approved_for(arranged, arranged.colleagues[0]), number="2")
    with CaptureQueriesContext(connection) as beside:
        page(client, letter.code, day(10, 7), monkeypatch)
    assert len(alone) == len(beside) <= 70
    with CaptureQueriesContext(connection) as unknown:
        page(client, "a" * 32, day(10, 7), monkeypatch)
    assert len(unknown) == 1
