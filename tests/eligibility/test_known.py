"""What was made of the law and of determinations is kept only as long as no row of theirs was written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.models import Institution
from agencies.row_versions import row_versions
from eligibility.footing import Footing
from eligibility.grounds import implementing_scopes
from eligibility.loading import rulebook
from eligibility.models import Criterion, Instrument, InstrumentPeriod, Rule, RuleVersion
from tests.judged_city import JudgedCity

pytestmark = pytest.mark.django_db
ON = date(2025, 7, 1)
KNOWN = datetime(2030, 1, 1, tzinfo=UTC)
EARLY = datetime(2024, 1, 1, tzinfo=UTC)


def titles(institution: Institution, known_at: datetime = KNOWN) -> set[str]:
    """What the rules say; the second reading is the kept one, and says the same."""
    first, second = (rulebook(institution, ON, known_at) for _time in range(2))
    assert first == second
    return {rule.title for rule in first.rules}


def publish(title: str, known_from: datetime = EARLY) -> RuleVersion:
    """A rule beside those of the city, from a drafted instrument, so that it may be changed again."""
    some = RuleVersion.objects.filter(published_at__isnull=False).select_related("rule", "provision").first()
    assert some is not None
    rule = Rule.objects.create(code=title, owner=some.rule.owner)
    made = RuleVersion.objects.create(
        rule=rule,
        number=1,
        provision=some.provision,
        title=title,
        subject="task",
        effect="prohibit",
        home=True,
        effective_from=date(2024, 1, 1),
        known_from=known_from,
    )
    RuleVersion.objects.filter(pk=made.pk).update(published_at=EARLY)
    return made


def test_a_rule_is_read_as_soon_as_it_is_written_and_no_longer_once_that_is_undone(city: JudgedCity) -> None:
    here = city.cast.institution
    before = titles(here)
    for title in ("Dibatalkan", "Dibatalkan lagi"):
        begun = transaction.savepoint()
        publish(title)
        assert titles(here) == before | {title}
        transaction.savepoint_rollback(begun)
        assert titles(here) == before, "the same keys may be given again"
    publish("Tetap")
    assert titles(here) == before | {"Tetap"}


def test_what_came_to_be_known_later_is_not_read_for_a_moment_before(city: JudgedCity) -> None:
    here, known = city.cast.institution, datetime(2025, 6, 1, 12, tzinfo=UTC)
    before = titles(here)
    publish("Diketahui kemudian", known)
    moments = (known - timedelta(microseconds=1), known, known + timedelta(days=1))
    for found, expected in zip([titles(here, at) for at in moments], (False, True, True), strict=True):
        assert ("Diketahui kemudian" in found) is expected
    assert titles(here) == before | {"Diketahui kemudian"}


def test_an_implementing_basis_opens_the_gate_from_the_moment_it_is_written(city: JudgedCity) -> None:
    here = city.cast.institution
    before = len(implementing_scopes(here, ON, KNOWN))
    made = Instrument.objects.create(
        code="kepwal-uji", owner=here, title="Kepwal", layer=50, implementing=True, known_from=EARLY
    )
    assert len(implementing_scopes(here, ON, KNOWN)) == before
    InstrumentPeriod.objects.create(instrument=made, starts_on=date(2025, 1, 1), basis="terbit", known_from=EARLY)
    assert len(implementing_scopes(here, ON, KNOWN)) == before + 1


def test_a_kept_rulebook_costs_one_query_where_the_database_tells_versions_of_rows(city: JudgedCity) -> None:
    def read() -> None:
        footing = Footing(city.cast.institution, ON, KNOWN)
        assert footing.rulebook.rules
        assert footing.implementing is not None

    read()
    with CaptureQueriesContext(connection) as captured:
        read()
    told = row_versions((Criterion,))
    assert bool(told) is (connection.vendor == "postgresql")
    if told:
        assert len(captured) == 1
        Criterion.objects.filter(version=publish("Baru")).delete()
        assert row_versions((Criterion,)) == told, "nothing of that table was written"
        assert row_versions((RuleVersion,)) != row_versions((Rule,))
