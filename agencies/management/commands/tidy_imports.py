"""`manage.py tidy_imports`: gives up files that were uploaded long ago and never imported, and deletes them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.import_work import give_up_forgotten
from agencies.models import Institution


class Command(BaseCommand):
    """Safe to run twice or side by side; once a day is enough."""

    help = "Give up imports whose file was uploaded more than seven days ago, and delete the file."

    def handle(self, *args: Any, **options: Any) -> None:
        """Every institution in turn; how many were given up."""
        now = timezone.now()
        count = sum(give_up_forgotten(one, now) for one in Institution.objects.governing())
        self.stdout.write(_("%(count)d imports given up, their files deleted.") % {"count": count})
