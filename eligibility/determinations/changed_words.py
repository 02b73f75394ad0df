"""What has changed since a position was determined, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from eligibility.decisions import position_verdict
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS, VERDICT_LABELS, limit_words
from eligibility.mask_readings import LimitRead, ModeRead
from eligibility.rulebook import Bounds, Mode, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task of a determined position, as decided before and now; None: not there before, or closed since."""

    title: str
    before: Mapping[Mode, ModeRead] | None
    now: Mapping[Mode, ModeRead] | None


def closed_words(since: date) -> str:
    """The position itself is closed."""
    return _("The position is closed from %(day)s.") % {"day": date_format(since)}


def words_of(tasks: Sequence[TaskChange]) -> tuple[str, ...]:
    """What has changed of a position with these tasks, each sentence once; modes that share it are named together."""
    modes: dict[str, list[str]] = {}
    for mode in Mode:
        for sentence in _of_mode(tasks, mode):
            modes.setdefault(sentence, []).append(_(MODE_LABELS[mode]))
    told = [_("Task added: “%(task)s”.") % {"task": task.title} for task in tasks if task.before is None]
    told += [_("Task closed: “%(task)s”.") % {"task": task.title} for task in tasks if task.now is None]
    return (*told, *(f"{', '.join(names)}: {sentence}" for sentence, names in modes.items()))


def _of_mode(tasks: Sequence[TaskChange], mode: Mode) -> Iterator[str]:
    before = _position_bounds([task.before[mode].bounds for task in tasks if task.before is not None])
    now = _position_bounds([task.now[mode].bounds for task in tasks if task.now is not None])
    if before != now:
        yield _("%(before)s before, %(now)s now.") % {"before": bounds_words(before), "now": bounds_words(now)}
    for task in tasks:
        if task.before is not None and task.now is not None:
            yield from _of_task(task.title, task.before[mode], task.now[mode], told=before != now and len(tasks) == 1)


def _position_bounds(bounds: Sequence[Bounds]) -> Bounds:
    """The position function; everything is open while there is no task to judge."""
    if not bounds:
        return Bounds(Verdict.NOT_ELIGIBLE, Verdict.ELIGIBLE)
    return Bounds(position_verdict([one.worst for one in bounds]), position_verdict([one.best for one in bounds]))


def bounds_words(bounds: Bounds) -> str:
    """An outcome in words; open bounds say between what."""
    label = _(OUTCOME_LABELS[bounds.outcome])
    if bounds.outcome is not Outcome.NEEDS_INFORMATION:
        return label
    words = {"outcome": label, "worst": _(VERDICT_LABELS[bounds.worst]), "best": _(VERDICT_LABELS[bounds.best])}
    return _("%(outcome)s (%(worst)s to %(best)s)") % words


def _of_task(title: str, before: ModeRead, now: ModeRead, *, told: bool) -> Iterator[str]:
    """What has changed of one task; `told`: its outcome is the position's, which was said."""
    if before.bounds != now.bounds and not told:
        words = {"task": title, "before": bounds_words(before.bounds), "now": bounds_words(now.bounds)}
        yield _("task “%(task)s”: %(before)s before, %(now)s now.") % words
    closed = Verdict.NOT_ELIGIBLE in (before.bounds.best, now.bounds.best)
    if closed:
        return
    sure = {(one.kind, one.text): one.sure for one in before.conditions}
    later = {(one.kind, one.text): one.sure for one in now.conditions}
    for key in sorted(sure.keys() | later.keys()):
        if sure.get(key) != later.get(key):
            yield _condition_words(key[1], later.get(key))
    if before.limits != now.limits:
        words = {"before": _limits_words(before.limits), "now": _limits_words(now.limits)}
        yield _("limits before: %(before)s; now: %(now)s.") % words


def _condition_words(text: str, now: bool | None) -> str:
    templates: dict[bool | None, Callable[[], str]] = {
        None: lambda: _("this condition no longer applies: “%(text)s”."),
        True: lambda: _("this condition now applies: “%(text)s”."),
        False: lambda: _("this condition may now apply: “%(text)s”."),
    }
    return templates[now]() % {"text": text}


def _limits_words(limits: frozenset[LimitRead]) -> str:
    found = [limit_words(one.limit, _) for one in limits if one.limit is not None]
    found += [_("perhaps %(limit)s") % {"limit": limit_words(limit, _)} for one in limits for limit in one.possible]
    return "; ".join(sorted(found)) or _("no limit")
