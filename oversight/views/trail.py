"""The pages about the trail: what it proves, and erasing what an entry says of people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access
from agencies.clock import today
from agencies.consequences import Touch
from agencies.forms.frame import posted
from agencies.models import Role, User
from agencies.views.acts import ActPage, Crumb, act_page
from oversight.actions.trail import erase_side
from oversight.forms.erasure import ErasureForm
from oversight.pages.trail import trail_page


@login_required
@require_safe
def show(request: HttpRequest, institution: str) -> HttpResponse:
    """What the trail of the institution proves and what not, how far it reaches, and how to check it outside."""
    standing = access.get_standing(request.user, institution)
    page = trail_page(standing.institution)
    erases = access.holds_whole(standing, Role.DATA_PROTECTION_OFFICER)
    context = {"standing": standing, "institution": standing.institution, "page": page, "erases": erases}
    return render(request, "oversight/trail.html", context)


@login_required
def erase(request: HttpRequest, institution: str) -> HttpResponse:
    """Erase the personal data beside one entry."""
    standing = access.get_standing(request.user, institution)
    access.acting_for_all(standing, Role.DATA_PROTECTION_OFFICER)
    assert isinstance(request.user, User)
    user, trail = request.user, reverse("trail", args=[institution])
    form = ErasureForm(posted(request), institution=standing.institution)
    page = ActPage(
        standing,
        title=_("Erase personal data beside an entry"),
        button=_("Erase for ever"),
        crumbs=(Crumb(_("Trail"), trail), Crumb(_("Erase personal data beside an entry"))),
        back=trail,
        lead=_("What the entry says of people is emptied and cannot be brought back. The entry and the chain stay."),
    )
    return act_page(
        request,
        page,
        form,
        lambda: erase_side(actor=user, entry=form.entry, reason=form.cleaned_data["reason"]),
        touch=lambda: Touch(standing.institution, today(standing.institution)),
        done=_("The personal data are erased; the erasure is an entry of its own."),
    )
