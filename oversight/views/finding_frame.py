"""What the forms about one finding share: who may send them, and what surrounds them."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import Standing, get_standing
from agencies.facts import gettext_noop
from agencies.models import User
from agencies.views.acts import ActPage, Crumb
from oversight import finding_access
from oversight.models import Finding, FindingState


def written_by_inspector(request: HttpRequest, institution: str, pk: int) -> tuple[Standing, User, Finding]:
    """The finding of the address for the inspector who may act on it; Http404 for everybody else."""
    standing, user, found = opened(request, institution, pk)
    if not finding_access.may_write(standing, user, found):
        raise Http404
    return standing, user, found


def opened(request: HttpRequest, institution: str, pk: int) -> tuple[Standing, User, Finding]:
    """The finding of the address for who may open it."""
    standing = get_standing(request.user, institution)
    assert isinstance(request.user, User)
    return standing, request.user, finding_access.get_finding(standing, request.user, pk)


STANDS: Final = {
    FindingState.DRAFT: gettext_noop("This cannot be done yet: the finding is a draft that nobody was given."),
    FindingState.ISSUED: gettext_noop("This cannot be done any more: the finding is issued, and what it says stays."),
    FindingState.CLOSED: gettext_noop("This cannot be done any more: the finding is closed by its last review."),
    FindingState.WITHDRAWN: gettext_noop("This cannot be done any more: the finding is withdrawn."),
}
"""Why a form about a finding is not opened, by where the finding stands."""

_FOR_INSPECTORS: Final = {
    FindingState.DRAFT: gettext_noop("Issue it first, or change it."),
    FindingState.ISSUED: gettext_noop("You may review the follow-up, add evidence, or withdraw it and write another."),
    FindingState.CLOSED: gettext_noop("If there is more to say, write another finding."),
    FindingState.WITHDRAWN: gettext_noop("If there is more to say, write another finding."),
}
_FOR_THE_AGENCY: Final = gettext_noop("No further reply is expected of the agency.")


def led_back(request: HttpRequest, found: Finding, *, replying: bool = False) -> HttpResponse:
    """Back to the finding, with where it stands and what may be done there; `replying`: told to the audited agency."""
    state = FindingState(found.state)
    messages.info(request, f"{_(STANDS[state])} {_(_FOR_THE_AGENCY if replying else _FOR_INSPECTORS[state])}")
    return redirect("finding", found.institution.code, found.pk)


def page_of(standing: Standing, found: Finding, title: str, button: str, lead: str = "") -> ActPage:
    """What surrounds a form about a finding."""
    code = standing.institution.code
    here = reverse("finding", args=[code, found.pk])
    number = _("Finding %(number)d") % {"number": found.number}
    crumbs = (*first_crumbs(standing), Crumb(number, here), Crumb(title))
    return ActPage(standing=standing, title=title, button=button, crumbs=crumbs, back=here, lead=lead)


def first_crumbs(standing: Standing) -> tuple[Crumb, ...]:
    """The way to the list of findings."""
    code = standing.institution.code
    return (
        Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}"),
        Crumb(_("Findings"), reverse("findings", args=[code])),
    )
