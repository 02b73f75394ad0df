"""Where an arrangement stands on a day: its state, and what follows from its dates."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from eligibility.models import Arrangement, ArrangementState


class Stands(TextChoices):
    """What a list says of an arrangement, and can be narrowed by."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for a decision")
    CONSULTATION = "consultation", _("In consultation")
    RETURNED = "returned", _("Returned to be mended")
    AHEAD = "ahead", _("Approved, not begun")
    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_BY_STATE = {
    ArrangementState.DRAFT: Stands.DRAFT,
    ArrangementState.SUBMITTED: Stands.WAITING,
    ArrangementState.CONSULTATION: Stands.CONSULTATION,
    ArrangementState.RETURNED: Stands.RETURNED,
    ArrangementState.REFUSED: Stands.REFUSED,
    ArrangementState.WITHDRAWN: Stands.WITHDRAWN,
}


def stands(arrangement: Arrangement, on: date) -> Stands:
    """Where it stands on the day; one that is suspended or ended only from a later day holds until then."""
    state = ArrangementState(arrangement.state)
    if state in _BY_STATE:
        return _BY_STATE[state]
    if state is ArrangementState.ENDED and not _later(arrangement.ended_on, on):
        return Stands.ENDED
    if arrangement.ends_on < on:
        return Stands.EXPIRED
    if state is ArrangementState.SUSPENDED and not _later(arrangement.suspended_on, on):
        return Stands.SUSPENDED
    return Stands.AHEAD if arrangement.starts_on > on else Stands.ACTIVE


def over_words(arrangement: Arrangement) -> str:
    """Why nothing is changed or ended of one whose last day is past, and the way out."""
    return gettext(
        "This arrangement ran until %(day)s, so nothing is left to be changed or ended. For a further period make a "
        "new request."
    ) % {"day": date_format(arrangement.ends_on)}


def _later(day: date | None, on: date) -> bool:
    return day is not None and day > on


def standing_so(chosen: Stands, on: date) -> Q:
    """The condition under which `stands` gives the same answer, row by row.

    Nulls: `suspended_on` and `ended_on` are set in just the states that read them here.
    """
    by_state = [state.value for state, found in _BY_STATE.items() if found is chosen]
    if by_state:
        return Q(state__in=by_state)
    if chosen is Stands.ENDED:
        return Q(state="ended", ended_on__lte=on)
    granted = Q(state__in=("approved", "suspended")) | Q(state="ended", ended_on__gt=on)
    if chosen is Stands.EXPIRED:
        return granted & Q(ends_on__lt=on)
    if chosen is Stands.SUSPENDED:
        return Q(state="suspended", suspended_on__lte=on, ends_on__gte=on)
    holding = Q(state="approved") | Q(state="suspended", suspended_on__gt=on) | Q(state="ended", ended_on__gt=on)
    begun = Q(starts_on__gt=on) if chosen is Stands.AHEAD else Q(starts_on__lte=on)
    return holding & Q(ends_on__gte=on) & begun
