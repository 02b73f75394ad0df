"""The positions and tasks of a demonstration agency, its people shared out among them (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from agencies.demonstration.catalogue import Duty, Job, Part, UnitPlan, duties, splits
from agencies.demonstration.cities import AgencyPlan
from agencies.demonstration.facts_of_jobs import Values, facts_of
from agencies.demonstration.lots import falls, lot

VACANT: Final = 4
"""So many of a hundred managerial positions nobody holds."""
NOT_COUNTED: Final = 3
"""For so many of a hundred positions no need (ABK) has been counted."""
SHARES_UNKNOWN: Final = 7
"""Of so many of a hundred split positions nobody has said the shares."""


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """A task as it will stand in the demonstration; `service` is the key of the service it serves, or ""."""

    number: int
    title: str
    share: int | None
    service: str
    values: Values


@dataclass(frozen=True, slots=True)
class PositionPlan:
    """A position as it will stand in the demonstration; `unit` is None for whoever leads the agency."""

    code: str
    title: str
    unit: UnitPlan | None
    job: Job
    needed: int | None
    filled: int
    tasks: tuple[TaskPlan, ...]


@dataclass(frozen=True, slots=True)
class _Post:
    """A job at its place, before the people are shared out."""

    code: str
    unit: UnitPlan | None
    job: Job


def positions_of(city: str, agency: AgencyPlan) -> list[PositionPlan]:
    """The positions of an agency; those who hold them add up to its people."""
    posts = _posts(agency)
    filled = _holders(city, posts, agency.people)
    return [_position(city, agency, post, filled[post.code]) for post in posts]


def _posts(agency: AgencyPlan) -> list[_Post]:
    prefix = _slug(agency.code)
    posts = [_Post(f"{prefix}-00", None, agency.head)]
    for unit in agency.units:
        posts += [
            _Post(f"{prefix}-{_slug(unit.key)}-{number:02}", unit, job) for number, job in enumerate(unit.jobs, 1)
        ]
    return posts


def _slug(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "-", text.upper()).strip("-")


def _holders(city: str, posts: list[_Post], people: int) -> dict[str, int]:
    """One holder for each managerial position unless it is vacant; the others share the rest by weight.

    Raises ValueError when an agency has fewer people than such positions.
    """
    managers = [post for post in posts if post.job.title.structural]
    others = [post for post in posts if not post.job.title.structural]
    holders = {post.code: 0 if falls(VACANT, city, post.code, "vacant") else 1 for post in managers}
    rest = people - sum(holders.values()) - len(others)
    if rest < 0:
        raise ValueError(f"{posts[0].code}: {people} people for {len(posts)} positions")
    return holders | {code: 1 + more for code, more in _shared_out(rest, others).items()}


def _shared_out(people: int, posts: list[_Post]) -> dict[str, int]:
    """People by weight (a weight of one needs no second holder), the largest remainders first."""
    weights = {post.code: max(post.job.weight - 1, 0) for post in posts}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    total = sum(weights.values())
    shares = {code: people * weight // total for code, weight in weights.items()}
    left = people - sum(shares.values())
    by_remainder = sorted(weights, key=lambda code: (-(people * weights[code] % total), code))
    for code in by_remainder[:left]:
        shares[code] += 1
    return shares


def _position(city: str, agency: AgencyPlan, post: _Post, filled: int) -> PositionPlan:
    title = post.job.title.title.format(
        agency=agency.name,
        unit=post.unit.name if post.unit else "",
        place=agency.name.partition(" ")[2],
    )
    return PositionPlan(
        code=post.code,
        title=title,
        unit=post.unit,
        job=post.job,
        needed=_need(f"{city}/{post.code}", post.job, filled),
        filled=filled,
        tasks=_tasks(f"{city}/{post.code}", f"{title} {post.job.jenjang}".strip(), post.job),
    )


def _need(code: str, job: Job, filled: int) -> int | None:
    if falls(NOT_COUNTED, code, "need"):
        return None
    if job.title.structural:
        return 1
    return filled + (0, 0, 1, 1, 2)[lot(code, "gap") % 5] + filled // 12


def _tasks(code: str, title: str, job: Job) -> tuple[TaskPlan, ...]:
    split = splits().get(job.duty)
    if split is None or not falls(split.chance, code, "split"):
        duty = duties()[split.parts[0].duty if split else job.duty]
        return (_task(code, 1, title, 100, duty, job),)
    shares_known = job.known or not falls(SHARES_UNKNOWN, code, "shares")
    return tuple(_part(code, number, part, shares_known, job) for number, part in enumerate(split.parts, 1))


def _part(code: str, number: int, part: Part, share_known: bool, job: Job) -> TaskPlan:
    duty = duties()[part.duty]
    return _task(code, number, duty.title, part.share if share_known else None, duty, job)


def _task(code: str, number: int, title: str, share: int | None, duty: Duty, job: Job) -> TaskPlan:
    return TaskPlan(number, title, share, duty.service, facts_of(f"{code}/{number}", job, duty))
