"""Who flips: the lists equal deciding every position with both rulebooks in Python; drafts read as if published."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Employee, Institution, Role
from eligibility import flip_screening
from eligibility.actions import drafts
from eligibility.actions.law import load_rules
from eligibility.decisions import decide_position
from eligibility.drafts import draft_spans, rulebook_with
from eligibility.flips import FlipKind, flips_between
from eligibility.grounds import Grounds
from eligibility.loading import rulebook
from eligibility.mask_readings import MaskReader
from eligibility.rulebook import Lift, Limit, Mode, Prohibit, Rule, Rulebook, Verdict
from eligibility.seeds import seed_files
from eligibility.statements import TooManyRules, compiled
from tests.acts.drafts import DAY, NOON, circular, counter_text, drafted, published
from tests.base import Cast, person
from tests.eligibility.law_typing import ADMIN
from tests.eligibility.rulebooks import random_limit, random_rule, random_rulebook
from tests.eligibility.test_law_admin import signed_in
from tests.eligibility.test_parity import city, judged, make_positions, random_grounds
from tests.factories import InstitutionFactory

__all__ = ["city"]  # the fixture: random jobs with unknown facts in three agencies
pytestmark = pytest.mark.django_db

Found = dict[tuple[int, Mode], tuple[frozenset[FlipKind], object, object]]


def decided_in_python(before: Rulebook, after: Rulebook, institution: Institution, known: Grounds) -> Found:
    """Every position decided with both rulebooks, nothing left out beforehand."""
    readers = [MaskReader(compiled(book).layout) for book in (before, after)]
    found: Found = {}
    for position, tasks in judged(institution, known).items():
        reads = [
            [reader.read(*reader.masks_of(task.case.values, task.case.place)) for reader in readers] for task in tasks
        ]
        for mode in Mode:
            was, becomes = (decide_position(book, tasks, mode).bounds for book in (before, after))
            kinds = {FlipKind.BOUNDS} if was != becomes else set()
            for one, other in reads:
                if Verdict.NOT_ELIGIBLE not in (one[mode].bounds.best, other[mode].bounds.best):
                    kinds |= {FlipKind.CONDITIONS} if one[mode].conditions != other[mode].conditions else set()
                    kinds |= {FlipKind.LIMITS} if one[mode].limits != other[mode].limits else set()
            if kinds:
                found[position, mode] = frozenset(kinds), was, becomes
    return found


def drafts_for(random: Random, book: Rulebook) -> list[Rulebook]:
    """The rulebook with a new prohibition, a lift, a limit, any sentence, a changed version, and without a rule."""
    chosen = random.choice(book.rules)
    lifted = Lift(frozenset(random.sample([rule.code for rule in book.rules], min(2, len(book.rules)))))

    def with_new(rule: Rule) -> Rulebook:
        return Rulebook((*book.rules, rule))

    others = tuple(rule for rule in book.rules if rule != chosen)
    return [
        with_new(random_rule(random, "D", Prohibit())),
        with_new(random_rule(random, "D", lifted)),
        with_new(random_rule(random, "D", random_limit(random))),
        with_new(random_rule(random, "D")),
        Rulebook((*others, replace(random_rule(random, chosen.code, chosen.effect), version=2))),
        Rulebook(others),
    ]


@given(seed=st.integers(0, 2**32 - 1), rules=st.integers(1, 12), lifts=st.integers(0, 4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_lists_equal_deciding_every_position_with_both_rulebooks(
    city: Institution, seed: int, rules: int, lifts: int
) -> None:
    random = Random(seed)
    before, known = random_rulebook(random, rules, lifts), random_grounds(random, city)
    for after in drafts_for(random, before):
        found = flips_between(before, after, known, city).found
        assert {(f.position, f.mode): (f.kinds, f.before, f.after) for f in found} == decided_in_python(
            before, after, city, known
        )


def test_rulebooks_that_do_not_fit_one_statement_are_judged_side_by_side_with_the_same_lists(
    city: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(3)
    before, known = random_rulebook(random, 6, 1), random_grounds(random, city)
    tried = 0

    def too_many(*_asked: object) -> None:
        nonlocal tried
        tried += 1
        raise TooManyRules("no room for both")

    for after in (Rulebook((*before.rules, random_rule(random, "D", Prohibit()))) for _ in range(6)):
        together = set(flips_between(before, after, known, city).found)
        with monkeypatch.context() as patched:
            patched.setattr(flip_screening, "moved_positions", too_many)
            assert set(flips_between(before, after, known, city).found) == together
    assert tried, "some draft moves bounds only"


def test_each_of_the_three_lists_is_filled_by_some_draft(city: Institution) -> None:
    random = Random(5)
    seen: set[FlipKind] = set()
    for _ in range(12):
        before, known = random_rulebook(random, 4, 1), random_grounds(random, city)
        for after in drafts_for(random, before):
            seen |= {kind for flip in flips_between(before, after, known, city).found for kind in flip.kinds}
    assert seen == set(FlipKind)


def test_a_new_citation_alone_flips_nothing_and_a_limit_is_a_changed_rule(city: Institution) -> None:
    random = Random(9)
    before, known = random_rulebook(random, 6, 1), random_grounds(random, city)
    cited = replace(before.rules[0], version=2, title="Judul baru")
    assert flips_between(before, Rulebook((cited, *before.rules[1:])), known, city).changes.codes == []
    limit = random_rule(random, "D", random_limit(random))
    assert isinstance(limit.effect, Limit)
    assert flips_between(before, Rulebook((*before.rules, limit)), known, city).changes.codes == ["D"]


def test_a_draft_is_read_as_it_would_be_once_published_and_only_while_its_instrument_is_in_force(cast: Cast) -> None:
    load_rules(actor=None, files=seed_files())
    row = drafted(cast)
    found = draft_spans(cast.institution, NOON, [row])
    assert [span.on for span in found] == [DAY], "one span: nothing differs after the instrument ends"
    assert found[0].until == DAY.replace(day=4), "the last day of the instrument"
    drafted_book = rulebook_with(cast.institution, DAY, NOON, [row])
    assert "LOKET" not in rulebook(cast.institution, DAY, NOON).by_code
    assert "LOKET" in drafted_book.by_code
    published(cast)
    assert rulebook(cast.institution, DAY, NOON).by_code["LOKET"] == drafted_book.by_code["LOKET"]
    after = DAY.replace(day=5)
    assert "LOKET" not in rulebook_with(cast.institution, after, NOON, [row]).by_code


def test_the_page_of_a_draft_lists_who_flips_and_is_not_there_for_anybody_without_the_grant(cast: Cast) -> None:
    load_rules(actor=None, files=seed_files())
    row = drafted(cast)
    make_positions(cast.agency, [{"task.exposure": None}])
    url = f"{ADMIN}/ruleversion/dampak/?v={row.pk}"
    writer = signed_in(cast.rules_administrator)
    page = writer.get(url)
    assert page.status_code == 200
    assert "1 Juli 2025" in page.content.decode()
    assert url in writer.get(f"{ADMIN}/ruleversion/{row.pk}/terbitkan/").content.decode(), "asked before publication"
    assert url in writer.get(f"{ADMIN}/ruleversion/{row.pk}/change/").content.decode()
    neighbour = person("neighbour", Role.RULES_ADMINISTRATOR, InstitutionFactory.create(code="kota-tetangga"))
    for user in (neighbour, cast.outsider, cast.hr_officer):
        assert signed_in(user).get(url).status_code == 404, user.username
    for wrong in ("", "?v=0", f"?v={row.pk}&v=0", f"?v={row.pk}&instansi=kota-tetangga"):
        assert writer.get(f"{ADMIN}/ruleversion/dampak/{wrong}").status_code == 404, wrong
    published(cast)
    assert writer.get(url).status_code == 404, "what is published is no draft"


def test_rows_and_files_of_a_list_are_for_who_writes_there_and_name_jobs_only(cast: Cast) -> None:
    load_rules(actor=None, files=seed_files())
    text = counter_text(effect="attach", condition_kind="text", condition_text="Lapor sebelum mulai.", applies=())
    instrument = circular(cast)
    everything = drafts.draft_version(
        actor=cast.rules_administrator, instrument=instrument, code="LAPOR", text=text, at=NOON
    )
    make_positions(cast.agency, [{"task.exposure": None}])
    writer = signed_in(cast.rules_administrator)
    url = f"{ADMIN}/ruleversion/dampak/?v={everything.pk}"
    flips = writer.get(url).context["flips"]
    conditions = [
        line for line in flips.lines if any(number for kind, _, number in line.counts if kind is FlipKind.CONDITIONS)
    ]
    assert conditions, "an open job gets a further condition"
    line = conditions[0]
    rows = f"{url}&daftar=conditions&bentuk={line.mode.value}&opd={line.agency.pk}"
    page = writer.get(rows).content.decode()
    assert 'id="daftar"' in page
    assert writer.get(f"{rows}&unduh=csv").status_code == 200
    names = Employee.objects.values_list("name", flat=True)
    assert not [name for name in names if name in page]
    assert 'id="daftar"' not in writer.get(rows.replace("conditions", "lain")).content.decode()
    assert signed_in(cast.outsider).get(f"{rows}&unduh=csv").status_code == 404
