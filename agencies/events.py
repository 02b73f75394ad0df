"""Reports an act: `record` calls the registered listeners, in one order, inside the act's transaction.

The apps downstream register their listener when they are ready, so that this app imports none
of them. What goes into `details` stands in the trail for ever: it must not hold personal data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.checks import CheckMessage, Error
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.digests import Leaf
from agencies.errors import EventError, TrailError
from agencies.models import Grant, Institution, User

_Plain = str | int | bool | None | date | datetime | Decimal | UUID
Detail = _Plain | Sequence["Detail"] | Mapping[str, "Detail"]
"""What an act may say about itself: no floats, because their text is not exact."""

SYSTEM: Final = "system"
WITHOUT_ROLE: Final = "without role"


@dataclass(frozen=True)
class Event:
    """One act as the listeners see it; `actor_label` names role and institution, never the person."""

    actor: User | None
    actor_label: str
    action: str
    subject: Model
    institution: Institution
    at: datetime
    details: Mapping[str, Detail]
    private: Mapping[str, Detail] = field(default_factory=dict)
    leaves: Iterable[Leaf] = ()


@dataclass(frozen=True)
class Receipt:
    """Where an act stands in the trail of its institution; letters print it."""

    institution_code: str
    number: int
    digest: str


Listener = Callable[[Event], Receipt | None]

ORDER: Final = ("eligibility.receivers.reexamine", "oversight.receivers.append")
"""Who must listen, in this order: the trail comes last, because its head row stays locked until the end."""

_listeners: dict[str, Listener] = {}


def listen(listener: Listener) -> None:
    """Register a listener; to register the same one again changes nothing."""
    _listeners[f"{listener.__module__}.{listener.__qualname__}"] = listener


def record(
    *,
    actor: User | None,
    action: str,
    subject: Model,
    institution: Institution | None = None,
    at: datetime | None = None,
    private: Mapping[str, Detail] | None = None,
    leaves: Iterable[Leaf] = (),
    **details: Detail,
) -> Receipt:
    """Report an act as the last step of its transaction and return its place in the trail.

    `private` is what names people, before and after: it stands in a side row that may be erased where the
    law asks, never in `details`. `leaves` are the digests of the protected rows that the act wrote
    (`digests.leaves`); that of the subject itself is added by the trail.
    `institution` is the subject's own where it is not given. If a listener fails, the whole
    transaction is rolled back, also when the caller swallows the error.
    Raises EventError outside a transaction, without an institution or without a time zone, and
    TrailError when the listeners are not the expected ones or none wrote the trail.
    """
    if not transaction.get_connection().in_atomic_block:
        raise EventError(_("An act is recorded inside its transaction; wrap the whole act in transaction.atomic()."))
    owner = institution or _institution_of(subject)
    moment = at or timezone.now()
    if timezone.is_naive(moment):
        raise EventError(_("The time of an act names its zone; give an aware datetime."))
    event = Event(actor, _label(actor, owner, moment), action, subject, owner, moment, details, private or {}, leaves)
    receipt = None
    try:
        receipt = _told(event)
        return receipt
    finally:
        if receipt is None:
            transaction.set_rollback(True)


def check_listeners(**kwargs: object) -> list[CheckMessage]:
    """System check: exactly the expected listeners are registered, in the expected order."""
    if tuple(_listeners) == ORDER:
        return []
    return [
        Error(
            f"The listeners of acts are {tuple(_listeners)}, expected {ORDER}.",
            hint="Register each in the ready() of its app and keep the order of INSTALLED_APPS.",
            id="agencies.E001",
        )
    ]


def _told(event: Event) -> Receipt:
    if tuple(_listeners) != ORDER:
        raise TrailError(_("The listeners of acts are not the expected ones; run manage.py check."))
    receipts = [listener(event) for listener in _listeners.values()]
    receipt = receipts[-1]
    if receipt is None:
        raise TrailError(_("The trail returned no receipt, so the act was not carried out."))
    return receipt


def _institution_of(subject: Model) -> Institution:
    """The institution the subject is, has, or has through its agency or position."""
    candidates = (
        subject,
        getattr(subject, "institution", None),
        getattr(getattr(subject, "agency", None), "institution", None),
        getattr(getattr(subject, "position", None), "institution", None),
    )
    for candidate in candidates:
        if isinstance(candidate, Institution):
            return candidate
    raise EventError(_("The subject of the act names no institution; give it as institution=…"))


def _label(actor: User | None, institution: Institution, at: datetime) -> str:
    """Role and institution of the actor's grants on that day, by their codes, the same in every language.

    Grants in the act's institution come first; without one, any other grant in force is named.
    """
    if actor is None:
        return SYSTEM
    day = at.astimezone(ZoneInfo(institution.time_zone)).date()
    held = _held(actor, day)
    here = [(role, code) for role, code in held if code == institution.code]
    return ", ".join(f"{role} · {code}" for role, code in sorted(here or held)) or WITHOUT_ROLE


_ANYBODY: Final = -1
_SOME_DAY: Final = date.max


@cache
def _held_query(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """SQL of the grants of somebody in force on some day, built once: to build it for every act
    would take ten times as long as to run it."""
    grants = Grant.objects.in_force(_SOME_DAY).filter(user_id=_ANYBODY).order_by()
    return grants.values_list("role", "institution__code").distinct().query.sql_with_params()


def _held(actor: User, day: date) -> list[tuple[str, str]]:
    """Role and institution's code of each grant that the actor holds on a day."""
    sql, places = _held_query(connection.vendor)
    adapt = connection.ops.adapt_datefield_value
    given = {_ANYBODY: actor.pk, adapt(_SOME_DAY): adapt(day)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given[place] for place in places])
        return [(role, code) for role, code in cursor.fetchall()]
