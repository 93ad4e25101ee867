"""A term as something to search for: words, a phrase, truncation, words near each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from resift.query.table import Corpus, Mask
from resift.query.text import normalise_term


@dataclass(frozen=True)
class Pattern:
    """Consecutive words, each possibly with `*` inside or at its end."""

    words: tuple[str, ...]

    @property
    def wild(self) -> bool:
        return any("*" in word for word in self.words)

    @cached_property
    def _literal(self) -> bytes | None:
        """The bytes to look for when no regular expression is needed."""
        joined = " ".join(self.words)
        if "*" not in joined:
            return f" {joined} ".encode()
        return f" {joined[:-1]}".encode() if joined.index("*") == len(joined) - 1 else None

    @cached_property
    def regex(self) -> re.Pattern[bytes]:
        """Matches from the blank before the first word to the end of the last, in normalised text."""
        return re.compile(b" " + self._body + b"(?= )")

    @cached_property
    def whole(self) -> re.Pattern[bytes]:
        """Matches a value that is this term and nothing else."""
        return re.compile(self._body + rb"\Z")

    @property
    def _body(self) -> bytes:
        parts = ("[^ ]*".join(re.escape(piece) for piece in word.split("*")) for word in self.words)
        return " ".join(parts).encode()

    def search(self, corpus: Corpus) -> Mask:
        """The records (or values) of a corpus that hold the term."""
        if self._literal is not None:
            return corpus.literal(self._literal)
        return corpus.regex(self.regex)


@lru_cache(maxsize=4096)
def pattern(text: str, *, minimum: int = 0) -> Pattern:
    """The pattern of a term. Fewer than `minimum` characters before the first `*` turn truncation off."""
    words = [re.sub(r"\*+", "*", word) for word in normalise_term(text).split()]
    words = [word for word in words if word != "*"]
    joined = "".join(words)
    if "*" in joined and joined.index("*") < minimum:
        words = [stripped for word in words for stripped in word.replace("*", " ").split()]
    return Pattern(tuple(words))


def near(text: bytes, words: tuple[str, ...], distance: int) -> bool:
    """Whether all words stand in one value with at most `distance` other words among them, in any order."""
    return next(near_spans(text, words, distance), None) is not None


def near_spans(text: bytes, words: tuple[str, ...], distance: int) -> Iterator[tuple[int, int]]:
    """First and last word (counted over the whole text) of each stretch where the words stand close."""
    wanted: dict[bytes, int] = {}
    for encoded in (word.encode() for word in words):
        wanted[encoded] = wanted.get(encoded, 0) + 1
    span = len(words) + distance
    base = 0
    for value in text.split(b" | "):
        found = value.split()
        held: list[tuple[int, bytes]] = [(i, w) for i, w in enumerate(found) if w in wanted]
        counts = dict.fromkeys(wanted, 0)
        left = 0
        for right, (i, word) in enumerate(held):
            counts[word] += 1
            while i - held[left][0] >= span:
                counts[held[left][1]] -= 1
                left += 1
            if all(counts[w] >= n for w, n in wanted.items()):
                first = left
                surplus = dict(counts)
                while surplus[held[first][1]] > wanted[held[first][1]]:
                    surplus[held[first][1]] -= 1
                    first += 1
                yield base + held[first][0], base + held[right][0]
        base += len(found) + 1
