"""The pages that keep the tasks of positions: their facts, shares, services and holders."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.actions import task_facts, tasks
from agencies.clock import today
from agencies.exporting.answers import exported
from agencies.facts import FACTS
from agencies.forms.frame import posted
from agencies.forms.structure import ClosingForm
from agencies.forms.structure_tasks import FactForm, HoldersForm, ServicesForm, SharesForm, TaskForm
from agencies.mapping.agreed_sheets import agreed_sheets
from agencies.models import Agency, Employee, HolderTask, Posting, PublicService, Task, TaskProfile
from agencies.personal_data import ReadPage, note_read
from agencies.querysets import open_on
from agencies.task_pages import exposure_lead, fact_history, fact_words, in_words, task_page
from agencies.task_tables import fact_history_table, facts_table
from agencies.views.acts import Crumb, act_page
from agencies.views.structure import (
    close,
    closing_lead,
    officer,
    page_of_position,
    page_of_task,
    person,
    position_crumbs,
    save,
    something,
    task_label,
    touch_positions,
)


@login_required
@require_safe
@never_cache
def show(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """The facts of a task, each with its source and a way to change it."""
    standing = officer(request, institution)
    task, on = access.get_task(standing, pk), today(standing.institution)
    page = task_page(task, on)
    if file := exported(request, partial(facts_table, standing.institution, page, on), f"karakteristik-tugas-{pk}"):
        return file
    crumbs = position_crumbs(standing, task.position, Crumb(task_label(task)))
    _note_read(request, standing, len(page.holders))
    context = {"standing": standing, "institution": standing.institution, "page": page, "crumbs": crumbs}
    context["sheets"] = agreed_sheets(standing, task.position)
    return render(request, "agencies/structure_task.html", context)


def _note_read(request: HttpRequest, standing: Standing, count: int) -> None:
    note_read(reader=person(request), standing=standing, page=ReadPage.TASK_HOLDERS, at=timezone.now(), count=count)


@login_required
def add(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """A further task of a position."""
    standing = officer(request, institution)
    position = access.get_position(standing, pk)
    day = today(standing.institution)
    taken = sum(task.share or 0 for task in position.tasks.filter(open_on(day)))
    lead = _("The tasks recorded so far take %(sum)d percent of working time.") % {"sum": taken}
    return save(
        request,
        page_of_position(standing, position, _("Add a task"), _("Add the task"), lead),
        TaskForm(posted(request), row=None, day=day),
        tasks.add_task,
        lambda: touch_positions(standing, position.pk),
        _("The task is added. Answer its facts next."),
        position=position,
    )


@login_required
def correct(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The title of a task."""
    standing = officer(request, institution)
    task = access.get_task(standing, pk)
    return save(
        request,
        page_of_task(standing, task, _("Correct the task"), _("Save the correction")),
        TaskForm(posted(request), row=task, day=today(standing.institution)),
        tasks.correct_task,
        lambda: touch_positions(standing, task.position_id),
        _("The correction is saved."),
        task=task,
    )


@login_required
def close_task(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The day from which a task counts no more, or its opening again."""
    standing = officer(request, institution)
    task = access.get_task(standing, pk)
    return close(
        request,
        page_of_task(standing, task, _("Close the task"), _("Save the day"), closing_lead(task.closed_on)),
        ClosingForm(posted(request), closed_on=task.closed_on, day=today(standing.institution)),
        tasks.close_task,
        lambda on: touch_positions(standing, task.position_id, on=on),
        task=task,
    )


@login_required
def shares(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The shares of working time of all tasks of a position."""
    standing = officer(request, institution)
    position = access.get_position(standing, pk)
    day = today(standing.institution)
    form = SharesForm(posted(request), tasks=list(position.tasks.filter(open_on(day)).order_by("number")), day=day)

    def act() -> object:
        said = {name: form.cleaned_data[name] for name in ("source", "valid_from")}
        return something(tasks.set_task_shares(actor=person(request), position=position, shares=form.shares(), **said))

    page = page_of_position(standing, position, _("Shares of working time"), _("Save the shares"))
    page = replace(page, template="agencies/structure_shares.html")
    touch = touch_positions(standing, position.pk)
    return act_page(request, page, form, act, touch=lambda: touch, done=_("The shares are saved."), sum=form.sum)


@login_required
def fact(request: HttpRequest, institution: str, pk: int, column: str) -> HttpResponseBase:
    """One fact of a task, with what was recorded of it before."""
    standing = officer(request, institution)
    task = access.get_task(standing, pk)
    asked = FACTS.get(f"task.{column}")
    if asked is None:
        raise Http404
    day = today(standing.institution)
    words, now = fact_words(standing.institution, asked), getattr(TaskProfile.objects.get(task=task), column)
    history = fact_history(task, asked)
    table = fact_history_table(standing.institution, task, words.label, history, day)
    if file := exported(request, table, f"riwayat-karakteristik-{pk}-{column}"):
        return file
    form = FactForm(posted(request), fact=asked, question=words.question, now=now, day=day)

    def act() -> object:
        said = {name: form.cleaned_data[name] for name in ("value", "basis", "source", "valid_from")}
        more = {"reason": form.cleaned_data.get("reason", ""), "seen": task_facts.Seen(form.seen_value())}
        return something(task_facts.set_task_fact(actor=person(request), task=task, fact=asked.name, **said, **more))

    lead = f"{task.title}. {_('Recorded now:')} {in_words(asked, now)}."
    lead += f" {exposure_lead(task, day)}" if column == "exposure" else ""
    page = page_of_task(standing, task, words.label, _("Save the answer"), lead)
    page = replace(page, template="agencies/structure_fact.html")
    touch = touch_positions(standing, task.position_id)
    done = _("The answer is saved.")
    more = {"history": history, "sheets": agreed_sheets(standing, task.position)}
    return act_page(request, page, form, act, touch=lambda: touch, done=done, **more)


@login_required
def services(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Which public services a task serves."""
    standing = officer(request, institution)
    task = access.get_task(standing, pk)
    form = ServicesForm(posted(request), task=task, offered=_offered_services(standing, task))

    def act() -> object:
        chosen = list(form.cleaned_data["services"].select_related("agency"))
        return something(tasks.set_task_services(actor=person(request), task=task, services=chosen))

    lead = _("%(task)s. The exposure of the task is proposed from these; look at it afterwards.") % {"task": task.title}
    page = page_of_task(standing, task, _("Services served"), _("Save the services"), lead)
    touch = touch_positions(standing, task.position_id)
    return act_page(request, page, form, act, touch=lambda: touch, done=_("The services are saved."))


def _offered_services(standing: Standing, task: Task) -> object:
    """Those of the task's agency and of the agencies above it that are open, and those it serves already."""
    agencies = Agency.objects.filter(institution=standing.institution)
    codes = agencies.lineages()[task.position.agency_id]
    near = Q(agency__code__in=codes, agency__institution=standing.institution) & open_on(today(standing.institution))
    served = Q(pk__in=task.services.values("pk"))
    return PublicService.objects.filter(near | served).select_related("agency").distinct()


@login_required
@never_cache
def holders(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Whose task it is among the holders of the position."""
    standing = officer(request, institution)
    task = access.get_task(standing, pk)
    day = today(standing.institution)
    runs = Q(effective_until__isnull=True) | Q(effective_until__gte=day)
    held = Posting.objects.current().filter(runs, position=task.position_id).values("employee")
    offered = Employee.objects.filter(pk__in=held).order_by("name", "pk")
    named = HolderTask.objects.current().filter(task=task).values_list("employee", flat=True)
    _note_read(request, standing, offered.count())
    form = HoldersForm(posted(request), offered=offered, named=list(named))

    def act() -> object:
        chosen = list(form.cleaned_data["holders"])
        return something(tasks.set_task_holders(actor=person(request), task=task, holders=chosen, on=day))

    page = page_of_task(standing, task, _("Holders of the task"), _("Save the holders"), task.title)
    touch = touch_positions(standing, task.position_id)
    return act_page(request, page, form, act, touch=lambda: touch, done=_("The holders are saved."))
