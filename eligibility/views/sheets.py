"""A mapping sheet while it is answered, with what the answers would mean, and once both reviewers have submitted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.access import Standing
from agencies.clock import chosen_day, judged_day, today
from agencies.errors import ActRefused
from agencies.exporting.answers import exported
from agencies.forms.sheets import AnswerForm
from agencies.mapping.access import MAPPERS, coordinates, get_own_part, get_sheet, get_sheet_to_read, mapper, own_part
from agencies.mapping.compared_table import compared_table
from agencies.mapping.drafts import AnsweredMeanwhile, Written, save_answer, set_aside_words
from agencies.mapping.questions import Question, questions_of
from agencies.mapping.sheet_lines import AnswerLine, answering_page, answers_of, compared_page, line_of
from agencies.models import Answer, Assessment, Sheet, User
from agencies.personal_data import ReadPage, note_read
from agencies.views.people_frame import signed_in
from eligibility.loading import NoLawInForce
from eligibility.pages.reading import Reading, read
from eligibility.pages.sheets import Effect, effect_of, effects_compared

State = Assessment.State


@login_required
@require_safe
@never_cache
def show(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """The sheet: to answer for its reviewer, compared for all who map the agency once both have submitted.

    An inspector reads a compared or agreed one; that is logged.
    """
    standing, sheet = get_sheet_to_read(request, institution, pk)
    user = signed_in(request)
    part = own_part(user, sheet)
    if part is not None and part.state in (State.DRAFT, State.RETURNED) and sheet.state in ("open", "settling"):
        return _answering(request, standing, sheet, part, {})
    page = compared_page(sheet, user) if sheet.compared_at else None
    reads_only = not standing.holds(*MAPPERS)
    if page and reads_only:  # an inspector reads about people who are none of hers
        note_read(reader=user, standing=standing, page=ReadPage.SHEET, at=timezone.now(), count=page.people)
    table = compared_table(page, page.lines, today(standing.institution)) if page else None
    if table and (file := exported(request, table, f"lembar-{pk}")):
        return file
    reading = _reading(request, standing)
    effects = effects_compared(reading, page) if page and reading else ()
    more = {"compared": page, "effects": effects, "part": part, "coordinates": coordinates(standing)}
    more["reads_only"] = reads_only
    return render(request, "eligibility/sheet.html", _frame(standing, sheet, **more))


@login_required
@require_POST
@never_cache
def save(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Save every answer that stands in the page; what is refused comes back as it was typed."""
    standing = mapper(request, institution)
    sheet, user = get_sheet(standing, pk), signed_in(request)
    part = get_own_part(user, sheet)
    if part.state == State.REPLACED:
        return _set_aside(request, standing, sheet, part)
    faulty = {}
    number = 0
    for question in questions_of(sheet.institution):
        line = _saved(request, user, part, question)
        number += line is not None and not line.faults
        if line is not None and line.faults:
            faulty[question.column] = line
    if faulty:
        return _answering(request, standing, sheet, part, faulty)
    messages.success(
        request, ngettext("%(number)d answer is saved.", "%(number)d answers are saved.", number) % {"number": number}
    )
    onward = "sheet_submit" if request.POST.get("do") == "send" else "sheet"
    return redirect(f"{reverse(onward, args=[institution, pk])}{_judged_query(request)}")


@login_required
@require_POST
@never_cache
def save_one(request: HttpRequest, institution: str, pk: int, column: str) -> HttpResponse:
    """Save one answer while the page stays open, and give back its line with what all answers mean by now."""
    standing = mapper(request, institution)
    sheet, user = get_sheet(standing, pk), signed_in(request)
    part = get_own_part(user, sheet)
    question = next((one for one in questions_of(sheet.institution) if one.column == column), None)
    if question is None:
        raise Http404
    line = _saved(request, user, part, question)
    saved = answers_of(part, user)
    effect = _effect(_reading(request, standing), sheet, {fact: answer.value for fact, answer in saved.items()})
    page = answering_page(sheet, part, saved, effect.decisive if effect else (), {})
    line = line or line_of(question, saved.get(question.fact.name))
    if part.state == State.REPLACED:
        line = replace(line, faults=(set_aside_words(),))
    context = _frame(standing, sheet, part=part, page=page, effect=effect, line=line)
    context["day"] = judged_day(request, standing.institution)
    return render(request, "eligibility/_sheet_saved.html", context)


def _saved(request: HttpRequest, user: User, part: Assessment, question: Question) -> AnswerLine | None:
    """The line of a question after saving it; None where nothing was answered. What is refused has its sentence."""
    form = AnswerForm(request.POST, question=question)
    before = answers_of(part, user).get(question.fact.name)
    value, note = form.typed("value")[:300], form.typed("note")
    typed = AnswerLine(question, before, value, note, contrary=form.is_contrary)
    if not form.is_answered:
        lacking = form.lacking(before)
        return replace(typed, faults=(lacking,)) if lacking else None
    if not form.is_valid():
        return replace(typed, faults=tuple(form.sentences()))
    written: Written = replace(form.written(), evidence=before.evidence if before else None)
    if before is not None and (before.value, before.note) == (written.value, written.note.strip()):
        return line_of(question, before)
    try:
        return line_of(question, _save(user, part, form, written))
    except AnsweredMeanwhile as refusal:
        return replace(typed, answer=refusal.answer, faults=(str(refusal),), other=_said(question, refusal.answer))
    except ActRefused as refusal:
        return replace(typed, faults=(str(refusal),))


def _save(user: User, part: Assessment, form: AnswerForm, written: Written) -> Answer:
    fact, seen = form.question.fact, form.seen_version()
    return save_answer(reviewer=user, assessment=part, fact=fact, written=written, seen=seen, at=timezone.now())


def _said(question: Question, answer: Answer) -> str:
    """An answer with its note, in one line."""
    words = question.in_words(answer.value)
    return f"{words} ({answer.note})" if answer.note else words


def _set_aside(request: HttpRequest, standing: Standing, sheet: Sheet, part: Assessment) -> HttpResponse:
    """What a reviewer sent after another took her place, as she typed it: it is not saved, and not lost either."""
    before = answers_of(part, signed_in(request))
    lines = []
    for question in questions_of(sheet.institution):
        form = AnswerForm(request.POST, question=question)
        saved = before.get(question.fact.name)
        kept = _said(question, saved) if saved else ""
        lines.append((question, question.said(form.typed("value")), form.typed("note"), kept))
    context = _frame(standing, sheet, lines=lines, sentence=set_aside_words())
    return render(request, "eligibility/sheet_set_aside.html", context)


def _answering(
    request: HttpRequest, standing: Standing, sheet: Sheet, part: Assessment, typed: dict[str, AnswerLine]
) -> HttpResponse:
    """The page on which a part is answered."""
    answers = answers_of(part, signed_in(request))
    reading = _reading(request, standing)
    effect = _effect(reading, sheet, {fact: one.value for fact, one in answers.items()})
    page = answering_page(sheet, part, answers, effect.decisive if effect else (), typed)
    context = _frame(standing, sheet, part=part, page=page, effect=effect)
    day = reading.day if reading else judged_day(request, standing.institution)
    context |= {"day": day, "judged_query": _judged_query(request)}
    return render(request, "eligibility/sheet_answer.html", context)


def _judged_query(request: HttpRequest) -> str:
    """What keeps the chosen day in addresses below this page."""
    chosen = chosen_day(request)
    return f"?{urlencode(chosen)}" if chosen else ""


def _reading(request: HttpRequest, standing: Standing) -> Reading | None:
    """What answers are judged by; None on a day without law, on which they are answered all the same."""
    try:
        return read(standing.institution, judged_day(request, standing.institution))
    except NoLawInForce:
        return None


def _effect(reading: Reading | None, sheet: Sheet, answers: dict[str, str | None]) -> Effect | None:
    return effect_of(reading, sheet.task, answers) if reading else None


def _frame(standing: Standing, sheet: Sheet, **more: Any) -> dict[str, Any]:
    return {
        "standing": standing,
        "institution": standing.institution,
        "sheet": sheet,
        "answers_at": reverse("sheet_save", args=[standing.institution.code, sheet.pk]),  # each below it by its column
        "title": _("Mapping sheet: %(task)s") % {"task": sheet.task},
        **more,
    }
