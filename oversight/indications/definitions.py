"""What an indication is, and one row that it points at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.arrangements.check_words import check_sentence
from eligibility.arrangements.checks import Check
from oversight.attention import Severity
from oversight.indications.examining import Candidate, Examining

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Word = str | int | date | datetime


@dataclass(frozen=True, slots=True)
class Ground:
    """What is looked at: an institution, the business day, and the moment up to which anything is known.

    `examining` says how many candidates of one indication are examined, and takes note of them (None: all are).
    """

    institution: Institution
    on: date
    known_at: datetime
    examining: Examining | None = None

    def examined(self, candidates: Iterable[Candidate], examine: Callable[[Candidate], Flag | None]) -> Iterator[Flag]:
        """What the candidates of an indication give, examined one by one."""
        yield from (self.examining or Examining()).flags(candidates, examine)


@dataclass(frozen=True, slots=True)
class Flag:
    """An arrangement that an indication points at, by key, with why: a message id and its words.

    `arrangement` and `agency` are None for a row that is no longer there. `checks` are those that failed by what
    was known at the approval; they are worded on reading.
    """

    arrangement: int | None
    agency: int | None
    sentence: str
    words: tuple[tuple[str, Word], ...] = ()
    checks: tuple[Check, ...] = ()


def told(flag: Flag, *, sees_person: bool) -> str:
    """Why the row is pointed at, in the reader's language; `sees_person` as in `check_sentence`."""
    words = {name: _plain(word) for name, word in flag.words}
    sentences = [_(flag.sentence) % words] if flag.sentence else []
    return " ".join(
        [*sentences, *dict.fromkeys(check_sentence(check, _, sees_person=sees_person) for check in flag.checks)]
    )


def _plain(word: Word) -> str | int:
    """A word of a sentence: days are written out, words of a closed list are translated."""
    if isinstance(word, datetime):
        return date_format(timezone.localtime(word), "DATETIME_FORMAT")
    return date_format(word) if isinstance(word, date) else word


@dataclass(frozen=True)
class Indication:
    """One way to look for what may be wrong.

    `code` stands in the address. `unseen` says what it cannot see. `provision` is a citation; what rests on no
    provision is a house rule ("Ketentuan internal"). `looks` gives one flag for each arrangement; who changes
    what it looks for raises the revision in `kept_looks.py`. `slow`: it reads more than an overview can wait for in a
    large city.
    """

    code: str
    name: _StrPromise
    definition: _StrPromise
    unseen: _StrPromise
    provision: _StrPromise
    severity: Severity
    looks: Callable[[Ground], Iterable[Flag]]
    slow: bool = False
