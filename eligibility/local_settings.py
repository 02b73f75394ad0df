"""What the law leaves open and each institution sets for itself: a closed list with visible defaults (pure).

A default is the portal's, not the law's, and is shown as such until the institution records a
value with its source. No default at all is said so too: then the point is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from agencies.facts import Choice, FactValue, Kind, gettext_noop
from eligibility.explanations import number_words

_N = gettext_noop

Translate = Callable[[str], str]

SettingValue = FactValue | None
"""The value of a setting: None where neither the institution nor the portal says one."""


@dataclass(frozen=True, slots=True)
class LocalSetting:
    """One open point of the law: its label, the kind of its value, the portal's default, and what is open.

    `judges`: the engine reads it, so it is part of a rulebook's fingerprint; otherwise a process
    of the portal does. `choices` in their order, of which `needed` can never be left out. Numbers are
    whole, from `least` to `most`. `defaults_by_kind` differ by the kind of institution. Of kind CODE: a text.
    """

    name: str
    label: str
    kind: Kind
    default: SettingValue
    open_note: str
    judges: bool
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    needed: frozenset[str] = frozenset()
    least: int = 1
    most: int = 366
    defaults_by_kind: Mapping[str, str] = field(default_factory=dict)

    def default_for(self, institution_kind: str) -> SettingValue:
        """The portal's default for an institution of that kind."""
        return self.defaults_by_kind.get(institution_kind, self.default)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its choices, in their order."""
        return tuple(choice.code for choice in self.choices)


class SettingsInForce(dict[str, SettingValue]):
    """Every setting of the closed list as it holds on a day, by name, and readers that know the kind."""

    def number(self, name: str) -> int | None:
        """A whole number, e.g. of days; None: not known."""
        value = self[name]
        return None if value is None else int(str(value))

    def is_on(self, name: str) -> bool:
        """A setting that is yes or no."""
        return self[name] is True

    def text(self, name: str) -> str:
        """A setting that is a text, or one of its choices."""
        return str(self[name] or "")

    def members(self, name: str) -> tuple[str, ...]:
        """The chosen codes of a set, in the order of the list."""
        chosen = self[name]
        return tuple(code for code in SETTINGS[name].codes if isinstance(chosen, frozenset) and code in chosen)

    @property
    def judging(self) -> tuple[tuple[str, str], ...]:
        """Those the engine reads, as texts, by name: what enters a rulebook's fingerprint."""
        return tuple((name, plain(self[name])) for name in sorted(self) if SETTINGS[name].judges)


def plain(value: SettingValue) -> str:
    """One text for one value: sets sorted, unknown empty."""
    if value is None:
        return ""
    return ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def setting_words(setting: LocalSetting, value: SettingValue, translate: Translate) -> str:
    """A value in words; an unknown one says so."""
    if value is None:
        return translate(_NOT_KNOWN)
    if isinstance(value, bool):
        return translate(_YES if value else _NO)
    if isinstance(value, Decimal):
        return f"{number_words(value, translate)} {translate(setting.unit) if setting.unit else ''}".strip()
    chosen = value if isinstance(value, frozenset) else {value}
    labels = [translate(choice.label) for choice in setting.choices if choice.code in chosen]
    return ", ".join(labels) if setting.choices else str(value)


_NOT_KNOWN: Final = _N("not known: nothing is set, and the portal assumes nothing")
_YES: Final = _N("yes")
_NO: Final = _N("no")

POSTING_REASONS: Final = (
    Choice("formation", _N("Formasi")),
    Choice("promotion", _N("Promosi")),
    Choice("transfer", _N("Mutasi")),
    Choice("rotation", _N("Rotasi")),
    Choice("reorganisation", _N("Pengukuhan SOTK")),
    Choice("level", _N("Kenaikan jenjang")),
    Choice("renewal", _N("Perpanjangan PPPK")),
)
"""Why somebody came to a position: the reasons of a posting."""

DETERMINATION_STEPS: Final = (
    Choice("head_proposal", _N("Proposal of the head of the agency")),
    Choice("hr_verification", _N("Verification by BKPSDM")),
    Choice("legal_check", _N("Legal check")),
    Choice("sekda", _N("Endorsement by the Sekda")),
    Choice("ppk", _N("Determination by the PPK")),
)
"""The steps from results to a Penetapan, in their order."""

SHARE_BASES: Final = (
    Choice("asn", _N("Civil servants (ASN)")),
    Choice("asn_and_non_asn", _N("Civil servants and non-ASN staff")),
)
"""Who is counted in the base of a share."""

_JUDGING: Final = (
    LocalSetting(
        "working_days_per_week",
        _N("Working days a week"),
        Kind.NUMBER,
        Decimal(5),
        _N("Perpres 21/2023 names Monday to Friday; units of direct service may have another pattern."),
        judges=True,
        unit=_N("days"),
        most=7,
    ),
    LocalSetting(
        "location_criteria_required",
        _N("How many of the five location criteria a task must meet"),
        Kind.NUMBER,
        Decimal(5),
        _N("The regulation does not say whether the criteria are cumulative."),
        judges=True,
        unit=_N("criteria"),
        most=5,
    ),
    LocalSetting(
        "shift_criteria_required",
        _N("How many of the two shift criteria a task must meet"),
        Kind.NUMBER,
        Decimal(1),
        _N("Whether the two criteria for shift work are joined by and or by or is not clear."),
        judges=True,
        unit=_N("criteria"),
        most=2,
    ),
    LocalSetting(
        "new_employee_months",
        _N("Months for which an employee counts as new in a position"),
        Kind.NUMBER,
        Decimal(12),
        _N("The regulation gives no length for a new employee."),
        judges=True,
        unit=_N("months"),
        most=60,
    ),
    LocalSetting(
        "new_posting_reasons",
        _N("Which reasons of a posting make an employee new in a position"),
        Kind.SET,
        frozenset({"formation", "promotion", "transfer", "rotation"}),
        _N("Pasal 25(1)(b) names formasi, promosi, mutasi and rotasi; it is silent on other reasons."),
        judges=True,
        choices=POSTING_REASONS,
    ),
    LocalSetting(
        "light_discipline_days",
        _N("Days for which a light disciplinary punishment counts as being undergone"),
        Kind.NUMBER,
        None,
        _N("PP 94/2021 gives a light punishment no duration."),
        judges=True,
        unit=_N("days"),
    ),
)

_PROCESS: Final = (
    LocalSetting(
        "facts_must_be_agreed",
        _N("Only facts that two reviewers agreed on may be determined"),
        Kind.YES_NO,
        False,
        _N("The regulation does not say how the facts of a determination are established."),
        judges=False,
    ),
    LocalSetting(
        "determination_steps",
        _N("Steps from the results to the determination"),
        Kind.SET,
        frozenset({"head_proposal", "hr_verification", "legal_check", "sekda", "ppk"}),
        _N("The regulation names the PPK and leaves the steps before to each institution."),
        judges=False,
        choices=DETERMINATION_STEPS,
        needed=frozenset({"hr_verification", "ppk"}),
    ),
    LocalSetting(
        "ppk_title",
        _N("Title of the PPK"),
        Kind.CODE,
        "Wali Kota",
        _N("The portal takes the head of the government; a delegation of the PPK's power is not known to it."),
        judges=False,
        defaults_by_kind={
            "regency": "Bupati",
            "province": "Gubernur",
            "ministry": "Menteri/Kepala Lembaga",
            "nasional": "Presiden",
        },
    ),
    LocalSetting(
        "letter_name",
        _N("Name of the letter that an employee is given"),
        Kind.CODE,
        "Surat Tugas",
        _N("The regulation does not name the form of the letter."),
        judges=False,
    ),
    LocalSetting(
        "share_base",
        _N("Staff against whom a share is counted"),
        Kind.CHOICE,
        "asn",
        _N("Norms that limit a share of staff do not say whether people who are no civil servants count."),
        judges=False,
        choices=SHARE_BASES,
    ),
    LocalSetting(
        "secretariat_code",
        _N("Code of the regional secretariat, whose leader heads of agencies ask"),
        Kind.CODE,
        "Setda",
        _N("The regulation does not name the superior of a head of agency; the portal takes the Sekda."),
        judges=False,
    ),
    LocalSetting(
        "follow_up_days",
        _N("Days within which a finding is answered"),
        Kind.NUMBER,
        Decimal(60),
        _N("The days follow the pattern of Peraturan BPK 2/2017; a city may have its own."),
        judges=False,
        unit=_N("days"),
    ),
    LocalSetting(
        "functional_retirement_age",
        _N("Age at which holders of functional positions retire"),
        Kind.NUMBER,
        Decimal(60),
        _N("UU 20/2023 Pasal 55 leaves functional positions to other rules; the age only chooses what is asked about."),
        judges=False,
        unit=_N("years"),
        least=56,
        most=70,
    ),
    LocalSetting(
        "rapid_seconds",
        _N("Seconds between approvals of one decider below which they count as in a row"),
        Kind.NUMBER,
        Decimal(10),
        _N("No regulation says how long a decision takes; the number only chooses what the Inspektorat asks about."),
        judges=False,
        unit=_N("seconds"),
    ),
    LocalSetting(
        "rapid_approvals",
        _N("Approvals in such a row from which the Inspektorat asks about them"),
        Kind.NUMBER,
        Decimal(5),
        _N("No regulation says how many decisions a day may hold; the number only chooses what is asked about."),
        judges=False,
        unit=_N("approvals"),
        least=2,
    ),
    LocalSetting(
        "review_days",
        _N("Days within which an answer to a finding is reviewed"),
        Kind.NUMBER,
        Decimal(30),
        _N("The days follow the pattern of Peraturan BPK 2/2017; a city may have its own."),
        judges=False,
        unit=_N("days"),
    ),
)

SETTINGS: Final = {setting.name: setting for setting in (*_JUDGING, *_PROCESS)}
"""Every open point, those the engine reads first."""
