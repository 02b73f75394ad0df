"""The form that splits a position into tasks, one a line, with like positions that are split in the same way."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.forms.alike import TICKED, AlikeField, FormOfAlike
from agencies.forms.frame import DayField
from agencies.mapping.splitting import Part
from agencies.models import Position
from agencies.unseen_signs import unseen_sign

_LINE: Final = re.compile(r"^(?P<title>.*?\S)\s*(?:[;:|,]\s*(?P<share>\d{1,3}|\?)\s*%?)?$")
MOST: Final = 20
"""Tasks of one position."""


def position_words(position: Any) -> str:
    """A position by what tells it from those alike: its unit, its agency and its code."""
    unit = f", {position.unit}" if position.unit else ""
    return f"{position}{unit}, {position.agency} ({position.code})"


class SplitForm(FormOfAlike):
    """Tasks with their shares, one a line: title; percent."""

    parts = forms.CharField(
        label=_("Tasks, one a line: title; share in percent"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "For example: Menyusun laporan; 60. Leave the share out where it is not known."
            " The first line keeps the facts recorded so far."
        ),
    )
    also = AlikeField(
        label=_("Split these positions in the same way"),
        at_first=TICKED,
        words=position_words,
        subject="",
        help_text=_("They have the same title and jenjang and are not split yet."),
    )
    source = forms.CharField(label=_("Source"), max_length=300)
    valid_from = DayField(label=_("Valid from"))

    def __init__(
        self, data: QueryDict | None, *, alike: QuerySet[Position], day: date, parts: str, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"parts": parts, "valid_from": day}, **kwargs)
        self.offer("also", alike)

    def clean_parts(self) -> list[Part]:
        """Each line as a title and a share."""
        text = str(self.cleaned_data["parts"])
        place = unseen_sign(text, lines=True)
        if place:
            sentence = _("Sign %(place)d cannot be seen on screen or paper; write the words around it anew.")
            raise ValidationError(sentence % {"place": place})
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST:
            raise ValidationError(_("At most %(most)d tasks; put some together.") % {"most": MOST})
        return [_part(line) for line in lines]

    def positions(self) -> list[Any]:
        """The further positions."""
        return self.chosen("also")


def _part(line: str) -> Part:
    match = _LINE.match(line)
    assert match is not None, "the line holds a sign that is seen"
    title, share = match["title"], match["share"]
    if len(title) > 300:
        raise ValidationError(_("“%(title)s…” is too long; a title has at most 300 signs.") % {"title": title[:40]})
    if share in (None, "?"):
        return title, None
    if not 1 <= int(share) <= 100:
        raise ValidationError(_("“%(line)s”: a share is 1 to 100 percent.") % {"line": line[:60]})
    return title, int(share)
