"""The period of a request is cut on each day on which something that decides may be otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from agencies.models import AgencyReview, PolicyStage, PublicService, Unit
from eligibility.actions.determinations import revoke_determination
from eligibility.arrangements.gathering import Asked, gather
from eligibility.arrangements.matters import Matter, SpanGround
from eligibility.arrangements.requests import Request
from eligibility.arrangements.spans import Days, cut, day_after
from eligibility.models import Determination, InstitutionSetting, InstrumentPeriod, Rule, RuleRepeal
from eligibility.rulebook import Mode
from tests.arranged_city import ArrangedCity
from tests.eligibility.determined import determine, paper
from tests.factories import (
    RECORDED,
    AdditionalTaskFactory,
    DisciplineGateFactory,
    EmploymentFactory,
    PostingFactory,
    PredicateFactory,
    PublicServiceFactory,
    SpecialCircumstanceFactory,
)

PERIOD = Days(date(2025, 10, 6), date(2025, 11, 28))
KNOWN = datetime(2025, 10, 1, 3, tzinfo=UTC)
CHANGE = date(2025, 10, 20)


def test_a_period_is_cut_on_the_days_within_it() -> None:
    first, last = date(2025, 7, 1), date(2025, 7, 10)
    period = Days(first, last)
    assert cut(period, ()) == (period,)
    outside = (date(2025, 6, 30), first, date(2025, 7, 11))
    assert cut(period, outside) == (period,)
    day = date(2025, 7, 5)
    assert cut(period, (last, day, day)) == (
        Days(first, date(2025, 7, 4)),
        Days(day, date(2025, 7, 9)),
        Days(last, last),
    )
    assert (day_after(None), day_after(last)) == (set(), {date(2025, 7, 11)})
    assert Days(first, day).common(Days(day, last)) == Days(day, day)
    assert Days(first, day).common(Days(last, last)) is None


def matter(city: ArrangedCity, known_at: datetime = KNOWN, period: Days = PERIOD) -> Matter:
    request = Request(
        Mode.HOME, "recorded_residence", frozenset({"tuesday"}), period.first, period.last, date(2025, 10, 1)
    )
    one = Asked(0, city.asker.pk, city.programmer.pk, request)
    return gather(city.city.cast.institution, [one], known_at=known_at)[0]


@dataclass(frozen=True)
class Change:
    """Something that is written to change on CHANGE, and what is otherwise from that day on."""

    write: Callable[[ArrangedCity], object]
    read: Callable[[SpanGround], object]
    before: object
    after: object


def _setting(city: ArrangedCity) -> object:
    return InstitutionSetting.objects.create(
        institution=city.city.cast.institution,
        name="working_days_per_week",
        value=6,
        valid_from=CHANGE,
        source="Keputusan 1/2025",
        known_from=RECORDED,
    )


def _service(city: ArrangedCity) -> PublicService:
    service = PublicServiceFactory.create(agency=city.programmer.agency, name="Helpdesk", closed_on=CHANGE)
    city.programmer.tasks.get().services.add(service)
    return service


def _ends(city: ArrangedCity) -> object:
    return InstrumentPeriod.objects.create(
        instrument=city.instrument, kind="ends", starts_on=CHANGE, basis="Keputusan 2/2025", known_from=KNOWN
    )


def _revoke(city: ArrangedCity) -> object:
    return revoke_determination(
        actor=city.city.cast.hr_officer,
        determination=city.determination,
        signed=paper("188.45/2/2025"),
        effective_from=CHANGE,
        reason="Struktur berubah.",
        at=KNOWN,
    )


BEFORE = CHANGE - timedelta(days=1)
REPEALED = "PERMEN4-25-1-A"

CHANGES: dict[str, Change] = {
    "a setting": Change(_setting, lambda span: span.rulebook.working_days, 5, 6),
    "a rule is repealed": Change(
        lambda city: RuleRepeal.objects.create(
            rule=Rule.objects.get(code=REPEALED), effective_from=CHANGE, basis="Perubahan", known_from=RECORDED
        ),
        lambda span: REPEALED in span.rulebook.by_code,
        True,
        False,
    ),
    "her unit closes": Change(
        lambda city: Unit.objects.filter(positions=city.programmer).update(closed_on=CHANGE),
        lambda span: span.starts_on,
        PERIOD.first,
        CHANGE,
    ),
    "a Penetapan of another day takes its place": Change(
        lambda city: determine(city.city, number="188.45/9/2025", effective_from=CHANGE, at=KNOWN),
        lambda span: Determination.objects.get(pk=span.determination or 0).number,
        "188.45/1/2025",
        "188.45/9/2025",
    ),
    "an instrument ends": Change(_ends, lambda span: span.values["agency.implementing_instrument"], True, False),
    "policy stage": Change(
        lambda city: PolicyStage.objects.create(
            institution=city.city.cast.institution, stage="pilot", valid_from=CHANGE, source="Pers"
        ),
        lambda span: span.values["institution.policy_stage"],
        "studying",
        "pilot",
    ),
    "agency review": Change(
        lambda city: AgencyReview.objects.create(
            agency=city.programmer.agency, valid_from=CHANGE, conclusion="ready", source="Kajian", signed_at=KNOWN
        ),
        lambda span: span.values["agency.review_conclusion"],
        "none",
        "ready",
    ),
    "revocation": Change(_revoke, lambda span: span.determined is not None, True, False),
    "employment": Change(
        lambda city: EmploymentFactory.create(employee=city.asker, standing="study", effective_from=CHANGE),
        lambda span: span.is_active,
        True,
        False,
    ),
    "discipline": Change(
        lambda city: DisciplineGateFactory.create(employee=city.asker, starts_on=CHANGE),
        lambda span: span.values["employee.discipline"],
        False,
        True,
    ),
    "special circumstances end": Change(
        lambda city: SpecialCircumstanceFactory.create(employee=city.asker, ends_on=BEFORE),
        lambda span: span.values["employee.special_circumstances"],
        True,
        False,
    ),
    "predicate": Change(
        lambda city: PredicateFactory.create(employee=city.asker, period_ends_on=CHANGE, predicate="kurang"),
        lambda span: span.values["employee.predicate"],
        "baik",
        "kurang",
    ),
    "months reach the line of a rule": Change(
        lambda city: PostingFactory.create(
            employee=city.asker, position=city.programmer, reason="rotation", effective_from=date(2024, 10, 20)
        ),
        lambda span: span.values["employee.months_in_position"],
        11,
        12,
    ),
    "additional task": Change(
        lambda city: AdditionalTaskFactory.create(employee=city.asker, starts_on=CHANGE),
        lambda span: len(span.tasks),
        1,
        2,
    ),
    "a service closes": Change(_service, lambda span: len(span.services), 1, 0),
    "a task closes": Change(
        lambda city: city.programmer.tasks.update(closed_on=CHANGE), lambda span: len(span.tasks), 1, 0
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_begins_a_span_on_its_day(arranged: ArrangedCity, name: str) -> None:
    change = CHANGES[name]
    assert change.write(arranged)
    spans = matter(arranged).spans
    assert [(span.starts_on, span.ends_on) for span in spans][:2] == [
        (PERIOD.first, BEFORE),
        (CHANGE, spans[1].ends_on),
    ]
    assert spans[-1].ends_on == PERIOD.last
    assert [change.read(span) for span in spans[:2]] == [change.before, change.after]


def test_what_becomes_known_later_and_what_lies_outside_cuts_nothing(arranged: ArrangedCity) -> None:
    late = KNOWN + timedelta(hours=1)
    DisciplineGateFactory.create(employee=arranged.asker, starts_on=CHANGE, recorded_at=late)
    EmploymentFactory.create(employee=arranged.colleagues[0], effective_from=CHANGE)
    PredicateFactory.create(employee=arranged.asker, period_ends_on=date(2025, 11, 29))
    assert [span.starts_on for span in matter(arranged).spans] == [PERIOD.first]
    assert len(matter(arranged, late).spans) == 2
    over_new_year = matter(arranged, period=Days(date(2025, 12, 1), date(2026, 1, 31)))
    assert date(2026, 1, 1) in [span.starts_on for span in over_new_year.spans], "the instrument's last day has passed"


def test_she_is_posted_up_to_the_last_day_of_her_posting(arranged: ArrangedCity) -> None:
    position = arranged.city.eligible
    PostingFactory.create(employee=arranged.asker, position=position, effective_until=BEFORE)
    request = Request(Mode.HOME, None, frozenset({"monday"}), PERIOD.first, PERIOD.last, PERIOD.first)
    one = Asked(0, arranged.asker.pk, position.pk, request)
    spans = gather(arranged.city.cast.institution, [one], known_at=KNOWN)[0].spans
    assert [(span.starts_on, span.is_posted) for span in spans] == [(PERIOD.first, True), (CHANGE, False)]
