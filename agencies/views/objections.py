"""Objections of employees as HR officers see them: those that wait, and the answer to one."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access
from agencies.actions import objections as acts
from agencies.clock import today
from agencies.exporting.answers import exported_people
from agencies.forms.frame import posted
from agencies.forms.objections import AnswerForm
from agencies.models import Objection
from agencies.pages.objections import lines, objection_list, objection_table
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.people_frame import crumbs_of, frame, signed_in, writer_of


@login_required
@require_safe
@never_cache
def objections(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The objections in sight that wait for an answer, or all."""
    standing = writer_of(request, institution)
    seen, owner = access.visible_objections(standing), standing.institution
    made = partial(objection_table, owner, seen, request.GET, today(owner))
    if file := exported_people(request, standing, ReadPage.OBJECTIONS, made, "keberatan-data"):
        return file
    listed = objection_list(seen, request.GET)
    people = len({line.objection.employee_id for line in listed.lines})
    note_read(reader=signed_in(request), standing=standing, page=ReadPage.OBJECTIONS, at=timezone.now(), count=people)
    return render(request, "agencies/people_objections.html", frame(standing, listed=listed))


@login_required
@never_cache
def answer(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """What an employee says is wrong, and the answer."""
    standing = writer_of(request, institution)
    found = access.get_objection(standing, pk)
    if request.method != "POST":
        reader, page = signed_in(request), ReadPage.OBJECTION
        note_read(reader=reader, standing=standing, page=page, at=timezone.now(), employee=found.employee)
    form = AnswerForm(posted(request))
    back = reverse("objections", args=[institution])
    title = _("Objection of %(name)s") % {"name": found.employee.name}
    crumbs = (crumbs_of(standing)[0], Crumb(_("Objections to facts about employees"), back), Crumb(title))
    surroundings = ActPage(
        standing, title, _("Send the answer"), crumbs, back=back, template="agencies/people_objection.html"
    )

    def act() -> object:
        values = form.values()
        accepted = values["state"] == Objection.State.ACCEPTED
        carry_out = acts.accept_objection if accepted else acts.refuse_objection
        return carry_out(actor=signed_in(request), objection=found, answer=values["answer"])

    done = _("The employee reads your answer in her own file.")
    return act_page(request, surroundings, form, act, done=done, line=lines([found])[0])
