"""An import is all or nothing, names every error with its way out, and a second time changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from agencies.actions.positions_import import ImportReport, import_positions
from agencies.fact_records import BEFORE_THE_PORTAL
from agencies.importing.position_rows import COLUMNS, ImportRefused, RowError
from agencies.models import Agency, FactRecord, Institution, Position, Task, TaskProfile, Unit
from oversight.models import TrailEntry
from tests.base import Cast
from tests.factories import InstitutionFactory, PublicServiceFactory

AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
NEW = {
    "agency_code": "Bappeda",
    "agency_name": "Badan Perencanaan",
    "agency_kind": "badan",
    "unit_code": "litbang",
    "unit_name": "Bidang Litbang",
    "position_code": "B-1",
    "position_title": "Statistisi",
    "jenjang": "Ahli Muda",
    "category": "fungsional",
    "echelon": "none",
    "needed": "3",
    "filled": "2",
    "outside_office": "ya",
    "face_to_face": "minimal",
    "hours_per_day": "7,5",
    "service_kind": "online",
}
Row = dict[str, str]


def table(*rows: Row, separator: str = ",", mark: str = "") -> bytes:
    """A CSV file of these rows with the columns that any of them has."""
    columns = [name for name in [*COLUMNS, "colour"] if any(name in row for row in rows)]
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    quoted = (separator.join(f'"{cell}"' for cell in line) for line in lines)
    return (mark + "\r\n".join(quoted)).encode()


def load(institution: Institution, *rows: Row, content: bytes | None = None, dry_run: bool = False) -> ImportReport:
    with override_settings(LANGUAGE_CODE="en"):
        return import_positions(
            actor=None,
            institution=institution,
            content=content if content is not None else table(*rows),
            source="jabatan.csv",
            valid_from=date(2025, 6, 1),
            at=AT,
            dry_run=dry_run,
        )


def refused(institution: Institution, *rows: Row, content: bytes | None = None) -> list[RowError]:
    """The errors for which the import is refused, having written nothing."""
    before = [model._default_manager.count() for model in (Agency, Unit, Position, Task, FactRecord, TrailEntry)]
    with pytest.raises(ImportRefused) as refusal:
        load(institution, *rows, content=content)
    assert before == [
        model._default_manager.count() for model in (Agency, Unit, Position, Task, FactRecord, TrailEntry)
    ]
    assert all(error.message for error in refusal.value.errors)
    return refusal.value.errors


def places(errors: Sequence[RowError]) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in errors]


@pytest.fixture
def city(db: None) -> Institution:
    return InstitutionFactory.create()


def test_a_row_creates_agency_unit_position_task_profile_and_records(city: Institution) -> None:
    report = load(city, NEW)
    position = Position.objects.get(institution=city)
    assert (position.agency.code, position.agency.kind) == ("Bappeda", "badan")
    assert position.unit is not None
    assert position.unit.code == "litbang"
    assert (str(position), position.needed, position.filled) == ("Statistisi Ahli Muda", 3, 2)
    task = position.tasks.get()
    assert (task.number, task.title, task.share) == (1, "Statistisi Ahli Muda", 100)
    profile = task.profile
    assert (profile.outside_office, profile.face_to_face, profile.with_tik) == (True, "minimal", None)
    assert profile.hours_per_day == Decimal("7.5")
    assert [getattr(profile, column) for column in TaskProfile.CARRIED] == [
        getattr(position, column) for column in TaskProfile.CARRIED
    ]
    assert report.counts["positions"].created == 1
    assert report.receipt is not None


def test_every_known_fact_gets_one_record_and_the_import_one_trail_entry(city: Institution) -> None:
    report = load(city, NEW)
    records = {record.fact: record for record in FactRecord.objects.all()}
    assert {fact: record.value for fact, record in records.items()} == {
        "position.category": "fungsional",
        "position.echelon": "none",
        "task.outside_office": "yes",
        "task.face_to_face": "minimal",
        "task.hours_per_day": "7.5",
        "task.service_kind": "online",
        "task.exposure": "indirect",
    }
    assert report.facts == len(records)
    assert records["task.exposure"].basis == "proposed"
    imported = records["task.outside_office"]
    assert (imported.basis, imported.source, imported.valid_from) == ("imported", "jabatan.csv", date(2025, 6, 1))
    assert imported.recorded_at == AT
    assert len({record.act for record in records.values()}) == 1
    entry = TrailEntry.objects.get()
    assert entry.action == "positions_imported"


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(city: Institution) -> None:
    load(city, NEW)
    again = load(city, NEW)
    assert not again.changed
    assert again.receipt is None
    assert {count.unchanged for name, count in again.counts.items()} == {1}
    assert TrailEntry.objects.count() == 1
    assert FactRecord.objects.count() == 7


@pytest.mark.parametrize(("separator", "mark"), [(",", ""), (";", ""), (",", "\ufeff"), (";", "\ufeff")])
def test_commas_semicolons_and_the_mark_of_spreadsheets_are_understood(
    city: Institution, separator: str, mark: str
) -> None:
    load(city, content=table(NEW, separator=separator, mark=mark))
    assert Position.objects.get().title == "Statistisi"


def test_an_empty_cell_says_nothing_and_a_question_mark_says_unknown(city: Institution) -> None:
    load(city, NEW)
    code = {"agency_code": "Bappeda", "position_code": "B-1"}
    report = load(city, code | {"outside_office": "", "face_to_face": "?", "needed": "?"})
    profile = TaskProfile.objects.get()
    assert (profile.outside_office, profile.face_to_face) == (True, None)
    assert Position.objects.get().needed is None
    assert report.facts == 1
    last = FactRecord.objects.order_by("pk").last()
    assert last is not None
    assert (last.fact, last.value) == ("task.face_to_face", None)


def test_changed_cells_change_the_rows_and_what_tasks_carry(city: Institution) -> None:
    load(city, NEW)
    load(city, NEW | {"agency_name": "Bappeda Kota", "category": "pelaksana", "with_tik": "ya", "filled": "1"})
    assert Agency.objects.get().name == "Bappeda Kota"
    profile = TaskProfile.objects.select_related("position").get()
    assert profile.category == profile.position.category == "pelaksana"
    assert profile.with_tik is True
    assert FactRecord.objects.filter(fact="position.category").count() == 2


def test_a_position_moves_and_its_only_task_follows_its_name(city: Institution) -> None:
    load(city, NEW)
    moved = {
        "agency_code": "Dinkes",
        "agency_name": "Dinas Kesehatan",
        "agency_kind": "dinas",
        "position_code": "B-1",
        "position_title": "Epidemiolog",
    }
    load(city, moved)
    position = Position.objects.get()
    assert (position.agency.code, position.unit) == ("Dinkes", None)
    profile = TaskProfile.objects.select_related("task").get()
    assert (profile.agency, profile.unit) == (position.agency, None)
    assert profile.task.title == "Epidemiolog Ahli Muda"
    told = position.fact_records.filter(fact__in=("position.title", "position.agency", "position.unit"))
    assert list(told.order_by("fact", "valid_from").values_list("fact", "value", "valid_from", "source")) == [
        ("position.agency", "Bappeda", date(2025, 5, 31), BEFORE_THE_PORTAL),
        ("position.agency", "Dinkes", date(2025, 6, 1), "jabatan.csv"),
        ("position.title", "Statistisi", date(2025, 5, 31), BEFORE_THE_PORTAL),
        ("position.title", "Epidemiolog", date(2025, 6, 1), "jabatan.csv"),
        ("position.unit", "litbang", date(2025, 5, 31), BEFORE_THE_PORTAL),
        ("position.unit", None, date(2025, 6, 1), "jabatan.csv"),
    ]
    assert profile.task.fact_records.filter(fact="task.title").count() == 2
    load(city, moved | {"position_title": "Perawat"})
    again = list(told.filter(fact="position.title").order_by("pk").values_list("value", flat=True))
    assert again == ["Statistisi", "Epidemiolog", "Perawat"], "the former value is told once"


def test_tasks_stand_in_rows_of_their_own(city: Institution) -> None:
    first = NEW | {"task_number": "1", "task_title": "Menulis laporan", "task_share": "60"}
    second = {
        "agency_code": "Bappeda",
        "position_code": "B-1",
        "task_number": "2",
        "task_title": "Survei",
        "task_share": "40",
        "outside_office": "tidak",
    }
    load(city, first, second)
    tasks = Position.objects.get().tasks.order_by("number")
    assert [(task.title, task.share, task.profile.outside_office) for task in tasks] == [
        ("Menulis laporan", 60, True),
        ("Survei", 40, False),
    ]
    assert not load(city, first, second).changed


def test_a_parent_may_stand_below_its_child_and_be_taken_away(city: Institution) -> None:
    child = {"agency_code": "Pusk", "agency_name": "Puskesmas", "agency_kind": "puskesmas", "agency_parent": "Dinkes"}
    parent = {"agency_code": "Dinkes", "agency_name": "Dinas Kesehatan", "agency_kind": "dinas"}
    load(city, child, parent)
    assert Agency.objects.get(code="Pusk").parent == Agency.objects.get(code="Dinkes")
    assert not load(city, child, parent).changed
    load(city, {"agency_code": "Pusk", "agency_parent": "-"})
    assert Agency.objects.get(code="Pusk").parent is None


def test_every_error_is_listed_with_row_column_value_and_way_out(city: Institution) -> None:
    errors = refused(
        city,
        NEW | {"agency_kind": "dines", "needed": "tiga"},
        {"agency_code": "Bappeda", "position_code": "B-2", "with_tik": "mungkin"},
        {"position_code": "B-3"},
        {"agency_code": "Bappeda", "position_title": "Perencana"},
        {"agency_code": "Bappeda", "unit_name": "Bidang"},
    )
    assert places(errors) == [
        (2, "agency_kind"),
        (2, "needed"),
        (3, "with_tik"),
        (4, "agency_code"),
        (5, "position_code"),
        (6, "unit_name"),
    ]
    assert [error.value for error in errors[:3]] == ["dines", "tiga", "mungkin"]
    assert "sekretariat" in errors[0].message
    assert "ya, tidak" in errors[2].message


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (b"agency_code\n\xff", ""),
        (b"agency_kode\nX", "agency_kode"),
        (b"agency_code,agency_code\nX,Y", "agency_code"),
        (b"agency_name\nX", "agency_code"),
        (b"", "agency_code"),
        (b"agency_code\nX,Y", ""),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(city: Institution, content: bytes, column: str) -> None:
    assert refused(city, content=content)[0].column == column


def test_what_is_new_needs_its_name_and_what_is_named_must_exist(city: Institution) -> None:
    errors = refused(
        city,
        {"agency_code": "X", "agency_parent": "Nobody"},
        NEW | {"unit_name": "", "position_title": ""},
        NEW | {"position_code": "B-9", "task_number": "2", "unit_name": ""},
    )
    assert places(errors) == [
        (2, "agency_name"),
        (2, "agency_kind"),
        (2, "agency_parent"),
        (3, "unit_name"),
        (3, "position_title"),
        (4, "task_title"),
    ]


def test_rows_that_contradict_each_other_are_refused(city: Institution) -> None:
    errors = refused(
        city,
        NEW,
        NEW | {"agency_name": "Bappenas", "task_number": "2", "jenjang": "Ahli Madya"},
        NEW,
    )
    assert places(errors) == [(3, "agency_name"), (3, "jenjang"), (4, "task_number")]


def test_an_agency_never_stands_above_itself(city: Institution) -> None:
    a = {"agency_code": "A", "agency_name": "A", "agency_kind": "dinas", "agency_parent": "B"}
    b = {"agency_code": "B", "agency_name": "B", "agency_kind": "dinas"}
    load(city, a, b)
    assert places(refused(city, {"agency_code": "B", "agency_parent": "A"})) == [(2, "agency_parent")]


@pytest.mark.parametrize(("shares", "fits"), [("60 40", True), ("60 ?", True), ("60 50", False), ("100 ?", False)])
def test_shares_fill_the_time_exactly_where_all_are_known(city: Institution, shares: str, fits: bool) -> None:
    rows = [
        NEW | {"task_number": str(number), "task_title": "Tugas", "task_share": share}
        for number, share in enumerate(shares.split(), 1)
    ]
    if fits:
        load(city, *rows)
        assert Task.objects.count() == 2
    else:
        assert places(refused(city, *rows)) == [(2, "task_share")]


def test_an_exposure_other_than_the_proposed_one_needs_a_reason(cast: Cast) -> None:
    cast.task.services.add(PublicServiceFactory.create(agency=cast.agency, kind="counter"))
    row = {"agency_code": cast.agency.code, "position_code": cast.position.code, "exposure": "none"}
    assert places(refused(cast.institution, row)) == [(2, "exposure")]
    load(cast.institution, row | {"exposure_reason": "Di belakang loket"})
    assert TaskProfile.objects.get(task=cast.task).exposure == "none"
    assert FactRecord.objects.get().reason == "Di belakang loket"


def test_codes_of_another_institution_are_not_touched(cast: Cast) -> None:
    elsewhere = InstitutionFactory.create()
    load(elsewhere, NEW | {"agency_code": cast.agency.code, "position_code": cast.position.code})
    cast.position.refresh_from_db()
    assert cast.position.title != "Statistisi"
    assert Position.objects.filter(code=cast.position.code).count() == 2


def test_a_dry_run_says_what_would_change_and_writes_nothing(city: Institution) -> None:
    report = load(city, NEW, dry_run=True)
    assert report.changed
    assert report.counts["positions"].created == 1
    assert not Agency.objects.exists()
    assert not TrailEntry.objects.exists()


def test_many_rows_cost_no_more_queries_than_few(
    city: Institution, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    rows = [NEW | {"position_code": f"B-{number}"} for number in range(300)]
    with django_assert_max_num_queries(120):  # type: ignore[operator]
        load(city, *rows)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        load(city, *rows)


@override_settings(LANGUAGE_CODE="en")
def test_the_command_counts_what_it_did_and_prints_every_error(city: Institution, tmp_path: Path) -> None:
    path = tmp_path / "jabatan.csv"
    path.write_bytes(table(NEW))
    out, err = StringIO(), StringIO()
    call_command("import_positions", city.code, path, "--dry-run", stdout=out)
    assert "Nothing was written" in out.getvalue()
    call_command("import_positions", city.code, path, stdout=out)
    assert "positions: 1 created, 0 changed, 0 unchanged" in out.getvalue()
    call_command("import_positions", city.code, path, stdout=out)
    assert "nothing changed" in out.getvalue()
    path.write_bytes(table(NEW | {"category": "bos", "echelon": "IX"}))
    with pytest.raises(CommandError, match="2 errors"):
        call_command("import_positions", city.code, path, stderr=err)
    assert "Row 2, category, “bos”" in err.getvalue()
    assert "Row 2, echelon, “IX”" in err.getvalue()


@override_settings(LANGUAGE_CODE="en")
def test_the_command_says_which_institutions_and_files_there_are(city: Institution, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=city.code):
        call_command("import_positions", "atlantis", tmp_path / "none.csv")
    with pytest.raises(CommandError, match="check the path"):
        call_command("import_positions", city.code, tmp_path / "none.csv")


def test_nothing_is_put_into_what_is_closed_and_what_stays_there_is_no_obstacle(city: Institution) -> None:
    load(city, NEW)
    Position.objects.update(closed_on=date(2025, 8, 1))
    task = {"agency_code": "Bappeda", "position_code": NEW["position_code"], "task_number": "2", "task_title": "Lain"}
    assert (2, "position_code") in places(refused(city, task))
    Unit.objects.update(closed_on=date(2025, 8, 1))
    Agency.objects.update(closed_on=date(2025, 8, 1))
    other = {**NEW, "position_code": "BARU-1"}
    assert places(refused(city, other)) == [(2, "agency_code"), (2, "unit_code")]
    assert places(refused(city, {**NEW, "unit_code": "baru", "unit_name": "Baru", "position_code": ""}))
    child = {"agency_code": "Anak", "agency_name": "Anak", "agency_kind": "UPTD", "agency_parent": "Bappeda"}
    assert places(refused(city, child)) == [(2, "agency_parent")]
    assert not load(city, NEW).changed


def test_the_share_of_a_closed_task_leaves_room_for_another(city: Institution) -> None:
    two = {"agency_code": "Bappeda", "position_code": NEW["position_code"], "task_number": "2", "task_title": "Lain"}
    load(city, {**NEW, "task_number": "1", "task_share": "60"}, {**two, "task_share": "40"})
    Task.objects.filter(number=2).update(closed_on=date(2025, 6, 1))
    three = {**two, "task_number": "3", "task_title": "Ketiga", "task_share": "40"}
    assert load(city, three).changed
    assert places(refused(city, {**three, "task_number": "4", "task_share": "10"})) == [(2, "task_share")]
