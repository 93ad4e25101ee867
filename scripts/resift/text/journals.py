"""The telling words of a journal's title, and how one word abbreviates another."""

from __future__ import annotations

import re
from functools import lru_cache

from resift.text.fold import fold

SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the of and in for on to an a di della per de la le les des du et el y e der die das und fur i och",
    )
)
"""Words that abbreviation leaves out (ISO 4)."""
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
def journal_words(journal: str) -> tuple[str, ...]:
    """The telling words of a journal title: folded, without articles, places in brackets and subtitles."""
    plain = re.sub(r"\([^)]*\)", " ", journal)
    plain = re.split(r"\s[:=]\s|\s*:\s+", plain)[0]
    folded = re.sub(r"united states of america$", "u s a", fold(plain))
    folded = _KNOWN.get(folded, folded)
    return tuple(word for word in folded.split() if word not in SMALL_WORDS)


def known_acronyms(words: tuple[str, ...]) -> frozenset[str]:
    """The acronyms in use for the journal with these telling words, beside its initials."""
    return frozenset(
        short for short, long in _KNOWN.items() if " " not in short and long.split() == list(words)
    )


def abbreviates(one: str, other: str) -> bool:
    """Whether one of two folded words shortens the other: a beginning, or contracted (`natl`, `national`).

    The abbreviations of ISO 4 keep a word's first letters, or drop inner ones (`Dtsch`).
    """
    short, long = sorted((one, other), key=len)
    if short[0] != long[0]:
        return False
    if long.startswith(short):
        return True
    rest = iter(long)
    return len(short) >= 3 and all(letter in rest for letter in short)
