"""Days worked are written down as they were, never to come, and taken back without being lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from agencies.errors import ActRefused
from eligibility.actions.worked_days import record_worked_days, withdraw_worked_day
from eligibility.models import Arrangement, ArrangementState
from oversight.indications import worked
from oversight.indications.definitions import Ground, told
from oversight.models import TrailEntry
from tests.arranged_city import AT, TODAY, ArrangedCity, link, written


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


def test_nobody_writes_in_her_own_days_and_those_taken_back_stay_in_sight(
    client: Client, arranged: ArrangedCity
) -> None:
    ended = {"starts_on": date(2025, 9, 1), "ends_on": date(2025, 9, 16)}
    held = {"state": ArrangementState.APPROVED, "approved_at": AT, **ended}
    row = written(arranged, arranged.head, **held)
    page = f"fleksibilitas/{row.pk}/hari-kerja/"
    for _day in range(2):
        record_worked_days(actor=None, arrangement=row, days=[date(2025, 9, 17)], source="Presensi", on=TODAY, at=AT)
        assert worked_past_end(row), "past its end"
        client.force_login(arranged.head_account)
        for address, sent in ((page, {"days": "2025-09-18", "source": "Presensi"}), (f"{page}2025-09-17/tarik/", {})):
            answer = client.post(arranged.url(address), sent, follow=True)
            assert "miliknya sendiri" in answer.content.decode()
        with pytest.raises(ActRefused):
            withdraw_worked_day(actor=arranged.head_account, arrangement=row, day=date(2025, 9, 17), at=AT)
        assert [str(day.on) for day in row.worked_days.current()] == ["2025-09-17"]
        client.force_login(arranged.city.cast.hr_officer)
        client.post(arranged.url(f"{page}2025-09-17/tarik/"))
        assert not row.worked_days.current().exists()
    assert not worked_past_end(row), "somebody else says that it was recorded wrongly"
    client.force_login(arranged.city.cast.inspector)
    case = client.get(arranged.url(f"pengawasan/kasus/{row.pk}/"))
    assert [str(day.on) for day in case.context["page"].worked.taken_back] == ["2025-09-17", "2025-09-17"]
    assert "17 September 2025" in case.content.decode()


def test_days_that_she_took_back_herself_are_pointed_at(arranged: ArrangedCity) -> None:
    ended = {"starts_on": date(2025, 9, 1), "ends_on": date(2025, 9, 16)}
    row = written(arranged, arranged.asker, state=ArrangementState.APPROVED, approved_at=AT, **ended)
    days = [date(2025, 9, 17), date(2025, 9, 18)]
    record_worked_days(actor=None, arrangement=row, days=days, source="Presensi", on=TODAY, at=AT)
    hr = arranged.city.cast.hr_officer
    for day in days:
        withdraw_worked_day(actor=hr, arrangement=row, day=day, at=AT)
    assert not worked_past_end(row)
    # As it could be done once: by the account that is hers.
    arranged.asker_account.delete()
    link(hr, arranged.asker)
    assert "2" in worked_past_end(row)


def worked_past_end(row: Arrangement) -> str:
    """Why the row is pointed at; empty where it is not."""
    found = worked.worked_past_end(Ground(row.institution, TODAY, AT))
    return next((told(flag, sees_person=True) for flag in found if flag.arrangement == row.pk), "")


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
