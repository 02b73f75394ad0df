"""Compares what a table tells of the weeks of public services with what is recorded for the day from which it holds.

Reads the database and writes nothing; `need_writing` carries a plan out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from agencies.coverage.week import NeedSpan, in_order
from agencies.errors import ActRefused
from agencies.importing.differences import What
from agencies.importing.need_rows import Needs, ToldWeek
from agencies.models import Agency, Institution, PublicService, ServiceWeek
from agencies.querysets import keys_in


@dataclass(frozen=True, slots=True)
class RecordedWeek:
    """The week that holds on a day, as recorded now: its key, its first day and its spans in their order."""

    key: int
    begins: date
    spans: tuple[NeedSpan, ...]


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """What becomes of the week of a service; `before` is what holds on the day without the import."""

    row: int
    service: PublicService
    before: RecordedWeek | None
    after: tuple[NeedSpan, ...]

    @property
    def spans_before(self) -> tuple[NeedSpan, ...]:
        """The spans that hold without the import; none where no hours are recorded."""
        return self.before.spans if self.before else ()

    @property
    def what(self) -> What:
        """Whether it is new, another than before, or the same."""
        if self.after == self.spans_before:
            return What.UNCHANGED
        return What.CHANGED if self.spans_before else What.CREATED


@dataclass(slots=True)
class Plan:
    """What an import would do, week by week. Errors are in the table."""

    table: Needs
    weeks: list[PlannedWeek] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether everything told is recorded already."""
        return all(one.what is What.UNCHANGED for one in self.weeks)

    def to_write(self) -> Iterator[PlannedWeek]:
        """Those that are recorded anew."""
        return (one for one in self.weeks if one.what is not What.UNCHANGED)


def planned(institution: Institution, table: Needs) -> Plan:
    """The plan for what a table tells; further errors are added to the table.

    Raises ActRefused where nobody has said yet from which day on it holds.
    """
    if table.valid_from is None:
        raise ActRefused(_("Say first what the headings mean, and from which day on what the file says holds."))
    plan, day = Plan(table), table.valid_from
    agencies = set(Agency.objects.filter(institution=institution).values_list("code", flat=True))
    rows = PublicService.objects.filter(agency__institution=institution).select_related("agency")
    services = {(one.agency.code, one.code): one for one in rows}
    recorded = weeks_on([services[key].pk for key in table.weeks if key in services], day)
    for (agency, code), told in table.weeks.items():
        service = services.get((agency, code))
        if service is None:
            _refuse_unknown(table, told, agency, code, known=agency in agencies)
        else:
            _refuse_closed(table, told, service, day)
            before = recorded.get(service.pk)
            after = told.spans if told.says_something else before.spans if before else ()
            plan.weeks.append(PlannedWeek(told.row, service, before, after))
    return plan


def _refuse_unknown(table: Needs, told: ToldWeek, agency: str, code: str, *, known: bool) -> None:
    if known:
        message = _("This agency has no such service; import public services first, or correct the code.")
        table.wrong(told.row, "service_code", code, message)
    else:
        message = _("There is no such agency; import agencies and positions first, or correct the code.")
        table.wrong(told.row, "agency_code", agency, message)


def _refuse_closed(table: Needs, told: ToldWeek, service: PublicService, day: date) -> None:
    if told.says_something and service.closed_on is not None and service.closed_on <= day:
        message = _("“%(above)s” is closed from %(day)s on; open it again first, or name another.")
        table.wrong(told.row, "service_code", service.code, message, {"above": service, "day": service.closed_on})


def weeks_on(services: Collection[int], on: date) -> Mapping[int, RecordedWeek]:
    """The week of each service that holds on a day, as recorded now; none for one of which none has begun."""
    begun = ServiceWeek.objects.current().filter(service__in=keys_in(services), valid_from__lte=on)
    columns = ("service", "pk", "valid_from", "needs__weekday", "needs__opens", "needs__closes", "needs__staff")
    latest: dict[int, tuple[int, date, list[NeedSpan]]] = {}
    for service, key, begins, weekday, opens, closes, staff in begun.order_by(
        "valid_from", "recorded_at", "pk"
    ).values_list(*columns):
        if service not in latest or latest[service][0] != key:
            latest[service] = key, begins, []
        if weekday is not None:
            latest[service][2].append(NeedSpan(weekday, opens, closes, staff))
    return {service: RecordedWeek(key, begins, in_order(spans)) for service, (key, begins, spans) in latest.items()}
