"""What follows from a move, in sentences: for the Penetapan, for the requirements on the employee, for arrangements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import ImportedMove, Position, Posting
from eligibility.arrangements.check_words import check_sentence, norm_words
from eligibility.arrangements.person_facts import KIND, PREDICATE
from eligibility.decisions import State
from eligibility.explanations import MODE_LABELS, full_sentence, reason_sentence
from eligibility.models import ArrangementState
from eligibility.pages.move_reading import Beside, Fate, Held, Turn, runs

What = ImportedMove.What
_ENTERED: Final = frozenset({What.JOINED, What.MOVED, What.PROMOTED})
_FACT: Final[Mapping[ImportedMove.What, str]] = {What.RATED: PREDICATE, What.STANDING: KIND}
"""The fact that a move of a kind is about; the others may touch any requirement on the employee."""


def consequences(move: ImportedMove, beside: Beside) -> tuple[str, ...]:
    """Everything that follows from the move as of the day of the footing, as far as it is recorded."""
    what = What(move.what)
    day, position = _where(move, what, beside)
    return (
        *(_of_standing_in(move, beside) if what is What.STANDING_IN else ()),
        *_of_determination(move, what, beside, position),
        *(_of_requirements(move, what, beside, position, day) if position else ()),
        *(sentence for fate in beside.fates.get(move.employee_id, ()) for sentence in of_arrangement(fate, beside)),
    )


def _where(move: ImportedMove, what: ImportedMove.What, beside: Beside) -> tuple[date, Position | None]:
    """The position that she is judged in, and the day: today, or that on which she comes to it."""
    on = beside.footing.on
    if what is What.LEFT:
        return on, None
    if what not in _ENTERED or move.now_position_id is None:
        return on, beside.position_of(move.employee_id, on)
    begins = [row.effective_from for row in beside.own(move.employee_id, move.now_position_id)]
    return max([on, *begins[-1:]]), move.now_position


def _of_determination(
    move: ImportedMove, what: ImportedMove.What, beside: Beside, position: Position | None
) -> Iterator[str]:
    if what in _ENTERED and move.now_position is not None:
        yield _holds(beside.determined.get(move.now_position.pk))
    elif what is not What.LEFT and position is None:
        yield _("She holds no position definitively today: no Penetapan speaks of her, and nothing may be approved.")
    elif position is not None:
        yield untouched(position, beside.determined.get(position.pk))
    if move.was_position is not None and move.was_position_id != move.now_position_id:
        yield _vacated(move, what, move.was_position, beside)


def _of_standing_in(move: ImportedMove, beside: Beside) -> Iterator[str]:
    """What she may do in the office that she stands in for, and the Penetapan of its position."""
    position = move.now_position
    if position is None:
        yield _("She stands in no more; what she holds definitively stays as it is.")
        return
    rows = beside.standing_in(move.employee_id, position.pk)
    words: dict[str, object] = {"position": position, "capacity": Posting.Capacity(move.now).label}
    if rows and rows[-1].effective_until:
        words["last"] = date_format(rows[-1].effective_until)
        yield _("As %(capacity)s she holds the office of %(position)s until %(last)s and acts on its requests.") % words
    else:
        yield _("As %(capacity)s she holds the office of %(position)s and acts on its requests; no last day.") % words
    yield _("Her own Fleksibilitas Kerja is still judged by the position that she holds definitively.")
    yield _("Of %(position)s:") % words + " " + _holds(beside.determined.get(position.pk))


def _holds(held: Held | None) -> str:
    if held is None:
        return _("No Penetapan holds for this position yet; it belongs into the next results of the agency.")
    words = {"number": held.number, "why": "; ".join(held.changed or ())}
    if held.changed is None:
        return _("The Penetapan %(number)s holds for this position; whether it still fits is not known.") % words
    if held.changed:
        return _("The Penetapan %(number)s for this position no longer fits: %(why)s") % words
    return _("The Penetapan %(number)s holds for this position.") % words


def untouched(position: Position, held: Held | None) -> str:
    """It speaks of the position, whoever holds it."""
    words: dict[str, object] = {"position": position}
    if held is None:
        return _("No Penetapan holds for her position (%(position)s) yet.") % words
    words |= {"number": held.number, "why": "; ".join(held.changed or ())}
    if held.changed is None:
        return _("The Penetapan %(number)s holds for her position (%(position)s); whether it fits is unknown.") % words
    if held.changed:
        return _("The Penetapan %(number)s for her position (%(position)s) no longer fits: %(why)s") % words
    return _("The Penetapan %(number)s goes on for her position (%(position)s): it speaks of the position.") % words


def _vacated(move: ImportedMove, what: ImportedMove.What, position: Position, beside: Beside) -> str:
    """Who holds the former position from the day after her last one there, and what of its Penetapan."""
    postings = beside.standing_in if what is What.STANDING_IN else beside.own
    own = postings(move.employee_id, position.pk)
    on = beside.footing.on
    days = [row.effective_until + timedelta(days=1) for row in own if row.effective_until]
    day = max([on, *days])
    still = any(runs(row, day) for row in own)
    others = [row for row in beside.holders(position.pk, day) if row.employee_id != move.employee_id]
    words = {"position": position, "day": date_format(day)}
    if still:
        who = _("By the record she still holds %(position)s: that posting has no last day.") % words
    else:
        who = _holders(others, words)
    return f"{who} {_goes_on(beside.determined.get(position.pk), empty=not others and not still)}"


def _holders(others: list[Posting], words: Mapping[str, object]) -> str:
    definitive = {row.employee_id for row in others if row.capacity == Posting.Capacity.DEFINITIVE}
    if definitive:
        message = ngettext(
            "%(position)s is held by %(count)d other person from %(day)s on.",
            "%(position)s is held by %(count)d other people from %(day)s on.",
            len(definitive),
        )
        return message % {**words, "count": len(definitive)}
    if others:
        return _("Nobody holds %(position)s definitively from %(day)s on; a Plt or Plh stands in.") % words
    return _("Nobody is recorded to hold %(position)s from %(day)s on.") % words


def _goes_on(held: Held | None, *, empty: bool) -> str:
    if held is None:
        return _("No Penetapan holds for it.")
    words = {"number": held.number, "why": "; ".join(held.changed or ())}
    if held.changed is None:
        return _("Its Penetapan %(number)s stays in force; whether it fits is not known.") % words
    if held.changed:
        return _("Its Penetapan %(number)s stays in force, but no longer fits: %(why)s") % words
    if empty:
        return _("Its Penetapan %(number)s stays in force and waits for who comes next.") % words
    return _("Its Penetapan %(number)s stays in force and fits.") % words


def _of_requirements(
    move: ImportedMove, what: ImportedMove.What, beside: Beside, position: Position, day: date
) -> Iterator[str]:
    """Which requirements on the employee she meets no more, does not meet, meets again, or that are not known."""
    if beside.gates is None:
        yield _("Whether she meets the requirements on employees is not known: no rules are known for this day.")
        return
    if what is What.STANDING:
        yield from _of_standing(move, beside, day)
    fact = _FACT.get(what)
    turns = beside.gates.turns(move.employee_id, position, day)
    told = turns if fact is None else [turn for turn in turns if turn.reads({fact})]
    sentences = [sentence for turn in told if (sentence := _turn_words(turn))]
    yield from sentences
    if fact and not told:
        yield _("No requirement in force reads what has changed.")
    elif fact and not sentences:
        yield _("Every requirement in force that reads what has changed is met.")


def _of_standing(move: ImportedMove, beside: Beside, day: date) -> Iterator[str]:
    assert beside.gates is not None
    before, now = (files[move.employee_id].is_active(day) for files in (beside.gates.before, beside.gates.now))
    if now is False:
        yield _("Internal provision: her kedudukan hukum is not active, so that nothing may be approved for her.")
    elif now and before is False:
        yield _("Internal provision: her kedudukan hukum is active again.")


def _turn_words(turn: Turn) -> str:
    reason = turn.reason
    why, norms = reason_sentence(reason, _).rstrip("."), norm_words([reason.rule], _)
    words = {"why": why, "norms": norms, "forms": _forms(turn)}
    if reason.state is State.UNKNOWN:
        return _("Before an approval%(forms)s: %(why)s (%(norms)s).") % words
    if reason.state is not State.FAILED:
        return _("Met again%(forms)s: %(why)s (%(norms)s).") % words if State.FAILED in turn.before else ""
    if turn.before <= {State.PASSED} and turn.before:
        return _("No longer met, so that nothing may be approved for her%(forms)s: %(why)s (%(norms)s).") % words
    return _("Not met, so that nothing may be approved for her%(forms)s: %(why)s (%(norms)s).") % words


def _forms(turn: Turn) -> str:
    """The forms that it stands so for, where it stands otherwise for others."""
    if set(turn.modes) >= set(turn.reason.rule.modes):
        return ""
    return f" ({', '.join(_(MODE_LABELS[mode]) for mode in turn.modes)})"


def of_arrangement(fate: Fate, beside: Beside) -> Iterator[str]:
    row, on = fate.arrangement, beside.footing.on
    words = {"form": row.get_mode_display(), "last": date_format(row.ends_on)}
    if row.state == ArrangementState.SUSPENDED:
        words["day"] = date_format(row.suspended_on) if row.suspended_on else "–"
        message = _("Her Fleksibilitas Kerja (%(form)s, until %(last)s) is suspended from %(day)s on.")
        yield f"{message % words} {fate.text}".strip()
    elif fate.failing is None or fate.unknown is None:
        yield _("Her Fleksibilitas Kerja (%(form)s, until %(last)s) cannot be examined: no rules are known.") % words
    elif fate.failing:
        day = max(on, min(check.starts_on for check in fate.failing))
        first = [check for check in fate.failing if max(on, check.starts_on) == day]
        why = " ".join(dict.fromkeys(check_sentence(check, _) for check in first))
        message = _("The watcher suspends her Fleksibilitas Kerja (%(form)s, until %(last)s) from %(day)s on: %(why)s")
        yield message % {**words, "day": date_format(day), "why": full_sentence(why)}
    else:
        yield _("Her Fleksibilitas Kerja (%(form)s, until %(last)s) goes on: no check fails.") % words
        if fate.unknown:
            open_ones = " ".join(dict.fromkeys(check_sentence(check, _) for check in fate.unknown))
            yield _("Not known yet, and no ground to suspend it: %(what)s") % {"what": open_ones}
