"""Seals the cases beside rules that were written before the trail answered for them."""

from django.db import migrations

from eligibility.models import RuleCase
from eligibility.protection import COVERED
from oversight.resealing import Reseal

CASES = next(one for one in COVERED if one.model is RuleCase)


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0009_seal_life_of_a_version"),
        ("eligibility", "0015_cases_of_the_portal"),
    ]

    operations = [
        Reseal("eligibility.RuleCase", None, CASES.recipes[0], institution=CASES.institution),
    ]
