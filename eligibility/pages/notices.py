"""What the portal has told an account, the latest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from agencies.access import Standing
from agencies.models import User
from agencies.paging import Page, keyset_page
from eligibility.arrangements.notices import notice_sentence, notice_title
from eligibility.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice; `own` says that it is about the reader's own arrangement."""

    notice: Notice
    title: str
    sentence: str
    own: bool


@dataclass(frozen=True)
class NoticeList:
    """One page of notices, and how many are unread in all."""

    lines: tuple[NoticeLine, ...]
    page: Page[Notice]
    unread: int


def notices_of(standing: Standing, user: User) -> QuerySet[Notice]:
    """The notices of the account in the institution."""
    return Notice.objects.filter(user=user, institution=standing.institution)


def notice_list(standing: Standing, user: User, query: QueryDict) -> NoticeList:
    """The page that the address asks for."""
    found = notices_of(standing, user)
    page = keyset_page(found.select_related("arrangement__employee"), query, ("-at", "-pk"))
    lines = tuple(
        NoticeLine(
            notice=one,
            title=notice_title(one.code),
            sentence=notice_sentence(one.code, one.arrangement),
            own=one.arrangement.employee_id == user.employee_id,
        )
        for one in page.rows
    )
    return NoticeList(lines, page, found.filter(read_at__isnull=True).count())
