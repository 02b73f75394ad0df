"""One live request of a person and form: what is open beside a refused one, and what that means for its objection."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from eligibility.models import Arrangement, ArrangementObjection, ArrangementState


def open_beside(row: Arrangement) -> Arrangement | None:
    """The other request of the same employee and form that waits for somebody, drafts too; None where there is none."""
    others = Arrangement.objects.open_requests().filter(employee=row.employee_id, mode=row.mode)
    return others.exclude(pk=row.pk).first()


def in_the_way(other: Arrangement) -> str:
    """Why an objection cannot be granted while the other request is open, and what is done about it."""
    words = {
        "state": other.get_state_display(),
        "start": date_format(other.starts_on),
        "end": date_format(other.ends_on),
    }
    told = _(
        "Another request of the employee for this form is open (%(state)s, %(start)s to %(end)s), and only one may "
        "be. An objection (keberatan) can be granted once that one is withdrawn by who asked, or decided where it "
        "waits."
    )
    return told % words


def objection_kept_waiting(row: Arrangement) -> str:
    """What is told to who asks anew while an objection of hers for the same form waits; empty where none does."""
    waiting = ArrangementObjection.objects.filter(
        state=ArrangementObjection.State.OPEN,
        arrangement__employee=row.employee_id,
        arrangement__mode=row.mode,
        arrangement__state=ArrangementState.REFUSED,
    )
    if not waiting.exists():
        return ""
    return _(
        "An objection (keberatan) for this form still waits for an answer. While this request is open it cannot be "
        "granted; withdraw this request if you want the objection to be answered."
    )
