"""The invented career of one person of the demonstration: kind, golongan, number and dates (pure).

All that is told falls by the lots of her seat, so that it is the same on every machine. Numbers have the sequence
9xx, which marks them as invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from agencies.demonstration.lots import drawn, falls_in_1000

YEAR: Final = 2025
"""The year in which the cities are shown; nobody is appointed or moved after May."""

PPPK: Final = 455
CPNS: Final = 30
"""So many of a thousand who do not manage are PPPK; so many of those who begin a career are CPNS …"""
PART_TIME: Final = 60
"""… and so many of a thousand PPPK work part-time."""
NEWLY: Final = 80
"""So many of a thousand have held their position for less than a year."""

_BEGINNERS: Final = frozenset({"Ahli Pertama", "Terampil", "Pemula", ""})
_SERVICE: Final = {
    "jpt_pratama": (24, 33),
    "administrator": (17, 30),
    "pengawas": (11, 27),
    "Ahli Utama": (24, 33),
    "Ahli Madya": (15, 30),
    "Ahli Muda": (8, 22),
    "Ahli Pertama": (3, 11),
    "Penyelia": (16, 30),
    "Mahir": (8, 20),
    "Terampil": (3, 12),
    "Pemula": (2, 6),
}
"""Years of service, from and to, by category or jenjang."""
_ANY_SERVICE: Final = (3, 28)

_GRADES: Final = {
    "jpt_pratama": ("IV/b", "IV/c", "IV/d"),
    "administrator": ("III/d", "IV/a", "IV/b"),
    "pengawas": ("III/c", "III/d"),
    "Ahli Utama": ("IV/d", "IV/e"),
    "Ahli Madya": ("IV/a", "IV/b", "IV/c"),
    "Ahli Muda": ("III/c", "III/d"),
    "Ahli Pertama": ("III/a", "III/b"),
    "Penyelia": ("III/c", "III/d"),
    "Mahir": ("III/a", "III/b"),
    "Terampil": ("II/c", "II/d"),
    "Pemula": ("II/a", "II/b"),
    "penelaah_kebijakan": ("III/a", "III/b", "III/c"),
    "pengolah_data": ("II/c", "II/d", "III/a", "III/b"),
}
_ANY_GRADE: Final = ("II/a", "II/b", "II/c", "II/d")
_GRADES_OF_PPPK: Final = {
    "Ahli Madya": "XIII",
    "Ahli Muda": "XI",
    "Ahli Pertama": "IX",
    "Penyelia": "IX",
    "Mahir": "VIII",
    "Terampil": "VII",
    "penelaah_kebijakan": "IX",
    "pengolah_data": "VII",
}
_ANY_GRADE_OF_PPPK: Final = "V"


@dataclass(frozen=True, slots=True)
class Seat:
    """One holder's place in a position; `key` names it for the lots, `rank` orders the seats of an agency."""

    key: tuple[str, ...]
    position: int
    agency: int
    category: str
    jenjang: str
    family: str
    leads: str

    @property
    def manages(self) -> bool:
        """Whether it is a managerial position or leads an agency: only PNS hold these."""
        return self.leads == "agency" or self.category not in ("fungsional", "pelaksana")

    @property
    def rank(self) -> int:
        """The higher the position, the lower the number."""
        if self.leads == "agency":
            return 0
        if self.manages:
            return 1 if self.family == "sekretaris" else 2
        return {"Ahli Utama": 3, "Ahli Madya": 3, "Ahli Muda": 4}.get(self.jenjang, 5)


@dataclass(frozen=True, slots=True)
class Career:
    """What is recorded of an invented person: kind, golongan, since when, and since when and why in her position.

    `before` is the day of the posting before the present one in the same position, where a reorganisation or a
    higher jenjang only went on with it.
    """

    kind: str
    grade: str
    since: date
    held_from: date
    reason: str
    before: date | None
    born: date
    appointed: date
    woman: bool

    def number(self, sequence: int) -> str:
        """The NIP or NI PPPK with this sequence."""
        middle = f"{self.appointed:%Y%m}" if self.kind in ("pns", "cpns") else f"{self.appointed:%Y}21"
        return f"{self.born:%Y%m%d}{middle}{2 if self.woman else 1}{sequence:03}"


def career_of(seat: Seat) -> Career:
    """The career of whoever sits there."""
    kind = _kind(seat)
    appointed = _appointed(seat, kind)
    since = date(appointed.year + 1, appointed.month, 1) if kind == "pns" else appointed
    held_from, reason, before = _held(seat, kind, since)
    return Career(
        kind=kind,
        grade=_grade(seat, kind),
        since=since,
        held_from=held_from,
        reason=reason,
        before=before,
        born=_born(seat, appointed),
        appointed=appointed,
        woman=drawn(100, *seat.key, "sex") < 54,
    )


def _kind(seat: Seat) -> str:
    if seat.manages:
        return "pns"
    if falls_in_1000(CPNS, *seat.key, "cpns") and seat.jenjang in _BEGINNERS:
        return "cpns"
    if not falls_in_1000(PPPK, *seat.key, "pppk"):
        return "pns"
    part_time = seat.category == "pelaksana" and falls_in_1000(PART_TIME, *seat.key, "part-time")
    return "pppk_part_time" if part_time else "pppk"


def _appointed(seat: Seat, kind: str) -> date:
    if kind == "pppk_part_time":
        return date(YEAR, 3, 1)
    if kind == "cpns":
        return date(YEAR, 4 + drawn(2, *seat.key, "month"), 1)
    month = (1, 3, 4, 12)[drawn(4, *seat.key, "month")]
    if kind == "pppk":
        year = (2021, 2022, 2022, 2023, 2023, 2023, 2024, 2024, 2024, 2025)[drawn(10, *seat.key, "year")]
        return date(year, 3 if year == YEAR else month, 1)
    low, high = _SERVICE.get(seat.jenjang) or _SERVICE.get(seat.category) or _ANY_SERVICE
    return date(YEAR - low - drawn(high - low + 1, *seat.key, "service"), month, 1)


def _born(seat: Seat, appointed: date) -> date:
    """At least 20 when appointed, at most 57 when shown."""
    oldest = min(35, 57 - (YEAR - appointed.year))
    age = 20 + drawn(max(oldest - 20, 0) + 1, *seat.key, "age")
    return date(appointed.year - age, 1, 1) + timedelta(days=drawn(365, *seat.key, "birthday"))


def _grade(seat: Seat, kind: str) -> str:
    keys = (seat.jenjang, seat.category, seat.family)
    if kind in ("pppk", "pppk_part_time"):
        return next((_GRADES_OF_PPPK[key] for key in keys if key in _GRADES_OF_PPPK), _ANY_GRADE_OF_PPPK)
    grades = next((_GRADES[key] for key in keys if key in _GRADES), _ANY_GRADE)
    return grades[0] if kind == "cpns" else grades[drawn(len(grades), *seat.key, "grade")]


def _held(seat: Seat, kind: str, since: date) -> tuple[date, str, date | None]:
    """From when and why the present position is held, and from when before that."""
    if kind != "pns":
        return since, "formation", None
    if since >= date(YEAR - 1, 6, 1):
        return since, "formation", None
    if falls_in_1000(NEWLY, *seat.key, "newly"):
        day = _month_after(date(YEAR - 1, 8, 1), drawn(10, *seat.key, "moved"))
        return day, _reason(seat), None
    earliest = max(since.year + 1, 2012)
    day = date(earliest + drawn(max(YEAR - 1 - earliest, 0) + 1, *seat.key, "moved"), 1, 1)
    if day.year >= YEAR - 1 or day <= since:
        return since, "formation", None
    if falls_in_1000(150, *seat.key, "goes on"):
        went_on = "reorganisation" if seat.manages or seat.category == "pelaksana" else "level"
        return date(YEAR - 1, 1, 2), went_on, day
    return day, _reason(seat), None


def _reason(seat: Seat) -> str:
    reasons = ("promotion", "rotation", "transfer") if seat.manages else ("transfer", "rotation", "promotion")
    return reasons[drawn(3, *seat.key, "reason")]


def _month_after(first: date, months: int) -> date:
    year, month = divmod(first.month - 1 + months, 12)
    return date(first.year + year, month + 1, 1)
