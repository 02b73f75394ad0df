"""The WSGI entry point, for servers such as gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfa_portal.settings")

application = get_wsgi_application()

from agencies.readiness import require_readiness_at_start  # noqa: E402 - apps are loaded by the line above
from wfa_portal.memory import settle  # noqa: E402

require_readiness_at_start()
settle()
