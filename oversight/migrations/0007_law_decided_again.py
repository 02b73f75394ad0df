"""Deciding again looks at the law too: a kind of difference, and how many were decided before it was recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0006_seal_condition_approver")]

    operations = [
        migrations.AddField(
            model_name="reperformance",
            name="later",
            field=models.PositiveIntegerField(default=0, verbose_name="decided before the law was recorded"),
        ),
        migrations.AlterField(
            model_name="difference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("outcome", "The outcome differs"),
                    ("facts", "The facts differ from those recorded at the time"),
                    ("checks", "A requirement was not met"),
                    ("law", "The law differs from that decided by"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
    ]
