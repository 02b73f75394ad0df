"""The page of what is wrong with the law itself: for whom it opens, with drafts and without, and what it answers."""

from __future__ import annotations

from django.test import Client

from agencies.models import Institution, Position, Role
from eligibility.models import (
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    Rule,
    RuleVersion,
)
from tests.acts.drafts import drafted, published
from tests.base import Cast, person
from tests.eligibility.test_rule_page import CODE, SPRING
from tests.judged_city import JudgedCity

PAGE = "/admin/analisis/"


def test_rules_administrators_see_the_law_with_and_without_drafts_and_nobody_else_does(cast: Cast) -> None:
    published(cast)
    client = Client()
    assert client.get(PAGE).status_code == 302
    client.force_login(cast.hr_officer)
    assert client.get(PAGE).status_code == 404
    client.force_login(cast.rules_administrator)
    assert PAGE in client.get("/admin/").content.decode()
    code = cast.institution.code
    page = client.get(PAGE, {"institution": code, "on": "2025-07-01"})
    assert page.status_code == 200
    assert page.context["examined"] > 0
    assert page.context["drafts"] == []


def test_a_draft_is_looked_at_only_when_asked_and_its_page_leads_here(city: JudgedCity) -> None:
    cast = city.cast
    row = drafted(cast)
    client = Client()
    client.force_login(cast.rules_administrator)
    assert PAGE in client.get(f"/admin/eligibility/ruleversion/{row.pk}/change/").content.decode()
    asked = {"institution": cast.institution.code, "on": "2025-07-01", "drafts": "on"}
    assert client.get(PAGE, asked).context["drafts"] == [row]
    assert client.get(PAGE, {**asked, "drafts": ""}).context["drafts"] == []


def test_before_any_norm_the_office_alone_speaks_and_afterwards_the_norm_does(city: JudgedCity) -> None:
    client = Client()
    client.force_login(city.cast.rules_administrator)
    code = city.cast.institution.code
    before = client.get(PAGE, {"institution": code, "on": "2024-01-02"}).context["unspoken"]
    jobs = {job.pk for _modes, rows in before for job in rows}
    assert jobs == set(Position.objects.filter(institution=city.cast.institution).values_list("pk", flat=True))
    after = client.get(PAGE, {"institution": code, "on": "2025-07-01"})
    assert after.context["unspoken"] == []
    assert "Tidak ditemukan apa pun yang perlu diperiksa." in after.content.decode()
    assert "1 temuan perlu diperiksa." in client.get(PAGE, {"institution": code, "on": "2024-01-02"}).content.decode()


def test_the_nation_that_has_no_agencies_looks_at_its_law_too(city: JudgedCity) -> None:
    nation = Institution.objects.get(code="nasional")
    client = Client()
    client.force_login(person("national", Role.RULES_ADMINISTRATOR, nation))
    page = client.get(PAGE, {"institution": "nasional", "on": "2025-07-01"})
    assert page.status_code == 200
    assert page.context["examined"] > 0
    assert page.context["unspoken"] == []
    client.force_login(city.cast.rules_administrator)
    refused = client.get(PAGE, {"institution": "nasional", "on": "2025-07-01"})
    assert set(refused.context["form"].errors) == {"institution"}


def stricter_norm(city: JudgedCity) -> RuleVersion:
    """A draft of the city that leaves one day a week wherever the nation leaves two."""
    place = city.cast.institution
    circular = Instrument.objects.create(code="se-8", owner=place, title="SE Contoh 8", layer=50, known_from=SPRING)
    InstrumentPeriod.objects.create(instrument=circular, starts_on=SPRING.date(), basis="terbit", known_from=SPRING)
    InstrumentScope.objects.create(instrument=circular, institution_code=place.code)
    term = LimitTerm.objects.get(version__rule__code=CODE)
    own = RuleVersion.objects.create(
        rule=Rule.objects.create(code="SEHARI", owner=place),
        provision=Provision.objects.create(instrument=circular, reference="Angka 1", mark="1"),
        **dict.fromkeys(term.together, True),
        number=1,
        title="Sehari seminggu",
        subject="task",
        effect="limit",
        effective_from=SPRING.date(),
        known_from=SPRING,
    )
    term.pk, term.version, term.value = None, own, 1
    term._state.adding = True
    term.save()
    return own


def test_the_office_default_is_no_finding_and_an_own_stricter_norm_is_said_to_be_allowed(city: JudgedCity) -> None:
    own = stricter_norm(city)
    client = Client()
    client.force_login(city.cast.rules_administrator)
    code = city.cast.institution.code
    asked = {"institution": code, "on": "2025-07-01"}
    assert [found for _label, found in client.get(PAGE, asked).context["parts"] if found] == []
    RuleVersion.objects.filter(pk=own.pk).update(published_at=SPRING)
    page = client.get(PAGE, asked)
    told = {str(label): found for label, found in page.context["parts"] if found}
    assert list(told) == ["Aturan yang dikesampingkan hanya karena norma tingkat di bawahnya lebih ketat"]
    ((one,),) = told.values()
    assert [rule.code for rule in one.rules] == [CODE, "SEHARI"]
    assert "SEHARI (Norma setempat) lebih ketat" in one.why
    assert f'href="/{code}/aturan/{CODE}/?per=2025-07-01"' in page.content.decode()


def test_a_day_that_is_none_and_an_institution_of_others_are_refused_at_their_field(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.rules_administrator)
    page = client.get(PAGE, {"institution": "kota-lain", "on": "32 Juli"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"institution", "on"}
    assert "32 Juli" in page.content.decode()
