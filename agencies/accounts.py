"""What pages tell of accounts: their roles, in force, coming and ended, and what stands in the way of signing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.db.models import Q, Sum
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.exporting.choices import choices_of
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.granting import Authority, why_not_managed
from agencies.masking import masked_nip
from agencies.models import Agency, Grant, Institution, User
from agencies.paging import SIZE, keyset_page
from agencies.querysets import GrantQuerySet


class State(StrEnum):
    """How a grant stands on a day; the values are those of the filter in the address."""

    IN_FORCE = "berlaku"
    COMING = "mendatang"
    ENDED = "berakhir"

    @property
    def label(self) -> str:
        """The word on the page."""
        words = {State.IN_FORCE: _("In force"), State.COMING: _("Coming"), State.ENDED: _("Ended")}
        return words[self]


def state_of(grant: Grant, on: date) -> State:
    """Whether a grant is in force on a day, comes later or has ended."""
    if grant.valid_from > on:
        return State.COMING
    if grant.valid_until is not None and grant.valid_until < on:
        return State.ENDED
    return State.IN_FORCE


@dataclass(frozen=True)
class GrantRow:
    """A grant as a list shows it."""

    grant: Grant
    state: State


@dataclass(frozen=True)
class OwnAccount:
    """An account as its owner sees it, with every grant she ever held."""

    user: User
    rows: tuple[GrantRow, ...]


def rows_of(grants: list[Grant], on: date) -> tuple[GrantRow, ...]:
    """The grants with their state: in force first, then coming, then ended."""
    rows = [GrantRow(grant, state_of(grant, on)) for grant in grants]
    return tuple(sorted(rows, key=lambda row: list(State).index(row.state)))


def own_account_page(user: User, on: date) -> OwnAccount:
    """Everything the account may do, may do later and could do once."""
    grants = user.grants.select_related("institution", "agency").order_by("institution__name", "-valid_from", "pk")
    return OwnAccount(user, rows_of(list(grants), on))


# -- The list of who may do what, and one account -------------------------------------------

LIST_ORDER: Final = ("user__username", "pk")
PRINTED: Final = 5000
"""How many rows the list shows at once to be printed."""


@dataclass(frozen=True)
class UsersPage:
    """Who may do what, where and since when; the rows of one page, and how many there are in all."""

    rows: tuple[GrantRow, ...]
    total: int
    previous: int | None
    next: int | None
    locked: tuple[User, ...]


@dataclass(frozen=True)
class AccountPage:
    """An account within an administrator's reach; `why_not` says why she may not manage it, empty where she may."""

    user: User
    rows: tuple[GrantRow, ...]
    elsewhere: bool
    locked: bool
    why_not: str
    nip: str


def narrowed(grants: GrantQuerySet, chosen: Mapping[str, Any], on: date) -> GrantQuerySet:
    """The grants that fit a filter: text in the name, role, agency with those below, and state on a day."""
    text = chosen.get("cari")
    if text:
        grants = grants.filter(Q(user__username__icontains=text) | Q(user__first_name__icontains=text))
    if chosen.get("peran"):
        grants = grants.filter(role=chosen["peran"])
    if chosen.get("opd"):
        agency = chosen["opd"]
        grants = grants.filter(agency__in=Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk]))
    match chosen.get("keadaan") or State.IN_FORCE:
        case State.IN_FORCE:
            grants = grants.in_force(on)
        case State.COMING:
            grants = grants.filter(valid_from__gt=on)
        case State.ENDED:
            grants = grants.filter(valid_until__lt=on)
    return grants.select_related("user", "agency", "institution", "given_by")


def users_table(institution: Institution, grants: GrantQuerySet, chosen: forms.Form, on: date) -> ExportTable:
    """All grants that fit, as the list names them; where no state is asked for, those in force."""
    usual = () if chosen.cleaned_data.get("keadaan") else ((_("State of the role"), State.IN_FORCE.label),)
    return ExportTable(
        title=_("Users and roles"),
        institution=institution,
        on=on,
        filters=(*choices_of(chosen), *usual),
        fingerprint=None,
        columns=(
            Column(_("User name")),
            Column(_("Name"), width=30),
            Column(_("Role")),
            Column(_("Agency"), width=36),
            Column(_("First day"), "date", 14),
            Column(_("Last day"), "date", 14),
            Column(_("State of the role"), width=14),
            Column(_("Account"), width=12),
            Column(_("Given by")),
        ),
        rows=told_in_parts(grants.order_by(*LIST_ORDER), lambda part: (_cells(grant, on) for grant in part)),
    )


def _cells(grant: Grant, on: date) -> tuple[Cell, ...]:
    user = grant.user
    return (
        user.username,
        user.first_name,
        grant.get_role_display(),
        grant.agency.name if grant.agency else _("The whole institution"),
        grant.valid_from,
        grant.valid_until,
        state_of(grant, on).label,
        pgettext("account", "open") if user.is_active else pgettext("account", "closed"),
        grant.given_by.username if grant.given_by else None,
    )


def users_page(seen: GrantQuerySet, grants: GrantQuerySet, query: QueryDict, at: datetime) -> UsersPage:
    """One page of the grants; `seen` are all within reach, among which locked accounts are looked for."""
    size = PRINTED if query.get("cetak") else SIZE
    page = keyset_page(grants, query, LIST_ORDER, size=size)
    on = localtime(at).date()
    rows = tuple(GrantRow(grant, state_of(grant, on)) for grant in page.rows)
    names = locked_names(at)
    locked = User.objects.filter(username__in=names, pk__in=seen.values("user")).order_by("username") if names else ()
    return UsersPage(rows, grants.count(), page.previous, page.next, tuple(locked))


def account_page(reach: Authority, user: User, seen: GrantQuerySet, at: datetime) -> AccountPage:
    """The account with its grants within reach; of others it is only said that there are some."""
    on = localtime(at).date()
    within = list(seen.filter(user=user).select_related("agency", "institution", "given_by").order_by("-valid_from"))
    return AccountPage(
        user=user,
        rows=rows_of(within, on),
        elsewhere=user.grants.exclude(pk__in=[grant.pk for grant in within]).exists(),
        locked=user.username in locked_names(at),
        why_not=why_not_managed(reach, user, on),
        nip=masked_nip(user.employee.nip) if user.employee else "",
    )


def locked_names(at: datetime) -> frozenset[str]:
    """The user names, as typed, whose sign-in is locked from some address at a moment."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=at - settings.AXES_COOLOFF_TIME, username__isnull=False)
    tried = recent.order_by().values("username", "ip_address").annotate(failures=Sum("failures_since_start"))
    return frozenset(tried.filter(failures__gte=settings.AXES_FAILURE_LIMIT).values_list("username", flat=True))
