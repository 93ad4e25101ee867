"""espell: the words of a query that no title of the archive has, and the nearest word that some have."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

# A correction is never further away than this many edits, nor made for short words, numbers and field tags.
MOST_EDITS = 2
SHORTEST = 4
LONGEST_QUERY = 2_000  # characters that are looked at
_PIECES = re.compile(r"\[[^\]]*\]|[^\W\d_]+|.", re.DOTALL)
_OPERATORS = frozenset({"AND", "OR", "NOT"})


class Speller:
    """Corrects words by a vocabulary."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._known = {word for word in vocabulary if len(word) >= SHORTEST and word.isalpha()}
        self._sorted = sorted(self._known)

    def corrected(self, query: str) -> list[tuple[str, str]]:
        """The query in pieces `(as it was, correction)`; the correction is "" where a piece stays."""
        pieces: list[tuple[str, str]] = []
        for piece in _PIECES.findall(query[:LONGEST_QUERY]):
            correction = self._nearest(piece)
            if not correction and pieces and not pieces[-1][1]:
                pieces[-1] = (pieces[-1][0] + piece, "")
            else:
                pieces.append((piece, correction))
        return pieces

    def _nearest(self, piece: str) -> str:
        word = piece.lower()
        if len(word) < SHORTEST or not word.isalpha() or word in self._known or piece in _OPERATORS:
            return ""
        found = process.extractOne(
            word, self._sorted, scorer=DamerauLevenshtein.distance, score_cutoff=MOST_EDITS
        )
        return str(found[0]) if found else ""
