"""The trail looked through: by subject, actor, act and day, page by page; verified at the press of a button."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.test import Client

from agencies import triggers
from agencies.events import record
from agencies.models import PersonalDataRead
from oversight.chain import fault_of
from oversight.models import TrailCheck, TrailEntry
from oversight.recent import verify_recent
from tests.base import Cast
from tests.exported import from_csv
from tests.factories import EmployeeFactory
from tests.oversight.chains import unprotected

PAGE = "/kota-contoh/jejak/telusur/"
START = datetime(2025, 7, 1, 5, tzinfo=UTC)


def act(cast: Cast, action: str = "noted", *, day: int = 0, by: str = "hr_officer") -> None:
    """An act of a colleague on a day of July."""
    with transaction.atomic():
        actor = getattr(cast, by)
        record(actor=actor, action=action, subject=cast.institution, at=START + timedelta(days=day), name="Kota Baru")


def text(client: Client, cast: Cast, query: str = "") -> str:
    client.force_login(cast.inspector)
    return client.get(PAGE + query).content.decode()


def numbers(client: Client, cast: Cast, query: str = "") -> list[int]:
    client.force_login(cast.inspector)
    return [line.number for line in client.get(PAGE + query).context["page"].lines]


def test_entries_are_found_by_subject_actor_act_and_days(client: Client, cast: Cast) -> None:
    act(cast)
    act(cast, "noted_otherwise", day=3, by="agency_head")
    act(cast, day=5)
    assert numbers(client, cast) == [3, 2, 1]
    assert numbers(client, cast, "?tindakan=noted") == [3, 1]
    assert numbers(client, cast, "?pelaku=agency_head+·+kota-contoh") == [2]
    assert numbers(client, cast, "?dari=2025-07-02&sampai=2025-07-04") == [2]
    assert numbers(client, cast, f"?jenis=agencies.institution&kunci={cast.institution.pk}") == [3, 2, 1]
    assert numbers(client, cast, "?jenis=agencies.institution&kunci=0") == []
    assert numbers(client, cast, "?tindakan=tiada") == []
    page = text(client, cast)
    assert "Kepala perangkat daerah" in page
    assert "Kota Baru" in page


def test_entries_are_found_by_the_account_that_acted_and_the_read_is_logged(client: Client, cast: Cast) -> None:
    cast.agency_head.employee = EmployeeFactory.create(institution=cast.institution)
    cast.agency_head.save()
    act(cast)
    act(cast, "noted_otherwise", by="agency_head")
    act(cast, by="inspector")
    with transaction.atomic():
        elsewhere = cast.outsider.grants.get().institution
        record(actor=cast.outsider, action="noted", subject=elsewhere, at=START)
    assert numbers(client, cast, "?akun=agency_head") == [2]
    assert numbers(client, cast, "?akun=agency_head&tindakan=noted") == []
    (page, again) = PersonalDataRead.objects.order_by("pk")
    assert {(one.page, one.reader, one.employee) for one in (page, again)} == {
        ("trail", cast.inspector, cast.agency_head.employee)
    }
    read = from_csv(client.get(f"{PAGE}?akun=hr_officer&unduh=csv"))
    assert read.column("Nomor") == ["1"]
    assert PersonalDataRead.objects.count() == 3, "to take it away is a read too"
    assert numbers(client, cast, "?akun=inspector") == [3]
    told = [text(client, cast, f"?akun={name}") for name in ("Agency_Head", "outsider", "tiada")]
    for name, said in zip(("Agency_Head", "outsider", "tiada"), told, strict=True):
        assert f"tidak ada yang pernah bertindak dengan nama pengguna “{name}”" in said
    assert numbers(client, cast, "?akun=outsider") == [], "not every entry"
    assert PersonalDataRead.objects.count() == 3, "of herself, and of nobody"


def test_why_many_were_left_to_the_watcher_is_told_in_words_and_another_act_by_its_code(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.inspector)
    for cause, words in (("study_signed", "Kajian perangkat daerah ditandatangani"), ("unheard_of", "unheard_of")):
        with transaction.atomic():
            record(actor=None, action="reexamination_queued", subject=cast.institution, at=START, cause=cause)
        assert ("Penyebab", words) in client.get(PAGE).context["page"].lines[0].details


def test_details_that_cannot_be_read_are_left_out_and_the_page_still_opens(client: Client, cast: Cast) -> None:
    act(cast)
    client.force_login(cast.inspector)
    assert "Kota Baru" in client.get(PAGE).content.decode()
    for body in ("Kota Baru", "[]", '"Kota Baru"'):
        with unprotected():
            TrailEntry.objects.update(body=body)
        (line,) = client.get(PAGE).context["page"].lines
        assert line.details == (), body


def test_who_only_reads_has_it_recomputed_and_leaves_nothing_behind(client: Client, cast: Cast) -> None:
    act(cast)
    client.force_login(cast.outside_reader)
    page = client.get(PAGE).content.decode()
    assert "/jejak/telusur/periksa/" not in page
    assert client.post(f"{PAGE}periksa/").status_code == 404
    assert "tidak disimpan" in client.get(f"{PAGE}?periksa=1").content.decode()
    triggers.remove(connection)
    TrailEntry.objects.filter(number=1).update(body="{}")
    assert "terputus pada entri 1" in client.get(f"{PAGE}?periksa=1").content.decode()
    assert (TrailEntry.objects.count(), TrailCheck.objects.count()) == (1, 0)
    client.force_login(cast.inspector)
    assert "/jejak/telusur/periksa/" in client.get(f"{PAGE}?periksa=1").content.decode()
    client.post(f"{PAGE}periksa/")
    assert TrailCheck.objects.get().broken == 1


def test_a_code_with_a_sign_that_nobody_sees_is_told_at_its_field(client: Client, cast: Cast) -> None:
    act(cast)
    client.force_login(cast.inspector)
    for name in ("jenis", "pelaku", "tindakan"):
        answer = client.get(f"{PAGE}?{name}=noted%00")
        assert answer.status_code == 200
        assert name in answer.context["page"].filter.errors, name
        assert not client.get(f"{PAGE}?{name}=noted").context["page"].filter.errors, (
            "a code that only does not stand there"
        )


def test_pages_go_on_by_number_in_both_directions_and_the_file_holds_all(client: Client, cast: Cast) -> None:
    for _number in range(53):
        act(cast)
    assert numbers(client, cast) == list(range(53, 3, -1))
    assert numbers(client, cast, "?sesudah=4") == [3, 2, 1]
    assert numbers(client, cast, "?sebelum=3") == list(range(53, 3, -1))
    read = from_csv(client.get(f"{PAGE}?tindakan=noted&unduh=csv"))
    assert read.column("Nomor") == [str(number) for number in range(1, 54)]


def test_the_button_verifies_now_and_the_page_says_so_with_the_time(client: Client, cast: Cast) -> None:
    act(cast)
    act(cast)
    assert "belum diverifikasi" in text(client, cast)
    assert client.post(f"{PAGE}periksa/").status_code == 302
    assert "2 entri terverifikasi" in text(client, cast)
    check = TrailCheck.objects.get()
    assert (check.first, check.last, check.count, check.broken) == (1, 2, 2, None)
    assert TrailEntry.objects.get(number=3).action == "trail_checked"


def test_what_was_changed_behind_the_portal_is_named_by_its_number(client: Client, cast: Cast) -> None:
    for _number in range(4):
        act(cast)
    triggers.remove(connection)
    TrailEntry.objects.filter(number=2).update(body="{}")
    assert fault_of(cast.institution, 2)
    assert not fault_of(cast.institution, 1)
    client.force_login(cast.inspector)
    client.post(f"{PAGE}periksa/")
    assert "terputus pada entri 2" in text(client, cast)
    assert verify_recent(cast.institution, 2).found.broken is None, "only the last entries were recomputed"


def test_only_a_grant_for_the_whole_institution_opens_it(client: Client, cast: Cast) -> None:
    cast.inspector.grants.update(agency=cast.agency)
    client.force_login(cast.inspector)
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}periksa/").status_code == 404
    assert not TrailCheck.objects.exists()
