"""The inspector's desk: the overview, cases, and the trail entry by entry."""

from __future__ import annotations

from agencies.models import Agency, Role
from eligibility.models import Arrangement
from tests.addresses.address import Address
from tests.addresses.letters import approved
from tests.judged_city import JudgedCity

DESK = frozenset({Role.INSPECTOR, Role.OUTSIDE_READER})


def _case(city: JudgedCity, agency: Agency) -> str:
    found = Arrangement.objects.filter(agency=agency, state="approved").first() or approved(city, agency)
    return city.url(f"pengawasan/kasus/{found.pk}/")


ADDRESSES = [
    Address("oversight", DESK, lambda city: city.url("pengawasan/")),
    Address("cases", DESK, lambda city: city.url("pengawasan/daftar/")),
    Address("case", DESK, lambda city: _case(city, city.cast.agency), lambda city: _case(city, city.below)),
    Address("trail_browser", DESK, lambda city: city.url("jejak/telusur/"), whole=True),
    Address(
        "trail_check",
        frozenset({Role.INSPECTOR}),
        lambda city: city.url("jejak/telusur/periksa/"),
        whole=True,
        sends=True,
        reads=False,
    ),
]
