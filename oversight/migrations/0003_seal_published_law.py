"""Seals the law that was published before the trail answered for its rows; a fresh database has none."""

from django.db import migrations

from eligibility.protection import COVERED
from oversight.resealing import Reseal

RECIPES = {one.model._meta.label: (one.recipes[0], one.institution) for one in COVERED}


def seal(model, **rows):
    recipe, institution = RECIPES[model]
    return Reseal(model, None, recipe, institution=institution, rows=rows)


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0002_sides_leaves_epochs_checkpoints"),
        ("eligibility", "0003_published_instruments"),
    ]

    operations = [
        seal("eligibility.Instrument"),
        seal("eligibility.InstrumentPeriod"),
        seal("eligibility.Provision"),
        seal("eligibility.ProvisionVerification"),
        seal("eligibility.RuleVersion", published_at__isnull=False),
        seal("eligibility.RuleRepeal"),
        seal("eligibility.InstitutionSetting"),
    ]
