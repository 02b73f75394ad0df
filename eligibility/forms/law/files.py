"""The forms of files of rules: the file to be looked at, and whose a key is that signs such files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import WrittenForm
from agencies.signing import is_public_key
from eligibility.exchange import MOST_BYTES


class RulesFileForm(WrittenForm):
    """The file; nothing of it is stored before it was looked at and confirmed."""

    file = forms.FileField(
        label=_("File of rules (JSON)"),
        help_text=_("At most 5 MB, as the portal hands it out. First you see what it would do; nothing is stored yet."),
        error_messages={"empty": _("The file is empty; choose another.")},
    )

    def clean_file(self) -> Any:
        """A file that is not larger than is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 5 MB; ask for fewer instruments in one file."))
        return file


class SenderKeyForm(WrittenForm):
    """A public key, whose it is, how the institution was told, and whether it is still in use."""

    public_key = forms.CharField(
        label=_("Public key"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("44 signs, as the sender shows them on the page of an instrument."),
    )
    holder = forms.CharField(label=_("Whose it is"), max_length=200)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("How you were told, by another way than the file itself: a letter with its number, a web page."),
    )
    trusted = forms.BooleanField(
        label=_("In use"), required=False, initial=True, help_text=_("Take the tick out where it was lost or replaced.")
    )

    def clean_public_key(self) -> str:
        """The key without what surrounds it."""
        key = str(self.cleaned_data["public_key"]).strip()
        if not is_public_key(key):
            sentence = gettext("This is no public key: it is 44 signs of base64, as the sender shows them.")
            raise forms.ValidationError(sentence)
        return key
