"""What the trail can be looked through by; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms.employee_filter import ListFilter
from agencies.forms.frame import DayField
from agencies.unseen_signs import unseen_sign
from oversight.pages.act_words import act_label, actor_words, subject_label


class TrailFilter(ListFilter):
    """Narrows entries by kind and key of the subject, by role of the actor, by account, by act and by days.

    Offered is what stands in the chain; what is asked for and does not stand there finds nothing.
    """

    jenis = forms.ChoiceField(label=_("Subject"), required=False)
    kunci = forms.CharField(label=_("Key of the subject"), required=False, max_length=64)
    pelaku = forms.ChoiceField(label=_("Actor"), required=False)
    akun = forms.CharField(label=_("Account that acted (user name)"), required=False, max_length=150)
    tindakan = forms.ChoiceField(label=_("Act"), required=False)
    dari = DayField(label=_("From"), required=False)
    sampai = DayField(label=_("Until"), required=False)

    def __init__(self, data: Any, *, kinds: Iterable[str], actors: Iterable[str], acts: Iterable[str]) -> None:
        super().__init__(data)
        self._offer("jenis", _("All subjects"), kinds, subject_label)
        self._offer("pelaku", _("All actors"), actors, actor_words)
        self._offer("tindakan", _("All acts"), acts, act_label)

    def _offer(self, name: str, every: Any, codes: Iterable[str], words: Callable[[str], str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        asked = self.data.get(name, "")
        # No code has a sign that cannot be seen, and no database is asked for one.
        possible = [asked] if asked and not unseen_sign(asked, lines=False) else []
        known = {code: words(code) for code in (*codes, *possible)}
        field.choices = [("", every), *sorted(known.items(), key=lambda pair: pair[1].lower())]
