"""Asking for many employees at once with one plan: the list to choose from, and a result for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.access import Standing, get_standing
from agencies.clock import judged_day
from agencies.forms.frame import posted
from agencies.keys import is_key
from agencies.models import Posting
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import Crumb
from agencies.views.people_frame import frame, signed_in
from eligibility.arrangements.group_requests import Row, request_for_many
from eligibility.arrangements.planning import LONGEST
from eligibility.forms.requests import GroupForm
from eligibility.loading import NoLawInForce
from eligibility.pages.group_outlook import Outlook, outlooks
from eligibility.pages.reading import Reading, read
from eligibility.pages.request_groups import (
    CHECKED_TOGETHER,
    Chosen,
    agencies_in_charge,
    by_unit,
    candidates,
    employees_of,
    postings_of,
    with_outlook,
)
from eligibility.request_access import charge


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def group(request: HttpRequest, institution: str) -> HttpResponse:
    """Choose employees of an agency and one plan; what was made, or why not, is told for each."""
    standing, user = charge(get_standing(request.user, institution)), signed_in(request)
    on, now = clock.today(standing.institution), timezone.now()
    form = _form(request, standing)
    postings = postings_of(standing, form.chosen_agency(), on, now, user.employee_id)
    form.offer(employees_of(postings))
    if request.method != "POST" or request.POST.get("do") in ("list", "look"):
        note_read(reader=user, standing=standing, page=ReadPage.ARRANGEMENTS, at=now, count=len(postings))
    results: Sequence[Row] = ()
    if _wish(request) == "send" and form.is_valid():
        plans = [(employee, form.plan()) for employee in form.cleaned_data["employees"]]
        made = request_for_many(actor=user, plans=plans, on=on)
        results = with_outlook(standing.institution, made, on, timezone.now())
    return render(request, "eligibility/arrangement_group.html", _context(request, standing, form, postings, results))


def _wish(request: HttpRequest) -> str:
    """What the pressed button asks for; empty where the page is only opened."""
    return request.POST.get("do", "send") if request.method == "POST" else ""


def _form(request: HttpRequest, standing: Standing) -> GroupForm:
    """The form with the agency that the address names; Http404 where there is none to choose from."""
    agencies = agencies_in_charge(standing, clock.today(standing.institution))
    if not agencies:
        raise Http404
    initial = {"agency": request.GET.get("opd", agencies[0].code), "mode": request.GET.get("bentuk", "")}
    sent = posted(request)
    chosen = GroupForm(sent, institution=standing.institution, agencies=agencies, initial=initial)
    if sent is not None and _wish(request) != "send":
        # To list another agency, or to add a row, is no sending: nothing is found wrong yet.
        return GroupForm(institution=standing.institution, agencies=agencies, initial=chosen.as_typed(sent))
    return chosen


def _context(
    request: HttpRequest, standing: Standing, form: GroupForm, postings: list[Posting], results: Sequence[Row]
) -> dict[str, object]:
    reading, mode, looked = _reading(request, standing), form.chosen_mode(), _wish(request) == "look"
    made = [row for row in results if row.done]
    ticked = _ticked(request, form, {row.employee.pk for row in made})
    wanted = _asked_to_look(postings, ticked)
    outlook = _outlook(request, standing, form, wanted[:CHECKED_TOGETHER]) if looked else None
    rows = candidates(reading, postings, mode, ticked, outlook)
    more = {"made": made, "results": results, "agency": form.chosen_agency(), "mode": mode, "crumbs": _crumbs(standing)}
    more |= {"looked": looked, "outlook": outlook, "wanted": len(wanted), "most": CHECKED_TOGETHER}
    return frame(standing, form=form, rows=rows, groups=by_unit(rows, form.chosen_agency()), **more)


def _asked_to_look(postings: list[Posting], ticked: Chosen) -> list[Posting]:
    """Those ticked; all where nobody is."""
    return [row for row in postings if row.employee_id in ticked.keys] or postings


def _outlook(
    request: HttpRequest, standing: Standing, form: GroupForm, postings: list[Posting]
) -> Mapping[int, Outlook] | None:
    """How the plan stands for each posting, all examined together; None while form, days or period are not given."""
    agencies = list(form.agencies.values())
    typed = GroupForm(posted(request), institution=standing.institution, agencies=agencies)
    asked = typed.request(clock.today(standing.institution))
    if asked is None or (asked.ends_on - asked.starts_on).days >= LONGEST:
        return None
    return outlooks(standing, postings, typed.plan(), asked, timezone.now())


def _ticked(request: HttpRequest, form: GroupForm, done: set[int]) -> Chosen:
    """Whose boxes are ticked when the page is shown again; whose request is made is ticked no more."""
    wish = _wish(request)
    if wish in ("all", "suited", "none"):
        return Chosen(everybody=wish == "all", suited=wish == "suited")
    typed = map(str, form["employees"].value() or ())
    keys = frozenset(int(key) for key in typed if is_key(key))
    return Chosen(keys - done)


def _reading(request: HttpRequest, standing: Standing) -> Reading | None:
    """What positions are judged with today; None where no law is known."""
    try:
        return read(standing.institution, judged_day(request, standing.institution))
    except NoLawInForce:
        return None


def _crumbs(standing: Standing) -> tuple[Crumb, ...]:
    code = standing.institution.code
    home = Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}")
    listed = Crumb(_("Fleksibilitas Kerja"), reverse("arrangements", args=[code]))
    return home, listed, Crumb(_("Ask for many at once"))
