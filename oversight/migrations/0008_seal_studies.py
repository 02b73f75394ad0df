"""Seals the studies of agencies that were recorded before the trail answered for them; a fresh database has none."""

from django.db import migrations

from agencies.studies.protection import COVERED
from oversight.resealing import Reseal

(STUDIES,) = COVERED


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0007_law_decided_again"),
        ("agencies", "0007_studies"),
    ]

    operations = [
        Reseal(
            "agencies.AgencyReview",
            None,
            STUDIES.recipes[0],
            institution=STUDIES.institution,
            rows={"signed_at__isnull": False},
        ),
    ]
