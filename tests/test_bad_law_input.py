"""A thousand broken submissions to the administration of the law: each is answered at its field, none is stored."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db import connection
from django.http import QueryDict
from django.test import Client

from agencies.signing import is_public_key, public_key_of
from eligibility.actions import drafts, instrument_drafts, rule_cases
from eligibility.case_runs import open_cases
from eligibility.forms.law.cases import writing_case
from eligibility.forms.law.files import SenderKeyForm
from eligibility.forms.law.instruments import Circular, circular
from eligibility.forms.law.rows import BaseRows
from eligibility.forms.law.sentences import Sentence, sentence
from eligibility.models import Instrument, Provision, RuleVersion, SenderKey
from tests.acts.drafts import DAY, NOON, published
from tests.acts.drafts import circular as drafted_circular
from tests.bad_input.breaking import Broken, broken
from tests.bad_input.sending import quoted
from tests.base import Cast
from tests.eligibility.law_typing import ADMIN, rows

LEAST: Final = {"sqlite": 1000, "postgresql": 100}
"""How many are answered at least, by database: the forms are the same, only what a column takes is not."""
STEP: Final = {"sqlite": 1, "postgresql": 6}
"""Of the broken submissions of a case each database takes every one, or every sixth for the same reason."""
COUNTED: Final = "_FORMS"
"""How many rows are sent; a browser counts them, and another number takes others in or leaves some out."""
RULE_ROWS: Final[Mapping[str, list[dict[str, Any]]]] = {
    "applies": [
        {"fact": "task.exposure", "operator": "one_of", "values": ["direct"]},
        {"fact": "task.with_tik", "operator": "is", "values": "yes"},
        {"fact": "task.hours_per_day", "operator": "at_least", "values": "8"},
        {"fact": "agency.code", "operator": "one_of", "values": ["Dinkes"]},
    ],
    "requires": [],
    "lifts": [],
    "exceptions": [{"group": "1", "fact": "employee.kind", "operator": "is", "values": ["pns"]}],
}
CIRCULAR_ROWS: Final[Mapping[str, list[dict[str, Any]]]] = {
    "periods": [{"starts_on": "2025-07-01", "ends_on": "2025-07-04", "basis": "SE 7", "open_note": ""}],
    "scopes": [{"agency_code": "Dinkes", "with_subtree": "on", "agency_kind": "", "unit_code": ""}],
    "provisions": [
        {"reference": "Angka 1", "summary": "Isi", "mark": "1", "quote": "", "url": "", "open_note": ""},
    ],
}


@dataclass(frozen=True)
class Page:
    """A form of the administration, with every field rightly filled in."""

    url: str
    right: Mapping[str, Any]
    fields: Mapping[str, forms.Field]

    def spoilt(self) -> Iterator[tuple[str, Broken]]:
        """Everything that can be wrong with one field."""
        for name, field in self.fields.items():
            now = self.right.get(name, "")
            valid = str(now[0] if isinstance(now, list) else now)
            yield from ((name, one) for one in broken(field, valid, {}))


def rule_page(cast: Cast) -> Page:
    """The form of a rule."""
    place = Provision.objects.get(instrument=drafted_circular(cast))
    right: dict[str, Any] = {
        "code": "ATURAN-1",
        "provision": str(place.pk),
        "title": "Paling banyak separuh",
        "effective_from": "2025-07-01",
        "known_from": "2025-06-25",
        "subject": "task",
        "modes": ["home", "other_office"],
        "effect": "limit",
        "limit": "share_of_staff:most",
        "limit_value": "50",
        "limit_population": "all",
        "limit_per": "agency",
        "limit_counting": "any_day",
    }
    for part, given in RULE_ROWS.items():
        right |= rows(part, given)
    return Page(f"{ADMIN}/ruleversion/add/", right, _fields(sentence(cast.institution, _sent(right), today=DAY)))


def circular_page(cast: Cast) -> Page:
    """The form of an instrument."""
    right: dict[str, Any] = {
        "code": "SE-7",
        "title": "SE 7/2025",
        "number": "7/2025",
        "issued_on": "2025-06-25",
        "issuer": "Wali Kota",
        "subject": "Sistem kerja",
        "layer": "50",
        "known_from": "2025-06-25",
        "url": "https://contoh.go.id/se-7",
        "open_note": "",
    }
    for part, given in CIRCULAR_ROWS.items():
        right |= rows(part, given)
    return Page(f"{ADMIN}/instrument/add/", right, _fields(circular(cast.institution, _sent(right), today=DAY)))


def key_page() -> Page:
    """The form of a key that signs files of rules."""
    right = {"public_key": public_key_of(bytes(32)), "holder": "Menteri", "source": "Surat 3/2025", "trusted": "on"}
    return Page(f"{ADMIN}/senderkey/add/", right, SenderKeyForm().fields)


def case_page(cast: Cast) -> Page:
    """The form of a case beside the published rule of the counter."""
    right: dict[str, Any] = {
        "title": "Loket",
        "institution": cast.institution.code,
        "on": "2025-07-01",
        "mode": "home",
        "position": "",
        "task": "1",
        "outcome": "not_eligible",
        "deciding": "LOKET",
    }
    right |= rows("facts", [{"fact": "task.exposure", "value": "direct"}, {"fact": "task.with_tik", "value": "yes"}])
    reached = [cast.institution]
    form = writing_case(reached, reached, _sent(right), DAY, NOON)
    fields = {**form.form.fields, **_fields_of_rows(form.rows)}
    return Page(f"{ADMIN}/ruleversion/{published(cast).pk}/kasus/", right, fields)


def _sent(right: Mapping[str, Any]) -> Any:
    return QueryDict(_body(right))


def _fields(form: Sentence | Circular) -> dict[str, forms.Field]:
    """The fields of the form and of its written rows, by the names under which they are sent."""
    found: dict[str, forms.Field] = dict(form.form.fields)
    for rows_of in form.rows.values():
        found |= _fields_of_rows(rows_of)
    return found


def _fields_of_rows(rows_of: BaseRows) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for row in rows_of.forms[:-1]:
        found |= {row.add_prefix(name): field for name, field in row.fields.items()}
    return found | {f"{rows_of.prefix}-{name}": forms.IntegerField() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


def _body(values: Mapping[str, Any]) -> str:
    lists = ((name, sent if isinstance(sent, list | tuple) else [sent]) for name, sent in values.items())
    return "&".join(f"{quoted(name)}={quoted(str(text))}" for name, sent in lists for text in sent)


def send(client: Client, page: Page, changed: Mapping[str, Broken], button: str) -> Any:
    """The answer to the rightly filled form with these fields broken."""
    values: dict[str, Any] = {**page.right, button: "1"}
    for name, one in changed.items():
        if one.sent is None:
            values.pop(name, None)
        else:
            values[name] = one.sent
    return client.post(page.url, _body(values), content_type="application/x-www-form-urlencoded")


def test_a_thousand_broken_submissions_are_answered_and_none_is_stored(cast: Cast, client: Client) -> None:
    client.force_login(cast.rules_administrator)
    draw = random.Random(6)
    pages = [rule_page(cast), circular_page(cast), key_page()]
    wrong = [(page, {name: one}) for page in pages for name, one in page.spoilt()]
    draw.shuffle(wrong)
    stored = (Instrument.objects.count(), RuleVersion.objects.count())
    answered, least = 0, LEAST[connection.vendor]
    for page, changed in wrong[: least + least // 5]:
        ((name, one),) = changed.items()
        answer = send(client, page, changed, draw.choice(("_save", "_save", "_save", "_refresh", "_words")))
        assert answer.status_code in (200, 302, 400), (name, one.what)
        if answer.status_code == 302:
            assert not one.surely or name.endswith(COUNTED), (name, one.what)
            _remove(cast)
            continue
        answered += 1
        assert "<script>alert(" not in answer.content.decode(), (name, one.what)
    assert answered >= least
    assert (Instrument.objects.count(), RuleVersion.objects.count()) == stored
    assert all(is_public_key(row.public_key) and row.holder and row.source for row in SenderKey.objects.all())


def _remove(cast: Cast) -> None:
    """Discard what a submission that may be meant has drafted."""
    for row in RuleVersion.objects.drafts():
        drafts.discard_draft(actor=cast.rules_administrator, version=row)
    for instrument in Instrument.objects.exclude(code="SE-9-2025"):
        instrument_drafts.discard_instrument(actor=cast.rules_administrator, instrument=instrument)


def test_broken_submissions_of_a_case_are_answered_and_what_surely_is_wrong_is_not_stored(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.rules_administrator)
    page, draw = case_page(cast), random.Random(7)
    for name, one in [*page.spoilt()][:: STEP[connection.vendor]]:
        answer = send(client, page, {name: one}, draw.choice(("_save", "_save", "_take")))
        assert answer.status_code in (200, 302), (name, one.what)
        assert "<script>alert(" not in answer.content.decode(), (name, one.what)
        if answer.status_code == 302:
            assert not one.surely or name.endswith(COUNTED), (name, one.what)
            (case,) = open_cases([published(cast).rule_id])
            rule_cases.close_case(actor=cast.rules_administrator, case=case)
    assert send(client, page, {}, "_save").status_code == 302
    assert open_cases([published(cast).rule_id]).count() == 1


def test_the_right_forms_are_taken(cast: Cast, client: Client) -> None:
    client.force_login(cast.rules_administrator)
    for page in (rule_page(cast), circular_page(cast), key_page()):
        assert send(client, page, {}, "_save").status_code == 302
    assert (RuleVersion.objects.drafts().count(), SenderKey.objects.count()) == (1, 1)
