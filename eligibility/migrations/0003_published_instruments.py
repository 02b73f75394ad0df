import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_people_places_and_closing"),
        ("eligibility", "0002_instrument_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="institutionsetting",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.document",
                verbose_name="document",
            ),
        ),
        migrations.AddField(
            model_name="instrument",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="published at"),
        ),
    ]
