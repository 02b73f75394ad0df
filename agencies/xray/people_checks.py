"""The checks on employees."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Employee, Employment, Posting, Predicate
from agencies.xray.checks import Check, Severity
from agencies.xray.levels import EMPLOYEE
from agencies.xray.looking import Looking

HIGH, MEDIUM = Severity.HIGH, Severity.MEDIUM

_YEAR: Final = r"(19|20)[0-9]{2}"
_MONTH: Final = r"(0[1-9]|1[0-2])"
_DAY: Final = r"(0[1-9]|[12][0-9]|3[01])"
_END: Final = r"[12](00[1-9]|0[1-9][0-9]|[1-9][0-9]{2})$"
ANY_NUMBER: Final = f"^{_YEAR}{_MONTH}{_DAY}{_YEAR}[0-9]{{2}}{_END}"
"""What every number is: birth, year of appointment, two digits, sex, a sequence that is not 000."""
FIRST_YEAR, LAST_YEAR = "1900", "2100"
"""A number that begins before the one or after the other says no birthday."""
WITH_MONTH: Final = f"^{_YEAR}{_MONTH}{_DAY}{_YEAR}{_MONTH}{_END}"
"""The number of PNS and CPNS names the month of appointment."""

RETIREMENT: Final = {
    "jpt_utama": 60,
    "jpt_madya": 60,
    "jpt_pratama": 60,
    "administrator": 58,
    "pengawas": 58,
    "pelaksana": 58,
}
"""The age of retirement by category (UU 20/2023 Pasal 55); for functional positions the law refers on."""

TOP_JENJANG: Final = "Ahli Utama"
TOP_AGE: Final = 65
"""Holders of the highest jenjang retire later (PP 11/2017 Pasal 239)."""

YOUNGEST: Final = 18


def _number_malformed(looking: Looking) -> Q:
    months = Q(kind__in=("pns", "cpns")) & ~Q(nip__regex=WITH_MONTH)
    return ~Q(nip__regex=ANY_NUMBER) | months


def _recorded_twice(looking: Looking) -> Q:
    same = Employee.objects.filter(institution=OuterRef("institution"), name=OuterRef("name"))
    return Q(Exists(same.filter(nip__startswith=OuterRef("born")).exclude(pk=OuterRef("pk"))))


def _born_before(looking: Looking, age: int) -> str:
    """Who was born before this day, as a number writes it, reached the age before the month of the look began."""
    return f"{looking.on.year - age:04}{looking.on.month:02}01"


def _above_retirement(looking: Looking) -> Q:
    """Of positions held definitively on the day."""
    return _past_age(looking, looking.definitive(employee=OuterRef("pk")))


def _past_age(looking: Looking, postings: QuerySet[Posting]) -> Q:
    """Retirement from one of the positions is from the month after the birthday on."""
    functional = Q(position__category="fungsional")
    top = Q(position__jenjang__iexact=TOP_JENJANG)
    age = looking.marks.functional_age
    held = [(Q(position__category=category), age) for category, age in RETIREMENT.items()]
    held += [(functional & ~top, age), (functional & top, max(TOP_AGE, age))]
    older = (Q(employee__nip__lt=_born_before(looking, age)) & position for position, age in held)
    youngest = _born_before(looking, min(age for _position, age in held))
    return Q(nip__gte=FIRST_YEAR, nip__lt=youngest) & Q(Exists(postings.filter(reduce(or_, older))))


def _too_young(looking: Looking) -> Q:
    latest = f"{looking.on.year - YOUNGEST:04}{looking.on.month:02}{looking.on.day:02}"
    return Q(nip__lt=LAST_YEAR, born__gt=latest)


def _posted(looking: Looking) -> Q:
    """She holds a position definitively on the day."""
    return Q(Exists(looking.definitive(employee=OuterRef("pk"))))


def _without_employment(looking: Looking) -> Q:
    return Q(kind__isnull=True)


def _without_posting(looking: Looking) -> Q:
    """Active, and no posting is recorded of her at all; who left has postings that are over."""
    return Q(standing=Employment.Standing.ACTIVE) & Q(
        ~Exists(Posting.objects.current().filter(employee=OuterRef("pk")))
    )


def _no_longer_posted(looking: Looking) -> Q:
    """Active, and of the postings recorded none holds on the day; who is past retirement is taken to have left."""
    recorded = Posting.objects.current().filter(employee=OuterRef("pk")).order_by()
    held = looking.postings(employee=OuterRef("pk"))
    ended = recorded.filter(capacity=Posting.Capacity.DEFINITIVE, effective_until__lt=looking.on)
    active = Q(standing=Employment.Standing.ACTIVE)
    return active & Q(Exists(recorded)) & Q(~Exists(held)) & ~_past_age(looking, ended)


def _acting_only(looking: Looking) -> Q:
    """She stands in somewhere and holds nothing of her own."""
    return Q(Exists(looking.postings(employee=OuterRef("pk")))) & ~_posted(looking)


def _without_residence(looking: Looking) -> Q:
    return Q(residence="") & _posted(looking)


def _without_predicate(looking: Looking) -> Q:
    """None of a period that ended in the last year or since, of who was employed all that year."""
    last = looking.on.year - 1
    rated = Predicate.objects.current().filter(employee=OuterRef("pk"), period_ends_on__gte=date(last, 1, 1))
    served = Employment.objects.current().filter(employee=OuterRef("pk"), effective_from__lte=date(last, 1, 1))
    return Q(~Exists(rated)) & Q(Exists(served)) & _posted(looking)


def _months_unknown(looking: Looking) -> Q:
    """No definitive posting for a reason that makes somebody new is recorded."""
    known = Posting.objects.current().filter(
        employee=OuterRef("pk"),
        capacity=Posting.Capacity.DEFINITIVE,
        reason__in=sorted(looking.marks.new_reasons),
        effective_from__lte=looking.on,
    )
    return Q(~Exists(known)) & _posted(looking)


CHECKS: Final = (
    Check(
        "nip-tidak-sesuai",
        EMPLOYEE,
        HIGH,
        _("NIP malformed for the kind of employee"),
        _("The number holds birth date, appointment and sex; one that cannot be right finds nobody in SIASN."),
        _("Compare it with the SK and correct the identity."),
        _number_malformed,
    ),
    Check(
        "tercatat-ganda",
        EMPLOYEE,
        HIGH,
        _("One person under two numbers"),
        _("Name and day of birth are the same; she counts twice in shares of staff."),
        _("Keep the number that holds, for example after a PPPK became CPNS, and end the other's postings."),
        _recorded_twice,
    ),
    Check(
        "melewati-usia-pensiun",
        EMPLOYEE,
        HIGH,
        _("Above the age of retirement"),
        _("By the day of birth in the number and the category of the position held, she retired before this month."),
        _("Compare number and position with the SK, or record that she has left."),
        _above_retirement,
    ),
    Check(
        "usia-di-bawah-18",
        EMPLOYEE,
        HIGH,
        _("Under 18 by the number"),
        _("Nobody is appointed that young; the number is mistyped."),
        _("Compare it with the SK and correct the identity."),
        _too_young,
    ),
    Check(
        "pegawai-tanpa-kedudukan",
        EMPLOYEE,
        HIGH,
        _("Kind of employee unknown"),
        _("Whether she is PNS, CPNS or PPPK, and active, decides whether anything may be approved."),
        _("Record her employment with its SK."),
        _without_employment,
    ),
    Check(
        "pegawai-tanpa-penempatan",
        EMPLOYEE,
        HIGH,
        _("Employee without any posting"),
        _("Without a position there is nothing to judge, and no head sees her."),
        _("Record her posting."),
        _without_posting,
    ),
    Check(
        "pegawai-tanpa-penempatan-kini",
        EMPLOYEE,
        MEDIUM,
        _("Active, and no posting on this day"),
        _("Her postings have ended or have not begun: she holds nothing to be judged on, and is counted nowhere."),
        _("Record her new posting with its SK. For who has left, the row is right as it is."),
        _no_longer_posted,
    ),
    Check(
        "hanya-plt",
        EMPLOYEE,
        MEDIUM,
        _("Stands in without a position of her own"),
        _("Who stands in is counted among the staff of her own position; she has none."),
        _("Record her definitive posting."),
        _acting_only,
    ),
    Check(
        "tanpa-domisili",
        EMPLOYEE,
        MEDIUM,
        _("Employee without residence"),
        _("Work from home is at the residence in data kepegawaian; without it that mode cannot be approved."),
        _("Record the residence in her identity."),
        _without_residence,
    ),
    Check(
        "tanpa-predikat-terakhir",
        EMPLOYEE,
        MEDIUM,
        _("No predicate for the last year"),
        _("The performance of the last period is a requirement; what is not known stops an approval."),
        _("Record or import the predicate of the last year."),
        _without_predicate,
    ),
    Check(
        "masa-jabatan-belum-diketahui",
        EMPLOYEE,
        MEDIUM,
        _("Months in the position unknown"),
        _("No posting for a reason that makes somebody new is recorded, so that nobody can tell since when she is."),
        _("Record the posting by which she came to her position."),
        _months_unknown,
    ),
)
"""Those on employees."""
