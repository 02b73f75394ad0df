"""Studies grow figures, a period and a signature; those recorded before count as signed when they were recorded."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def count_as_signed(apps, schema_editor):
    apps.get_model("agencies", "AgencyReview").objects.update(signed_at=models.F("recorded_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_imports"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="agencyreview",
            options={
                "ordering": ["valid_from", "signed_at", "recorded_at"],
                "verbose_name": "agency review",
                "verbose_name_plural": "agency reviews",
            },
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="complaints_answered",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Complaints answered"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="complaints_received",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Complaints received"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="complaints_source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source of the complaints"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="connection",
            field=models.BooleanField(blank=True, null=True, verbose_name="Connection"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="costs_source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source of the costs"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="electricity",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Electricity"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="fuel",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Fuel"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="period_ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="last day of the period"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="period_starts_on",
            field=models.DateField(blank=True, null=True, verbose_name="first day of the period"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="readiness_source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source of the readiness"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="sakip_grade",
            field=models.CharField(
                blank=True,
                choices=[("AA", "AA"), ("A", "A"), ("BB", "BB"), ("B", "B"), ("CC", "CC"), ("C", "C"), ("D", "D")],
                max_length=2,
                null=True,
                verbose_name="SAKIP grade",
            ),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="sakip_source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source of the SAKIP value"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="sakip_value",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="SAKIP value"
            ),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="services_all",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Services with a standard"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="services_within",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Services that kept it"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="signed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="signed at"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="signed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skm_source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source of the IKM/SKM value"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skm_value",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="IKM/SKM value"
            ),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skp_good",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Predicate Baik"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skp_needs_improvement",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Predicate Butuh Perbaikan"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skp_poor",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Predicate Kurang"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skp_source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source of the SKP results"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skp_very_good",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Predicate Sangat Baik"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="skp_very_poor",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Predicate Sangat Kurang"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="staff",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Staff"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="staff_with_device",
            field=models.PositiveBigIntegerField(
                blank=True, null=True, verbose_name="Staff with a device of the office"
            ),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="standard_source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source of services within their standard"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="telephone",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Telephone and internet"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="travel",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Official travel"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="vpn",
            field=models.BooleanField(blank=True, null=True, verbose_name="VPN"),
        ),
        migrations.AddField(
            model_name="agencyreview",
            name="water",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="Water"),
        ),
        migrations.AlterField(
            model_name="agencyreview",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="agencies.agency"
            ),
        ),
        migrations.AlterField(
            model_name="agencyreview",
            name="source",
            field=models.CharField(blank=True, max_length=300, verbose_name="source"),
        ),
        migrations.RunPython(count_as_signed, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("signed_at__isnull", True)),
                fields=("agency",),
                name="study_one_draft_per_agency",
                violation_error_message="This agency has a draft already; go on with it or discard it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("period_ends_on__isnull", True), ("period_starts_on__isnull", True)),
                    models.Q(
                        ("period_ends_on__gte", models.F("period_starts_on")),
                        ("period_ends_on__isnull", False),
                        ("period_starts_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="study_period_ends_after_it_starts",
                violation_error_message="The period ends on its first day or later; write both days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_at__isnull", True), models.Q(("source", ""), _negated=True), _connector="OR"
                ),
                name="study_signed_with_its_source",
                violation_error_message="Say on which document the study rests before it is signed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("sakip_value__gte", 0), ("sakip_value__lte", 100)),
                name="study_sakip_value_within_bounds",
                violation_error_message="A SAKIP value lies between 0 and 100; copy it from the LHE.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("skm_value__gte", 25), ("skm_value__lte", 100)),
                name="study_skm_value_within_bounds",
                violation_error_message="An IKM/SKM value lies between 25 and 100; copy it from the survey.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("complaints_answered__lte", models.F("complaints_received"))),
                name="study_complaints_answered_at_most_complaints_received",
                violation_error_message="More complaints are answered than were received; check both numbers.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("services_within__lte", models.F("services_all"))),
                name="study_services_within_at_most_services_all",
                violation_error_message="More services kept their standard than have one; check both numbers.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("staff_with_device__lte", models.F("staff"))),
                name="study_staff_with_device_at_most_staff",
                violation_error_message="More staff have a device than there are; count people, not devices.",
            ),
        ),
    ]
