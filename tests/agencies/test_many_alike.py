"""Alike sheets by the thousand: counted, looked through, and submitted or settled at once but for the exceptions."""

from __future__ import annotations

from typing import Any

from django.test import Client

from agencies.actions.sheets import Assignment, open_sheets
from agencies.fact_records import new_profile
from agencies.models import Agency, Answer, Assessment, FactRecord, Position, Sheet, Task, TaskProfile
from tests.base import Cast
from tests.factories import AgencyFactory, PositionFactory
from tests.sheets import AT, DAY, Desk, answer, clerk_of

CITY = "/kota-contoh"
TEACHERS, IN_ANOTHER = 1_040, 30


def teachers(cast: Cast) -> tuple[Desk, Agency]:
    """A sheet for every teacher of an agency and of a school below it; one of the agency's own comes first."""
    school = AgencyFactory.create(institution=cast.institution, parent=cast.agency, name="SDN Tugu 1")
    made: list[Position] = []
    for agency, number in ((cast.agency, TEACHERS), (school, IN_ANOTHER)):
        made += PositionFactory.build_batch(number, agency=agency, title="Guru")
    Position.objects.bulk_create(made)
    tasks = Task.objects.bulk_create(Task(position=one, number=1, title="Mengajar", share=100) for one in made)
    TaskProfile.objects.bulk_create(new_profile(task, {}) for task in tasks)
    reviewers = Assignment({"agency": clerk_of(cast), "bkpsdm": cast.hr_officer})
    open_sheets(actor=cast.hr_officer, agency=cast.agency, tasks=tasks, assignment=reviewers, on=DAY, at=AT)
    return Desk(Sheet.objects.get(task=tasks[0]), clerk_of(cast), cast.hr_officer), school


def states(side: str) -> tuple[int, int]:
    """How many parts of a side are submitted, and how many are not."""
    parts = Assessment.objects.filter(side=side)
    submitted = parts.filter(state="submitted").count()
    return submitted, parts.count() - submitted


def test_more_than_a_thousand_alike_sheets_are_submitted_and_settled_at_once_with_exceptions(
    client: Client, cast: Cast
) -> None:
    desk, school = teachers(cast)
    last = Sheet.objects.filter(agency=cast.agency).select_related("task__position").order_by("-pk")[0]
    code, exception = last.task.position.code, last.pk
    url = f"{CITY}/lembar/{desk.sheet.pk}/kirim/"
    answer(desk.by_agency)
    client.force_login(desk.clerk)
    page: Any = client.get(url)
    text = page.content.decode()
    assert "Semua (1.069), kecuali" in text
    assert text.count("<input") < 200, "a page of a list, not all of it"
    assert code not in text, "it stands on a later page"
    seen = page.context["form"].fields["sheets"].listed(page.context["form"]["sheets"].value())["seen"]
    sent = {"sheets-scope": "all", "sheets-seen": seen, "sheets-agency": [str(school.pk)]}
    looked = client.post(url, sent | {"look": "1", "sheets-find": code}).content.decode()
    assert f'name="sheets" value="{exception}">' in looked
    assert f'name="sheets-agency" value="{school.pk}" checked' in looked, "what was ticked stays"
    assert "checked" not in looked.split('name="send"')[1].split(">")[0], "nor is it ticked anew"
    assert states("agency") == (0, TEACHERS + IN_ANOTHER), "looking sends nothing"
    first_page = Sheet.objects.filter(agency=cast.agency).order_by("agency__name", "pk").values_list("pk", flat=True)
    second = client.post(url, {"look": "2", "sheets": list(map(str, first_page[1:4]))}).content.decode()
    assert f'value="{first_page[101]}">' in second, "ticks on a page push nothing off the next one"
    further = client.post(url, sent | {"look": "2", "sheets": [str(exception)]}).content.decode()
    assert f'name="sheets" value="{exception}" checked' in further
    old = client.post(url, sent | {"send": "on", "sheets-seen": "7-7"})
    assert "Isinya kini lain: 1069" in old.content.decode(), "none is submitted that she has not seen"
    foreign = client.post(url, sent | {"send": "on", "sheets": ["99999999"]})
    assert foreign.context["form"].errors.keys() == {"sheets"}
    assert client.post(url, sent | {"send": "on", "sheets": [str(exception)]}).status_code == 302
    assert states("agency") == (TEACHERS - 1, IN_ANOTHER + 1)
    _too_many_ticks(client, desk)
    _by_bkpsdm(client, desk)
    _settled(client, desk, exception)


def _too_many_ticks(client: Client, desk: Desk) -> None:
    """No more are ticked than a request can carry; she is told what to do instead."""
    client.force_login(desk.officer)
    keys = Sheet.objects.filter(agency=desk.sheet.agency).order_by("pk").values_list("pk", flat=True)[1:700]
    url, sent = f"{CITY}/lembar/{desk.sheet.pk}/kirim/", {"sheets-scope": "ticked", "sheets": list(map(str, keys))}
    for press in ({"look": "1"}, {"send": "on"}):
        text = client.post(url, sent | press).content.decode()
        assert "Lebih dari 600 dicentang" in text
        assert text.count('name="sheets" value=') == len(keys), "all that was ticked, and no more"


def _by_bkpsdm(client: Client, desk: Desk) -> None:
    """She submits only what she ticks: one further sheet; and then all that are left."""
    answer(desk.by_bkpsdm, with_tik="no")
    client.force_login(desk.officer)
    url = f"{CITY}/lembar/{desk.sheet.pk}/kirim/"
    ticked = Sheet.objects.filter(agency=desk.sheet.agency).order_by("pk")[1].pk
    Answer.objects.create(
        assessment=Assessment.objects.get(sheet=ticked, side="bkpsdm"), fact="task.with_tik", value="yes", saved_at=AT
    )
    page: Any = client.get(url)
    seen = page.context["form"].fields["sheets"].listed(page.context["form"]["sheets"].value())["seen"]
    assert client.post(url, {"sheets-scope": "ticked", "sheets": [str(ticked)]}).status_code == 302
    assert Answer.objects.filter(assessment__sheet=ticked, assessment__side="bkpsdm").count() > 1
    assert states("bkpsdm")[0] == 0
    assert client.post(url, {"sheets-scope": "all", "sheets-seen": seen, "send": "on"}).status_code == 302
    assert states("bkpsdm") == (TEACHERS + IN_ANOTHER, 0)


def _settled(client: Client, desk: Desk, exception: int) -> None:
    """All that differ alike are settled with a reason, but for one."""
    url = f"{CITY}/lembar/{desk.sheet.pk}/selesaikan/"
    page: Any = client.get(url)
    field = page.context["form"].fields["also"]
    left_out = field.queryset.order_by("-pk")[0]
    differing = Sheet.objects.filter(state="settling").count()
    assert field.queryset.count() == differing - 1
    sent = {
        "task.with_tik": "yes",
        "task.with_tik:reason": "Aplikasi ada",
        "also-scope": "all",
        "also-seen": field.listed(page.context["form"]["also"].value())["seen"],
        "also": [str(left_out.pk)],
    }
    looked = client.post(url, sent | {"look": "1"}).content.decode()
    assert 'value="Aplikasi ada"' in looked, "what was typed stays while she looks through the list"
    assert client.post(url, sent).status_code == 302
    assert Sheet.objects.filter(state="settling").get() == left_out
    assert differing > 1_000
    written = FactRecord.objects.filter(fact="task.with_tik", basis="agreed", reason="Aplikasi ada")
    assert written.count() == differing - 1
    assert Sheet.objects.get(pk=exception).state == "open"
