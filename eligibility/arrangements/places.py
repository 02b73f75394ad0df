"""Whether the place of work asked for is recorded, and open on every day of the period (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from eligibility.arrangements.checks import Check, CheckKind, CheckState, Where
from eligibility.arrangements.matters import Site
from eligibility.arrangements.requests import Request
from eligibility.rulebook import Mode

_DAY = timedelta(days=1)


def place_checks(site: Site | None, request: Request) -> Iterator[Check]:
    """A check for each part of the period in which the place stands alike; what is not recorded is unknown."""
    if site is None or not request.is_away:
        return
    unknown = _unknown(site, request)
    if unknown is not None:
        yield _check(CheckState.UNKNOWN, unknown, site, request.starts_on, request.ends_on)
        return
    first, last = request.starts_on, request.ends_on
    if site.opens_on and first < site.opens_on:
        yield _check(CheckState.FAILED, Where.NOT_YET, site, first, min(last, site.opens_on - _DAY), site.opens_on)
        first = site.opens_on
    if site.closes_on and site.closes_on <= last:
        yield _check(CheckState.FAILED, Where.CLOSED, site, max(first, site.closes_on), last, site.closes_on)
        last = site.closes_on - _DAY
    if first <= last:
        yield _check(CheckState.PASSED, _passed(site, request), site, first, last)


def _unknown(site: Site, request: Request) -> Where | None:
    if not site.is_named:
        return Where.NO_RESIDENCE if request.mode is Mode.HOME else Where.UNNAMED
    return None if site.code == request.place else Where.OTHERWISE


def _passed(site: Site, request: Request) -> Where:
    if request.mode is Mode.HOME:
        return Where.HOME
    return Where.OPEN if site.opens_on else Where.FREE


def _check(state: CheckState, name: Where, site: Site, first: date, last: date, on: date | None = None) -> Check:
    return Check(CheckKind.PLACE, state, name, first, last, subject=site.name, on=on)
