"""After an import of employees a page tells who joined, left, moved or is rated otherwise, and what follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, override_settings

from agencies.actions.imports import apply_import, undo_import
from agencies.errors import ActRefused
from agencies.models import DataImport, Employee, ImportedMove, Position
from eligibility import receivers
from eligibility.actions.instrument_drafts import draft_instrument
from eligibility.arrangements.watching import work_queue
from eligibility.models import Arrangement, Reexamination
from eligibility.pages.who_moved import moves_page
from eligibility.texts import CriterionText, PeriodText
from tests.acts.drafts import circular_text
from tests.agencies.importing import AT, PEOPLE, PERSON_HEADINGS, employee, examined, text
from tests.arranged_city import AT as AT_TODAY
from tests.arranged_city import POSTED, ArrangedCity, written
from tests.base import Cast
from tests.eligibility.drafted_rules import ISSUED, draft, publish
from tests.exported import from_csv
from tests.factories import PositionFactory, PostingFactory, TaskFactory
from tests.test_query_counts import queries

What = ImportedMove.What
LATER = AT + timedelta(days=1)
FURTHER = LATER + timedelta(hours=2)
ONE, TWO = "198503172010011901", "198604182011021902"


@pytest.fixture(autouse=True)
def _looked_at_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those whom an import touches wait for the watcher, as many do; of few the page would say what has happened."""
    monkeypatch.setattr(receivers, "FEW", 0)


def done(cast: Cast, rows: list[Any], at: datetime = LATER) -> DataImport:
    """An import of employees that was carried out."""
    row = examined(cast, "employees", text([[*PERSON_HEADINGS, "posting_until"], *rows]), f"{len(rows)}.csv")
    apply_import(actor=cast.hr_officer, data_import=row, at=at)
    row.refresh_from_db()
    return row


def moves(row: DataImport) -> set[tuple[str, str]]:
    return set(row.moves.values_list("employee__nip", "what"))


@pytest.fixture
def city(cast: Cast) -> Cast:
    """Two employees who were imported a day before, and another position."""
    PositionFactory.create(agency=cast.other_agency, code="DINKES-01", title="Perawat")
    first = done(cast, [*PEOPLE[1:]], AT)
    assert moves(first) == {(ONE, What.JOINED), (TWO, What.JOINED), (ONE, What.RATED), (TWO, What.RATED)}
    return cast


def posted(nip: str, code: str, reason: str, since: date, until: str = "") -> list[Any]:
    """A row that tells of a posting alone."""
    return [nip, "", "", "", "", code, reason, since, "", "", "", until]


def test_each_is_told_once_by_what_changed_for_her(city: Cast) -> None:
    since = date(2025, 7, 1)
    row = done(city, [posted(ONE, "DINKES-01", "transfer", since), posted(TWO, "DINKES-01", "promotion", since)])
    assert moves(row) == {(ONE, What.MOVED), (TWO, What.PROMOTED)}
    move = row.moves.get(employee__nip=ONE)
    assert move.was_position is not None
    assert move.now_position is not None
    assert (move.was_position.code, move.now_position.code) == ("DISKOMINFO-01", "DINKES-01")


def test_leaving_a_rating_and_a_standing_are_told(city: Cast) -> None:
    left = posted(TWO, "DISKOMINFO-01", "formation", date(2011, 2, 1), "2025-06-30")
    rated = [ONE, "", "pns", "III/b", "2025-04-01", "", "", "", "kurang", "2025-01-01", "2025-03-31", ""]
    row = done(city, [left, rated])
    assert moves(row) == {(TWO, What.LEFT), (ONE, What.RATED), (ONE, What.STANDING)}
    assert list(row.moves.filter(what=What.STANDING).values_list("was", "now")) == [
        ("pns · III/a · active", "pns · III/b · active")
    ]


def test_a_dated_posting_that_ends_earlier_is_leaving_and_a_longer_one_is_not(city: Cast) -> None:
    since = date(2011, 2, 1)
    first = done(city, [posted(TWO, "DISKOMINFO-01", "formation", since, "2027-12-31")])
    assert moves(first) == {(TWO, What.LEFT)}
    longer = done(city, [posted(TWO, "DISKOMINFO-01", "formation", since, "2028-12-31")], LATER + timedelta(hours=1))
    assert moves(longer) == set()
    shorter = done(city, [posted(TWO, "DISKOMINFO-01", "formation", since, "2025-06-30")], FURTHER)
    assert moves(shorter) == {(TWO, What.LEFT)}
    assert shorter.moves.get().now == "2025-06-30"


def test_who_comes_back_after_leaving_joins_wherever_she_comes_to(city: Cast) -> None:
    left = [posted(ONE, "DISKOMINFO-01", "formation", date(2010, 3, 1), "2025-05-31")]
    left.append(posted(TWO, "DISKOMINFO-01", "formation", date(2011, 2, 1), "2025-05-31"))
    known = dict(Employee.objects.filter(nip__in=(ONE, TWO)).values_list("nip", "postings__effective_from"))
    for one in left:
        one[7] = known[one[0]]
    assert moves(done(city, left)) == {(ONE, What.LEFT), (TWO, What.LEFT)}
    since = date(2025, 7, 1)
    back = [posted(ONE, "DISKOMINFO-01", "transfer", since), posted(TWO, "DINKES-01", "transfer", since)]
    row = done(city, back, FURTHER)
    assert moves(row) == {(ONE, What.JOINED), (TWO, What.JOINED)}
    assert set(row.moves.values_list("was_position", flat=True)) == {None}


TODAY = date(2025, 10, 1)
NUMBER = "188.45/1/2025"


def carried_out(cast: Cast, headings: list[str], *rows: list[Any]) -> DataImport:
    """An import of employees with these columns alone, on the first of October."""
    row = examined(cast, "employees", text([headings, *rows]), f"{len(headings)}-{len(rows)}.csv")
    apply_import(actor=cast.hr_officer, data_import=row, at=AT_TODAY + timedelta(minutes=row.pk))
    row.refresh_from_db()
    return row


def lines(client: Client, row: DataImport, what: str) -> list[Any]:
    """What the page tells of the moves of a kind, in English; the file says the same sentences."""
    client.force_login(row.institution.grants.get(role="hr_officer", agency=None).user)
    url, english = f"/kota-contoh/impor/{row.pk}/pegawai/", {"Accept-Language": "en"}
    with override_settings(LANGUAGE_CODE="en"):
        found = list(client.get(url, {"apa": what}, headers=english).context["moves"].lines)
        taken = from_csv(client.get(url, {"apa": what, "unduh": "csv"}, headers=english))
    assert taken.column("What follows") == [" ".join(line.follows) for line in found]
    return found


def follows(client: Client, row: DataImport, what: str) -> str:
    """The sentences of the one move of a kind."""
    (line,) = lines(client, row, what)
    return "\n".join(line.follows)


def granted(city: ArrangedCity, who: Employee | None = None) -> Arrangement:
    """Two days at home until the end of the year, approved."""
    days = {"starts_on": TODAY, "ends_on": date(2025, 12, 31)}
    return written(
        city, who or city.asker, state="approved", approved_at=AT_TODAY, position=_of(who or city.asker), **days
    )


def _of(who: Employee) -> Position:
    return who.postings.latest("pk").position


def test_of_a_mover_is_told_what_holds_where_she_goes_who_stays_and_what_the_watcher_will_do(
    client: Client, arranged: ArrangedCity
) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    granted(arranged)
    PositionFactory.create(agency=cast.other_agency, code="DINKES-99", title="Perawat Baru")
    row = done(cast, [posted(asker.nip, "DINKES-99", "transfer", TODAY)], AT_TODAY)
    assert Reexamination.objects.filter(institution=cast.institution, cause="import").exists()
    told = follows(client, row, What.MOVED)
    assert "No Penetapan holds for this position yet" in told
    assert f"{arranged.programmer} is held by 4 other people from 1 October 2025 on. Its Penetapan {NUMBER}" in told
    assert "No longer met, so that nothing may be approved for her" in told
    assert "(Pasal 25 ayat (1) huruf b PermenPANRB 4/2025)" in told
    assert "The watcher suspends her Fleksibilitas Kerja" in told
    assert "from 1 October 2025 on:" in told
    page = client.get(f"/kota-contoh/impor/{row.pk}/pegawai/")
    assert asker.nip not in page.content.decode()
    assert cast.institution.personal_data_reads.filter(page="moves", count=1).exists()
    work_queue(cast.institution, on=TODAY, at=AT_TODAY)
    assert "is suspended from 1 October 2025 on." in follows(client, row, What.MOVED), "as was foreseen"


def test_who_left_leaves_a_penetapan_in_force_that_waits_for_the_next_holder(
    client: Client, arranged: ArrangedCity
) -> None:
    cast, leader = arranged.city.cast, arranged.unit_head
    granted(arranged, leader)
    code = _of(leader).code
    row = done(cast, [posted(leader.nip, code, "formation", POSTED, "2025-10-31")], AT_TODAY)
    told = follows(client, row, What.LEFT)
    assert f"Nobody is recorded to hold {_of(leader)} from 1 November 2025 on." in told
    assert f"Its Penetapan {NUMBER} stays in force and waits for who comes next." in told
    assert "from 1 November 2025 on: Internal provision: the position is not held" in told
    PostingFactory.create(position=_of(leader), capacity="plt", effective_from=TODAY)
    assert "a Plt or Plh stands in" in follows(client, row, What.LEFT)


def test_of_a_promotion_is_told_that_the_penetapan_no_longer_fits(client: Client, arranged: ArrangedCity) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    leader = _of(arranged.unit_head)
    TaskFactory.create(position=leader, title="Tugas baru", number=2)
    row = done(cast, [posted(asker.nip, leader.code, "promotion", TODAY)], AT_TODAY)
    told = follows(client, row, What.PROMOTED)
    assert f"The Penetapan {NUMBER} for this position no longer fits: " in told
    assert "Fleksibilitas Kerja" not in told, "she has none"


def test_a_plt_is_told_as_standing_in_and_keeps_what_holds_for_her_own_position(
    client: Client, arranged: ArrangedCity
) -> None:
    cast, asker, office = arranged.city.cast, arranged.asker, _of(arranged.unit_head)
    granted(arranged)
    heads = ["nip", "position_code", "capacity", "posting_reason", "posting_from", "posting_until"]
    begun = carried_out(cast, heads, [asker.nip, office.code, "plt", "transfer", "2025-10-01", "2025-12-31"])
    assert moves(begun) == {(asker.nip, What.STANDING_IN)}
    (line,) = lines(client, begun, What.STANDING_IN)
    told = "\n".join(line.follows)
    assert line.now.startswith("Plt · ")
    assert f"As Plt she holds the office of {office} until 31 December 2025" in told
    assert f"Of {office}: The Penetapan {NUMBER}" in told
    assert f"The Penetapan {NUMBER} goes on for her position ({arranged.programmer})" in told
    assert "Her Fleksibilitas Kerja" in told
    ended = carried_out(cast, heads, [asker.nip, office.code, "plt", "transfer", "2025-10-01", "2025-10-31"])
    assert moves(ended) == {(asker.nip, What.STANDING_IN)}
    told = follows(client, ended, What.STANDING_IN)
    assert "She stands in no more" in told
    assert f"{office} is held by 1 other person from 1 November 2025 on." in told


def test_who_joined_is_told_the_requirements_that_she_does_not_meet_yet(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    row = done(cast, [[*employee("198703172012011903", "Pegawai Baru", "pns", "III/a", TODAY), ""]], AT_TODAY)
    told = follows(client, row, What.JOINED)
    assert "Penetapan" in told
    assert "\nNot met, so that nothing may be approved for her: " in told, "she met nothing before"


def _circular_of_today(cast: Cast) -> None:
    """The circular that drafts of the arranged city stand in, in force from today on."""
    periods = (PeriodText("in_force", TODAY, date(2025, 12, 31), "SE 20/2025", "", ISSUED),)
    told = circular_text(code="SE-20-2025", number="20/2025", known_from=ISSUED, periods=periods)
    draft_instrument(actor=cast.rules_administrator, institution=cast.institution, text=told, at=AT_TODAY)


def test_of_a_predicate_is_told_which_requirement_reads_it_and_that_the_arrangement_will_be_suspended(
    client: Client, arranged: ArrangedCity
) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    granted(arranged)
    heads = ["nip", "predicate", "predicate_from", "predicate_until"]
    rated = carried_out(cast, heads, [asker.nip, "butuh_perbaikan", "2025-01-01", "2025-03-31"])
    told = follows(client, rated, What.RATED)
    assert f"The Penetapan {NUMBER} goes on for her position ({arranged.programmer})" in told
    assert "No requirement in force reads what has changed." in told
    assert "goes on: no check fails." in told
    rule = {"subject": "employee", "effect": "prohibit", "title": "Predikat kurang tidak disetujui"}
    worse = (CriterionText("employee.predicate", "one_of", ("kurang", "sangat_kurang")),)
    _circular_of_today(cast)
    publish(arranged, draft(arranged, "PREDIKAT", applies=worse, effective_from=TODAY, **rule))
    poor = carried_out(cast, heads, [asker.nip, "kurang", "2025-04-01", "2025-06-30"])
    told = follows(client, poor, What.RATED)
    assert "No longer met, so that nothing may be approved for her: Predikat kurang tidak disetujui (" in told
    assert "The watcher suspends her Fleksibilitas Kerja" in told
    better = carried_out(cast, heads, [asker.nip, "baik", "2025-07-01", "2025-09-30"])
    assert "Met again: Predikat kurang tidak disetujui (" in follows(client, better, What.RATED)


def test_of_a_kedudukan_hukum_is_told_that_nothing_may_be_approved(client: Client, arranged: ArrangedCity) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    granted(arranged)
    heads = ["nip", "kind", "standing", "employment_from"]
    row = carried_out(cast, heads, [asker.nip, "pns", "study", "2025-10-01"])
    told = follows(client, row, What.STANDING)
    assert "her kedudukan hukum is not active, so that nothing may be approved for her" in told
    assert "from 1 October 2025 on: Internal provision: the employment status (kedudukan hukum) is not active." in told
    back = carried_out(cast, heads, [asker.nip, "pns", "active", "2025-10-01"])
    told = follows(client, back, What.STANDING)
    assert "her kedudukan hukum is active again" in told
    assert "goes on: no check fails." in told


def test_where_no_rules_are_known_what_cannot_be_known_is_said_to_be_unknown(arranged: ArrangedCity) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    granted(arranged)
    row = carried_out(
        cast,
        ["nip", "predicate", "predicate_from", "predicate_until"],
        [asker.nip, "butuh_perbaikan", "2025-01-01", "2025-03-31"],
    )
    with override_settings(LANGUAGE_CODE="en"):
        (line,) = moves_page(row, QueryDict("apa=rated"), TODAY, datetime(1990, 1, 1, tzinfo=UTC)).lines
    told = "\n".join(line.follows)
    assert "Whether she meets the requirements on employees is not known" in told
    assert "cannot be examined: no rules are known." in told


def test_an_approval_that_rests_on_an_import_keeps_it_from_being_undone(arranged: ArrangedCity) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    row = done(cast, [[asker.nip, "Nama Baru", "", "", "", "", "", "", "", "", "", ""]])
    arrangement = written(arranged, asker, state="approved", approved_at=LATER + timedelta(hours=1))
    arrangement.approvals.create(round=1, at=LATER + timedelta(hours=1), on=date(2025, 10, 1), plan="{}", checks="[]")
    with override_settings(LANGUAGE_CODE="en"), pytest.raises(ActRefused, match="approved since then"):
        undo_import(actor=cast.hr_officer, data_import=row, reason="Keliru", at=LATER + timedelta(days=1))
    assert Employee.objects.get(pk=asker.pk).name == "Nama Baru"


def test_a_page_of_moves_costs_the_same_for_one_and_for_many(client: Client, city: Cast) -> None:
    client.force_login(city.hr_officer)
    one = done(city, [posted(ONE, "DINKES-01", "transfer", date(2025, 7, 1))])
    before = queries(client, f"/kota-contoh/impor/{one.pk}/pegawai/")
    numbers = [f"19850317201001{number}" for number in range(1910, 1950)]
    rows = [employee(nip, f"Pegawai {nip[-2:]}", "pns", "", date(2010, 1, 1)) for nip in numbers]
    many = done(city, [[*row, ""] for row in rows], LATER + timedelta(hours=1))
    assert queries(client, f"/kota-contoh/impor/{many.pk}/pegawai/") == before
    several = done(city, [posted(n, "DINKES-01", "transfer", date(2025, 7, 1)) for n in numbers], FURTHER)
    assert queries(client, f"/kota-contoh/impor/{several.pk}/pegawai/?apa=moved") == before
    for page in ("impor/", f"impor/{many.pk}/"):
        assert queries(client, f"/kota-contoh/{page}") < 20


def test_what_follows_for_arrangements_costs_the_same_for_one_and_for_many(
    client: Client, arranged: ArrangedCity
) -> None:
    cast = arranged.city.cast
    client.force_login(cast.hr_officer)
    PositionFactory.create(agency=cast.other_agency, code="DINKES-99", title="Perawat Baru")
    for who in (arranged.asker, *arranged.colleagues):
        granted(arranged, who)
    one = done(cast, [posted(arranged.asker.nip, "DINKES-99", "transfer", TODAY)], AT_TODAY)
    before = queries(client, f"/kota-contoh/impor/{one.pk}/pegawai/")
    rows = [posted(who.nip, "DINKES-99", "transfer", TODAY) for who in arranged.colleagues]
    many = done(cast, rows, AT_TODAY + timedelta(minutes=5))
    found = lines(client, many, What.MOVED)
    assert len(found) == 4
    assert all("The watcher suspends" in " ".join(line.follows) for line in found)
    assert queries(client, f"/kota-contoh/impor/{many.pk}/pegawai/") == before
