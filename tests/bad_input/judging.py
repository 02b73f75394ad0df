"""Whether a page answers a bad form as it must: at the field, with a sentence, keeping what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django import forms
from django.http import HttpResponse
from django.utils.html import conditional_escape

from tests.bad_input.breaking import Broken
from tests.bad_input.sending import Sending

TYPED = forms.TextInput | forms.NumberInput | forms.DateInput | forms.Textarea
"""What shows again whatever was typed; a choice that is not on the list cannot."""

_LINK = re.compile(r'<li><a href="#([^"]*)">')


def refused(answer: HttpResponse) -> bool:
    """Whether the form came back with something to be mended."""
    form = _form(answer)
    return answer.status_code == 200 and form is not None and form.is_bound and bool(form.errors)


def faults(sending: Sending, changed: Mapping[str, Broken], answer: HttpResponse) -> Iterator[str]:
    """What the answer lacks."""
    form, page = _form(answer), answer.content.decode()
    assert form is not None
    if 'role="alert"' not in page:
        yield "no summary is announced"
    for link in _LINK.findall(page):
        if f'id="{link}"' not in page:
            yield f"the summary leads to “{link}”, which is not there"
    for name, sentences in form.errors.items():
        yield from (f"{name} says nothing" for sentence in sentences if len(str(sentence)) < 5)
    if "<script>alert(" in page:
        yield "a typed script stands in the page"
    for name, broken in changed.items():
        field = form.fields.get(name)
        if field is None or broken.sent is None or not isinstance(field.widget, TYPED):
            continue
        if not _comes_back(broken.sent[-1], page):
            yield f"what was typed into {name} is lost"


def _comes_back(text: str, page: str) -> bool:
    read = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return not read.strip() or str(conditional_escape(read)) in page or str(conditional_escape(read.strip())) in page


def _form(answer: HttpResponse) -> forms.BaseForm | None:
    context = getattr(answer, "context", None)
    found = context.get("form") if context is not None else None
    return found if isinstance(found, forms.BaseForm) else None
