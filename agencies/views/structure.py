"""What the pages that keep agencies, units, positions, tasks and services share: who may, the way, what was changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import access
from agencies.access import Standing
from agencies.clock import today
from agencies.consequences import Touch
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.forms.structure import ClosingForm, RowForm
from agencies.models import Agency, Position, Role, Task, User
from agencies.views.acts import ActPage, Crumb, act_page


def officer(request: HttpRequest, institution: str) -> Standing:
    """The user as HR officer of the institution or of agencies in it; Http404 for everybody else."""
    return access.acting_as(access.get_standing(request.user, institution), Role.HR_OFFICER)


def person(request: HttpRequest) -> User:
    """Who is signed in."""
    assert isinstance(request.user, User)
    return request.user


def save(
    request: HttpRequest,
    page: ActPage,
    form: RowForm,
    act: Callable[..., Receipt | None],
    touch: Callable[[], Touch],
    done: str,
    **subject: object,
) -> HttpResponse:
    """From a form about a new row or a recorded one to the act that adds or corrects it."""

    def carry_out() -> object:
        said = form.cleaned_data
        more = {name: said[name] for name in (("code", "share") if form.row is None else ("seen",)) if name in said}
        said = {"values": form.values(), "source": said["source"], "valid_from": said["valid_from"]}
        return something(act(actor=person(request), **said, **more, **subject))

    return act_page(request, page, form, carry_out, touch=touch, done=done)


def close(
    request: HttpRequest,
    page: ActPage,
    form: ClosingForm,
    act: Callable[..., Receipt | None],
    touch: Callable[[date | None], Touch],
    **subject: object,
) -> HttpResponse:
    """From a day of closing to the act; what follows is told for that day."""

    def carry_out() -> object:
        said = form.cleaned_data
        return something(act(actor=person(request), closed_on=said["closed_on"], source=said["source"], **subject))

    def touched() -> Touch:
        return touch(form.cleaned_data["closed_on"])

    return act_page(request, page, form, carry_out, touch=touched, done=_("The day of closing is saved."))


def something(receipt: object) -> object:
    """What an act returned. Raises ActRefused where it found nothing to change, so that nobody is told it was saved."""
    if receipt is None:
        raise ActRefused(_("This is recorded just so already. Change something, or go back."))
    return receipt


def agency_address(agency: Agency) -> str:
    """The page on which an agency is kept."""
    return reverse("agency_structure", args=[agency.institution.code, agency.code])


def agency_crumbs(standing: Standing, agency: Agency, *further: Crumb) -> tuple[Crumb, ...]:
    """From the institution over the agency to where it is kept."""
    code = standing.institution.code
    return (
        Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}"),
        Crumb(agency.name, reverse("agency", args=[code, agency.code])),
        Crumb(_("Structure"), agency_address(agency)),
        *further,
    )


def position_crumbs(standing: Standing, position: Position, *further: Crumb) -> tuple[Crumb, ...]:
    """From the institution over the agency to the position."""
    above = agency_crumbs(standing, position.agency)[:2]
    return (*above, Crumb(str(position), position_address(position)), *further)


def position_address(position: Position) -> str:
    """The page of a position."""
    return reverse("position", args=[position.institution.code, position.pk])


def task_address(task: Task) -> str:
    """The page on which the facts of a task stand."""
    return reverse("task", args=[task.position.institution.code, task.pk])


def task_label(task: Task) -> str:
    """How a crumb names a task: one that is named as its position is called what it is."""
    return _("Task") if task.title == str(task.position) else task.title


def page_of_agency(standing: Standing, agency: Agency, title: str, button: str, lead: str = "") -> ActPage:
    """What surrounds the form of an act in an agency."""
    back = agency_address(agency)
    return ActPage(standing, title, button, agency_crumbs(standing, agency, Crumb(title)), back, lead=lead)


def page_of_position(standing: Standing, position: Position, title: str, button: str, lead: str = "") -> ActPage:
    """What surrounds the form of an act on a position."""
    crumbs = position_crumbs(standing, position, Crumb(title))
    return ActPage(standing, title, button, crumbs, position_address(position), lead=lead)


def page_of_task(standing: Standing, task: Task, title: str, button: str, lead: str = "") -> ActPage:
    """What surrounds the form of an act on a task."""
    crumbs = position_crumbs(standing, task.position, Crumb(task_label(task), task_address(task)), Crumb(title))
    return ActPage(standing, title, button, crumbs, task_address(task), lead=lead)


def closing_lead(closed_on: date | None) -> str:
    """Since when it is closed, where it is."""
    return _("Closed from %(day)s on.") % {"day": date_format(closed_on)} if closed_on else ""


def touch_positions(standing: Standing, *positions: int, on: date | None = None) -> Touch:
    """What an act on these positions touches, told for today or for a later day on which it takes effect."""
    return Touch(standing.institution, _day(standing, on), positions=positions)


def touch_agencies(standing: Standing, *agencies: int, on: date | None = None) -> Touch:
    """What an act on these agencies touches: all their own positions."""
    return Touch(standing.institution, _day(standing, on), agencies=agencies)


def _day(standing: Standing, on: date | None) -> date:
    now = today(standing.institution)
    return max(now, on) if on else now
