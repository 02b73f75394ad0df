"""Who may do what: the list, one account, and the acts on it; for system administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies import access
from agencies.access import Standing
from agencies.accounts import account_page, narrowed, users_page, users_table
from agencies.actions import users
from agencies.actions.users import Issued
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.forms.users import ConfirmForm, UsersFilter
from agencies.granting import Authority
from agencies.models import Agency, Role, User
from agencies.querysets import GrantQuerySet
from agencies.views.acts import ActPage, Crumb, act_page


@dataclass(frozen=True)
class Desk:
    """What a system administrator has before her: her standing as one, the agencies and the grants she reaches."""

    actor: User
    standing: Standing
    agencies: QuerySet[Agency]
    grants: GrantQuerySet

    @property
    def reach(self) -> Authority:
        """How far she reaches, as the acts check it."""
        keys = None if self.standing.sees_all else frozenset(self.agencies.values_list("pk", flat=True))
        return Authority(self.actor, self.standing.institution, keys)

    def url(self, name: str, *parts: object) -> str:
        """An address in the institution."""
        return reverse(name, args=[self.standing.institution.code, *parts])

    def crumbs(self, title: str, user: User | None = None) -> tuple[Crumb, ...]:
        """The way from the hub to a page."""
        steps = [
            Crumb(pgettext("hub", "Administration"), self.url("hub")),
            Crumb(_("Users and roles"), self.url("users")),
        ]
        if user is not None:
            steps.append(Crumb(user.username, self.url("user", user.pk)))
        return (*steps, Crumb(title))


def desk_of(request: HttpRequest, institution: str) -> Desk:
    """The desk of the signed-in administrator; Http404 for everybody else."""
    standing = access.acting_as(access.get_standing(request.user, institution), Role.SYSTEM_ADMINISTRATOR)
    assert isinstance(request.user, User)  # who has a standing has an account
    return Desk(request.user, standing, access.visible_agencies(standing), access.visible_grants(standing))


def frame(desk: Desk, **more: Any) -> dict[str, Any]:
    """What every template here is given."""
    return {"standing": desk.standing, "institution": desk.standing.institution, "desk": desk, **more}


def slips_page(request: HttpRequest, desk: Desk, issued: Issued, back: str) -> HttpResponse:
    """The passwords that an act made, shown this once: no browser or proxy may keep the page."""
    response = render(request, "agencies/users_slips.html", frame(desk, slips=issued.slips, back=back))
    add_never_cache_headers(response)
    return response


@login_required
@require_safe
@never_cache
def index(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Who may do what, where and since when."""
    desk = desk_of(request, institution)
    chosen = _chosen(request, desk)
    now = timezone.now()
    on = timezone.localdate(now)
    grants = narrowed(desk.grants, chosen.cleaned_data, on)
    table = partial(users_table, desk.standing.institution, grants, chosen, on)
    if file := exported(request, table, "pengguna"):
        return file
    page = users_page(desk.grants, grants, request.GET, now)
    return render(request, "agencies/users_list.html", frame(desk, page=page, form=chosen))


def _chosen(request: HttpRequest, desk: Desk) -> UsersFilter:
    """The filter of the address; a part that cannot be read is left out and named at its field."""
    form = UsersFilter(request.GET, agencies=desk.agencies)
    form.full_clean()
    return form


@login_required
@require_safe
@never_cache
def show(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """One account with its roles and the acts on it."""
    desk = desk_of(request, institution)
    page = account_page(desk.reach, access.get_account(desk.standing, pk), desk.grants, timezone.now())
    crumbs = desk.crumbs(page.user.username)
    return render(request, "agencies/users_account.html", frame(desk, page=page, crumbs=crumbs))


@dataclass(frozen=True)
class _Words:
    """What the page of an act on an account says; `done` only where no page of passwords follows."""

    title: str
    lead: str
    button: str
    done: str = ""


def _act_on_account(
    request: HttpRequest, desk: Desk, user: User, words: _Words, act: Callable[..., object]
) -> HttpResponse:
    """Ask for confirmation in words, carry the act out, and show the password if it made one."""
    back = desk.url("user", user.pk)
    page = ActPage(
        standing=desk.standing,
        title=words.title,
        button=words.button,
        crumbs=desk.crumbs(words.title, user),
        back=back,
        after=desk.url("users") if user == desk.actor else back,
        lead=words.lead,
    )
    made: list[object] = []
    form = ConfirmForm(posted(request))

    def carry_out() -> object:
        made.append(act(actor=desk.actor, institution=desk.standing.institution, user=user))
        return made[0]

    response = act_page(request, page, form, carry_out, done=words.done)
    issued = made[0] if made else None
    return slips_page(request, desk, issued, back) if isinstance(issued, Issued) else response


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def reset(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Replace a password by a one-time password."""
    desk = desk_of(request, institution)
    user = access.get_account(desk.standing, pk)
    words = _Words(
        _("New password for %(name)s") % {"name": user.username},
        _("The old password stops at once and open sessions end. The new one is shown once, on the next page."),
        _("Make a one-time password"),
    )
    return _act_on_account(request, desk, user, words, users.reset_password)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def close(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Close an account."""
    desk = desk_of(request, institution)
    user = access.get_account(desk.standing, pk)
    words = _Words(
        _("Close the account %(name)s") % {"name": user.username},
        _("The account can no longer sign in and its sessions end at once. Its roles stay on record."),
        _("Close the account"),
        _("The account %(name)s is closed.") % {"name": user.username},
    )
    return _act_on_account(request, desk, user, words, users.close_account)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def reopen(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Reopen a closed account."""
    desk = desk_of(request, institution)
    user = access.get_account(desk.standing, pk)
    words = _Words(
        _("Reopen the account %(name)s") % {"name": user.username},
        _("The account can sign in again, with a one-time password that the next page shows once."),
        _("Reopen the account"),
    )
    return _act_on_account(request, desk, user, words, users.reopen_account)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def release(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Release a sign-in that wrong passwords have locked."""
    desk = desk_of(request, institution)
    user = access.get_account(desk.standing, pk)
    words = _Words(
        _("Release the sign-in of %(name)s") % {"name": user.username},
        _("The wrong passwords are forgotten, and the account can sign in at once. The password stays as it is."),
        _("Release the sign-in"),
        _("%(name)s can sign in again.") % {"name": user.username},
    )
    return _act_on_account(request, desk, user, words, users.release_sign_in)
