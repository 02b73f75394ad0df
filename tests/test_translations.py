"""Every text has its Indonesian words, and the compiled catalogue is the written one."""

import importlib.util
import sys
from types import ModuleType

from django.conf import settings


def _tool() -> ModuleType:
    """locale/compile.py by its path: a package named `locale` would hide Python's own."""
    path = settings.BASE_DIR / "locale/compile.py"
    spec = importlib.util.spec_from_file_location("locale_compile", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


tool = _tool()


def test_every_message_has_indonesian_words_and_no_entry_is_left_over() -> None:
    assert tool.problems(tool.catalogue()) == [], "run: python locale/compile.py --update"


def test_the_committed_mo_is_the_compiled_po() -> None:
    same = tool.COMPILED.read_bytes() == tool.catalogue().to_binary()
    assert same, "run: make messages"


def test_messages_are_found_in_python() -> None:
    source = """
a = _("one " "text")
b = ngettext_lazy("%(n)d job", "%(n)d jobs", "n")
c = translation.pgettext("month", "May")
d = gettext(computed)
e = other("no message")
"""
    assert list(tool.python_messages(source)) == [
        tool.Message("", "one text"),
        tool.Message("", "%(n)d job", "%(n)d jobs"),
        tool.Message("month", "May"),
    ]


def test_messages_are_found_in_templates() -> None:
    source = """{% load i18n %}
<p title="{% translate "Say (it) isn't so" %}">gettext("mere text")</p>
{% translate "May" context "month" %}
{% blocktranslate trimmed with name=unit.name %}
    Jobs of
    {{ name }}
{% endblocktranslate %}
{% blocktranslate count n=jobs %}{{ n }} job{% plural %}{{ n }} jobs{% endblocktranslate %}
{{ value|default:_("unknown") }}
"""
    assert list(tool.template_messages(source)) == [
        tool.Message("", "Say (it) isn't so"),
        tool.Message("month", "May"),
        tool.Message("", "Jobs of %(name)s"),
        tool.Message("", "%(n)s job", "%(n)s jobs"),
        tool.Message("", "unknown"),
    ]


def test_a_lost_placeholder_is_named() -> None:
    book = tool.catalogue()
    entry = next(entry for entry in book if not entry.msgid_plural)
    entry.msgstr = "%(surplus)s"
    assert f'"{entry.msgid[:70]}' in " ".join(tool.problems(book))
