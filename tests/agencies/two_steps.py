"""How tests send a form of an act: once to see what follows, once more to confirm exactly that."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.test import Client

from agencies.models import PersonalDataRead

NOTHING = "Tidak ada hasil yang berubah"


def rows() -> dict[str, int]:
    """How many rows every table of the portal holds; that somebody read is noted whatever comes of the form."""
    models = [
        model
        for app in ("agencies", "eligibility", "oversight")
        for model in apps.get_app_config(app).get_models()
        if model._meta.managed and model is not PersonalDataRead
    ]
    return {model._meta.label: model._default_manager.count() for model in models}


def fields(page: str) -> dict[str, Any]:
    """What stands in the fields of the page's form, as a browser would send it."""
    form = page[page.index('class="act-form') :]
    form = form[: form.index("</form>")]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if said.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if "name" in said:
            found[said["name"]] = said.get("value", "")
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)"[^>]*selected', inside)
        found[name] = chosen[0] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return {name: value.replace("&quot;", '"').replace("&amp;", "&") for name, value in found.items()}


def opened(client: Client, url: str) -> str:
    """The page at an address."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def preview(client: Client, url: str, **typed: Any) -> str:
    """The page that tells what would follow from the form with these fields changed; it writes nothing."""
    typed = fields(opened(client, url)) | typed
    before = rows()
    answer = client.post(url, typed | {"preview": "1"})
    assert answer.status_code == 200
    assert {name: (count, before[name]) for name, count in rows().items() if count != before[name]} == {}
    return answer.content.decode()


def confirm(client: Client, url: str, page: str, **typed: Any) -> Any:
    """The answer to confirming what a previewed page shows."""
    return client.post(url, fields(page) | typed | {"confirm": "1"})
