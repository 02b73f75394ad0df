"""Deciding again: the runs, one run, and the form that starts one."""

from __future__ import annotations

from agencies.models import Role
from oversight.actions.reperformances import reperform
from oversight.models import Reperformance
from tests.addresses.address import Address
from tests.addresses.oversight import DESK
from tests.judged_city import JudgedCity


def _run(city: JudgedCity) -> str:
    cast = city.cast
    found = Reperformance.objects.filter(institution=cast.institution).first()
    found = found or reperform(actor=cast.inspector, institution=cast.institution, since=None).run
    return city.url(f"pengawasan/uji-ulang/{found.pk}/")


ADDRESSES = [
    Address("reperformances", DESK, lambda city: city.url("pengawasan/uji-ulang/")),
    Address(
        "reperformance_start",
        frozenset({Role.INSPECTOR}),
        lambda city: city.url("pengawasan/uji-ulang/mulai/"),
        whole=True,
        sends=True,
    ),
    Address("reperformance", DESK, _run),
]
