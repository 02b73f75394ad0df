"""Seals published versions of rules by the recipe that knows whose approval a condition asks for."""

from django.db import migrations

from eligibility.models import RuleVersion
from eligibility.protection import COVERED
from oversight.resealing import Reseal

VERSIONS = next(one for one in COVERED if one.model is RuleVersion)


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0005_trail_checks"),
        ("eligibility", "0009_condition_approver"),
    ]

    operations = [
        Reseal(
            "eligibility.RuleVersion",
            VERSIONS.recipes[0],
            VERSIONS.recipes[1],
            institution=VERSIONS.institution,
            rows={"published_at__isnull": False},
        ),
    ]
