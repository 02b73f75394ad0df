"""Who is told what: a notice in the portal, an e-mail once the act is done, never why, never at the cost of the act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import TestCase
from pytest_django import Settings

from agencies.actions.personal_records import record_row
from agencies.models import DisciplineGate
from eligibility.actions.approvals import approve_request
from eligibility.arrangements.notices import NoticeCode, notice_sentence, notice_title
from eligibility.models import Notice
from tests.arranged_city import AT, TODAY, ArrangedCity, written
from tests.eligibility.approving import NOW, waiting


def told(arranged: ArrangedCity) -> list[tuple[str, str]]:
    """Code and reader of each notice, in the order of writing."""
    return list(Notice.objects.order_by("pk").values_list("code", "user__username"))


def test_each_is_told_what_waits_for_her_and_what_became_of_it(arranged: ArrangedCity) -> None:
    row = waiting(arranged)
    approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    gate = DisciplineGate(employee=arranged.asker, kind="medium", basis="pp_94_2021", starts_on=TODAY)
    record_row(actor=None, row=gate, at=AT + timedelta(hours=1))
    assert told(arranged) == [
        ("waits", "unit_head"),
        ("waits", "agency_head"),
        ("approved", "employee"),
        ("suspended", "employee"),
        ("suspended_staff", "unit_head"),
    ]


def test_mail_goes_out_after_the_commit_and_never_says_why(arranged: ArrangedCity) -> None:
    account = arranged.asker_account
    account.email = "nita@contoh.example"
    account.save(update_fields=["email"])
    row = waiting(arranged)
    with TestCase.captureOnCommitCallbacks(execute=False) as sending:
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    assert not mail.outbox
    for send in sending:
        send()
    assert [message.to for message in mail.outbox] == [["nita@contoh.example"]]
    assert Notice.objects.get(code="approved").mailed_at is not None
    assert Notice.objects.get(code="waits", user=arranged.head_account).mailed_at is None  # no address is known
    gate = DisciplineGate(employee=arranged.asker, kind="medium", basis="pp_94_2021", starts_on=TODAY)
    with TestCase.captureOnCommitCallbacks(execute=True):
        record_row(actor=None, row=gate, at=AT + timedelta(hours=1))
    said = (mail.outbox[-1].subject + str(mail.outbox[-1].body)).lower()
    assert len(mail.outbox) == 2
    assert not [word for word in ("disiplin", "discipline", "pasal", "syarat", "nita", "jalan") if word in said]


def test_a_mail_server_that_is_down_holds_nothing_up(
    arranged: ArrangedCity, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    arranged.asker_account.email = "nita@contoh.example"
    arranged.asker_account.save(update_fields=["email"])
    row = waiting(arranged)
    with TestCase.captureOnCommitCallbacks(execute=True):
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    notice = Notice.objects.get(code="approved")
    assert notice.mailed_at is None
    assert f"Notice {notice.pk}" in caplog.text
    assert "nita@" not in caplog.text


def test_every_notice_has_its_words(arranged: ArrangedCity) -> None:
    row = written(arranged, state="suspended", suspended_on=TODAY)
    for code in NoticeCode:
        assert notice_title(code.value)
        assert "%" not in notice_sentence(code.value, row)
