"""Days worked under an arrangement: the list, writing days down, taking one back."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from agencies.access import Standing, acting_as, get_standing
from agencies.clock import today
from agencies.forms.frame import posted
from agencies.models import User
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from eligibility.actions.worked_days import OWN_DAYS, record_worked_days, withdraw_worked_day
from eligibility.arrangement_access import IN_CHARGE, get_arrangement
from eligibility.forms.worked_days import WithdrawWorkedDayForm, WorkedDaysForm
from eligibility.models import Arrangement
from eligibility.request_access import is_own


@login_required
@never_cache
def record(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The days recorded, and the form that adds some."""
    standing, found = _found(request, institution, pk)
    if is_own(_actor(request), found):
        return _elsewhere(request, found)
    form = WorkedDaysForm(posted(request))

    def act() -> object:
        typed = form.cleaned_data
        return record_worked_days(
            actor=_actor(request),
            arrangement=found,
            days=typed["days"],
            source=typed["source"],
            on=today(standing.institution),
        )

    page = _page(standing, found, _("Days worked by this arrangement"), _("Record the days"))
    rows = found.worked_days.current().select_related("recorded_by")
    return act_page(request, page, form, act, done=_("The days were recorded."), rows=rows, arrangement=found)


@login_required
@never_cache
def withdraw(request: HttpRequest, institution: str, pk: int, day: str) -> HttpResponse:
    """Take back a day that was recorded wrongly."""
    standing, found = _found(request, institution, pk)
    if is_own(_actor(request), found):
        return _elsewhere(request, found)
    chosen = _day_of(day)
    if not found.worked_days.filter(on=chosen).exists():
        raise Http404
    if not found.worked_days.current().filter(on=chosen).exists():
        messages.info(request, _("This day was taken back already."))
        return redirect("worked_days", institution, pk)
    form = WithdrawWorkedDayForm(posted(request))

    def act() -> object:
        return withdraw_worked_day(actor=_actor(request), arrangement=found, day=chosen)

    title = _("Take back %(day)s as a day worked") % {"day": date_format(chosen)}
    page = _page(standing, found, title, _("Take back"), template="agencies/act_page.html", back="worked_days")
    return act_page(request, page, form, act, done=_("The day was taken back."))


def _found(request: HttpRequest, institution: str, pk: int) -> tuple[Standing, Arrangement]:
    """An arrangement that was once approved, for who is in charge of it; the reading of it is noted."""
    standing = acting_as(get_standing(request.user, institution), *IN_CHARGE)
    found = get_arrangement(standing, _actor(request), pk, timezone.now())
    if found.approved_at is None:
        raise Http404
    note_read(
        reader=_actor(request),
        standing=standing,
        page=ReadPage.ARRANGEMENT,
        at=timezone.now(),
        employee=found.employee,
    )
    return standing, found


def _elsewhere(request: HttpRequest, found: Arrangement) -> HttpResponse:
    """Back to her own arrangement, in whose days she does not write."""
    messages.info(request, OWN_DAYS)
    return redirect("arrangement", found.institution.code, found.pk)


def _day_of(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as mistyped:
        raise Http404 from mistyped


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(
    standing: Standing,
    found: Arrangement,
    title: str,
    button: str,
    *,
    template: str = "eligibility/worked_days.html",
    back: str = "arrangement",
) -> ActPage:
    code = standing.institution.code
    here = reverse("arrangement", args=[code, found.pk])
    days = reverse("worked_days", args=[code, found.pk])
    crumbs = (
        Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}"),
        Crumb(_("Fleksibilitas Kerja"), reverse("arrangements", args=[code])),
        Crumb(str(found.employee), here),
        Crumb(title),
    )
    return ActPage(
        standing=standing,
        title=title,
        button=button,
        crumbs=crumbs,
        back=here if back == "arrangement" else days,
        after=days,
        template=template,
    )
