"""Who has or had a side of a sheet is given none of its other, and agrees with nobody but another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from agencies.actions.assessments import submit_assessments
from agencies.actions.sheets import Assignment, assign_sheets, open_sheets
from agencies.errors import ActRefused
from agencies.models import Assessment, Grant, Role, Sheet, User
from tests.base import Cast, person
from tests.factories import GrantFactory, PositionFactory, TaskFactory
from tests.sheets import AT, DAY, Desk, answer, opened, submit

ASSIGN = "/kota-contoh/opd/Diskominfo/pemetaan/penilai/"


def promoted(clerk: User, cast: Cast) -> User:
    """The clerk of an agency, who became an officer of the whole institution."""
    Grant.objects.filter(user=clerk).delete()
    GrantFactory.create(
        user=clerk, role=Role.HR_OFFICER, institution=cast.institution, valid_from=DAY - timedelta(days=30)
    )
    return clerk


def another_sheet(cast: Cast) -> Sheet:
    """A sheet with no reviewer on either side."""
    task = TaskFactory.create(position=PositionFactory.create(agency=cast.agency, title="Arsiparis"))
    open_sheets(actor=cast.hr_officer, agency=cast.agency, tasks=[task], assignment=Assignment(), on=DAY, at=AT)
    return Sheet.objects.get(task=task)


def give(client: Client, officer: User, address: str = ASSIGN) -> str:
    page = client.post(address, {"agency": "", "bkpsdm": str(officer.pk), "due_on": ""}, follow=True)
    assert page.status_code == 200
    return page.content.decode()


def test_a_clerk_who_became_an_officer_gets_all_sheets_but_her_own(client: Client, cast: Cast) -> None:
    desk, free = opened(cast), another_sheet(cast)
    submit(answer(desk.by_agency))
    officer = promoted(desk.clerk, cast)
    client.force_login(cast.hr_officer)
    assert "1 lembar tidak diberikan" in give(client, officer)
    assert desk.by_bkpsdm.reviewer == cast.hr_officer
    assert free.assessments.current().get(side="bkpsdm").reviewer == officer
    refused = give(client, officer, f"{ASSIGN}?lembar={desk.sheet.pk}")
    assert "penilai pihak lain" in refused
    assert desk.by_bkpsdm.reviewer == cast.hr_officer
    other = person("lain", Role.HR_OFFICER, cast.institution)
    assert "tidak diberikan" not in give(client, other)
    assert desk.by_bkpsdm.reviewer == other


def test_a_part_that_was_set_aside_counts_too(client: Client, cast: Cast) -> None:
    desk = opened(cast)
    answer(desk.by_agency)
    successor = person("penerus", Role.HR_OFFICER, cast.institution, cast.agency)
    asked: dict[str, Any] = {"actor": cast.hr_officer, "agency": cast.agency, "sheets": [desk.sheet], "at": AT}
    assign_sheets(assignment=Assignment({"agency": successor}), **asked)
    officer = promoted(desk.clerk, cast)
    client.force_login(cast.hr_officer)
    assert "penilai pihak lain" in give(client, officer)
    assert desk.by_bkpsdm.reviewer == cast.hr_officer


def named_twice(cast: Cast) -> Desk:
    """A sheet both of whose sides one person has, from before this was refused."""
    desk = opened(cast)
    submit(answer(desk.by_agency))
    Assessment.objects.filter(pk=desk.by_bkpsdm.pk).update(reviewer=promoted(desk.clerk, cast))
    return desk


def test_who_has_both_sides_all_the_same_submits_but_one(client: Client, cast: Cast) -> None:
    desk = named_twice(cast)
    part = answer(desk.by_bkpsdm)
    with pytest.raises(ActRefused, match="pihak lain"):
        submit_assessments(actor=desk.clerk, assessments=[part], on=DAY, at=AT)
    desk.sheet.refresh_from_db()
    assert desk.sheet.state == Sheet.State.OPEN
    client.force_login(cast.hr_officer)
    give(client, cast.hr_officer)
    client.force_login(cast.hr_officer)
    answer(desk.by_bkpsdm)
    page = client.post(f"/kota-contoh/lembar/{desk.sheet.pk}/kirim/", {"send": "on"})
    assert page.status_code == 302
    desk.sheet.refresh_from_db()
    assert desk.sheet.state == Sheet.State.AGREED


def test_her_page_tells_her_why_it_is_not_submitted(client: Client, cast: Cast) -> None:
    desk = opened(cast)
    answer(desk.by_agency)
    Assessment.objects.create(sheet=desk.sheet, side="bkpsdm", reviewer=desk.clerk, state=Assessment.State.REPLACED)
    client.force_login(desk.clerk)
    page = client.post(f"/kota-contoh/lembar/{desk.sheet.pk}/kirim/", {"send": "on"})
    assert page.status_code == 200
    assert "Minta BKPSDM menunjuk penilai lain" in page.content.decode()
    assert desk.by_agency.state == Assessment.State.DRAFT
