"""Values of fact records hold names and hours too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_people_places_and_closing")]

    operations = [
        migrations.AlterField(
            model_name="factrecord",
            name="value",
            field=models.CharField(blank=True, max_length=300, null=True, verbose_name="value"),
        ),
    ]
