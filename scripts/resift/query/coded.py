"""Lists of texts as numbers, so that each distinct text is worked on once, however many lists hold it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resift.arrow import as_numpy, column, list_column, positions

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CodedLists:
    """`texts`: each distinct one. `codes`: their numbers, list after list; a list runs from its place in
    `starts` to the next one (one more than there are lists)."""

    texts: list[str]
    codes: Integers
    starts: Integers

    @classmethod
    def of(cls, lists: Sequence[Sequence[str]]) -> CodedLists:
        """Lists of Python's."""
        number: dict[str, int] = {}
        codes = [number.setdefault(text, len(number)) for text in chain.from_iterable(lists)]
        return cls(list(number), np.array(codes, dtype=np.int64), _starts(map(len, lists), len(lists)))

    @classmethod
    def of_column(cls, lists: pa.ChunkedArray) -> CodedLists:
        """A column of Arrow; a list that is null is empty."""
        whole = lists.combine_chunks()
        if whole.null_count:
            return cls.of([texts or () for texts in whole.to_pylist()])
        coded = whole.flatten().dictionary_encode()
        starts = as_numpy(whole.offsets).astype(np.int64)
        return cls(coded.dictionary.to_pylist(), as_numpy(coded.indices).astype(np.int64), starts - starts[0])

    def mapped(self, changed: Iterable[str]) -> CodedLists:
        """What each of `texts` has become in its place; a list may then hold one twice."""
        number: dict[str, int] = {}
        codes = [number.setdefault(text, len(number)) for text in changed]
        return CodedLists(list(number), np.array(codes, dtype=np.int64)[self.codes], self.starts)

    def distinct(self) -> CodedLists:
        """Of each list every text once, where it first stands."""
        keys = self._owners() * len(self.texts) + self.codes
        ordered = np.sort(keys)
        if not bool((ordered[1:] == ordered[:-1]).any()):
            return self
        kept = np.zeros(len(keys), dtype=np.bool_)
        kept[np.unique(keys, return_index=True)[1]] = True
        return self._only(kept)

    def without_empty(self) -> CodedLists:
        """Without the empty text."""
        if "" not in self.texts:
            return self
        return self._only(self.codes != self.texts.index(""))

    def sorted(self) -> CodedLists:
        """The texts of each list in the order of the alphabet."""
        rank = np.empty(len(self.texts), dtype=np.int64)
        rank[sorted(range(len(self.texts)), key=self.texts.__getitem__)] = np.arange(len(self.texts))
        order = np.lexsort((rank[self.codes], self._owners()))
        return CodedLists(self.texts, self.codes[order], self.starts)

    def joined(self, between: str) -> list[str]:
        """The texts of each list as one."""
        texts, codes, starts = self.texts, self.codes.tolist(), self.starts.tolist()
        return [between.join([texts[code] for code in codes[start:stop]]) for start, stop in pairwise(starts)]

    def column(self) -> pa.Array:
        """The lists as a column of Arrow."""
        return list_column(column(self.texts, pa.string()).take(positions(self.codes)), self.starts)

    def _owners(self) -> Integers:
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def _only(self, kept: npt.NDArray[np.bool_]) -> CodedLists:
        before = _starts(kept, len(kept))
        return CodedLists(self.texts, self.codes[kept], before[self.starts])


def _starts(sizes: Iterable[int] | npt.NDArray[np.bool_], number: int) -> Integers:
    starts = np.zeros(number + 1, dtype=np.int64)
    held = sizes if isinstance(sizes, np.ndarray) else np.fromiter(sizes, dtype=np.int64, count=number)
    np.cumsum(held, out=starts[1:])
    return starts
