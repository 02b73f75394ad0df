"""Before publication: which Penetapan, arrangements and services a draft would touch, row by row and day by day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Institution, PublicService, Role, User
from eligibility.arrangements.reexamination import living, reexamine
from eligibility.law_admin.version_flips import SUMMED_UP
from eligibility.models import Arrangement, RuleVersion
from eligibility.pages import flips as flip_pages
from eligibility.pages.flips import FlipsPage
from eligibility.texts import LiftText, LimitText, PeriodText
from tests.arranged_city import AT, POSTED, ArrangedCity, holder, written
from tests.base import person
from tests.eligibility.approving import approved, serviced
from tests.eligibility.drafted_rules import FIRST, draft, publish
from tests.eligibility.law_typing import ADMIN
from tests.eligibility.test_law_admin import signed_in
from tests.exported import from_csv
from tests.factories import GrantFactory, PositionFactory, PublicServiceFactory, TaskFactory
from tests.judged_city import SUITS_HOME
from tests.test_query_counts import queries

pytestmark = pytest.mark.django_db


def address(row: RuleVersion, **asked: object) -> str:
    """The page of who flips under a draft."""
    return f"{ADMIN}/ruleversion/dampak/?v={row.pk}" + "".join(f"&{name}={value}" for name, value in asked.items())


def flips_of(user: User, row: RuleVersion, **asked: object) -> FlipsPage:
    """What the page shows."""
    answer = signed_in(user).get(address(row, **asked))
    assert answer.status_code == 200
    found: FlipsPage = answer.context["flips"]
    return found


def days_of(flips: FlipsPage, service: PublicService) -> list[Any]:
    """The weekdays of a service that moves."""
    return [day for agency in flips.staffing for one in agency.services if one.service == service for day in one.days]


def officer_too(city: ArrangedCity) -> User:
    """The writer of the city's rules once she is also in charge of its people."""
    user = city.city.cast.rules_administrator
    GrantFactory.create(user=user, role=Role.HR_OFFICER, institution=city.city.cast.institution)
    return user


def test_who_would_be_suspended_is_back_on_site_and_the_file_says_it_day_by_day(arranged: ArrangedCity) -> None:
    service = serviced(arranged, 4)
    approved(arranged)
    row, writer = draft(arranged), arranged.city.cast.rules_administrator
    (day,) = days_of(flips_of(writer, row), service)
    assert (day.before.left, day.back, day.after.left, day.may_go) == (4, 1, 5, 0)
    assert (day.before.cover, day.after.cover) == ("just", "enough")
    listed = address(row, daftar="layanan", opd=service.agency_id)
    page = signed_in(writer).get(listed).content.decode()
    assert "Bantuan TIK" in page
    read = from_csv(signed_in(writer).get(f"{listed}&unduh=csv"))
    assert read.rows == [
        ["Dinas Komunikasi", "Bantuan TIK", "Setiap hari", "4", "4", "1", "5", "0", "5", "Terpenuhi", "Terpenuhi"]
    ]
    assert "Nita Pemohon" not in page


def test_a_rule_that_reaches_nobody_moves_nothing(arranged: ArrangedCity) -> None:
    serviced(arranged, 4)
    approved(arranged)
    row = draft(arranged, modes=("other_place",))
    flips = flips_of(arranged.city.cast.rules_administrator, row)
    assert flips.positions, "jobs flip in another form"
    assert (flips.arrangements, flips.services, list(flips.ending)) == (0, 0, [])


def test_what_a_draft_opens_says_what_is_left_if_all_who_then_may_go(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    position = PositionFactory.create(agency=cast.agency, title="Petugas Loket", code="LOKET-1")
    task = TaskFactory.create(position=position, **(SUITS_HOME | {"profile__face_to_face": "constant"}))
    service = PublicServiceFactory.create(agency=cast.agency, name="Loket perizinan", staff_on_site=2)
    task.services.add(service)
    people = [holder(position, f"Petugas {number}", effective_from=POSTED) for number in range(3)]
    lift = {"effect": "lift", "lifts": (LiftText("PERMEN4-23", "PERMENPANRB-4-2025", "Pasal 26"),)}
    flips = flips_of(cast.rules_administrator, draft(arranged, "BUKA", **lift))
    (day,) = days_of(flips, service)
    assert (day.before.left, day.back, day.after.left, day.may_go, day.left_if_all_go) == (3, 0, 3, 3, 0)
    assert (day.after.cover, day.if_all_go.cover) == ("enough", "short")
    assert len(people) == day.may_go
    assert (flips.services, flips.short_before, flips.short_after, flips.short_if_all_go) == (1, 0, 0, 1)


def test_of_more_than_can_be_examined_those_end_whose_job_is_closed_and_their_list_examines_each(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = draft(arranged)
    held = approved(arranged)
    doubtful = written(
        arranged, arranged.colleagues[0], state="approved", approved_at=AT, weekdays="monday tuesday thursday"
    )
    monkeypatch.setattr(flip_pages, "EXAMINED", 1)
    writer = officer_too(arranged)
    found = flips_of(writer, row)
    assert found.ending == {held.pk: FIRST, doubtful.pk: FIRST}
    page = signed_in(writer).get(address(row, daftar="fleksibilitas")).content.decode()
    assert "terlalu banyak untuk diperiksa satu per satu" in page
    assert page.count("Akan ditangguhkan.") == 1, "three days are more than the law allows without the draft, too"


def test_a_draft_ends_the_arrangements_that_the_watcher_suspends_once_it_is_published(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    approved(arranged, arranged.colleagues[0], "friday")
    approved(arranged, arranged.colleagues[1], "monday")
    approved(arranged, None, "monday", "friday")
    friday = LimitText("weekdays", "set", members=("friday",), together=("home",))
    row = draft(arranged, "JUMAT", effect="limit", limit=friday)
    flips = flips_of(cast.rules_administrator, row)
    assert flips.arrangements == 3, "all rest on the limit"
    ending = set(flips.ending)
    publish(arranged, row)
    rows = list(living(cast.institution, FIRST))
    reexamine(rows, cast.institution, on=FIRST, at=AT, cause="test")
    suspended = set(Arrangement.objects.filter(state="suspended").values_list("pk", flat=True))
    assert ending == suspended
    assert len(ending) == 2, "who works at home on Friday alone stays"


def test_a_changed_gate_flips_no_job_and_still_touches_arrangements(arranged: ArrangedCity) -> None:
    kept, over = approved(arranged, arranged.colleagues[0], "monday"), approved(arranged, None, "monday", "tuesday")
    one_day = LimitText("days_per_week", "most", Decimal(1), together=("home",))
    row = draft(arranged, "SEHARI", subject="arrangement", effect="limit", limit=one_day)
    flips = flips_of(arranged.city.cast.rules_administrator, row)
    assert (len(flips.positions), flips.arrangements) == (0, 2)
    assert over.pk in flips.ending
    assert kept.pk not in flips.ending


def test_what_does_not_hold_without_the_draft_either_is_not_its_doing(arranged: ArrangedCity) -> None:
    doubtful = written(arranged, state="approved", approved_at=AT, weekdays="monday tuesday wednesday thursday")
    holds = approved(arranged, arranged.colleagues[0])
    flips = flips_of(arranged.city.cast.rules_administrator, draft(arranged))
    assert flips.arrangements == 2
    assert holds.pk in flips.ending
    assert doubtful.pk not in flips.ending, "four days are more than the two that the law allows"


def test_arrangements_are_listed_for_who_may_open_them_and_only_counted_for_others(arranged: ArrangedCity) -> None:
    granted = approved(arranged)
    row, writer = draft(arranged), arranged.city.cast.rules_administrator
    listed = address(row, daftar="fleksibilitas")
    link = reverse("arrangement", args=["kota-contoh", granted.pk])
    page = signed_in(writer).get(listed).content.decode()
    assert "Tidak ada yang boleh Anda buka" in page
    assert link not in page
    assert "unduh=csv" not in page
    writer = officer_too(arranged)
    page = signed_in(writer).get(listed).content.decode()
    assert link in page
    assert "Akan ditangguhkan." in page
    assert "Nita Pemohon" not in page, "jobs are named, nobody else"
    (line,) = from_csv(signed_in(writer).get(f"{listed}&unduh=csv")).rows
    assert line[1] == str(arranged.programmer)
    assert "Petugas loket tetap di kantor" in line[-1], "by which rule it would no longer hold"


def test_rows_of_penetapan_are_listed_with_links_for_who_stands_there_and_counted_for_others(
    arranged: ArrangedCity,
) -> None:
    cast, determination = arranged.city.cast, arranged.determination
    row, writer = draft(arranged), signed_in(cast.rules_administrator)
    flips = flips_of(cast.rules_administrator, row)
    (touched,) = flips.determinations
    assert (touched.number, touched.rows) == (determination.number, flips.determined.count())
    listed = address(row, daftar="penetapan", nomor=determination.pk)
    page = writer.get(listed).content.decode()
    link = reverse("determined_position", args=["kota-contoh", determination.pk, arranged.programmer.pk])
    assert link in page
    assert writer.get(link).status_code == 200
    numbers = from_csv(writer.get(f"{listed}&unduh=csv")).column("Penetapan (Keputusan)")
    assert numbers == [determination.number] * touched.rows
    assert link not in writer.get(address(row, daftar="penetapan", nomor=0)).content.decode()
    nation = Institution.objects.get(code="nasional")
    national = person("national", Role.RULES_ADMINISTRATOR, nation)
    assert signed_in(national).get(listed).status_code == 404, "the draft of a city is not the nation's"


def national_draft(city: ArrangedCity) -> tuple[User, RuleVersion]:
    """A draft of national law that reaches every city, and who wrote it."""
    from eligibility.actions import drafts, instrument_drafts
    from tests.acts.drafts import circular_text, counter_text
    from tests.eligibility.drafted_rules import ISSUED

    nation = Institution.objects.get(code="nasional")
    writer = person("national_writer", Role.RULES_ADMINISTRATOR, nation)
    periods = (PeriodText("in_force", FIRST, date(2025, 12, 31), "SE 30/2025", "", ISSUED),)
    text = circular_text(code="SE-30", owner="nasional", layer=30, known_from=ISSUED, periods=periods, scopes=())
    instrument = instrument_drafts.draft_instrument(actor=writer, institution=nation, text=text, at=AT)
    said = counter_text(applies=(), effective_from=FIRST, known_from=ISSUED)
    return writer, drafts.draft_version(actor=writer, instrument=instrument, code="NASIONAL", text=said, at=AT)


def test_who_writes_national_law_sees_numbers_of_a_city_and_no_row(arranged: ArrangedCity) -> None:
    service = serviced(arranged, 4)
    approved(arranged)
    writer, row = national_draft(arranged)
    client, city = signed_in(writer), {"instansi": "kota-contoh"}
    flips = flips_of(writer, row, **city)
    assert (flips.arrangements, len(flips.ending), flips.services) == (1, 1, 1)
    assert flips.determinations
    lists = ({"daftar": "penetapan"}, {"daftar": "fleksibilitas"}, {"daftar": "layanan", "opd": service.agency_id})
    for asked in lists:
        page = client.get(address(row, **city, **asked)).content.decode()
        assert 'id="daftar"' not in page, asked
        assert "/kota-contoh/penetapan/" not in page, asked
        assert "text/html" in client.get(address(row, **city, **asked, unduh="csv"))["Content-Type"], asked


def test_no_other_role_reads_a_list_or_a_file_and_an_address_that_asks_for_nothing_known_shows_none(
    arranged: ArrangedCity,
) -> None:
    cast, service = arranged.city.cast, serviced(arranged, 4)
    approved(arranged)
    row, writer = draft(arranged), signed_in(cast.rules_administrator)
    for daftar in ("penetapan", "fleksibilitas", "layanan", "bounds"):
        listed = address(row, daftar=daftar, opd=service.agency_id, bentuk="home")
        for user in (*cast.insiders, cast.outsider):
            if user != cast.rules_administrator:
                client = signed_in(user)
                assert {client.get(f"{listed}{file}").status_code for file in ("", "&unduh=csv")} == {404}, daftar
    strange = ("daftar=lain", "daftar=layanan&opd=x", "daftar=layanan&opd=0", "daftar=penetapan&nomor=9" + "9" * 17)
    for asked in strange:
        answer = writer.get(f"{address(row)}&{asked}&hari=2025-99-99&sesudah=x")
        assert (answer.status_code, 'id="daftar"' in answer.content.decode()) == (200, False), asked


def test_the_page_before_publication_sums_up_who_flips_and_publishing_does_not_need_it(arranged: ArrangedCity) -> None:
    approved(arranged)
    serviced(arranged, 5)
    row, writer = draft(arranged), signed_in(arranged.city.cast.rules_administrator)
    page = writer.get(f"{ADMIN}/ruleversion/{row.pk}/terbitkan/").content.decode()
    flips = flips_of(arranged.city.cast.rules_administrator, row)
    assert f"{len(flips.positions)} jabatan" in page
    assert "1 Fleksibilitas Kerja yang telah disetujui bertumpu" in page
    assert f"{address(row)}&amp;instansi=kota-contoh" in page
    assert SUMMED_UP >= 1


def test_a_page_costs_the_same_for_one_row_and_for_fifty(client: Client, arranged: ArrangedCity) -> None:
    writer = officer_too(arranged)
    client = signed_in(writer)
    service = serviced(arranged, 4)
    approved(arranged)
    row = draft(arranged)
    asked: tuple[dict[str, Any], ...] = (
        {},
        {"daftar": "fleksibilitas"},
        {"daftar": "penetapan"},
        {"daftar": "layanan", "opd": service.agency_id},
    )
    urls = [address(row, **one) for one in asked] + [f"{ADMIN}/ruleversion/{row.pk}/terbitkan/"]
    before = [queries(client, url) for url in urls]
    grow(arranged, service)
    assert [queries(client, url) for url in urls] == before


def grow(city: ArrangedCity, service: PublicService) -> None:
    """Fifty more arrangements, services and jobs that serve one."""
    for number in range(50):
        employee = holder(city.programmer, f"Rekan Baru {number}")
        written(city, employee, state="approved", approved_at=AT)
        more = PublicServiceFactory.create(agency=service.agency, name=f"Layanan {number}", staff_on_site=2)
        city.programmer.tasks.get().services.add(more)
