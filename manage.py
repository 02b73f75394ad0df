#!/usr/bin/env python3
"""The command line of the portal."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run a command, or say in one sentence which setting forbids it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfa_portal.settings")
    try:
        _ = settings.DATABASES  # reads the settings now, before a traceback can grow around them
    except ImproperlyConfigured as problem:
        sys.exit(f"The portal cannot start. {problem}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
