"""An agency's page: positions by outcome, narrowed, sorted and paged by what stands in the address."""

from __future__ import annotations

import re

from django.test import Client

from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import SUITS_HOME, JudgedCity


def titles(page: str) -> list[str]:
    """The positions listed, from top to bottom."""
    listed = page[page.index('<div id="positions">') :]
    return re.findall(r'<th scope="row"><a href="/[^"]*/jabatan/\d+/[^"]*">([^<]*)</a>', listed)


def opened(client: Client, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def grow(city: JudgedCity, number: int) -> None:
    for place in range(number):
        position = PositionFactory.create(agency=city.cast.agency, title=f"Arsiparis {place:03}", jenjang="")
        TaskFactory.create(position=position, **SUITS_HOME)


def test_positions_stand_with_their_outcome_services_and_total(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.agency_head)
    page = opened(client, city.url("opd/Diskominfo/"))
    assert titles(page)[1:] == ["Auditor Ahli Muda", "Pranata Komputer Ahli Muda", "Statistisi Ahli Muda"]
    assert "4 jabatan." in page
    assert "Loket informasi" in page
    assert "Belum tercatat kajian perangkat daerah ini" in page
    assert "Belum boleh disetujui." in page


def test_a_parent_lists_what_lies_below_unless_asked_for_its_own(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    assert titles(opened(client, city.url("opd/Dinkes/"))) == ["Perawat Ahli Muda"]
    own = opened(client, city.url("opd/Dinkes/?sendiri=on"))
    assert titles(own) == []
    assert "Tidak ada jabatan yang sesuai dengan pilihan ini." in own


def test_mode_outcome_and_words_narrow_the_list(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)

    def found(query: str) -> list[str]:
        return titles(opened(client, city.url(f"opd/Diskominfo/?{query}")))

    assert found("cara=home&hasil=eligible") == ["Pranata Komputer Ahli Muda"]
    assert found("cara=home&hasil=conditional") == ["Auditor Ahli Muda"]
    assert "Statistisi Ahli Muda" in found("cara=home&hasil=needs_information")
    assert found("hasil=eligible") == ["Pranata Komputer Ahli Muda"], "without a form: in any form"
    assert found("cari=komputer") == ["Pranata Komputer Ahli Muda"]
    assert found("cari=muda+komputer") == ["Pranata Komputer Ahli Muda"]
    assert found("cari=statistisi&cara=home&hasil=eligible") == []
    assert found("urut=-jabatan")[0] == "Statistisi Ahli Muda"


def test_a_value_that_is_no_choice_is_named_at_its_field(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = opened(client, city.url("opd/Diskominfo/?hasil=mungkin"))
    assert 'id="id_hasil-error"' in page
    assert len(titles(page)) == 4


def test_pages_follow_one_another_without_gap_or_repetition(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    grow(city, 120)
    for query in ("", "urut=-jabatan&", "urut=unit&", "cara=home&hasil=eligible&"):
        url: str | None = city.url(f"opd/Diskominfo/?{query}cari=a")
        seen, last = walk(client, url)
        assert len(seen) == len(set(seen)) == (121 if "hasil" in query else 124)
        back, _first = walk(client, last, direction="prev")
        assert len(back) == len(set(back))
        assert set(back) | set(titles(opened(client, last or ""))) == set(seen)


def walk(client: Client, url: str | None, direction: str = "next") -> tuple[list[str], str | None]:
    """Every title from page to page, and the address of the last page."""
    seen: list[str] = []
    base = (url or "").partition("?")[0]
    last = url
    while url:
        last, page = url, opened(client, url)
        seen += titles(page)
        link = re.search(rf'rel="{direction}" href="([^"]+)"', page)
        url = base + link.group(1).replace("&amp;", "&") if link else None
    return seen, last


def test_an_address_whose_row_is_gone_begins_the_list_anew(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    for cursor in ("sesudah=999999", "sesudah=abc", "sebelum=999999", "sesudah=99999999999999999999"):
        assert len(titles(opened(client, city.url(f"opd/Diskominfo/?{cursor}")))) == 4


def test_htmx_is_given_the_part_that_the_page_includes(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url("opd/Diskominfo/?cara=home&hasil=eligible")
    whole, part = opened(client, url), opened(client, url, **{"HX-Request": "true"})
    assert part.strip() in whole
    assert "<html" not in part
    restored = opened(client, url, **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored
    assert "HX-Request" in client.get(url).headers["Vary"]
