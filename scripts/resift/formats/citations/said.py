"""A reference string in the form that records are looked for in: its words and numbers, in no layout.

Styles differ in the order of the parts and in the marks between them. What a string says of a record is
said by words and numbers that stand in it somewhere, so these are all that is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from resift.formats.citations.model import Citation
from resift.formats.citations.remarks import cut_identifiers, cut_number
from resift.formats.citations.wrapped import unwrap
from resift.text.fold import fold

_NUMBER = r"[A-Za-z]{0,4}\d+\w*"
_ROMAN = r"[ivxlc]+\b"
_DASH = r"\s?[-–—−‐‑～〜~]{1,2}\s?"
_RANGE = re.compile(rf"(?<![\w./-])(?:({_NUMBER}){_DASH}({_NUMBER})|({_ROMAN}){_DASH}({_ROMAN}))")
_LABEL = re.compile(r"^(?:pp?|vol|no|nr|bd|v)(?=\d)")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[a-d]?")


@dataclass(frozen=True)
class Said:
    """The folded words of a string without identifiers and list number; `pmid` and `doi` it gives.

    `ranges` are the pairs of numbers with a dash between; `ends` those that only end one: the last page of
    one paper is often the first of the next.
    """

    words: tuple[str, ...]
    ranges: frozenset[tuple[str, str]]
    ends: frozenset[str]
    pmid: str
    doi: str

    @cached_property
    def text(self) -> str:
        return " ".join(self.words)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The words with a digit in them."""
        return frozenset(word for word in self.words if has_digit(word))

    @cached_property
    def years(self) -> frozenset[int]:
        return frozenset(as_year(word) for word in self.words if _YEAR.fullmatch(word))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        at, starts = 0, []
        for word in self.words:
            starts.append(at)
            at += len(word) + 1
        return tuple(starts)

    def word_at(self, char: int) -> int:
        """The place of the word that a character of `text` belongs to."""
        return max(bisect_right(self._starts, char) - 1, 0)


def has_digit(word: str) -> bool:
    return not word.isalpha() and any(char.isdigit() for char in word)


def as_year(word: str) -> int:
    return int(word[:4])


def bare(word: str) -> str:
    """A number without leading zeros and without a label that is run into it (`p69`, `vol12`)."""
    if word.isalpha():
        return word
    return _LABEL.sub("", word).lstrip("0") or word


def bare_words(text: str) -> tuple[str, ...]:
    """The folded words of a text, its numbers bare."""
    return tuple(bare(word) for word in fold(text).split())


def said(citation: Citation) -> Said:
    """What the string of a citation says; a citation without a string is taken by its parts."""
    text = citation.text or _written(citation)
    core, _ = cut_identifiers(cut_number(unwrap(text)))
    found = [tuple(filter(None, pair.groups())) for pair in _RANGE.finditer(core)]
    pairs = [(_joined(first), _joined(last)) for first, last in found]
    lasts = [last for _, last in pairs]
    words = bare_words(core)
    ends = frozenset(last for last in lasts if words.count(last) <= lasts.count(last))
    return Said(words, frozenset(pairs), ends, citation.pmid, citation.doi.lower())


def _joined(number: str) -> str:
    return bare(fold(number).replace(" ", ""))


def _written(citation: Citation) -> str:
    parts = (
        ", ".join((*citation.authors, *citation.collective)),
        citation.title,
        citation.journal,
        str(citation.year or ""),
        f"{citation.volume}({citation.issue}):{citation.pages}",
    )
    return ". ".join(part for part in parts if part)
