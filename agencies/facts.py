"""The closed list of facts about agencies, positions, tasks and people that rules may read (pure).

A fact is declared once, here: its kind, its level in the tree of cases, the question a reviewer
answers, what a missing row means and who could change it. Rules are data and combine facts;
adding a fact is a change of code. Labels and questions are English message ids; whoever shows
them passes them through gettext.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

FactValue = bool | str | Decimal | frozenset[str]
"""A known value. Unknown is None and is neither false nor zero."""


def gettext_noop(message: str) -> str:
    """Mark a text for translation without translating it: this module knows no framework."""
    return message


class Level(StrEnum):
    """Where in the tree of a case a fact lives: institution > agency > unit > position > task | person."""

    INSTITUTION = "institution"
    AGENCY = "agency"
    UNIT = "unit"
    POSITION = "position"
    TASK = "task"
    EMPLOYEE = "employee"
    ARRANGEMENT = "arrangement"


class Kind(StrEnum):
    """What values a fact takes: yes or no, one of its choices, an open code, a number.

    A set of its choices is read by limits only.
    """

    YES_NO = "yes_no"
    CHOICE = "choice"
    CODE = "code"
    NUMBER = "number"
    SET = "set"


class Changeable(StrEnum):
    """Who can change a fact: nobody, a redesign of the job, or a correction of what was recorded."""

    NOBODY = "nobody"
    REDESIGN = "redesign"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice fact: its stable code and its label."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known about a case.

    `missing` is the known value that an absent row stands for ("no study made"); None means that
    a missing row leaves the fact unknown. `dated` facts depend on the day of judgement.
    """

    name: str
    label: str
    kind: Kind
    question: str
    changeable: Changeable
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    dated: bool = False
    missing: FactValue | None = None

    @property
    def level(self) -> Level:
        """The level that the first part of the name says."""
        return Level(self.name.partition(".")[0])

    @property
    def column(self) -> str:
        """The name without its level: the column that holds the value."""
        return self.name.partition(".")[2]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of a choice fact, in their order."""
        return tuple(choice.code for choice in self.choices)


def _choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, label) for code, label in pairs)


_N = gettext_noop

WEEKDAYS: Final = _choices(
    ("monday", _N("Monday")),
    ("tuesday", _N("Tuesday")),
    ("wednesday", _N("Wednesday")),
    ("thursday", _N("Thursday")),
    ("friday", _N("Friday")),
    ("saturday", _N("Saturday")),
    ("sunday", _N("Sunday")),
)
"""The days of a week, in the order of `date.weekday()`."""

SECTORS: Final = _choices(
    ("general", _N("General government")),
    ("health", _N("Health")),
    ("education", _N("Education")),
    ("public_order", _N("Security and public order")),
    ("disaster", _N("Disaster management")),
    ("fire", _N("Fire and rescue")),
    ("transport", _N("Transport")),
    ("population", _N("Population and civil registration")),
    ("licensing", _N("Investment and licensing")),
    ("social", _N("Social affairs")),
    ("infrastructure", _N("Public works, housing and basic utilities")),
    ("environment", _N("Environment and cleanliness")),
    ("economy", _N("Trade, industry, cooperatives and food")),
    ("finance", _N("Finance and revenue")),
    ("planning", _N("Planning and research")),
    ("personnel", _N("Personnel")),
    ("information", _N("Informatics, statistics and communication")),
    ("archives", _N("Archives and library")),
    ("culture", _N("Culture, tourism, youth and sport")),
    ("supervision", _N("Internal supervision")),
    ("territory", _N("District and subdistrict government")),
    ("politics", _N("Unity of the nation and politics")),
)

AGENCY_KINDS: Final = _choices(
    ("sekretariat", _N("Secretariat")),
    ("inspektorat", _N("Inspectorate")),
    ("dinas", _N("Service department (dinas)")),
    ("badan", _N("Agency board (badan)")),
    ("satuan", _N("Corps (satuan)")),
    ("rumah_sakit", _N("Hospital")),
    ("kecamatan", _N("District (kecamatan)")),
    ("kelurahan", _N("Subdistrict (kelurahan)")),
    ("puskesmas", _N("Community health centre (puskesmas)")),
    ("sekolah", _N("School")),
    ("uptd", _N("Technical implementation unit (UPTD)")),
)

UNIT_KINDS: Final = _choices(
    ("secretariat", _N("Secretariat of the agency")),
    ("division", _N("Division (bidang)")),
    ("section", _N("Section (seksi, bagian or subbagian)")),
    ("service_point", _N("Service point (counter, ward or post)")),
    ("functional_group", _N("Group of functional positions")),
)

FUNCTIONS: Final = _choices(
    ("secretariat", _N("Secretariat work (kesekretariatan)")),
    ("protocol", _N("Protocol (keprotokolan)")),
    ("policy", _N("Policy formulation")),
    ("research", _N("Research")),
    ("analysis", _N("Analysis")),
    ("licensing", _N("Licensing")),
    ("tax", _N("Tax and levies")),
    ("technical", _N("Technical work")),
    ("leadership", _N("Leading an agency or unit")),
    ("frontline", _N("Serving the public directly")),
    ("supervision", _N("Audit and supervision")),
    ("archives", _N("Archives")),
    ("data", _N("Data, statistics and programming")),
    ("finance", _N("Finance and assets")),
    ("education", _N("Teaching")),
    ("health", _N("Health care")),
    ("order", _N("Public order")),
    ("rescue", _N("Emergency response")),
)

SERVICE_KINDS: Final = _choices(
    ("counter", _N("Counter service")),
    ("mal_pelayanan_publik", _N("Public service mall")),
    ("field", _N("Field service")),
    ("emergency", _N("Emergency service")),
    ("inpatient", _N("Inpatient care")),
    ("school", _N("School")),
    ("online", _N("Online service")),
    ("internal", _N("Internal service")),
    ("none", _N("Serves no public service")),
)

EXPOSURES: Final = _choices(
    ("none", _N("None")),
    ("indirect", _N("Indirect")),
    ("direct", _N("Direct")),
    ("emergency", _N("Emergency")),
)

CATEGORIES: Final = _choices(
    ("jpt_utama", _N("JPT utama")),
    ("jpt_madya", _N("JPT madya")),
    ("jpt_pratama", _N("JPT pratama")),
    ("administrator", _N("Administrator")),
    ("pengawas", _N("Supervisor (pengawas)")),
    ("fungsional", _N("Functional (fungsional)")),
    ("pelaksana", _N("Implementing (pelaksana)")),
)

ECHELONS: Final = _choices(
    ("none", _N("No echelon")),
    ("ii_a", "II.a"),
    ("ii_b", "II.b"),
    ("iii_a", "III.a"),
    ("iii_b", "III.b"),
    ("iv_a", "IV.a"),
    ("iv_b", "IV.b"),
)

LEADS: Final = _choices(
    ("none", _N("Leads nobody")),
    ("unit", _N("Leads the unit")),
    ("agency", _N("Leads the agency")),
)

PREDICATES: Final = _choices(
    ("sangat_baik", _N("Very good (Sangat Baik)")),
    ("baik", _N("Good (Baik)")),
    ("butuh_perbaikan", _N("Needs improvement (Butuh Perbaikan)")),
    ("kurang", _N("Poor (Kurang)")),
    ("sangat_kurang", _N("Very poor (Sangat Kurang)")),
)

_YES_NO, _CHOICE, _CODE, _NUMBER = Kind.YES_NO, Kind.CHOICE, Kind.CODE, Kind.NUMBER
_NOBODY, _REDESIGN, _CORRECTION = Changeable.NOBODY, Changeable.REDESIGN, Changeable.CORRECTION

TASK_FACTS: Final = (
    Fact(
        "task.outside_office",
        _N("Can be done outside the office of placement"),
        _YES_NO,
        _N("Can this task be done outside the office of placement?"),
        _REDESIGN,
    ),
    Fact(
        "task.work_place",
        _N("Work place"),
        _CHOICE,
        _N("Where does the character of this task need the work to be done?"),
        _REDESIGN,
        _choices(
            ("office", _N("At the office")),
            ("field", _N("In the field")),
            ("free", _N("Not bound to a place")),
        ),
    ),
    Fact(
        "task.function",
        _N("Function"),
        _CHOICE,
        _N("Which function of government does this task serve?"),
        _NOBODY,
        FUNCTIONS,
    ),
    Fact(
        "task.service_kind",
        _N("Kind of service served"),
        _CHOICE,
        _N("Which kind of public service does this task serve?"),
        _NOBODY,
        SERVICE_KINDS,
    ),
    Fact(
        "task.special_workspace",
        _N("Needs special workspace or equipment"),
        _YES_NO,
        _N("Does this task need a special workspace or equipment?"),
        _REDESIGN,
    ),
    Fact(
        "task.with_tik",
        _N("Can be done with information and communication technology (TIK)"),
        _YES_NO,
        _N("Can this task be done with information and communication technology (TIK)?"),
        _REDESIGN,
    ),
    Fact(
        "task.face_to_face",
        _N("Face-to-face interaction"),
        _CHOICE,
        _N("How much face-to-face interaction does this task need?"),
        _REDESIGN,
        _choices(
            ("none", _N("None at all")),
            ("minimal", _N("Minimal")),
            ("regular", _N("Regular")),
            ("constant", _N("Constant")),
        ),
    ),
    Fact(
        "task.continuous_supervision",
        _N("Needs continuous supervision"),
        _YES_NO,
        _N("Does this task need continuous supervision?"),
        _REDESIGN,
    ),
    Fact(
        "task.exposure",
        _N("Direct service exposure"),
        _CHOICE,
        _N("How directly does this task serve the public?"),
        _REDESIGN,
        EXPOSURES,
    ),
    Fact(
        "task.output_measurable",
        _N("Output measurable in SKP"),
        _YES_NO,
        _N("Can the output of this task be measured in the SKP?"),
        _REDESIGN,
    ),
    Fact(
        "task.confidential_material",
        _N("Confidential material bound to the office"),
        _YES_NO,
        _N("Does this task use confidential material that must stay in the office?"),
        _REDESIGN,
    ),
    Fact(
        "task.hours_per_day",
        _N("Working hours a day"),
        _NUMBER,
        _N("How many hours a day does this task need?"),
        _REDESIGN,
        unit=_N("hours"),
    ),
    Fact(
        "task.days_per_week",
        _N("Working days a week"),
        _NUMBER,
        _N("On how many days a week must this task be done?"),
        _REDESIGN,
        unit=_N("days"),
    ),
    Fact(
        "task.hours_per_week",
        _N("Working hours a week"),
        _NUMBER,
        _N("How many hours a week does this task need?"),
        _REDESIGN,
        unit=_N("hours"),
    ),
    Fact(
        "task.agency_hours",
        _N("Tied to the agency's hours"),
        _YES_NO,
        _N("Is this task tied to the working hours of the agency?"),
        _REDESIGN,
    ),
    *(
        Fact(
            f"task.local_{number}",
            label,
            _YES_NO,
            question,
            _REDESIGN,
        )
        for number, label, question in (
            (1, _N("Local criterion 1"), _N("Does this task meet local criterion 1?")),
            (2, _N("Local criterion 2"), _N("Does this task meet local criterion 2?")),
            (3, _N("Local criterion 3"), _N("Does this task meet local criterion 3?")),
            (4, _N("Local criterion 4"), _N("Does this task meet local criterion 4?")),
        )
    ),
)

JOB_FAMILIES: Final = _choices(
    ("pimpinan", _N("Heads of agencies")),
    ("sekretaris", _N("Secretaries of agencies")),
    ("kepala_bidang", _N("Heads of divisions")),
    ("kepala_subbagian", _N("Heads of subdivisions")),
    ("camat", _N("Head of district (camat)")),
    ("lurah", _N("Head of subdistrict (lurah)")),
    ("perencana", _N("Planner (perencana)")),
    ("pranata_komputer", _N("Computing officer (pranata komputer)")),
    ("statistisi", _N("Statistician (statistisi)")),
    ("arsiparis", _N("Archivist (arsiparis)")),
    ("pustakawan", _N("Librarian (pustakawan)")),
    ("auditor", _N("Auditor")),
    ("ppupd", _N("Supervisor of regional government affairs (PPUPD)")),
    ("analis_kebijakan", _N("Policy analyst")),
    ("analis_sdm", _N("Personnel analyst (analis SDM aparatur)")),
    ("administrator_database", _N("Population database administrator")),
    ("penguji_kendaraan", _N("Motor vehicle examiner")),
    ("polisi_pamong_praja", _N("Municipal police (polisi pamong praja)")),
    ("pemadam_kebakaran", _N("Firefighter")),
    ("penanggulangan_bencana", _N("Disaster responder")),
    ("guru", _N("Teacher")),
    ("perawat", _N("Nurse")),
    ("bidan", _N("Midwife")),
    ("dokter", _N("Doctor")),
    ("kesehatan_lain", _N("Other health workers")),
    ("peneliti", _N("Researcher")),
    ("penelaah_kebijakan", _N("Technical policy reviewer")),
    ("pengolah_data", _N("Data and information processor")),
    ("pengadministrasi", _N("Office administrator")),
    ("layanan_operasional", _N("Operational service staff")),
    ("teknis_lain", _N("Other technical positions")),
)

POSITION_FACTS: Final = (
    Fact(
        "position.category",
        _N("Category of position"),
        _CHOICE,
        _N("Which category of UU 20/2023 is this position in?"),
        _CORRECTION,
        CATEGORIES,
    ),
    Fact(
        "position.echelon",
        _N("Echelon"),
        _CHOICE,
        _N("Which echelon has this position?"),
        _CORRECTION,
        ECHELONS,
    ),
    Fact(
        "position.job_family",
        _N("Job family"),
        _CHOICE,
        _N("Which family of jobs does this position belong to?"),
        _CORRECTION,
        JOB_FAMILIES,
    ),
    Fact(
        "position.leads",
        _N("Leads"),
        _CHOICE,
        _N("Does this position lead the agency, a unit, or nobody?"),
        _CORRECTION,
        LEADS,
    ),
)

UNIT_FACTS: Final = (
    Fact("unit.kind", _N("Kind of unit"), _CHOICE, _N("Of which kind is the unit?"), _NOBODY, UNIT_KINDS),
    Fact("unit.code", _N("Unit"), _CODE, _N("Which unit is it?"), _NOBODY),
    Fact("unit.sector", _N("Sector of the unit"), _CHOICE, _N("Which sector does the unit serve?"), _NOBODY, SECTORS),
)

REVIEW_CONCLUSIONS: Final = _choices(
    ("none", _N("No study made")),
    ("ready", _N("Ready")),
    ("pilot", _N("Pilot")),
    ("not_ready", _N("Not ready")),
    ("cannot", _N("Cannot")),
)

AGENCY_FACTS: Final = (
    Fact("agency.kind", _N("Kind of agency"), _CHOICE, _N("Of which kind is the agency?"), _NOBODY, AGENCY_KINDS),
    Fact("agency.code", _N("Agency"), _CODE, _N("Which agency is it?"), _NOBODY),
    Fact(
        "agency.sector",
        _N("Sector of the agency"),
        _CHOICE,
        _N("Which sector does the agency serve?"),
        _NOBODY,
        SECTORS,
    ),
    *(
        Fact(f"agency.{column}", label, _YES_NO, question, _REDESIGN, dated=True)
        for column, label, question in (
            ("infrastructure", _N("Infrastructure ready"), _N("Are devices and connection ready for work elsewhere?")),
            ("connection", _N("Connection"), _N("Is the connection of the staff enough for work elsewhere?")),
            ("vpn", _N("VPN"), _N("Can the applications of the agency be reached through a VPN?")),
            ("e_office", _N("E-office"), _N("Does the agency work with an e-office?")),
            ("tte", _N("Electronic signature (TTE)"), _N("Does the agency sign electronically (TTE)?")),
            ("electronic_attendance", _N("Electronic attendance"), _N("Is attendance recorded electronically?")),
            ("performance_system", _N("Performance system"), _N("Is performance measured in an electronic system?")),
        )
    ),
    Fact(
        "agency.device_share",
        _N("Staff with a device of the office"),
        _NUMBER,
        _N("What share of the staff has a device of the office?"),
        _REDESIGN,
        unit=_N("percent"),
        dated=True,
    ),
    Fact(
        "agency.review_conclusion",
        _N("Conclusion of the agency study"),
        _CHOICE,
        _N("What did the study of the agency conclude?"),
        _REDESIGN,
        REVIEW_CONCLUSIONS,
        dated=True,
        missing="none",
    ),
    Fact(
        "agency.implementing_instrument",
        _N("Implementing instrument in force"),
        _YES_NO,
        _N("Is an implementing instrument of the head of government in force for the agency?"),
        _REDESIGN,
        dated=True,
        missing=False,
    ),
)

POLICY_STAGES: Final = _choices(
    ("none", _N("No stance recorded")),
    ("studying", _N("Studying")),
    ("not_adopted", _N("Not adopted")),
    ("pilot", _N("Pilot")),
    ("adopted", _N("Adopted")),
)

INSTITUTION_KINDS: Final = _choices(
    ("nasional", _N("National")),
    ("ministry", _N("Ministry or national agency")),
    ("province", _N("Province")),
    ("regency", _N("Regency")),
    ("city", _N("City")),
)

INSTITUTION_FACTS: Final = (
    Fact(
        "institution.kind",
        _N("Kind of institution"),
        _CHOICE,
        _N("Of which kind is the institution?"),
        _NOBODY,
        INSTITUTION_KINDS,
    ),
    Fact(
        "institution.policy_stage",
        _N("Policy stage"),
        _CHOICE,
        _N("How far has the institution come with flexible work?"),
        _REDESIGN,
        POLICY_STAGES,
        dated=True,
        missing="none",
    ),
)

EMPLOYEE_FACTS: Final = (
    Fact(
        "employee.kind",
        _N("Kind of employee"),
        _CHOICE,
        _N("Of which kind is the employee?"),
        _NOBODY,
        _choices(
            ("pns", _N("PNS")),
            ("cpns", _N("CPNS")),
            ("pppk", _N("PPPK")),
            ("pppk_part_time", _N("Part-time PPPK")),
        ),
    ),
    Fact(
        "employee.discipline",
        _N("Disciplinary punishment or process"),
        _YES_NO,
        _N("Is the employee undergoing a disciplinary punishment or in the process of one?"),
        _NOBODY,
        dated=True,
        missing=False,
    ),
    Fact(
        "employee.months_in_position",
        _N("Months in the position"),
        _NUMBER,
        _N("How many full months has the employee held the position?"),
        _NOBODY,
        unit=_N("months"),
        dated=True,
    ),
    Fact(
        "employee.special_circumstances",
        _N("Special circumstances (keadaan khusus)"),
        _YES_NO,
        _N("Has the institution verified special circumstances of the employee?"),
        _NOBODY,
        dated=True,
        missing=False,
    ),
    Fact(
        "employee.predicate",
        _N("Performance predicate"),
        _CHOICE,
        _N("Which performance predicate did the employee reach in the last period?"),
        _NOBODY,
        PREDICATES,
        dated=True,
    ),
)

FACTS: Final = {
    fact.name: fact
    for fact in (
        *INSTITUTION_FACTS,
        *AGENCY_FACTS,
        *UNIT_FACTS,
        *POSITION_FACTS,
        *TASK_FACTS,
        *EMPLOYEE_FACTS,
    )
}
