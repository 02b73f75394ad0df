"""A rule that was published and is then changed by raw SQL is named by `verify_trail`, by table and key."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.utils import translation

from eligibility.models import Criterion, InstrumentPeriod, InstrumentScope, LimitTerm, RuleVersion
from oversight.verification import verify_all
from tests.eligibility.test_unseen_circulars import DISKOMINFO, circular, limit, published, rule
from tests.judged_city import JudgedCity
from tests.oversight.chains import unprotected

FORGED = {
    RuleVersion: "title = 'Ketentuan lain'",
    Criterion: "fact = 'agency.kind'",
    LimitTerm: "value = 90",
    InstrumentScope: "agency_code = 'Dinkes'",
    InstrumentPeriod: "ends_on = '2025-12-31'",
}
"""Each table of published law with what is written over one of its rows."""


@pytest.mark.parametrize("model", FORGED, ids=lambda model: model.__name__)
def test_published_law_changed_behind_the_portal_is_named(city: JudgedCity, model: type[Model]) -> None:
    share = rule(limit("share_of_staff:most", limit_value="30"), applies=[DISKOMINFO])
    published(city, circular(share))
    assert verify_all(city.cast.institution).is_whole
    row = model._base_manager.order_by("pk").last()
    assert row is not None
    with unprotected(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {FORGED[model]} WHERE id = {row.pk}")
        assert cursor.rowcount == 1
    named = f"{row._meta.label_lower} {row.pk}: changed"
    with translation.override("en"), pytest.raises(CommandError, match=named):
        call_command("verify_trail", city.cast.institution.code)
