"""The checks on postings, tasks of holders, discipline and the roles of accounts."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import DisciplineGate, Posting
from agencies.xray.checks import Check, Severity
from agencies.xray.levels import GATE, GRANT, HOLDER, PAST_POSTING, POSTING
from agencies.xray.looking import Looking

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

LONGEST_ACTING: Final = 183
"""Days: a Plt is appointed for three months, once again for three (SE BKN 1/SE/I/2021)."""
LONGEST_PROCESS: Final = 365
"""Days after which a disciplinary process that is still open is asked about; the number is the portal's."""


def _overlapping(looking: Looking) -> Q:
    """Another definitive posting of hers has a day in common."""
    other = Posting.objects.current().filter(
        Q(effective_until__isnull=True) | Q(effective_until__gte=OuterRef("effective_from")),
        employee=OuterRef("employee"),
        capacity=Posting.Capacity.DEFINITIVE,
    )
    begun = Q(effective_from__lte=OuterRef("effective_until"))
    alone = other.exclude(pk=OuterRef("pk"))
    open_ended = Q(effective_until__isnull=True) & Q(Exists(alone))
    ending = Q(effective_until__isnull=False) & Q(Exists(alone.filter(begun)))
    return Q(capacity=Posting.Capacity.DEFINITIVE) & (open_ended | ending)


def _on_closed_position(looking: Looking) -> Q:
    return Q(position__closed_on__lte=looking.on, effective_from__lte=looking.on)


def _acting(looking: Looking) -> Q:
    return Q(capacity__in=(Posting.Capacity.PLT, Posting.Capacity.PLH), effective_from__lte=looking.on)


def _acting_long(looking: Looking) -> Q:
    return _acting(looking) & Q(effective_from__lt=_before(looking, LONGEST_ACTING))


def _acting_without_end(looking: Looking) -> Q:
    return _acting(looking) & Q(effective_until__isnull=True)


def _acting_beside_definitive(looking: Looking) -> Q:
    """A Plt of a position that somebody holds definitively on the day."""
    held = looking.definitive(position=OuterRef("position"))
    return Q(capacity=Posting.Capacity.PLT, effective_from__lte=looking.on) & Q(Exists(held))


def _posting_without_sk(looking: Looking) -> Q:
    return Q(sk_number="")


def _before(looking: Looking, days: int) -> date:
    return date.fromordinal(looking.on.toordinal() - days)


def _punished_without_end(looking: Looking) -> Q:
    return ~Q(kind=DisciplineGate.Kind.PROCESS) & Q(ends_on__isnull=True)


def _process_left_open(looking: Looking) -> Q:
    """In process without an end, though a punishment has followed, or for longer than a process takes."""
    followed = (
        DisciplineGate.objects.current()
        .filter(employee=OuterRef("employee"), starts_on__gte=OuterRef("starts_on"))
        .exclude(kind=DisciplineGate.Kind.PROCESS)
    )
    still = Q(kind=DisciplineGate.Kind.PROCESS) & (Q(ends_on__isnull=True) | Q(ends_on__gte=looking.on))
    return still & (Q(Exists(followed)) | Q(starts_on__lt=_before(looking, LONGEST_PROCESS)))


def _task_of_a_former_holder(looking: Looking) -> Q:
    held = looking.postings(employee=OuterRef("employee"), position=OuterRef("task__position"))
    return Q(~Exists(held))


def _for_closed_agency(looking: Looking) -> Q:
    return Q(agency__closed_on__lte=looking.on)


def _postings_of_account() -> QuerySet[Posting]:
    return Posting.objects.current().filter(employee=OuterRef("user__employee"))


def _of_a_leaver(looking: Looking) -> Q:
    """Every posting of the employee behind the account is over."""
    runs = Q(effective_until__isnull=True) | Q(effective_until__gte=looking.on)
    some = _postings_of_account()
    return Q(user__employee__isnull=False) & Q(Exists(some)) & Q(~Exists(some.filter(runs)))


def _head_who_does_not_lead(looking: Looking) -> Q:
    """The role of a head for an agency whose leading position the account's employee does not hold."""
    leads = looking.postings(
        employee=OuterRef("user__employee"), position__agency=OuterRef("agency"), position__leads="agency"
    )
    return Q(role="agency_head", agency__isnull=False, user__employee__isnull=False) & Q(~Exists(leads))


def _without_employee(looking: Looking) -> Q:
    return Q(role="employee", user__employee__isnull=True)


CHECKS: Final = (
    Check(
        "penempatan-tumpang-tindih",
        POSTING,
        HIGH,
        _("Definitive postings overlap"),
        _("She holds two positions at once, and is judged and counted in both."),
        _("End the earlier posting, or correct its capacity."),
        _overlapping,
    ),
    Check(
        "penempatan-lampau-tumpang-tindih",
        PAST_POSTING,
        LOW,
        _("Definitive postings overlapped in the past"),
        _("On the days in common she was judged and counted in two positions, and her history tells both."),
        _("Compare both SKs and correct the last day of the earlier posting."),
        _overlapping,
    ),
    Check(
        "pemegang-jabatan-tutup",
        POSTING,
        HIGH,
        _("Holder of a closed position"),
        _("The position counts no more, so that she has nothing to be judged on."),
        _("Record her new posting, or open the position again."),
        _on_closed_position,
    ),
    Check(
        "plt-terlalu-lama",
        POSTING,
        MEDIUM,
        _("Plt or Plh for longer than six months"),
        _("A Plt is appointed for three months and once again for three; the posting has ended or needs a new SK."),
        _("End the posting, or record the new one."),
        _acting_long,
    ),
    Check(
        "plt-tanpa-akhir",
        POSTING,
        LOW,
        _("Plt or Plh without a last day"),
        _("Letters are signed by who stands in; nobody can see until when."),
        _("Correct the posting and write its last day."),
        _acting_without_end,
    ),
    Check(
        "plt-di-samping-definitif",
        POSTING,
        LOW,
        _("Plt of a position that is held definitively"),
        _("A Plt stands in where nobody holds the position; for absence it is a Plh."),
        _("End the posting, or correct its capacity."),
        _acting_beside_definitive,
    ),
    Check(
        "penempatan-tanpa-sk",
        POSTING,
        LOW,
        _("Posting without an SK number"),
        _("Whoever audits looks for the SK first."),
        _("Correct the posting and write its SK number."),
        _posting_without_sk,
    ),
    Check(
        "uraian-tugas-milik-mantan-pemegang",
        HOLDER,
        MEDIUM,
        _("Task named for somebody who no longer holds the position"),
        _("It counts as nobody's present task, and services that it serves lack a person."),
        _("Choose the present holders on the page of the task."),
        _task_of_a_former_holder,
    ),
    Check(
        "disiplin-tanpa-akhir",
        GATE,
        HIGH,
        _("Discipline without an end date"),
        _("A punishment without a last day keeps the gate closed for ever."),
        _("Correct the record and write the last day of the SK."),
        _punished_without_end,
    ),
    Check(
        "proses-disiplin-masih-terbuka",
        GATE,
        HIGH,
        _("Disciplinary process still open"),
        _("A punishment has followed, or the process has run for over a year; it was not ended in the record."),
        _("Correct the record and write the day on which the process ended."),
        _process_left_open,
    ),
    Check(
        "peran-untuk-opd-tutup",
        GRANT,
        MEDIUM,
        _("Role for a closed agency"),
        _("The account opens data of an agency that counts no more."),
        _("Ask the system administrator to end the role."),
        _for_closed_agency,
    ),
    Check(
        "akun-pegawai-berhenti",
        GRANT,
        HIGH,
        _("Account of a leaver"),
        _("Every posting of the employee behind the account is over, and her role still opens the portal."),
        _("Ask the system administrator to end the role and close the account."),
        _of_a_leaver,
    ),
    Check(
        "peran-kepala-bukan-pimpinan",
        GRANT,
        MEDIUM,
        _("Role of head without the leading position"),
        _("She sees an agency as its head, and another person holds its leading position."),
        _("Ask the system administrator to end the role, or record her posting."),
        _head_who_does_not_lead,
    ),
    Check(
        "akun-tanpa-pegawai",
        GRANT,
        LOW,
        _("Employee's account tied to no employee"),
        _("Her own job, requests and letters cannot be shown to her."),
        _("Ask the system administrator to link the account."),
        _without_employee,
    ),
)
"""Those on who holds what, and who may open what."""
