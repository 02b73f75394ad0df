"""How fields are drawn: by Django's templates, but what stands in a form by the hundred in one go.

The form of a rule has dozens of fields and hundreds of options; templates within templates for each of them took half
of its page's time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.safestring import mark_safe

from agencies.markup import attributes, escaped

_LIST: Final = "django/forms/widgets/select.html"
_OPTION: Final = "django/forms/widgets/select_option.html"
_INPUTS: Final = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in ("checkbox", "date", "datetime", "email", "hidden", "number", "text", "time", "url")
)
_ERRORS: Final = frozenset({"django/forms/errors/list/default.html", "django/forms/errors/list/ul.html"})


class PortalRenderer(DjangoTemplates):
    """Django's own templates; lists of choices and plain inputs are written here, letter for letter the same."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The markup of a field or a form."""
        widget = context.get("widget")
        if template_name == _LIST and widget and _is_plain(widget):
            return mark_safe(_list(widget))  # nosec B308 B703 - every part is escaped where it is put in
        if template_name in _INPUTS and widget:
            return mark_safe(_input(widget))  # nosec B308 B703
        if template_name in _ERRORS and not context["errors"]:
            return ""
        return super().render(template_name, context, request)


def _is_plain(widget: Mapping[str, Any]) -> bool:
    """Whether all options are drawn by Django's template."""
    return all(
        option["template_name"] == _OPTION for _name, options, _index in widget["optgroups"] for option in options
    )


def _list(widget: Mapping[str, Any]) -> str:
    inside = "".join(part for name, options, _index in widget["optgroups"] for part in _group(name, options))
    return f'<select name="{_shown(widget["name"])}"{attributes(widget["attrs"])}>{inside}\n</select>'


def _group(name: str | None, options: list[dict[str, Any]]) -> Iterator[str]:
    if name:
        yield f'\n  <optgroup label="{_shown(name)}">'
    for one in options:
        yield f'\n  <option value="{escaped(one["value"])}"{attributes(one["attrs"])}>{_shown(one["label"])}</option>\n'
    if name:
        yield "\n  </optgroup>"


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return (
        f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{value}{attributes(widget["attrs"])}>'
    )


def _shown(value: Any) -> str:
    """As a template shows it: numbers as the language writes them, and nothing that could be markup."""
    return escaped(localize(value))
