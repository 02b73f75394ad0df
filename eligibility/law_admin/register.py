"""Which tables the administration shows."""

from __future__ import annotations

from eligibility.law_admin.instruments import InstrumentAdmin
from eligibility.law_admin.provisions import ProvisionAdmin
from eligibility.law_admin.sender_keys import SenderKeyAdmin
from eligibility.law_admin.settings import SettingAdmin
from eligibility.law_admin.site import SITE
from eligibility.law_admin.versions import VersionAdmin
from eligibility.models import InstitutionSetting, Instrument, Provision, RuleVersion, SenderKey

SITE.register(Instrument, InstrumentAdmin)
SITE.register(Provision, ProvisionAdmin)
SITE.register(RuleVersion, VersionAdmin)
SITE.register(InstitutionSetting, SettingAdmin)
SITE.register(SenderKey, SenderKeyAdmin)

__all__ = ["SITE"]
