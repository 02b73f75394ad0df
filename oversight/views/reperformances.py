"""The pages of deciding again: the runs, one run with what differs, and the form that starts one."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.access import acting_for_all, get_standing
from agencies.clock import today
from agencies.exporting.answers import exported, exported_people
from agencies.forms.frame import posted
from agencies.models import Role, User
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from oversight import access
from oversight.background import start_reperformance
from oversight.forms.reperformance import ReperformanceForm
from oversight.pages.reperformances import difference_table, run_page, run_table, runs_page


@login_required
@require_safe
@never_cache
def listing(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The runs, the newest first."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    on = today(standing.institution)
    if file := exported(request, partial(run_table, standing, request.user, on), "dinilai-ulang"):
        return file
    runs = runs_page(standing, request.user, request.GET, timezone.now())
    context = {"standing": standing, "institution": standing.institution, "runs": runs}
    return render(request, "oversight/reperformances.html", context)


@login_required
@require_safe
@never_cache
def one(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """One run with what differs; where it tells of employees' cases, the read is logged."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    made = partial(difference_table, standing, request.user, pk, today(standing.institution))
    if file := exported_people(request, standing, ReadPage.CASES, made, f"dinilai-ulang-{pk}"):
        return file
    page = run_page(standing, request.user, pk, request.GET)
    if page.approvals:
        count = page.approvals
        note_read(reader=request.user, standing=standing, page=ReadPage.CASES, at=timezone.now(), count=count)
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/reperformance.html", context)


@login_required
def start(request: HttpRequest, institution: str) -> HttpResponse:
    """Decide everything again, now or in the background; only who inspects the whole institution starts a run."""
    standing = get_standing(request.user, institution)
    acting_for_all(standing, Role.INSPECTOR)
    assert isinstance(request.user, User)
    user, back, form = request.user, reverse("reperformances", args=[institution]), ReperformanceForm(posted(request))

    def act() -> object:
        done = start_reperformance(user, standing.institution, form.cleaned_data["since"], timezone.now())
        now = _("Everything was decided again; the newest run stands first.")
        later = _("This takes longer than a page can wait: the background does it, and the run stands here then.")
        messages.success(request, now if done else later)
        return done

    page = ActPage(
        standing,
        title=_("Decide again"),
        button=_("Decide again now"),
        crumbs=(Crumb(_("Decided again"), back), Crumb(_("Decide again"))),
        back=back,
        lead=_("Every Penetapan and approval is decided again from what was known then. Nothing of it is changed."),
    )
    return act_page(request, page, form, act)
