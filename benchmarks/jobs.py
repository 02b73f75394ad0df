"""The city whose jobs are judged: its agencies, the kinds of jobs in them, and how often a fact is unknown or odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Final

from agencies.facts import FACTS, POSITION_FACTS, TASK_FACTS, FactValue, Kind
from agencies.models import Agency, AgencyReview, Institution
from benchmarks.law import ON
from eligibility.grounds import Ground, Grounds
from eligibility.rulebook import Case

Facts = Mapping[str, FactValue]

_SIGNED: Final = datetime(ON.year, ON.month, ON.day, tzinfo=UTC)

UNKNOWN_PERCENT: Final = 6
ODD_PERCENT: Final = 6
"""How many facts of a task are unknown, and how many are not as is usual for its kind of job."""

ROW_FACTS: Final = (*POSITION_FACTS, *TASK_FACTS)


@dataclass(frozen=True, slots=True)
class AgencyGroup:
    """Agencies of one kind, below a parent or none."""

    kind: str
    codes: tuple[str, ...]
    parent: str = ""


_DEPARTMENTS: Final = (
    "Dinkes Disdikbud DPUPRPKP DLH Dishub Diskopindag Dinsos Disnaker-PMPTSP Dispendukcapil Dispangtan Disporapar "
    "Diskominfo Dispussipda"
)
GROUPS: Final = (
    AgencyGroup("sekretariat", ("Setda", "Setwan")),
    AgencyGroup("inspektorat", ("Inspektorat",)),
    AgencyGroup("satuan", ("Satpol PP",)),
    AgencyGroup("badan", ("Bapenda", "BKAD", "Bappeda", "BKPSDM", "BPBD", "Bakesbangpol")),
    AgencyGroup("dinas", tuple(_DEPARTMENTS.split())),
    AgencyGroup("rumah_sakit", ("RSUD",)),
    AgencyGroup("kecamatan", tuple(f"Kecamatan {n}" for n in range(1, 6))),
    AgencyGroup("kelurahan", tuple(f"Kelurahan {n}" for n in range(1, 58)), "Kecamatan 1"),
    AgencyGroup("puskesmas", tuple(f"Puskesmas {n}" for n in range(1, 17)), "Dinkes"),
    AgencyGroup("sekolah", tuple(f"Sekolah {n}" for n in range(1, 100)), "Disdikbud"),
)


def make_agencies(city: Institution) -> list[Agency]:
    """The city's 201 agencies in a fixed order; three in four have been studied."""
    made: dict[str, Agency] = {}
    for group in GROUPS:
        for code in group.codes:
            parent = made.get(group.parent)
            made[code] = Agency.objects.create(
                institution=city, code=code, name=code, kind=group.kind, sector="general", parent=parent
            )
    random = Random(1)
    for agency in made.values():
        if random.random() < 0.75:
            _study(agency, random)
    return list(made.values())


def _study(agency: Agency, random: Random) -> None:
    names = ("infrastructure", "e_office", "tte", "electronic_attendance", "performance_system")
    readiness = {name: random.choice((True, True, False, None)) for name in names}
    conclusion = random.choice(("ready", "pilot", "not_ready", "cannot", None))
    AgencyReview.objects.create(
        agency=agency, valid_from=ON, source="synthetic", conclusion=conclusion, signed_at=_SIGNED, **readiness
    )


_CLERK: Final[Facts] = {
    "position.category": "pelaksana",
    "position.echelon": "none",
    "position.job_family": "pengadministrasi",
    "position.leads": "none",
    "task.outside_office": True,
    "task.work_place": "office",
    "task.function": "secretariat",
    "task.service_kind": "internal",
    "task.special_workspace": False,
    "task.with_tik": True,
    "task.face_to_face": "minimal",
    "task.continuous_supervision": False,
    "task.exposure": "none",
    "task.output_measurable": True,
    "task.confidential_material": False,
    "task.hours_per_day": Decimal("7.5"),
    "task.days_per_week": Decimal(5),
    "task.hours_per_week": Decimal("37.5"),
    "task.agency_hours": False,
    "task.local_1": True,
    "task.local_2": True,
    "task.local_3": True,
    "task.local_4": True,
}
_OFFICER: Final[Facts] = {"position.category": "fungsional", "task.work_place": "free"}
_FRONT: Final[Facts] = {
    "task.outside_office": False,
    "task.face_to_face": "constant",
    "task.exposure": "direct",
    "task.agency_hours": True,
}
_LEADER: Final[Facts] = {"task.function": "leadership", "task.work_place": "free"}


def _job(*parts: Facts, **named: FactValue) -> Facts:
    """A clerk's facts but for those given; a name without level is looked up in the list of facts."""
    levels = {fact.column: fact.name for fact in ROW_FACTS}
    changed = {levels[column]: value for column, value in named.items()}
    return {**_CLERK, **{name: value for part in parts for name, value in part.items()}, **changed}


JOBS: Final[Mapping[str, Facts]] = {
    "clerk": _CLERK,
    "treasurer": _job(function="finance", confidential_material=True),
    "programmer": _job(_OFFICER, job_family="pranata_komputer", function="data"),
    "statistician": _job(_OFFICER, job_family="statistisi", function="data"),
    "policy analyst": _job(_OFFICER, job_family="analis_kebijakan", function="analysis"),
    "planner": _job(_OFFICER, job_family="perencana", function="policy"),
    "archivist": _job(_OFFICER, job_family="arsiparis", function="archives", exposure="indirect"),
    "auditor": _job(_OFFICER, job_family="auditor", function="supervision", work_place="field"),
    "tax officer": _job(job_family="pengolah_data", function="tax", service_kind="online", exposure="indirect"),
    "licensing": _job(job_family="penelaah_kebijakan", function="licensing", service_kind="online", exposure="direct"),
    "counter": _job(_FRONT, job_family="layanan_operasional", function="frontline", service_kind="counter"),
    "nurse": _job(
        _OFFICER, _FRONT, job_family="perawat", function="health", service_kind="inpatient", special_workspace=True
    ),
    "doctor": _job(_OFFICER, _FRONT, job_family="dokter", function="health", service_kind="counter"),
    "teacher": _job(_OFFICER, _FRONT, job_family="guru", function="education", service_kind="school"),
    "police": _job(_FRONT, job_family="polisi_pamong_praja", function="order", work_place="field"),
    "responder": _job(
        _FRONT, job_family="penanggulangan_bencana", function="rescue", exposure="emergency", hours_per_day=Decimal(12)
    ),
    "driver": _job(job_family="layanan_operasional", function="technical", work_place="field", with_tik=False),
    "section head": _job(_LEADER, category="pengawas", echelon="iv_a", job_family="kepala_subbagian", leads="unit"),
    "division head": _job(_LEADER, category="administrator", echelon="iii_b", job_family="kepala_bidang", leads="unit"),
    "head": _job(_LEADER, category="jpt_pratama", echelon="ii_b", job_family="pimpinan", leads="agency"),
    "camat": _job(_LEADER, category="administrator", echelon="iii_a", job_family="camat", leads="agency"),
    "lurah": _job(_LEADER, category="pengawas", echelon="iv_a", job_family="lurah", leads="agency"),
}

SLOTS: Final = 20
"""Every agency's jobs as twenty equal parts."""

_DEFAULT_POOL: Final = (
    ("clerk", 5),
    ("treasurer", 2),
    ("programmer", 1),
    ("statistician", 1),
    ("policy analyst", 2),
    ("planner", 2),
    ("archivist", 1),
    ("licensing", 1),
    ("counter", 2),
    ("section head", 1),
    ("division head", 1),
    ("head", 1),
)
_POOLS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "inspektorat": (("auditor", 12), ("clerk", 4), ("policy analyst", 2), ("section head", 1), ("head", 1)),
    "satuan": (("police", 15), ("clerk", 3), ("section head", 1), ("head", 1)),
    "badan": (("tax officer", 4), ("responder", 2), ("statistician", 2), ("clerk", 6), ("planner", 5), ("head", 1)),
    "rumah_sakit": (("nurse", 10), ("doctor", 4), ("clerk", 3), ("treasurer", 1), ("driver", 1), ("head", 1)),
    "puskesmas": (("nurse", 9), ("doctor", 4), ("clerk", 3), ("programmer", 1), ("counter", 2), ("driver", 1)),
    "sekolah": (("teacher", 16), ("clerk", 2), ("treasurer", 1), ("driver", 1)),
    "kecamatan": (("clerk", 9), ("counter", 6), ("section head", 3), ("driver", 1), ("camat", 1)),
    "kelurahan": (("clerk", 9), ("counter", 7), ("section head", 2), ("driver", 1), ("lurah", 1)),
}


def jobs_of(kind: str) -> tuple[Facts, ...]:
    """The twenty jobs of an agency of the kind."""
    pool = _POOLS.get(kind, _DEFAULT_POOL)
    return tuple(JOBS[name] for name, count in pool for _ in range(count))


def odd_value(name: str, value: FactValue) -> FactValue:
    """Another value than is usual: the opposite, the next choice, or half as much again."""
    fact = FACTS[name]
    if fact.kind is Kind.YES_NO:
        return not value
    if fact.kind is Kind.NUMBER:
        return Decimal(value) * Decimal("1.5")  # type: ignore[arg-type]
    return fact.codes[(fact.codes.index(str(value)) + 1) % len(fact.codes)]


def sample_cases(known: Grounds, count: int, *, unknown: bool) -> list[Case]:
    """Cases like the rows of the city, one agency after the other; with unknown facts or without."""
    return list(_cases(tuple(known.agencies.values()), count, unknown, Random(2)))


def _cases(grounds: Sequence[Ground], count: int, unknown: bool, random: Random) -> Iterator[Case]:
    for number in range(count):
        ground = grounds[number * len(grounds) // count]
        job = random.choice(jobs_of(ground.place.agency_kind))
        row = {name: _drawn(name, value, random, unknown) for name, value in job.items()}
        above = ground.values if unknown else _known(ground.values)
        yield Case({**above, **row}, ground.place)


def _drawn(name: str, value: FactValue, random: Random, unknown: bool) -> FactValue | None:
    draw = random.randrange(100)
    if draw < UNKNOWN_PERCENT:
        return None if unknown else value
    return odd_value(name, value) if draw < UNKNOWN_PERCENT + ODD_PERCENT else value


def _known(values: Mapping[str, FactValue | None]) -> dict[str, FactValue | None]:
    """What is known above the position, and a yes or the first choice where it is not."""
    return {name: _any_value(name) if value is None else value for name, value in values.items()}


def _any_value(name: str) -> FactValue:
    fact = FACTS[name]
    return True if fact.kind is Kind.YES_NO else fact.codes[0]
