"""More people away than a share of staff allows: those approved last, by what was known at each approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

from django.db.models import Max, Min

from agencies.facts import gettext_noop
from agencies.models import Position
from eligibility.arrangements.checks import Check, CheckKind, share_allows
from eligibility.arrangements.days_of_change import institution_days
from eligibility.arrangements.granted import Granted
from eligibility.arrangements.limit_checks import HOLDING
from eligibility.arrangements.matters import AGENCY, INSTITUTION, UNIT
from eligibility.arrangements.spans import Days, cut
from eligibility.arrangements.staffing import GroupKey, Needs, Staffing, Structure, group_of
from eligibility.footing import Footing
from eligibility.loading import NoLawInForce, settings_in_force
from eligibility.models import Arrangement
from eligibility.rulebook import Limit, Mode, Quantity, Rule
from oversight.indications.confirming import confirmed
from oversight.indications.definitions import Flag, Ground
from oversight.indications.examining import Candidate
from oversight.indications.peaks import beyond

_OVER: Final = gettext_noop("Approved on %(approved)s when the places were taken:")
_KINDS: Final = (UNIT, AGENCY, INSTITUTION)
_SHARES: Final = frozenset({Quantity.SHARE_OF_STAFF, Quantity.STAFF_ON_SITE, Quantity.SHARE_ON_SITE})
_OFFICE_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def over_share(ground: Ground) -> Iterator[Flag]:
    """Arrangements beyond what a norm allows of a unit, an agency or the institution.

    First every group is counted against the strictest norm that may reach it; what lies beyond that is then
    examined, by what was known at its approval. Whom a norm over a part of the staff, or over those of a service,
    counts is known only on examining: there each approval that it may reach is examined.
    """
    yield from confirmed(ground, _possible(ground), _is_share, _OVER)


def _is_share(check: Check) -> bool:
    return check.kind is CheckKind.SHARE


def _possible(ground: Ground) -> set[Candidate]:
    approved = Arrangement.objects.filter(institution=ground.institution, approved_at__isnull=False).order_by()
    ends = approved.aggregate(first=Min("starts_on"), last=Max("ends_on"))
    if ends["first"] is None:
        return set()
    window = Days(ends["first"], ends["last"])
    parts = list(_limited(ground, window))
    if not any(limits for _days, limits in parts):
        return set()
    counted = _Counted.of(ground, approved.values_list("position_id", flat=True).distinct(), window)
    moments = {one.usage.key: one.approved[0] for one in counted.staffing.granted}
    found = {key for days, limits in parts for rule, limit in limits for key in counted.beyond(rule, limit, days)}
    return {(key, moments[key]) for key in found}


Limits = Sequence[tuple[Rule, Limit]]


def _limited(ground: Ground, window: Days) -> Iterator[tuple[Days, Limits]]:
    """The parts of the window in which the law is constant, with the limits over staff that speak then."""
    for days in cut(window, institution_days(ground.institution, [], window.last, ground.known_at)):
        try:
            rules = Footing(ground.institution, days.first, ground.known_at).rulebook.rules
        except NoLawInForce:
            continue
        limits = [(rule, rule.effect) for rule in rules if isinstance(rule.effect, Limit)]
        yield days, [(rule, limit) for rule, limit in limits if limit.quantity in _SHARES]


@dataclass(frozen=True)
class _Counted:
    """The groups in which somebody has an arrangement, with their people and arrangements; read once."""

    ground: Ground
    staffing: Staffing
    groups: Mapping[str, Mapping[GroupKey, frozenset[int]]]
    """By kind and group: the positions in which something was approved, as places."""
    granted: Mapping[int, Sequence[Granted]]
    positions: Mapping[int, Position]
    footing: Footing

    @classmethod
    def of(cls, ground: Ground, keys: object, window: Days) -> _Counted:
        """Read the people of every group of these positions."""
        rows = list(Position.objects.filter(pk__in=list(keys)).select_related("agency", "unit"))  # type: ignore[call-overload]
        structure = Structure.of(ground.institution, rows)
        needs = Needs(rows, frozenset(_KINDS), frozenset(), frozenset())
        staffing = Staffing.of(structure, needs, window, ground.known_at)
        granted: dict[int, list[Granted]] = defaultdict(list)
        for one in staffing.granted:
            granted[one.position].append(one)
        groups: dict[str, dict[GroupKey, frozenset[int]]] = {}
        for kind in _KINDS:
            found: dict[GroupKey, set[int]] = defaultdict(set)
            for row in rows:
                found[group_of(kind, row, structure)].add(row.pk)
            groups[kind] = {key: frozenset(positions) for key, positions in found.items()}
        footing = Footing(ground.institution, ground.on, ground.known_at)
        return cls(ground, staffing, groups, granted, {row.pk: row for row in rows}, footing)

    def beyond(self, rule: Rule, limit: Limit, days: Days) -> Iterator[int]:
        """Arrangements beyond what the limit leaves in the part, in any group that it may reach."""
        modes = set(rule.modes) | limit.together
        if limit.population != "all" or limit.per not in _KINDS:
            yield from self._reached(rule, modes, days)
            return
        for group, positions in self.groups[limit.per].items():
            if not any(self._reaches(rule, key) for key in positions):
                continue
            usages = [one for key in positions for one in self.granted.get(key, ()) if one.usage.mode in modes]
            if usages:
                allowed = self._allowed(limit, group, days.first)
                for weekday in ("",) if limit.counting == HOLDING else _OFFICE_DAYS:
                    yield from beyond(usages, weekday, days.first, days.last, allowed)

    def _reached(self, rule: Rule, modes: Collection[Mode], days: Days) -> Iterator[int]:
        """Arrangements in the modes that run in the part, in positions that the rule may reach."""
        for position, rows in self.granted.items():
            if position in self.positions and self._reaches(rule, position):
                running = (one.usage for one in rows if one.usage.mode in modes)
                yield from (one.key for one in running if one.starts_on <= days.last and one.ends_on >= days.first)

    def _reaches(self, rule: Rule, position: int) -> bool:
        row = self.positions[position]
        return rule.scope.reaches(self.footing.grounds.of(row.agency_id, row.unit_id).place)

    def _allowed(self, limit: Limit, group: GroupKey, on: date) -> int:
        settings = settings_in_force(self.ground.institution, on, self.ground.known_at)
        base = len(self.staffing.people(self.staffing.positions_in(group), on))
        if settings.text("share_base") == "asn_and_non_asn":
            base += self.staffing.non_asn_in(group, on)
        assert limit.value is not None
        if limit.quantity is Quantity.STAFF_ON_SITE:
            return base - ceil(limit.value)
        return share_allows(limit.value if limit.quantity is Quantity.SHARE_OF_STAFF else 100 - limit.value, base)
