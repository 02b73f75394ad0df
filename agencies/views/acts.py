"""The one way from a form to an act: what was typed is checked, what follows is shown, then it is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.consequences import Consequence, Touch, foresee
from agencies.errors import PortalError
from agencies.forms.frame import ActForm


@dataclass(frozen=True)
class Crumb:
    """One step of the way to a page; the page itself has no address."""

    label: str
    address: str = ""


@dataclass(frozen=True)
class ActPage:
    """What surrounds the form of an act. `after` is where the user goes when it is done, `back` when she gives up."""

    standing: Standing
    title: str
    button: str
    crumbs: tuple[Crumb, ...]
    back: str
    after: str = ""
    lead: str = ""
    template: str = "agencies/act_page.html"


def act_page(
    request: HttpRequest,
    page: ActPage,
    form: ActForm,
    act: Callable[[], object],
    *,
    touch: Callable[[], Touch] | None = None,
    done: str = "",
    **more: Any,
) -> HttpResponse:
    """Show the form, then what follows, then carry the act out with the message `done` and go on to `page.after`.

    Without `touch` nothing follows that could be shown, and the act is carried out at once. A refusal
    comes back in the form with everything that was typed. An act that found nothing to change returns None, and
    the user is told so instead of `done`.
    """
    consequences: list[Consequence] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if touch is None or form.is_confirmed():
                if act() is None:
                    messages.info(request, _("Nothing has changed: what you sent is what is recorded already."))
                elif done:
                    messages.success(request, done)
                return redirect(page.after or page.back)
            consequences = foresee(act, touch())
            form.show_previewed()
        except PortalError as refusal:
            form.refuse(refusal)
    context = {"page": page, "form": form, "consequences": consequences, "previews": touch is not None}
    context |= {"standing": page.standing, "institution": page.standing.institution, **more}
    return render(request, page.template, context)
