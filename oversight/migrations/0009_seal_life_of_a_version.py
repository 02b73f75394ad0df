"""Seals rule versions, instruments and provisions by the recipes that know who drafted, who reviewed and what is quoted."""

from django.db import migrations

from eligibility.models import Instrument, Provision, RuleVersion
from eligibility.protection import COVERED
from oversight.resealing import Reseal

VERSIONS, INSTRUMENTS, PROVISIONS = (
    next(one for one in COVERED if one.model is model) for model in (RuleVersion, Instrument, Provision)
)


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0008_seal_studies"),
        ("eligibility", "0012_life_of_a_version"),
    ]

    operations = [
        Reseal(
            "eligibility.RuleVersion",
            VERSIONS.recipes[1],
            VERSIONS.recipes[2],
            institution=VERSIONS.institution,
            rows={"published_at__isnull": False},
        ),
        Reseal(
            "eligibility.Instrument",
            INSTRUMENTS.recipes[0],
            INSTRUMENTS.recipes[1],
            institution=INSTRUMENTS.institution,
        ),
        Reseal(
            "eligibility.Provision",
            PROVISIONS.recipes[0],
            PROVISIONS.recipes[1],
            institution=PROVISIONS.institution,
        ),
    ]
