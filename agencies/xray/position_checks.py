"""The checks on positions and their tasks."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from agencies.exposure import EXPOSURE_OF_SERVICE
from agencies.facts import TASK_FACTS
from agencies.models import LocalCriterion, Position, PublicService, Task, Unit
from agencies.querysets import open_on
from agencies.xray.checks import Check, Severity
from agencies.xray.levels import POSITION, TASK
from agencies.xray.looking import Looking

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

ECHELONS: Final = {
    "jpt_utama": ("none",),
    "jpt_madya": ("none",),
    "jpt_pratama": ("ii_a", "ii_b"),
    "administrator": ("iii_a", "iii_b"),
    "pengawas": ("iv_a", "iv_b"),
    "fungsional": ("none",),
    "pelaksana": ("none",),
}
"""The echelons that go with each category; the list of echelons begins at II."""

_IN_PERSON: Final = tuple(kind for kind, exposure in EXPOSURE_OF_SERVICE.items() if exposure in ("direct", "emergency"))
_LOCAL: Final = tuple(f"local_{number}" for number in range(1, 5))
_ASKED: Final = tuple(fact.column for fact in TASK_FACTS if fact.column not in _LOCAL)
"""The facts that are asked of every task."""


def _without_unit(looking: Looking) -> Q:
    """Where the agency has units; who leads the agency stands in none."""
    units = Unit.objects.filter(open_on(looking.on), agency=OuterRef("agency"))
    return Q(unit__isnull=True) & ~Q(leads="agency") & Q(Exists(units))


def _tasks(looking: Looking, **narrowed: object) -> QuerySet[Task]:
    return Task.objects.filter(open_on(looking.on), position=OuterRef("pk"), **narrowed).order_by()


def _without_task(looking: Looking) -> Q:
    return Q(~Exists(_tasks(looking)))


def _in_closed_unit(looking: Looking) -> Q:
    return Q(unit__closed_on__lte=looking.on)


def _in_closed_agency(looking: Looking) -> Q:
    return Q(agency__closed_on__lte=looking.on)


def _filled_differs(looking: Looking) -> Q:
    return Q(filled__isnull=False) & ~Q(holders=F("filled"))


def _above_need(looking: Looking) -> Q:
    return Q(filled__gt=F("needed"))


def _need_unknown(looking: Looking) -> Q:
    return Q(needed__isnull=True)


def _shares_off(looking: Looking) -> Q:
    """All shares are known and their sum is not 100."""
    told = _tasks(looking).values("position").annotate(sum=Sum("share")).exclude(sum=100)
    return Q(Exists(told)) & Q(~Exists(_tasks(looking, share__isnull=True)))


def _shares_unknown(looking: Looking) -> Q:
    """Of several tasks some have no share; the only task of a position takes all its time."""
    several = Task.objects.filter(open_on(looking.on), position=OuterRef("position")).exclude(pk=OuterRef("pk"))
    return Q(Exists(_tasks(looking, share__isnull=True).filter(Exists(several))))


def _titled_twice(looking: Looking) -> Q:
    same = Position.objects.filter(
        open_on(looking.on), agency=OuterRef("agency"), title=OuterRef("title"), jenjang=OuterRef("jenjang")
    ).exclude(pk=OuterRef("pk"))
    in_unit = Exists(same.filter(unit=OuterRef("unit")))
    in_none = Exists(same.filter(unit__isnull=True))
    return Q(unit__isnull=False) & Q(in_unit) | Q(unit__isnull=True) & Q(in_none)


def _echelon_against_category(looking: Looking) -> Q:
    fitting = (Q(category=category, echelon__in=echelons) for category, echelons in ECHELONS.items())
    return Q(category__isnull=False, echelon__isnull=False) & ~reduce(or_, fitting)


def _without_jenjang(looking: Looking) -> Q:
    return Q(category="fungsional", jenjang="")


def _jenjang_of_none(looking: Looking) -> Q:
    return Q(category__isnull=False) & ~Q(category="fungsional") & ~Q(jenjang="")


def _category_unknown(looking: Looking) -> Q:
    return Q(category__isnull=True)


def _leads_unknown(looking: Looking) -> Q:
    return Q(leads__isnull=True)


def _facts_unknown(looking: Looking) -> Q:
    """A fact that every task is asked for is not known, of a task that somebody does."""
    held = Exists(looking.postings(position=OuterRef("position")))
    return reduce(or_, (Q(**{f"{column}__isnull": True}) for column in _ASKED)) & (Q(held) | Q(position__filled__gt=0))


def _without_exposure(looking: Looking) -> Q:
    return Q(exposure__isnull=True)


def _no_exposure_at_counter(looking: Looking) -> Q:
    return Q(exposure="none", unit__kind="service_point")


def _no_exposure_serving(looking: Looking) -> Q:
    served = PublicService.objects.filter(open_on(looking.on), tasks=OuterRef("pk"), kind__in=_IN_PERSON)
    return Q(exposure="none") & Q(Exists(served))


def _local_without_label(looking: Looking) -> Q:
    """It is answered for a criterion that the institution has not named."""
    named = LocalCriterion.objects.filter(institution=looking.institution)
    answered = (
        Q(**{f"{column}__isnull": False}) & Q(~Exists(named.filter(number=number)))
        for number, column in enumerate(_LOCAL, 1)
    )
    return reduce(or_, answered)


def _hours_disagree(looking: Looking) -> Q:
    """More hours a week than its hours a day fill on its days."""
    known = (Q(**{f"{name}__isnull": False}) for name in ("hours_per_day", "days_per_week", "hours_per_week"))
    return reduce(and_, known) & Q(hours_per_week__gt=F("hours_per_day") * F("days_per_week"))


def _outside_and_bound(looking: Looking) -> Q:
    """Said to be possible elsewhere, and to need what stands at the office."""
    return Q(outside_office=True) & (Q(special_workspace=True) | Q(confidential_material=True))


CHECKS: Final = (
    Check(
        "jabatan-tanpa-unit",
        POSITION,
        LOW,
        _("Position without unit"),
        _("The agency has units, and shares of staff are counted in them; this position is counted apart."),
        _("Correct the position and choose its unit."),
        _without_unit,
    ),
    Check(
        "jabatan-tanpa-uraian-tugas",
        POSITION,
        HIGH,
        _("Position without an open task"),
        _("Tasks are what the criteria judge; a position without one has no result."),
        _("Add its task, open one again, or close the position."),
        _without_task,
    ),
    Check(
        "jabatan-di-unit-tutup",
        POSITION,
        MEDIUM,
        _("Position in a closed unit"),
        _("It is counted in a unit that counts no more."),
        _("Move the position to the unit that took it over, or close it."),
        _in_closed_unit,
    ),
    Check(
        "jabatan-di-opd-tutup",
        POSITION,
        HIGH,
        _("Position in a closed agency"),
        _("Nobody in a closed agency can be approved, and its holders find no superior."),
        _("Move the position to the agency that took it over, or close it."),
        _in_closed_agency,
    ),
    Check(
        "bezetting-berbeda",
        POSITION,
        MEDIUM,
        _("Filled (bezetting) differs from recorded holders"),
        _("The number comes from another list than the postings; shares and services are counted by postings."),
        _("Record the postings that are missing, or correct the number."),
        _filled_differs,
    ),
    Check(
        "terisi-di-atas-kebutuhan",
        POSITION,
        MEDIUM,
        _("Filled above need (ABK)"),
        _("More people hold the position than the workload analysis asks for."),
        _("Correct the number, or look at the ABK again."),
        _above_need,
    ),
    Check(
        "kebutuhan-belum-dihitung",
        POSITION,
        LOW,
        _("Need (ABK) not counted"),
        _("Whether the position can spare anybody cannot be told."),
        _("Record the need from the workload analysis."),
        _need_unknown,
    ),
    Check(
        "bagian-waktu-bukan-100",
        POSITION,
        MEDIUM,
        _("Shares of working time do not add up to 100"),
        _("The days that open tasks fill are worked out from the shares."),
        _("Correct the shares of the position's tasks."),
        _shares_off,
    ),
    Check(
        "bagian-waktu-belum-diketahui",
        POSITION,
        MEDIUM,
        _("Tasks of unknown share"),
        _("Where some tasks may be done elsewhere and others not, the days cannot be told."),
        _("Record the share of working time of each task."),
        _shares_unknown,
    ),
    Check(
        "nama-jabatan-ganda",
        POSITION,
        LOW,
        _("Positions of the same title in one unit"),
        _("One position may be recorded twice, with its need and its holders spread over both."),
        _("Join them and close the other, or leave them where they are indeed two."),
        _titled_twice,
    ),
    Check(
        "eselon-tidak-sesuai",
        POSITION,
        MEDIUM,
        _("Echelon does not go with the category"),
        _("Rules read both; for example a supervisor (pengawas) is of echelon IV."),
        _("Correct the category or the echelon."),
        _echelon_against_category,
    ),
    Check(
        "fungsional-tanpa-jenjang",
        POSITION,
        LOW,
        _("Functional position without jenjang"),
        _("Title and jenjang together name a functional position in every Keputusan."),
        _("Correct the position and write its jenjang."),
        _without_jenjang,
    ),
    Check(
        "jenjang-bukan-fungsional",
        POSITION,
        LOW,
        _("Jenjang of a position that is not functional"),
        _("Only functional positions have a jenjang; the category or the jenjang is wrong."),
        _("Correct the category or empty the jenjang."),
        _jenjang_of_none,
    ),
    Check(
        "kategori-belum-diketahui",
        POSITION,
        HIGH,
        _("Position of unknown category"),
        _("Rules that speak of categories of UU 20/2023 cannot be decided for it."),
        _("Correct the position and choose its category."),
        _category_unknown,
    ),
    Check(
        "pimpinan-belum-diketahui",
        POSITION,
        LOW,
        _("Not known whether the position leads"),
        _("The way of requests is found along leading positions, and rules treat them apart."),
        _("Correct the position and say what it leads."),
        _leads_unknown,
    ),
    Check(
        "karakteristik-belum-diketahui",
        TASK,
        HIGH,
        _("Unknown facts on filled positions"),
        _("Somebody does this task, and its result waits for answers."),
        _("Answer the facts on the page of the task."),
        _facts_unknown,
    ),
    Check(
        "uraian-tugas-tanpa-paparan",
        TASK,
        MEDIUM,
        _("Task without exposure"),
        _("How directly a task serves the public decides much; the services it serves propose an answer."),
        _("Name the services that it serves and take over the exposure proposed."),
        _without_exposure,
    ),
    Check(
        "paparan-nihil-di-loket",
        TASK,
        MEDIUM,
        _("Exposure “none” at a service point"),
        _("A task at a counter, ward or post mostly serves people directly."),
        _("Look at the exposure again, and say why where it is right."),
        _no_exposure_at_counter,
    ),
    Check(
        "paparan-nihil-melayani",
        TASK,
        HIGH,
        _("Exposure “none” serving a service in person"),
        _("It serves a counter, field, inpatient, school or emergency service, which proposes another exposure."),
        _("Correct the exposure, or the services that the task serves."),
        _no_exposure_serving,
    ),
    Check(
        "kriteria-lokal-tanpa-nama",
        TASK,
        LOW,
        _("Local criterion answered without a label"),
        _("Nobody can say what was answered, because the institution has not named the criterion."),
        _("Name the criterion under “Own task criteria”."),
        _local_without_label,
    ),
    Check(
        "jam-kerja-bertentangan",
        TASK,
        LOW,
        _("Hours of a task contradict each other"),
        _("It has more hours a week than its hours a day fill on its days."),
        _("Correct the hours a day, the days a week or the hours a week."),
        _hours_disagree,
    ),
    Check(
        "dapat-di-luar-namun-terikat",
        TASK,
        MEDIUM,
        _("Said to be possible elsewhere, yet bound to the office"),
        _("It can be done outside the office and needs special equipment or confidential material kept there."),
        _("Look at these answers again together."),
        _outside_and_bound,
    ),
)
"""Those on positions and tasks."""
