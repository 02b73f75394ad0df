"""What the forms about one finding share: who may send them, and what surrounds them."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import Standing, get_standing
from agencies.models import User
from agencies.views.acts import ActPage, Crumb
from oversight import finding_access
from oversight.models import Finding


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
