"""The checks on agencies, units and public services."""

from __future__ import annotations

from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from agencies.models import (
    Agency,
    AgencyReview,
    Employment,
    HolderTask,
    NonAsnStaff,
    Position,
    Posting,
    ServiceNeed,
    ServiceWeek,
    Task,
    Unit,
)
from agencies.querysets import open_on
from agencies.studies.figures import DEVICES, READINESS
from agencies.xray.checks import Check, Severity
from agencies.xray.levels import AGENCY, SERVICE, UNIT
from agencies.xray.looking import Looking

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW


def _without_sector(looking: Looking) -> Q:
    return Q(sector__isnull=True)


def _without_study(looking: Looking) -> Q:
    begun = AgencyReview.objects.begun(looking.on).filter(agency=OuterRef("pk"))
    return Q(~Exists(begun)) & _has_positions(looking)


def _has_positions(looking: Looking) -> Q:
    return Q(Exists(Position.objects.filter(open_on(looking.on), agency=OuterRef("pk"))))


def _study_without_readiness(looking: Looking) -> Q:
    """The latest signed study begun by the day leaves something open."""
    begun = AgencyReview.objects.begun(looking.on).filter(agency=OuterRef("agency"))
    latest = begun.reverse().values("pk")[:1]
    left_open = Q(conclusion__isnull=True)
    for name in (*READINESS, *DEVICES):
        left_open |= Q(**{f"{name}__isnull": True})
    return Q(Exists(AgencyReview.objects.filter(left_open, agency=OuterRef("pk"), pk=Subquery(latest))))


def _leading(looking: Looking) -> Q:
    return Q(open_on(looking.on), agency=OuterRef("pk"), leads="agency")


def _without_leading_position(looking: Looking) -> Q:
    return Q(~Exists(Position.objects.filter(_leading(looking)))) & _has_positions(looking)


def _without_head(looking: Looking) -> Q:
    """It has a leading position and nobody holds it, definitively or for a time."""
    led = looking.postings(position__agency=OuterRef("pk"), position__leads="agency")
    return Q(Exists(Position.objects.filter(_leading(looking)))) & Q(~Exists(led))


def _two_heads(looking: Looking) -> Q:
    led = looking.definitive(position__agency=OuterRef("pk"), position__leads="agency")
    several = led.values("position__agency").annotate(heads=Count("employee", distinct=True)).filter(heads__gt=1)
    return Q(Exists(several))


def _kelurahan_elsewhere(looking: Looking) -> Q:
    return Q(kind="kelurahan") & (Q(parent__isnull=True) | ~Q(parent__kind="kecamatan"))


def _puskesmas_elsewhere(looking: Looking) -> Q:
    """Below nobody, or below an agency of another sector; one whose sector is unknown is another check's."""
    return Q(kind="puskesmas") & (
        Q(parent__isnull=True) | ~Q(parent__sector="health") & Q(parent__sector__isnull=False)
    )


def _below_closed(looking: Looking) -> Q:
    return Q(parent__closed_on__lte=looking.on)


def _without_positions(looking: Looking) -> Q:
    below = Agency.objects.filter(open_on(looking.on), parent=OuterRef("pk"))
    return ~_has_positions(looking) & Q(~Exists(below))


def _unit_without_positions(looking: Looking) -> Q:
    return Q(~Exists(Position.objects.filter(open_on(looking.on), unit=OuterRef("pk"))))


def _unit_without_kind(looking: Looking) -> Q:
    return Q(kind__isnull=True)


def _unit_named_twice(looking: Looking) -> Q:
    same = Unit.objects.filter(open_on(looking.on), agency=OuterRef("agency"), name=OuterRef("name"))
    return Q(Exists(same.exclude(pk=OuterRef("pk"))))


def _spans(looking: Looking, **narrowed: object) -> Exists:
    """Spans of the week that holds on the day."""
    begun = ServiceWeek.objects.current().filter(service=OuterRef("week__service"), valid_from__lte=looking.on)
    latest = Subquery(begun.order_by("-valid_from", "-recorded_at", "-pk").values("pk")[:1])
    return Exists(ServiceNeed.objects.filter(week__service=OuterRef("pk"), week=latest, **narrowed))


def _service_need_unknown(looking: Looking) -> Q:
    """Neither a number for every day nor a week, or a week of which a part is not known."""
    unsaid = Q(staff_on_site__isnull=True) & Q(~_spans(looking))
    return unsaid | Q(_spans(looking, staff__isnull=True))


def _service_without_week(looking: Looking) -> Q:
    return Q(~_spans(looking))


def _service_without_task(looking: Looking) -> Q:
    return Q(~Exists(_serving(looking)))


def _serving(looking: Looking) -> QuerySet[Task]:
    still = Q(position__closed_on__isnull=True) | Q(position__closed_on__gt=looking.on)
    return Task.objects.filter(open_on(looking.on), still, services=OuterRef("pk"))


def _service_without_staff(looking: Looking) -> Q:
    """People are needed, tasks serve it, and neither an active holder of them nor non-ASN staff is recorded."""
    needs = Q(_spans(looking, staff__gt=0)) | Q(~_spans(looking)) & Q(staff_on_site__gt=0)
    return needs & Q(Exists(_serving(looking))) & ~_somebody_serves(looking) & ~_others_serve(looking)


def _somebody_serves(looking: Looking) -> Q:
    """A task that is named for holders is theirs alone."""
    held = _active(looking, position=OuterRef("position"))
    holders = HolderTask.objects.current().order_by()
    named = holders.filter(task=OuterRef("pk"))
    theirs = held.filter(Exists(holders.filter(task=OuterRef(OuterRef("pk")), employee=OuterRef("employee"))))
    serving = _serving(looking).order_by()
    return Q(Exists(serving.filter(~Exists(named), Exists(held)))) | Q(Exists(serving.filter(Exists(theirs))))


def _active(looking: Looking, **narrowed: object) -> QuerySet[Posting]:
    """Definitive postings of those who are known to be active on the day."""
    begun = Employment.objects.current().filter(employee=OuterRef("employee"), effective_from__lte=looking.on)
    latest = Subquery(begun.order_by("-effective_from", "-recorded_at", "-pk").values("standing")[:1])
    return looking.definitive(**narrowed).alias(standing=latest).filter(standing=Employment.Standing.ACTIVE)


def _others_serve(looking: Looking) -> Q:
    """Non-ASN staff were counted last where the service lies."""
    in_unit = Q(unit__isnull=False) & _counted(looking, unit=OuterRef("unit"))
    return in_unit | Q(unit__isnull=True) & _counted(looking, unit__isnull=True)


def _counted(looking: Looking, **place: object) -> Q:
    counts = NonAsnStaff.objects.current().filter(counted_on__lte=looking.on, agency=OuterRef("agency"), **place)
    last = Subquery(counts.order_by("-counted_on", "-pk").values("pk")[:1])
    return Q(Exists(counts.order_by().filter(pk=last, count__gt=0)))


def _service_in_closed_unit(looking: Looking) -> Q:
    return Q(unit__closed_on__lte=looking.on)


CHECKS: Final = (
    Check(
        "opd-tanpa-bidang-urusan",
        AGENCY,
        MEDIUM,
        _("Agency without sector"),
        _("Rules that speak of a sector, for example health or education, cannot be decided for its positions."),
        _("Correct the agency and choose its sector."),
        _without_sector,
    ),
    Check(
        "opd-tanpa-kajian",
        AGENCY,
        HIGH,
        _("Agency without study"),
        _("The study comes before any permission. Without it, rules that read its conclusion find that none was made."),
        _("Record the study of the agency (kajian)."),
        _without_study,
        mended_on="agency_reviews",
    ),
    Check(
        "kajian-belum-lengkap",
        AGENCY,
        MEDIUM,
        _("Study without readiness or conclusion"),
        _("What the study leaves open is unknown to the rules, and an approval stops where a rule reads it."),
        _("Record the study again with every answer on readiness and its conclusion."),
        _study_without_readiness,
        mended_on="agency_reviews",
    ),
    Check(
        "opd-tanpa-jabatan-pimpinan",
        AGENCY,
        HIGH,
        _("Agency without a leading position"),
        _("Requests of its employees find no superior in the agency."),
        _("Add the position that leads the agency, or correct which position does."),
        _without_leading_position,
    ),
    Check(
        "opd-tanpa-kepala",
        AGENCY,
        HIGH,
        _("Agency without head"),
        _("Nobody holds its leading position, so that requests go to the next office above."),
        _("Record who holds it, definitively or as Plt or Plh."),
        _without_head,
    ),
    Check(
        "dua-kepala-definitif",
        AGENCY,
        HIGH,
        _("Two definitive heads"),
        _("Only one person can lead an agency definitively; the other's posting has ended or is wrong."),
        _("End the posting that is over, or correct its capacity."),
        _two_heads,
    ),
    Check(
        "kelurahan-di-luar-kecamatan",
        AGENCY,
        HIGH,
        _("Kelurahan not below a kecamatan"),
        _("The lurah endorses and the camat decides; without the kecamatan nobody is found to decide."),
        _("Correct the agency and choose the kecamatan that it belongs to."),
        _kelurahan_elsewhere,
    ),
    Check(
        "puskesmas-di-luar-kesehatan",
        AGENCY,
        HIGH,
        _("Puskesmas not below the health department"),
        _("Its head endorses and the head of the health department decides; elsewhere nobody is found to decide."),
        _("Correct the agency and choose the health department that it belongs to."),
        _puskesmas_elsewhere,
    ),
    Check(
        "opd-di-bawah-yang-tutup",
        AGENCY,
        MEDIUM,
        _("Agency below a closed one"),
        _("The way of its requests and the scope of circulars run through an agency that counts no more."),
        _("Choose the agency that it belongs to now, or close it."),
        _below_closed,
    ),
    Check(
        "opd-tanpa-jabatan",
        AGENCY,
        LOW,
        _("Agency without positions"),
        _("It stands in the map of agencies with nothing to judge."),
        _("Import or add its positions, or close it."),
        _without_positions,
    ),
    Check(
        "unit-tanpa-jabatan",
        UNIT,
        LOW,
        _("Unit without positions"),
        _("Shares of staff are counted per unit; an empty one is a leftover or waits for its positions."),
        _("Move positions into it, or close it."),
        _unit_without_positions,
    ),
    Check(
        "unit-tanpa-jenis",
        UNIT,
        LOW,
        _("Unit of unknown kind"),
        _("Rules that speak of service points cannot be decided for its positions."),
        _("Correct the unit and choose its kind."),
        _unit_without_kind,
    ),
    Check(
        "unit-bernama-sama",
        UNIT,
        LOW,
        _("Units of the same name in one agency"),
        _("Positions of one unit may be spread over two, and shares of staff are counted in each apart."),
        _("Move the positions into one of them and close the other, or correct the name."),
        _unit_named_twice,
    ),
    Check(
        "layanan-tanpa-kebutuhan",
        SERVICE,
        HIGH,
        _("Service whose need is unknown"),
        _("Whoever serves it cannot be approved while nobody has said how many people must be on site."),
        _("Record its hours with the staff needed in each span."),
        _service_need_unknown,
    ),
    Check(
        "layanan-tanpa-jam",
        SERVICE,
        LOW,
        _("Service without hours by weekday"),
        _("One number counts as needed on every day, also where the service is closed or quiet."),
        _("Record its hours with the staff needed in each span."),
        _service_without_week,
    ),
    Check(
        "layanan-tanpa-uraian-tugas",
        SERVICE,
        HIGH,
        _("Service that no task serves"),
        _("It counts as nobody's, so that its need holds nobody on site."),
        _("Name the service on the page of each task that serves it, or close it."),
        _service_without_task,
    ),
    Check(
        "layanan-tanpa-petugas",
        SERVICE,
        HIGH,
        _("Service that nobody is recorded to serve"),
        _("People are needed on site, and none of its tasks has an active holder on this day: its need cannot be met."),
        _("Record who holds the positions of its tasks, count the non-ASN staff, or name the task that serves it."),
        _service_without_staff,
    ),
    Check(
        "layanan-di-unit-tutup",
        SERVICE,
        LOW,
        _("Service of a closed unit"),
        _("Its non-ASN staff are counted in a unit that counts no more."),
        _("Choose the unit that carries the service now."),
        _service_in_closed_unit,
    ),
)
"""Those on what an agency consists of."""
