"""A term as words to look for: a word, a phrase, truncation, words near each other."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from resift.query.text import normalise_term
from resift.query.wildcard import fit, fits

if TYPE_CHECKING:
    from resift.query.table import Corpus, Mask


_SHORT = 1000  # words of a text that is read through for a word sooner than all its words are indexed


class Text:
    """The words of one text with where each stands."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    @cached_property
    def index(self) -> dict[str, list[int]]:
        """The places of each word."""
        index: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            index.setdefault(word, []).append(at)
        return index

    @cached_property
    def _distinct(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._distinct)

    def _known(self, word: str) -> Iterator[str]:
        """The words of the text that a term's word stands for."""
        if "*" not in word:
            if word in self._distinct:
                yield word
            return
        prefix, _, rest = word.partition("*")
        for known in self._sorted[bisect_left(self._sorted, prefix) :]:
            if not known.startswith(prefix):
                return
            if not rest or fits(word, known):
                yield known

    def has(self, word: str) -> bool:
        """Whether any word of the text fits."""
        return next(self._known(word), None) is not None

    def places(self, word: str) -> list[int]:
        """Where the words that fit stand."""
        if "*" not in word:
            return self._places(word) if word in self._distinct else []
        return sorted(at for known in self._known(word) for at in self._places(known))

    def _places(self, word: str) -> list[int]:
        words = self.words
        if len(words) > _SHORT:
            return self.index[word]
        found = [words.index(word)]
        for _ in range(words.count(word) - 1):
            found.append(words.index(word, found[-1] + 1))
        return found


@dataclass(frozen=True)
class Phrase:
    """Consecutive words, each possibly with `*` inside or at its end."""

    words: tuple[str, ...]

    @property
    def wild(self) -> bool:
        return any("*" in word for word in self.words)

    def is_whole(self, value: str) -> bool:
        """Whether a normalised value is this term and nothing else."""
        return fit(self.words, value.split(" "))

    def search(self, corpus: Corpus) -> Mask:
        """The records (or values) of a corpus that hold the term (a mask not to be written to)."""
        return corpus.holding(self.words) if self.words else corpus.nowhere

    def spans(self, text: Text) -> Iterator[tuple[int, int]]:
        """First and last word of each place in a text where the term stands; places do not overlap."""
        size, words = len(self.words), text.words
        if size == 1:
            for at in text.places(self.words[0]):
                yield at, at
            return
        if not size or not all(text.has(word) for word in self.words):
            return
        free = 0
        for at in text.places(self.words[0]):
            if at < free or at + size > len(words):
                continue
            if all(fits(self.words[i], words[at + i]) for i in range(1, size)):
                yield at, at + size - 1
                free = at + size


@dataclass(frozen=True)
class Near:
    """Words in any order with at most `distance` other words among them, all in one value."""

    words: tuple[str, ...]
    distance: int

    def search(self, corpus: Corpus) -> Mask:
        """The records (or values) of a corpus where the words stand close together."""
        import numpy as np  # checking a query needs none of it

        found: Mask = np.zeros(len(corpus), dtype=np.bool_)
        if not self.words:
            return found
        candidates: Mask = ~found
        for word in dict.fromkeys(self.words):
            candidates = candidates & corpus.holding((word,))
        for position in np.flatnonzero(candidates):
            places = corpus.around(int(position), self.words)
            found[position] = next(self._stretches(places), None) is not None
        return found

    def spans(self, text: Text) -> Iterator[tuple[int, int]]:
        """First and last word of each shortest stretch that holds all words close enough."""
        if all(map(text.has, self.words)):
            yield from self._stretches(enumerate(text.words))

    def _stretches(self, places: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
        """First and last place of each stretch; other words than those looked for need not be given."""
        wanted = Counter(self.words)
        held: list[tuple[int, str]] = []  # the wanted words of the current stretch
        counts: Counter[str] = Counter()

        def drop_first() -> None:
            counts[held.pop(0)[1]] -= 1

        for at, word in places:
            if word == "|":
                held.clear()
                counts.clear()
            if word not in wanted:
                continue
            held.append((at, word))
            counts[word] += 1
            while held and (
                at - held[0][0] >= len(self.words) + self.distance or counts[held[0][1]] > wanted[held[0][1]]
            ):
                drop_first()
            if all(counts[w] >= n for w, n in wanted.items()):
                yield held[0][0], at
                drop_first()


Term = Phrase | Near


@lru_cache(maxsize=16_384)  # more than the terms that a query may have: each is asked for several times
def phrase(text: str, *, minimum: int = 0) -> Phrase:
    """The words of a term. Fewer than `minimum` characters before the first `*` turn truncation off."""
    text = normalise_term(text)
    words = [word for word in (re.sub(r"\*+", "*", text) if "**" in text else text).split() if word != "*"]
    joined = "".join(words)
    if "*" in joined and joined.index("*") < minimum:
        words = [stripped for word in words for stripped in word.replace("*", " ").split()]
    return Phrase(tuple(words))
