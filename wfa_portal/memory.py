"""How a process treats what it is made of: code, models and templates stay to its end."""

from __future__ import annotations

import gc
from importlib import import_module

from django.conf import settings


def settle() -> None:
    """Leave all that is loaded out of the search for garbage, and search more rarely: a page makes many objects."""
    import_module(settings.ROOT_URLCONF)  # all pages, or the first that is asked for would load them
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
