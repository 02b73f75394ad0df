"""The pages of an institution's settings and of its implementing instruments, and the forms that record them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.clock import judged_day, today
from agencies.consequences import Touch
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.models import User
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.documents import attachment, changed_words
from agencies.views.places import frame, officer, page_under, touch_from
from eligibility.actions import institution as institution_acts
from eligibility.actions import instruments as acts
from eligibility.exports.law import (
    instrument_table,
    period_table,
    setting_history_table,
    setting_table,
)
from eligibility.forms.institution import AnnulmentForm, EndingForm, ExtensionForm, InstrumentForm, SettingForm
from eligibility.loading import settings_in_force
from eligibility.local_settings import SETTINGS, LocalSetting
from eligibility.models import Instrument
from eligibility.pages.gates import gate_notice
from eligibility.pages.institution import (
    implementing,
    instrument_state,
    instrument_states,
    setting_history,
    setting_state,
    settings_page,
)
from eligibility.pages.reading import Reading
from eligibility.periods import Span, spans
from eligibility.views.answers import judged


def _setting(name: str) -> LocalSetting:
    """The open point of that name; Http404 where the portal knows none."""
    if name not in SETTINGS:
        raise Http404
    return SETTINGS[name]


@login_required
@require_safe
def settings(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Every open point of the law with what holds on the day."""
    standing = access.get_standing(request.user, institution)
    day = judged_day(request, standing.institution)
    page = settings_page(standing.institution, day.on, day.known_at)
    table = setting_table(standing.institution, (*page.judging, *page.processes), day.on)
    if file := exported(request, table, "pengaturan"):
        return file
    return render(request, "eligibility/settings.html", frame(standing, page=page, day=day))


@login_required
@require_safe
def setting(request: HttpRequest, institution: str, name: str) -> HttpResponseBase:
    """One open point and everything the institution recorded about it."""
    standing = access.get_standing(request.user, institution)
    _setting(name)
    day = judged_day(request, standing.institution)
    state = setting_state(standing.institution, name, day.on, day.known_at)
    history = setting_history(standing.institution, name)
    table = setting_history_table(standing.institution, state, history, day.on)
    if file := exported(request, table, f"pengaturan-{name}"):
        return file
    context = frame(standing, state=state, history=history, day=day)
    return render(request, "eligibility/setting.html", context)


@login_required
def setting_record(request: HttpRequest, institution: str, name: str) -> HttpResponse:
    """Record what an open point is in the institution from a day on."""
    standing, user = officer(request, institution)
    chosen, owner = _setting(name), standing.institution
    now = settings_in_force(owner, today(owner), timezone.now())[name]
    form = SettingForm(posted(request), setting=chosen, now=now, institution=owner)

    def act() -> object:
        typed = {key: form.cleaned_data[key] for key in ("valid_from", "source", "document")}
        return institution_acts.set_setting(actor=user, institution=owner, name=name, value=form.value, **typed)

    parent = ("settings", _("Settings of the institution"))
    return act_page(
        request,
        page_under(standing, _(chosen.label), _("Record the setting"), parent, lead=_(chosen.open_note)),
        form,
        act,
        touch=lambda: touch_from(standing, form.cleaned_data["valid_from"], everything=True),
        done=_("The setting is recorded."),
    )


@judged
def instruments(request: HttpRequest, standing: Standing, reading: Reading) -> HttpResponseBase:
    """Whether the gate of approval is open on the day, and the instruments that open it."""
    seen = [agency.pk for agency in access.visible_agencies(standing)]
    states = instrument_states(standing.institution, reading.on, reading.known_at)
    if file := exported(request, instrument_table(standing.institution, states, reading.on), "dasar-pelaksanaan"):
        return file
    context = frame(standing, day=reading.day, gate=gate_notice(reading, seen), states=states)
    return render(request, "eligibility/instruments.html", context)


@login_required
def instrument_record(request: HttpRequest, institution: str) -> HttpResponse:
    """Record an implementing instrument of the institution."""
    standing, user = officer(request, institution)
    owner = standing.institution
    title = settings_in_force(owner, today(owner), timezone.now()).text("ppk_title")
    form = InstrumentForm(posted(request), institution=owner, on=today(owner), initial={"issuer": title})
    return act_page(
        request,
        page_under(standing, _("Record an implementing instrument"), _("Record the instrument"), _parent()),
        form,
        lambda: acts.record_instrument(actor=user, institution=owner, values=form.values()),
        touch=lambda: _touch(standing, list(form.values().periods)),
        done=_("The instrument is recorded. It cannot be changed any more, only extended or ended."),
    )


def _parent() -> tuple[str, str]:
    """The page that the forms of instruments lead back to."""
    return "instruments", _("Implementing basis")


def _touch(standing: Standing, periods: list[Span]) -> Touch:
    """The whole institution, told for today where it is in force, else for the next such day, else for the last."""
    on = today(standing.institution)
    if periods and not any(span.holds(on) for span in periods):
        last = max(span.first for span in periods)
        on = min((span.first for span in periods if span.first > on), default=last)
    return Touch(standing.institution, on, everything=True)


def _instrument(standing: Standing, code: str) -> Instrument:
    """The implementing instrument of that code that reaches the institution; Http404 for any other."""
    found = next((row for row in implementing(standing.institution) if row.code == code), None)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, institution: str, code: str) -> tuple[Standing, User, Instrument]:
    """What the officer may extend or end: an instrument that she or another recorded, not one of the rules."""
    standing, user = officer(request, institution)
    row = _instrument(standing, code)
    if row.owner_id != standing.institution.pk or row.published_at is None or row.drafted_by_id is not None:
        raise Http404
    return standing, user, row


@login_required
@require_safe
def instrument(request: HttpRequest, institution: str, code: str) -> HttpResponseBase:
    """One instrument with everything recorded of its days."""
    standing = access.get_standing(request.user, institution)
    day = judged_day(request, standing.institution)
    state = instrument_state(_instrument(standing, code), standing.institution, day.on, day.known_at)
    table = period_table(standing.institution, state, day.on)
    if file := exported(request, table, f"dasar-pelaksanaan-{code}"):
        return file
    return render(request, "eligibility/instrument.html", frame(standing, state=state, day=day))


def _page_of(standing: Standing, row: Instrument, title: str, button: str) -> ActPage:
    """A form about one instrument; it leads back to the instrument."""
    code = standing.institution.code
    back = reverse("instrument", args=[code, row.code])
    name, label = _parent()
    crumbs = (Crumb(label, reverse(name, args=[code])), Crumb(row.title, back), Crumb(title))
    return ActPage(standing, title, button, crumbs, back, lead=row.title)


@login_required
def instrument_extend(request: HttpRequest, institution: str, code: str) -> HttpResponse:
    """Add a further period."""
    standing, user, row = _own(request, institution, code)
    form = ExtensionForm(posted(request))

    def period() -> Span:
        return Span(form.cleaned_data["first_day"], form.cleaned_data["last_day"])

    return act_page(
        request,
        _page_of(standing, row, _("Extend the instrument"), _("Record the period")),
        form,
        lambda: acts.extend_instrument(actor=user, instrument=row, period=period(), basis=form.cleaned_data["basis"]),
        touch=lambda: _touch(standing, [period()]),
        done=_("The period is recorded."),
    )


@login_required
def instrument_end(request: HttpRequest, institution: str, code: str) -> HttpResponse:
    """Record that it is no longer in force from a day on."""
    standing, user, row = _own(request, institution, code)
    form = EndingForm(posted(request))

    def act() -> object:
        day, basis = form.cleaned_data["ends_from"], form.cleaned_data["basis"]
        return acts.end_instrument(actor=user, instrument=row, ends_from_day=day, basis=basis)

    return act_page(
        request,
        _page_of(standing, row, _("End the instrument"), _("Record the ending")),
        form,
        act,
        touch=lambda: touch_from(standing, form.cleaned_data["ends_from"], everything=True),
        done=_("The ending is recorded."),
    )


@login_required
def instrument_annul(request: HttpRequest, institution: str, code: str) -> HttpResponse:
    """Record that it was recorded in error."""
    standing, user, row = _own(request, institution, code)
    form = AnnulmentForm(posted(request))
    return act_page(
        request,
        _page_of(standing, row, _("Recorded in error"), _("Record the mistake")),
        form,
        lambda: acts.annul_instrument(actor=user, instrument=row, reason=form.cleaned_data["reason"]),
        touch=lambda: _touch(standing, spans(row.periods.all())),
        done=_("The instrument counts as never in force from now on. It stays in the list."),
    )


@login_required
@require_safe
def instrument_document(request: HttpRequest, institution: str, code: str) -> HttpResponse:
    """The document that an instrument rests on, for every role: it is what the public is told."""
    standing = access.get_standing(request.user, institution)
    document = _instrument(standing, code).document
    if document is None:
        raise Http404
    answer = attachment(document)
    if answer is None:
        messages.error(request, changed_words(document))
        return redirect("instrument", institution, code)
    return answer
