"""A condition may say whose approval it asks for; those recorded before name nobody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0008_worked_days")]

    operations = [
        migrations.AddField(
            model_name="ruleversion",
            name="condition_approver",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sekda", "sekda"),
                    ("personnel_head", "personnel_head"),
                    ("head_of_region", "head_of_region"),
                ],
                default="",
                max_length=20,
                verbose_name="whose approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("condition_approver", ""), ("condition_kind", "approver_role"), _connector="OR"),
                name="rule_version_approver_of_a_role",
                violation_error_message="Only a condition of kind approver role says whose approval it asks for.",
            ),
        ),
    ]
