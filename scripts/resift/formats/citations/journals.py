"""Whether two journal titles, one perhaps abbreviated, name the same journal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from resift.formats import fields

_SMALL = frozenset(
    re.findall(
        r"\w+", "the of and in for on to an a di della per de la le les des du et el y e der die das und"
    )
)
# Acronyms that are not the initials of a title's words as printed.
_KNOWN = {
    "nejm": "n engl j med",
    "pnas": "proc natl acad sci u s a",
    "jama": "jama",
    "bmj": "bmj",
    "proc natl acad sci usa": "proc natl acad sci u s a",
    "proceedings of the national academy of sciences": "proc natl acad sci u s a",
    "proc natl acad sci": "proc natl acad sci u s a",
    "br med j": "bmj",
}


@lru_cache(maxsize=100_000)
def words(journal: str) -> tuple[str, ...]:
    """The telling words of a journal title: folded, without articles, places in brackets and subtitles."""
    plain = re.sub(r"\([^)]*\)", " ", journal)
    plain = re.split(r"\s[:=]\s|\s*:\s+", plain)[0]
    folded = re.sub(r"united states of america$", "u s a", fields.fold(plain))
    folded = _KNOWN.get(folded, folded)
    return tuple(word for word in folded.split() if word not in _SMALL)


@lru_cache(maxsize=200_000)
def same_journal(one: str, other: str) -> bool:
    """True when each word of one title abbreviates the word at its place in the other, or initials match.

    `Ann Surg` is `Annals of Surgery` (the abbreviations of ISO 4 keep a word's first letters, or drop
    inner ones: `Natl`, `Dtsch`).
    """
    a, b = words(one), words(other)
    if not a or not b:
        return False
    if a == b:
        return True
    if len(a) == len(b):
        return all(_abbreviates(*sorted(pair, key=len)) for pair in zip(a, b, strict=True))
    short, long = sorted((a, b), key=len)
    return len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)


def find_journal(journal: str, string: Sequence[str], start: int) -> tuple[int, int] | None:
    """Where in the folded words of a string, from `start` on, a journal is named in full or abbreviated."""
    wanted = words(journal)
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
    for word in wanted:
        while at < len(string) and string[at] in _SMALL and string[at] != word:
            at += 1
        if at == len(string) or not _same_word(word, string[at], alone=len(wanted) == 1):
            return None
        at += 1
    return at


def _same_word(word: str, other: str, *, alone: bool) -> bool:
    return word == other if alone else _abbreviates(*sorted((word, other), key=len))


@lru_cache(maxsize=100_000)
def _acronyms(journal: tuple[str, ...]) -> frozenset[str]:
    initials = "".join(word[0] for word in journal)
    known = {short for short, long in _KNOWN.items() if " " not in short and tuple(long.split()) == journal}
    return frozenset(known | ({initials} if len(initials) > 2 else set()))


def _abbreviates(short: str, long: str) -> bool:
    if short[0] != long[0]:
        return False
    if long.startswith(short):
        return True
    rest = iter(long)
    return len(short) >= 3 and all(letter in rest for letter in short)
