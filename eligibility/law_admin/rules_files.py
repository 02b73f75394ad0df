"""Files of rules in the administration: published law handed out, and a file looked at, then imported as drafts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib import messages
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.errors import PortalError
from agencies.models import Institution, User
from agencies.signing import public_key_of
from eligibility.actions.rule_imports import import_rules
from eligibility.arrivals import arrival, owners_of
from eligibility.exchange import Received, exchange_file, read_exchange
from eligibility.forms.law.files import RulesFileForm
from eligibility.law_access import administered, published_instruments
from eligibility.law_admin.arrival_words import arrival_words, counts_of, sender_words
from eligibility.law_admin.base import LawAdmin, section
from eligibility.models import Instrument
from eligibility.stored_texts import published_texts
from eligibility.texts import Fault

Pages = Sequence[tuple[str, str, Callable[..., HttpResponse]]]


class RulesFiles(LawAdmin):
    """To hand law out and to take it in."""

    def file_pages(self) -> Pages:
        """Of one instrument, of an institution, and of what comes from elsewhere."""
        return (
            ("impor/", "import", self.choose),
            ("impor/<slug:digest>/", "arrival", self.arrival),
            ("<int:pk>/berkas/", "file", self.file),
            ("berkas/<slug:code>/", "files", self.files),
        )

    def file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A published instrument as a file of rules; who reads it may take it along."""
        return _handed_out(published_instruments(request.user).filter(pk=pk), f"aturan-{pk}")

    def files(self, request: HttpRequest, code: str) -> HttpResponse:
        """All that an institution has published, as one file of rules."""
        return _handed_out(published_instruments(request.user).filter(owner__code=code), f"aturan-{code}")

    def choose(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; one that can be read leads to what it would do, another is answered with every fault."""
        sent = request.method == "POST"
        form = RulesFileForm(request.POST if sent else None, request.FILES if sent else None)
        faults: Sequence[Fault] = ()
        if form.is_valid():
            file = form.cleaned_data["file"]
            content = file.read()
            received = read_exchange(content, file.name)
            faults = received.faults or _not_mine(self.user(request), received, file.name)
            if not faults:
                return redirect(self.address("arrival", _keep(self.user(request), content)))
        return self.show(
            request,
            "eligibility/law_admin/rules_import.html",
            _("Import a file of rules"),
            form=form,
            fieldset=section(form, None, ["file"]).fieldset,
            faults=faults,
            mine=administered(request.user),
        )

    def arrival(self, request: HttpRequest, digest: str) -> HttpResponse:
        """What the chosen file would do here; confirmed, it lands as drafts."""
        user = self.user(request)
        content = _kept().get(_place(user, digest))
        received = read_exchange(content, "") if content is not None else Received()
        if content is None or _not_mine(user, received, ""):
            messages.warning(request, _("The file is kept for an hour only; choose it again."))
            return redirect(self.address("import"))
        owner, refused = Institution.objects.get(code=received.texts[0].owner), ""
        if request.method == "POST" and "confirm" in request.POST:
            try:
                receipt = import_rules(
                    actor=user, institution=owner, received=received, seen=request.POST.get("seen", "")
                )
            except PortalError as refusal:
                refused = str(refusal)
            else:
                return self._landed(request, owner, new=receipt is not None)
        return self._shown(request, owner, received, refused)

    def _shown(self, request: HttpRequest, owner: Institution, received: Received, refused: str) -> HttpResponse:
        now = timezone.now()
        found = arrival(owner, received.texts, now)
        return self.show(
            request,
            "eligibility/law_admin/rules_arrival.html",
            _("What the file would do"),
            owner=owner,
            received=received,
            sender=sender_words(received, owner),
            found=found,
            instruments=arrival_words(found, owner, now),
            counts=counts_of(found),
            refused=refused,
        )

    def _landed(self, request: HttpRequest, owner: Institution, *, new: bool) -> HttpResponse:
        if new:
            self.say(request, _("The file is imported: its law of %(owner)s waits as drafts.") % {"owner": owner.name})
        else:
            messages.info(request, _("Everything in this file is here already; nothing was changed."))
        return redirect(self.address("changelist"))


def own_public_key(owner: Institution) -> str:
    """The public key by which files of the institution's law are signed here; empty where they are not."""
    return public_key_of(settings.RULES_KEYS.get(owner.code, b""))


def _handed_out(rows: QuerySet[Instrument], name: str) -> HttpResponse:
    """Instruments of one institution as a file to keep, signed with its key; Http404 where there is none."""
    texts = published_texts(rows)
    if not texts:
        raise Http404
    content = exchange_file(texts, settings.RULES_KEYS.get(texts[0].owner, b""))
    kept = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return HttpResponse(content, content_type="application/json", headers=kept)


def _not_mine(user: User, received: Received, source: str) -> tuple[Fault, ...]:
    """Why a file is not for this user: no law in it, that of several institutions, or of one she does not write for."""
    owners = owners_of(received.texts)
    if not owners:
        return (Fault(source, "", _("The file holds no instrument; export it again.")),)
    if len(owners) > 1:
        sentence = _("The file holds the law of several institutions (%(owners)s); ask for one file of each.")
        return (Fault(source, "", sentence % {"owners": ", ".join(owners)[:200]}),)
    if owners[0] not in {one.code for one in administered(user)}:
        sentence = _(
            "The file holds the law of “%(owner)s”, for which you do not write; who writes it here imports it."
        )
        return (Fault(source, "", sentence % {"owner": owners[0][:80]}),)
    return ()


def _kept() -> BaseCache:
    """Files between choosing and confirming, by who chose them and their digest: no other account finds them."""
    return caches["uploads"]


def _keep(user: User, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    _kept().set(_place(user, digest), content)
    return digest


def _place(user: User, digest: str) -> str:
    return f"rules-{user.pk}-{digest}"
