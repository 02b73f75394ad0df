"""What the header needs for the pages of one's own: whether there is one, and how many notices are unread."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.db.models import Count, Q
from django.template import Context

from agencies.access import Standing
from agencies.models import User
from eligibility.pages.notices import notices_of
from eligibility.request_access import employee_here

register = template.Library()


@dataclass(frozen=True, slots=True)
class Told:
    """Notices of an account, and those of them not read yet."""

    total: int
    unread: int


@register.simple_tag(takes_context=True)
def notices_told(context: Context, standing: Standing | None = None) -> Told:
    """How many notices the user has in the institution of the page, in one query."""
    user = context["request"].user
    # On a page without an institution the template gives an empty text for it.
    if not isinstance(standing, Standing) or not isinstance(user, User):
        return Told(0, 0)
    counted = notices_of(standing, user).aggregate(
        total=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True))
    )
    return Told(**counted)


@register.simple_tag(takes_context=True)
def has_own_page(context: Context, standing: Standing | None = None) -> bool:
    """Whether the account belongs to an employee of the institution of the page."""
    user = context["request"].user
    if not isinstance(standing, Standing) or not isinstance(user, User) or user.employee_id is None:
        return False
    return employee_here(standing, user) is not None
