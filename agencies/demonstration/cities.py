"""The agencies of the cities: two real lists and an invented one; numbers of people are estimated (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.demonstration.catalogue import Job, UnitPlan, job, rows, units

CITIES: Final = ("kota-malang", "kota-semarang", "kota-contoh")
"""Two real cities and a fictional one, in which everything that is invented has its place."""
ESTIMATE: Final = "Jumlah jabatan dan pegawai: perkiraan. Data sintetis."
SAMPLE: Final = "Sampel unit, mewakili unit sejenis. Jumlah jabatan dan pegawai: perkiraan. Data sintetis."


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """An agency as it will stand in the demonstration; `people` are its own, without the agencies below it."""

    code: str
    name: str
    kind: str
    sector: str
    parent: str
    people: int
    head: Job
    units: tuple[UnitPlan, ...]
    note: str


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What a city's officials told the press, as a policy stage with its source."""

    stage: str
    valid_from: date
    source: str


def agencies_of(city: str) -> list[AgencyPlan]:
    """The agencies of a city, each after the one above it."""
    register = {row["singkatan"]: row for row in rows(f"{city}-perangkat-daerah.csv")}
    offices = [
        _plan(
            row,
            name=register[row["code"]]["nama"],
            kind=_kind(register[row["code"]]["jenis"]),
            parent=register[row["code"]]["induk"],
            note=ESTIMATE,
        )
        for row in rows("demonstration/agencies.csv")
        if row["city"] == city
    ]
    branches = [
        _plan(
            row,
            name=row["name"],
            kind=row["kind"],
            parent=row["parent"],
            note=SAMPLE if row["sample"] == "yes" else ESTIMATE,
        )
        for row in rows("demonstration/branches.csv")
        if row["city"] == city
    ]
    return sorted([*offices, *branches], key=lambda plan: bool(plan.parent))


def stages_of(city: str) -> list[StagePlan]:
    """The policy stages recorded for a city."""
    return [
        StagePlan(row["stage"], date.fromisoformat(row["valid_from"]), row["source"])
        for row in rows("demonstration/stages.csv")
        if row["city"] == city
    ]


def _kind(word: str) -> str:
    return word.replace(" ", "_")


def _plan(row: Mapping[str, str], *, name: str, kind: str, parent: str, note: str) -> AgencyPlan:
    return AgencyPlan(
        code=row["code"],
        name=name,
        kind=kind,
        sector=row["sector"],
        parent=parent,
        people=int(row["people"]),
        head=job(row["head"]),
        units=tuple(units()[key] for key in row["units"].split()),
        note=note,
    )
