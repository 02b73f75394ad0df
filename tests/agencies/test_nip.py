"""A number of a civil servant is checked by what it says, and hidden before it is shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.grades import GRADES, grade_named
from agencies.masking import masked_nip
from agencies.months import full_months
from agencies.nip import NipFault, parse_nip

PNS = "198503172010011901"
PPPK = "199011052022211902"

births = st.dates(min_value=date(1940, 1, 1), max_value=date(2004, 12, 31))
sequences = st.integers(1, 999).map("{:03}".format)
sexes = st.sampled_from("12")


@st.composite
def numbers(draw: st.DrawFn, months: tuple[int, int] = (1, 12)) -> str:
    born = draw(births)
    year = draw(st.integers(born.year + 18, born.year + 50))
    month = draw(st.integers(*months))
    return f"{born:%Y%m%d}{year}{month:02}{draw(sexes)}{draw(sequences)}"


def test_the_number_of_a_pns_says_birth_and_month_of_appointment() -> None:
    nip = parse_nip(PNS, "pns")
    assert (nip.digits, nip.born, nip.year, nip.month, nip.sequence) == (PNS, date(1985, 3, 17), 2010, 1, "901")
    assert parse_nip("19850317 201001 1 901", "cpns") == nip


def test_digits_13_and_14_of_a_pppk_are_no_month() -> None:
    assert parse_nip(PPPK, "pppk").month is None
    assert parse_nip(PPPK, "pppk_part_time").digits == PPPK
    assert parse_nip(PPPK).month is None
    with pytest.raises(NipFault, match="Digits 13 and 14"):
        parse_nip(PPPK, "pns")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write digits only"),
        ("19850317201001190", "has 17 digits"),
        ("1985031720100119011", "has 19 digits"),
        ("19850317201001190A", "digits only"),
        ("١٩٨٥٠٣١٧٢٠١٠٠١١٩٠١", "digits only"),
        ("1.98503E+17", "spreadsheet has shortened"),
        ("1,98503172010012E+17", "spreadsheet has shortened"),
        ("198513172010011901", "month of birth"),
        ("198502302010011901", "day of the month of birth"),
        ("188503172010011901", "year of birth"),
        ("198503171984011901", "after the year of birth"),
        ("198503172010131901", "month of appointment"),
        ("198503172010013901", "Digit 15"),
        ("198503172010011000", "rounded"),
    ],
)
def test_every_fault_has_its_own_sentence_without_the_number(text: str, sentence: str) -> None:
    with pytest.raises(NipFault, match=sentence) as fault:
        parse_nip(text, "pns")
    assert not text or text not in str(fault.value)


@given(numbers())
def test_every_well_made_number_is_understood_and_says_what_it_was_made_from(text: str) -> None:
    nip = parse_nip(text, "pns")
    assert f"{nip.born:%Y%m%d}{nip.year}{nip.month:02}" == text[:14]
    assert parse_nip(text, "pppk").sequence == text[15:]


@given(numbers(months=(13, 99)))
def test_a_number_without_a_month_is_one_of_a_pppk_only(text: str) -> None:
    assert parse_nip(text, "pppk").digits == text
    with pytest.raises(NipFault):
        parse_nip(text, "cpns")


@given(st.text(max_size=30), st.sampled_from(["", "pns", "pppk"]))
def test_any_text_is_a_number_or_has_a_sentence(text: str, kind: str) -> None:
    try:
        said = parse_nip(text, kind).digits + "."
    except NipFault as fault:
        said = str(fault)
    assert len(said) >= 19
    assert said.endswith(".")


@given(numbers())
def test_a_masked_number_hides_birth_appointment_and_sex(text: str) -> None:
    masked = masked_nip(text)
    assert len(masked) == len(text)
    assert masked[-3:] == text[-3:]
    assert not any(sign.isdigit() for sign in masked[:-3])


def test_what_is_too_short_to_hide_is_hidden_whole() -> None:
    assert masked_nip("123") == "•••"
    assert masked_nip("") == ""


@pytest.mark.parametrize(
    ("text", "grade"), [("III/a", "III/a"), ("iii.d", "III/d"), ("IVe", "IV/e"), ("II / b", "II/b"), ("xvii", "XVII")]
)
def test_a_golongan_may_be_written_in_the_usual_ways(text: str, grade: str) -> None:
    assert grade_named(text) == grade
    assert any(grade in grades for grades in GRADES.values())


@pytest.mark.parametrize("text", ["", "III/e", "V/a", "XVIII", "3a"])
def test_what_is_no_golongan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        grade_named(text)


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2025, 1, 1), date(2025, 7, 1), 6),
        (date(2025, 1, 2), date(2025, 7, 1), 5),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 31), date(2025, 2, 27), 0),
        (date(2024, 7, 1), date(2025, 7, 1), 12),
        (date(2025, 8, 1), date(2025, 7, 1), 0),
    ],
)
def test_only_full_months_count(since: date, on: date, months: int) -> None:
    assert full_months(since, on) == months
