"""Reads the data files of the demonstration: duties with their facts, titles, units and services (pure)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from agencies.fact_values import from_text
from agencies.facts import FACTS, FactValue

DATA: Final = Path(__file__).parents[1] / "data"
JENJANG: Final = {
    "pemula": "Pemula",
    "terampil": "Terampil",
    "mahir": "Mahir",
    "penyelia": "Penyelia",
    "pertama": "Ahli Pertama",
    "muda": "Ahli Muda",
    "madya": "Ahli Madya",
    "utama": "Ahli Utama",
}
JUNIOR: Final = frozenset({"Pemula", "Terampil", "Ahli Pertama"})

_JOB: Final = re.compile(r"(\w+)(?:/(\w+))?(?:=(\w+))?(?::(\d+))?(!?)")
_PATTERN_FACTS: Final = ("hours_per_day", "days_per_week", "hours_per_week", "agency_hours")
_DUTY_FACTS: Final = (
    "function",
    "work_place",
    "outside_office",
    "special_workspace",
    "with_tik",
    "face_to_face",
    "continuous_supervision",
    "output_measurable",
    "confidential_material",
)


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of work with the facts that belong to it and the service it serves ("" for none)."""

    key: str
    title: str
    service: str
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Part:
    """One task of a split position: its duty and its share of working time in percent."""

    duty: str
    share: int


@dataclass(frozen=True, slots=True)
class Split:
    """How a duty may be split into tasks, and in how many of a hundred positions it is."""

    chance: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A title of positions as in use, with its place in the law's categories."""

    key: str
    title: str
    category: str
    echelon: str
    leads: str
    job_family: str
    duty: str

    @property
    def structural(self) -> bool:
        """Whether one person holds it: managerial positions and whoever leads an agency."""
        return self.leads == "agency" or self.category not in ("fungsional", "pelaksana")


@dataclass(frozen=True, slots=True)
class Job:
    """A title at a jenjang with a duty, its weight among the people of its agency, and whether all facts are known."""

    title: Title
    jenjang: str
    duty: str
    weight: int
    known: bool


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit and its jobs."""

    key: str
    name: str
    kind: str
    sector: str
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A public service as it would stand in a city's list."""

    key: str
    name: str
    kind: str
    hours: str
    staff_on_site: int


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file, by its path under the data folder."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def duties() -> Mapping[str, Duty]:
    """Every duty by its key."""
    patterns = {row["key"]: row for row in rows("demonstration/patterns.csv")}
    return {row["key"]: _duty(row, patterns[row["pattern"]]) for row in rows("demonstration/duties.csv")}


def _duty(row: Mapping[str, str], pattern: Mapping[str, str]) -> Duty:
    told = {column: row[column] for column in _DUTY_FACTS} | {column: pattern[column] for column in _PATTERN_FACTS}
    facts = {column: from_text(FACTS[f"task.{column}"], text) for column, text in told.items()}
    return Duty(row["key"], row["title"], row["service"], facts)


@cache
def splits() -> Mapping[str, Split]:
    """How duties are split, by the key of the duty; a duty that only exists split has no facts of its own."""
    return {row["duty"]: _split(row) for row in rows("demonstration/splits.csv")}


def _split(row: Mapping[str, str]) -> Split:
    pairs = (part.split(":") for part in row["parts"].split())
    return Split(int(row["chance"]), tuple(Part(duty, int(share)) for duty, share in pairs))


@cache
def titles() -> Mapping[str, Title]:
    """Every title by its key."""
    names = ("key", "title", "category", "echelon", "leads", "job_family", "duty")
    return {row["key"]: Title(*(row[name] for name in names)) for row in rows("demonstration/titles.csv")}


@cache
def units() -> Mapping[str, UnitPlan]:
    """Every unit by its key."""
    return {
        row["key"]: UnitPlan(
            row["key"], row["name"], row["kind"], row["sector"], tuple(job(text) for text in row["jobs"].split())
        )
        for row in rows("demonstration/units.csv")
    }


@cache
def services() -> Mapping[str, ServicePlan]:
    """Every service by its key."""
    return {
        row["key"]: ServicePlan(row["key"], row["name"], row["kind"], row["hours"], int(row["staff_on_site"]))
        for row in rows("demonstration/services.csv")
    }


def job(text: str) -> Job:
    """The job that `title/jenjang=duty:weight!` says; all but the title may be left out, "!" marks known facts."""
    match = _JOB.fullmatch(text)
    if match is None:
        raise ValueError(text)
    key, jenjang, duty, weight, known = match.groups()
    title = titles()[key]
    return Job(title, JENJANG[jenjang] if jenjang else "", duty or title.duty, int(weight or 1), bool(known))
