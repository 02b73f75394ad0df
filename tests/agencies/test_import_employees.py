"""An import of people is all or nothing, masks their numbers, supersedes what changes, and the second time is idle."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from agencies.actions.employees_import import EmployeesReport, import_employees
from agencies.importing.employee_rows import COLUMNS
from agencies.importing.tables import ImportRefused, RowError
from agencies.models import Employee, Employment, Institution, Position, Posting, Predicate
from oversight.models import TrailEntry
from tests.base import Cast
from tests.factories import EmployeeFactory, PositionFactory

AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)
NIP = "198503172010011901"
PPPK = "199011052022211902"
NEW = {
    "nip": NIP,
    "name": "Pegawai Sintetis 0001",
    "residence": "Jalan Sintetis 1",
    "kind": "PNS",
    "grade": "III/a",
    "standing": "aktif",
    "employment_sk": "SK-1",
    "employment_from": "1/1/2010",
    "position_code": "DISKOMINFO-01",
    "capacity": "Definitif",
    "posting_reason": "Mutasi",
    "posting_sk": "SK-2",
    "posting_from": "2024-02-01",
    "predicate": "Baik",
    "predicate_from": "2024-01-01",
    "predicate_until": "2024-12-31",
}
Row = dict[str, str]


def table(*rows: Row, separator: str = ",", mark: str = "") -> bytes:
    """A CSV file of these rows with the columns that any of them has."""
    columns = [name for name in [*COLUMNS, "colour"] if any(name in row for row in rows)]
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    quoted = (separator.join(f'"{cell}"' for cell in line) for line in lines)
    return (mark + "\r\n".join(quoted)).encode()


def load(
    institution: Institution, *rows: Row, content: bytes | None = None, dry_run: bool = False, at: datetime = AT
) -> EmployeesReport:
    with override_settings(LANGUAGE_CODE="en"):
        return import_employees(
            actor=None,
            institution=institution,
            content=table(*rows) if content is None else content,
            source="pegawai.csv",
            at=at,
            dry_run=dry_run,
        )


def stored() -> list[list[object]]:
    """Every row of people there is, and how many acts were recorded."""
    models = (Employee, Employment, Posting, Predicate)
    return [list(model._default_manager.order_by("pk").values_list()) for model in models] + [
        [TrailEntry.objects.count()]
    ]


def refused(institution: Institution, *rows: Row, content: bytes | None = None) -> list[RowError]:
    """The errors for which the import is refused, having written nothing."""
    before = stored()
    with pytest.raises(ImportRefused) as refusal:
        load(institution, *rows, content=content)
    assert stored() == before
    assert all(error.message for error in refusal.value.errors)
    return refusal.value.errors


def places(errors: Sequence[RowError]) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in errors]


@pytest.fixture
def city(cast: Cast) -> Institution:
    """The cast's city, with a second position in the other agency."""
    PositionFactory.create(agency=cast.other_agency, code="DINKES-01")
    return cast.institution


def test_a_row_creates_employee_employment_posting_and_predicate(city: Institution) -> None:
    report = load(city, NEW)
    person = Employee.objects.get()
    assert (person.nip, person.name, person.residence, person.recorded_at) == (
        NIP,
        "Pegawai Sintetis 0001",
        "Jalan Sintetis 1",
        AT,
    )
    employment, posting, predicate = Employment.objects.get(), Posting.objects.get(), Predicate.objects.get()
    assert {row.employee for row in (employment, posting, predicate)} == {person}
    assert (employment.kind, employment.grade, employment.standing) == ("pns", "III/a", "active")
    assert (employment.sk_number, employment.effective_from) == ("SK-1", date(2010, 1, 1))
    assert (posting.position.code, posting.capacity, posting.reason) == ("DISKOMINFO-01", "definitive", "transfer")
    assert (posting.sk_number, posting.effective_from, posting.effective_until) == ("SK-2", date(2024, 2, 1), None)
    assert (predicate.predicate, predicate.period_ends_on) == ("baik", date(2024, 12, 31))
    assert {row.recorded_at for row in (employment, posting, predicate)} == {AT}
    assert {(count.created, count.changed, count.unchanged) for count in report.counts.values()} == {(1, 0, 0)}


def test_the_import_is_one_entry_of_the_trail_with_counts_and_nobody_in_it(city: Institution) -> None:
    load(city, NEW, NEW | {"nip": PPPK, "kind": "PPPK", "grade": "IX"})
    entry = TrailEntry.objects.get()
    assert entry.action == "employees_imported"
    details = json.loads(entry.body)
    assert (details["rows"], details["created"]["employees"], details["changed"]["employees"]) == (2, 2, 0)
    assert not any(word in entry.body for word in (NIP, "Pegawai", "Jalan", NIP[-3:] + '"'))


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(city: Institution) -> None:
    rows = [NEW, {"nip": NIP, "position_code": "DINKES-01", "capacity": "plt", "posting_reason": "rotasi"}]
    rows[1] |= {"posting_from": "2025-01-01"}
    load(city, *rows)
    before = stored()
    again = load(city, *rows, at=LATER)
    assert not again.changed
    assert again.receipt is None
    assert stored() == before
    assert again.counts["postings"].unchanged == 2


@pytest.mark.parametrize(("separator", "mark"), [(",", ""), (";", ""), (",", "\ufeff"), (";", "\ufeff")])
def test_commas_semicolons_and_the_mark_of_spreadsheets_are_understood(
    city: Institution, separator: str, mark: str
) -> None:
    load(city, content=table(NEW, separator=separator, mark=mark))
    assert Employee.objects.get().nip == NIP


def test_an_empty_cell_says_nothing_and_a_dash_or_question_mark_that_nothing_is_recorded(city: Institution) -> None:
    load(city, NEW | {"posting_until": "31/12/2025"})
    report = load(
        city,
        {"nip": NIP, "residence": "-", "name": "", "grade": "?", "employment_from": "2010-01-01"}
        | {"position_code": "DISKOMINFO-01", "posting_from": "2024-02-01", "posting_until": "-"},
        at=LATER,
    )
    person = Employee.objects.get()
    assert (person.name, person.residence) == ("Pegawai Sintetis 0001", "")
    employment = Employment.objects.current().get()
    assert (employment.grade, employment.kind, employment.sk_number) == ("", "pns", "SK-1")
    assert Posting.objects.current().get().effective_until is None
    assert {name: count.changed for name, count in report.counts.items()} == {
        "employees": 1,
        "employments": 1,
        "postings": 1,
        "predicates": 0,
    }


def test_a_correction_supersedes_the_wrong_version_and_keeps_it(city: Institution) -> None:
    load(city, NEW)
    report = load(city, NEW | {"grade": "III/b", "posting_reason": "promosi", "predicate": "kurang"}, at=LATER)
    for model, column, wrong, right in (
        (Employment, "grade", "III/a", "III/b"),
        (Posting, "reason", "transfer", "promotion"),
        (Predicate, "predicate", "baik", "kurang"),
    ):
        assert list(model._default_manager.known(AT).values_list(column, "superseded_at")) == [(wrong, LATER)]
        assert list(model._default_manager.known(LATER).values_list(column, "recorded_at")) == [(right, LATER)]
    assert {count.changed for name, count in report.counts.items() if name != "employees"} == {1}
    assert {count.created for count in report.counts.values()} == {0}


def test_a_new_day_adds_a_version_that_goes_on_with_the_one_before(city: Institution) -> None:
    load(city, NEW)
    load(city, {"nip": NIP, "grade": "III/b", "employment_from": "2025-04-01"}, at=LATER)
    rows = Employment.objects.current().order_by("effective_from")
    assert [(row.kind, row.grade, row.sk_number) for row in rows] == [("pns", "III/a", "SK-1"), ("pns", "III/b", "")]
    assert not Employment.objects.filter(superseded_at__isnull=False).exists()


def test_a_new_value_without_its_day_is_asked_for_the_day(city: Institution) -> None:
    load(city, NEW)
    undated = {"nip": NIP, "grade": "III/b", "position_code": "DISKOMINFO-01", "posting_reason": "promosi"}
    errors = refused(city, undated)
    assert places(errors) == [(2, "grade"), (2, "posting_reason")]
    assert "Since 2010-01-01 “III/a” is recorded. Fill employment_from" in errors[0].message
    assert "fill posting_from" in errors[1].message
    same = {"nip": NIP, "grade": "III/a", "position_code": "DISKOMINFO-01", "posting_reason": "mutasi"}
    assert not load(city, same).changed
    elsewhere = refused(city, {"nip": NIP, "position_code": "DINKES-01", "posting_reason": "mutasi"})
    assert places(elsewhere) == [(2, "posting_from")]


def test_a_new_definitive_posting_ends_the_one_before_and_an_acting_one_does_not(city: Institution) -> None:
    load(city, NEW)
    acting = {"nip": NIP, "position_code": "DINKES-01", "posting_reason": "rotasi", "capacity": "plt"}
    load(city, acting | {"posting_from": "2025-03-01", "posting_until": "2025-03-31"}, at=LATER)
    assert Posting.objects.current().get(capacity="definitive").effective_until is None
    moved = {"nip": NIP, "position_code": "DINKES-01", "posting_reason": "rotasi", "posting_from": "2025-05-01"}
    report = load(city, moved, at=LATER)
    assert report.counts["postings"].changed == 1
    held = Posting.objects.current().filter(capacity="definitive").order_by("effective_from")
    assert [(row.position.code, row.effective_until) for row in held] == [
        ("DISKOMINFO-01", date(2025, 4, 30)),
        ("DINKES-01", None),
    ]
    assert not load(city, moved, at=LATER).changed
    assert not load(city, NEW, at=LATER).changed


def test_two_definitive_postings_at_once_are_refused(city: Institution) -> None:
    load(city, NEW)
    other = {"nip": NIP, "position_code": "DINKES-01", "posting_reason": "rotasi"}
    (earlier,) = refused(city, other | {"posting_from": "2023-01-01"})
    assert (earlier.row, earlier.column) == (2, "posting_until")
    assert "From 2024-02-01 on" in earlier.message
    (same,) = refused(city, other | {"posting_from": "2024-02-01"})
    assert (same.row, same.column) == (2, "posting_from")
    load(city, other | {"posting_from": "2023-01-01", "posting_until": "2024-01-31"})
    assert Posting.objects.current().count() == 2


def test_in_one_file_a_career_may_stand_in_several_rows(city: Institution) -> None:
    first = NEW | {"posting_from": "2020-01-01", "posting_reason": "formasi"}
    second = {"nip": NIP, "position_code": "DINKES-01", "posting_reason": "mutasi", "posting_from": "2022-01-01"}
    second |= {"grade": "III/b", "employment_from": "2022-04-01"}
    report = load(city, first, second)
    assert (report.rows, report.counts["postings"].created, report.counts["employments"].created) == (2, 2, 2)
    assert Posting.objects.get(effective_from=date(2020, 1, 1)).effective_until == date(2021, 12, 31)
    assert not load(city, first, second).changed


def test_every_error_is_listed_with_row_column_and_way_out_and_no_number_in_full(city: Institution) -> None:
    errors = refused(
        city,
        NEW | {"nip": "1.98503E+17"},
        NEW | {"nip": "19850317201001190", "grade": "V/a"},
        NEW | {"nip": ""},
        NEW | {"nip": PPPK},
        NEW | {"kind": "PPPK", "grade": "III/a"},
        {"nip": "199001012015011903", "position_code": "DINKES-01"},
        NEW | {"nip": "199001012015011904", "employment_from": "31/2/2020", "position_code": "NONE-1"},
        NEW | {"nip": "199001012015011905", "posting_from": "2025-02-01", "posting_until": "2025-01-01"},
        NEW | {"nip": "199001012015011906", "name": "x" * 201, "standing": "pensiun"},
        NEW | {"nip": "199001012015011907", "predicate_until": ""},
        {"nip": "199001012015011908", "posting_sk": "SK", "name": "A"},
    )
    assert places(errors)[:2] == [(2, "nip"), (3, "nip")]
    found = set(places(errors))
    assert found >= {(3, "grade"), (4, "nip"), (8, "employment_from"), (9, "posting_until"), (10, "name")}
    assert found >= {(10, "standing"), (11, "predicate_until"), (12, "posting_sk")}
    said = " ".join(str(error) for error in errors)
    assert "spreadsheet has shortened" in said
    assert "has 17 digits" in said
    assert "x" * 20 not in said
    assert NIP[:8] not in said


def test_errors_that_only_the_records_show_are_listed_too(city: Institution) -> None:
    Position.objects.filter(code="DINKES-01").update(closed_on=date(2025, 1, 1))
    errors = refused(
        city,
        NEW | {"nip": PPPK},
        NEW | {"kind": "PPPK"},
        {"nip": "199001012015011903", "position_code": "DINKES-01"},
        NEW | {"nip": "199001012015011904", "position_code": "NONE-1"},
        NEW | {"nip": "199001012015011905", "position_code": "DINKES-01", "posting_from": "2025-01-01"},
        NEW | {"nip": "199001012015011906", "posting_reason": "", "kind": ""},
    )
    assert places(errors) == [
        (2, "nip"),
        (3, "grade"),
        (4, "name"),
        (4, "employment_from"),
        (4, "posting_from"),
        (5, "position_code"),
        (6, "position_code"),
        (7, "kind"),
        (7, "posting_reason"),
    ]
    assert errors[0].value == "•••••••••••••••902"
    assert "month of appointment" in errors[0].message


def test_rows_that_contradict_each_other_are_refused_without_showing_what_is_personal(city: Institution) -> None:
    errors = refused(city, NEW, NEW | {"name": "Nama Lain", "grade": "III/c", "predicate": "kurang"})
    assert places(errors) == [(3, "name"), (3, "grade"), (3, "predicate")]
    assert errors[0].value == ""
    assert "Pegawai" not in errors[0].message
    assert "Row 2 says “III/a”" in errors[1].message


def test_the_number_of_another_institution_is_another_employee(city: Institution, cast: Cast) -> None:
    other = EmployeeFactory.create(nip=NIP, name="Bukan dari sini")
    load(city, NEW)
    other.refresh_from_db()
    assert other.name == "Bukan dari sini"
    assert Employee.objects.filter(nip=NIP).count() == 2


def test_a_dry_run_says_what_would_change_and_writes_nothing(city: Institution) -> None:
    before = stored()
    report = load(city, NEW, dry_run=True)
    assert report.changed
    assert report.counts["employees"].created == 1
    assert report.receipt is None
    assert stored() == before


def many(count: int) -> list[Row]:
    return [NEW | {"nip": f"1985031720100119{number:02}", "name": f"Pegawai {number}"} for number in range(10, count)]


def test_many_rows_cost_no_more_queries_than_few(
    city: Institution, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    load(city, *many(12))
    with django_assert_max_num_queries(41) as few:
        load(city, *many(14), at=LATER)
    # What was written is kept a hundred rows in a statement.
    with django_assert_max_num_queries(len(few) + 4):
        load(city, *many(80), at=LATER)


def test_the_command_counts_what_it_did_and_prints_every_error_masked(city: Institution, tmp_path: Path) -> None:
    path = tmp_path / "pegawai.csv"
    path.write_bytes(table(NEW))
    with override_settings(LANGUAGE_CODE="en"):
        out = StringIO()
        call_command("import_employees", city.code, path, "--dry-run", stdout=out)
        assert "Nothing was written" in out.getvalue()
        assert not Employee.objects.exists()
        call_command("import_employees", city.code, path, stdout=out)
        assert "postings: 1 created, 0 changed, 0 unchanged" in out.getvalue()
        call_command("import_employees", city.code, path, stdout=out)
        assert "nothing changed" in out.getvalue()
        path.write_bytes(table(NEW | {"nip": f"{NIP}7"}, NEW | {"grade": "X/x"}))
        told = StringIO()
        with pytest.raises(CommandError, match="Nothing was imported: 2 errors"):
            call_command("import_employees", city.code, path, stderr=told)
        assert "Row 2, nip, “••••••••••••••••017”" in told.getvalue()
        assert NIP not in told.getvalue()
        with pytest.raises(CommandError, match="There is no institution"):
            call_command("import_employees", "kota-hilang", path)
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("import_employees", city.code, tmp_path / "tidak-ada.csv")


ODD = (
    "",
    "?",
    "-",
    "\x00",
    "💥",
    "x" * 400,
    "9" * 5000,
    "0000-00-00",
    "32/13/2025",
    "1/1/0001",
    "9/9/99999999999999999999",
    '"',
    "'; --",
    "1e999",
    "\u202e",
    "NULL",
    "٣",
    "1900-01-01",
    "2999-12-31",
    "PNS",
    "plt",
    "III/a",
    "XVIII",
    "=1+1",
)


def test_5000_bad_rows_are_answered_at_their_row_and_nothing_is_half_stored(city: Institution) -> None:
    draw = random.Random(3)
    load(city, NEW)
    refusals = 0
    for _batch in range(50):
        rows = [
            {name: draw.choice((value, value, value, *ODD)) for name, value in NEW.items()}
            | ({"nip": f"19850317201001{draw.choice('12')}{draw.randint(1, 999):03}"} if draw.random() < 0.7 else {})
            for _row in range(100)
        ]
        before = stored()
        try:
            load(city, content=table(*rows), at=LATER)
        except ImportRefused as refusal:
            refusals += 1
            assert stored() == before
            assert all(1 <= error.row <= 101 and error.message for error in refusal.errors)  # noqa: PT017
    assert refusals == 50


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"nip", b"nip\n\x00", b"\n\n\n", b'nip,name\n"' + b"x" * 200_000, b"nip,nip\n1,2", b"name\nA"],
)
def test_a_file_that_is_no_table_is_answered_in_a_sentence_or_tells_nothing(city: Institution, content: bytes) -> None:
    before = stored()
    try:
        report = load(city, content=content)
    except ImportRefused as refusal:
        changed, said = False, [error.message for error in refusal.errors]
    else:
        changed, said = report.changed, ["nothing"]
    assert not changed
    assert all(said)
    assert stored() == before


def test_a_posting_that_is_told_ends_before_its_position_is_closed(cast: Cast) -> None:
    Position.objects.filter(pk=cast.position.pk).update(closed_on=date(2025, 8, 1))
    (error,) = refused(cast.institution, NEW)
    assert error.column == "posting_until"
    (error,) = refused(cast.institution, {**NEW, "posting_until": "2025-08-01"})
    assert error.column == "posting_until"
    PositionFactory.create(agency=cast.agency, code="LATER")
    follows = {"nip": NIP, "position_code": "LATER", "posting_reason": "Mutasi", "posting_from": "2025-08-01"}
    assert load(cast.institution, NEW, follows).changed, "the later posting ends the one before it"
    assert Posting.objects.get(position=cast.position).effective_until == date(2025, 7, 31)
