"""A letter rests on what is in force on the day it is signed; what has ended is no basis, what begins later says so."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from agencies import clock
from agencies.errors import ActRefused
from agencies.models import User
from eligibility.actions.instruments import InstrumentValues, Reach, record_instrument
from eligibility.arrangements.letters import read_letter
from eligibility.models import Arrangement, InstrumentPeriod, Letter
from eligibility.pages.annexes import in_indonesian
from eligibility.periods import Span
from tests.arranged_city import ADOPTED, AT, TODAY, ArrangedCity
from tests.eligibility.lettered import ISSUED, approved, approved_for, day, issued
from tests.factories import DisciplineGateFactory


def dated(arranged: ArrangedCity, arrangement: Arrangement, on: date, issued_on: date | None = None) -> Letter:
    """Its letter, signed on a day, and issued then unless another is given."""
    told = issued_on or on
    return issued(arranged, arrangement, signed_on=on, on=told, at=ISSUED + (told - TODAY))


def refused(arranged: ArrangedCity, arrangement: Arrangement, on: date) -> str:
    """Why none of the day is given."""
    with pytest.raises(ActRefused) as found:
        dated(arranged, arrangement, on)
    assert (found.value.field, Letter.objects.count()) == ("signed_on", 0)
    return str(found.value)


def ended(arranged: ArrangedCity, on: date) -> None:
    """The implementing instrument is no longer in force from the day on; nothing was examined again because of it."""
    end = InstrumentPeriod.Kind.ENDS
    arranged.instrument.periods.create(kind=end, starts_on=on, basis="Keputusan 140/2025", known_from=AT)


def test_no_letter_rests_on_an_instrument_that_has_ended(arranged: ArrangedCity) -> None:
    arrangement = approved(arranged)
    ended(arranged, day(10, 10))
    told = refused(arranged, arrangement, day(10, 10))
    for words in ("Keputusan Wali Kota 120/2025", "100.3.3.3/120/2025", "9 Oktober 2025"):
        assert words in told, words
    letter = dated(arranged, arrangement, day(10, 9))
    assert "100.3.3.3/120/2025" in read_letter(letter.content).basis[0], "on its last day it is the basis"


def test_no_letter_is_given_once_the_period_is_over(arranged: ArrangedCity) -> None:
    arrangement = approved(arranged)
    assert "28 November 2025" in refused(arranged, arrangement, day(11, 29))
    letter = dated(arranged, arrangement, day(11, 28), issued_on=day(12, 5))
    assert letter.signed_on == day(11, 28), "signed in time, and recorded later"


def test_no_letter_is_given_while_what_the_approval_rests_on_does_not_hold(arranged: ArrangedCity) -> None:
    arrangement = approved(arranged)
    DisciplineGateFactory.create(
        employee=arranged.asker, starts_on=day(10, 8), ends_on=day(10, 24), recorded_at=ADOPTED
    )
    told = refused(arranged, arrangement, day(10, 8))
    assert in_indonesian("Employee requirements are not met (Pasal 25 ayat (1)). Details are with BKPSDM.") in told
    assert dated(arranged, arrangement, day(10, 25)).pk, "it is over"


@pytest.mark.parametrize("later", [False, True])
def test_of_instruments_that_follow_each_other_each_is_cited_as_it_stands(arranged: ArrangedCity, later: bool) -> None:
    ended(arranged, day(11, 1))
    values = InstrumentValues(
        title="Keputusan Wali Kota 150/2025",
        number="100.3.3.3/150/2025",
        issued_on=day(9, 25),
        issuer="Wali Kota",
        subject="Pelaksanaan Fleksibilitas Kerja",
        periods=(Span(day(11, 1), day(12, 31)),),
        reach=Reach(),
    )
    record_instrument(actor=None, institution=arranged.city.cast.institution, values=values, at=AT)
    letter = dated(arranged, approved(arranged), day(11, 3) if later else TODAY)
    first, second = read_letter(letter.content).basis[:2]
    if later:
        assert "100.3.3.3/150/2025" in first
        assert "berlaku mulai" not in first
        assert "120/2025" not in "".join(read_letter(letter.content).basis), "it has ended"
    else:
        assert "100.3.3.3/120/2025" in first
        assert "berlaku mulai" not in first
        assert "100.3.3.3/150/2025" in second
        assert second.endswith(", berlaku mulai 1 November 2025")


def test_the_page_says_why_a_letter_of_today_would_be_refused(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrangement = approved(arranged)
    client.force_login(arranged.head_account)
    address = arranged.url(f"fleksibilitas/{arrangement.pk}/")
    warning = in_indonesian("The approval has no letter, and one dated today would be refused.")
    for on, warned in ((day(11, 28), False), (day(11, 29), True)):
        monkeypatch.setitem(clock.DEMONSTRATION_DAYS, "kota-contoh", on)
        page = client.get(address).content.decode()
        assert (warning in page, f"{address}surat/" in page) == (warned, True), on
        assert (warning in client.get(f"{address}surat/").content.decode()) == warned, on
    assert "28 November 2025" in page


def test_the_page_names_the_gate_that_keeps_the_letter_from_being_issued(
    client: Client, arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, hers = approved(arranged), approved_for(arranged, arranged.colleagues[0])
    DisciplineGateFactory.create(employee=arranged.asker, starts_on=day(10, 8), recorded_at=ADOPTED)
    ended(arranged, day(10, 20))
    gate = in_indonesian("Employee requirements are not met (Pasal 25 ayat (1)). Details are with BKPSDM.")
    norm, button = "100.3.3.3/120/2025", f">{in_indonesian('Issue the letter')}</a>"

    def page(arrangement: Arrangement, on: date, account: User) -> str:
        client.force_login(account)
        monkeypatch.setitem(clock.DEMONSTRATION_DAYS, "kota-contoh", on)
        address = arranged.url(f"fleksibilitas/{arrangement.pk}/")
        opened = client.get(address).content.decode()
        # The part of the letters asks by itself, and by a link without a script.
        asks = 'hx-get="?periksa=1"' in opened and 'href="?periksa=1#surat"' in opened
        assert asks == (account != arranged.asker_account)
        told = client.get(f"{address}?periksa=1").content.decode()
        return told[told.index('<h2 id="surat">') :]

    head = arranged.head_account
    assert button in page(mine, day(10, 7), head)
    stopped, open_still = page(mine, day(10, 8), head), page(hers, day(10, 8), head)
    assert (gate in stopped, button in stopped) == (True, False)
    assert (gate in open_still, button in open_still) == (False, True)
    assert "isiplin" not in stopped, "a head is not told what BKPSDM keeps"
    assert norm in page(hers, day(10, 20), head)
    assert gate not in page(mine, day(10, 8), arranged.asker_account), "told to who may issue it"
