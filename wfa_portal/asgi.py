"""The ASGI entry point, for servers such as uvicorn."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfa_portal.settings")

application = get_asgi_application()

from agencies.readiness import require_readiness_at_start  # noqa: E402 - apps are loaded by the line above
from wfa_portal.memory import settle  # noqa: E402

require_readiness_at_start()
settle()
