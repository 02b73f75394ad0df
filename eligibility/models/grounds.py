"""What was decided in Python once per agency or unit, as the screening joins it: no tables, names of VALUES lists."""

from __future__ import annotations

from django.db import models

from agencies.models import Agency, Unit

GROUND_WORDS = 16
"""How many pairs of mask columns a screening statement may carry, 62 rules' bits each."""


class AgencyGround(models.Model):
    """The bits killed and unsure by facts above the position, for each agency."""

    agency = models.OneToOneField(Agency, models.DO_NOTHING, primary_key=True, related_name="ground")

    class Meta:
        managed = False
        db_table = "agency_ground"

    def __str__(self) -> str:
        return f"agency {self.pk}"


class UnitGround(models.Model):
    """The same for each unit, where some rule reads units."""

    unit = models.OneToOneField(Unit, models.DO_NOTHING, primary_key=True, related_name="ground")

    class Meta:
        managed = False
        db_table = "unit_ground"

    def __str__(self) -> str:
        return f"unit {self.pk}"


for _model in (AgencyGround, UnitGround):
    models.IntegerField().contribute_to_class(_model, "bounds")
    for _word in range(GROUND_WORDS):
        models.BigIntegerField().contribute_to_class(_model, f"k{_word}")
        models.BigIntegerField().contribute_to_class(_model, f"u{_word}")
