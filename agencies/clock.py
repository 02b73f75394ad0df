"""The day a page judges and the moment up to which the law is known: from the address, else a default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from agencies.forms.judged_day import JudgedDayForm
from agencies.models import Institution

DEMONSTRATION_DAYS: Final = {
    "kota-malang": date(2025, 7, 1),
    "kota-semarang": date(2025, 7, 3),
    "kota-contoh": date(2025, 10, 1),
}
"""The day on which each city is shown; other institutions take the configured one."""

PARAMETERS: Final = ("per", "diketahui")
"""The parts of an address that choose the day and the moment; links between pages keep them."""

ZONE_NAMES: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


@dataclass(frozen=True)
class JudgedDay:
    """The day of judgement, the moment up to which the law is known, and the form that changes both."""

    on: date
    known_at: datetime
    form: JudgedDayForm
    known_chosen: bool
    demonstration: bool


def zone(institution: Institution) -> ZoneInfo:
    """The time zone of the institution."""
    return ZoneInfo(institution.time_zone)


def zone_name(institution: Institution) -> str:
    """WIB, WITA or WIT; elsewhere the zone's own name."""
    return ZONE_NAMES.get(institution.time_zone, institution.time_zone)


def today(institution: Institution) -> date:
    """The day that counts as today: in demonstration mode the configured one, else the local date."""
    if settings.DEMO:
        return DEMONSTRATION_DAYS.get(institution.code, settings.DEMO_TODAY)
    return timezone.localdate(timezone=zone(institution))


def judged_day(request: HttpRequest, institution: Institution) -> JudgedDay:
    """What the address asks for. A part that cannot be read falls back to its default; the form says why."""
    default = today(institution)
    form = JudgedDayForm({"per": default.isoformat(), **chosen_day(request)}, fallback=default)
    form.full_clean()
    chosen = form.cleaned_data  # without the parts that could not be read
    known: date | None = chosen.get("diketahui")
    return JudgedDay(
        on=chosen.get("per") or default,
        known_at=end_of(known, institution) if known else timezone.now(),
        form=form,
        known_chosen=known is not None,
        demonstration=settings.DEMO,
    )


def chosen_day(request: HttpRequest) -> dict[str, str]:
    """The parameters of the address that choose day and moment, for addresses that keep them."""
    # Most addresses choose nothing, and a page asks for each of its own links.
    return {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)} if request.GET else {}


def start_of(day: date, institution: Institution) -> datetime:
    """The first moment of a day in the institution's time zone."""
    return datetime.combine(day, time.min, tzinfo=zone(institution))


def end_of(day: date, institution: Institution) -> datetime:
    """The last moment of a day in the institution's time zone."""
    return datetime.combine(day, time.max, tzinfo=zone(institution))
