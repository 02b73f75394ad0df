"""Who audits what: nobody her own agency, the Inspektorat only from outside; nothing there changes what it audits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.access import get_standing
from agencies.models import Agency, Employee, Institution, Posting, Role, User
from eligibility.models import Arrangement, ArrangementStep
from oversight import access
from oversight.actions.findings import FindingOrigin, FindingValues, draft_finding
from oversight.models import Finding
from tests.addresses import oversight as addresses
from tests.arranged_city import ArrangedCity, holder, link, written
from tests.base import Cast
from tests.eligibility.approving import approved
from tests.factories import AgencyFactory, EmployeeFactory, GrantFactory, PositionFactory, PostingFactory
from tests.oversight.chains import unprotected

NOTED = {"agencies.personaldataread", "oversight.trailcheck", "oversight.trailentry", "oversight.trailhead"}
"""What looking leaves behind: that somebody looked."""

STEPS = r'FROM "eligibility_arrangementstep"(?: (U\d+))?'


def audited(user: User) -> set[str]:
    """The codes of the agencies that the user audits in the city."""
    return set(access.audited(get_standing(user, "kota-contoh"), user).values_list("code", flat=True))


@pytest.fixture
def places(cast: Cast) -> Cast:
    """The Inspektorat with an office below it, and an agency below another."""
    inspektorat = AgencyFactory.create(institution=cast.institution, code="Inspektorat", kind="inspektorat")
    AgencyFactory.create(institution=cast.institution, code="irban", kind="uptd", parent=inspektorat)
    AgencyFactory.create(institution=cast.institution, code="pkm-1", kind="puskesmas", parent=cast.other_agency)
    return cast


def test_the_inspector_reads_all_but_the_inspektorat_and_who_reads_from_outside_that_too(places: Cast) -> None:
    assert audited(places.inspector) == {"Diskominfo", "Dinkes", "pkm-1"}
    assert audited(places.outside_reader) == {"Diskominfo", "Dinkes", "pkm-1", "Inspektorat", "irban"}
    for user in set(places.insiders) - {places.inspector, places.outside_reader}:
        with pytest.raises(Http404):
            audited(user)


def test_nobody_audits_the_perangkat_daerah_she_is_posted_in_nor_what_belongs_to_it(places: Cast) -> None:
    below = Agency.objects.get(code="pkm-1")
    link(places.inspector, holder(PositionFactory.create(agency=below), "Irban"))
    assert audited(places.inspector) == {"Diskominfo"}, "the puskesmas belongs to Dinkes"
    link(places.outside_reader, holder(PositionFactory.create(agency=places.agency), "Pembaca"))
    assert audited(places.outside_reader) == {"Dinkes", "pkm-1", "Inspektorat", "irban"}


def test_a_grant_for_one_agency_audits_that_one_only(places: Cast) -> None:
    irban = GrantFactory.create(role=Role.INSPECTOR, institution=places.institution, agency=places.other_agency).user
    assert audited(irban) == {"Dinkes", "pkm-1"}
    link(irban, EmployeeFactory.create(institution=places.institution))
    assert audited(irban) == {"Dinkes", "pkm-1"}, "an employee without a posting has no agency of her own"


def test_a_case_of_her_own_agency_and_a_draft_look_as_if_they_were_not_there(
    client: Client, arranged: ArrangedCity
) -> None:
    case, draft = written(arranged, state="submitted"), written(arranged, arranged.colleagues[0])
    cast = arranged.city.cast
    client.force_login(cast.inspector)
    assert client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").status_code == 200
    assert client.get(f"/kota-contoh/pengawasan/kasus/{draft.pk}/").status_code == 404
    link(cast.inspector, holder(arranged.programmer, "Pemeriksa"))
    assert client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").status_code == 404
    assert case.employee.name not in client.get("/kota-contoh/pengawasan/daftar/").content.decode()
    assert "Dinas Komunikasi" in client.get("/kota-contoh/pengawasan/").content.decode(), "told as not counted"


def left_out(client: Client, arranged: ArrangedCity) -> list[int]:
    """How many rows the lists of cases and of findings and the overview say they leave out."""
    assert "tidak ditampilkan" not in client.get(arranged.url("pengawasan/uji-ulang/")).content.decode(), "no run is"
    pages = (("daftar/", "listed"), ("temuan/", "listed"), ("", "page"))
    return [client.get(arranged.url(f"pengawasan/{page}")).context[name].left_out for page, name in pages]


def opened(client: Client, arranged: ArrangedCity, case: Arrangement, finding: Finding) -> set[int]:
    """How the case, a finding about it, and the form of another answer."""
    pages = (f"kasus/{case.pk}/", f"temuan/{finding.pk}/", f"temuan/tulis/?arrangement={case.pk}")
    return {client.get(arranged.url(f"pengawasan/{page}")).status_code for page in pages}


def finding_about(case: Arrangement) -> Finding:
    values = FindingValues(f"Tanpa dasar {case.pk}", "Kondisi.", "Kriteria.")
    origin = FindingOrigin(arrangement=case)
    return draft_finding(actor=None, institution=case.institution, agency=case.agency, values=values, origin=origin)


def moved_to_the_inspektorat(employee: Employee, institution: Institution, last_day: date) -> None:
    """Where she was posted she is no more: she came to the Inspektorat on the day after."""
    with unprotected():
        Posting.objects.filter(employee=employee).update(effective_until=last_day)
    office = AgencyFactory.create(institution=institution, code="Inspektorat", kind="inspektorat")
    PostingFactory.create(
        employee=employee, position=PositionFactory.create(agency=office), effective_from=last_day + timedelta(days=1)
    )


def test_nobody_audits_her_own_case_though_she_has_come_to_the_inspektorat_since(
    client: Client, arranged: ArrangedCity
) -> None:
    cast = arranged.city.cast
    own, other = approved(arranged), approved(arranged, arranged.colleagues[0])
    findings = {case.pk: finding_about(case) for case in (own, other)}
    client.force_login(cast.inspector)
    assert opened(client, arranged, own, findings[own.pk]) == {200}
    assert left_out(client, arranged) == [0, 0, 0]
    User.objects.filter(employee=arranged.asker).update(employee=None)
    link(cast.inspector, arranged.asker)
    moved_to_the_inspektorat(arranged.asker, own.institution, date(2025, 8, 31))
    assert opened(client, arranged, own, findings[own.pk]) == {404}
    assert opened(client, arranged, other, findings[other.pk]) == {200}, "approved after she had left"
    assert left_out(client, arranged) == [1, 1, 1]
    page = client.get(arranged.url("pengawasan/daftar/")).content.decode()
    assert arranged.asker.name not in page
    assert "1 baris tidak ditampilkan" in page, "it says how many are kept from her"


def test_nobody_audits_what_she_decided_or_asked_for_in_another_agency(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    decided, other = approved(arranged), approved(arranged, arranged.colleagues[0])
    findings = {case.pk: finding_about(case) for case in (decided, other)}
    client.force_login(cast.inspector)
    acted = ArrangementStep.objects.filter(arrangement=decided, what="endorsed")
    with unprotected():
        acted.update(by=cast.inspector)
    assert opened(client, arranged, decided, findings[decided.pk]) == {404}, "by her account"
    assert opened(client, arranged, other, findings[other.pk]) == {200}
    former = EmployeeFactory.create(institution=cast.institution)
    with unprotected():
        acted.update(by=None, by_employee=former)
    assert opened(client, arranged, decided, findings[decided.pk]) == {200}
    link(cast.inspector, former)
    assert opened(client, arranged, decided, findings[decided.pk]) == {404}, "by her file"
    with unprotected():
        acted.update(by_employee=None)
        Arrangement.objects.filter(pk=decided.pk).update(asked_by=cast.inspector)
    assert opened(client, arranged, decided, findings[decided.pk]) == {404}, "asked for by her"
    assert left_out(client, arranged) == [1, 1, 1]


def test_nobody_audits_an_agency_of_the_time_when_she_was_posted_there(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    case = approved(arranged)
    finding = finding_about(case)
    former = holder(arranged.programmer, "Pemeriksa")
    link(cast.inspector, former)
    moved_to_the_inspektorat(former, cast.institution, date(2025, 9, 30))
    client.force_login(cast.inspector)
    assert opened(client, arranged, case, finding) == {200}, "the case was begun the day after she had left"
    held = Posting.objects.filter(employee=former, position=arranged.programmer)
    with unprotected():
        Arrangement.objects.filter(pk=case.pk).update(recorded_at=datetime(2025, 9, 30, 3, tzinfo=UTC))
    assert opened(client, arranged, case, finding) == {404}
    assert left_out(client, arranged) == [1, 1, 1]
    with unprotected():
        held.update(effective_from=date(2025, 12, 1), effective_until=date(2025, 12, 31))
    assert opened(client, arranged, case, finding) == {200}, "over before she came"


def test_the_overview_counts_only_the_approved_among_what_is_kept_from_her(
    client: Client, arranged: ArrangedCity
) -> None:
    inspector = arranged.city.cast.inspector
    approved(arranged)
    written(arranged, arranged.colleagues[0], state="submitted")
    with unprotected():
        Arrangement.objects.update(asked_by=inspector)
    client.force_login(inspector)
    counted = {page: client.get(arranged.url(f"pengawasan/{page}")).context for page in ("", "daftar/")}
    assert counted[""]["page"].left_out == 1
    assert counted["daftar/"]["listed"].left_out == 2, "the list would show both"


def test_who_reads_from_outside_is_not_told_how_many_drafts_there_are(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    case = approved(arranged)
    withdrawn = finding_about(case)
    Finding.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    draft = finding_about(case)
    for reader, number in ((cast.outside_reader, 1), (cast.inspector, 2)):
        with unprotected():
            Arrangement.objects.filter(pk=case.pk).update(asked_by=reader)
        client.force_login(reader)
        listed = client.get(arranged.url("pengawasan/temuan/")).context["listed"]
        assert [row.finding.pk for row in listed.rows] == []
        assert listed.left_out == number, reader
    assert draft.state == "draft"


@pytest.mark.usefixtures("whole_statements")
def test_her_acts_are_found_by_the_indexes_of_the_steps_once_for_a_page(client: Client, arranged: ArrangedCity) -> None:
    inspector = arranged.city.cast.inspector
    case, other = approved(arranged), approved(arranged, arranged.colleagues[0])
    former = EmployeeFactory.create(institution=case.institution)
    link(inspector, former)
    with unprotected():
        ArrangementStep.objects.filter(arrangement=case, what="endorsed").update(by=None, by_employee=former)
    client.force_login(inspector)
    for page in ("", "daftar/", "temuan/", "uji-ulang/", "indikasi/"):
        client.get(arranged.url(f"pengawasan/{page}"))
        with CaptureQueriesContext(connection) as counted:
            client.get(arranged.url(f"pengawasan/{page}"))
        asked = [one["sql"] for one in counted if '"by_employee_id" =' in one["sql"]]
        assert asked, page
        assert len([sql for sql in asked if 'FROM "eligibility_arrangementstep"' in sql[:90]]) == 1, page
        postings = [one for one in counted if 'FROM "agencies_posting"' in one["sql"]]
        assert len(postings) == 1, page
        assert not [sql for sql in asked if reads_all_steps(sql)], page
    assert client.get(arranged.url(f"pengawasan/kasus/{case.pk}/")).status_code == 404, "by her file"
    assert client.get(arranged.url(f"pengawasan/kasus/{other.pk}/")).status_code == 200


def reads_all_steps(sql: str) -> bool:
    """Whether SQLite goes through every step to answer; another database plans by what it has seen of its rows."""
    if connection.vendor != "sqlite":
        return "JOIN" in sql.partition("eligibility_arrangementstep")[2].partition("by_employee_id")[0]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [str(row[-1]) for row in cursor.fetchall()]
    names = {alias or "eligibility_arrangementstep" for alias in re.findall(STEPS, sql)}
    return any(line.startswith(f"SCAN {name}") for line in plan for name in names)


def stored() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that is audited."""
    return {model._meta.label_lower: rows(model) for model in audited_models()}


def audited_models() -> Iterator[type[Model]]:
    for app in ("agencies", "eligibility", "oversight"):
        for model in apps.get_app_config(app).get_models():
            if model._meta.managed and model._meta.label_lower not in NOTED:
                yield model


def rows(model: type[Model]) -> list[tuple[object, ...]]:
    # When somebody signed in last is no act.
    columns = [field.attname for field in model._meta.concrete_fields if field.name != "last_login"]
    return sorted(model._base_manager.values_list(*columns), key=repr)


@pytest.mark.parametrize("role", ["inspector", "outside_reader"])
def test_whatever_is_opened_or_sent_on_the_desk_changes_nothing_that_is_audited(
    client: Client, arranged: ArrangedCity, role: str
) -> None:
    case = approved(arranged)
    before = stored()
    client.force_login(getattr(arranged.city.cast, role))
    for address in addresses.ADDRESSES:
        if role not in address.roles:
            continue
        url = address.own(arranged.city).split("?")[0]
        answer = client.get(url) if address.reads else client.post(url)
        assert answer.status_code in {200, 302}, address.name
        answer.getvalue() if address.reads else None
        if address.reads:
            assert client.post(url, {"state": "ended", "pk": case.pk}).status_code == 405, address.name
    assert stored() == before
    assert Arrangement.objects.get().state == "approved"
