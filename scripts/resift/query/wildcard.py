"""Truncation: what `*` stands for, and where PubMed reads it on which day.

Matched piece by piece, so that no term can make the search crawl.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

WILDCARD_ANYWHERE_SINCE = dt.date(2024, 6, 1)  # before: at the end of a term or phrase only
UNLIMITED_TRUNCATION_SINCE = dt.date(2020, 5, 18)  # before: the first 600 variants only
MINIMUM_BEFORE_WILDCARD = 4


def fits(pattern: str, word: str) -> bool:
    """Whether a word is what a term's word stands for; `*` is any run of letters and digits, also none."""
    if "*" not in pattern:
        return pattern == word
    first, *middle, last = pattern.split("*")
    if len(word) < len(first) + len(last) or not word.startswith(first) or not word.endswith(last):
        return False
    at, end = len(first), len(word) - len(last)
    for piece in middle:
        found = word.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def fit(patterns: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words are, one by one, what the words of a term stand for."""
    return len(patterns) == len(words) and all(map(fits, patterns, words))
