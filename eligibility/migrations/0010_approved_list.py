"""Approved arrangements by the moment of their approval: by month, they are looked through and counted."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_outside_reader"),
        ("eligibility", "0009_condition_approver"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="arrangement",
            index=models.Index(
                condition=models.Q(("approved_at__isnull", False)),
                fields=["institution", "approved_at"],
                name="arrangement_approved",
            ),
        ),
    ]
