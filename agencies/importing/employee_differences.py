"""What an import of employees would do, thing by thing; numbers are masked, because the dry run is read on screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from agencies.importing.differences import Count, Difference, FieldChange, What, as_cell, columns_of
from agencies.importing.employee_plans import Plan
from agencies.importing.employee_rows import COLUMNS
from agencies.importing.employee_versions import Version, Versions
from agencies.importing.position_plans import slices
from agencies.masking import masked_nip
from agencies.models import Position

_DAYS: Final = {
    "employment": ("effective_from", None),
    "posting": ("effective_from", "effective_until"),
    "predicate": ("period_starts_on", "period_ends_on"),
}


def counts(plan: Plan) -> dict[str, Count]:
    """How many rows of each kind are created, changed and left alone."""
    found = {"employees": Count(len(plan.created), len(plan.changed), len(plan.same))}
    for name, part in (("employments", plan.employments), ("postings", plan.postings), ("predicates", plan.predicates)):
        found[name] = Count(len(part.created) - len(part.superseded), len(part.superseded), part.unchanged)
    return found


def differences(plan: Plan) -> Iterator[Difference]:
    """Every thing that the table tells of, and what becomes of it."""
    labels = {nip: f"{name} · {masked_nip(nip)}" for nip, name in _names(plan).items()}
    yield from _employees(plan, labels)
    codes = _codes(plan)
    for part, versions in (
        ("employment", plan.employments),
        ("posting", plan.postings),
        ("predicate", plan.predicates),
    ):
        yield from _versions(part, versions, labels, codes)


def _names(plan: Plan) -> dict[str, str]:
    return plan.names | {nip: name for nip, name, _residence in plan.created}


def _employees(plan: Plan, labels: Mapping[str, str]) -> Iterator[Difference]:
    rows = {nip: told.row for nip, told in plan.people.employees.items()}
    numbers = {key: nip for nip, key in plan.keys.items()}
    for nip, name, residence in plan.created:
        fields = (("nip", masked_nip(nip)), ("name", name), ("residence", residence))
        told = tuple(FieldChange(column, "", cell) for column, cell in fields if cell)
        yield Difference(What.CREATED, rows[nip], "employee", labels[nip], told)
    for key, *now in plan.changed:
        both = zip(("name", "residence"), plan.before[key], now, strict=True)
        changes = tuple(FieldChange(column, before, after) for column, before, after in both if before != after)
        nip = numbers[key]
        yield Difference(What.CHANGED, rows[nip], "employee", labels[nip], changes)
    yield from (Difference(What.UNCHANGED, rows[nip], "employee", labels[nip]) for nip in plan.same)


def _versions(
    part: str, versions: Versions, labels: Mapping[str, str], codes: Mapping[int, str]
) -> Iterator[Difference]:
    columns = columns_of(COLUMNS, part) | {"position_id": "position_code"}
    for nip, version in versions.created:
        now = _cells(part, version, codes)
        before = _cells(part, version.replaces, codes) if version.replaces else {}
        what = What.CHANGED if version.replaces else What.CREATED
        fields = tuple(
            FieldChange(columns[name], before.get(name, ""), cell)
            for name, cell in now.items()
            if before.get(name, "") != cell
        )
        label = f"{labels[nip]} · {version.starts.isoformat()}"
        yield Difference(what, version.row, part, label, fields)
    for nip, row, version in versions.same:
        yield Difference(What.UNCHANGED, row, part, f"{labels[nip]} · {version.starts.isoformat()}")


def _cells(part: str, version: Version, codes: Mapping[int, str]) -> dict[str, str]:
    first, last = _DAYS[part]
    cells = {first: as_cell(version.starts)} | ({last: as_cell(version.ends)} if last else {})
    for name, value in version.values.items():
        cells[name] = codes[value] if name == "position_id" else as_cell(value)
    return cells


def _codes(plan: Plan) -> dict[int, str]:
    """The codes of the positions that new postings name."""
    keys = {version.values["position_id"] for _nip, version in plan.postings.created}
    codes: dict[int, str] = {}
    for some in slices(sorted(keys)):
        codes.update(Position.objects.filter(pk__in=some).values_list("pk", "code"))
    return codes
