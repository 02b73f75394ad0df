"""Checks of a trail, and what a trail is looked through by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_outside_reader"),
        ("oversight", "0004_reperformance_and_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TrailCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("first", models.PositiveBigIntegerField(verbose_name="first entry")),
                ("last", models.PositiveBigIntegerField(verbose_name="last entry")),
                ("count", models.PositiveBigIntegerField(verbose_name="entries found whole")),
                ("broken", models.PositiveBigIntegerField(null=True, verbose_name="first broken entry")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="what is wrong")),
            ],
            options={
                "verbose_name": "check of a trail",
                "verbose_name_plural": "checks of trails",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="trailentry",
            index=models.Index(fields=["institution", "action", "number"], name="trail_entry_act"),
        ),
        migrations.AddIndex(
            model_name="trailentry",
            index=models.Index(fields=["institution", "subject_type", "number"], name="trail_entry_kind"),
        ),
        migrations.AddIndex(
            model_name="trailentry",
            index=models.Index(fields=["institution", "actor_label", "number"], name="trail_entry_actor"),
        ),
        migrations.AddIndex(
            model_name="trailentry",
            index=models.Index(fields=["institution", "at", "number"], name="trail_entry_time"),
        ),
        migrations.AddField(
            model_name="trailcheck",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="trailcheck",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="trail_checks", to="agencies.institution"
            ),
        ),
        migrations.AddIndex(
            model_name="trailcheck",
            index=models.Index(fields=["institution", "-at", "-id"], name="trail_check_list"),
        ),
    ]
