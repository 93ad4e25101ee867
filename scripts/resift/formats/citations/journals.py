"""Where a string names a journal, in full, abbreviated or by its initials."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from resift.text.journals import SMALL_WORDS, abbreviates, journal_words, known_acronyms


def find_journal(journal: str, string: Sequence[str], start: int) -> tuple[int, int] | None:
    """Where in the folded words of a string, from `start` on, a journal is named in full or abbreviated."""
    wanted = journal_words(journal)
    if not wanted:
        return None
    acronyms = _acronyms(wanted)
    for at in range(start, len(string)):
        first = string[at]
        if first in acronyms:
            return at, at + 1
        if first[0] != wanted[0][0]:
            continue
        stop = _walk(wanted, string, at)
        if stop:
            return at, stop
    return None


def _walk(wanted: tuple[str, ...], string: Sequence[str], at: int) -> int | None:
    """The end of the journal's name when it begins at a word of the string, else None."""
    for n, word in enumerate(wanted):
        if wanted[n : n + 2] == ("u", "s") and tuple(string[at : at + 1]) == ("usa",):
            return at + 1  # `Proc Natl Acad Sci USA`: the title ends in the letters set apart
        while at < len(string) and string[at] in SMALL_WORDS and string[at] != word:
            at += 1
        if at == len(string) or not _same_word(word, string[at], alone=len(wanted) == 1):
            return None
        at += 1
    return at


def _same_word(word: str, other: str, *, alone: bool) -> bool:
    return word == other if alone else abbreviates(word, other)


@lru_cache(maxsize=100_000)
def _acronyms(journal: tuple[str, ...]) -> frozenset[str]:
    initials = "".join(word[0] for word in journal)
    return known_acronyms(journal) | ({initials} if len(initials) > 2 else set())
