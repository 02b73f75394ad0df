"""All facts that rules may read: those of agencies and people, and those of an arrangement (pure)."""

from __future__ import annotations

from typing import Final

from agencies.facts import FACTS as AGENCY_SIDE_FACTS
from agencies.facts import WEEKDAYS, Changeable, Choice, Fact, Kind, Level, gettext_noop

_N = gettext_noop

ARRANGEMENT_FACTS: Final = (
    Fact(
        "arrangement.place",
        _N("Place asked for"),
        Kind.CHOICE,
        _N("At which kind of place is the work to be done?"),
        Changeable.REDESIGN,
        (
            Choice("main_office", _N("Main office")),
            Choice("uptd", _N("UPTD")),
            Choice("liaison_office", _N("Liaison office")),
            Choice("recorded_residence", _N("Residence as recorded")),
            Choice("other", _N("Another place")),
        ),
    ),
    Fact(
        "arrangement.days_per_week",
        _N("Days a week asked for"),
        Kind.NUMBER,
        _N("On how many working days a week is the work to be done there?"),
        Changeable.REDESIGN,
        unit=_N("days"),
    ),
    Fact(
        "arrangement.weekdays",
        _N("Weekdays asked for"),
        Kind.SET,
        _N("On which weekdays is the work to be done there?"),
        Changeable.REDESIGN,
        WEEKDAYS,
    ),
    Fact(
        "arrangement.share_of_staff",
        _N("Share of staff away"),
        Kind.NUMBER,
        _N("What share of the staff would be away at the same time?"),
        Changeable.REDESIGN,
        unit=_N("percent"),
    ),
    Fact(
        "arrangement.staff_on_site",
        _N("Staff left on site"),
        Kind.NUMBER,
        _N("How many people would be left on site?"),
        Changeable.REDESIGN,
        unit=_N("people"),
    ),
    Fact(
        "arrangement.duration",
        _N("Duration asked for"),
        Kind.NUMBER,
        _N("For how many days is the arrangement asked for?"),
        Changeable.REDESIGN,
        unit=_N("days"),
    ),
)

FACTS: Final = AGENCY_SIDE_FACTS | {fact.name: fact for fact in ARRANGEMENT_FACTS}

ABOVE: Final = {
    Level.INSTITUTION: frozenset({Level.INSTITUTION}),
    Level.AGENCY: frozenset({Level.INSTITUTION, Level.AGENCY}),
    Level.UNIT: frozenset({Level.INSTITUTION, Level.AGENCY, Level.UNIT}),
    Level.POSITION: frozenset({Level.INSTITUTION, Level.AGENCY, Level.UNIT, Level.POSITION}),
    Level.TASK: frozenset({Level.INSTITUTION, Level.AGENCY, Level.UNIT, Level.POSITION, Level.TASK}),
    Level.EMPLOYEE: frozenset({Level.INSTITUTION, Level.AGENCY, Level.UNIT, Level.POSITION, Level.EMPLOYEE}),
    Level.ARRANGEMENT: frozenset(Level),
}
"""The levels that a rule of each subject may read. An arrangement is judged on its tasks too."""

GATE_SUBJECTS: Final = frozenset({Level.EMPLOYEE, Level.ARRANGEMENT})
"""Rules of these subjects are gates: may it be approved for this person, this day?"""

ROW_LEVELS: Final = frozenset({Level.POSITION, Level.TASK})
"""Facts of these levels are columns of the task's row; those above are decided once per agency or unit."""
