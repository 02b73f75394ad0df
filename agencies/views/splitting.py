"""The page that splits a position into tasks."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agencies import access
from agencies.actions.splitting import split_positions
from agencies.clock import today
from agencies.forms.frame import posted
from agencies.forms.splitting import SplitForm
from agencies.mapping.splitting import Part, proposals_for, whole_alike
from agencies.views.acts import act_page
from agencies.views.people_frame import signed_in
from agencies.views.structure import officer, page_of_position, touch_positions


@login_required
def split(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Split a position, and like ones, into tasks; splits of like positions are proposed."""
    standing = officer(request, institution)
    position = access.get_position(standing, pk)
    on = today(standing.institution)
    proposals = proposals_for(position, on)
    wish = request.GET.get("usul", "")
    chosen = proposals[int(wish)] if wish.isdecimal() and len(wish) < 3 and int(wish) < len(proposals) else None
    alike = whole_alike(position, on).filter(agency__in=access.visible_agencies(standing).values("pk"))
    form = SplitForm(posted(request), alike=alike, day=on, parts=_as_text(chosen.parts) if chosen else "")

    def act() -> object:
        said = {name: form.cleaned_data[name] for name in ("parts", "source", "valid_from")}
        return split_positions(actor=signed_in(request), positions=[position, *form.positions()], **said)

    page = page_of_position(standing, position, _("Split into tasks"), _("Split"))
    page = replace(page, template="agencies/position_split.html")
    touch = touch_positions(standing, position.pk)
    done = _("The position is split. Answer the facts of its tasks next.")
    return act_page(request, page, form, act, touch=lambda: touch, done=done, proposals=proposals, position=position)


def _as_text(parts: tuple[Part, ...]) -> str:
    return "\n".join(title if share is None else f"{title}; {share}" for title, share in parts)
