"""An employee says that her file is wrong, HR answers; each once, and no text of it in the trail."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.actions.objections import accept_objection, raise_objection, refuse_objection, withdraw_objection
from agencies.errors import ActRefused
from agencies.models import Employee, Objection, Role
from agencies.models.employees import OBJECTION_TRANSITIONS
from oversight.models import TrailEntry
from tests.base import Cast, person
from tests.factories import EmployeeFactory, ObjectionFactory, PositionFactory, PostingFactory

OWN = "/kota-contoh/berkas-saya/"
LIST = "/kota-contoh/keberatan-data/"
SAID = {"about": "residence", "statement": "Saya pindah ke Jalan Melati 3; lihat KK."}


@pytest.fixture
def sari(cast: Cast) -> Employee:
    """The employee of the cast, with an account."""
    sari = EmployeeFactory.create(institution=cast.institution, name="Sari Wulandari")
    PostingFactory.create(employee=sari, position=cast.position)
    cast.employee.employee = sari
    cast.employee.save()
    return sari


def test_an_objection_is_raised_answered_and_read_by_who_raised_it(client: Client, cast: Cast, sari: Employee) -> None:
    client.force_login(cast.employee)
    assert client.post(OWN + "keberatan/", {"about": "", "statement": ""}).context["form"].errors
    assert client.post(OWN + "keberatan/", SAID).status_code == 302
    assert client.post(OWN + "keberatan/", SAID | {"statement": "Lain."}).context["form"].errors["about"]
    made = Objection.objects.get()
    client.force_login(cast.hr_officer)
    assert "1 keberatan menunggu jawaban" in client.get(LIST).content.decode()
    url = f"{LIST}{made.pk}/"
    assert "Jalan Melati" in client.get(url).content.decode()
    assert client.post(url, {"state": "refused", "answer": " "}).context["form"].errors["answer"]
    assert client.post(url, {"state": "refused", "answer": "KK belum berubah."}).status_code == 302
    assert client.post(url, {"state": "accepted"}).context["form"].errors
    assert "Sari" not in client.get(LIST).content.decode()
    assert "Ditolak" in client.get(LIST + "?keadaan=semua").content.decode()
    client.force_login(cast.employee)
    own = client.get(OWN).content.decode()
    assert "KK belum berubah." in own
    assert [entry.action for entry in TrailEntry.objects.order_by("number")] == [
        "objection_raised",
        "objection_refused",
    ]
    assert not [entry for entry in TrailEntry.objects.all() if "KK" in entry.body or "residence" in entry.body]


def test_only_the_employee_raises_and_withdraws_and_nobody_answers_herself(
    client: Client, cast: Cast, sari: Employee
) -> None:
    made = ObjectionFactory.create(employee=sari, raised_by=cast.employee)
    with pytest.raises(ActRefused):
        raise_objection(actor=cast.hr_officer, employee=sari, about="name", statement="Bukan saya.")
    with pytest.raises(ActRefused):
        withdraw_objection(actor=cast.hr_officer, objection=made)
    with pytest.raises(ActRefused):
        accept_objection(actor=cast.employee, objection=made)
    client.force_login(cast.agency_head)
    assert client.post(f"{OWN}keberatan/{made.pk}/tarik/").status_code == 404
    client.force_login(cast.employee)
    other = ObjectionFactory.create(employee=EmployeeFactory.create(institution=cast.institution))
    assert client.post(f"{OWN}keberatan/{other.pk}/tarik/").status_code == 404
    assert client.post(f"{OWN}keberatan/{made.pk}/tarik/").status_code == 302
    made.refresh_from_db()
    assert made.state == Objection.State.WITHDRAWN
    with pytest.raises(ActRefused):
        accept_objection(actor=cast.hr_officer, objection=made)


@pytest.mark.parametrize("start", list(Objection.State))
@pytest.mark.parametrize("end", [state for state in Objection.State if state != Objection.State.OPEN])
def test_states_move_by_the_table_alone(cast: Cast, sari: Employee, start: str, end: str) -> None:
    made = ObjectionFactory.create(employee=sari, raised_by=cast.employee, state=start)
    act = {
        "accepted": lambda: accept_objection(actor=cast.hr_officer, objection=made),
        "refused": lambda: refuse_objection(actor=cast.hr_officer, objection=made, answer="Sudah benar."),
        "withdrawn": lambda: withdraw_objection(actor=cast.employee, objection=made),
    }[end]
    if start == end:
        assert act() is None
    elif end in OBJECTION_TRANSITIONS.get(Objection.State(start), frozenset()):
        assert act() is not None
    else:
        with pytest.raises(ActRefused):
            act()
    made.refresh_from_db()
    assert (made.state == end) == (start in {end, "open"})


def test_a_clerk_sees_the_objections_of_her_agency_but_not_on_what_bkpsdm_keeps(
    client: Client, cast: Cast, sari: Employee
) -> None:
    other = EmployeeFactory.create(institution=cast.institution, name="Budi Santoso")
    PostingFactory.create(employee=other, position=PositionFactory.create(agency=cast.other_agency))
    hers, foreign = ObjectionFactory.create(employee=sari), ObjectionFactory.create(employee=other)
    kept = ObjectionFactory.create(employee=sari, about="discipline")
    clerk = person("clerk", Role.HR_OFFICER, cast.institution, cast.agency)
    for user, seen in [(cast.hr_officer, {hers, foreign, kept}), (clerk, {hers})]:
        client.force_login(user)
        listed = client.get(LIST).context["listed"]
        assert {line.objection for line in listed.lines} == seen
        for one in (hers, foreign, kept):
            assert client.get(f"{LIST}{one.pk}/").status_code == (200 if one in seen else 404)
