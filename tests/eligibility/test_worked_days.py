"""Days worked are written down as they were, never to come, and taken back without being lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from agencies.errors import ActRefused
from eligibility.actions.worked_days import record_worked_days
from eligibility.models import ArrangementState
from oversight.models import TrailEntry
from tests.arranged_city import AT, TODAY, ArrangedCity, written


def test_a_head_writes_days_down_and_takes_one_back(client: Client, arranged: ArrangedCity) -> None:
    row = written(arranged, state=ArrangementState.APPROVED, approved_at=AT, starts_on=date(2025, 9, 1))
    client.force_login(arranged.head_account)
    page = arranged.url(f"fleksibilitas/{row.pk}/hari-kerja/")
    client.post(page, {"days": "2025-09-02\n2025-09-03\n", "source": "Presensi September 2025"})
    assert [str(day.on) for day in row.worked_days.current()] == ["2025-09-02", "2025-09-03"]
    client.post(f"{page}2025-09-03/tarik/")
    assert [str(day.on) for day in row.worked_days.current()] == ["2025-09-02"]
    assert row.worked_days.count() == 2, "what was taken back stays readable"
    again = client.get(f"{page}2025-09-03/tarik/", follow=True)
    assert "ditarik sebelumnya" in again.content.decode()
    assert client.get(f"{page}2025-09-04/tarik/").status_code == 404
    assert client.get(f"{page}bukan-hari/tarik/").status_code == 404


def test_each_line_that_is_no_day_is_named_and_nothing_typed_is_lost(client: Client, arranged: ArrangedCity) -> None:
    row = written(arranged, state=ArrangementState.APPROVED, approved_at=AT)
    client.force_login(arranged.head_account)
    page = arranged.url(f"fleksibilitas/{row.pk}/hari-kerja/")
    before = TrailEntry.objects.count()
    answer = client.post(page, {"days": "2025-09-02\nkemarin\n2025-10-02", "source": "Presensi"}).content.decode()
    assert "kemarin" in answer
    assert "2025-09-02" in answer, "the lines stay in the form"
    answer = client.post(page, {"days": "2025-10-02", "source": "Presensi"}).content.decode()
    assert "2 Oktober 2025" in answer, "a day to come is named"
    assert (row.worked_days.count(), TrailEntry.objects.count()) == (0, before)


def test_nobody_has_worked_by_a_request_that_was_never_approved(arranged: ArrangedCity) -> None:
    row = written(arranged)
    with pytest.raises(ActRefused):
        record_worked_days(actor=None, arrangement=row, days=[date(2025, 9, 2)], source="x", on=TODAY, at=AT)
    row = written(arranged, arranged.colleagues[0], state=ArrangementState.APPROVED, approved_at=AT)
    after_its_end = date(2025, 9, 30)
    record_worked_days(actor=None, arrangement=row, days=[after_its_end], source="x", on=TODAY, at=AT)
    assert row.worked_days.get().on == after_its_end, "also outside the period: what was is written down"
