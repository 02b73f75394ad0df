"""Indonesian unless the reader chose otherwise: the language a browser was installed in is no choice."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import get_supported_language_variant


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Takes the language from the cookie that the language switch sets, else the portal's own."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the request; an unknown one in the cookie is as good as none."""
        try:
            language = get_supported_language_variant(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        except LookupError:
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
